"""Promise 9: money is integer fen and counts once: what is confirmed is booked, and a year's dues are one join's."""

from collections import Counter
from collections.abc import Iterator

from chalicelib.rules.guards import RECEIPT_SLOT
from chalicelib.rules.records import Application, MaterialFile, MembershipYear, Payment, PaymentStatus
from chalicelib.rules.vocabulary import Service, State
from tests.faults.promises.case import Case


def money_counts_once(case: Case) -> Iterator[str]:
    payments = case.seen.records(Payment)
    for application in case.seen.records(Application):
        yield from (f"{application.id}: {told}" for told in _miscounted(application, payments))
    yield from _years(case)
    yield from _no_fen(case)
    for payment in payments:
        receipts = [f for f in case.seen.records(MaterialFile) if f.id == payment.receipt and f.slot == RECEIPT_SLOT]
        if payment.receipt is not None and len(receipts) != 1:
            yield f"the receipt of {payment.id} is gone"


def _miscounted(application: Application, payments: list[Payment]) -> Iterator[str]:
    own = [each for each in payments if application.id in each.applications]
    booked = sum(each.due for each in own if each.status is PaymentStatus.CONFIRMED)
    if application.paid != booked:
        yield f"{application.paid} booked, {booked} confirmed"
    checking = [each for each in own if each.status is PaymentStatus.CHECKING]
    if (application.state is State.PAYMENT_CHECKED) != (len(checking) == 1):
        yield f"it is {application.state} with {len(checking)} payments to check"


def _years(case: Case) -> Iterator[str]:
    """Each join that is completed has paid its one year, and nothing else has."""
    years = case.seen.records(MembershipYear)
    booked = Counter((each.application, each.amount) for each in years)
    joins = [each for each in case.seen.records(Application) if each.service is Service.JOIN]
    earned = Counter((each.id, each.amount_due) for each in joins if each.state is State.COMPLETED)
    if booked != earned:
        yield f"dues of {dict(booked - earned)} are too many, of {dict(earned - booked)} too few"


def _no_fen(case: Case) -> Iterator[str]:
    amounts = [
        *((each.id, (each.paid, each.amount_due or 0)) for each in case.seen.records(Application)),
        *((each.id, (each.amount, each.due, each.received or 0)) for each in case.seen.records(Payment)),
        *((each.application, (each.amount,)) for each in case.seen.records(MembershipYear)),
    ]
    for whose, found in amounts:
        yield from (f"{whose}: {each!r} is no number of fen" for each in found if type(each) is not int)
