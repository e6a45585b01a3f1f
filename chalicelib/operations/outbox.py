"""The outbox: work promised in a transaction goes to a queue, is done once, and marked; what fails is kept."""

from collections.abc import Callable

from chalicelib.operations.carriers import Undeliverable
from chalicelib.operations.commands import Absent, Deed, Order, once
from chalicelib.operations.issuing import issue
from chalicelib.operations.outgoing import send_mail, send_notice
from chalicelib.operations.ports import Asked, Conflict, Insert, Page, Ports, Replace
from chalicelib.rules.records import AuditEntry, OutboxRow, OutboxStatus, Work
from chalicelib.rules.vocabulary import Reason, Refused

WORK: dict[Work, Callable[..., None]] = {
    Work.ISSUE: issue,
    Work.MAIL: send_mail,
    Work.NOTICE: send_notice,
}


def dispatch(ports: Ports, row: str) -> None:
    """Hands a pending row to its queue. Twice is harmless: the worker finds it done."""
    found = take(ports, row)
    if found is not None:
        ports.queues.send(found.work, found.id)


def take(ports: Ports, row: str) -> OutboxRow | None:
    """The row while its work is still to be done; None when it is unknown, done, or waiting for a person."""
    found = ports.records.get(OutboxRow, row)
    return found if found is not None and found.status is OutboxStatus.PENDING else None


def work(ports: Ports, row: str) -> None:
    """Does the row's work and marks it done. What the work raises goes back to the queue, which asks again;

    what no further try can mend waits for a person at once.
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
    """Somebody else may have marked it meanwhile: then it is as good as marked."""
    try:
        ports.records.commit(Replace(row, row.changed(status=status, trouble=trouble)))
    except Conflict:
        return


def ask_again(ports: Ports, row: str) -> None:
    """Work that was done and came to nothing, such as a certificate held back, is pending once more."""
    found = ports.records.get(OutboxRow, row)
    if found is not None and found.status is OutboxStatus.DONE:
        _mark(ports, found, OutboxStatus.PENDING, None)


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
    return _settled_by_staff(ports, order, row, OutboxStatus.PENDING, "redrive", "")


def discard(ports: Ports, order: Order, row: str, reason: str) -> str:
    """Lays a dead letter aside for good, with a reason."""
    if not reason.strip():
        raise Refused(Reason("reason_required", "作废待办消息必须写明理由。", "请写明理由后再提交。", "reason"))
    return _settled_by_staff(ports, order, row, OutboxStatus.DONE, "discard", reason.strip())


def _settled_by_staff(ports: Ports, order: Order, row: str, status: OutboxStatus, deed_name: str, reason: str) -> str:
    def deed() -> Deed:
        found = ports.records.get(OutboxRow, row)
        if found is None:
            raise Absent
        if found.status is not OutboxStatus.DEAD:
            raise Refused(Reason("not_dead", "这条消息不在待人工处理之列。", "请刷新列表。"))
        entry = AuditEntry(
            id=ports.ids.new("d"), subject=f"outbox:{row}", at=ports.clock.now(), actor=order.actor.id,
            deed=deed_name, reason=reason,
        )  # fmt: skip
        return Deed((Replace(found, found.changed(status=status)), Insert(entry)), row)

    return once(ports, order, deed)
