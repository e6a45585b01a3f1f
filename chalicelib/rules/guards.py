"""What must hold before a step. Each guard answers every reason why it does not, with what to do first."""

from datetime import date

from chalicelib.rules.grammar import Case, Field, Guard, Material, guard, holds_one
from chalicelib.rules.identifiers import Malformed
from chalicelib.rules.records import Certificate, ClaimKind, Issuance, MaterialFile, PaymentMethod
from chalicelib.rules.vocabulary import CertificateKind, FileStatus, FormValue, Personal, Reason

SIX = 6
RECEIPT_SLOT = "bank_receipt"
WAIT_OR_REMOVE = "刚上传的，请稍候几秒刷新后再提交；上传中断的，请删除该文件后重新上传。"


def plain(value: FormValue | None) -> str:
    """The text of a form value; a personal one must have been opened by the vault before rules look at it."""
    if isinstance(value, Personal):
        return value.plain or ""
    return value or ""


# --- who may join -----------------------------------------------------------------------------------------------------


@guard("申请人的微信尚未绑定任何会员单位")
def applicant_is_unbound(case: Case) -> tuple[Reason, ...]:
    if case.facts.bound_to is None:
        return ()
    return (
        Reason(
            "already_bound",
            "您的微信已绑定一家会员单位，一个微信号只能绑定一个单位。",
            "如需为另一家单位申请入会，请先在“我的—企业绑定”中解除绑定，再提交入会申请。",
        ),
    )


@guard("该单位（按统一社会信用代码）尚不是会员，也没有其他正在办理的入会申请")
def unit_is_free_to_join(case: Case) -> tuple[Reason, ...]:
    holder = _foreign_holder(case, ClaimKind.CREDIT_CODE)
    if holder is None:
        return ()
    if holder.startswith("enterprise:"):
        return (
            Reason(
                "already_member",
                "该统一社会信用代码的单位已是本会会员，无需再次申请入会。",
                "请在“我的—企业绑定”中输入单位全称和会员编码进行绑定；不知道会员编码，请联系协会工作人员。",
                "credit_code",
            ),
        )
    return (
        Reason(
            "join_under_way",
            "该统一社会信用代码的单位已有一宗入会申请正在办理。",
            "请向本单位的其他经办人了解进度；如有疑问，请联系协会工作人员。",
            "credit_code",
        ),
    )


@guard("申请人没有另一宗正在办理的入会申请")
def applicant_has_no_other_join(case: Case) -> tuple[Reason, ...]:
    if _foreign_holder(case, ClaimKind.APPLICANT) is None:
        return ()
    return (
        Reason(
            "own_join_under_way",
            "您已有一宗入会申请正在办理，一个微信号只能绑定一个单位。",
            "请先完成或撤回正在办理的入会申请（“我的—服务记录”），再为另一家单位申请。",
        ),
    )


def _foreign_holder(case: Case, kind: ClaimKind) -> str | None:
    own = f"application:{case.application.id}" if case.application else ""
    return next((claim.holder for claim in case.facts.claims if claim.kind is kind and claim.holder != own), None)


# --- what has been filled in and uploaded -----------------------------------------------------------------------------


@guard("必填信息均已填写，且格式正确")
def form_is_complete(case: Case) -> tuple[Reason, ...]:
    if case.application is None:
        return ()
    form, today = case.application.form, case.facts.today
    return tuple(
        reason for field in case.row.fields for reason in field_reasons(field, plain(form.get(field.name)), today)
    )


def field_reasons(field: Field, text: str, today: date) -> tuple[Reason, ...]:
    if not text.strip():
        return () if field.optional else (_not_filled_in(field),)
    try:
        canonical = field.fold(text)
    except Malformed as malformed:
        reason = malformed.reason
        return (Reason(reason.code, f"{field.chinese}：{reason.message}", reason.next, field.name),)
    if field.past and canonical > today.isoformat():
        told = f"{field.chinese}：{canonical} 在今天之后。"
        return (Reason("date_in_the_future", told, f"请按营业执照核对“{field.chinese}”。", field.name),)
    return ()


def _not_filled_in(field: Field) -> Reason:
    advice = f"请填写“{field.chinese}”" + (f"（{field.hint}）。" if field.hint else "。")
    return Reason("not_filled_in", f"“{field.chinese}”尚未填写。", advice, field.name)


@guard("必交资料均已上传并通过系统检查")
def materials_are_complete(case: Case) -> tuple[Reason, ...]:
    return tuple(
        reason
        for material in case.row.materials
        for person in _persons_of(case, material)
        for reason in _material_reasons(material, case.facts.in_slot(material.slot, person))
    )


def _persons_of(case: Case, material: Material) -> tuple[str | None, ...]:
    if not material.per_person:
        return (None,)
    return tuple(person.id for person in case.application.persons) if case.application else ()


def _material_reasons(material: Material, files: tuple[MaterialFile, ...]) -> tuple[Reason, ...]:
    name, slot = material.chinese, material.slot
    if holds_one(files, FileStatus.WAITING):
        return (Reason("still_being_checked", f"“{name}”的文件仍在检查中，或尚未传完。", WAIT_OR_REMOVE, slot),)
    if holds_one(files, FileStatus.ACCEPTED) or (material.optional and not files):
        return ()
    if files:
        told = "请查看该资料下的原因，更换文件后再提交。"
        return (Reason("material_refused", f"“{name}”上传的文件未通过检查。", told, slot),)
    return (Reason("material_missing", f"缺少“{name}”。", _how_to_bring(material), slot),)


def _how_to_bring(material: Material) -> str:
    download = "请下载空白表格，填写并" if material.form else "请"
    stamp = "加盖公章后" if material.stamped else ""
    return f"{download}{stamp}上传电子版或清晰照片（PDF、JPG 或 PNG，不超过 20 MB）。"


@guard("证书上要印的文字均有字形，可以制证")
def names_can_be_printed(case: Case) -> tuple[Reason, ...]:
    if not case.facts.unprintable:
        return ()
    return (
        Reason(
            "cannot_be_printed",
            f"证书字库中没有这些字：{'、'.join(case.facts.unprintable)}。",
            "请核对单位名称是否有误；确为登记用字的，请联系协会工作人员处理，以免缴费后无法制证。",
            "name",
        ),
    )


@guard("收费标准中有当日有效的收费项目（免费的业务除外）")
def fee_is_set(case: Case) -> tuple[Reason, ...]:
    """An expired row must not become a free membership."""
    if case.facts.due is not None or case.row.free_unless_set:
        return ()
    return (
        Reason(
            "fee_not_set",
            f"收费标准中没有今天有效的“{case.row.service.chinese}”收费项目（{case.row.fee}）。",
            "请管理员在平台设置中补上收费标准及其依据；确实免费的，请设为 0 元，再审核。",
        ),
    )


# --- payment ----------------------------------------------------------------------------------------------------------


@guard("已上传银行回单并通过检查（现金缴费除外）")
def receipt_is_there(case: Case) -> tuple[Reason, ...]:
    payment = case.facts.payment
    if payment is not None and payment.method is PaymentMethod.CASH:
        return ()
    files = case.facts.in_slot(RECEIPT_SLOT)
    if holds_one(files, FileStatus.WAITING):
        return (Reason("still_being_checked", "银行回单仍在检查中，或尚未传完。", WAIT_OR_REMOVE, RECEIPT_SLOT),)
    if holds_one(files, FileStatus.ACCEPTED):
        return ()
    return (
        Reason(
            "receipt_missing",
            "缺少银行回单。",
            "请按“服务—缴费说明”转账后，上传银行回单的电子版或清晰照片；如到协会缴纳现金，请选择“现金”。",
            RECEIPT_SLOT,
        ),
    )


# --- members' services ------------------------------------------------------------------------------------------------


@guard("申请人已绑定会员单位")
def applicant_is_bound(case: Case) -> tuple[Reason, ...]:
    if case.facts.dossier is not None:
        return ()
    return (
        Reason(
            "not_bound",
            "您的微信尚未绑定会员单位。",
            "会员单位请先在“我的—企业绑定”中绑定；尚未入会的单位请先办理“入会申请”。",
        ),
    )


@guard("本年度会费已缴")
def dues_are_paid(case: Case) -> tuple[Reason, ...]:
    year = _year(case)
    if case.facts.dossier is None or any(paid.year == year for paid in case.facts.dossier.years):
        return ()
    return (
        Reason(
            "dues_not_paid",
            f"本单位 {year} 年度会费尚未缴纳。",
            "请先办理“会费缴纳”；营业执照有变更的，请办理“会费缴纳＋变更”。",
        ),
    )


@guard("本单位持有资质证（已过期的也算，已注销的不算）")
def qualification_is_held(case: Case) -> tuple[Reason, ...]:
    if case.facts.dossier is None or _qualification(case) is not None:
        return ()
    return (Reason("no_qualification", "本单位没有资质证。", "请先办理“资质证申办”。"),)


@guard("本年度尚未年审")
def not_yet_reviewed(case: Case) -> tuple[Reason, ...]:
    held, year = _qualification(case), _year(case)
    if held is None or year not in held.reviewed:
        return ()
    return (
        Reason("already_reviewed", f"本单位资质证 {year} 年度已年审。", "如资质证信息需要变更，请办理“资质证变更”。"),
    )


@guard("至少六名不同的本单位从业人员，每人的岗位培训合格证均在有效期内")
def six_practitioners_are_certified(case: Case) -> tuple[Reason, ...]:
    if case.application is None:
        return ()
    named = tuple(dict.fromkeys(person.id for person in case.application.persons))
    failing = tuple(reason for each in named if (reason := _practitioner_reason(case, each)) is not None)
    good = len(named) - len(failing)
    if good >= SIX:
        return failing
    short = Reason(
        "fewer_than_six",
        f"有效的从业人员为 {good} 人，至少需要 {SIX} 名不同的人员。",
        "请补充持有有效岗位培训合格证的本单位人员；证书过期的请先办理“续期”。",
        "persons",
    )
    return (*failing, short)


def _practitioner_reason(case: Case, practitioner: str) -> Reason | None:
    fact = case.facts.practitioners.get(practitioner)
    own = case.facts.dossier.enterprise.id if case.facts.dossier else None
    if fact is None or fact.employer != own:
        name = fact.name if fact else practitioner
        return Reason(
            "not_employed_here", f"{name} 不是本单位的从业人员。", "请先办理“更改”，或换一名人员。", practitioner
        )
    if fact.certified_to is None or fact.certified_to < case.facts.today:
        return Reason(
            "training_certificate_expired",
            f"{fact.name} 没有有效的岗位培训合格证。",
            "请先办理“续期”或参加岗位培训。",
            practitioner,
        )
    return None


def _qualification(case: Case) -> Certificate | None:
    if case.facts.dossier is None:
        return None
    held = (
        each
        for each in case.facts.dossier.certificates
        if each.kind is CertificateKind.QUALIFICATION and each.issuance is Issuance.ISSUED and each.revoked_on is None
    )
    return next(held, None)


def _year(case: Case) -> int:
    """The application's own year once it is fixed, else the current one (domain §4, rules that hold for all)."""
    if case.application is not None and case.application.year is not None:
        return case.application.year
    return case.facts.today.year


@guard("申请人已确认登记信息与营业执照一致")
def data_are_confirmed(case: Case) -> tuple[Reason, ...]:
    if case.application is None or plain(case.application.form.get("confirmed")) == "是":
        return ()
    return (
        Reason(
            "not_confirmed",
            "尚未确认资质证信息与营业执照一致。",
            "执照近期有变动的，请先办理“会费缴纳＋变更”；执照未变而信息不符的，请联系协会工作人员更正。",
            "confirmed",
        ),
    )


@guard("每次至少一人，至多三十人")
def persons_are_named(case: Case) -> tuple[Reason, ...]:
    if case.application is None or 1 <= len(case.application.persons) <= case.row.persons:
        return ()
    return (
        Reason(
            "persons_out_of_bounds", f"每次申请须有 1 至 {case.row.persons} 人。", "请增减报名人员后再提交。", "persons"
        ),
    )


WHO_MAY_JOIN: tuple[Guard, ...] = (applicant_is_unbound, unit_is_free_to_join, applicant_has_no_other_join)
