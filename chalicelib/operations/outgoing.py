"""What leaves the house: mails and WeChat notices. Nothing here tries again: the queue does, told by the kind of error.

A lost answer may send once more, never more than once per lost answer; a message marked as sent is not sent again.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from chalicelib.operations.carriers import Attachment, InHand, Letter, NoConsent, NotDelivered
from chalicelib.operations.commands import TRIES, Deed, settle
from chalicelib.operations.contact_mail import NOTICE
from chalicelib.operations.notices import notice_row
from chalicelib.operations.ports import APART, Busy, Change, Conflict, Insert, Ports, Replace
from chalicelib.rules.association import Association, WechatTemplate
from chalicelib.rules.invoices import file_name
from chalicelib.rules.records import Delivery, Edition, Enterprise, Invoice, Mail, Message, OutboxRow, Paper, User, Work

Sent = TypeVar("Sent", Mail, Message)
# Longer than a worker can live, and over before a queue shows the message of one that has died again: a test holds it
# against infra/resources.yaml.
IN_HAND = timedelta(minutes=5)
KINDS: Mapping[Work, type[Mail] | type[Message]] = {Work.MAIL: Mail, Work.NOTICE: Message}


def send_mail(ports: Ports, mail: str) -> None:
    """Sends one mail with the certificate or the invoice it names.

    Raises SlowDown or Failed (the queue tries again) or Undeliverable (final: the row's end shows it as failed).
    """
    found = ports.records.get(Mail, mail)
    if found is None or found.delivery is Delivery.SENT:
        return
    held = _in_hand(ports, found)
    letter = _letter(ports, ports.records.opened(held))
    _settled(ports, held, _tried(ports, held, lambda: ports.post.send(letter)))


def _in_hand(ports: Ports, record: Sent) -> Sent:
    """Taken by one worker at a time: a message delivered twice at once must not be sent twice. Raises InHand.

    What is in hand for longer than anything can be was taken by a clock that has stepped back: it is free.
    """
    now = ports.clock.now()
    if record.in_hand_until is not None and now < record.in_hand_until <= now + IN_HAND + APART:
        raise InHand("another worker has it in hand")
    held = record.changed(in_hand_until=now + IN_HAND)
    try:
        ports.records.commit(Replace(record, held))
    except Conflict:
        raise InHand("another worker has taken it") from None
    return held


def _tried(ports: Ports, held: Mail | Message, send: Callable[[], None]) -> Delivery:
    """What came of it. A failure lets go at once, so that the queue's next try need not wait."""
    try:
        send()
    except NoConsent:
        return Delivery.NO_CONSENT
    except NotDelivered:
        with suppress(Busy):  # what the carrier said is what counts; the hold ends by itself
            _let_go(ports, held)
        raise
    return Delivery.SENT


def _let_go(ports: Ports, held: Mail | Message) -> None:
    """Ends this worker's own hold and nothing else: meanwhile the row may have been given up, which its reader sees
    and a late answer must not take back, and another worker may have it in hand.
    """

    def deed() -> Deed | None:
        found = ports.records.get(type(held), *held.key)
        if found is None or found.in_hand_until != held.in_hand_until:
            return None
        return Deed((Replace(found, found.changed(in_hand_until=None)),), held.id)

    settle(ports, deed)


def _letter(ports: Ports, mail: Mail) -> Letter:
    subject, text, html = ports.letters.letter(mail.letter, _words(ports, mail))
    return Letter(
        to=_address(ports, mail), subject=subject, text=text, html=html,
        attachments=_attachments(ports, mail), message_id=mail.id,
    )  # fmt: skip


def _words(ports: Ports, mail: Mail) -> Mapping[str, str]:
    """Of a notice to a contact: the words that a representative would read in his list."""
    if mail.contact_of is None:
        return mail.context
    written = ports.letters.notice(mail.context[NOTICE], mail.context)
    return {**mail.context, "title": written.title, "body": written.body}


def _address(ports: Ports, mail: Mail) -> str:
    if mail.contact_of is None:
        return (mail.to.plain if mail.to else None) or ""
    enterprise = ports.records.get(Enterprise, mail.contact_of)
    if enterprise is None:
        raise LookupError("the enterprise that is to be told is not there")
    return ports.records.opened(enterprise).contact_email.plain or ""


def _attachments(ports: Ports, mail: Mail) -> tuple[Attachment, ...]:
    if mail.invoice is not None:
        return (_invoice_attached(ports, mail.invoice),)
    if mail.root is None or mail.ordinal is None:
        return ()
    edition = ports.records.get(Edition, mail.root, f"{mail.ordinal:02d}")
    if edition is None:
        raise LookupError("the version of the certificate is not there")
    return tuple(_attached(ports, mail, paper) for paper in edition.papers)


def _attached(ports: Ports, mail: Mail, paper: Paper) -> Attachment:
    data = ports.files.read(paper.file)
    if data is None:
        raise LookupError("the certificate's file is not there")
    name = f"{mail.context['certificate']}{paper.part.chinese}-{mail.context['number']}.pdf"
    return Attachment(name, "application/pdf", data)


def _invoice_attached(ports: Ports, invoice: str) -> Attachment:
    found = ports.records.get(Invoice, invoice)
    data = ports.files.read(found.file) if found and found.file else None
    if found is None or data is None:
        raise LookupError("the invoice's file is not there")
    return Attachment(file_name(found), found.kind or "", data)


def send_notice(ports: Ports, user: str, message: str, *others: str) -> None:
    """Sends one notice by WeChat where the user's consent allows; the message list has it in any case.

    What is told to ``others`` as well is dealt out, so that each is sent, tried again and given up by itself. Raises as
    `send_mail` does; a missing consent is normal and final.
    """
    if others:
        _dealt_out(ports, message, (user, *others))
        return
    found = ports.records.get(Message, user, message)
    receiver = ports.records.get(User, user)
    if found is None or receiver is None or found.delivery in (Delivery.SENT, Delivery.NO_CONSENT):
        return
    template = _template(ports, found.notice)
    if template is None or receiver.consents.get(found.notice, 0) < 1:
        _settled(ports, found, Delivery.NO_CONSENT)
        return
    held, opened = _in_hand(ports, found), ports.records.opened(receiver)
    outcome = _tried(ports, held, lambda: _deliver(ports, held, opened, template))
    _settled(ports, held, outcome, lambda: _consent_used(ports, user, found.notice, outcome))


def _dealt_out(ports: Ports, message: str, users: tuple[str, ...]) -> None:
    """A row for each of them, once: dealt out again, as after a lost mark, the rows that are there are left alone."""

    def deed() -> Deed | None:
        rows = {each.id: each for each in (notice_row(message, (user,), ports.clock.now()) for user in users)}
        found = ports.records.get_many(*((OutboxRow, (each,)) for each in rows))
        missing = rows.keys() - {each.id for each in found if isinstance(each, OutboxRow)}
        new = tuple(Insert(row) for identity, row in rows.items() if identity in missing)
        return Deed(new, message) if new else None

    settle(ports, deed)


def _template(ports: Ports, notice: str) -> WechatTemplate | None:
    association = ports.records.get(Association, "association")
    return association.wechat_templates.get(notice) if association else None


def _deliver(ports: Ports, message: Message, receiver: User, template: WechatTemplate) -> None:
    data = ports.letters.notice(message.notice, message.context).under(template.keys)
    page = template.page.replace("{application}", message.application)
    ports.wechat.notify(receiver.openid.plain or "", template.id, page, data)


def _consent_used(ports: Ports, user: str, notice: str, outcome: Delivery) -> tuple[Change, ...]:
    """One consent allows one message, counted with the mark that it was sent; where WeChat says that none is left,
    none is left.
    """
    receiver = ports.records.get(User, user)
    counted = receiver.consents.get(notice, 0) if receiver else 0
    if receiver is None or counted < 1:
        return ()
    left = counted - 1 if outcome is Delivery.SENT else 0
    return (Replace(receiver, receiver.changed(consents={**receiver.consents, notice: left})),)


def seen_to_fail(ports: Ports, work: Work, subject: tuple[str, ...]) -> tuple[Change, ...]:
    """What shows its reader that a mail or notice was given up; it can still be sent when staff try again.

    Whoever has it in hand keeps it: it may still arrive.
    """
    found = ports.records.get_many(*((KINDS[work], key) for key in _sent_by(work, subject))) if work in KINDS else ()
    waiting = (each for each in found if isinstance(each, Mail | Message) and each.delivery is Delivery.WAITING)
    return tuple(Replace(each, each.changed(delivery=Delivery.FAILED)) for each in waiting)


def _sent_by(work: Work, subject: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The keys of what a row sends: one mail, or one message to each of its users."""
    if work is not Work.NOTICE:
        return (subject,)
    first, message, *others = subject
    return tuple((user, message) for user in (first, *others))


def _nothing_more() -> tuple[Change, ...]:
    return ()


def _settled(
    ports: Ports, record: Mail | Message, delivery: Delivery, also: Callable[[], tuple[Change, ...]] = _nothing_more
) -> None:
    """Marks a mail or notice as over, sent or not wanted, whatever else has changed on the record since: what was sent
    stays marked as sent.

    Between the sending and the mark lies the one moment in which a failure sends twice. So `settle`, which three lost
    races end, is itself begun three times, at once after each other: a store that is busy for a moment does not send
    twice. The sending is never tried again.
    """

    def deed() -> Deed | None:
        found = ports.records.get(type(record), *record.key)
        if found is None or found.delivery is Delivery.SENT:
            return None
        return Deed((Replace(found, found.changed(delivery=delivery, in_hand_until=None)), *also()), record.id)

    for left in reversed(range(TRIES)):
        try:
            settle(ports, deed)
        except Busy:
            if not left:
                raise
        else:
            return
