"""The outbox: work promised in a transaction goes to a queue, is done once, and marked; what fails is kept."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from chalicelib.operations.audit import noted
from chalicelib.operations.carriers import Undeliverable
from chalicelib.operations.commands import Absent, Deed, Order, once, settle
from chalicelib.operations.issuing import issue
from chalicelib.operations.outgoing import send_mail, send_notice
from chalicelib.operations.ports import Asked, Conflict, Insert, Page, Ports, Replace
from chalicelib.rules.records import Application, OutboxRow, OutboxStatus, Work
from chalicelib.rules.vocabulary import Reason, Refused, State

WORK: dict[Work, Callable[..., None]] = {
    Work.ISSUE: issue,
    Work.MAIL: send_mail,
    Work.NOTICE: send_notice,
}


LEFT_TO_THE_QUEUE = timedelta(hours=2)


def dispatch(ports: Ports, row: str) -> None:
    """Hands a pending row to its queue, unless that has been done. Twice is harmless: the worker finds it done."""
    found = take(ports, row)
    if found is not None and found.handed_at is None:
        hand_on(ports, found)


def hand_on(ports: Ports, row: OutboxRow) -> None:
    """Sends, then notes it: lost in between, the sweeper sends once more."""
    ports.queues.send(row.work, row.id)
    with suppress(Conflict):
        ports.records.commit(Replace(row, row.changed(handed_at=ports.clock.now())))


def is_overdue(row: OutboxRow, now: datetime) -> bool:
    """A queue tries five times over more than an hour when a carrier says to slow down: until then it has the row."""
    return row.handed_at is None or row.handed_at + LEFT_TO_THE_QUEUE < now


def take(ports: Ports, row: str) -> OutboxRow | None:
    """The row while its work is still to be done; None when it is unknown, done, or waiting for a person."""
    found = ports.records.get(OutboxRow, row)
    return found if found is not None and found.status is OutboxStatus.PENDING else None


def work(ports: Ports, row: str) -> None:
    """Does the row's work and marks it done.

    What the work raises goes back to the queue, which asks again; what no further try can mend waits for a person.
    """
    found = take(ports, row)
    if found is None:
        return
    try:
        WORK[found.work](ports, *found.subject)
    except Undeliverable as final:
        _mark(ports, found, OutboxStatus.DEAD, f"{type(final).__name__}: {final}")
    else:
        done(ports, found)


def done(ports: Ports, row: OutboxRow) -> None:
    _mark(ports, row, OutboxStatus.DONE, None)


def bury(ports: Ports, row: str, trouble: str) -> None:
    """The queue has given up: the row waits for a person, with what went wrong."""
    found = take(ports, row)
    if found is not None:
        _mark(ports, found, OutboxStatus.DEAD, trouble)


def _mark(ports: Ports, row: OutboxRow, status: OutboxStatus, trouble: str | None) -> None:
    """Where the row has moved on meanwhile, its present version is marked, unless that is settled already."""

    def deed() -> Deed | None:
        found = ports.records.get(OutboxRow, row.id)
        if found is None or found.status is not OutboxStatus.PENDING:
            return None
        return Deed((Replace(found, found.changed(status=status, trouble=trouble)),), row.id)

    settle(ports, deed)


def ask_again(ports: Ports, row: OutboxRow) -> None:
    """Work that came to nothing, such as a certificate held back, is pending once more; also when long forgotten."""
    found = ports.records.get(OutboxRow, row.id)
    if found is not None and found.status is not OutboxStatus.DONE:
        return
    again = Insert(row) if found is None else Replace(found, _anew(found))
    with suppress(Conflict):
        ports.records.commit(again)


def _anew(row: OutboxRow) -> OutboxRow:
    return row.changed(status=OutboxStatus.PENDING, trouble=None, handed_at=None)


# --- dead letters, for staff ------------------------------------------------------------------------------------------


def dead_letters(ports: Ports, asked: Asked) -> Page[OutboxRow]:
    return ports.records.outbox(OutboxStatus.DEAD, asked)


def row(ports: Ports, identity: str) -> OutboxRow:
    found = ports.records.get(OutboxRow, identity)
    if found is None:
        raise Absent
    return found


def redrive(ports: Ports, order: Order, row: str) -> str:
    """Tries a dead letter again: it is pending once more, and the stream hands it to its queue."""
    return _settled_by_staff(ports, order, row, "redrive", "", _anew)


def discard(ports: Ports, order: Order, row: str, reason: str) -> str:
    """Lays a dead letter aside for good, with a reason."""
    if not reason.strip():
        raise Refused(Reason("reason_required", "作废待办消息必须写明理由。", "请写明理由后再提交。", "reason"))

    def laid_aside(found: OutboxRow) -> OutboxRow:
        _nobody_waits_for_it(ports, found)
        return found.changed(status=OutboxStatus.DONE)

    return _settled_by_staff(ports, order, row, "discard", reason.strip(), laid_aside)


def _nobody_waits_for_it(ports: Ports, row: OutboxRow) -> None:
    """A certificate that was paid for cannot be laid aside: the application would stay in 制证中 for ever."""
    application = ports.records.get(Application, row.subject[0]) if row.work is Work.ISSUE else None
    if application is not None and application.state is State.BEING_MADE:
        told = "这宗业务仍在制证中，申请人在等证书。"
        raise Refused(Reason("still_being_made", told, "请排除故障后重新发送，或由制证人员退回申请并写明理由。"))


def _settled_by_staff(
    ports: Ports, order: Order, row: str, deed_name: str, reason: str, after: Callable[[OutboxRow], OutboxRow]
) -> str:
    def deed() -> Deed:
        found = ports.records.get(OutboxRow, row)
        if found is None:
            raise Absent
        if found.status is not OutboxStatus.DEAD:
            raise Refused(Reason("not_dead", "这条消息不在待人工处理之列。", "请刷新列表。"))
        entry = noted(ports, order.actor.id, f"outbox:{row}", deed_name, reason)
        return Deed((Replace(found, after(found)), entry), row)

    return once(ports, order, deed)
