"""Promise 6: what was promised to be told is told, to the one it concerns, or has visibly failed; and never twice."""

import email
import email.policy
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from hashlib import sha256
from typing import Any

from chalicelib.rules.association import Association
from chalicelib.rules.records import (
    Application,
    AuditEntry,
    Delivery,
    Edition,
    Enterprise,
    Entry,
    Invoice,
    Mail,
    Message,
    OutboxRow,
    OutboxStatus,
    User,
)
from chalicelib.rules.services import TABLE
from tests.faults.promises.case import Case


def told_once(case: Case) -> Iterator[str]:
    """What went out more than once is bounded altogether: once more for each answer that was lost."""
    yield from _every_step_is_told(case)
    letters, notices = _letters(case), _notices(case)
    yield from _mails(case, letters)
    yield from _messages(case, notices)
    more = {**_repeated(letters), **_repeated(notices)}
    if sum(more.values()) > case.rough:
        yield f"went out once more: {more}; {case.rough} answers were lost or marks missed"


def _repeated(sent: Counter[Any]) -> dict[Any, int]:
    return {what: times - 1 for what, times in sent.items() if times > 1}


def _every_step_is_told(case: Case) -> Iterator[str]:
    """By one message, or by more where several people hear of it; one may tell of several steps."""
    applications = {each.id: each for each in case.seen.records(Application)}
    heard = (*case.seen.records(Message), *case.seen.records(Mail))
    said = {(each.id, step) for each in heard for step in each.told}
    messages = Counter((step.application, step.notice) for _, step in said)
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


# --- mails ------------------------------------------------------------------------------------------------------------


@cache
def letter(raw: str) -> EmailMessage:
    read = email.message_from_string(raw, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


def _letters(case: Case) -> Counter[str]:
    return Counter(str(letter(raw)["Message-ID"]) for _, raw in case.seen.letters)


def _mails(case: Case, sent: Counter[str]) -> Iterator[str]:
    known = {_message_id(each.id): each for each in case.seen.records(Mail)}
    due = _to_be_attached(case)
    for recipients, raw in case.seen.letters:
        mail = known.get(str(letter(raw)["Message-ID"]))
        if mail is None:
            yield "a mail that nobody asked for"
            continue
        if recipients != (_address(case, mail),):
            yield f"the mail {mail.id} went to somebody else"
        if _attached(raw) != due.get(mail.invoice or (mail.root, mail.ordinal), ()):
            yield f"the mail {mail.id} holds something else than its certificate or invoice"
    for identity, mail in known.items():
        yield from _delivered(case, mail, (f"mail-{mail.id}",), sent[identity])


def _address(case: Case, mail: Mail) -> str | None:
    records = case.world.ports.records
    if mail.contact_of is None:
        to = records.opened(mail).to
        return to.plain if to else None
    enterprise = records.get(Enterprise, mail.contact_of)
    return records.opened(enterprise).contact_email.plain if enterprise else None


def _to_be_attached(case: Case) -> dict[Any, tuple[str | None, ...]]:
    """The hashes of what a mail brings: by the version of a certificate, or by an invoice."""
    papers = {
        (each.root, each.ordinal): tuple(paper.file_sha256 for paper in each.papers)
        for each in case.seen.records(Edition)
    }
    return papers | {each.id: (each.sha256,) for each in case.seen.records(Invoice)}


@cache
def _attached(raw: str) -> tuple[str, ...]:
    parts: Iterator[Any] = letter(raw).iter_attachments()
    return tuple(sha256(part.get_payload(decode=True)).hexdigest() for part in parts)


def _message_id(identity: str) -> str:
    return f"<{sha256(identity.encode()).hexdigest()[:32]}@association.example>"


# --- notices ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signature:
    """What a notice is known by: to whom, in which words, about what, from when (year, month, day, hour, minute)."""

    openid: str
    template: str
    page: str
    time: tuple[int, ...]


def _notices(case: Case) -> Counter[Signature]:
    times = _time_keys(case)
    return Counter(
        Signature(
            each["touser"], each["template_id"], each["page"],
            _numbers(each["data"][times[each["template_id"]]]["value"]),
        )
        for each in case.seen.notices
    )  # fmt: skip


def _time_keys(case: Case) -> dict[str, str]:
    (settings,) = case.seen.records(Association)
    return {each.id: each.keys["time"] for each in settings.wechat_templates.values()}


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"\d+", text))


def signature(case: Case, message: Message) -> Signature | None:
    """None: the association has no template for it, so it stays in the user's own list."""
    (settings,) = case.seen.records(Association)
    template = settings.wechat_templates.get(message.notice)
    if template is None:
        return None
    user = next(each for each in case.seen.records(User) if each.id == message.user)
    openid = case.world.ports.records.opened(user).openid.plain or ""
    page = template.page.replace("{application}", message.application)
    return Signature(openid, template.id, page, _numbers(message.context["time"]))


def left_by_wechat(case: Case, message: Message) -> int:
    found = signature(case, message)
    return _notices(case)[found] if found else 0


def _messages(case: Case, sent: Counter[Signature]) -> Iterator[str]:
    known: set[Signature] = set()
    for message in case.seen.records(Message):
        found = signature(case, message)
        if found is not None and found in known:
            yield f"{message.notice} cannot be told from another one"
        known |= {found} if found else set()
        yield from _delivered(case, message, _rows_of(message), sent[found] if found else 0)
    yield from (f"a notice that nobody asked for: {each.template}" for each in sent.keys() - known)


def _rows_of(message: Message) -> tuple[str, ...]:
    """Its own, and that of all who are told the same, from which its own is dealt out."""
    return f"notice-{message.id}-{message.user}", f"notice-{message.id}"


# --- what became of it ------------------------------------------------------------------------------------------------


def _delivered(case: Case, record: Mail | Message, rows: tuple[str, ...], times: int) -> Iterator[str]:
    what = f"{type(record).__name__} {record.id}"
    match record.delivery:
        case Delivery.WAITING:
            yield f"{what} still waits"
        case Delivery.SENT if times == 0:
            yield f"{what} is marked as sent and never left"
        case Delivery.FAILED if not any(_visibly_failed(case, row) for row in rows):
            yield f"{what} has failed, and staff see nothing of it"
        case Delivery.NO_CONSENT | Delivery.FAILED if times > case.rough:
            yield f"{what} is marked as {record.delivery} and has left {times} times"


def _visibly_failed(case: Case, identity: str) -> bool:
    """Dead with its reason, or laid aside by somebody with his."""
    rows = (each for each in case.seen.records(OutboxRow) if each.id == identity)
    if any(each.status is OutboxStatus.DEAD and each.trouble for each in rows):
        return True
    entries = (each for each in case.seen.records(AuditEntry) if each.subject == f"outbox:{identity}")
    return any(each.deed == "discard" and each.reason for each in entries)
