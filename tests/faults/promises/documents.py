"""Promise 9, as statements and invoices have it: a line counts once, an invoice only after completion, and once."""

from collections import Counter
from collections.abc import Iterator

from chalicelib.rules.records import (
    Application,
    BankLine,
    Claim,
    ClaimKind,
    Invoice,
    InvoiceStatus,
    LineStatus,
    Payment,
    PaymentStatus,
)
from chalicelib.rules.vocabulary import State
from tests.faults.promises.case import Case

STANDING = (InvoiceStatus.REQUESTED, InvoiceStatus.ISSUED)


# --- lines of bank statements -----------------------------------------------------------------------------------------


def lines_count_once(case: Case) -> Iterator[str]:
    lines = case.seen.records(BankLine)
    identities = Counter(each.identity for each in lines)
    yield from (f"one line of the bank's is there {times} times" for times in identities.values() if times > 1)
    guarded = {each.value: each.holder for each in case.seen.records(Claim) if each.kind is ClaimKind.BANK_LINE}
    if guarded != {each.identity: f"statement:{each.statement}" for each in lines}:
        yield "the guard rows of bank lines are not those of the lines"
    booked = {each.id: each for each in lines if each.status is LineStatus.BOOKED}
    found = [each for each in case.seen.records(Payment) if each.line is not None]
    yield from (f"{each.id} was found on {each.line}, which is not booked" for each in found if each.line not in booked)
    for line in booked.values():
        yield from _booked(line, [each for each in found if each.line == line.id])
    for line in lines:
        if line.status is not LineStatus.BOOKED and line.payments:
            yield f"{line.id} is {line.status} and has {line.payments}"


def _booked(line: BankLine, payments: list[Payment]) -> Iterator[str]:
    """For just those payments, and just its amount; what finance undid since may have left a payment."""
    if sorted(line.payments) != sorted(each.id for each in payments):
        yield f"{line.id} is booked for {line.payments}, and {[each.id for each in payments]} say so"
    allotments = [allotment for each in payments for allotment in each.allotments]
    undone = sum(each.due for each in allotments if each.status is PaymentStatus.UNDONE)
    less = line.amount - sum(each.received or 0 for each in payments)
    if not 0 <= less <= undone:
        yield f"{line.id} shows {line.amount}, and {line.amount - less} of it was received"


# --- invoices ---------------------------------------------------------------------------------------------------------


def invoices_are_earned(case: Case) -> Iterator[str]:
    applications = {each.id: each for each in case.seen.records(Application)}
    guarded = {each.value: each.holder for each in case.seen.records(Claim) if each.kind is ClaimKind.INVOICED}
    invoices = case.seen.records(Invoice)
    for invoice in invoices:
        if invoice.status is not InvoiceStatus.CANCELLED:
            yield from _unearned(invoice, [applications[each] for each in invoice.applications])
    on = [(each, f"invoice:{invoice.id}") for invoice in invoices if invoice.status in STANDING
          for each in invoice.applications]  # fmt: skip
    if sorted(on) != sorted(guarded.items()):
        yield f"applications stand on {on}, and their guard rows say {guarded}"
    numbers = Counter((each.document, each.number) for each in invoices if each.number)
    yield from (f"the number {number} was given {times} times" for number, times in numbers.items() if times > 1)


def _unearned(invoice: Invoice, applications: list[Application]) -> Iterator[str]:
    for each in applications:
        if each.state is not State.COMPLETED:
            yield f"{invoice.id} is for {each.id}, which is {each.state}"
    if invoice.amount != sum(each.paid for each in applications):
        yield f"{invoice.id} is for {invoice.amount}, and {[each.paid for each in applications]} was paid"
    if (invoice.status is InvoiceStatus.REQUESTED) != (invoice.number is None):
        yield f"{invoice.id} is {invoice.status} with the number {invoice.number}"
