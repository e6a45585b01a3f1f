"""Promise 1: an acknowledged write is there for good, with its files; and whoever looked at a person's data is kept."""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from chalicelib.rules.association import Association
from chalicelib.rules.records import (
    Acknowledgement,
    Application,
    AuditEntry,
    Certificate,
    Enterprise,
    Mail,
    MaterialFile,
    OutboxRow,
    Payment,
    StaffAccount,
    User,
)
from chalicelib.rules.vocabulary import FileStatus
from tests.faults.observed import Seen, copies_astray
from tests.faults.promises.case import Case
from tests.faults.world import Told

# What a write can be about. A name that only stands in another record (an audit entry, a binding) proves nothing.
SUBJECTS = (
    Application, Association, Certificate, Enterprise, Mail, MaterialFile, OutboxRow, Payment, StaffAccount, User,
)  # fmt: skip


def acknowledged_is_there(case: Case) -> Iterator[str]:
    kept = {(row.actor, row.idempotency_key): row for row in case.seen.records(Acknowledgement)}
    there = {record.key[-1] for kind in SUBJECTS for record in case.seen.records(kind)}
    removed = {_file(each) for each in case.world.told if removes_a_file(each)}
    for told in case.world.told:
        row = kept.get((told.who[1], told.key))
        if row is None:
            yield f"{told.method} {told.path} was acknowledged, and nothing of it is kept"
        elif told.path.startswith("/staff/accounts"):  # its subject is a hash of the secret that is shown once
            yield from _account_is_there(case.seen, told)
        elif row.subject not in removed | there:
            yield f"{told.method} {told.path} was acknowledged, and {row.subject} is not there"
    yield from _files_are_whole(case)
    yield from _looks_are_kept(case)
    yield from (f"a copy row differs: {place}" for place in copies_astray(case.seen))


def removes_a_file(told: Told) -> bool:
    return told.method == "DELETE" and "/files/" in told.path


def _file(told: Told) -> str:
    return told.path.rpartition("/")[2]


def _account_is_there(seen: Seen, told: Told) -> Iterator[str]:
    name = (told.body or {}).get("name") or told.path.split("/")[3]
    if name not in {each.name for each in seen.records(StaffAccount)}:
        yield f"{told.method} {told.path} was acknowledged, and there is no account {name}"


def _files_are_whole(case: Case) -> Iterator[str]:
    for file in case.seen.records(MaterialFile):
        if file.status is not FileStatus.ACCEPTED:
            continue
        data = case.seen.kept.get(file.kept or "")
        sent = case.world.uploaded.get(file.id)
        if data is None or sent is None or sha256(data).hexdigest() != file.sha256 or data != sent:
            yield f"the accepted file {file.id} is not what was sent"


def _looks_are_kept(case: Case) -> Iterator[str]:
    """Every look that was answered has its entry; who had to ask again may have two."""
    entries = Counter((each.actor, each.subject, each.deed) for each in case.seen.records(AuditEntry))
    for look, times in Counter(case.world.looked).items():
        kept = entries[look.actor, look.subject, look.deed]
        if kept < times:
            yield f"{look.actor} was shown {look.subject} {times} times, and it is kept {kept} times"
