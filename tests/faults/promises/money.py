"""Promise 9: money is integer fen and counts once: what is confirmed is booked, and a year's dues are one join's."""

from collections import Counter
from collections.abc import Iterator

from chalicelib.rules.guards import RECEIPT_SLOT
from chalicelib.rules.records import (
    Application,
    BankLine,
    Credit,
    Invoice,
    MaterialFile,
    MembershipYear,
    Movement,
    Payment,
    PaymentStatus,
)
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Service, State
from tests.faults.promises.case import Case

ABOUT_DUES = (Service.JOIN, Service.DUES, Service.DUES_WITH_CHANGES)


def money_counts_once(case: Case) -> Iterator[str]:
    payments = case.seen.records(Payment)
    for application in case.seen.records(Application):
        yield from (f"{application.id}: {told}" for told in _miscounted(application, payments))
    yield from _years(case)
    yield from _no_fen(case)
    yield from _credit(case, payments)
    for payment in payments:
        receipts = [f for f in case.seen.records(MaterialFile) if f.id == payment.receipt and f.slot == RECEIPT_SLOT]
        if payment.receipt is not None and len(receipts) != 1:
            yield f"the receipt of {payment.id} is gone"


def _miscounted(application: Application, payments: list[Payment]) -> Iterator[str]:
    own = [each for payment in payments for each in payment.allotments if each.application == application.id]
    booked = sum(each.due for each in own if each.status is PaymentStatus.CONFIRMED)
    if application.paid != booked:
        yield f"{application.paid} booked, {booked} confirmed"
    if application.state is State.COMPLETED and application.paid != (application.amount_due or 0):
        yield f"completed with {application.paid} of {application.amount_due} booked"
    checking = [each for each in own if each.status is PaymentStatus.CHECKING]
    early = TABLE[application.service].receipt_first and application.state in (State.DRAFT, State.IN_REVIEW)
    waits = application.state is State.PAYMENT_CHECKED or (early and bool(checking))
    if not application.state.final and waits != (len(checking) == 1):
        yield f"it is {application.state} with {len(checking)} payments to check"


def _credit(case: Case, payments: list[Payment]) -> Iterator[str]:
    """What was received is booked, or is credit; what moved in and out of it is what is left of it."""
    for payment in payments:
        booked = sum(each.due for each in payment.allotments if each.status is PaymentStatus.CONFIRMED)
        if (payment.received or 0) < 0:
            yield f"{payment.id}: less than nothing was received, {payment.received}"
        if payment.received is not None and payment.received != booked + payment.credited:
            yield f"{payment.id}: {payment.received} received, {booked} booked, {payment.credited} credited"
    moved = Counter[str]()
    for each in case.seen.records(Movement):
        moved[each.owner] += each.amount
    for credit in case.seen.records(Credit):
        if credit.balance != moved.pop(credit.owner, 0) or credit.balance < 0:
            yield f"the credit of {credit.owner} is {credit.balance}, which is not what moved"
    yield from (f"{amount} fen moved for {owner}, who has no credit" for owner, amount in moved.items() if amount)


def _years(case: Case) -> Iterator[str]:
    """Each application about dues that is completed has paid its one year, and nothing else has."""
    years = case.seen.records(MembershipYear)
    booked = Counter((each.application, each.amount) for each in years)
    dues = [each for each in case.seen.records(Application) if each.service in ABOUT_DUES]
    done = [each for each in dues if each.state is State.COMPLETED and each.amount_due != 0]
    earned = Counter((each.id, each.amount_due) for each in done)
    if booked != earned:
        yield f"dues of {dict(booked - earned)} are too many, of {dict(earned - booked)} too few"


def _no_fen(case: Case) -> Iterator[str]:
    amounts = [
        *((each.id, (each.paid, each.amount_due or 0)) for each in case.seen.records(Application)),
        *((each.id, (each.amount, each.due, each.received or 0)) for each in case.seen.records(Payment)),
        *((each.id, (each.credited, *(every.due for every in each.allotments))) for each in case.seen.records(Payment)),
        *((each.application, (each.amount,)) for each in case.seen.records(MembershipYear)),
        *((each.owner, (each.balance,)) for each in case.seen.records(Credit)),
        *((each.id, (each.amount,)) for kind in (Movement, Invoice, BankLine) for each in case.seen.records(kind)),
    ]
    for whose, found in amounts:
        yield from (f"{whose}: {each!r} is no number of fen" for each in found if type(each) is not int)
