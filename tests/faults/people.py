"""The people of the journey, as programs ask for them: the same key again until there is an answer that can stand."""

import re
from dataclasses import dataclass
from typing import Any

import jwt
import pyotp

from chalicelib.operations import accounts
from chalicelib.rules.records import StaffAccount
from chalicelib.rules.vocabulary import Role
from tests.faults.world import Answer, Look, Told, World

PATIENCE = 16
PASSWORD = "a made-up long password"
STAFF = {"reviewer": Role.REVIEWER, "finance": Role.FINANCE, "certifier": Role.CERTIFIER, "admin": Role.ADMIN}


STRANGER = "stranger"  # a user like any other, who has nothing and represents nobody
LOOKS = (
    (re.compile(r"/staff/applications/([^/]+)/files/[^/]+"), "application", "open_file"),
    (re.compile(r"/staff/applications/([^/]+)/reveal"), "application", "reveal"),
    (re.compile(r"/staff/binding-requests/([^/]+)/evidence/[^/]+"), "binding_request", "open_file"),
    (re.compile(r"/staff/binding-requests/([^/]+)/reveal"), "binding_request", "reveal"),
)


class GaveUp(AssertionError):  # noqa: N818 - what people do
    """Nobody answered, however often he asked."""


@dataclass(frozen=True)
class Person:
    """A member by the id of his user, or a member of staff by name."""

    world: World
    audience: str
    subject: str

    def get(self, path: str) -> Answer:
        answer = self._until_answered("GET", path, None, {})
        if answer.status < 400:
            self.world.read.append(((self.audience, self.subject), path))
            self._has_looked(path)
        return answer

    def write(self, method: str, path: str, body: Any = None, *, key: str) -> Answer:
        """``key`` tells this write from every other one of the journey."""
        whole = f"journey-{key}"
        answer = self._until_answered(method, path, body, {"idempotency-key": whole})
        if answer.ok and path.endswith("/reveal"):  # a look and no write: every one is kept, asked again or not
            self._has_looked(path)
        elif answer.ok:
            self.world.told.append(Told((self.audience, self.subject), method, path, body, whole, answer))
        return answer

    def _has_looked(self, path: str) -> None:
        found = ((pattern.fullmatch(path), kind, deed) for pattern, kind, deed in LOOKS)
        self.world.looked += [Look(self.subject, f"{kind}:{each[1]}", deed) for each, kind, deed in found if each]

    def post(self, path: str, body: Any = None, *, key: str) -> Answer:
        return self.write("POST", path, {} if body is None else body, key=key)

    def _until_answered(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        for _ in range(PATIENCE):
            token = self.world.token(self.audience, self.subject)
            answer = self.world.request(method, path, body, {**headers, "authorization": f"Bearer {token}"})
            if answer is not None and answer.status != 503:
                assert answer.status != 500, answer.body.decode()
                return answer
            self.world.later(seconds=3)
        raise GaveUp(f"{method} {path}")


def logs_in(world: World, name: str) -> str:
    """wx.login and our own login; a code is good once, so each attempt takes a fresh one. Answers the user's id."""
    for _ in range(PATIENCE):
        code = world.wechat.issue_code({"name": name})["code"]
        answer = world.request("POST", "/login", {"code": code}, {})
        if answer is not None and answer.ok:
            world.tokens.add(answer.json["token"])
            return str(jwt.decode(answer.json["token"], options={"verify_signature": False})["sub"])
        assert answer is None or answer.status in (401, 503), answer.body.decode()
        world.later(seconds=3)
    raise GaveUp("/login")


def signs_in(world: World, name: str) -> None:
    for _ in range(PATIENCE):
        world.later(seconds=31)
        account = world.ports.records.get(StaffAccount, name)
        assert account is not None
        secret = world.ports.records.opened(account).totp_secret.plain or ""
        code = pyotp.TOTP(secret).at(world.clock.now())
        answer = world.request("POST", "/staff/login", {"name": name, "password": PASSWORD, "code": code}, {})
        if answer is not None and answer.ok:
            return
        assert answer is None or answer.status in (401, 503), answer.body.decode()
        if answer is not None and answer.status == 401:
            world.later(minutes=15)
    raise GaveUp("/staff/login")


def employ(world: World) -> None:
    """The accounts that somebody opened before the journey begins, and a user who is nobody's business."""
    for name, role in STAFF.items():
        accounts.open_account(world.ports, "set-up", name, frozenset({role}), PASSWORD, "set-up")
    world.names[STRANGER] = logs_in(world, STRANGER)


def member(world: World, name: str) -> Person:
    return Person(world, "member", world.names[name])


def staff(world: World, name: str) -> Person:
    return Person(world, "staff", name)
