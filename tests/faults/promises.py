"""The promises of the house, each as a check on what there is when the system has come to rest.

A check answers sentences about what is broken; none is good. The numbers are those of design §4.
"""

import email
import email.policy
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from hashlib import sha256

from chalicelib.documents.certificate import draw
from chalicelib.operations.applications import association
from chalicelib.operations.issuing import FACES
from chalicelib.rules.certificate_face import MemberFace
from chalicelib.rules.guards import RECEIPT_SLOT
from chalicelib.rules.records import (
    Acknowledgement,
    Application,
    AuditEntry,
    Binding,
    Certificate,
    Claim,
    ClaimKind,
    Delivery,
    Edition,
    Enterprise,
    Entry,
    Issuance,
    Mail,
    MaterialFile,
    MembershipYear,
    Message,
    OutboxRow,
    OutboxStatus,
    Payment,
    PaymentStatus,
    StaffAccount,
    User,
    enterprise_of,
    enterprise_owner,
)
from chalicelib.rules.records import (
    Counter as Numbers,
)
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Action, FileStatus, Service, State
from tests import made_up
from tests.faults.observed import Seen, copies_astray, look, state
from tests.faults.world import Told, World

DRAWN: dict[tuple[MemberFace, bytes], bool] = {}
LONGEST_WAIT = timedelta(hours=3)
MEMBERS = range(1, 8)  # the numbers of the made-up people that the journey uses
CANARIES = (
    *(made_up.person(n) for n in MEMBERS), *(made_up.mobile(n) for n in MEMBERS),
    *(f"contact{n}@example.invalid" for n in MEMBERS), "canary-mail@example.com", "canary-0@example.com",
    "canary-1@example.com",
    "canary-smtp@example.com",
)  # fmt: skip


@dataclass(frozen=True)
class Violation:
    promise: int
    told: str

    def __str__(self) -> str:
        return f"promise {self.promise}: {self.told}"


@dataclass
class Case:
    """What the checks look at. ``rough``: how many answers were lost on the way, for what may happen once more.

    Looking takes as long as doing, so whoever does something more leaves what he saw ``afterwards`` for the next.
    """

    world: World
    seen: Seen
    rough: int = 0
    afterwards: "Case | None" = None

    @cached_property
    def state(self) -> list[str]:
        return state(self.world, self.seen)

    def again(self) -> "Case":
        self.afterwards = Case(self.world, look(self.world), self.rough)
        return self.afterwards

    @property
    def sent(self) -> tuple[int, int]:
        return len(self.seen.letters), len(self.seen.notices)


Check = Callable[[Case], Iterator[str]]


# --- 1: what was acknowledged is there --------------------------------------------------------------------------------


def acknowledged_is_there(case: Case) -> Iterator[str]:
    kept = {row.key: row for row in case.seen.records(Acknowledgement)}
    subjects = _subjects(case.seen)
    removed = {each.path.rpartition("/")[2] for each in case.world.told if each.method == "DELETE"}
    for told in case.world.told:
        row = next((each for each in kept.values() if each.idempotency_key == told.key), None)
        if row is None:
            yield f"{told.method} {told.path} was acknowledged, and nothing of it is kept"
        elif told.path.startswith("/staff/accounts"):  # its subject is a hash of the secret that is shown once
            yield from _account_is_there(case.seen, told)
        elif row.subject not in removed and not any(row.subject in each for each in subjects):
            yield f"{told.method} {told.path} was acknowledged, and {row.subject} is not there"
    yield from _files_are_whole(case)
    yield from (f"a copy row differs: {place}" for place in copies_astray(case.seen))


def _account_is_there(seen: Seen, told: Told) -> Iterator[str]:
    name = (told.body or {}).get("name") or told.path.split("/")[3]
    if name not in {each.name for each in seen.records(StaffAccount)}:
        yield f"{told.method} {told.path} was acknowledged, and there is no account {name}"


def _subjects(seen: Seen) -> list[str]:
    """Every key of every record, and the ids that are only named in others: a file that was removed since."""
    named = [part for row in seen.rows if row.record is not None for part in row.record.key]
    return [*named, *(each.subject for each in seen.records(AuditEntry))]


def _files_are_whole(case: Case) -> Iterator[str]:
    for file in case.seen.records(MaterialFile):
        if file.status is not FileStatus.ACCEPTED:
            continue
        data = case.seen.kept.get(file.kept or "")
        sent = case.world.uploaded.get(file.id)
        if data is None or sent is None or sha256(data).hexdigest() != file.sha256 or data != sent:
            yield f"the accepted file {file.id} is not what was sent"


# --- 2: once for one key ----------------------------------------------------------------------------------------------


def done_once(case: Case) -> Iterator[str]:
    """One effect for each key: what a key promised is there once, and the same key is answered the same again."""
    told = Counter(each.key for each in case.world.told)
    yield from (f"two answers under one key: {key}" for key, times in told.items() if times > 1)
    opened = {each.key: each for each in case.world.told if each.path == "/applications"}
    drafts = len(case.seen.records(Application))
    if drafts != len(opened):
        yield f"{len(opened)} applications were asked for, {drafts} are there"
    asked = sum(each.path == "/uploads" for each in case.world.told)
    removed = sum(each.method == "DELETE" and "/files/" in each.path for each in case.world.told)
    if len(case.seen.records(MaterialFile)) != asked - removed:
        yield f"{asked - removed} files were asked for, {len(case.seen.records(MaterialFile))} are there"
    paid = sum(each.path == "/payments" for each in case.world.told)
    if len(case.seen.records(Payment)) != paid:
        yield f"{paid} payments were put in, {len(case.seen.records(Payment))} are there"
    mails = sum(each.path.endswith("/mail") for each in case.world.told)
    if len(case.seen.records(Mail)) != mails:
        yield f"{mails} mails were asked for, {len(case.seen.records(Mail))} are there"
    for row in case.seen.records(Acknowledgement):
        if any(canary in repr(row) for canary in CANARIES):
            yield f"personal data in the acknowledgement of {row.operation}"


def same_key_same_answer(case: Case) -> Iterator[str]:
    """Everything that was told as done in this step, asked for again under its key; then with another body."""
    world = case.world
    for told in world.told[world.told_before :]:
        headers = {"idempotency-key": told.key, "authorization": f"Bearer {world.token(*told.who)}"}
        again = world.request(told.method, told.path, told.body, headers)
        if again is not None and again.status == 404 and told.path == "/me/binding":
            continue
        if again is None or again.status != told.answer.status or _subject(again) != _subject(told.answer):
            yield f"{told.method} {told.path} again: {again.status if again else 'nothing'}"
        other = {**(told.body or {}), **OTHER_BODY.get(told.path.rpartition("/")[2], {})}
        if other != told.body and told.body is not None:
            answer = world.request(told.method, told.path, other, headers)
            if answer is None or answer.status not in (409, 422):
                yield f"{told.method} {told.path} with another body: {answer.status if answer else 'nothing'}"
    if case.again().state != case.state:
        yield "asking again changed something"


OTHER_BODY: Mapping[str, dict[str, object]] = {
    "payments": {"payer": "另一家"},
    "mail": {"to": "other@example.com"},
    "approve": {"version": 99},
    "me": {"name": "钱乙"},
}


def _subject(answer: object) -> object:
    body = getattr(answer, "body", b"")
    found = re.search(rb'"id": "([^"]+)"', body)
    return found[1] if found else None


# --- 3: only along the table ------------------------------------------------------------------------------------------


def histories_are_whole(case: Case) -> Iterator[str]:
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in case.seen.records(Entry):
        entries[entry.application].append(entry)
    for application in case.seen.records(Application):
        history = sorted(entries.pop(application.id, []), key=lambda each: each.number)
        yield from (f"{application.id}: {told}" for told in _broken(application, history))
    yield from (f"history without an application: {identity}" for identity in entries)


def _broken(application: Application, history: list[Entry]) -> Iterator[str]:
    if [each.number for each in history] != list(range(1, len(history) + 1)) or application.entries != len(history):
        yield f"history has gaps: {[each.number for each in history]} of {application.entries}"
    before = State.DRAFT
    for entry in history:
        if entry.before is not before or not _is_an_edge(application, entry):
            yield f"{entry.action} from {entry.before} to {entry.after} by {entry.role} is no edge of the table"
        before = entry.after
    if application.state is not before:
        yield f"history ends in {before}, the state is {application.state}"


def _is_an_edge(application: Application, entry: Entry) -> bool:
    edge = (entry.action, entry.before, entry.after)
    steps = TABLE[application.service].steps
    return any((each.action, each.before, each.after) == edge and entry.role in each.who for each in steps)


# --- 4: numbers -------------------------------------------------------------------------------------------------------


def numbers_have_no_gaps(case: Case) -> Iterator[str]:
    certificates = case.seen.records(Certificate)
    for counter in case.seen.records(Numbers):
        of_it = sorted(each.number for each in certificates if each.kind is counter.kind)
        of_year = [each for each in of_it if f"-{counter.year}-" in each]
        wanted = [f"DEMO-HY-{counter.year}-{n:04}" for n in range(1, counter.n + 1)]
        if of_year != wanted:
            yield f"numbers {of_year}, counted {counter.n}"
    numbered = Counter(each.number for each in certificates)
    yield from (f"{number} was given {times} times" for number, times in numbered.items() if times > 1)
    pointers = {
        each.value: each.holder for each in case.seen.records(Claim) if each.kind is ClaimKind.CERTIFICATE_NUMBER
    }
    for certificate in certificates:
        if pointers.get(certificate.number) != f"certificate:{certificate.root}":
            yield f"{certificate.number} leads nowhere"
        yield from (f"{certificate.number}: {told}" for told in _unsound(case, certificate))


def _unsound(case: Case, certificate: Certificate) -> Iterator[str]:
    applications = {each.id: each for each in case.seen.records(Application)}
    application = applications.get(certificate.application)
    match certificate.issuance:
        case Issuance.RESERVED:
            if application is None or application.certificate != certificate.root or application.state.final:
                yield "reserved for nothing: a hole"
        case Issuance.VOID:
            if not certificate.void_reason:
                yield "void without a reason"
        case Issuance.ISSUED:
            edition = next((e for e in case.seen.records(Edition) if e.root == certificate.root), None)
            file = case.seen.kept.get(edition.file) if edition else None
            if edition is None or file is None or sha256(file).hexdigest() != edition.file_sha256:
                yield "issued, and its file is not the one recorded"
            if application is None or application.state is not State.COMPLETED:
                yield "issued, and its application is not completed"


# --- 5: from one approved application, with all guards true -----------------------------------------------------------


def earned(case: Case) -> Iterator[str]:
    issued = [each for each in case.seen.records(Certificate) if each.issuance is Issuance.ISSUED]
    per_application = Counter(each.application for each in issued)
    yield from (f"{times} certificates of {one}" for one, times in per_application.items() if times > 1)
    applications = {each.id: each for each in case.seen.records(Application)}
    for certificate in issued:
        application = applications[certificate.application]
        yield from (f"{certificate.number}: {told}" for told in _unearned(case, certificate, application))
    done = [each for each in applications.values() if each.state is State.COMPLETED]
    yield from (f"{each.id} completed without a certificate" for each in done if per_application[each.id] != 1)
    yield from _held_once(case)


def _unearned(case: Case, certificate: Certificate, application: Application) -> Iterator[str]:
    history = [each.action for each in case.seen.records(Entry) if each.application == application.id]
    if Action.APPROVE not in history or history.count(Action.ISSUE) != 1:
        yield "not approved once and issued once"
    if application.paid < (application.amount_due or 0):
        yield f"{application.paid} of {application.amount_due} paid"
    accepted = {f.slot for f in case.seen.records(MaterialFile)
                if f.application == application.id and f.status is FileStatus.ACCEPTED}  # fmt: skip
    missing = {each.slot for each in TABLE[application.service].materials if not each.optional} - accepted
    if missing:
        yield f"without {missing}"
    if certificate.holder_name != application.form.get("name"):
        yield "for another name than was approved"
    enterprises = {each.id: each for each in case.seen.records(Enterprise)}
    if enterprise_of(certificate.holder) not in enterprises:
        yield "its holder is no enterprise"


def _held_once(case: Case) -> Iterator[str]:
    """Credit code, applicant and member code are each held by exactly whom the records say."""
    claims = {(each.kind, each.value): each.holder for each in case.seen.records(Claim)}
    for enterprise in case.seen.records(Enterprise):
        codes = {ClaimKind.CREDIT_CODE: enterprise.credit_code, ClaimKind.MEMBER_CODE: enterprise.member_code}
        for kind, value in codes.items():
            if claims.get((kind, value)) != enterprise_owner(enterprise.id):
                yield f"{kind} of {enterprise.id} is held by {claims.get((kind, value))}"
    under_way = {each.id: each for each in case.seen.records(Application) if _is_under_way(each)}
    for (kind, _), holder in claims.items():
        if holder.startswith("application:") and holder.removeprefix("application:") not in under_way:
            yield f"{kind} is still held by {holder}"
    yield from _applicants_hold(case, under_way, claims)
    yield from _bound_both_ways(case)


def _is_under_way(application: Application) -> bool:
    return not application.state.final and application.state is not State.DRAFT


def _applicants_hold(
    case: Case, under_way: dict[str, Application], claims: dict[tuple[ClaimKind, str], str]
) -> Iterator[str]:
    represents = {each.id: each.enterprise for each in case.seen.records(User)}
    for application in under_way.values():
        if claims.get((ClaimKind.APPLICANT, application.applicant)) != f"application:{application.id}":
            yield f"{application.id} is under way and holds nothing"
        if application.service is Service.JOIN and represents[application.applicant] is not None:
            yield f"{application.id} is under way although its applicant represents an enterprise"


def _bound_both_ways(case: Case) -> Iterator[str]:
    bindings = {(each.user, each.enterprise) for each in case.seen.records(Binding)}
    users = {(each.id, each.enterprise) for each in case.seen.records(User) if each.enterprise}
    if bindings != users:
        yield f"bindings and users differ: {bindings ^ users}"


# --- 6: notices and mails ---------------------------------------------------------------------------------------------


def told_once(case: Case) -> Iterator[str]:
    yield from _every_step_is_told(case)
    yield from _mails(case)
    yield from _notices(case)


def _every_step_is_told(case: Case) -> Iterator[str]:
    applications = {each.id: each for each in case.seen.records(Application)}
    messages = Counter((each.application, each.notice) for each in case.seen.records(Message))
    wanted: Counter[tuple[str, str]] = Counter()
    for entry in case.seen.records(Entry):
        edge = (entry.action, entry.before, entry.after)
        steps = TABLE[applications[entry.application].service].steps
        notice = next((s.notice for s in steps if (s.action, s.before, s.after) == edge), None)
        if notice is not None:
            wanted[entry.application, notice] += 1
    known = {notice for _, notice in wanted}
    told = Counter({key: times for key, times in messages.items() if key[1] in known})
    if told != wanted:
        yield f"told {dict(told - wanted)} too often, {dict(wanted - told)} too rarely"


def _mails(case: Case) -> Iterator[str]:
    known = {each.id: each for each in case.seen.records(Mail)}
    sent: Counter[str] = Counter()
    for recipients, raw in case.seen.letters:
        message = email.message_from_string(raw, policy=email.policy.default)
        sent[str(message["Message-ID"])] += 1
        if len(recipients) != 1:
            yield f"a mail to {len(recipients)} recipients"
    rows = Counter(_message_id(each) for each in known)
    yield from (f"a mail nobody asked for: {one}" for one in sent if one not in rows)
    for identity, mail in known.items():
        times = sent[_message_id(identity)]
        if times > 1 + case.rough:
            yield f"sent {times} times, {case.rough} answers were lost"
        if mail.delivery is Delivery.SENT and times == 0:
            yield f"{identity} is marked as sent and never left"
        if mail.delivery is Delivery.WAITING:
            yield f"{identity} still waits"


def _message_id(identity: str) -> str:
    return f"<{sha256(identity.encode()).hexdigest()[:32]}@association.example>"


def _notices(case: Case) -> Iterator[str]:
    for message in case.seen.records(Message):
        if message.delivery is Delivery.WAITING:
            yield f"the notice {message.notice} still waits"
    sent = Counter(
        (each["name"], each["template_id"], each["data"].get("time4", {}).get("value")) for each in case.seen.notices
    )
    yield from (f"notified {n} times" for n in sent.values() if n > 1 + case.rough)
    marked = sum(each.delivery is Delivery.SENT for each in case.seen.records(Message))
    if len(case.seen.notices) < marked:
        yield f"{marked} notices are marked as sent, {len(case.seen.notices)} left"
    if len(case.seen.notices) > marked + case.rough:
        yield f"{len(case.seen.notices)} notices left, {marked} are marked"


# --- 7: again changes nothing -----------------------------------------------------------------------------------------


def again_changes_nothing(case: Case) -> Iterator[str]:
    world = case.world
    before = case.state
    for job in sorted(world.lambdas.ticked):
        world.lambdas.tick(job)
    world.lambdas.rest()
    world.later(days=4)
    world.lambdas.once_more()
    world.lambdas.rest()
    after = case.again()
    if (after.state, after.sent) != (before, case.sent):
        yield f"delivered again, it changed: {difference(before, after.state) or (case.sent, after.sent)}"


def difference(before: list[str], after: list[str]) -> str:
    gone, new = Counter(before) - Counter(after), Counter(after) - Counter(before)
    return "\n".join([*(f"  - {line[:900]}" for line in gone), *(f"  + {line[:900]}" for line in new)])


# --- 8: personal data -------------------------------------------------------------------------------------------------


def nothing_personal_in_clear(case: Case) -> Iterator[str]:
    world = case.world
    places = {
        "the tables": "\n".join(repr(row.raw) for row in case.seen.rows),
        "the log": world.log.getvalue(),
        "queue messages": "\n".join(world.bodies),
        "addresses": "\n".join(world.asked),
        "file names": "\n".join(case.seen.kept),
    }
    for place, text in places.items():
        for canary in CANARIES:
            if canary in text or canary.encode().hex() in text:
                yield f"{canary!r} in {place}"


# --- 9: money ---------------------------------------------------------------------------------------------------------


def money_counts_once(case: Case) -> Iterator[str]:
    payments = case.seen.records(Payment)
    for application in case.seen.records(Application):
        confirmed = [p for p in payments if application.id in p.applications and p.status is PaymentStatus.CONFIRMED]
        booked = sum(p.due for p in confirmed)
        if application.paid != booked:
            yield f"{application.id}: {application.paid} booked, {booked} confirmed"
        for amount in (application.paid, application.amount_due or 0):
            if type(amount) is not int:
                yield f"{application.id}: {amount!r} is no number of fen"
        checking = [p for p in payments if application.id in p.applications and p.status is PaymentStatus.CHECKING]
        if (application.state is State.PAYMENT_CHECKED) != (len(checking) == 1):
            yield f"{application.id} is {application.state} with {len(checking)} payments to check"
    years = Counter((each.enterprise, each.year) for each in case.seen.records(MembershipYear))
    yield from (f"dues of {one} counted {times} times" for one, times in years.items() if times > 1)
    for payment in payments:
        receipts = [f for f in case.seen.records(MaterialFile) if f.id == payment.receipt and f.slot == RECEIPT_SLOT]
        if payment.receipt is not None and len(receipts) != 1:
            yield f"the receipt of {payment.id} is gone"


# --- 10: the same paper -----------------------------------------------------------------------------------------------


def the_same_paper(case: Case) -> Iterator[str]:
    """What is drawn now from the record is what was recorded as drawn then."""
    ports = case.world.ports
    editions = {each.root: each for each in case.seen.records(Edition)}
    for certificate in case.seen.records(Certificate):
        edition = editions.get(certificate.root)
        if edition is None:
            continue
        face: MemberFace = FACES[certificate.kind](ports, association(ports), certificate)
        if face.content_hash() != edition.content_hash:
            yield f"{certificate.number} says something else now"
        if not _drawn_alike(face, case.seen.kept[edition.file]):
            yield f"{certificate.number} is drawn otherwise now"


def _drawn_alike(face: MemberFace, file: bytes) -> bool:
    """Drawing takes as long as everything else together, so each file is drawn again only once."""
    if (face, file) not in DRAWN:
        DRAWN[face, file] = file.startswith(draw(face))
    return DRAWN[face, file]


# --- 11: rest ---------------------------------------------------------------------------------------------------------


def at_rest(case: Case) -> Iterator[str]:
    if case.world.lambdas.waiting:
        yield f"{case.world.lambdas.waiting} messages are waiting"
    rows = case.seen.records(OutboxRow)
    yield from (f"{row.id} is pending" for row in rows if row.status is OutboxStatus.PENDING)
    dead = {row.subject: row for row in rows if row.status is OutboxStatus.DEAD}
    yield from (f"{row.id} is a dead letter without a reason" for row in dead.values() if not row.trouble)
    latest = case.world.clock.now() - LONGEST_WAIT
    for file in case.seen.records(MaterialFile):
        if file.status is FileStatus.WAITING and file.requested_at < latest:
            yield f"{file.id} waits for ever"
    for application in case.seen.records(Application):
        held = application.held_by or (application.id,) in dead
        if application.state is State.BEING_MADE and not held:
            yield f"{application.id} is being made for ever"


PROMISES: tuple[tuple[int, Check], ...] = (
    (1, acknowledged_is_there), (2, done_once), (3, histories_are_whole), (4, numbers_have_no_gaps), (5, earned),
    (6, told_once), (8, nothing_personal_in_clear), (9, money_counts_once), (11, at_rest),
)  # fmt: skip
# These ask for everything once more, days later; what is drawn then is still the same.
BY_ASKING_AGAIN: tuple[tuple[int, Check], ...] = (
    (7, again_changes_nothing), (2, same_key_same_answer), (10, the_same_paper),
)  # fmt: skip


def broken(case: Case) -> list[Violation]:
    """Every promise, looked at as the world is now; then what happens when everything comes once more."""
    found = [Violation(promise, told) for promise, check in PROMISES for told in check(case)]
    for promise, check in BY_ASKING_AGAIN:
        found += [Violation(promise, told) for told in check(case)]
        case = case.afterwards or case
    return found
