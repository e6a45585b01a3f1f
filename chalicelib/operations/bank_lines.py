"""Lines of bank statements: proposed for the payments that wait, booked with them, set aside and taken back.

A proposal is only ever looked at. What books a line is finance confirming payments with it, and a line is booked once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from chalicelib.operations.audit import noted, reason_given
from chalicelib.operations.by_the_clock import every
from chalicelib.operations.commands import Absent, Deed, Order, once, unchanged_since
from chalicelib.operations.ports import Asked, Change, Page, Ports, Replace
from chalicelib.operations.statements import shown, statement_of
from chalicelib.rules.payments import yuan
from chalicelib.rules.records import (
    Application,
    BankLine,
    LineStatus,
    Payment,
    PaymentMethod,
    PaymentStatus,
)
from chalicelib.rules.statement_matching import NEAR_DAYS, Certainty, Expected, Proposal, proposals
from chalicelib.rules.statements import StatementLine
from chalicelib.rules.vocabulary import Actor, Reason, Refused

MOST_WAITING = 2_000
PAGE = 100


@dataclass(frozen=True)
class Looked:
    """A line with what is proposed for it; nothing is for one that is settled."""

    line: BankLine
    proposal: Proposal | None = None


# --- proposals --------------------------------------------------------------------------------------------------------


def proposed(ports: Ports, actor: Actor, statement: str, asked: Asked) -> Page[Looked]:
    """One page of a statement's lines, each open one with its proposal.

    Every page weighs all open lines of the statement (at most 5,000) against all transfers that wait (at most 2,000),
    since a doubt about one line may come from any other: about 100 reads, whatever the association's size, and what
    finance decided since the earliest line that would be sure. Lines of other statements are not weighed. The lines
    are as `statements.shown` shows them. Raises Absent, BadPosition, and Refused where more transfers wait than can be
    weighed: what is not looked at might have been the better one.
    """
    statement_of(ports, statement)
    page = ports.records.lines_of(statement, asked)
    every_line = every(lambda where: ports.records.lines_of(statement, where), PAGE)
    open_ = [_as_read(ports.records.opened(each)) for each in every_line if each.status is LineStatus.OPEN]
    found = {each.line.identity: each for each in _weighed(ports, open_)} if open_ else {}
    looked = (Looked(shown(ports, actor, each), _unless_settled(each, found)) for each in page.items)
    return Page(tuple(looked), page.next)


def _unless_settled(line: BankLine, found: Mapping[str, Proposal]) -> Proposal | None:
    return found.get(line.identity) if line.status is LineStatus.OPEN else None


def _as_read(line: BankLine) -> StatementLine:
    return StatementLine(
        number=line.number, paid_on=line.paid_on, amount=line.amount, payer=line.payer.plain or "", serial=line.serial,
        remark=line.remark.plain or "", identity=line.identity, returned=line.returned,
    )  # fmt: skip


def _weighed(ports: Ports, lines: list[StatementLine]) -> tuple[Proposal, ...]:
    """What is sure is asked once more, beside what finance decided without a line: that may have been this money."""
    waiting = _waiting(ports)
    expected = _expected(ports, waiting)
    found = proposals(lines, expected)
    sure = [each.line.paid_on for each in found if each.certainty is Certainty.SURE]
    return proposals(lines, expected, _expected(ports, _decided(ports, waiting, min(sure)))) if sure else found


def _decided(ports: Ports, waiting: list[Payment], since: date) -> list[Payment]:
    """Transfers that wait no longer and may be on a line of a day since then: by day, and by a serial number typed
    twice, however long ago.
    """
    today = ports.clock.today()
    days = [today - timedelta(days=back) for back in range((today - since).days + NEAR_DAYS + 1)]
    of_days = (each for day in days for each in every(partial(ports.records.payments_decided, day), PAGE))
    twins = dict.fromkeys(twin for each in waiting for twin in each.twins)
    seen_before = ports.records.get_many(*((Payment, (each,)) for each in twins)) if twins else ()
    listed = {each.id: each for each in (*of_days, *seen_before) if isinstance(each, Payment)}
    return [each for each in listed.values() if _may_be_on_a_line(each)]


def _may_be_on_a_line(payment: Payment) -> bool:
    """Of what was confirmed, and undone since, nothing came."""
    decided = payment.status is not PaymentStatus.CHECKING and payment.received != 0
    return decided and payment.method is PaymentMethod.TRANSFER and payment.line is None


def _expected(ports: Ports, waiting: list[Payment]) -> tuple[Expected, ...]:
    named = dict.fromkeys(each for payment in waiting for each in payment.applications)
    found = ports.records.get_many(*((Application, (each,)) for each in named)) if named else ()
    applications = {each.id: each for each in found if isinstance(each, Application)}
    return tuple(
        _said(payment, [applications[each] for each in payment.applications if each in applications])
        for payment in waiting
    )


def _waiting(ports: Ports) -> list[Payment]:
    waiting: list[Payment] = []
    for each in every(lambda asked: ports.records.payments_in(PaymentStatus.CHECKING, asked), PAGE):
        if each.method is PaymentMethod.TRANSFER:
            waiting.append(each)
        if len(waiting) > MOST_WAITING:
            told = f"待核账的转账超过 {MOST_WAITING} 笔，无法逐一比对。"
            raise Refused(Reason("too_many_waiting", told, "请先在核账列表中逐笔核账，减少后再查看匹配建议。"))
    return waiting


def _said(payment: Payment, applications: list[Application]) -> Expected:
    services = [each.service.chinese for each in applications]
    years = [f"{each.year}年" for each in applications if each.year]
    came = payment.received  # of one that is decided; a line shows this, whatever was declared
    return Expected(
        id=payment.id, due=came or payment.due, declared=came or payment.amount, payer=payment.payer,
        enterprise=next((each.title for each in applications), ""), paid_on=payment.paid_on,
        serial=payment.bank_serial, remark=payment.remark, services=tuple(dict.fromkeys(services + years)),
    )  # fmt: skip


# --- booking ----------------------------------------------------------------------------------------------------------


def line_booked(
    ports: Ports, actor: Actor, line: str | None, received: Mapping[str, int], at: datetime
) -> tuple[Change, ...]:
    """The line as booked for these payments, to commit with them. Raises Absent, Refused."""
    if line is None:
        return ()
    found = line_of(ports, line)
    _still_open(found)
    total = sum(received.values())
    if found.amount != total:
        told = f"对账单这一行为 {yuan(found.amount)}，所填实收合计 {yuan(total)}，不一致。"
        next_step = "请核对所选的行和各笔实收金额；多笔缴费合并转账的，请一次选齐。"
        raise Refused(Reason("line_amount_differs", told, next_step, "received"))
    booked = found.changed(status=LineStatus.BOOKED, payments=tuple(received), settled_by=actor.id, settled_at=at)
    return (Replace(found, booked),)


def line_of(ports: Ports, line: str) -> BankLine:
    """By its id alone, which begins with its statement's. Raises Absent."""
    found = ports.records.get(BankLine, line.rpartition(".")[0], line)
    if found is None:
        raise Absent
    return found


def _still_open(line: BankLine) -> None:
    if line.status is not LineStatus.OPEN:
        told = f"对账单这一行现为“{line.status.chinese}”，不能再入账或搁置。"
        raise Refused(Reason("line_settled", told, "请刷新对账单；搁置有误的，可先取回。", "line"))


# --- not ours ---------------------------------------------------------------------------------------------------------


def set_aside(ports: Ports, order: Order, line: str, seen: int, reason: str) -> str:
    """The line pays nothing that waits here (rent, interest, by mistake): said why, and no longer proposed.

    Answers the line's id. Raises Absent, Refused.
    """
    why = reason_given(reason, "搁置一行入账必须写明理由。", "请写明款项的性质或去向。")

    def aside(found: BankLine) -> BankLine:
        _still_open(found)
        at, by = ports.clock.now(), order.actor.id
        return found.changed(status=LineStatus.SET_ASIDE, reason=why, settled_by=by, settled_at=at)

    return _moved(ports, order, line, seen, "set_aside", aside)


def take_back(ports: Ports, order: Order, line: str, seen: int) -> str:
    """What was set aside waits again. Answers the line's id. Raises Absent, Refused."""

    def back(found: BankLine) -> BankLine:
        if found.status is not LineStatus.SET_ASIDE:
            told = f"对账单这一行现为“{found.status.chinese}”，没有搁置。"
            raise Refused(Reason("line_not_set_aside", told, "请刷新对账单。", "line"))
        return found.changed(status=LineStatus.OPEN, reason=None, settled_by=None, settled_at=None)

    return _moved(ports, order, line, seen, "take_back", back)


def _moved(
    ports: Ports, order: Order, line: str, seen: int, deed_name: str, change: Callable[[BankLine], BankLine]
) -> str:
    def deed() -> Deed:
        before = line_of(ports, line)
        after = change(before)
        unchanged_since(seen, before.version)
        entry = noted(ports, order.actor.id, f"line:{line}", deed_name, after.reason or "")
        return Deed((Replace(before, after), entry), line)

    return once(ports, order, deed)
