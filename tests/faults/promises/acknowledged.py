"""Promise 1: an acknowledged write is there for good, with its files; and whoever looked at a person's data is kept."""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from chalicelib.rules.association import Association
from chalicelib.rules.records import (
    Acknowledgement,
    Application,
    AuditEntry,
    BankLine,
    BindingRequest,
    Certificate,
    Credit,
    Enterprise,
    Entry,
    Invoice,
    InvoiceStatus,
    Look,
    Mail,
    MaterialFile,
    OutboxRow,
    Payment,
    RequestStatus,
    StaffAccount,
    Statement,
    User,
)
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Effect, FileStatus
from tests.faults.observed import Seen, copies_astray
from tests.faults.promises.case import Case
from tests.faults.world import Told

# What a write can be about. A name that only stands in another record (an audit entry, a binding) proves nothing.
SUBJECTS = (
    Application, Association, BankLine, BindingRequest, Certificate, Credit, Enterprise, Invoice, Mail, MaterialFile,
    OutboxRow, Payment, StaffAccount, Statement, User,
)  # fmt: skip


def acknowledged_is_there(case: Case) -> Iterator[str]:
    kept = {(row.actor, row.idempotency_key): row for row in case.seen.records(Acknowledgement)}
    there = {record.key[-1] for kind in SUBJECTS for record in case.seen.records(kind)}
    removed = {_file(each) for each in case.world.told if removes_a_file(each)} | gone_with_its_matter(case)
    for told in case.world.told:
        row = kept.get((told.who[1], told.key))
        if row is None:
            yield f"{told.method} {told.path} was acknowledged, and nothing of it is kept"
        elif told.path.startswith("/staff/accounts"):  # its subject is a hash of the secret that is shown once
            yield from _account_is_there(case.seen, told)
        elif row.subject not in removed | there:
            yield f"{told.method} {told.path} was acknowledged, and {row.subject} is not there"
    yield from _files_are_whole(case)
    yield from _documents_are_whole(case)
    yield from _reviews_are_kept(case)
    yield from _looks_are_kept(case)
    yield from (f"a copy row differs: {place}" for place in copies_astray(case.seen))


def removes_a_file(told: Told) -> bool:
    return told.method == "DELETE" and ("/files/" in told.path or "/evidence/" in told.path)


def gone_with_its_matter(case: Case) -> set[str]:
    """The files of invoices that were cancelled, and the evidence of claims that nobody decided."""
    return _gone_with_its_invoice(case.world.told) | _gone_with_its_claim(case)


def _gone_with_its_claim(case: Case) -> set[str]:
    """Those that he took out himself before are counted as removed already."""
    ended = (RequestStatus.WITHDRAWN, RequestStatus.OVERTAKEN)
    undecided = {each.id for each in case.seen.records(BindingRequest) if each.status in ended}
    brought = {each.answer.json["id"] for each in case.world.told if each.path.endswith("/evidence")}
    taken_out = {_file(each) for each in case.world.told if removes_a_file(each)}
    return {file for file in brought - taken_out if file.partition(".")[0] in undecided}


def _gone_with_its_invoice(told: list[Told]) -> set[str]:
    """The files that were put in for invoices that were cancelled afterwards."""
    cancelled = {each.path.split("/")[-2] for each in told if each.path.endswith("/cancel")}
    put_in = {each.answer.json["id"]: each.path.split("/")[-2] for each in told if each.path.endswith("/upload")}
    return {file for file, invoice in put_in.items() if invoice in cancelled}


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


def _documents_are_whole(case: Case) -> Iterator[str]:
    """Invoices that were issued, and bank statements that are being read or were: each with the file it came in."""
    issued = (InvoiceStatus.ISSUED, InvoiceStatus.REPLACED)
    there = [
        *((each.id, each.file, each.sha256) for each in case.seen.records(Invoice) if each.status in issued),
        *((each.id, each.kept, each.sha256) for each in case.seen.records(Statement) if each.kept),
    ]
    for identity, place, digest in there:
        data = case.seen.kept.get(place or "")
        if data is None or sha256(data).hexdigest() != digest:
            yield f"the file of {identity} is not the one recorded"


def _reviews_are_kept(case: Case) -> Iterator[str]:
    """What the reviewer saw at his last step, and which materials he refused: his next step is held against it."""
    looks = {each.application: each for each in case.seen.records(Look)}
    for application in case.seen.records(Application):
        entries = [each.number for each in case.seen.records(Entry)
                   if each.application == application.id and _is_remembered(application, each)]  # fmt: skip
        look = looks.get(application.id)
        if (look.entry if look else 0) != max(entries, default=0):
            yield f"what was seen of {application.id} at its step {max(entries)} is not kept"
    for told in case.world.told:
        refused = {(m["slot"], m.get("person")) for m in (told.body or {}).get("materials", ()) if not m["accepted"]}
        look = looks.get(told.path.split("/")[-2]) if refused else None
        if refused and not (look and refused <= {(each.slot, each.person) for each in look.verdicts}):
            yield f"{told.path}: the verdicts on {refused} are gone"


def _is_remembered(application: Application, entry: Entry) -> bool:
    edge = (entry.action, entry.before, entry.after)
    steps = TABLE[application.service].steps
    return any((s.action, s.before, s.after) == edge and Effect.REMEMBER in s.effects for s in steps)


def _looks_are_kept(case: Case) -> Iterator[str]:
    """Every look that was answered has its entry; who had to ask again may have two."""
    entries = Counter((each.actor, each.subject, each.deed) for each in case.seen.records(AuditEntry))
    for look, times in Counter(case.world.looked).items():
        kept = entries[look.actor, look.subject, look.deed]
        if kept < times:
            yield f"{look.actor} was shown {look.subject} {times} times, and it is kept {kept} times"
