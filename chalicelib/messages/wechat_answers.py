"""What WeChat's error codes mean for us: at the login (is the person told to try anew, or to wait?) and in the queue.

One condition is one class; where it can meet us at both doors it is a kind of both doors' errors.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.operations import carriers
from chalicelib.operations.carriers import (
    LONGEST_WAIT,
    Failed,
    LoginRefused,
    LoginUnavailable,
    SlowDown,
    Undeliverable,
)
from chalicelib.rules.vocabulary import Reason

REOPEN = "请关闭并重新打开小程序登录。"
SHANGHAI = ZoneInfo("Asia/Shanghai")
AFTER_MIDNIGHT = timedelta(minutes=5)  # their clock and ours need not strike twelve together


class CodeUnknown(LoginRefused):
    """40029: the code is made up, or older than five minutes."""

    def __init__(self, *_: str) -> None:
        super().__init__(Reason("wechat_code_unknown", "微信登录凭证无效或已过期。", REOPEN))


class CodeUsed(LoginRefused):
    """40163: the code has been used."""

    def __init__(self, *_: str) -> None:
        super().__init__(Reason("wechat_code_used", "微信登录凭证已被使用，每个凭证只能用一次。", REOPEN))


class Blocked(LoginRefused):
    """40226: WeChat holds this user for a risk."""

    def __init__(self, *_: str) -> None:
        message = "微信判定此账号存在风险，暂不能登录。"
        step = "请在微信“我—设置—账号与安全”中处理后，重新打开小程序登录；仍不能登录请联系协会。"
        super().__init__(Reason("wechat_user_blocked", message, step))


class Busy(Failed, LoginUnavailable):
    """-1, no network, HTTP errors, timeouts: soon again."""


class NotAdmitted(Failed, LoginUnavailable):
    """WeChat turns *us* away (secret, address list, token). The message is sound and stays for a redrive."""


class TooOften(SlowDown, LoginUnavailable):
    """45011: too many requests this minute."""

    retry_after = timedelta(minutes=1)


class QuotaSpent(TooOften):
    """45009: the day's allowance is used up; it is renewed at midnight, Shanghai time. No try before that can succeed,
    and a queue's few tries would be spent: so the message sleeps until then, or as long as a queue lets it.
    """

    retry_after = timedelta(hours=1)  # for whoever logs in

    def wait(self, now: datetime) -> timedelta:
        tomorrow = (now.astimezone(SHANGHAI) - AFTER_MIDNIGHT).date() + timedelta(days=1)
        renewed = datetime.combine(tomorrow, time(), SHANGHAI) + AFTER_MIDNIGHT
        return min(renewed - now, LONGEST_WAIT)


class NoConsent(carriers.NoConsent):
    """43101: the one message that one tap allows has been sent, or the user said no."""


class UserUnknown(Undeliverable):
    """40003: this mini-program has no such user."""


class Misconfigured(carriers.Misconfigured, LoginUnavailable):
    """47003, 40037 and the like: template, page or parameters are not what WeChat has on file."""


class Unforeseen(Failed, LoginUnavailable):
    """A code this table does not know: kept and tried again rather than lost, and it ends where staff see it."""


Meaning = type[
    CodeUnknown | CodeUsed | Blocked | Busy | NotAdmitted | TooOften | NoConsent | UserUnknown | Misconfigured
]

STALE_TOKEN = frozenset({40001, 40014, 42001})  # wrong, malformed, expired: fetch a new one and try once more

ANYWHERE: Mapping[int, Meaning] = {
    -1: Busy,
    45009: QuotaSpent,
    45011: TooOften,
    40001: NotAdmitted,  # also: wrong secret
    40014: NotAdmitted,
    42001: NotAdmitted,
    40013: NotAdmitted,  # unknown appid
    40125: NotAdmitted,  # wrong secret
    40164: NotAdmitted,  # our address is not on the list
    40243: NotAdmitted,  # the secret is frozen
}
AT_LOGIN: Mapping[int, Meaning] = {**ANYWHERE, 40029: CodeUnknown, 40163: CodeUsed, 40226: Blocked, 41008: CodeUnknown}
IN_SENDING: Mapping[int, Meaning] = {
    **ANYWHERE,
    40003: UserUnknown,
    40037: Misconfigured,  # unknown template
    41030: Misconfigured,  # unknown page
    43101: NoConsent,
    43108: Busy,  # several messages to one user at once
    47003: Misconfigured,  # a value breaks its key's limits
}
