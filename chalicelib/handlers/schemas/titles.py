"""What people call each field they fill in: messages name it so, and never as programs do."""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Term

WHOLE = "内容"
A_KEY = "[key]"  # the library's word where the name of an entry is wrong and not what it holds
CALLED: Mapping[str, str] = {
    "accepted": "是否通过", "address": "地址", "amount": "金额", "application": "业务编号", "applications": "业务",
    "arrived": "款项是否到账", "bank": "银行", "bank_serial": "银行流水号", "binding_lock_minutes": "绑定暂停分钟数",
    "binding_tries": "绑定可错次数", "buyer": "开票信息", "certificate_number": "证书编号", "code": "代码",
    "contact_email": "联系人邮箱", "contact_mobile": "联系人手机", "contact_name": "联系人姓名",
    "contact_post": "联系人职务", "cursor": "翻页位置", "credit_code": "统一社会信用代码",
    "customer_service": "在线客服", "day": "日期",
    "decided_on": "核账日期", "disabled": "是否停用", "document": "票据种类", "email": "收票邮箱",
    "english_name": "英文名称", "fees": "收费标准", "fields": "更正项目", "file": "票据文件编号", "file_name": "文件名",
    "form": "申请表", "forms": "空白表格", "holder": "户名", "id": "编号", "id_number": "身份证号码",
    "issued_on": "开票日期", "item": "收费项目", "keys": "模板内容", "label": "电话名称", "lapse_days": "自动撤回天数",
    "lapse_warning_days": "撤回提醒天数", "legacy": "旧版上岗证", "level": "适用对象", "limit": "每页条数",
    "line": "对账单行", "link_seconds": "下载地址有效秒数", "mail": "电子邮箱", "mails_per_hour": "每小时邮件数",
    "materials": "审核结论", "member_code": "会员编码", "method": "缴费方式", "mobile": "手机号码", "month": "月份",
    "name": "姓名", "notices": "提醒种类", "number": "号码", "number_patterns": "证书编号格式",
    "office_hours": "办公时间", "owner": "单位或用户", "page": "打开页面", "paid_on": "缴费日期", "part": "正本或副本",
    "partly": "部分核账", "password": "密码", "payer": "付款户名", "payment": "缴费编号", "payment_notes": "缴费说明",
    "payments": "缴费", "people": "人员", "person": "人员编号", "persons": "人员", "reason": "理由",
    "received": "实收金额", "remark": "转账备注", "remarks": "补充说明", "resolution": "收费依据",
    "review_deadline": "年审截止日期", "roles": "角色", "season_reminder_days": "会费和年审提醒日期",
    "service": "业务", "service_notices": "办事须知", "settings": "协会设置", "slot": "资料代码", "state": "状态",
    "subject": "对象", "tax_number": "税号", "telephones": "电话", "title": "抬头", "to": "收件邮箱",
    "training_reminder_days": "证书到期提醒天数", "unit": "计费单位", "upload_minutes": "上传地址有效分钟数",
    "url": "地址", "valid_from": "有效期起", "valid_to": "有效期止", "verify_note": "查验说明", "version": "版本号",
    "website": "网站", "wechat_templates": "微信模板", "windows": "期限",
}  # fmt: skip
# Where the same name is of something else.
CALLED_HERE: Mapping[str, str] = {
    "AssociationSet.bank": "收款账户", "AssociationSet.name": "协会名称", "BankSet.bank": "开户行",
    "BankSet.number": "账号", "BlankFormSet.title": "表格名称", "DeadlineSet.day": "日", "Issued.number": "票据号码",
    "Login.code": "微信登录码", "NewBinding.name": "单位全称", "NewBindingRequest.post": "职务",
    "NewBindingRequest.remark": "补充说明", "NewBindingRequest.unit": "单位全称",
    "NewEvidence.slot": "证明材料", "NewStaffAccount.name": "用户名",
    "NumberAsked.number": "证书编号", "StaffLogin.code": "动态口令", "StaffLogin.name": "用户名",
    "TelephoneSet.number": "电话号码",
}  # fmt: skip
FILLED_IN: Mapping[str, str] = {field.name: field.chinese for row in TABLE.values() for field in row.fields}


def title(model: type[BaseModel], field: str) -> str:
    """Raises KeyError for a field that nobody has given a name."""
    of = next((CALLED_HERE[f"{each.__name__}.{field}"] for each in model.__mro__
               if f"{each.__name__}.{field}" in CALLED_HERE), None)  # fmt: skip
    return of or CALLED[field]


def named(model: type[BaseModel], where: tuple[int | str, ...]) -> tuple[str, Any]:
    """Where something is wrong, in words (审核结论第 1 项：是否通过), and the type that stands there.

    What is no field of ours is named as it was typed.
    """
    kind: Any = model
    around: Any = None
    said: list[str] = []
    for step in where:
        word, kind, around = ("名称", _keys(around), kind) if step == A_KEY else (*_inside(kind, step), kind)
        if isinstance(step, int) and said:
            said[-1] += word
        else:
            said.append(word)
    return "：".join(said) or WHOLE, kind


def _inside(kind: Any, step: int | str) -> tuple[str, Any]:
    for each in _meant(kind):
        if isinstance(each, type) and issubclass(each, BaseModel) and step in each.model_fields:
            return title(each, str(step)), each.model_fields[str(step)].annotation
        if get_origin(each) is list and isinstance(step, int):
            return f"第 {step + 1} 项", get_args(each)[0]
        if get_origin(each) is dict:
            keys, values = get_args(each)
            return _entry(keys, str(step)), values
    return str(step), None


def _keys(kind: Any) -> Any:
    return next((get_args(each)[0] for each in _meant(kind) if get_origin(each) is dict), None)


def _meant(kind: Any) -> Iterator[Any]:
    """Past what only annotates it or also allows null."""
    if get_origin(kind) is Annotated:
        yield from _meant(get_args(kind)[0])
    elif get_origin(kind) in (Union, UnionType):
        for each in get_args(kind):
            yield from _meant(each)
    else:
        yield kind


def _entry(keys: Any, name: str) -> str:
    terms = [each for each in _terms(keys) if each.value == name]
    return terms[0].chinese if terms else FILLED_IN.get(name, name)


def _terms(kind: Any) -> tuple[Term, ...]:
    return tuple(term for each in _meant(kind) if isinstance(each, type) and issubclass(each, Term) for term in each)


def options(kind: Any, codes: tuple[str, ...]) -> str:
    """What may be chosen, for people and for programs: 银行转账（transfer）、现金（cash）."""
    chinese = {each.value: each.chinese for each in _terms(kind)}
    return "、".join(f"{chinese[code]}（{code}）" if chinese.get(code) else code for code in codes)
