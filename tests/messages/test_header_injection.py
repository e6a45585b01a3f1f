"""Whatever people type that ends up in a mail: what leaves has the one reader, the headers we write, and no other.

The mail is judged as it leaves, byte by byte, by SMTP (with its envelope) and by SES, and read again by the standard
library, by its old rules and its new ones. What no mail can carry is refused before anything leaves.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import compat32, default
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws.mail import SesPost
from chalicelib.messages import templates
from chalicelib.messages.smtp import SmtpPost, compose
from chalicelib.operations.carriers import Attachment, Letter, Undeliverable
from chalicelib.rules.identifiers import Malformed, email, enterprise_name
from infra.local.mailbox import Loopback, Sink

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
BOX, READER = "post@association.example", "reader@example.org"
SENDER = f"示例协会 <{BOX}>"
OURS = {
    "from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type",
}  # fmt: skip
OF_A_PART = {"content-type", "content-transfer-encoding", "content-disposition", "mime-version"}
BREAKS = (
    "\r\n", "\n", "\r", "\r\n ", "\n\t", "\r\n\r\n", "\0", "\v", "\f", "\x1c", "\x1d", "\x1e",
    "\x7f", "\x85", "\u2028",
    "\u2029", "\u240d\u240a", "\uff0d\uff0a", "%0d%0a", "%0A", "%E5%98%8A%E5%98%8D", "嘊嘍", "\\r\\n", "&#13;&#10;",
    "=0D=0A", "\u200b", "\ufeff", "\u202e", "\x1b[2J", "\b\b\b",
)  # fmt: skip
ENCODED_WORDS = (
    "=?utf-8?q?x=0D=0ABcc:_victim@evil.example?=", "=?utf-8?b?DQpCY2M6IHZpY3RpbUBldmlsLmV4YW1wbGU=?=",
    "=?utf-8?Q?=0A?=Bcc: victim@evil.example", "=?us-ascii?q?=0D=0A=0D=0Aanother body?=", "=?iso-8859-1?q?=85?=",
    "=?utf-8?q?=E2=80=A8?=", "=?utf-8*zh?q?=0D=0A?=", "=?x?q?=0D?=", "==??utf-8?q?=0A?=", "=?=?utf-8?q?=0A?=?=",
    "=?utf-8?q?a?= =?utf-8?q?=0D=0ABcc:x?=", "=?utf-7?q?+AA0ACg-?=", "=?", "?=", "=?utf-8?q?", "=?utf-8?q??=",
)  # fmt: skip
TYPED = (
    *(f"x{each}Bcc: victim@evil.example" for each in BREAKS),
    *ENCODED_WORDS,
    *(f"甲{each}乙" for each in ENCODED_WORDS),
    "Bcc: victim@evil.example", "x, victim@evil.example", "<victim@evil.example>", '"x" <victim@evil.example>',
    '"', "\\", '\\"', "(", ")", "(a (nested (comment)))", "x;y", ";", ":", "x" * 3000, "长" * 1500, "😀" * 400,
    "a " * 900, "x" * 997 + "\u3000Bcc: x", "e\u0301" * 200, "\ud800", "x\udfff", "'; filename=evil.exe",
    '"; filename="evil.exe', "utf-8''evil.exe", "../../evil.exe", "evil.exe\u202efdp", ".", " ", "",
)  # fmt: skip
ADDRESSES = (
    *(f"reader@example.org{each}Bcc: victim@evil.example" for each in BREAKS),
    *(f"reader{each}@example.org" for each in (*BREAKS, *ENCODED_WORDS)),
    *(f"{each}reader@example.org" for each in BREAKS),
    *(f"reader@example.org{each}" for each in BREAKS),
    *(f"reader@{each}example.org" for each in BREAKS),
    *(
        f"reader@example.org{each}victim@evil.example"
        for each in (",", ", ", ";", " ", "，", "；", "、", "\t", "|", "%")
    ),
    "victim@evil.example,reader@example.org", "reader@example.org@evil.example", "reader@evil.example@example.org",
    "Reader <reader@example.org>", "<reader@example.org>", '"Reader" <reader@example.org>, victim@evil.example',
    "reader@example.org (comment)", "(comment)reader@example.org", "reader(comment)@example.org",
    "reader@(comment)example.org", '"reader"@example.org', '"a\\"b"@example.org',
    '"a b"@example.org', '"a,b"@example.org',
    '"reader\r\nBcc: x"@example.org', "group: reader@example.org;", "undisclosed-recipients:;",
    "@relay.example:a@b.example",
    "a%evil.example@example.org", "evil.example!a@example.org", "a+b@example.org",
    "o'brien@example.org", "/x@example.org",
    "-f@example.org", "-oQ/tmp/x@example.org", "|cat@example.org", "`id`@example.org", "$(id)@example.org",
    "reader@[127.0.0.1]", "reader@[IPv6:::1]", "reader@127.0.0.1", "reader@localhost",
    "reader@example.org.", "reader@.org",
    "reader@example..org", "re..ader@example.org", ".reader@example.org", "reader.@example.org",
    "@example.org", "reader@",
    "reader", "", " ", "@", "张三@example.org", "reader@例子.example", "reader@еxample.org", "reader@exаmple.org",
    "ｒｅａｄｅｒ＠example.org", "reader@ｅｘａｍｐｌｅ．ｏｒｇ", "reader@xn--.example", "reader@xn--fsqu00a.example",
    "reader@ß.example", "reader@faß.example", "reader@\u200dexample.org", "reader@a\u0338.example",
    "reader@İ.example",
    "reader@" + "x" * 64 + ".example", "reader@" + "x." * 130 + "example", "x" * 65 + "@example.org",
    "x" * 64 + "@" + ".".join(["y" * 60] * 3) + ".example", "x" * 5000 + "@example.org", "reader@example.org" * 100,
    "\ud800@example.org", "reader@\ud800.example", "reader@example.org\udfff",
    "reader@example.0rg", "reader@ⓔxample.org",
)  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """A mail as it left: to whom the carrier was told to bring it, and the bytes."""

    sender: str
    readers: list[str]
    raw: bytes


def letter(to: str = READER, **parts: Any) -> Letter:
    usual = {"subject": "会员证", "text": "您好！", "html": "<p>您好！</p>", "attachments": (), "message_id": "m1"}
    return Letter(to, **{**usual, **parts})


# --- judging ----------------------------------------------------------------------------------------------------------


def assert_one_mail(raw: bytes, to: str, subject: str, files: tuple[str, ...] = ()) -> None:
    _assert_well_formed(raw)
    for policy in (compat32, default):
        message = message_from_bytes(raw, policy=policy)
        names = [name.lower() for name in message.keys()]  # noqa: SIM118 - a header that is there twice counts twice
        assert sorted(names) == sorted(OURS), names
        assert [mailbox for _, mailbox in getaddresses(message.get_all("To", []))] == [to]
        assert [mailbox for _, mailbox in getaddresses(message.get_all("From", []))] == [BOX]
        assert not message.defects
        for part in message.walk():
            assert part is message or {name.lower() for name in part} <= OF_A_PART, part.items()
    modern = message_from_bytes(raw, policy=default)
    assert isinstance(modern, EmailMessage)
    assert str(modern["Subject"]) == subject
    assert tuple(part.get_filename() for part in modern.iter_attachments()) == files
    # Those who decode a word wherever they see one (many do) must find nothing but text either.
    shown = str(make_header(decode_header(str(message_from_bytes(raw)["Subject"]))))
    assert not re.search(r"[\x00-\x1f\x7f\x85\u2028\u2029]", shown.replace("\r\n ", "")), shown


def _assert_well_formed(raw: bytes) -> None:
    """Seven bits, lines of lawful length that end in CRLF and in nothing else, headers that are headers."""
    assert raw.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    head = raw.partition(b"\r\n\r\n")[0]
    assert all(re.match(rb"[A-Za-z-]+:|[ \t]+\S", line) for line in head.split(b"\r\n")), head
    assert head.lower().count(b"\r\nto:") == 1


# --- leaving ----------------------------------------------------------------------------------------------------------


class Kept(Sink):
    """The local mail box, which also remembers the envelopes."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.sent: list[Sent] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        raw = bytes(envelope.original_content or b"")
        self.sent.append(Sent(envelope.mail_from or "", list(envelope.rcpt_tos), raw))
        return await super().handle_DATA(server, session, envelope)


@dataclass(frozen=True)
class Office:
    """A way to send, and what has left by it."""

    post: SmtpPost
    kept: Kept


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    kept = Kept(tmp_path_factory.mktemp("mail"))
    controller = Loopback(kept, hostname="127.0.0.1", port=0, enable_SMTPUTF8=True)
    controller.start()
    yield Office(SmtpPost("127.0.0.1", controller.port, "none", None, None, SENDER, 5.0, lambda: NOW), kept)
    controller.stop()


def test_an_address_that_is_typed_reaches_one_reader_or_nobody(office: Office) -> None:
    for typed in ADDRESSES:
        try:
            to = email(typed)
        except Malformed:
            continue
        assert_to_one_reader_or_nobody(office, to)


def test_an_address_from_elsewhere_that_nobody_checked_does_the_same(office: Office) -> None:
    for to in ADDRESSES:
        assert_to_one_reader_or_nobody(office, to)


def assert_to_one_reader_or_nobody(office: Office, to: str) -> None:
    office.kept.sent.clear()
    try:
        office.post.send(letter(to))
    except Undeliverable:
        assert not office.kept.sent, to
        return
    (sent,) = office.kept.sent
    (reader,) = sent.readers
    assert (sent.sender, reader.partition("@")[0]) == (BOX, to.partition("@")[0])
    assert reader.isascii()
    assert_one_mail(sent.raw, reader, "会员证")


def certificate(**typed: str) -> tuple[str, str, str]:
    context = {
        "association": "示例协会", "telephone": "000", "certificate": "会员证", "number": "HY-2026-0001",
        "holder": "虚构公司", "valid_from": "x", "valid_to": "x", "paper": "A4 纸", "test": "",
        "verify_url": "https://x.example/V/A",
    }  # fmt: skip
    return templates.letter("certificate", {**context, **typed})


@pytest.mark.parametrize("place", ["association", "telephone", "certificate", "number", "holder", "paper"])
def test_whatever_stands_in_a_letter_adds_no_header_and_no_reader(office: Office, place: str) -> None:
    for typed in TYPED:
        office.kept.sent.clear()
        try:
            subject, text, html = certificate(**{place: typed})
            file = f"会员证-{typed}.pdf" if place == "number" else "x.pdf"
            attachment = Attachment(file, "application/pdf", b"%PDF-")
            office.post.send(letter(subject=subject, text=text, html=html, attachments=(attachment,)))
        except Undeliverable:
            assert not office.kept.sent
            continue
        (sent,) = office.kept.sent
        assert sent.readers == [READER]
        assert_one_mail(sent.raw, READER, unencoded(subject), (unencoded(file),))


def unencoded(text: str) -> str:
    """A word that some reader would decode is taken apart; every other text arrives as it was."""
    return text.replace("=?", "= ?")


def test_an_enterprise_name_is_one_line_before_it_is_anything_else() -> None:
    for typed in TYPED:
        try:
            name = enterprise_name(typed)
        except Malformed:
            continue
        assert len(name.splitlines()) == 1


class KeptBySes:
    """What SES is asked."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []

    def send_raw_email(self, **asked: Any) -> None:
        assert set(asked) == {"Source", "Destinations", "RawMessage"}
        self.sent.append(Sent(asked["Source"], asked["Destinations"], asked["RawMessage"]["Data"]))


def test_ses_is_told_one_reader_and_handed_the_same_mail(office: Office) -> None:
    kept = KeptBySes()
    by_ses = SesPost(kept, SENDER, lambda letter: compose(letter, SENDER, NOW).as_bytes())
    for typed in TYPED:
        kept.sent.clear()
        office.kept.sent.clear()
        try:
            one = letter(subject=f"【{typed}】", attachments=(Attachment("x.pdf", "application/pdf", b"%PDF-"),))
            by_ses.send(one)
        except Undeliverable:
            assert not kept.sent
            continue
        (sent,) = kept.sent
        assert (sent.sender, sent.readers) == (BOX, [READER])
        assert_one_mail(sent.raw, READER, unencoded(one.subject), ("x.pdf",))
        office.post.send(one)
        assert headers_of(office.kept.sent[0].raw) == headers_of(sent.raw)


def test_ses_brings_an_address_to_one_reader_or_to_nobody() -> None:
    for to in ADDRESSES:
        kept = KeptBySes()
        try:
            SesPost(kept, SENDER, lambda letter: compose(letter, SENDER, NOW).as_bytes()).send(letter(to))
        except Undeliverable:
            assert not kept.sent
            continue
        ((reader,),) = (sent.readers for sent in kept.sent)
        assert_one_mail(kept.sent[0].raw, reader, "会员证")


def headers_of(raw: bytes) -> list[tuple[str, str]]:
    return [(name, value) for name, value in message_from_bytes(raw).items() if name != "Content-Type"]


WORDS = st.lists(st.sampled_from([*BREAKS, *ENCODED_WORDS, " ", "=?", "?=", "x", "长", "Bcc:", ",", "<", "\u0301"]))
ANY_TEXT = st.one_of(st.text(max_size=200), WORDS.map("".join))


@given(subject=ANY_TEXT, file=ANY_TEXT, message_id=ANY_TEXT)
def test_no_text_at_all_adds_a_header(subject: str, file: str, message_id: str) -> None:
    try:
        attachment = Attachment(file or "x", "application/pdf", b"%PDF-")
        one = letter(subject=subject, attachments=(attachment,), message_id=message_id)
        raw = compose(one, SENDER, NOW).as_bytes()
    except Undeliverable:
        return
    _assert_well_formed(raw)
    assert sorted(name.lower() for name, _ in message_from_bytes(raw).items()) == sorted(OURS)


@given(to=st.one_of(st.text(max_size=80), st.emails(), WORDS.map(lambda words: f"{''.join(words)}@example.org")))
def test_no_address_at_all_is_two(to: str) -> None:
    try:
        raw = compose(letter(to), SENDER, NOW).as_bytes()
    except Undeliverable:
        return
    _assert_well_formed(raw)
    ((_, reader),) = getaddresses(message_from_bytes(raw).get_all("To", []))
    assert reader.partition("@")[0] == to.partition("@")[0]
