"""What admins set about the association: refused where its parts do not go together, else kept and audited."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import combinations

from chalicelib.operations.audit import noted
from chalicelib.operations.commands import Absent, Deed, Order, once, unchanged_since
from chalicelib.operations.on_paper import unprintable
from chalicelib.operations.ports import Ports, Replace
from chalicelib.rules.association import Association, Windows
from chalicelib.rules.certificates import Deadline, NumberPatternWrong, number
from chalicelib.rules.folding import Misfilled
from chalicelib.rules.payments import Fee
from chalicelib.rules.schedule import DayOfYear
from chalicelib.rules.vocabulary import CertificateKind, Reason

_PLACE = r"\{(?:year|n)(?::0\d)?\}"
# A number stands in addresses, on paper and in what people type: letters are looked up in upper case, and a slash
# would be a part of the path of its own.
_CAN_BE_TYPED = re.compile(rf"(?:{_PLACE}|[A-Z0-9\u3400-\u4dbf\u4e00-\u9fff-])*")
# Where digits touch a place, nobody can see which of them the place has given.
_DIGITS = re.compile(rf"\d*{_PLACE}(?:{_PLACE}|\d)*")
_COMMON_YEAR = 2026


def save_settings(ports: Ports, order: Order, seen: int, wanted: Association) -> str:
    """Puts the association's settings in place of the ones that were looked at; audited.

    Raises Refused where they have changed since, and Misfilled, by field, for values that may stand one by one, but not
    together or not on paper. Weighed here and once: what a paper holds is found by setting the type.
    """

    def deed() -> Deed:
        before = ports.records.get(Association, "association")
        if before is None:
            raise Absent
        unchanged_since(seen, before.version)
        if reasons := (*faults(wanted), *unprintable(ports, wanted)):
            raise Misfilled(*(replace(each, field=f"settings.{each.field}") for each in reasons))
        entry = noted(ports, order.actor.id, "association", "save_settings")
        values = {name: getattr(wanted, name) for name in wanted.__dataclass_fields__ if name != "version"}
        return Deed((Replace(before, before.changed(**values)), entry), "association")

    return once(ports, order, deed)


def faults(wanted: Association) -> tuple[Reason, ...]:
    """Everything that cannot be meant, though each value by itself may stand."""
    return (
        *_pattern_faults(wanted),
        *_fee_faults(wanted.fees),
        *_window_faults(wanted.windows),
        *_reminder_faults(wanted.windows),
    )


# --- numbers ----------------------------------------------------------------------------------------------------------


def _pattern_faults(wanted: Association) -> Iterable[Reason]:
    patterns = {kind: wanted.number_patterns.get(kind.value, "") for kind in CertificateKind}
    for kind, pattern in patterns.items():
        yield from _pattern_fault(kind, pattern)
    for (one, its), (other, others) in combinations(patterns.items(), 2):
        if _DIGITS.sub("#", its) == _DIGITS.sub("#", others):
            told = f"“{one.chinese}”和“{other.chinese}”的编号格式相同，会给出相同的编号。"
            following = "请用不同的字母或汉字区分，例如 HY 和 ZZ。"
            yield Reason("number_patterns_alike", told, following, f"number_patterns.{other.value}")


def _pattern_fault(kind: CertificateKind, pattern: str) -> Iterable[Reason]:
    where = f"number_patterns.{kind.value}"
    try:
        number(pattern, _COMMON_YEAR, 1)
    except NumberPatternWrong:
        told = f"“{kind.chinese}”的编号格式必须含 {{year}} 和 {{n}}。"
        yield Reason("number_pattern", told, "请补上年份 {year} 和流水号 {n}，例如 HY-{year}-{n:04}。", where)
    if not _CAN_BE_TYPED.fullmatch(pattern):
        told = f"“{kind.chinese}”的编号格式只能含大写字母、数字、连字符、汉字，以及 {{year}} 和 {{n}}。"
        following = "小写字母请改为大写，并去掉空格、斜杠、括号等其他符号。"
        yield Reason("number_pattern_characters", told, following, where)


# --- fees -------------------------------------------------------------------------------------------------------------


def _fee_faults(fees: tuple[Fee, ...]) -> Iterable[Reason]:
    for place, fee in enumerate(fees):
        if fee.valid_to is not None and fee.valid_to < fee.valid_from:
            told = f"第 {place + 1} 行收费“{fee.item}”的截止日期早于起始日期。"
            yield Reason("fee_dates", told, "请更正起止日期；长期有效的，截止日期留空。", f"fees.{place}.valid_to")
    for (first, one), (second, other) in combinations(enumerate(fees), 2):
        if (one.code, one.unit) == (other.code, other.unit) and _hold_together(one, other):
            yield _both_counted(first, second, one, other)


def _hold_together(one: Fee, other: Fee) -> bool:
    start, ends = max(one.valid_from, other.valid_from), (one.valid_to or date.max, other.valid_to or date.max)
    return start <= min(ends)


def _both_counted(first: int, second: int, one: Fee, other: Fee) -> Reason:
    """Whatever holds on a day is added up (rules.payments.amount_due): a member would pay both rows."""
    rows = f"第 {first + 1} 行和第 {second + 1} 行收费（{one.code}，{one.unit.chinese}）"
    if one.level == other.level:
        following = "请把旧的一行截止到新的一行起始日期的前一天，或删去其中一行。"
        return Reason("fee_twice", f"{rows}在同一天都有效，会被重复计收。", following, f"fees.{second}")
    told = f"{rows}的等级不同、在同一天都有效：会员等级尚未开放，两行会被合并计收。"
    return Reason("fee_levels_closed", told, "请只保留一个等级的收费。", f"fees.{second}")


# --- windows ----------------------------------------------------------------------------------------------------------


def _reminder_faults(windows: Windows) -> Iterable[Reason]:
    for name in ("training_reminder_days", "season_reminder_days"):
        days = getattr(windows, name)
        if len(set(days)) < len(days):
            told = "提醒日期中有重复的一项。"
            yield Reason("reminder_twice", told, "请删去重复的一项；同一项只提醒一次。", f"windows.{name}")
    for place, each in enumerate(windows.season_reminder_days):
        yield from _season_day_fault(each, windows.review_deadline, f"windows.season_reminder_days.{place}")


def _season_day_fault(day: DayOfYear, deadline: Deadline, where: str) -> Iterable[Reason]:
    told = f"{day.month} 月 {day.day} 日不能作会费和年审的提醒日期："
    if not _is_of_every_year(day):
        yield Reason("no_such_reminder", f"{told}不是每年都有这一天。", "请填写每年都有的日期，例如 3 月 1 日。", where)
    elif _is_of_every_year(deadline) and deadline.has_passed(date(_COMMON_YEAR, day.month, day.day)):
        following = "请改为截止日期当天或之前的日期，或推迟截止日期。"
        yield Reason("reminder_too_late", f"{told}年审截止日期已过，不会再提醒。", following, where)


def _is_of_every_year(day: DayOfYear | Deadline) -> bool:
    try:
        date(_COMMON_YEAR, day.month, day.day)
    except ValueError:
        return False
    return True


def _window_faults(windows: Windows) -> Iterable[Reason]:
    if windows.lapse_warning_days >= windows.lapse_days:
        told = f"提醒期（{windows.lapse_warning_days} 天）必须短于自动撤回期（{windows.lapse_days} 天）。"
        yield Reason("warning_too_late", told, "请减少提醒天数，使提醒早于撤回。", "windows.lapse_warning_days")
    deadline = windows.review_deadline
    if not _is_of_every_year(deadline):
        told = f"不是每年都有 {deadline.month} 月 {deadline.day} 日，不能作年审截止日期。"
        yield Reason("no_such_deadline", told, "请填写每年都有的日期，例如 3 月 31 日。", "windows.review_deadline")
