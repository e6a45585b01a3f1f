"""A thin client for WeChat's server side: login, access token, subscribe message. One attempt per call, by intent.

The session key that comes with a login opens the user's data: it is dropped here and never returned, kept or logged.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock
from typing import Any, Protocol

from chalicelib.messages.transport import Transport
from chalicelib.messages.wechat_answers import (
    ANYWHERE,
    AT_LOGIN,
    IN_SENDING,
    STALE_TOKEN,
    Busy,
    Meaning,
    Misconfigured,
    NotAdmitted,
    Unforeseen,
)
from chalicelib.messages.wechat_values import fit
from chalicelib.operations.carriers import Identity

WECHAT = "https://api.weixin.qq.com"
TIMEOUT = 5.0  # seconds: a phone in the background gives up after five as well
MARGIN = timedelta(minutes=1)  # a token this near its end is not used any more

log = logging.getLogger(__name__)


class Edition(StrEnum):
    """Which edition of the mini-program a tap on the message opens (WeChat's ``miniprogram_state``)."""

    DEVELOPER = "developer"
    TRIAL = "trial"
    FORMAL = "formal"


class TokenCache(Protocol):
    """Keeps one access token. ``drop`` forgets it only if it is still the one meant: another may be fresh already."""

    def get(self) -> str | None: ...
    def put(self, token: str, lifetime: timedelta) -> None: ...
    def drop(self, token: str) -> None: ...


@dataclass
class TokenInMemory:
    """One per process is enough: WeChat hands every asker the same stable token while it is valid."""

    clock: Callable[[], datetime]
    _token: str | None = field(default=None, repr=False)
    _until: datetime | None = None
    _lock: Lock = field(default_factory=Lock, repr=False)

    def get(self) -> str | None:
        with self._lock:
            fresh = self._until is not None and self.clock() < self._until
            return self._token if fresh else None

    def put(self, token: str, lifetime: timedelta) -> None:
        with self._lock:
            self._token, self._until = token, self.clock() + lifetime - MARGIN

    def drop(self, token: str) -> None:
        with self._lock:
            if self._token == token:
                self._token = self._until = None


@dataclass(frozen=True)
class WeChat:
    appid: str
    secret: str = field(repr=False)
    transport: Transport
    base_url: str = WECHAT
    token_cache: TokenCache = field(kw_only=True)
    edition: Edition = field(default=Edition.FORMAL, kw_only=True)

    def login(self, code: str) -> Identity:
        """Who the holder of this code is. Raises LoginRefused (ask for a new code) or LoginUnavailable (wait)."""
        query = {**self._credentials, "js_code": code, "grant_type": "authorization_code"}
        answer = self._ask("GET", "/sns/jscode2session", query, None)
        _raise(answer, AT_LOGIN)
        return Identity(_text(answer, "openid"), answer.get("unionid") or None)

    def notify(self, openid: str, template: str, page: str, data: Mapping[str, str]) -> None:
        """Send one subscribe message; ``data`` by template key (thing1 …), folded here to WeChat's limits.

        Raises NoConsent, Undeliverable, Misconfigured (final), SlowDown or Failed (the queue tries again).
        """
        message = {
            "touser": openid,
            "template_id": template,
            "page": page,
            "miniprogram_state": self.edition.value,
            "lang": "zh_CN",
            "data": {key: {"value": fit(key, value)} for key, value in data.items()},
        }
        _raise(self._post_with_token("/cgi-bin/message/subscribe/send", message), IN_SENDING)

    def _post_with_token(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        token = self._token()
        answer = self._ask("POST", path, {"access_token": token}, body)
        if answer.get("errcode") not in STALE_TOKEN:
            return answer
        self.token_cache.drop(token)
        return self._ask("POST", path, {"access_token": self._token()}, body)

    def _token(self) -> str:
        return self.token_cache.get() or self._fetch_token()

    def _fetch_token(self) -> str:
        body = {"grant_type": "client_credential", **self._credentials}
        answer = self._ask("POST", "/cgi-bin/stable_token", None, body)
        _raise(answer, ANYWHERE)
        token = _text(answer, "access_token")
        self.token_cache.put(token, timedelta(seconds=int(answer.get("expires_in", 0))))
        return token

    @property
    def _credentials(self) -> dict[str, str]:
        return {"appid": self.appid, "secret": self.secret}

    def _ask(
        self, method: str, path: str, params: Mapping[str, str] | None, body: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        return self.transport.request(method, self.base_url + path, params, body, TIMEOUT)


def _raise(answer: Mapping[str, Any], meanings: Mapping[int, Meaning]) -> None:
    """Raise what this answer's error code means; an answer without one, or with 0, is good."""
    code = answer.get("errcode", 0)
    if code == 0:
        return
    meaning = meanings.get(code, Unforeseen)
    # errmsg may quote what we sent; the request id is enough to look it up in WeChat's console.
    rid = re.search(r"rid: ([0-9a-f-]{1,64})", str(answer.get("errmsg", "")))
    said = f"errcode {code}, rid {rid[1] if rid else '-'}"
    if issubclass(meaning, (Misconfigured, NotAdmitted, Unforeseen)):
        log.error("WeChat does not take what we send, see the settings: %s", said)
    raise meaning(said, f"errcode {code}")


def _text(answer: Mapping[str, Any], key: str) -> str:
    """A value that a good answer must have."""
    value = answer.get(key)
    if not isinstance(value, str) or not value:
        raise Busy(f"answer without {key}")
    return value
