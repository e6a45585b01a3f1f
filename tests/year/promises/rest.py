"""Promise 11: left alone, the system comes to rest, and nothing waits for ever."""

from collections.abc import Iterator
from datetime import timedelta

from chalicelib.rules.records import (
    Application,
    MaterialFile,
    OutboxRow,
    OutboxStatus,
    Payment,
    PaymentStatus,
    Statement,
    StatementStatus,
)
from chalicelib.rules.vocabulary import FileStatus, State
from chalicelib.rules.workflow import waits_for_paper
from tests.year.promises.seen import Seen

A_DAY = timedelta(days=1)
LONGEST = {State.IN_REVIEW: 40, State.PAYMENT_CHECKED: 40, State.TO_BE_PAID: 94}  # days; staff have their weekends
AT_THE_PRESS = timedelta(days=12)  # until staff send back what no try brings out
QUEUE_LOST_IT = timedelta(days=6)  # twice, and the sweeper has handed it on again


def nothing_waits_for_ever(seen: Seen) -> Iterator[str]:
    yield from _promised(seen)
    for file in seen.all(MaterialFile):
        if file.status is FileStatus.WAITING and seen.now - file.requested_at > 2 * A_DAY:
            yield f"the file {file.id} waits since {file.requested_at}"
    for each in seen.applications.values():
        yield from _overdue(seen, each)
    yield from _money(seen)


def _promised(seen: Seen) -> Iterator[str]:
    """What was begun anew is younger than it says."""
    for row in seen.all(OutboxRow):
        if row.status is OutboxStatus.PENDING and row.rounds == 0 and seen.now - row.at > QUEUE_LOST_IT:
            yield f"{row.id} is pending since {row.at}"
        if row.status is OutboxStatus.DEAD and not row.trouble:
            yield f"{row.id} is dead, and nobody can read why"


def _money(seen: Seen) -> Iterator[str]:
    for payment in seen.all(Payment):
        if payment.status is PaymentStatus.CHECKING and seen.now - payment.submitted_at > 30 * A_DAY:
            yield f"{payment.id} is being checked since {payment.submitted_at}"
    for statement in seen.all(Statement):
        if statement.status is not StatementStatus.READ:
            yield f"the statement {statement.id} is {statement.status}"


def _overdue(seen: Seen, application: Application) -> Iterator[str]:
    longest = LONGEST.get(application.state)
    if longest is not None and seen.now - application.since > longest * A_DAY:
        yield f"{application.id} is {application.state} since {application.since}"
    made = application.state is State.BEING_MADE and not application.held_by and not waits_for_paper(application)
    if made and seen.now - application.since > AT_THE_PRESS:
        yield f"{application.id} is being made since {application.since}, and nothing is known to hold it"
