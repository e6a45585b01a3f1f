"""What the stand-in WeChat knows and answers: codes, tokens, consents, messages, with WeChat's own error codes.

Written from WeChat's published behaviour and on purpose without our client's code, so that each checks the other.
"""

import re
import secrets
from base64 import b64encode
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from threading import RLock
from typing import Any

Json = dict[str, Any]
CODE_LIFE = timedelta(minutes=5)
TOKEN_LIFE = timedelta(hours=2)
NAME = re.compile(r"[a-z0-9_]{1,32}")
HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
A_DAY = r"\d{4}年\d{1,2}月\d{1,2}日"
LIMITS = {
    "thing": r".{1,20}",
    "phrase": f"[{HAN}]{{1,5}}",
    "character_string": r"[\x20-\x7e]{1,32}",
    "date": rf"{A_DAY}( \d\d:\d\d)?",
    "time": rf"({A_DAY} )?\d\d:\d\d",
    "amount": r"[¥￥$]?\d{1,10}(\.\d+)?元?",
    "number": r"\d{1,29}(\.\d{1,2})?",
}
TEXTS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40003: "invalid openid",
    40013: "invalid appid",
    40029: "invalid code",
    40037: "invalid template_id",
    40125: "invalid appsecret",
    40163: "code been used",
    42001: "access_token expired",
    43101: "user refuse to accept the msg",
}


class Says(Exception):  # noqa: N818 - an answer of WeChat's, not an error of ours
    """WeChat answers with an error code; over HTTP that is a 200 all the same."""

    def __init__(self, code: int, text: str | None = None) -> None:
        super().__init__(code)
        rid = "-".join(secrets.token_hex(4) for _ in range(3))
        self.answer: Json = {"errcode": code, "errmsg": f"{text or TEXTS.get(code, 'error')} rid: {rid}"}


@dataclass
class World:
    """All of the stand-in's state; every method is safe to call from several threads."""

    clock: Callable[[], datetime]
    appid: str
    secret: str
    codes: dict[str, datetime] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    users: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, datetime] = field(default_factory=dict)
    consents: Counter[tuple[str, str]] = field(default_factory=Counter)
    sent: list[Json] = field(default_factory=list)
    troubles: dict[str, deque[int]] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)

    def issue_code(self, body: Json) -> Json:
        """{"name": "ming"} → {"code": "demo-ming-…", "openid": …}; good once, for five minutes."""
        name = str(body.get("name", ""))
        if not NAME.fullmatch(name):
            raise ValueError("name: 1 to 32 of a-z, 0-9, _")
        code = f"demo-{name}-{secrets.token_urlsafe(12)}"
        self.codes[code] = self.clock()
        self.users[openid(name)] = name
        return {"code": code, "openid": openid(name)}

    def grant_consent(self, body: Json) -> Json:
        """{"name" or "openid", "template_id", "times": 1}: as many taps, each good for one message."""
        user = str(body.get("openid") or openid(str(body.get("name", ""))))
        template, times = str(body.get("template_id", "")), int(body.get("times", 1))
        if not template or times < 1:
            raise ValueError("template_id, and times of at least 1")
        self.users.setdefault(user, str(body.get("name", "")))
        self.consents[user, template] += times
        return {"openid": user, "template_id": template, "left": self.consents[user, template]}

    def make_trouble(self, body: Json) -> Json:
        """{"path": "/sns/jscode2session", "errcode": -1, "times": 1}: the next calls of this path answer so."""
        waiting = self.troubles.setdefault(str(body["path"]), deque())
        waiting.extend([int(body["errcode"])] * int(body.get("times", 1)))
        return {"waiting": len(waiting)}

    def meet_trouble(self, path: str) -> None:
        if waiting := self.troubles.get(path):
            raise Says(waiting.popleft())

    def login(self, query: Mapping[str, str]) -> Json:
        self._check_account(query)
        code = query.get("js_code", "")
        issued = self.codes.get(code)
        if code in self.used:
            raise Says(40163)
        if issued is None or self.clock() - issued > CODE_LIFE:
            raise Says(40029)
        self.used.add(code)
        return {"session_key": b64encode(secrets.token_bytes(16)).decode(), "openid": openid(code.split("-")[1])}

    def stable_token(self, body: Json) -> Json:
        self._check_account(body)
        if body.get("force_refresh") is True:
            self.tokens.clear()
        now = self.clock()
        token = next((token for token, until in self.tokens.items() if now < until), None)
        if token is None:
            token = secrets.token_urlsafe(96)
            self.tokens[token] = now + TOKEN_LIFE
        return {"access_token": token, "expires_in": int((self.tokens[token] - now).total_seconds())}

    def send(self, token: str, message: Json) -> Json:
        self._check_token(token)
        user, template = str(message.get("touser", "")), str(message.get("template_id", ""))
        if user not in self.users:
            raise Says(40003)
        if not template:
            raise Says(40037)
        check_values(message.get("data"))
        if self.consents[user, template] < 1:
            raise Says(43101)
        self.consents[user, template] -= 1
        self.sent.append({**message, "name": self.users[user], "at": self.clock().isoformat()})
        return {"errcode": 0, "errmsg": "ok"}

    def _check_account(self, given: Mapping[str, Any]) -> None:
        if given.get("appid") != self.appid:
            raise Says(40013)
        if given.get("secret") != self.secret:
            raise Says(40125)

    def _check_token(self, token: str) -> None:
        if token not in self.tokens:
            raise Says(40001)
        if self.clock() >= self.tokens[token]:
            raise Says(42001)


def openid(name: str) -> str:
    """The same made-up user for the same name, on every run."""
    return "o" + sha256(f"stand-in {name}".encode()).hexdigest()[:27]


def check_values(data: object) -> None:
    if not isinstance(data, dict) or not data:
        raise Says(47003, "argument invalid! data is empty")
    for key, cell in data.items():
        limit = LIMITS.get(str(key).rstrip("0123456789"))
        value = cell.get("value") if isinstance(cell, dict) else None
        if limit is None or not isinstance(value, str) or not re.fullmatch(limit, value, re.ASCII):
            raise Says(47003, f"argument invalid! data.{key}.value is invalid")
