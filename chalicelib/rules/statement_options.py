"""In which ways a line of a bank statement may have been meant: the payments it would pay, and what points to them.

Payments are found by what a line says of them (serial number, name, remark), never by comparing every line with every
payment: dues are the same amount for nearly everybody.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from chalicelib.rules.folding import fold
from chalicelib.rules.payer_names import SHORTEST_CORE, core, folded_name, may_be_short_for
from chalicelib.rules.statements import StatementLine
from chalicelib.rules.vocabulary import Term

MOST_TOGETHER = 12
_SHORTEST_SERIAL = 8  # shorter ones begin anew every day
_NAME_START = 5
# What people write for what they pay.
_TOPICS = {
    "会费": ("会费", "年费", "入会"),
    "培训": ("培训", "上岗证", "岗位证"),
    "换证": ("换证", "换领", "续期", "补办"),
    "变更": ("变更",),
    "年审": ("年审",),
    "资质": ("资质",),
}
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?=年|度)")
_ROUND_BRACKETS = str.maketrans("()〔〕", "（）（）")


class Link(Term):
    """What connects a line to a payment besides the amount, the strongest first."""

    SERIAL = "serial", "流水号相同"
    ENTERPRISE = "enterprise", "付款户名与单位全称一致"
    PAYER = "payer", "付款户名与申请人填写的付款人一致"
    NAMED = "named", "备注写有单位全称"
    SIMILAR = "similar", "付款户名与单位名称相近（简称或截断）"
    MENTIONED = "mentioned", "备注提到单位名称的一部分"
    ALONE = "alone", "金额相同的缴费和入账都只有一笔"


_RANK = {link: rank for rank, link in enumerate(Link)}


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a payment says of itself. Amounts in fen; ``services`` are the Chinese names of what it pays."""

    id: str
    due: int
    declared: int
    payer: str
    enterprise: str
    paid_on: date
    serial: str = ""
    remark: str = ""
    services: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Waiting:
    """A payment with what is compared of it."""

    said: Expected
    enterprise: str
    payer: str
    core: str
    serial: str
    topics: frozenset[str]
    years: frozenset[str]


@dataclass(frozen=True, eq=False)
class Seen:
    """A line with what is compared of it; ``named`` are the enterprises that its remark names in full."""

    line: StatementLine
    payer: str
    serial: str
    remark: str
    named: frozenset[str]
    topics: frozenset[str]
    years: frozenset[str]


@dataclass(frozen=True, eq=False)
class Option:
    """One way in which a line may have been meant."""

    seen: Seen
    payments: tuple[Waiting, ...]
    links: frozenset[Link]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(each.said.id for each in self.payments)

    @property
    def declared(self) -> int:
        return sum(each.said.declared for each in self.payments)

    @property
    def days(self) -> int:
        return max(abs((self.seen.line.paid_on - each.said.paid_on).days) for each in self.payments)

    @property
    def topics(self) -> frozenset[str]:
        return frozenset[str]().union(*(each.topics for each in self.payments))

    @property
    def years(self) -> frozenset[str]:
        return frozenset[str]().union(*(each.years for each in self.payments))

    @property
    def order(self) -> tuple[int, int, bool, int, int, tuple[str, ...]]:
        """The best first; the ids last, so that the order in which payments come decides nothing."""
        rank = min(_RANK[link] for link in self.links)
        beside = len(self.seen.topics - self.topics)
        return (rank, beside, self.declared != self.seen.line.amount, self.days, len(self.payments), self.ids)


class Books:
    """The payments that wait, found by whatever a line may say of them."""

    def __init__(self, expected: Iterable[Expected]) -> None:
        self.by_serial = defaultdict[str, list[Waiting]](list)
        self.by_enterprise = defaultdict[str, list[Waiting]](list)
        self.by_payer = defaultdict[str, list[Waiting]](list)
        self.by_amount = defaultdict[int, list[Waiting]](list)
        self.by_core = defaultdict[str, list[Waiting]](list)
        self.by_start = defaultdict[str, set[str]](set)
        for _, each in sorted({each.id: each for each in expected}.items()):
            self._enter(_waiting(each))

    def _enter(self, each: Waiting) -> None:
        self.by_serial[each.serial].append(each)
        self.by_enterprise[each.enterprise].append(each)
        self.by_payer[each.payer].append(each)
        self.by_core[each.core[:SHORTEST_CORE]].append(each)
        self.by_start[each.enterprise[:_NAME_START]].add(each.enterprise)
        for amount in {each.said.declared, each.said.due}:
            self.by_amount[amount].append(each)

    def seen(self, line: StatementLine) -> Seen:
        remark = fold(line.remark).translate(_ROUND_BRACKETS)
        return Seen(
            line, folded_name(line.payer), _serial(line.serial), remark, self._named_in(remark),
            _topics(remark), _years(remark),
        )  # fmt: skip

    def _named_in(self, remark: str) -> frozenset[str]:
        """Of two names that begin at the same place, the longer."""
        found = set()
        at = 0
        while at < len(remark):
            beginning = self.by_start.get(remark[at : at + _NAME_START], ())
            here = max((name for name in beginning if remark.startswith(name, at)), key=len, default="")
            found |= {here} - {""}
            at += len(here) or 1
        return frozenset(found)

    def options(self, seen: Seen) -> list[Option]:
        """Every way in which the line may have been meant, the best first. Their amounts add up to the line's."""
        links = self.linked(seen)
        found = [Option(seen, (each,), frozenset(links[each])) for each in links if _pays(seen.line, each)]
        of_one = defaultdict[str, list[Waiting]](list)
        for each in links:
            of_one[each.enterprise].append(each)
        for together in of_one.values():
            found.extend(_together(seen, together, links))
        return sorted(found, key=lambda option: option.order)

    def linked(self, seen: Seen) -> dict[Waiting, set[Link]]:
        links = defaultdict[Waiting, set[Link]](set)
        for link, found in self._pointed_at(seen):
            for each in found:
                links[each].add(link)
        return links

    def _pointed_at(self, seen: Seen) -> Iterator[tuple[Link, Iterable[Waiting]]]:
        """A short form or a mention counts only where no full name says who it is."""
        if seen.serial:
            yield Link.SERIAL, self.by_serial.get(seen.serial, ())
        if seen.payer:
            yield Link.ENTERPRISE, self.by_enterprise.get(seen.payer, ())
            yield Link.PAYER, self.by_payer.get(seen.payer, ())
        if seen.payer and not self._knows(seen.payer):
            yield Link.SIMILAR, self._similar(core(seen.payer))
        for name in seen.named:
            yield Link.NAMED, self.by_enterprise[name]
        if not seen.named:
            yield Link.MENTIONED, self._mentioned(seen)

    def _knows(self, name: str) -> bool:
        return name in self.by_enterprise

    def _similar(self, payer: str) -> Iterator[Waiting]:
        return (each for each in self.by_core.get(payer[:SHORTEST_CORE], ()) if may_be_short_for(payer, each.core))

    def _mentioned(self, seen: Seen) -> Iterator[Waiting]:
        """Whose distinctive beginning the remark contains; one that the payer shares says nothing about others."""
        own = core(seen.payer)[:SHORTEST_CORE] if self._knows(seen.payer) else ""
        for at in range(len(seen.remark) - SHORTEST_CORE + 1):
            piece = seen.remark[at : at + SHORTEST_CORE]
            if piece != own:
                yield from self.by_core.get(piece, ())


def _waiting(expected: Expected) -> Waiting:
    enterprise = folded_name(expected.enterprise)
    told = fold("，".join((expected.remark, *expected.services)))
    return Waiting(
        expected, enterprise, folded_name(expected.payer), core(enterprise), _serial(expected.serial),
        _topics(told), _years(told),
    )  # fmt: skip


def _serial(text: str) -> str:
    folded = fold(text)
    return folded if len(folded) >= _SHORTEST_SERIAL else ""


def _topics(text: str) -> frozenset[str]:
    return frozenset(topic for topic, words in _TOPICS.items() if any(word in text for word in words))


def _years(text: str) -> frozenset[str]:
    return frozenset(_YEAR.findall(text))


def _pays(line: StatementLine, each: Waiting) -> bool:
    return line.amount in (each.said.declared, each.said.due)


def _together(seen: Seen, of_one: list[Waiting], links: dict[Waiting, set[Link]]) -> Iterator[Option]:
    """Two and more payments of one enterprise whose declared amounts add up to the line's."""
    if len(of_one) > MOST_TOGETHER:
        return
    for size in range(2, len(of_one) + 1):
        for some in combinations(sorted(of_one, key=lambda each: each.said.id), size):
            shared = frozenset.intersection(*(frozenset(links[each]) for each in some))
            if shared and sum(each.said.declared for each in some) == seen.line.amount:
                yield Option(seen, some, shared)
