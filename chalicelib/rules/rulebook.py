"""Writes the table out as docs/rulebook.md, for officers, clerks and companies; a test holds the page against it.

What an officer reads here is what the code does: the sentences come from the rows and guards themselves.
"""

from collections.abc import Iterable, Iterator

from chalicelib.rules.association import Windows
from chalicelib.rules.certificates import YEARS_OF_VALIDITY
from chalicelib.rules.eligibility import NEXT_YEARS_DUES_FROM, SIX
from chalicelib.rules.general_rules import CHAPTERS, ORDER, PROGRESS, WAYS_BACK, Chapter
from chalicelib.rules.invoices import MOST_APPLICATIONS
from chalicelib.rules.register import CHANGE_KINDS
from chalicelib.rules.sentences import NOTICES
from chalicelib.rules.service_page import BACKWARD, Fill, action_of, follows, moves, service_page, table, who_of
from chalicelib.rules.services import OFFERED
from chalicelib.rules.vocabulary import STAFF_ROLES, Action, Standing, State

PREFACE = """# 办事规则

本页由程序根据规则表自动生成（`make rulebook`），与系统实际执行的规则一致；依据为协会《会员服务平台操作指南》。
每项业务一节，次序相同：谁可以办、先后次序、要准备什么、要填什么、费用、什么会挡住、怎样办、办成后得到什么、之后会发生什么；
各项业务共同的规则在后面各节。金额、期限、电话、账号等由协会在平台设置中维护，以小程序显示为准。
"""

MEANING = {
    State.DRAFT: "正在填写，或已被打回：须查看打回的理由，修改后可再次提交",
    State.IN_REVIEW: "资料处于审核状态",
    State.TO_BE_PAID: "资料已通过审核，可以缴费",
    State.PAYMENT_CHECKED: "资料已通过审核，缴费凭证已提交，财务正在核账",
    State.IN_TRAINING: "已缴费，正在培训和考核（只用于岗位培训，尚未开放）",
    State.BEING_MADE: (
        "资料已通过、财务已核账（或无须缴费），证书生成中；"
        "资质证申办在这一步到协会现场递交纸质资料，其余业务不用再交资料"
    ),
    State.COMPLETED: "证书已生成，可下载、发送到邮箱、申请开票",
    State.REJECTED: "不符合申办条件，这项办理到此为止，附理由",
    State.WITHDRAWN: "申请人已撤回，或待缴费逾期由系统撤回",
}
STANDING = {
    Standing.REVOKED: "协会已注销该证书",
    Standing.EXPIRED: "有效期已过",
    Standing.REVIEW_OVERDUE: "资质证过了年审期限仍未年审",
    Standing.NOT_YET_VALID: "有效期尚未开始，例如提前缴纳的下一年度会员证",
    Standing.SUPERSEDED: "这一版之后已有新版，页面同时说明该证书今天的状态",
    Standing.VALID: "今天有效",
}


def rulebook(windows: Windows | None = None) -> str:
    """The whole book as Markdown; ``windows`` are the numbers of days and tries in force (default: as delivered)."""
    fill = _filled_with(windows or Windows())
    parts = [
        PREFACE,
        _section(
            "我要办哪一项",
            table(("业务", "用途", "谁可以办"), ((r.service.chinese, r.purpose, r.who) for r in OFFERED)),
        ),
        _chapter(ORDER, fill),
        *(service_page(row, fill) for row in OFFERED),
        _states(),
        _chapter(WAYS_BACK, fill),
        _section("打回、撤回与撤销的步骤", table(("操作", "由谁", "从 → 到", "适用业务", "随之发生"), _ways_back())),
        _chapter(PROGRESS, fill),
        _section("通知一览", table(("通知", "何时发出", "程序中的名称"), _notices(fill))),
        _standings(),
        *(_chapter(each, fill) for each in CHAPTERS),
    ]
    return "\n".join(parts)


# --- settings in the sentences ----------------------------------------------------------------------------------------


def _filled_with(windows: Windows) -> Fill:
    deadline = windows.review_deadline
    numbers = {
        "tries": windows.binding_tries, "lock": windows.binding_lock_minutes, "mails": windows.mails_per_hour,
        "lapse": windows.lapse_days, "lapse_warning": windows.lapse_warning_days,
        "years": YEARS_OF_VALIDITY, "six": SIX, "most": MOST_APPLICATIONS, "persons": max(r.persons for r in OFFERED),
        "deadline": _day(deadline.month, deadline.day), "dues_from": _day(*NEXT_YEARS_DUES_FROM),
        "season": "、".join(_day(each.month, each.day) for each in windows.season_reminder_days),
        "expiry": "、".join(map(str, windows.training_reminder_days)),
        "kinds": "、".join(CHANGE_KINDS), "roles": "、".join(role.chinese for role in STAFF_ROLES),
    }  # fmt: skip
    return lambda text: text.format(**numbers)


def _day(month: int, day: int) -> str:
    return f"{month} 月 {day} 日"


# --- what is alike in all services ------------------------------------------------------------------------------------


def _ways_back() -> Iterator[tuple[str, ...]]:
    """Every step back, once, with the services that have it."""
    found = [(row, step) for row in OFFERED for step in row.steps if step.action in BACKWARD]
    rows: dict[tuple[str, ...], list[str]] = {}
    for row, step in sorted(found, key=lambda each: tuple(Action).index(each[1].action)):
        said = action_of(step), who_of(step), moves(step), "；".join(follows(step))
        rows.setdefault(said, []).append(row.service.chinese)
    for (action, who, moved, following), services in rows.items():
        yield action, who, moved, "全部" if len(services) == len(OFFERED) else "、".join(services), following


def _states() -> str:
    rows = ((f"{state.chinese}（`{state.value}`）", MEANING[state], _noticed(state)) for state in State)
    return _section("业务状态", table(("状态", "含义", "微信服务通知"), rows))


def _noticed(state: State) -> str:
    """As the steps of the services offered have it."""
    into = [(row, step) for row in OFFERED for step in row.steps if step.after is state is not step.before]
    told = [(row, step) for row, step in into if step.notice]
    if not told:
        return "不会收到"
    if len(told) == len(into) and state is not State.DRAFT:
        return "会收到"
    when = "、".join(dict.fromkeys(step.action.chinese for _, step in told))
    services = dict.fromkeys(row.service.chinese for row, _ in told)
    return f"会收到（{when}时）" if len(services) > 1 else f"不会收到；只有{''.join(services)}会收到（{when}时）"


def _notices(fill: Fill) -> Iterator[tuple[str, ...]]:
    for name, (title, when) in NOTICES.items():
        yield title, fill(when), f"`{name}`"


def _standings() -> str:
    rows = ((f"{each.chinese}（`{each.value}`）", STANDING[each]) for each in Standing)
    head = "查询时按当天（北京时间）现算，从上到下取第一个符合的；不保存、不缓存。\n"
    return _section("证书状态", (head, *table(("状态", "含义"), rows)))


def _chapter(chapter: Chapter, fill: Fill) -> str:
    return _section(chapter.title, (f"- {fill(line)}" for line in chapter.lines))


def _section(title: str, lines: Iterable[str]) -> str:
    return "\n".join((f"## {title}\n", *lines, ""))


if __name__ == "__main__":
    print(rulebook(), end="")  # noqa: T201 - the command's output
