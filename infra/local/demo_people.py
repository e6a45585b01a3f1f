"""The people of the demo, each with nothing but HTTP: a visitor, members with their phones, staff at their desks."""

import hmac
from base64 import b32decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import requests

SECONDS = 30
TOTP_STEP = 30

Json = Mapping[str, Any]


class Problem(Exception):  # noqa: N818 - an answer of the server
    """A refusal as the server told it: problem details with every reason."""

    def __init__(self, answer: requests.Response) -> None:
        self.status = answer.status_code
        self.reasons: list[dict[str, Any]] = _reasons(answer)
        super().__init__(self.told)

    @property
    def told(self) -> str:
        """For people: each reason with what to do next."""
        lines = [f"{each.get('message')} → {each.get('next')}" for each in self.reasons]
        return "\n".join([f"HTTP {self.status}", *lines])

    @property
    def codes(self) -> list[str]:
        return [str(each.get("code")) for each in self.reasons]


def _reasons(answer: requests.Response) -> list[dict[str, Any]]:
    try:
        return list(answer.json().get("reasons", []))
    except (ValueError, AttributeError):
        return [{"code": "no_problem_details", "message": answer.text[:200], "next": "see the server's log"}]


def direct() -> requests.Session:
    """A line to this machine: through nobody's proxy, whatever the environment says."""
    line = requests.Session()
    line.trust_env = False
    return line


@dataclass
class Caller:
    """Whoever calls the API; ``token`` None before signing in."""

    base: str
    token: str | None = None
    line: requests.Session = field(default_factory=direct)

    def get(self, path: str, **query: str) -> Any:
        """The JSON at a path. Raises Problem."""
        return self._sent("GET", path, params=query).json()

    def every(self, path: str, **query: str) -> list[Any]:
        """All of a list, page by page."""
        page = self.get(path, **query)
        following = self.every(path, **{**query, "cursor": page["next"]}) if page["next"] else []
        return [*page["items"], *following]

    def page(self, path: str, **headers: str) -> requests.Response:
        """Whatever is there, refusals included, with redirects followed."""
        return self.line.get(self.address(path), headers=headers, timeout=SECONDS)

    def fetch(self, path: str) -> bytes:
        """A file behind a short-lived link: asks us for the link, then fetches it as a stranger would."""
        answer = self._sent("GET", path, allow_redirects=False)
        link = answer.headers.get("Location") or answer.json()["url"]
        return self.fetched(self.address(link))

    def fetched(self, link: str) -> bytes:
        """What lies behind a link, without a session. Raises Problem."""
        answer = self.line.get(link, timeout=SECONDS)
        if not answer.ok:
            raise Problem(answer)
        return answer.content

    def write(self, method: str, path: str, body: Json | None = None, key: str | None = None) -> Any:
        """One write under an Idempotency-Key, a new one unless told. Raises Problem."""
        answer = self._sent(method, path, json=dict(body or {}), headers={"Idempotency-Key": key or str(uuid4())})
        return answer.json() if answer.content else {}

    def post(self, path: str, body: Json | None = None, key: str | None = None) -> Any:
        return self.write("POST", path, body, key)

    def address(self, path: str) -> str:
        return path if "://" in path else self.base + path

    def _sent(self, method: str, path: str, headers: Json | None = None, **more: Any) -> requests.Response:
        session = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = self.line.request(
            method, self.address(path), headers={**session, **(headers or {})}, timeout=SECONDS, **more
        )
        if not answer.ok:
            raise Problem(answer)
        return answer


@dataclass
class Member(Caller):
    """A person with WeChat on his phone; ``wechat`` is where the stand-in stands."""

    name: str = ""
    wechat: str = ""

    def tap(self, path: str, body: Json) -> Any:
        """What the phone does at WeChat: a fresh login code, a tap of consent."""
        return self.line.post(f"{self.wechat}/stand-in/{path}", json=dict(body), timeout=SECONDS).json()

    def log_in(self) -> str:
        """Answers the code that was used up by it."""
        code = str(self.tap("codes", {"name": self.name})["code"])
        self.token = str(self.post("/login", {"code": code})["token"])
        return code

    def hand_in(self, application: str, slot: str, file_name: str, content: bytes, person: str | None = None) -> str:
        """Asks for room, then sends the file straight to the bucket as wx.uploadFile does; answers the file's id."""
        wanted = {"application": application, "slot": slot, "file_name": file_name}
        return self.bring("/uploads", {**wanted, "person": person} if person else wanted, file_name, content)

    def bring(self, path: str, wanted: Json, file_name: str, content: bytes) -> str:
        """The same wherever room is asked for."""
        room = self.post(path, wanted)
        sent = self.line.post(room["url"], data=room["fields"], files={"file": (file_name, content)}, timeout=SECONDS)
        if not sent.ok:
            raise Problem(sent)
        return str(room["id"])


@dataclass
class Staff(Caller):
    name: str = ""

    def sign_in(self, password: str, totp_secret: str, at: datetime) -> None:
        code = one_time_code(totp_secret, at)
        self.token = str(self.post("/staff/login", {"name": self.name, "password": password, "code": code})["token"])


def one_time_code(secret: str, at: datetime) -> str:
    """TOTP (RFC 6238) with SHA-1, six digits, 30 seconds, as an authenticator app shows it at that time."""
    padded = secret + "=" * (-len(secret) % 8)
    counter = (int(at.timestamp()) // TOTP_STEP).to_bytes(8, "big")
    digest = hmac.digest(b32decode(padded), counter, "sha1")
    start = digest[-1] & 0xF
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"
