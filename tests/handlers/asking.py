"""How tests ask over HTTP: visitors, members and staff with their sessions, and the way of a join up to a point."""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any, Self
from urllib.parse import quote

from chalice.test import Client

from chalicelib.operations import accounts, materials
from chalicelib.operations.ports import Ports
from chalicelib.rules.records import StaffAccount
from chalicelib.rules.vocabulary import Role
from tests.handlers.promises import assert_as_promised
from tests.operations import acting

KEYS = count(1)
PASSWORD = "a made-up long password"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def codes(self) -> list[str]:
        return [reason["code"] for reason in self.json["reasons"]]


@dataclass(frozen=True)
class Asker:
    """Whoever asks; ``headers`` go with every request. Writes get a key of their own unless one is given."""

    client: Client
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Answer:
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Content-Type": "application/json", **self.headers, **named}
        found = self.client.http.request(method, path, headers=sent, body=data)
        answer = Answer(found.status_code, dict(found.headers), found.body.decode())
        assert_as_promised(method, path, answer.status, answer.headers.get("Content-Type", ""), answer.text)
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, raw=None, **headers)

    def write(self, method: str, path: str, body: Any = None, key: str | None = None, **headers: Any) -> Answer:
        headers.setdefault("Idempotency_Key", key or f"test-key-{next(KEYS)}")
        return self.ask(method, path, body, raw=headers.pop("raw", None), **headers)

    def post(self, path: str, body: Any = None, key: str | None = None, **headers: Any) -> Answer:
        return self.write("POST", path, body, key, **headers)

    def with_token(self, token: str) -> Self:
        return replace(self, headers={**self.headers, "Authorization": f"Bearer {token}"})


@dataclass(frozen=True)
class House:
    """The API over ports in memory, and the people who come to it."""

    client: Client
    ports: Ports

    @property
    def visitor(self) -> Asker:
        return Asker(self.client)

    def member(self, name: str = "chen") -> Asker:
        answer = self.visitor.ask("POST", "/login", {"code": f"code-for-{name}"})
        assert answer.status == 200, answer.text
        return self.visitor.with_token(answer.json["token"])

    def staff(self, *roles: Role) -> Asker:
        """A member of staff with these roles, signed in; the same roles, the same person."""
        name = "-".join(roles)
        if self.ports.records.get(StaffAccount, name) is None:
            accounts.open_account(self.ports, "test", name, frozenset(roles), PASSWORD, "test")
        answer = self.sign_in(name)
        assert answer.status == 200, answer.text
        return self.visitor.with_token(answer.json["token"])

    def sign_in(self, name: str, password: str = PASSWORD) -> Answer:
        self.ports.clock.advance(timedelta(seconds=60))  # type: ignore[attr-defined]  # a one-time code works once
        body = {"name": name, "password": password, "code": self.one_time_code(name)}
        return self.visitor.ask("POST", "/staff/login", body)

    def one_time_code(self, name: str) -> str:
        account = self.ports.records.get(StaffAccount, name)
        assert account is not None
        secret = self.ports.records.opened(account).totp_secret.plain
        credentials: Any = self.ports.credentials
        return str(credentials.totp_code(secret, self.ports.clock.now()))

    # --- the way of a join --------------------------------------------------------------------------------------------

    def draft(self, member: Asker, n: int = 1) -> str:
        opened = member.post("/applications", {"service": "join"})
        assert opened.status == 201, opened.text
        identity = str(opened.json["id"])
        saved = member.write("PATCH", f"/applications/{identity}", {"version": 0, "form": acting.join_form(n)})
        assert saved.status == 200, saved.text
        return identity

    def upload(self, member: Asker, application: str, slot: str, data: bytes = acting.PDF) -> str:
        asked = member.post("/uploads", {"application": application, "slot": slot, "file_name": f"{slot}.pdf"})
        assert asked.status == 201, asked.text
        file = str(asked.json["id"])
        self.ports.files.arrives(file, data)  # type: ignore[attr-defined]  # what the phone does
        materials.receive(self.ports, file)
        return file

    def submitted(self, member: Asker, n: int = 1) -> str:
        application = self.draft(member, n)
        self.upload(member, application, "application_form")
        self.upload(member, application, "licence")
        answer = member.post(f"/applications/{application}/submit", {})
        assert answer.status == 200, answer.text
        return application

    def to_be_paid(self, member: Asker, n: int = 1) -> str:
        application, reviewer = self.submitted(member, n), self.staff(Role.REVIEWER)
        seen = reviewer.get(f"/staff/applications/{application}").json["version"]
        answer = reviewer.post(f"/staff/applications/{application}/approve", {"version": seen})
        assert answer.status == 200, answer.text
        return application

    def paid(self, member: Asker, n: int = 1, amount: int = 120_000) -> tuple[str, str]:
        application = self.to_be_paid(member, n)
        self.upload(member, application, "bank_receipt")
        answer = member.post("/payments", self.transfer(application, amount))
        assert answer.status == 201, answer.text
        return application, str(answer.json["id"])

    def transfer(self, application: str, amount: int = 120_000) -> dict[str, Any]:
        return {
            "applications": [application], "method": "transfer", "amount": amount, "payer": "虚构公司",
            "paid_on": self.ports.clock.today().isoformat(), "bank_serial": "S1",
        }  # fmt: skip

    def being_made(self, member: Asker, n: int = 1) -> str:
        application, payment = self.paid(member, n)
        finance = self.staff(Role.FINANCE)
        answer = finance.post(f"/staff/payments/{payment}/confirm", {"version": 0, "received": 120_000})
        assert answer.status == 200, answer.text
        return application

    def completed(self, member: Asker, n: int = 1) -> str:
        application = self.being_made(member, n)
        acting.work_off(self.ports)
        return application

    def everything(self) -> dict[Any, Any]:
        """All that is kept, to see that nothing changed. A tally is no record."""
        return dict(self.ports.records._kept)  # type: ignore[attr-defined]  # in memory


def in_a_path(text: str) -> str:
    return quote(text, safe="")
