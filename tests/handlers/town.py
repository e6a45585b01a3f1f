"""A town for the access table: companies and applicants at every step, each with his own things, and who may ask."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from chalicelib.handlers.schemas.settings import SettingsShown
from chalicelib.operations import accounts
from chalicelib.operations.applications import association
from chalicelib.operations.ports import Insert, Ports
from chalicelib.rules.records import Enterprise, MaterialFile, OutboxRow, OutboxStatus, StaffAccount, User, Work
from chalicelib.rules.vocabulary import STAFF_ROLES, Role
from tests.handlers.asking import PASSWORD, Asker, House
from tests.operations import acting

BY_LETTERS = {role: role.value[:3] for role in STAFF_ROLES}


@dataclass(frozen=True)
class Things:
    """What a path or a body may name of one owner; None: he has none of it."""

    application: str | None = None
    file: str | None = None
    payment: str | None = None
    root: str | None = None
    number: str | None = None
    token: str | None = None
    user: str | None = None
    name: str | None = None
    row: str | None = None
    code: str | None = None

    def has(self, parts: Iterable[str]) -> bool:
        return all(getattr(self, part) is not None for part in parts)

    @property
    def told_to_nobody_else(self) -> set[str]:
        kept = (getattr(self, each.name) for each in fields(self) if each.name not in ("name", "row", "code"))
        return {each for each in kept if each is not None}


NOTHING = Things()
ABSENT = Things(
    application="a999999", file="a999999.f999999", payment="p999999", root="A" * 26, number="DEMO-HY-2026-9999",
    token="A" * 28, user="u999999", name="nobody", row="r999999", code="nothing",
)  # fmt: skip


@dataclass(frozen=True)
class Town:
    house: House
    owners: dict[str, Things]
    askers: dict[str, Asker]

    @property
    def ports(self) -> Ports:
        return self.house.ports


def built(house: House) -> Town:
    """What is still being made comes last: whatever is worked off is made."""
    staff = _staff(house)
    people = {name: house.member(name) for name in ("rep", "riv", "for", "revoked")}
    owners = {name: _company(house, person, n) for n, (name, person) in enumerate(people.items(), 1)}
    _revoked(house, owners["revoked"])
    assert people["for"].write("DELETE", "/me/binding").status == 200
    people |= {name: house.member(name) for name in ("drafting", "waiting", "owing", "paying", "awaiting", "new")}
    owners["drafting"] = _drafting(house, people["drafting"])
    owners["waiting"] = _applying(house, people["waiting"], house.submitted(people["waiting"], 6))
    owners["owing"] = _owing(house, people["owing"])
    owners["paying"] = _applying(house, people["paying"], house.paid(people["paying"], 8)[0])
    owners["awaiting"] = _applying(house, people["awaiting"], house.being_made(people["awaiting"], 9))
    owners["rep"] = replace(owners["rep"], name="tra", row=_dead(house, 1))
    owners["riv"] = replace(owners["riv"], name="adm", row=_dead(house, 2))
    people |= _around(house, owners["rep"])
    return Town(house, owners, {"vis": house.visitor, **people, **staff})


# --- owners -----------------------------------------------------------------------------------------------------------


def _company(house: House, person: Asker, n: int) -> Things:
    things = _applying(house, person, house.completed(person, n))
    (held,) = person.get("/certificates").json["items"]
    return replace(
        things, root=held["root"], number=held["number"], token=held["verify_path"].removeprefix("/V/"), code="join"
    )


def _revoked(house: House, things: Things) -> None:
    path = f"/staff/certificates/{things.number}/revoke"
    assert house.staff(Role.CERTIFIER).post(path, {"reason": "x"}).status == 200


def _drafting(house: House, person: Asker) -> Things:
    application = house.draft(person, 5)
    house.upload(person, application, "application_form")
    house.upload(person, application, "licence")
    return _applying(house, person, application)


def _owing(house: House, person: Asker) -> Things:
    application = house.to_be_paid(person, 7)
    house.upload(person, application, "bank_receipt")
    return _applying(house, person, application)


def _applying(house: House, person: Asker, application: str) -> Things:
    folder = house.ports.records.folder(application)
    assert folder is not None
    file: MaterialFile = folder.files[0]
    user, payment = person.get("/me").json["id"], person.get(f"/applications/{application}").json["payment"]
    return Things(application=application, file=file.id, payment=payment, user=user)


def _dead(house: House, n: int) -> str:
    row = OutboxRow(
        id=f"mail-lost-{n}", work=Work.MAIL, subject=(f"lost-{n}",), at=house.ports.clock.now(),
        status=OutboxStatus.DEAD, trouble="x",
    )  # fmt: skip
    house.ports.records.commit(Insert(row))
    return row.id


# --- who asks ---------------------------------------------------------------------------------------------------------


def _around(house: House, company: Things) -> dict[str, Asker]:
    colleague, ended = house.member("col"), house.member("end")
    for person in (colleague, ended):
        assert person.post("/me/binding", right_pair(house.ports, company)).status == 201
    assert ended.post("/logout").status == 204
    return {"col": colleague, "end": ended}


def right_pair(ports: Ports, company: Things) -> dict[str, str]:
    user = ports.records.get(User, company.user or "")
    enterprise = ports.records.get(Enterprise, (user and user.enterprise) or "")
    assert enterprise is not None
    return {"name": enterprise.name, "member_code": enterprise.member_code}


def _staff(house: House) -> dict[str, Asker]:
    """One of each role; one with every role who is disabled, one with every role who has signed out; one for login."""
    for role, name in BY_LETTERS.items():
        _account(house, name, role)
    for name in ("dis", "out", "clerk"):
        _account(house, name, *STAFF_ROLES)
    askers = {name: _in(house, name) for name in (*BY_LETTERS.values(), "dis", "out")}
    assert askers["out"].post("/staff/logout").status == 204
    body = {"version": _version(house.ports, "dis"), "disabled": True}
    assert askers["adm"].write("PATCH", "/staff/accounts/dis", body).status == 200
    return askers


def _account(house: House, name: str, *roles: Role) -> None:
    accounts.open_account(house.ports, "test", name, frozenset(roles), PASSWORD, "test")


def _in(house: House, name: str) -> Asker:
    return house.visitor.with_token(house.sign_in(name).json["token"])


def _version(ports: Ports, name: str | None) -> int:
    account = ports.records.get(StaffAccount, name or "")
    return account.version if account else 0


# --- what is sent -----------------------------------------------------------------------------------------------------

Body = Callable[[Town, Things], dict[str, Any]]


def _seen(town: Town, things: Things) -> dict[str, Any]:
    folder = town.ports.records.folder(things.application or "")
    return {"version": folder.application.version if folder else 0, "reason": "x"}


def _reason(town: Town, things: Things) -> dict[str, Any]:
    del town, things
    return {"reason": "x"}


def _paying(town: Town, things: Things) -> dict[str, Any]:
    return town.house.transfer(things.application or "")


def _whole_settings(town: Town, things: Things) -> dict[str, Any]:
    del things
    return SettingsShown.of(association(town.ports)).model_dump(mode="json")


BODIES: dict[str, Body] = {
    "POST /login": lambda *_: {"code": "code-for-somebody"},
    "POST /staff/login": lambda town, _: {
        "name": "clerk", "password": PASSWORD, "code": town.house.one_time_code("clerk"),
    },
    "PUT /me": lambda *_: {"name": "赵甲一", "mobile": "19900000001"},
    "POST /me/consents": lambda *_: {"notices": ["completed"]},
    "POST /me/binding": lambda town, _: right_pair(town.ports, town.owners["rep"]),
    "POST /applications": lambda *_: {"service": "join"},
    "PATCH /applications/{application}": lambda town, things: {
        "version": _seen(town, things)["version"], "form": acting.join_form(5),
    },
    "POST /uploads": lambda _, things: {
        "application": things.application, "slot": "bank_receipt", "file_name": "a.pdf",
    },
    "POST /payments": _paying,
    "POST /certificates/{root}/mail": lambda *_: {"to": "a@example.com"},
    "POST /staff/applications/{application}/approve": _seen,
    "POST /staff/applications/{application}/return": _seen,
    "POST /staff/applications/{application}/reject": _seen,
    "POST /staff/applications/{application}/send-back": _seen,
    "POST /staff/applications/{application}/reveal": _reason,
    "POST /staff/payments/{payment}/confirm": lambda *_: {"version": 0, "received": 120_000},
    "POST /staff/payments/{payment}/refuse": lambda *_: {"version": 0, "reason": "x"},
    "POST /staff/certificates/{number}/revoke": _reason,
    "POST /staff/certificates/{number}/reinstate": _reason,
    "POST /staff/accounts": lambda *_: {"name": "newly", "roles": ["finance"], "password": PASSWORD},
    "PATCH /staff/accounts/{name}": lambda town, things: {"version": _version(town.ports, things.name)},
    "POST /staff/accounts/{name}/reset": lambda town, things: {
        "version": _version(town.ports, things.name), "password": PASSWORD, "reason": "x",
    },
    "POST /staff/users/{user}/unbind": _reason,
    "PUT /staff/settings": _whole_settings,
    "POST /staff/dead-letters/{row}/discard": _reason,
}  # fmt: skip
NAMED_IN_THE_BODY = {"POST /uploads": ("application",), "POST /payments": ("application",)}
QUERIES = {"GET /staff/audit": "?subject=association"}
# Whose application waits for this step; for every other, that of the company whose membership is complete.
AT_ITS_STEP = {
    "PATCH /applications/{application}": "drafting",
    "POST /applications/{application}/submit": "drafting",
    "DELETE /applications/{application}/files/{file}": "drafting",
    "POST /applications/{application}/withdraw": "waiting",
    "POST /uploads": "owing",
    "POST /payments": "owing",
    "POST /staff/applications/{application}/approve": "waiting",
    "POST /staff/applications/{application}/return": "waiting",
    "POST /staff/applications/{application}/reject": "waiting",
    "POST /staff/applications/{application}/send-back": "awaiting",
    "POST /staff/payments/{payment}/confirm": "paying",
    "POST /staff/payments/{payment}/refuse": "paying",
    "POST /staff/certificates/{number}/reinstate": "revoked",
}
