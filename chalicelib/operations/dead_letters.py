"""Dead letters: whatever no queue could do becomes a row that staff can see, try again, or lay aside with a reason.

Rows' ids derive from the event, so that a message buried twice, or late, changes nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from chalicelib.operations import unread_statements
from chalicelib.operations.audit import noted, reason_given
from chalicelib.operations.commands import Absent, Deed, Order, once, settle
from chalicelib.operations.materials import UNCHECKED, check_given_up, checked_again
from chalicelib.operations.outbox import why
from chalicelib.operations.ports import Asked, Change, Insert, Page, Ports, Replace
from chalicelib.rules.dead_letters import Oddity, given_up, unreadable
from chalicelib.rules.records import Application, MaterialFile, OutboxRow, OutboxStatus, Shelf, Work
from chalicelib.rules.vocabulary import FileStatus, Reason, Refused, State

FINGERPRINT = 12  # hexadecimal digits: enough to tell whether the same message comes again and again


def bury_upload(ports: Ports, file: str, queue: str) -> None:
    """The check of an uploaded file was given up. Nothing where it was checked meanwhile, or nobody asked for it."""
    letter = _unchecked(ports, file, given_up(Work.CHECK_UPLOAD, queue, None))
    if unread_statements.is_one(file):
        settle(ports, partial(_statement_buried, ports, file, letter))
    elif _was_never_checked(ports, file):
        _keep(ports, letter)


def _statement_buried(ports: Ports, file: str, letter: OutboxRow) -> Deed | None:
    failed = unread_statements.shown_as_failed(ports, file)
    known = ports.records.get(OutboxRow, letter.id)
    return Deed((*failed, *_told_anew(known, letter)), letter.id) if failed else None


def _was_never_checked(ports: Ports, file: str) -> bool:
    found = ports.records.get(MaterialFile, file.partition(".")[0], file)
    return found is not None and found.status is FileStatus.WAITING


def _unchecked(ports: Ports, file: str, told: str) -> OutboxRow:
    return _dead(ports, f"upload-{file}", Work.CHECK_UPLOAD, (file,), told)


def put_before_staff(ports: Ports, file: MaterialFile, trouble: Exception) -> None:
    """A file that our own fault keeps from being checked goes on waiting, which its slot says, and staff know of it."""

    def deed() -> Deed | None:
        letter = _unchecked(ports, file.id, "")
        found, shelf, known = ports.records.get_many(
            (MaterialFile, file.key), (Shelf, (file.application,)), (OutboxRow, letter.key)
        )
        if not isinstance(found, MaterialFile) or not isinstance(shelf, Shelf):
            return None
        if found.status is not FileStatus.WAITING:
            return None
        before = known if isinstance(known, OutboxRow) else None
        changes = _told_anew(before, replace(letter, trouble=why(letter, trouble)))
        if UNCHECKED not in found.reasons:
            changes += (Replace(found, found.changed(reasons=(UNCHECKED,))), Replace(shelf, shelf.changed()))
        return Deed(changes, letter.id) if changes else None

    settle(ports, deed)


def _told_anew(before: OutboxRow | None, letter: OutboxRow) -> tuple[Change, ...]:
    """One that staff have before them, or that they are trying again, stands; one that was done with comes back."""
    if before is None:
        return (Insert(letter),)
    if before.status is not OutboxStatus.DONE:
        return ()
    return (Replace(before, before.begun_anew().changed(status=OutboxStatus.DEAD, trouble=letter.trouble)),)


def bury_unreadable(ports: Ports, queue: str, message: str, text: str, oddity: Oddity) -> None:
    """Of what nobody can read its length and a keyed fingerprint are kept and no word: it may be anything."""
    fingerprint = ports.ids.keyed("dead letter", ascii(text))[:FINGERPRINT]
    told = unreadable(oddity, queue, len(text), fingerprint)
    _keep(ports, _dead(ports, f"unreadable-{queue}-{message}", Work.UNREADABLE, (queue, message), told))


def _dead(ports: Ports, identity: str, work: Work, subject: tuple[str, ...], trouble: str) -> OutboxRow:
    return OutboxRow(
        id=identity, work=work, subject=subject, at=ports.clock.now(), status=OutboxStatus.DEAD, trouble=trouble
    )


def _keep(ports: Ports, row: OutboxRow) -> None:
    def deed() -> Deed | None:
        return Deed((Insert(row),), row.id) if ports.records.get(OutboxRow, row.id) is None else None

    settle(ports, deed)


# --- for staff --------------------------------------------------------------------------------------------------------


def listed(ports: Ports, asked: Asked) -> Page[OutboxRow]:
    return ports.records.outbox(OutboxStatus.DEAD, asked)


def row(ports: Ports, identity: str) -> OutboxRow:
    found = ports.records.get(OutboxRow, identity)
    if found is None:
        raise Absent
    return found


def redrive(ports: Ports, order: Order, identity: str) -> str:
    """Tries a dead letter again: it is pending once more, and the stream hands it to its queue.

    Raises Absent, Refused (settled meanwhile, nobody knows what it was, or there is nothing left to check).
    """

    def tried_again(found: OutboxRow) -> tuple[Change, ...]:
        if not found.can_be_redriven:
            told = "这条消息无法识别，内容没有保存，不能重新执行。"
            raise Refused(Reason("cannot_be_redriven", told, "请技术人员找到发送方并改正，再作废这条消息并写明理由。"))
        waiting = _tried_again(ports, *found.subject) if found.work is Work.CHECK_UPLOAD else ()
        return (Replace(found, found.begun_anew()), *waiting)

    return _settled_by_staff(ports, order, identity, "redrive", "", tried_again)


def _tried_again(ports: Ports, file: str) -> tuple[Change, ...]:
    return (unread_statements.read_again if unread_statements.is_one(file) else checked_again)(ports, file)


def discard(ports: Ports, order: Order, identity: str, reason: str) -> str:
    """Lays a dead letter aside for good, with a reason; a file that waits for its check is given up with it.

    Raises Absent, Refused.
    """
    why = reason_given(reason, "作废待办消息必须写明理由。")

    def laid_aside(found: OutboxRow) -> tuple[Change, ...]:
        _nobody_waits_for_it(ports, found)
        told = check_given_up(ports, *found.subject) if found.work is Work.CHECK_UPLOAD else ()
        return (Replace(found, found.changed(status=OutboxStatus.DONE)), *told)

    return _settled_by_staff(ports, order, identity, "discard", why, laid_aside)


def _nobody_waits_for_it(ports: Ports, found: OutboxRow) -> None:
    """A certificate that was paid for cannot be laid aside: the application would stay in 制证中 for ever."""
    application = ports.records.get(Application, found.subject[0]) if found.work is Work.ISSUE else None
    if application is not None and application.state is State.BEING_MADE:
        told = "这宗业务仍在制证中，申请人在等证书。"
        raise Refused(Reason("still_being_made", told, "请排除故障后重新发送，或由制证人员退回申请并写明理由。"))


def _settled_by_staff(
    ports: Ports,
    order: Order,
    identity: str,
    deed_name: str,
    reason: str,
    settled: Callable[[OutboxRow], tuple[Change, ...]],
) -> str:
    def deed() -> Deed:
        found = row(ports, identity)
        if found.status is not OutboxStatus.DEAD:
            raise Refused(Reason("not_dead", "这条消息不在待人工处理之列。", "请刷新列表。"))
        entry = noted(ports, order.actor.id, f"outbox:{identity}", deed_name, reason)
        return Deed((*settled(found), entry), identity)

    return once(ports, order, deed)
