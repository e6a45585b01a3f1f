"""Who may reach what: for every endpoint, what each kind of person is answered. Written by hand, on purpose.

``.`` lets through (what then happens is another matter), 1 is 401, 3 is 403, 4 is 404.
"""

import pytest

from chalicelib.handlers.routes import ENDPOINTS
from chalicelib.rules.vocabulary import STAFF_ROLES
from tests.handlers.asking import Asker, House, in_a_path
from tests.operations import acting

WHO = ("visitor", "owner", "other", "reviewer", "finance", "certifier", "trainer", "admin")
ANYBODY, OWNER, MEMBER, STAFF = "........", "1.411111", "1..11111", "111....."
FINANCE, MONEY, CERTIFIER, ADMIN = "1113.333", "1113.33.", "11133.3.", "1113333."
EXPECTED = {
    "GET /": ANYBODY,
    "GET /docs": ANYBODY,
    "GET /openapi.json": ANYBODY,
    "GET /healthz": ANYBODY,
    "GET /services": ANYBODY,
    "GET /services/{code}": ANYBODY,
    "GET /payment-instructions": ANYBODY,
    "GET /contact": ANYBODY,
    "GET /forms": ANYBODY,
    "GET /V/{token}": ANYBODY,
    "GET /v/{token}": ANYBODY,
    "GET /verify": ANYBODY,
    "POST /login": ANYBODY,
    "POST /logout": MEMBER,
    "GET /me": MEMBER,
    "PUT /me": MEMBER,
    "GET /me/consents": MEMBER,
    "POST /me/consents": MEMBER,
    "GET /me/enterprise": OWNER,
    "POST /me/binding": MEMBER,
    "DELETE /me/binding": MEMBER,
    "GET /plan": MEMBER,
    "POST /applications": MEMBER,
    "GET /applications": MEMBER,
    "GET /applications/{application}": OWNER,
    "PATCH /applications/{application}": OWNER,
    "POST /applications/{application}/submit": OWNER,
    "POST /applications/{application}/withdraw": OWNER,
    "POST /uploads": OWNER,
    "GET /applications/{application}/files/{file}": OWNER,
    "DELETE /applications/{application}/files/{file}": OWNER,
    "POST /payments": OWNER,
    "GET /payments/{payment}": OWNER,
    "GET /certificates": MEMBER,
    "GET /certificates/{root}": OWNER,
    "GET /certificates/{root}/pdf": OWNER,
    "POST /certificates/{root}/mail": OWNER,
    "GET /messages": MEMBER,
    "POST /staff/login": ANYBODY,
    "POST /staff/logout": STAFF,
    "GET /staff/me": STAFF,
    "GET /staff/applications": STAFF,
    "GET /staff/applications/{application}": STAFF,
    "GET /staff/applications/{application}/files/{file}": STAFF,
    "POST /staff/applications/{application}/approve": "111.3333",
    "POST /staff/applications/{application}/return": "111.3333",
    "POST /staff/applications/{application}/reject": "111.3333",
    "POST /staff/applications/{application}/send-back": "11133.33",
    "POST /staff/applications/{application}/reveal": STAFF,
    "GET /staff/payments": MONEY,
    "GET /staff/payments/{payment}": MONEY,
    "POST /staff/payments/{payment}/confirm": FINANCE,
    "POST /staff/payments/{payment}/refuse": FINANCE,
    "GET /staff/certificates/{number}": STAFF,
    "POST /staff/certificates/{number}/revoke": CERTIFIER,
    "POST /staff/certificates/{number}/reinstate": CERTIFIER,
    "GET /staff/accounts": ADMIN,
    "POST /staff/accounts": ADMIN,
    "PATCH /staff/accounts/{name}": ADMIN,
    "POST /staff/accounts/{name}/reset": ADMIN,
    "POST /staff/users/{user}/unbind": ADMIN,
    "GET /staff/settings": ADMIN,
    "PUT /staff/settings": ADMIN,
    "GET /staff/audit": ADMIN,
    "GET /staff/dead-letters": ADMIN,
    "POST /staff/dead-letters/{row}/redrive": ADMIN,
    "POST /staff/dead-letters/{row}/discard": ADMIN,
}
BODIES = {
    "PUT /me": {"name": "赵甲一", "mobile": "19900000001"},
    "POST /login": {"code": "code-for-somebody-{who}"},
    "POST /me/consents": {"notices": ["completed"]},
    "POST /me/binding": {"name": "虚构公司", "member_code": "1"},
    "POST /applications": {"service": "join"},
    "PATCH /applications/{application}": {"version": 0, "form": {}},
    "POST /uploads": {"application": "{application}", "slot": "licence", "file_name": "a.pdf"},
    "POST /payments": {
        "applications": ["{application}"], "method": "cash", "amount": 1, "payer": "x", "paid_on": "2026-03-02",
    },
    "POST /certificates/{root}/mail": {"to": "a@example.com"},
    "POST /staff/payments/{payment}/confirm": {"version": 0, "received": 120_000},
    "POST /staff/payments/{payment}/refuse": {"version": 0, "reason": "x"},
    "POST /staff/accounts": {"name": "new", "roles": ["finance"], "password": "long enough to be one"},
    "PATCH /staff/accounts/{name}": {"version": 0},
    "POST /staff/accounts/{name}/reset": {"version": 0, "password": "long enough to be one", "reason": "x"},
}  # fmt: skip
QUERIES = {"GET /staff/audit": "?subject=association"}


@pytest.fixture
def place(house: House) -> dict[str, str]:
    """A completed join of the owner, with all its parts."""
    owner = house.member("owner")
    application, payment = _completed(house, owner)
    (certificate,) = owner.get("/certificates").json["items"]
    file = owner.get(f"/payments/{payment}").json["receipt"]["file"]
    return {
        "application": application, "payment": payment, "file": file, "root": certificate["root"],
        "number": certificate["number"], "token": certificate["verify_path"].removeprefix("/V/"), "code": "join",
        "name": "reviewer", "user": "u1", "row": "r1", "owner": owner.headers["Authorization"],
    }  # fmt: skip


def _completed(house: House, owner: Asker) -> tuple[str, str]:
    application = house.completed(owner)
    return application, owner.get(f"/applications/{application}").json["payment"]


def test_the_table_names_every_endpoint() -> None:
    assert set(EXPECTED) == {f"{each.method} {each.path}" for each in ENDPOINTS}
    assert all(len(expected) == len(WHO) for expected in EXPECTED.values())


@pytest.mark.parametrize("endpoint", EXPECTED)
def test_everybody_reaches_what_is_his_to_reach_and_nothing_else(
    house: House, place: dict[str, str], endpoint: str
) -> None:
    method, path = endpoint.split(" ")
    where, expected = {**place, **at_its_step(house, endpoint)}, EXPECTED[endpoint]
    address = path.format_map({name: in_a_path(str(part)) for name, part in where.items()}) + QUERIES.get(endpoint, "")
    asking = people(house, place)
    found = {}
    # Who may do it is asked last: once it is done, everybody else is told so, whatever his role.
    for who in sorted(WHO, key=lambda each: expected[WHO.index(each)] == "."):
        body = filled(BODIES.get(endpoint, reasoned(path, where)), {**where, "who": who})
        status = asking[who].write(method, address, body if method != "GET" else None).status
        assert status < 500
        found[who] = {401: "1", 403: "3", 404: "4"}.get(status, ".")
    answers = "".join(found[who] for who in WHO)
    assert answers == answers_allowed(expected, answers, endpoint), WHO


def at_its_step(house: House, endpoint: str) -> dict[str, object]:
    """For steps that the table decides by role: another application, where the step is the next one."""
    bringing = {**dict.fromkeys(("approve", "return", "reject"), house.submitted), "send-back": house.being_made}
    bring = bringing.get(endpoint.rpartition("/")[2])
    if bring is None:
        return {}
    application = bring(house.member("third"), 3)
    return {"application": application, "version": acting.version(house.ports, application)}


def people(house: House, place: dict[str, str]) -> dict[str, Asker]:
    staff = {role.value: house.staff(role) for role in STAFF_ROLES}
    owner = Asker(house.client, {"Authorization": place["owner"]})
    return {"visitor": house.visitor, "owner": owner, "other": house.member("other"), **staff}


def answers_allowed(expected: str, answers: str, endpoint: str) -> str:
    """Nobody signs in with an empty form, and made-up ids are not there even for whoever may look for them."""
    let_through = {"POST /staff/login": "1", "POST /staff/users/{user}/unbind": "4"}.get(endpoint, ".")
    absent = "4" if "{row}" in endpoint or endpoint.startswith("DELETE /me") else let_through
    return "".join(
        answer if want == "." and answer in (".", absent) else want
        for want, answer in zip(expected, answers, strict=True)
    )


def reasoned(path: str, where: dict[str, object]) -> dict[str, object]:
    if path.startswith("/staff/applications/") and not path.endswith("reveal"):
        return {"version": where.get("version", 0), "reason": "x"}
    named = ("reveal", "revoke", "reinstate", "unbind", "discard")
    return {"reason": "x"} if path.endswith(named) else {}


def filled(body: object, place: dict[str, object]) -> object:
    if isinstance(body, str):
        return body.format_map(place)
    if isinstance(body, list):
        return [filled(each, place) for each in body]
    return {key: filled(each, place) for key, each in body.items()} if isinstance(body, dict) else body
