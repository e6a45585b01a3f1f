"""Promises 1, 2, 7: an acknowledged order is kept and repeated changes nothing; no more does a message or a job."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

from chalicelib.memory.soundness import subject_of
from chalicelib.operations import materials, outbox, reminding, renewing, sweeping
from chalicelib.rules.records import (
    Acknowledgement,
    Delivery,
    Mail,
    MaterialFile,
    Message,
    OutboxRow,
    OutboxStatus,
    Work,
)
from chalicelib.rules.vocabulary import FileStatus
from tests.year.promises.seen import Seen

ORDERS, MESSAGES, FILES = 60, 120, 40
KEY_LIVES = timedelta(days=6)
JOBS: tuple[Callable[[Any], None], ...] = (
    renewing.promise_renewals, sweeping.morning, reminding.promise_reminders, sweeping.sweep,
)  # fmt: skip


def acknowledged_is_there(seen: Seen) -> Iterator[str]:
    kept = len(seen.all(Acknowledgement))
    if kept != seen.town.acknowledged:
        yield f"{seen.town.acknowledged} orders were acknowledged, {kept} are kept"
    for file in seen.all(MaterialFile):
        if file.status is FileStatus.ACCEPTED:
            data = seen.town.files.read(file.kept or "")
            if data is None or data != seen.town.sent[file.id] or sha256(data).hexdigest() != file.sha256:
                yield f"the accepted file {file.id} is not what was sent"


def the_same_key_changes_nothing(seen: Seen) -> Iterator[str]:
    recent = [each for each in seen.town.given if seen.today - each.day <= KEY_LIVES]
    for given in seen.town.glance.sample(recent, min(ORDERS, len(recent))):
        before = seen.town.records.written
        seen.town.again(given)
        yield from _changed(seen, before, f"{given.order.operation} again under its key")


def again_changes_nothing(seen: Seen) -> Iterator[str]:
    for row in _delivered_again(seen):
        before, gone = seen.town.records.written, _gone_out(seen)
        outbox.work(seen.town.ports, row.id)
        outbox.WORK[row.work](seen.town.ports, *row.subject)
        yield from _changed(seen, before, f"the message {row.id} again")
        if _gone_out(seen) != gone:
            yield f"the message {row.id} again went out again"
    files = seen.all(MaterialFile)
    for file in seen.town.glance.sample(files, min(FILES, len(files))):
        before = seen.town.records.written
        if file.status is not FileStatus.WAITING:
            materials.receive(seen.town.ports, file.id)
        yield from _changed(seen, before, f"the event of {file.id} again")
    sweeping.sweep(seen.town.ports)  # what a queue has lost is handed on; right behind, nothing is left to be done
    for job in JOBS:
        before = seen.town.records.written
        job(seen.town.ports)
        yield from _changed(seen, before, f"{job.__name__} again")


def _delivered_again(seen: Seen) -> Iterator[OutboxRow]:
    """Some reminders, and some of all else, however long ago."""
    done = [each for each in seen.all(OutboxRow) if each.status is OutboxStatus.DONE and not _was_given_up(seen, each)]
    reminders = [each for each in done if each.work is Work.REMIND]
    others = [each for each in done if each.work is not Work.REMIND]
    for some in (reminders, others):
        yield from seen.town.glance.sample(some, min(MESSAGES, len(some)))


def _was_given_up(seen: Seen, row: OutboxRow) -> bool:
    """Laid aside, or not yet marked: to send it would be right."""
    kind = {Work.MAIL: Mail, Work.NOTICE: Message}.get(row.work)
    record = seen.town.records.get(kind, *row.subject) if kind else None
    return record is not None and getattr(record, "delivery", None) in (Delivery.FAILED, Delivery.WAITING)


def _gone_out(seen: Seen) -> tuple[int, int]:
    return len(seen.town.wechat.notices), len(seen.town.post.letters)


def _changed(seen: Seen, before: int, what: str) -> Iterator[str]:
    records = seen.town.records
    if records.written != before:
        written = [(type(record).__name__, record.key) for record in map(subject_of, records.last)]
        yield f"{what} changes {records.written - before} records, at last {written[:5]}"
