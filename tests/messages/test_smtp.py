"""Letters by SMTP: how they are written, what a server's refusal means, and journeys to the local mail box."""

import logging
import smtplib
import socket
import ssl
import traceback
from asyncio import Transport
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chalicelib.messages.smtp import Security, SmtpPost, compose, meaning, message_id
from chalicelib.operations.carriers import Attachment, Failed, Letter, NotDelivered, SlowDown, Undeliverable
from infra.local import mailbox
from infra.local.mailbox import Loopback

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SENDER = "示例协会 <post@association.example>"
PDF = Attachment("会员证 HY-2026-0001.pdf", "application/pdf", b"%PDF-1.7 \x00\xff not really")


def letter(to: str = "reader@example.org", subject: str = "【示例协会】会员证电子证书", **parts: Any) -> Letter:
    given = {"text": "您好！\n", "html": "<p>您好！</p>", "attachments": (PDF,), "message_id": "mail#42"}
    return Letter(to, subject, **{**given, **parts})


def post(port: int, security: Security = "none", **more: Any) -> SmtpPost:
    given = {"username": None, "password": None, "sender": SENDER, "timeout": 5.0, "clock": lambda: NOW}
    return SmtpPost("127.0.0.1", port, security, **{**given, **more})


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=modern)
    assert isinstance(message, EmailMessage)
    return message


# Written


def test_a_letter_reads_back_with_its_chinese_subject_body_and_attachment() -> None:
    message = read(compose(letter(), SENDER, NOW).as_bytes())
    assert message["Subject"] == "【示例协会】会员证电子证书"
    assert message["From"] == SENDER
    assert message["To"] == "reader@example.org"
    text = message.get_body(("plain",))
    assert text is not None
    assert text.get_content().strip() == "您好！"
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "会员证 HY-2026-0001.pdf"
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == PDF.data


def test_what_travels_is_seven_bit_with_short_lines() -> None:
    raw = compose(letter(), SENDER, NOW).as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_the_same_letter_has_the_same_message_id_and_another_has_another() -> None:
    first, again, other = (
        compose(letter(message_id=name), SENDER, NOW)["Message-ID"] for name in ("mail#42", "mail#42", "mail#43")
    )
    assert first == again != other
    assert first.endswith("@association.example>")


def test_an_id_with_odd_characters_still_makes_a_lawful_message_id() -> None:
    assert message_id("申请#1 <x>@y", "a@b.example").count("@") == 1
    assert message_id("申请#1 <x>@y", "a@b.example").isascii()


def test_a_letter_without_html_is_plain() -> None:
    message = compose(letter(html=None, attachments=()), SENDER, NOW)
    assert message.get_content_type() == "text/plain"


@pytest.mark.parametrize("evil", ["x\r\nBcc: victim@example.org", "x\nBcc: v@example.org", "x\r", "x\x00", "x\u2028y"])
def test_no_line_break_gets_into_a_header(evil: str) -> None:
    for parts in ({"to": evil}, {"subject": evil}, {"message_id": evil}):
        with pytest.raises(Undeliverable):
            letter(**parts)
    with pytest.raises(Undeliverable):
        Attachment(evil, "application/pdf", b"")
    with pytest.raises(Undeliverable):
        Attachment("a.pdf", f"application/{evil}", b"")


@pytest.mark.parametrize(
    "to", ["", "nobody", "a@", "@b.example", "a@b.example, c@d.example", "A <a@b.example>", "a b@c.example", "a@b@c"]
)
def test_a_letter_goes_to_exactly_one_plain_address(to: str) -> None:
    with pytest.raises(Undeliverable):
        letter(to)


@pytest.mark.parametrize("to", ["a..b@example.org", "a@.example", "a@" + "x" * 70 + ".example"])
def test_an_address_no_server_can_have_is_final(to: str) -> None:
    with pytest.raises(Undeliverable):
        post(1).send(letter(to))


def test_a_chinese_host_travels_as_punycode() -> None:
    assert compose(letter("a@例子.example"), SENDER, NOW)["To"] == "a@xn--fsqu00a.example"


def test_a_letter_shows_no_personal_data_when_printed() -> None:
    assert "reader" not in repr(letter())
    assert "您好" not in repr(letter())


def test_a_password_never_travels_in_the_clear() -> None:
    with pytest.raises(ValueError, match="clear"):
        post(1, "none", username="u", password="p")


# What a refusal means

REFUSED = smtplib.SMTPRecipientsRefused


@pytest.mark.parametrize(
    ("problem", "follows"),
    [
        (REFUSED({"a@b.example": (550, b"no such user")}), Undeliverable),
        (REFUSED({"a@b.example": (450, b"greylisted")}), SlowDown),
        (smtplib.SMTPDataError(554, b"looks like spam"), Undeliverable),
        (smtplib.SMTPDataError(451, b"later"), SlowDown),
        (smtplib.SMTPSenderRefused(552, b"too big", "s"), Undeliverable),
        (smtplib.SMTPSenderRefused(550, b"not yours", "s"), Failed),
        (smtplib.SMTPSenderRefused(421, b"too many", "s"), SlowDown),
        (smtplib.SMTPAuthenticationError(535, b"no"), Failed),
        (smtplib.SMTPAuthenticationError(454, b"later"), SlowDown),
        (smtplib.SMTPConnectError(421, b"busy"), SlowDown),
        (smtplib.SMTPHeloError(554, b"no"), Failed),
        (smtplib.SMTPServerDisconnected("gone"), Failed),
        (smtplib.SMTPNotSupportedError("no STARTTLS"), Failed),
        (TimeoutError(), Failed),
        (ConnectionRefusedError(), Failed),
        (ssl.SSLCertVerificationError(), Failed),
    ],
)
def test_each_refusal_decides_what_the_queue_does(problem: Exception, follows: type[NotDelivered]) -> None:
    assert type(meaning(problem)) is follows


# To the local mail box


@pytest.fixture
def box(tmp_path: Path) -> Iterator[mailbox.Mailbox]:
    box = mailbox.start(tmp_path / "mail")
    yield box
    box.close()


def test_a_sent_letter_lies_in_the_mail_box_and_in_its_lists(box: mailbox.Mailbox) -> None:
    post(box.port).send(letter())
    kept = read((box.directory / "0001.eml").read_bytes())
    assert kept["Subject"] == "【示例协会】会员证电子证书"
    assert next(kept.iter_attachments()).get_content() == PDF.data
    listed = (box.directory / "index.txt").read_text()
    for words in ("0001.eml", SENDER, "reader@example.org", "会员证电子证书", "会员证 HY-2026-0001.pdf"):
        assert words in listed
    assert 'href="0001.eml"' in (box.directory / "index.html").read_text()


def test_letters_are_numbered_on_and_an_earlier_run_is_kept(tmp_path: Path) -> None:
    for _ in range(2):
        box = mailbox.start(tmp_path)
        post(box.port).send(letter())
        box.close()
    assert sorted(path.name for path in tmp_path.glob("*.eml")) == ["0001.eml", "0002.eml"]
    assert len((tmp_path / "index.txt").read_text().splitlines()) == 2


def test_the_list_shows_markup_in_a_mail_as_text(box: mailbox.Mailbox) -> None:
    post(box.port).send(letter(subject="<script>alert(1)</script>", text="</pre><script>"))
    assert "<script>" not in (box.directory / "index.html").read_text()


def test_nobody_listening_is_tried_again_by_the_queue() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Failed):
        post(port).send(letter())


# Servers with a will of their own


HANGS_UP = "221 click"


class Moody:
    """Answers one step of the conversation as told; keeps what it accepted."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.accepted: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        envelope.rcpt_tos.append(address)
        return self.answers.get("rcpt", "250 ok")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        del server, session
        if "data" not in self.answers:
            self.accepted.append(envelope)
        return self.answers.get("data", "250 ok")

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        del session, envelope
        if self.answers.get("quit") == HANGS_UP and isinstance(server.transport, Transport):
            server.transport.abort()
        return self.answers.get("quit", "221 bye")


@contextmanager
def serving(handler: Moody, **options: Any) -> Iterator[int]:
    controller = Loopback(handler, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def test_an_unknown_recipient_is_final_and_not_quoted_in_the_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "chalicelib")
    mood = Moody(rcpt="550 reader@example.org does not live here")
    with serving(mood) as port, pytest.raises(Undeliverable) as problem:
        post(port).send(letter())
    assert "reader@" not in "".join(traceback.format_exception(problem.value))


def test_greylisting_is_waited_out_by_the_queue() -> None:
    with serving(Moody(rcpt="450 later")) as port, pytest.raises(SlowDown):
        post(port).send(letter())


def test_refused_content_is_final() -> None:
    with serving(Moody(data="554 no")) as port, pytest.raises(Undeliverable):
        post(port).send(letter())


def test_a_letter_larger_than_the_server_takes_is_final() -> None:
    with serving(Moody(), data_size_limit=1000) as port, pytest.raises(Undeliverable):
        post(port).send(letter(text="长" * 2000))


@pytest.mark.parametrize("goodbye", ["421 go away", HANGS_UP])
def test_a_rude_goodbye_after_acceptance_is_no_failure(goodbye: str) -> None:
    handler = Moody(quit=goodbye)
    with serving(handler) as port:
        post(port).send(letter())
    assert len(handler.accepted) == 1


def test_a_server_without_starttls_gets_no_letter_in_the_clear() -> None:
    handler = Moody()
    with serving(handler) as port, pytest.raises(Failed):
        post(port, "starttls").send(letter())
    assert not handler.accepted


# Encrypted


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate of our own making, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    chain = tmp_path_factory.mktemp("tls") / "chain.pem"
    chain.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain) + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    return server, ssl.create_default_context(cadata=pem.decode())


def sign_in(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"post", b"right"), handled=False)


@pytest.fixture
def secured(identity: tuple[ssl.SSLContext, ssl.SSLContext]) -> Iterator[tuple[Moody, int]]:
    handler = Moody()
    options = {"tls_context": identity[0], "require_starttls": True, "authenticator": sign_in, "auth_required": True}
    with serving(handler, **options) as port:
        yield handler, port


def test_starttls_then_sign_in_then_the_letter(
    secured: tuple[Moody, int], identity: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    handler, port = secured
    post(port, "starttls", username="post", password="right", trust=identity[1]).send(letter())
    assert handler.accepted[0].rcpt_tos == ["reader@example.org"]
    assert handler.accepted[0].mail_from == "post@association.example"


def test_a_wrong_password_keeps_the_letter_for_a_redrive(
    secured: tuple[Moody, int], identity: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    handler, port = secured
    with pytest.raises(Failed, match="535"):
        post(port, "starttls", username="post", password="wrong", trust=identity[1]).send(letter())
    assert not handler.accepted


def test_a_server_nobody_vouches_for_gets_neither_password_nor_letter(secured: tuple[Moody, int]) -> None:
    handler, port = secured
    with pytest.raises(Failed):
        post(port, "starttls", username="post", password="right").send(letter())
    assert not handler.accepted


def test_tls_from_the_first_byte_as_on_port_465(identity: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    handler = Moody()
    with serving(handler, ssl_context=identity[0]) as port:
        post(port, "tls", trust=identity[1]).send(letter())
        with pytest.raises(Failed):
            post(port, "tls").send(letter())
    assert len(handler.accepted) == 1
