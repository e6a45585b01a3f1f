"""Mail by SES: one attempt per letter. The queue tries again, never this."""

from collections.abc import Callable
from email.utils import parseaddr
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.aws.troubles import THROTTLED
from chalicelib.operations.carriers import Failed, Letter, NotDelivered, SlowDown, Undeliverable, ascii_host

# About this letter or its reader, so trying again is useless. What is about us (an address not verified, sending
# paused) is Failed instead: a person corrects it and sends the dead letter again.
FINAL = frozenset({"InvalidParameterValue", "InvalidParameterValueException"})
TOO_FAST = THROTTLED | {"LimitExceededException"}


class SesPost:
    """``ses`` must be a client of one attempt; ``sender`` is 协会名 <box@example.org>; ``compose`` writes the mail."""

    def __init__(self, ses: Any, sender: str, compose: Callable[[Letter], bytes]) -> None:
        self._ses = ses
        self._box = parseaddr(sender)[1]
        self._compose = compose
        if "@" not in self._box:
            raise ValueError("the sender needs a mail address")

    def send(self, letter: Letter) -> None:
        """Raises Undeliverable (final), SlowDown or Failed (the queue tries again)."""
        to, mail = ascii_host(letter.to), self._compose(letter)
        try:
            self._ses.send_raw_email(Source=self._box, Destinations=[to], RawMessage={"Data": mail})
        except (ClientError, BotoCoreError) as problem:
            # "from None": SES quotes the address in its answers, and errors are logged.
            raise _meaning(problem) from None


def _meaning(problem: Exception) -> NotDelivered:
    if not isinstance(problem, ClientError):
        return Failed(type(problem).__name__)
    code = problem.response.get("Error", {}).get("Code", "unknown")
    kind = Undeliverable if code in FINAL else SlowDown if code in TOO_FAST else Failed
    return kind(f"SES: {code}", f"SES {code}")
