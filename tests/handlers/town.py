"""A town for the access table: companies and applicants at every step, each with his own things, and who may ask."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from chalicelib.handlers.schemas.settings import SettingsShown
from chalicelib.operations import accounts, materials
from chalicelib.operations.applications import association
from chalicelib.operations.ports import Insert, Ports
from chalicelib.rules.records import (
    BankLine,
    Claim,
    ClaimKind,
    Credit,
    Enterprise,
    Invoice,
    LineStatus,
    MaterialFile,
    OutboxRow,
    OutboxStatus,
    StaffAccount,
    Statement,
    StatementStatus,
    User,
    Work,
)
from chalicelib.rules.vocabulary import STAFF_ROLES, Personal, Role
from tests import made_up
from tests.handlers.asking import PASSWORD, Asker, House
from tests.operations import acting, years

BY_LETTERS = {role: role.value[:3] for role in STAFF_ROLES}


@dataclass(frozen=True)
class Things:
    """What a path or a body may name of one owner; None: he has none of it."""

    application: str | None = None
    file: str | None = None
    payment: str | None = None
    invoice: str | None = None
    root: str | None = None
    number: str | None = None
    token: str | None = None
    user: str | None = None
    name: str | None = None
    row: str | None = None
    code: str | None = None
    owner: str | None = None
    statement: str | None = None
    line: str | None = None
    member_code: str | None = None
    request: str | None = None
    evidence: str | None = None

    def has(self, parts: Iterable[str]) -> bool:
        return all(getattr(self, part) is not None for part in parts)

    @property
    def told_to_nobody_else(self) -> set[str]:
        told = ("name", "row", "code", "owner", "member_code")
        kept = (getattr(self, each.name) for each in fields(self) if each.name not in told)
        return {each for each in kept if each is not None}


NOTHING = Things()
ABSENT = Things(
    application="a999999", file="a999999.f999999", payment="p999999", invoice="inv999999", root="A" * 26,
    number="DEMO-HY-2026-9999", token="A" * 28, user="u999999", name="nobody", row="r999999", code="nothing",
    owner="user:u999999", statement="b999999", line="b999999.000005", member_code="00000000",
    request="q999999", evidence="q999999.f999999",
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
    people["billing"] = house.member("billing")
    owners["billing"] = _asking_for_an_invoice(house, people["billing"], _company(house, people["billing"], 10))
    owners["rep"] = _invoiced(house, _asking_for_an_invoice(house, people["rep"], owners["rep"]))
    assert people["for"].write("DELETE", "/me/binding").status == 200
    people["ended"] = house.member("ended")
    owners["ended"] = _ended(house, _company(house, people["ended"], 12))
    people["paper"] = house.member("paper")
    owners["paper"] = _paper_awaited(house, people["paper"])
    people |= {name: house.member(name) for name in ("drafting", "waiting", "owing", "paying", "awaiting", "new")}
    people |= {name: house.member(name) for name in ("bringing", "claiming", "claimed")}
    owners["drafting"] = _drafting(house, people["drafting"])
    owners["waiting"] = _applying(house, people["waiting"], house.submitted(people["waiting"], 6))
    owners["owing"] = _owing(house, people["owing"])
    owners["paying"] = _applying(house, people["paying"], house.paid(people["paying"], 8)[0])
    owners["awaiting"] = _applying(house, people["awaiting"], house.being_made(people["awaiting"], 9))
    owners["bringing"] = _asking_to_be_bound(house, people["bringing"], 13, hand_in=False)
    owners["claiming"] = _asking_to_be_bound(house, people["claiming"], 14)
    owners["claimed"] = _refused(house, _asking_to_be_bound(house, people["claimed"], 15))
    owners["rep"] = replace(owners["rep"], name="tra", row=_dead(house, 1))
    owners["riv"] = replace(owners["riv"], name="adm", row=_dead(house, 2))
    for n, name in enumerate(("rep", "riv", "paying", "revoked"), 1):
        status = LineStatus.SET_ASIDE if name == "revoked" else LineStatus.OPEN
        owners[name] = replace(owners[name], **_line(house, f"b90000{n}", status))
    house.ports.records.commit(Insert(Credit(owner="enterprise:nobody", balance=1)))
    people |= _around(house, owners["rep"])
    return Town(house, owners, {"vis": house.visitor, **people, **staff})


# --- owners -----------------------------------------------------------------------------------------------------------


def _company(house: House, person: Asker, n: int) -> Things:
    things = _applying(house, person, house.completed(person, n))
    (held,) = person.get("/certificates").json["items"]
    return replace(
        things, root=held["root"], number=held["number"], token=held["verify_path"].removeprefix("/V/"), code="join",
        member_code=person.get("/me/enterprise").json["member_code"],
    )  # fmt: skip


def _paper_awaited(house: House, person: Asker) -> Things:
    """A qualification that waits for nothing but the paper set."""
    house.completed(person, 11)
    actor = acting.as_of_now(house.ports, person.get("/me").json["id"])
    application = years.qualifying(house.ports, actor)
    years.approve(house.ports, application)
    return _applying(house, person, application)


def _revoked(house: House, things: Things) -> None:
    path = f"/staff/certificates/{things.number}/revoke"
    assert house.staff(Role.CERTIFIER).post(path, {"reason": "x"}).status == 200


def _ended(house: House, things: Things) -> Things:
    admin, path = house.staff(Role.ADMIN), f"/staff/enterprises/{things.member_code}"
    body = {"version": admin.get(path).json["version"], "reason": "x"}
    assert admin.post(f"{path}/end-membership", body).status == 200
    return things


def _asking_for_an_invoice(house: House, person: Asker, things: Things) -> Things:
    answer = person.post("/invoices", {"applications": [things.application], **BUYER})
    assert answer.status == 201, answer.text
    put_in_invoice_file(house, invoice := answer.json["id"])
    return replace(things, invoice=invoice)


def put_in_invoice_file(house: House, invoice: str) -> str:
    path = f"/staff/invoices/{invoice}/upload"
    file = str(house.staff(Role.FINANCE).post(path, {"file_name": "发票.pdf"}).json["id"])
    house.ports.files.arrives(file, acting.PDF)  # type: ignore[attr-defined]  # what finance's browser does
    materials.receive(house.ports, file)
    return file


def _invoiced(house: House, things: Things) -> Things:
    found = house.ports.records.get(Invoice, things.invoice or "")
    body = {"file": found.upload if found else None, "number": "26440000000000000001"}
    assert house.staff(Role.FINANCE).post(f"/staff/invoices/{things.invoice}/issue", body).status == 200
    return things


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
    return Things(application=application, file=file.id, payment=payment, user=user, owner=f"user:{user}")


def _asking_to_be_bound(house: House, person: Asker, n: int, *, hand_in: bool = True) -> Things:
    assert person.write("PUT", "/me", {"name": made_up.person(n), "mobile": made_up.mobile(n)}).status == 200
    request = str(person.post("/binding-requests", ASKED).json["id"])
    path = f"/binding-requests/{request}"
    for slot in ("licence", "authorisation"):
        answer = person.post(f"{path}/evidence", {"slot": slot, "file_name": f"{slot}.pdf"})
        house.ports.files.arrives(answer.json["id"], acting.PDF)  # type: ignore[attr-defined]  # what the phone does
        materials.receive(house.ports, answer.json["id"])
    if hand_in:
        assert person.post(f"{path}/submit", {}).status == 200
    return Things(request=request, evidence=answer.json["id"])


def _refused(house: House, things: Things) -> Things:
    body = {"version": _asked(house.ports, things), "reason": "x"}
    assert house.staff(Role.ADMIN).post(f"/staff/binding-requests/{things.request}/refuse", body).status == 200
    return things


def _asked(ports: Ports, things: Things) -> int:
    folder = ports.records.request_folder(things.request or "")
    return folder.request.version if folder else 0


def _dead(house: House, n: int) -> str:
    row = OutboxRow(
        id=f"mail-lost-{n}", work=Work.MAIL, subject=(f"lost-{n}",), at=house.ports.clock.now(),
        status=OutboxStatus.DEAD, trouble="x",
    )  # fmt: skip
    house.ports.records.commit(Insert(row))
    return row.id


def _line(house: House, statement: str, status: LineStatus) -> dict[str, str]:
    """The one line of a statement, for the fee of one membership."""
    now, line = house.ports.clock.now(), f"{statement}.000005"
    read = Statement(
        id=statement,
        name=Personal("三*", "三月.csv"),
        asked_by="fin",
        asked_at=now,
        status=StatementStatus.READ,
        lines=1,
    )
    came_in = BankLine(
        id=line, statement=statement, number=5, paid_on=now.date(), amount=120_000, payer=Personal("赵*", "赵甲一"),
        remark=Personal("***", "会费"), serial="", identity=statement, status=status,
    )  # fmt: skip
    house.ports.records.commit(Insert(read), Insert(came_in))
    return {"statement": statement, "line": line}


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


def _invoice_wanted(town: Town, things: Things) -> dict[str, Any]:
    del town
    return {"applications": [things.application], **BUYER}


def _invoice_issued(town: Town, things: Things) -> dict[str, Any]:
    found = town.ports.records.get(Invoice, things.invoice or "")
    return {"file": (found.upload if found else None) or "none", "number": "26440000000000000002"}


def _whole_settings(town: Town, things: Things) -> dict[str, Any]:
    del things
    return SettingsShown.of(association(town.ports)).model_dump(mode="json")


def _registered(town: Town, things: Things) -> int:
    claim = town.ports.records.get(Claim, ClaimKind.MEMBER_CODE.value, things.member_code or "-")
    enterprise = town.ports.records.get(Enterprise, claim.holder.removeprefix("enterprise:")) if claim else None
    return enterprise.version if enterprise else 0


def _membership(town: Town, things: Things) -> dict[str, Any]:
    return {"version": _registered(town, things), "reason": "x"}


def _on_the_roll(town: Town, things: Things) -> dict[str, Any]:
    del things
    person = {
        "name": made_up.person(50), "id_number": made_up.resident_id(50), "certificate_number": "PX-50",
        "valid_from": "2025-01-01", "valid_to": "2027-12-31",
    }  # fmt: skip
    return {"member_code": right_pair(town.ports, town.owners["rep"])["member_code"], "people": [person]}


ASKED = {"unit": made_up.enterprise(1), "credit_code": made_up.credit_code(1), "post": "经理"}
BUYER = {
    "title": made_up.enterprise(1), "tax_number": made_up.credit_code(1), "email": "a@example.com", "remarks": "",
}  # fmt: skip
BODIES: dict[str, Body] = {
    "POST /login": lambda *_: {"code": "code-for-somebody"},
    "POST /staff/login": lambda town, _: {
        "name": "clerk", "password": PASSWORD, "code": town.house.one_time_code("clerk"),
    },
    "PUT /me": lambda *_: {"name": "赵甲一", "mobile": "19900000001"},
    "POST /me/consents": lambda *_: {"notices": ["completed"]},
    "PATCH /me/enterprise/contact": lambda *_: {"contact_post": "经理"},
    "PATCH /staff/enterprises/{member_code}": lambda town, things: {
        "version": _registered(town, things), "fields": {"office_address": "虚构路 3 号"}, "reason": "x",
    },
    "POST /staff/enterprises/{member_code}/end-membership": _membership,
    "POST /staff/enterprises/{member_code}/restore-membership": _membership,
    "POST /me/binding": lambda town, _: right_pair(town.ports, town.owners["rep"]),
    "POST /binding-requests": lambda *_: ASKED,
    "POST /binding-requests/{request}/evidence": lambda *_: {"slot": "licence", "file_name": "a.pdf"},
    "POST /staff/binding-requests/{request}/reveal": _reason,
    "POST /staff/binding-requests/{request}/grant": lambda town, things: {
        "version": _asked(town.ports, things), "member_code": town.owners["rep"].member_code, "reason": "x",
    },
    "POST /staff/binding-requests/{request}/refuse": lambda town, things: {
        "version": _asked(town.ports, things), "reason": "x",
    },
    "POST /applications": lambda *_: {"service": "join"},
    "PATCH /applications/{application}": lambda town, things: {
        "version": _seen(town, things)["version"], "form": acting.join_form(5),
    },
    "PUT /applications/{application}/persons": lambda town, things: {
        "version": _seen(town, things)["version"], "persons": [],
    },
    "POST /uploads": lambda _, things: {
        "application": things.application, "slot": "bank_receipt", "file_name": "a.pdf",
    },
    "POST /payments": _paying,
    "POST /invoices": _invoice_wanted,
    "POST /staff/invoices/{invoice}/upload": lambda *_: {"file_name": "发票.pdf"},
    "POST /staff/invoices/{invoice}/issue": _invoice_issued,
    "POST /staff/invoices/{invoice}/cancel": _reason,
    "POST /staff/invoices/{invoice}/mail": lambda *_: {},
    "POST /staff/invoices/{invoice}/reissue": _reason,
    "POST /certificates/{root}/mail": lambda *_: {"to": "a@example.com"},
    "POST /staff/applications/{application}/approve": _seen,
    "POST /staff/applications/{application}/return": _seen,
    "POST /staff/applications/{application}/reject": _seen,
    "POST /staff/applications/{application}/note-paper": _seen,
    "POST /staff/applications/{application}/send-back": _seen,
    "POST /staff/applications/{application}/reveal": _reason,
    "POST /staff/payments/{payment}/confirm": lambda *_: {"version": 0, "received": 120_000},
    "POST /staff/payments/{payment}/refuse": lambda *_: {"version": 0, "reason": "x"},
    "POST /staff/payments/{payment}/undo": lambda _, things: {
        "application": things.application, "arrived": True, "reason": "x",
    },
    "POST /staff/statements": lambda *_: {"file_name": "三月.csv"},
    "POST /staff/statements/{statement}/lines/{line}/book": lambda _, things: {
        "payments": [{"payment": things.payment, "version": 0, "received": 120_000}],
    },
    "POST /staff/statements/{statement}/lines/{line}/set-aside": lambda *_: {"version": 0, "reason": "x"},
    "POST /staff/statements/{statement}/lines/{line}/take-back": lambda *_: {"version": 0},
    "POST /staff/refunds": lambda *_: {"owner": "enterprise:nobody", "amount": 1, "reason": "x"},
    "POST /staff/practitioners": _on_the_roll,
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
NAMED_IN_THE_BODY = {
    "POST /uploads": ("application",),
    "POST /payments": ("application",),
    "POST /invoices": ("application",),
    "POST /staff/statements/{statement}/lines/{line}/book": ("payment",),
}
QUERIES = {"GET /staff/audit": "?subject=association"}
# Whose application waits for this step; for every other, that of the company whose membership is complete.
AT_ITS_STEP = {
    "PATCH /applications/{application}": "drafting",
    "PUT /applications/{application}/persons": "drafting",
    "POST /applications/{application}/submit": "drafting",
    "DELETE /applications/{application}/files/{file}": "drafting",
    "POST /applications/{application}/withdraw": "waiting",
    "POST /binding-requests": "claimed",
    "GET /binding-requests/{request}": "claiming",
    "POST /binding-requests/{request}/evidence": "bringing",
    "GET /binding-requests/{request}/evidence/{evidence}": "claiming",
    "DELETE /binding-requests/{request}/evidence/{evidence}": "bringing",
    "POST /binding-requests/{request}/submit": "bringing",
    "POST /binding-requests/{request}/withdraw": "claiming",
    "GET /staff/binding-requests/{request}": "claiming",
    "GET /staff/binding-requests/{request}/evidence/{evidence}": "claiming",
    "POST /staff/binding-requests/{request}/reveal": "claiming",
    "POST /staff/binding-requests/{request}/grant": "claiming",
    "POST /staff/binding-requests/{request}/refuse": "claiming",
    "POST /uploads": "owing",
    "POST /payments": "owing",
    "POST /invoices": "riv",
    "POST /invoices/{invoice}/cancel": "billing",
    "POST /staff/invoices/{invoice}/upload": "billing",
    "POST /staff/invoices/{invoice}/issue": "billing",
    "POST /staff/invoices/{invoice}/cancel": "billing",
    "POST /staff/applications/{application}/approve": "waiting",
    "POST /staff/applications/{application}/return": "waiting",
    "POST /staff/applications/{application}/reject": "waiting",
    "POST /staff/applications/{application}/send-back": "awaiting",
    "POST /staff/applications/{application}/note-paper": "paper",
    "POST /staff/payments/{payment}/confirm": "paying",
    "POST /staff/payments/{payment}/refuse": "paying",
    "POST /staff/payments/{payment}/undo": "awaiting",
    "POST /staff/certificates/{number}/reinstate": "revoked",
    "POST /staff/enterprises/{member_code}/restore-membership": "ended",
    "POST /staff/statements/{statement}/lines/{line}/book": "paying",
    "POST /staff/statements/{statement}/lines/{line}/take-back": "revoked",
}
