"""One service's page of the rulebook, in the same order for every service: who, what first, what to bring and fill in,
what it costs, what can stop it, how it goes, what comes of it and what follows.

A step that is taken forward stands on the page; the ways back are alike and stand in `rulebook.py`, in one table.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from chalicelib.rules.eligibility import SIX, year_is_not_paid
from chalicelib.rules.grammar import Field, Guard, Material, ServiceRow, Step, When
from chalicelib.rules.guards import RECEIPT_SLOT, paper_is_received
from chalicelib.rules.sentences import AFTERWARDS, BEFORE, NOTICES, WHAT_TO_DO
from chalicelib.rules.services import OFFERED
from chalicelib.rules.uploads import FileRule
from chalicelib.rules.vocabulary import Action, CertificateKind, State

Fill = Callable[[str], str]
"""Puts settings and constants in the place of their names in braces."""

BACKWARD = frozenset(
    {
        Action.RETURN, Action.REJECT, Action.WITHDRAW, Action.REFUSE_PAYMENT, Action.UNDO_PAYMENT, Action.SEND_BACK,
        Action.LAPSE,
    }
)  # fmt: skip
MEGABYTE = 2**20
FREE_IF_PAID = "该年度会费已缴的，应缴为 0，不用回单，不经过待核账。"


def service_page(row: ServiceRow, fill: Fill) -> str:
    sections: Mapping[str, Iterable[str]] = {
        "谁可以办": [row.who],
        "先后次序": _listed(BEFORE[row.service], fill),
        "要准备什么": _to_bring(row),
        "要填什么": _to_fill_in(row),
        "费用": [_cost(row)],
        "什么会挡住": _in_the_way(row, fill),
        "怎样办": _how(row),
        "办成后得到": [row.result, "", *_made(row)],
        "之后会发生什么": [_told(row), *_listed(AFTERWARDS[row.service], fill)],
    }
    parts = [f"## {row.service.chinese}\n", f"{row.purpose}（程序中的名称：`{row.service.value}`）\n"]
    for title, lines in sections.items():
        parts += [f"### {row.service.chinese}：{title}\n", *lines, ""]
    return "\n".join(parts)


def table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for each in (heads, ("---",) * len(heads), *rows):
        yield "| " + " | ".join(each) + " |"


def _listed(lines: Iterable[str], fill: Fill) -> list[str]:
    return [f"- {fill(line)}" for line in lines]


# --- what to bring ----------------------------------------------------------------------------------------------------


def _to_bring(row: ServiceRow) -> Iterator[str]:
    rows = ((each.chinese, _wanted(each), _how_brought(each), f"`{each.slot}`") for each in row.materials)
    yield from table(("资料", "是否必交", "要求", "程序中的名称"), (*rows, *_receipt(row)))
    rule = FileRule()
    yield (
        f"\n文件为 PDF、JPG 或 PNG，每个不超过 {rule.max_bytes // MEGABYTE} MB；"
        "上传后系统自动检查，资料栏显示已接收或未通过的原因。"
    )
    yield f"\n{_paper(row)}"


def _receipt(row: ServiceRow) -> Iterator[tuple[str, ...]]:
    """The receipt is no row of the table: it belongs to the payment."""
    how = "电子版或清晰照片；现金缴费不需要"
    if row.receipt_first:
        yield "银行回单", "有应缴费用时必须", f"随申请一并提交；{how}", f"`{RECEIPT_SLOT}`"
    elif not row.free_unless_set:
        yield "银行回单", "有应缴费用时必须", f"审核通过、状态为“待缴费”时上传；{how}", f"`{RECEIPT_SLOT}`"


def _wanted(of: Field | Material) -> str:
    if isinstance(of, Material) and of.only_with is not None:
        return f"持有{of.only_with.chinese}的必须"
    return "可选" if of.optional else "必须"


def _how_brought(material: Material) -> str:
    parts = (
        material.hint,
        f"平台颁发的{material.issued.chinese}自动带入，不用上传；平台没有的才上传，也可以另行上传"
        if material.issued
        else "",
        "每名所选人员一份" if material.per_person else "",
        "须加盖公章" if material.stamped else "",
        "平台提供空白表格下载" if material.form else "",
        f"可传多个文件（{'每人' if material.per_person else ''}最多 {material.most} 个）" if material.several else "",
    )
    return "；".join(part for part in parts if part)


def _paper(row: ServiceRow) -> str:
    if any(paper_is_received in step.guards for step in row.steps):
        return (
            "**纸质资料**：上述资料除电子版外，另备纸质版一套。审核通过、状态为“制证中”时（会收到通知），"
            "带到协会现场递交留档，标“带正本”“带原件”的须带正本、原件；协会登记收到后才制证。"
        )
    return "**纸质资料**：不用交，不用到协会现场。"


# --- what to fill in --------------------------------------------------------------------------------------------------


def _to_fill_in(row: ServiceRow) -> Iterator[str]:
    rows = [(each.chinese, _wanted_field(each), _hint(each), f"`{each.name}`") for each in row.fields]
    if rows:
        yield from table(("项目", "是否必填", "说明", "程序中的名称"), rows)
    else:
        yield "没有要填的表格。"
    if row.persons:
        yield f"\n**从业人员**：从本单位的从业人员名单中选择至少 {SIX} 名不同的人员，最多 {row.persons} 名。"
    if not row.free_unless_set:
        yield "\n**缴费信息**（有应缴费用时）：银行转账或现金、付款人、实际金额、付款日期、银行流水号、转账备注。"


def _wanted_field(field: Field) -> str:
    """A new value belongs to a kind of change that was chosen."""
    return "选了该项变更的必须" if field.name.startswith("new_") else _wanted(field)


def _hint(field: Field) -> str:
    choices = "、".join(field.options) if field.kind == "choices" else ""
    return f"{field.hint}：{choices}" if choices else field.hint


# --- what it costs ----------------------------------------------------------------------------------------------------


def _cost(row: ServiceRow) -> str:
    if row.free_unless_set:
        return (
            f"不收费，不经过待缴费和待核账两步。如协会日后设定收费（项目代码 `{row.fee}`），则审核通过当日确定金额，"
            "通过后缴费、上传回单、核账，再制证。"
        )
    amount = f"金额见“服务—缴费说明”（收费标准的项目代码 `{row.fee}`）"
    if row.receipt_first:
        return (
            f"{amount}，按提交申请当日有效的标准确定，之后不变。**先缴费，再提交申请**：银行回单（或选择“现金”）随申请一并提交，"
            f"不经过待缴费。{'' if year_is_not_paid in row.eligibility else FREE_IF_PAID}"
        )
    return (
        f"{amount}，按审核通过当日有效的标准确定，之后不变。**审核通过、收到缴费通知之后再缴费**，上传银行回单（或选择“现金”），"
        "由财务核账。当日标准为零的，不经过待缴费和待核账。"
    )


# --- what can stop it -------------------------------------------------------------------------------------------------


def guards_of(row: ServiceRow) -> tuple[Guard, ...]:
    """Those that open the service first, then those of single steps, each once."""
    return tuple(dict.fromkeys((*row.eligibility, *(guard for step in row.steps for guard in step.guards))))


def _in_the_way(row: ServiceRow, fill: Fill) -> Iterator[str]:
    yield "不符合时一次说明全部理由和每一条的下一步；时间会过去，所以同一条件在几处都查。\n"
    found = guards_of(row)
    yield from table(
        ("条件", "不符合时怎么办", "何时查"),
        ((f"{n}. {each.rule}", fill(WHAT_TO_DO[each.name]), _when(row, each)) for n, each in enumerate(found, 1)),
    )
    yield f"\n**不能同时办**：{_excluded(row)}。拟稿不占位，先提交的为准。"


def _when(row: ServiceRow, guard: Guard) -> str:
    later = "（日后收费时）" if row.free_unless_set else ""
    asked = [step for step in row.steps if guard in step.guards]
    actions = (each.action.chinese + (later if each.action is Action.PAY else "") for each in asked)
    return "、".join(dict.fromkeys((*(("申请前",) if guard in row.eligibility else ()), *actions)))


def _excluded(row: ServiceRow) -> str:
    others = [each for each in OFFERED if each is not row and set(each.holds) & set(row.holds)]
    same = "同一单位的另一宗" if row.for_members else "同一单位或同一申请人的另一宗"
    return "、".join((f"{same}“{row.service.chinese}”", *(f"“{each.service.chinese}”" for each in others)))


# --- how it goes ------------------------------------------------------------------------------------------------------


def _how(row: ServiceRow) -> Iterator[str]:
    first, second = (When.NOTHING_DUE, When.DUE) if row.free_unless_set else (When.DUE, When.NOTHING_DUE)
    yield f"**{_path(row, first)}**（{second.chinese}：{_path(row, second)}）\n"
    forward = sorted((each for each in row.steps if each.action not in BACKWARD), key=_place)
    yield from table(("操作", "由谁", "从 → 到", "随之发生"), (_step(each) for each in forward))
    if row.receipt_first:
        yield "\n财务可以在审核之前（打回期间也可以）先核账：审核通过后就不用再等核账，直接制证。"
    yield "\n打回、拒绝、撤回、核账退回、撤销核账、制证退回各项业务相仿，见“打回、撤回与撤销的步骤”。"


def _place(step: Step) -> int:
    return tuple(State).index(step.before)


def _path(row: ServiceRow, when: When) -> str:
    state, states = State.DRAFT, [State.DRAFT]
    forward = [each for each in row.steps if each.action not in BACKWARD and each.after is not each.before]
    while not state.final:
        state = next(each.after for each in forward if each.before is state and each.when in (When.ALWAYS, when))
        states.append(state)
    return " → ".join(each.chinese for each in states)


def _step(step: Step) -> tuple[str, ...]:
    return action_of(step), who_of(step), moves(step), "；".join(follows(step))


def action_of(step: Step) -> str:
    return step.action.chinese + (f"（{step.when.chinese}）" if step.when.chinese else "")


def who_of(step: Step) -> str:
    return "、".join(role.chinese for role in step.who)


def moves(step: Step) -> str:
    return step.before.chinese if step.before is step.after else f"{step.before.chinese} → {step.after.chinese}"


def follows(step: Step) -> Iterator[str]:
    """Everything that a step does beside moving the state."""
    said = {
        "必须写明理由，申请人可见": step.needs_reason,
        "确定应缴金额": step.fixes_amount,
        "确定业务年度（已确定的不变）": step.fixes_year,
        "业务年度重新确定，以再次提交为准": step.frees_year,
        "已核账的金额从这项业务中撤出": step.unbooks,
        "核账金额记在这项业务上": step.action is Action.CONFIRM_PAYMENT,
    }
    yield from (text for text, holds in said.items() if holds)
    yield from (effect.chinese for effect in step.effects)
    if step.notice:
        yield f"微信服务通知“{NOTICES[step.notice][0]}”"


# --- what comes of it -------------------------------------------------------------------------------------------------


def _made(row: ServiceRow) -> Iterator[str]:
    for each in row.makes:
        parts = "（正本 A3、副本 A4）" if each.kind is CertificateKind.QUALIFICATION else ""
        yield f"- {each.kind.chinese}{parts}：{each.how.chinese}" + ("（持有的才换发）" if each.if_held else "")


def _told(row: ServiceRow) -> str:
    sent = [step.notice for step in row.steps if step.notice]
    lapses = any(step.action is Action.LAPSE for step in row.steps)
    names = dict.fromkeys((*sent, "lapse_warning") if lapses else sent)
    return "- 会收到的通知（微信服务通知和消息列表）：" + "、".join(f"“{NOTICES[each][0]}”" for each in names) + "。"
