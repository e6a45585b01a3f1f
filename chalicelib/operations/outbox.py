"""The outbox: work promised in a transaction goes to a queue, is done once, and marked; what fails is kept."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from chalicelib.operations.carriers import (
    LONGEST_WAIT,
    Failed,
    InHand,
    Misconfigured,
    NotDelivered,
    SlowDown,
    Undeliverable,
)
from chalicelib.operations.commands import Absent, Deed, settle
from chalicelib.operations.importing import received
from chalicelib.operations.issuing import issue
from chalicelib.operations.materials import erase
from chalicelib.operations.outgoing import seen_to_fail, send_mail, send_notice
from chalicelib.operations.ports import Busy, Change, Conflict, Insert, Ports, Replace
from chalicelib.operations.reminding import remind
from chalicelib.operations.renewing import renew
from chalicelib.operations.unread_statements import shown_as_failed
from chalicelib.rules.dead_letters import Cause, failed, given_up
from chalicelib.rules.records import OutboxRow, OutboxStatus, Work

WORK: dict[Work, Callable[..., None]] = {
    Work.ISSUE: issue,
    Work.MAIL: send_mail,
    Work.NOTICE: send_notice,
    Work.CHECK_UPLOAD: received,
    Work.ERASE: erase,
    Work.RENEW: renew,
    Work.REMIND: remind,
}
# The first that fits counts.
CAUSES: tuple[tuple[type[Exception], Cause], ...] = (
    (Misconfigured, Cause.MISCONFIGURED),
    (Undeliverable, Cause.REFUSED),
    (SlowDown, Cause.TOO_FAST),
    (Failed, Cause.NOT_TAKEN),
    (Busy, Cause.BUSY),
    (Conflict, Cause.OVERWRITTEN),
    (LookupError, Cause.MISSING),
    (Exception, Cause.BROKEN),
)
# How long a queue may have a row before it gives it up: its tries (maxReceiveCount), each with the time for which a
# message is hidden (infra/resources.yaml; a test holds them together), and the longest wait its carrier may ask for.
# Handed on again before that, the row would have two messages: what one says of it is not true of the other.
TRIES = 5
HIDDEN = timedelta(minutes=6)
LONGEST_WAITS: Mapping[Work, timedelta] = {Work.MAIL: SlowDown.retry_after, Work.NOTICE: LONGEST_WAIT}


def dispatch(ports: Ports, row: str) -> None:
    """Hands a pending row to its queue, unless that has been done. Twice is harmless: the worker finds it done."""
    found = take(ports, row)
    if found is not None and found.handed_at is None:
        hand_on(ports, found)


def hand_on(ports: Ports, row: OutboxRow) -> None:
    """Sends, then notes it, also where a fast worker has already left its mark: lost in between, the sweeper sends
    once more.
    """
    ports.queues.send(row.work, row.id, row.rounds)
    with suppress(Busy):
        _note_that_it_was_handed_on(ports, row)


def _note_that_it_was_handed_on(ports: Ports, row: OutboxRow) -> None:
    """On the row as it was read; where that has moved on, as it is now. One begun anew meanwhile was not handed on."""
    now = ports.clock.now()

    def deed() -> Deed | None:
        found = take(ports, row.id)
        if found is None or found.rounds != row.rounds:
            return None
        return Deed((Replace(found, found.changed(handed_at=now)),), row.id)

    try:
        ports.records.commit(Replace(row, row.changed(handed_at=now)))
    except Conflict:
        settle(ports, deed)


def is_overdue(row: OutboxRow, now: datetime) -> bool:
    """Never handed on, or so long ago that its queue must have lost it."""
    return row.handed_at is None or row.handed_at + left_to_the_queue(row.work) < now


def left_to_the_queue(work: Work) -> timedelta:
    """For certificates and uploads 2 hours, of which 5 tries take half; for mails as much; for notices, which may have
    to sleep until midnight more than once, two and a half days.
    """
    return max(timedelta(hours=2), TRIES * (HIDDEN + LONGEST_WAITS.get(work, timedelta(0))))


def take(ports: Ports, row: str) -> OutboxRow | None:
    """The row while its work is still to be done; None when it is unknown, done, or waiting for a person."""
    found = ports.records.get(OutboxRow, row)
    return found if found is not None and found.status is OutboxStatus.PENDING else None


def work(ports: Ports, row: str) -> None:
    """Does the row's work and marks it done; done before, or waiting for a person: nothing.

    What the work raises goes back to the queue, which asks again; what no further try can mend waits for a person.
    Raises Absent for a row that nobody has promised.
    """
    found = ports.records.get(OutboxRow, row)
    if found is None:
        raise Absent
    if found.status is OutboxStatus.PENDING:
        _try(ports, found)


def _try(ports: Ports, row: OutboxRow) -> None:
    try:
        WORK[row.work](ports, *row.subject)
    except InHand:
        raise  # nothing was tried: what went wrong before is still what staff should read
    except Undeliverable as final:
        _mark(ports, row, OutboxStatus.DEAD, why(row, final))
    except Exception as trouble:
        with suppress(Exception):  # what went wrong first is what counts
            _mark(ports, row, OutboxStatus.PENDING, why(row, trouble))
        raise
    else:
        done(ports, row)


def why(row: OutboxRow, trouble: Exception) -> str:
    """For staff. Of a carrier's error only its code is told, if it has one; of any other only the kind."""
    cause = next(cause for kind, cause in CAUSES if isinstance(trouble, kind))
    detail = trouble.code if isinstance(trouble, NotDelivered) else type(trouble).__name__
    return failed(row.work, cause, detail)


def done(ports: Ports, row: OutboxRow) -> None:
    _mark(ports, row, OutboxStatus.DONE, None)


def bury(ports: Ports, row: str, queue: str, rounds: int = 0) -> None:
    """The queue has given up: the row waits for a person, with what went wrong last.

    A message of an earlier round that comes late says nothing about this one. Raises Absent for an unknown row.
    """
    found = ports.records.get(OutboxRow, row)
    if found is None:
        raise Absent
    if found.status is OutboxStatus.PENDING and found.rounds <= rounds:
        _mark(ports, found, OutboxStatus.DEAD, given_up(found.work, queue, found.trouble))


def _mark(ports: Ports, row: OutboxRow, status: OutboxStatus, trouble: str | None) -> None:
    """Where the row has moved on meanwhile, its present version is marked, unless that is settled already.

    That it failed says nothing about a row that was begun anew meanwhile; that it is done does.
    """

    def deed() -> Deed | None:
        found = ports.records.get(OutboxRow, row.id)
        if found is None or found.status is not OutboxStatus.PENDING:
            return None
        if status is not OutboxStatus.DONE and found.rounds != row.rounds:
            return None
        if (found.status, found.trouble) == (status, trouble):
            return None
        given_up = _shown_as_failed(ports, found) if status is OutboxStatus.DEAD else ()
        return Deed((Replace(found, found.changed(status=status, trouble=trouble)), *given_up), row.id)

    settle(ports, deed)


def _shown_as_failed(ports: Ports, row: OutboxRow) -> tuple[Change, ...]:
    """To whoever waits for it: a mail or notice to its reader, a bank statement to finance."""
    unread = shown_as_failed(ports, *row.subject) if row.work is Work.CHECK_UPLOAD else ()
    return (*seen_to_fail(ports, row.work, row.subject), *unread)


def ask_again(ports: Ports, row: OutboxRow) -> None:
    """Work that came to nothing, such as a certificate held back, is pending once more; also when long forgotten."""
    found = ports.records.get(OutboxRow, row.id)
    if found is not None and found.status is not OutboxStatus.DONE:
        return
    again = Insert(row) if found is None else Replace(found, found.begun_anew())
    with suppress(Conflict):
        ports.records.commit(again)
