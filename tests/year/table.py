"""Month by month what happened, laid out for reading."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from chalicelib.rules.certificates import standing_today
from chalicelib.rules.records import AuditEntry, Credit, Message
from chalicelib.rules.vocabulary import Action, Service, Standing
from tests.year.promises.earned import versions_of_renewal
from tests.year.promises.reminders import OF_SEASON
from tests.year.promises.seen import Seen

REMINDERS = (*OF_SEASON, "training_expiring")
STANDINGS = {"valid": Standing.VALID, "overdue": Standing.REVIEW_OVERDUE, "expired": Standing.EXPIRED}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """``of``: what of a month is counted."""

    name: str
    of: Callable[["Month"], int]


class Month:
    def __init__(self, seen: Seen, first: date) -> None:
        self.seen, self.first = seen, first
        entries = [each for history in seen.histories.values() for each in history if self.holds(each.at)]
        self.steps = Counter(each.action for each in entries)
        done = (each.application for each in entries if each.action is Action.ISSUE)
        self.made = Counter(seen.applications[each].service for each in done)
        self.standings = Counter(standing_today(each, seen.today) for each in seen.issued)

    def holds(self, at: datetime) -> bool:
        return (at.year, at.month) == (self.first.year, self.first.month)

    def years_paid(self) -> int:
        years = (each for some in self.seen.years.values() for each in some)
        return sum(self.holds(each.at) for each in years if self.service_of(each.application) is not Service.JOIN)

    def service_of(self, application: str) -> Service:
        return self.seen.applications[application].service

    def changed(self) -> int:
        return self.made[Service.QUALIFICATION_CHANGE] + self.made[Service.DUES_WITH_CHANGES]

    def deeds(self, deed: str) -> int:
        return sum(each.deed == deed and self.holds(each.at) for each in self.seen.all(AuditEntry))

    def reminders(self) -> int:
        return sum(each.notice in REMINDERS and self.holds(each.at) for each in self.seen.all(Message))

    def renewals(self) -> int:
        return sum(times for (_, _, at), times in versions_of_renewal(self.seen).items() if self.holds(at))

    def worth(self, standing: Standing) -> int:
        return self.standings[standing]

    def credit(self) -> int:
        return sum(each.balance for each in self.seen.all(Credit))


COLUMNS = (
    Column("joined", lambda m: m.made[Service.JOIN]),
    Column("dues paid", lambda m: m.years_paid()),
    Column("qualified", lambda m: m.made[Service.QUALIFICATION]),
    Column("reviewed", lambda m: m.made[Service.ANNUAL_REVIEW]),
    Column("changed", lambda m: m.changed()),
    Column("renewed", lambda m: m.renewals()),
    Column("revoked", lambda m: m.deeds("revoke")),
    Column("returned", lambda m: m.steps[Action.RETURN] + m.steps[Action.SEND_BACK]),
    Column("refused payments", lambda m: m.steps[Action.REFUSE_PAYMENT]),
    Column("reminders", lambda m: m.reminders()),
    Column("credit, fen", lambda m: m.credit()),
    *(Column(name, partial(Month.worth, standing=standing)) for name, standing in STANDINGS.items()),
)
NOT_ADDED = {"credit, fen", *STANDINGS}


def row(seen: Seen, first: date) -> Row:
    month = Month(seen, first)
    return {"month": f"{first:%Y-%m}", **{each.name: each.of(month) for each in COLUMNS}}


def laid_out(rows: list[Row]) -> str:
    """Headings in two lines where they have two words, figures to the right, what adds up added up."""
    together = {each.name: "" if each.name in NOT_ADDED else sum(r[each.name] for r in rows) for each in COLUMNS}
    lines = [*rows, {"month": "together", **together}]
    heads = {"month": ("", "month"), **{each.name: _head(each.name) for each in COLUMNS}}
    widths = {name: max(len(_cell(r[name])) for r in lines) for name in heads}
    widths = {name: max(widths[name], *map(len, heads[name])) for name in heads}
    top = ("  ".join(heads[name][n].rjust(widths[name]) for name in heads) for n in (0, 1))
    rule = "-" * (sum(widths.values()) + 2 * (len(widths) - 1))
    body = ["  ".join(_cell(r[name]).rjust(widths[name]) for name in heads) for r in lines]
    return "\n".join([*top, rule, *body[:-1], rule, body[-1]])


def _head(name: str) -> tuple[str, str]:
    first, _, second = name.rpartition(" ")
    return first, second


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
