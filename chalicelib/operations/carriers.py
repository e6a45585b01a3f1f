"""What is handed to a carrier (mail, WeChat), and how a carrier says that it could not deliver.

Carriers never try again by themselves: the queue is the only layer that does, and the kind of error tells it what
to do. Errors carry no address, name or text of the message: they end up in logs.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from unicodedata import category

from chalicelib.rules.vocabulary import Reason

LONGEST_WAIT = timedelta(hours=11, minutes=45)  # SQS hides a message for 12 hours at most, counted from its receipt


class NotDelivered(Exception):  # noqa: N818 - the trade's word; the three kinds below say what follows
    """The carrier did not take the message. ``said`` is for the log; ``code`` (SMTP 550) is what staff read of it."""

    def __init__(self, said: str = "", code: str = "") -> None:
        super().__init__(said)
        self.code = code


class Undeliverable(NotDelivered):
    """Final: the queue drops the message, and staff see the notice marked as failed. Trying again is useless."""


class NoConsent(Undeliverable):
    """Final and normal: no (more) consent. The queue drops it quietly; the user's message list has the notice."""


class Misconfigured(Undeliverable):
    """Final and loud: our template or data are wrong, and every such message will fail until a person corrects it."""


class SlowDown(NotDelivered):
    """Retry later: the queue hides the message as long as ``wait`` says, then tries again; after the last try it is
    dead.
    """

    retry_after = timedelta(minutes=15)

    def wait(self, now: datetime) -> timedelta:
        """From ``now`` on; at most LONGEST_WAIT."""
        del now
        return self.retry_after


class Failed(NotDelivered):
    """Retry: the queue tries again at its own pace, up to its bound; then it is a dead letter staff can redrive.

    Also raised when the outcome is unknown (the connection broke): so a message may arrive once more per lost answer.
    """


class InHand(Failed):
    """Another worker is sending it: nothing was tried, so this says nothing about why it has not been delivered."""


class LoginRefused(Exception):  # noqa: N818 - the trade's word
    """WeChat does not vouch for this person: 401 with the reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


class LoginUnavailable(Exception):  # noqa: N818 - the trade's word
    """WeChat cannot be asked just now: 503 with Retry-After. The person's code may still be good."""

    retry_after = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Identity:
    """A WeChat user as WeChat vouches for him. The session key is deliberately not part of it."""

    openid: str = field(repr=False)
    unionid: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice for the user's message list; ``wechat``: the same by meaning (service, state, reason, amount, time)."""

    title: str
    body: str
    wechat: Mapping[str, str]

    def under(self, keys: Mapping[str, str]) -> dict[str, str]:
        """The words for WeChat under a template's keys ({"service": "thing1"}).

        Raises Misconfigured when the template wants what this notice does not say: WeChat would refuse the hole.
        """
        if missing := keys.keys() - self.wechat.keys():
            raise Misconfigured(f"the notice says nothing of {', '.join(sorted(missing))}")
        return {key: self.wechat[meaning] for meaning, key in keys.items()}


ONE_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\\\"]{1,64}@[^\s@,;:<>()\[\]\\\"]{1,255}")


def _refuse_control_characters(*values: str) -> None:
    """A line break in a header would let its writer add headers and recipients of his own."""
    if any(category(character) in {"Cc", "Zl", "Zp"} for value in values for character in value):
        raise Undeliverable("control characters in a header")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a letter; ``type`` is a media type (application/pdf). Raises Undeliverable on control characters."""

    name: str
    type: str
    data: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _refuse_control_characters(self.name, self.type)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to exactly one address. The same ``message_id`` (our id of the letter) marks the same letter sent again.

    Raises Undeliverable on control characters in what becomes a header, and when ``to`` is not one plain address.
    """

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str | None = field(repr=False)
    attachments: tuple[Attachment, ...]
    message_id: str

    def __post_init__(self) -> None:
        _refuse_control_characters(self.to, self.subject, self.message_id)
        if not ONE_ADDRESS.fullmatch(self.to):
            raise Undeliverable("not one mail address")


def ascii_host(to: str) -> str:
    """The address with its host in ASCII (punycode); what stands before the @ means what its own server makes of it.

    Raises Undeliverable when no such host name can exist.
    """
    box, _, host = to.rpartition("@")
    try:
        return f"{box}@{host.encode('idna').decode()}"
    except UnicodeError:
        raise Undeliverable("no such host name can exist") from None
