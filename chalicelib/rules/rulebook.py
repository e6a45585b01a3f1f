"""Writes the table out as docs/rulebook.md, for officers, clerks and companies; a test holds the page against it.

What an officer reads here is what the code does: the sentences come from the rows and guards themselves.
"""

from collections.abc import Iterable, Iterator, Mapping

from chalicelib.rules.association import Windows
from chalicelib.rules.certificates import YEARS_OF_VALIDITY
from chalicelib.rules.general_rules import BINDING, CERTIFICATES, MONEY, NOTICES, OFFICE, ORDER, Chapter
from chalicelib.rules.grammar import Field, Guard, Material, ServiceRow, Step
from chalicelib.rules.services import OFFERED
from chalicelib.rules.vocabulary import Action, Role, Standing, State

PREFACE = """# 办事规则

本页由程序根据规则表自动生成（`make rulebook`），与系统实际执行的规则一致；依据为协会《会员服务平台操作指南》。
括号内的英文是程序中使用的名称。金额、期限、电话、账号等由协会在平台设置中维护，以小程序显示为准。
"""

MEANING = {
    State.DRAFT: "正在填写，或已被打回：须查看打回的理由，修改后可再次提交",
    State.IN_REVIEW: "资料处于审核状态",
    State.TO_BE_PAID: "资料已通过审核，可以缴费",
    State.PAYMENT_CHECKED: "已提交缴费凭证，财务正在核账",
    State.IN_TRAINING: "已缴费，正在培训和考核",
    State.BEING_MADE: "财务已核账（或无须缴费），证书生成中；入会到这一步不用再交资料",
    State.COMPLETED: "证书已生成，可下载、发送到邮箱、联系财务开票",
    State.REJECTED: "不符合申办条件，这项办理到此为止，附理由",
    State.WITHDRAWN: "申请人已撤回，或待缴费逾期由系统撤回",
}


def rulebook(windows: Windows | None = None) -> str:
    """The whole book as Markdown; ``windows`` are the numbers of days and tries in force (default: as delivered)."""
    numbers = windows or Windows()
    parts = [PREFACE, _states(), *(_service(row, numbers) for row in OFFERED)]
    chapters = (ORDER, NOTICES, MONEY, CERTIFICATES, BINDING, OFFICE)
    return "\n".join([*parts, _standings(), *(_chapter(each, numbers) for each in chapters)])


def _states() -> str:
    rows = (f"| {state.chinese}（{state.value}） | {MEANING[state]} | {_noticed(state)} |" for state in State)
    return _table("## 业务状态", ("状态", "含义", "微信服务通知"), rows)


def _noticed(state: State) -> str:
    """As the steps of the services offered have it."""
    into = [step for row in OFFERED for step in row.steps if step.after is state]
    told = [step for step in into if step.notice]
    if not told:
        return "不会收到"
    if len(told) == len(into) and state is not State.DRAFT:
        return "会收到"
    return "会收到（" + "、".join(dict.fromkeys(step.action.chinese for step in told)) + "时）"


def _service(row: ServiceRow, windows: Windows) -> str:
    lines = [
        f"## {row.service.chinese}（{row.service.value}）\n",
        f"{row.purpose}\n",
        f"**谁可以办理**：{row.who}\n",
        f"**办成后得到**：{row.result}\n",
        "### 条件\n",
        *(f"{number}. {guard.rule}。" for number, guard in enumerate(_guards(row), 1)),
        f"\n条件 1–{len(row.eligibility)} 决定能否申请，在服务列表、提交、审核、制证时各查一次。"
        "不满足时一次说明全部理由，以及每一条的下一步做法。\n",
        _fields(row.fields),
        _materials(row.materials),
        f"### 费用\n\n{_cost(row)}\n",
        _path(row),
        _deadlines(row, windows),
    ]
    return "\n".join(lines)


def _fields(fields: Iterable[Field]) -> str:
    rows = (f"| {each.chinese}（{each.name}） | {_wanted(each.optional)} | {each.hint} |" for each in fields)
    return _table("### 填写内容", ("项目", "是否必填", "说明"), rows)


def _materials(materials: Iterable[Material]) -> str:
    rows = (f"| {each.chinese}（{each.slot}） | {_wanted(each.optional)} | {_how(each)} |" for each in materials)
    note = (
        "文件为 PDF、JPG 或 PNG，每个不超过 20 MB；上传后系统自动检查，资料栏显示已接收或未通过的原因。"
        "缴费时另需银行回单（电子版或清晰照片，在“待缴费”状态上传；现金缴费不需要）。\n"
    )
    return _table("### 所需资料", ("资料", "是否必交", "要求"), rows) + "\n" + note


def _how(material: Material) -> str:
    parts = (
        material.hint,
        "须加盖公章" if material.stamped else "",
        "平台提供空白表格下载" if material.form else "",
        f"可传多个文件（最多 {material.most} 个）" if material.several else "",
    )
    return "；".join(part for part in parts if part)


def _wanted(optional: bool) -> str:  # noqa: FBT001 - one word for one fact
    return "可选" if optional else "必须"


def _cost(row: ServiceRow) -> str:
    if row.free_unless_set:
        return "不收费：没有待缴费和待核账两步；如协会日后设定收费，则自动增加这两步。"
    return (
        f"按审核通过当日有效的收费标准（项目代码 `{row.fee}`）确定，之后不变；金额见“服务—缴费说明”。"
        "当日标准为零时，不经过待缴费和待核账。"
    )


def _path(row: ServiceRow) -> str:
    numbers = {guard.name: number for number, guard in enumerate(_guards(row), 1)}
    rows = (_step(step, numbers) for step in sorted(row.steps, key=lambda step: tuple(State).index(step.before)))
    return _table("### 办理步骤", ("现状态", "操作", "由谁", "之后", "条件", "随之发生"), rows)


def _guards(row: ServiceRow) -> tuple[Guard, ...]:
    """Those that open the service first, then those of single steps, each once."""
    return tuple(dict.fromkeys((*row.eligibility, *(guard for step in row.steps for guard in step.guards))))


def _step(step: Step, numbers: Mapping[str, int]) -> str:
    action = step.action.chinese + (f"（{step.when.chinese}）" if step.when.chinese else "")
    rules = "、".join(str(numbers[guard.name]) for guard in step.guards)
    follows = "；".join(_follows(step))
    who = "、".join(role.chinese for role in step.who)
    return f"| {step.before.chinese} | {action} | {who} | {step.after.chinese} | {rules} | {follows} |"


def _follows(step: Step) -> Iterator[str]:
    if step.needs_reason:
        yield "必须写明理由，申请人可见"
    if step.fixes_amount:
        yield "确定应缴金额"
    if step.fixes_year:
        yield "确定业务年度"
    yield from (effect.chinese for effect in step.effects)
    if step.notice:
        yield "微信服务通知并记入消息列表"


def _deadlines(row: ServiceRow, windows: Windows) -> str:
    if not any(step.action is Action.LAPSE for step in row.steps):
        return ""
    return (
        f"每次进入待缴费后满 {windows.lapse_days} 天仍未缴费的，系统自动撤回，撤回前先提醒。"
        "被打回的业务仍是原来那一宗，保留已填写和已上传的全部内容，改好后可再次提交；"
        "已核账的缴费在退回后仍然有效，再次提交不用重复缴费。待核账、制证中不能自行撤回，请联系协会。申请人看到的办理记录写明时间、操作、理由和经办角色（"
        + "、".join(role.chinese for role in Role if role not in (Role.APPLICANT, Role.SYSTEM))
        + "），不显示工作人员姓名。\n"
    )


def _standings() -> str:
    meaning = {
        Standing.REVOKED: "协会已注销该证书",
        Standing.EXPIRED: "有效期已过",
        Standing.REVIEW_OVERDUE: "资质证过了年审期限仍未年审",
        Standing.NOT_YET_VALID: "有效期尚未开始，例如提前缴纳的下一年度会员证",
        Standing.SUPERSEDED: "这一版之后已有新版，页面同时说明该证书今天的状态",
        Standing.VALID: "今天有效",
    }
    rows = (f"| {each.chinese}（{each.value}） | {meaning[each]} |" for each in Standing)
    head = "查询时按当天（北京时间）现算，从上到下取第一个符合的；不保存、不缓存。\n"
    return _table("## 证书状态", ("状态", "含义"), rows, head)


def _chapter(chapter: Chapter, windows: Windows) -> str:
    numbers = {
        "tries": windows.binding_tries, "lock": windows.binding_lock_minutes, "years": YEARS_OF_VALIDITY,
        "deadline": f"{windows.review_deadline.month} 月 {windows.review_deadline.day} 日",
    }  # fmt: skip
    lines = (f"- {line.format(**numbers)}" for line in chapter.lines)
    return f"## {chapter.title}\n\n" + "\n".join(lines) + "\n"


def _table(title: str, heads: tuple[str, ...], rows: Iterable[str], note: str = "") -> str:
    ruled = "| " + " | ".join("---" for _ in heads) + " |"
    return "\n".join([f"{title}\n", *([note] if note else []), "| " + " | ".join(heads) + " |", ruled, *rows, ""])


if __name__ == "__main__":
    print(rulebook(), end="")  # noqa: T201 - the command's output
