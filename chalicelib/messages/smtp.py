"""Mail by SMTP: one connection and one attempt per letter. The queue tries again, never this.

In the China regions there is no SES, so this is a first-class way to send: TLS on port 465.
"""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from typing import Literal

from chalicelib.operations.carriers import Attachment, Failed, Letter, NotDelivered, SlowDown, Undeliverable, ascii_host

Security = Literal["tls", "starttls", "none"]
PERMANENT = 500
ON_THE_WIRE = SMTP.clone(cte_type="7bit")  # smtplib does not ask whether the server takes eight


@dataclass(frozen=True)
class SmtpPost:
    """``sender`` is 协会名 <box@example.org>; ``timeout`` in seconds; ``clock`` dates the letters.

    "none" is for a machine's own mailbox only, so it takes no password. ``trust`` replaces the system's authorities.
    """

    host: str
    port: int
    security: Security
    username: str | None
    password: str | None = field(repr=False)
    sender: str
    timeout: float
    clock: Callable[[], datetime]
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    def __post_init__(self) -> None:
        if self.security == "none" and self.username:
            raise ValueError("a password does not travel in the clear: choose tls or starttls")
        if "@" not in self._envelope_sender:
            raise ValueError("the sender needs a mail address")

    def send(self, letter: Letter) -> None:
        """Hand the letter to the server. Raises Undeliverable (final), SlowDown or Failed (the queue tries again)."""
        message = compose(letter, self.sender, self.clock())
        try:
            self._deliver(message, ascii_host(letter.to))
        except (smtplib.SMTPException, OSError) as problem:
            # "from None": servers quote the address in their answers, and errors are logged.
            raise meaning(problem) from None

    def _deliver(self, message: EmailMessage, to: str) -> None:
        server = self._connect()
        try:
            self._secure_and_sign_in(server)
            server.send_message(message, self._envelope_sender, [to])
            # The letter is accepted: a goodbye that fails must not make the queue send it twice.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=self.trust)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)

    def _secure_and_sign_in(self, server: smtplib.SMTP) -> None:
        if self.security == "starttls":
            server.starttls(context=self.trust)
        if self.username and self.password:
            server.login(self.username, self.password)

    @property
    def _envelope_sender(self) -> str:
        return parseaddr(self.sender)[1]


def compose(letter: Letter, sender: str, now: datetime) -> EmailMessage:
    """The letter as a mail. The same letter always carries the same Message-ID, so that mail programs show it once.

    Raises Undeliverable for what no mail can carry.
    """
    _refuse_half_characters(letter.subject, letter.text, letter.html or "", *(each.name for each in letter.attachments))
    message = EmailMessage(policy=ON_THE_WIRE)
    message["From"] = sender
    message["To"] = _address(ascii_host(letter.to))
    message["Subject"] = _as_text(letter.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(letter.message_id, parseaddr(sender)[1])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies to us, please
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    for attachment in letter.attachments:
        _attach(message, attachment)
    return message


def message_id(letter: str, sender: str) -> str:
    """Hashed: our ids may hold characters that a Message-ID may not, and tell strangers nothing this way."""
    return f"<{sha256(letter.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    maintype, _, subtype = attachment.type.partition("/")
    message.add_attachment(attachment.data, maintype=maintype, subtype=subtype, filename=_as_text(attachment.name))


def _as_text(typed: str) -> str:
    """An encoded word (RFC 2047) in what was typed is taken apart: the library would decode it, whatever it hides.

    =?utf-8?q?=0D=0ABcc:_somebody?= in an association's name became a line of its own in the headers.
    """
    return typed.replace("=?", "= ?")


def _refuse_half_characters(*texts: str) -> None:
    """Lone surrogates, which JSON can write and no mail can carry, today or at the queue's next try."""
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:
        raise Undeliverable("half a character") from None


def _address(to: str) -> Address:
    try:
        return Address(addr_spec=to)
    except (ValueError, IndexError, LookupError, MessageError):
        raise Undeliverable("not a mail address") from None


def meaning(problem: Exception) -> NotDelivered:
    """What an SMTP failure means for the queue. Only about this letter or its reader: final; about us: again."""
    match problem:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return _about_the_letter(min(code for code, _ in refused.values()))
        case smtplib.SMTPDataError(smtp_code=code) | smtplib.SMTPSenderRefused(smtp_code=552 as code):  # 552: too big
            return _about_the_letter(code)
        case smtplib.SMTPResponseException(smtp_code=code):
            return _about_us(code)
    return Failed(type(problem).__name__)


def _about_the_letter(code: int) -> NotDelivered:
    kind = Undeliverable if code >= PERMANENT else SlowDown
    return kind(f"SMTP {code}: letter or recipient refused", f"SMTP {code}")


def _about_us(code: int) -> NotDelivered:
    kind = Failed if code >= PERMANENT else SlowDown
    return kind(f"SMTP {code}: the server does not take mail from us now", f"SMTP {code}")
