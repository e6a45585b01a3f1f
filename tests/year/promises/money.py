"""Promise 9: no fen is lost or counted twice; what was received truly came, and is booked, credit or refunded."""

from collections import Counter
from collections.abc import Iterator

from chalicelib.rules.payments import amount_due
from chalicelib.rules.records import (
    Application,
    BankLine,
    Credit,
    Entry,
    LineStatus,
    MembershipYear,
    Movement,
    Payment,
    PaymentStatus,
)
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Action, Service, State
from tests.year.promises.seen import Seen
from tests.year.town import FINANCE

Dues = tuple[str, int | None, int | None]  # which application has paid which year with how many fen
ABOUT_DUES = (Service.JOIN, Service.DUES, Service.DUES_WITH_CHANGES)


def money_counts_once(seen: Seen) -> Iterator[str]:
    yield from _payments(seen)
    yield from _applications(seen)
    yield from _credit(seen)
    yield from _altogether(seen)
    yield from _years(seen)
    yield from _lines(seen)


def _confirmed(payment: Payment) -> int:
    return sum(each.due for each in payment.allotments if each.status is PaymentStatus.CONFIRMED)


def _payments(seen: Seen) -> Iterator[str]:
    for each in seen.payments.values():
        if each.received is not None and each.received != _confirmed(each) + each.credited:
            yield f"{each.id}: {each.received} received, {_confirmed(each)} booked, {each.credited} credited"
        came = seen.town.books.arrived.get(each.id)
        if each.received is not None and each.received != came:
            yield f"{each.id}: {each.received} received, and {came} came"
        if (each.received is not None) != (each.id in seen.town.books.confirmed):
            yield f"{each.id}: {each.received} received without finance's word"


def _applications(seen: Seen) -> Iterator[str]:
    booked: Counter[str] = Counter()
    checking: Counter[str] = Counter()
    for allotment in (each for payment in seen.payments.values() for each in payment.allotments):
        booked[allotment.application] += allotment.due if allotment.status is PaymentStatus.CONFIRMED else 0
        checking[allotment.application] += allotment.status is PaymentStatus.CHECKING
    for each in seen.applications.values():
        if each.paid != booked[each.id]:
            yield f"{each.id}: {each.paid} paid, {booked[each.id]} confirmed"
        if each.state is State.COMPLETED and each.paid != (each.amount_due or 0):
            yield f"{each.id}: completed with {each.paid} of {each.amount_due} booked"
        early = TABLE[each.service].receipt_first and each.state in (State.DRAFT, State.IN_REVIEW)
        waits = each.state is State.PAYMENT_CHECKED or (early and checking[each.id] > 0)
        if not each.state.final and waits != (checking[each.id] == 1):
            yield f"{each.id} is {each.state} with {checking[each.id]} payments to check"


def _credit(seen: Seen) -> Iterator[str]:
    moved: Counter[str] = Counter()
    for each in seen.all(Movement):
        moved[each.owner] += each.amount
    for credit in seen.all(Credit):
        if credit.balance != moved.pop(credit.owner, 0) or credit.balance < 0:
            yield f"the credit of {credit.owner} is {credit.balance}, which is not what moved"
    yield from (f"{amount} fen moved for {owner}, who has no credit" for owner, amount in moved.items() if amount)


def _altogether(seen: Seen) -> Iterator[str]:
    received = sum(each.received or 0 for each in seen.payments.values())
    paid = sum(each.paid for each in seen.applications.values())
    credit = sum(each.balance for each in seen.all(Credit))
    refunded = -sum(each.amount for each in seen.all(Movement) if each.actor == FINANCE.id and each.payment is None)
    if received != paid + credit + refunded:
        yield f"{received} received, {paid} booked, {credit} credit, {refunded} refunded"


# --- the right amount -------------------------------------------------------------------------------------------------


def _years(seen: Seen) -> Iterator[str]:
    years = seen.all(MembershipYear)
    booked: Counter[Dues] = Counter((each.application, each.year, each.amount) for each in years)
    dues = (each for each in seen.completed if each.service in ABOUT_DUES and each.amount_due != 0)
    earned: Counter[Dues] = Counter((each.id, each.year, _fee_when_it_fell_due(seen, each)) for each in dues)
    if booked != earned:
        yield f"dues of {dict(booked - earned)} are too many, of {dict(earned - booked)} too few"
    for each in years:
        wanted = _year_of(seen, each)
        if each.year not in wanted:
            yield f"{each.application} has paid {each.year}, and was put in for {sorted(wanted)}"


def _fee_when_it_fell_due(seen: Seen, application: Application) -> int | None:
    """On the last approval; where the receipt comes with the application, when the one that counts was put in."""
    history = seen.histories[application.id]
    moment = max(each.at for each in history if each.action is Action.APPROVE)
    if TABLE[application.service].receipt_first and application.payment:
        moment = seen.payments[application.payment].submitted_at
    return amount_due(seen.town.fees, "dues", moment.date())


def _year_of(seen: Seen, booked: MembershipYear) -> set[int]:
    """Its own year's, when it was put in; in December, with that paid, the next one's."""
    application = seen.applications[booked.application]
    entries: list[Entry] = seen.histories[application.id]
    put_in = Action.PAY if application.service is Service.JOIN else Action.SUBMIT
    moments = [each.at for each in entries if each.action is put_in]
    paid = {each.year: each.at for each in seen.years[booked.enterprise]}
    return {
        moment.year + (moment.month == 12 and moment.year in paid and paid[moment.year] < moment) for moment in moments
    }


def only_what_is_true_is_sure(seen: Seen) -> Iterator[str]:
    """Of what was proposed for lines of bank statements, as finance saw it before it booked."""
    yield from seen.town.falsely_sure


# --- the bank ---------------------------------------------------------------------------------------------------------


def _lines(seen: Seen) -> Iterator[str]:
    lines = seen.all(BankLine)
    for what, times in (Counter(e.identity for e in lines) + Counter(e.serial for e in lines)).items():
        if times > 1:
            yield f"a bank line counts {times} times: {what}"
    booked = {payment: line for line in lines for payment in line.payments}
    for line in lines:
        paid = [seen.payments[each] for each in line.payments]
        if (line.status is LineStatus.BOOKED) != bool(paid):
            yield f"line {line.id} is {line.status} for {line.payments}"
        undone = any(a.status is PaymentStatus.UNDONE for each in paid for a in each.allotments)
        if paid and not undone and sum(each.received or 0 for each in paid) != line.amount:
            yield f"line {line.id} of {line.amount} is booked for something else"
    for each in seen.payments.values():
        if each.line != (booked[each.id].id if each.id in booked else None):
            yield f"{each.id} names line {each.line}, which does not name it"
