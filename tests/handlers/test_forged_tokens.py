"""Ten thousand sessions that are not ours: forged, altered, replayed, misspelt. None opens a door, none breaks one."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from typing import Any

import pytest

from app import app
from chalicelib.handlers.routes import ENDPOINTS
from chalicelib.handlers.sessions import Audience
from chalicelib.operations import accounts
from chalicelib.rules.vocabulary import Role
from tests.handlers.asking import PASSWORD, Asker, House
from tests.handlers.forging import claims_of, forged_from, octets, resigned, unused_bits

LEAST = 10_000
DOORS = {
    audience: [each for each in ENDPOINTS if each.audience is audience]
    for audience in (Audience.MEMBER, Audience.STAFF)
}
SAID = {"session_missing", "session_ended", "session_of_member", "session_of_staff"}


@dataclass(frozen=True)
class Holders:
    """Genuine sessions of a member and of staff, both of epoch 1, and of both an older one that has been ended."""

    member: str
    staff: str
    ended: tuple[str, str]


def token_of(asker: Asker) -> str:
    return asker.headers["Authorization"].removeprefix("Bearer ")


@pytest.fixture
def holders(house: House) -> Holders:
    member, staff = house.member("chen-before"), house.staff(Role.ADMIN)
    assert member.post("/logout").status == staff.post("/staff/logout").status == 204
    house.ports.wechat._used.clear()  # type: ignore[attr-defined]  # the same person, with a fresh code
    return Holders(
        token_of(house.member("chen-before")), token_of(house.staff(Role.ADMIN)), (token_of(member), token_of(staff))
    )


@dataclass
class Attack:
    """Asks at one door of members and one of staff in turn, and counts; the first door that opens ends it."""

    house: House
    tried: int = 0

    def __post_init__(self) -> None:
        self.doors = [cycle(doors) for doors in DOORS.values()]

    def with_all(self, headers: Iterable[str]) -> None:
        for header in headers:
            for doors in self.doors:
                door = next(doors)
                self._at(door.method, door.path, header)
            self.tried += 1

    def _at(self, method: str, path: str, header: str) -> None:
        found = self.house.client.http.request(method, path, headers={"Authorization": header}, body=b"{}")
        shown = f"{method} {path} {header[:700]!r}"
        assert found.status_code == 401, shown
        assert_told(found.headers, found.body.decode(), shown)


def assert_told(headers: Mapping[str, str], body: str, shown: str) -> None:
    assert headers["Content-Type"] == "application/problem+json", shown
    assert headers["WWW-Authenticate"] == "Bearer", shown
    assert {reason["code"] for reason in json.loads(body)["reasons"]} <= SAID, shown


def test_ten_thousand_forged_sessions_open_no_door(house: House, holders: Holders) -> None:
    attack, before = Attack(house), house.everything()
    for token in (holders.member, holders.staff):
        attack.with_all(dict.fromkeys(forged_from(token)))
    assert attack.tried >= LEAST
    assert house.everything() == before


def test_the_sessions_that_were_forged_are_good_themselves(house: House, holders: Holders) -> None:
    assert resigned(holders.member) == holders.member
    for token, path in ((holders.member, "/me"), (holders.staff, "/staff/me")):
        for scheme in ("Bearer", "bearer", "BEARER"):  # RFC 9110 §11.1: the scheme's case says nothing
            assert house.visitor.get(path, Authorization=f"{scheme} {token}").status == 200
        assert house.visitor.get(path, Authorization=f" Bearer   {token} ").status == 200


def test_the_unused_bits_of_a_signature_are_no_second_spelling(holders: Holders) -> None:
    for token in (holders.member, holders.staff):
        assert len(unused_bits(token)) == 3
        assert {octets(each.split(".")[2]) for each in unused_bits(token)} == {octets(token.split(".")[2])}


def test_a_session_is_good_at_its_own_doors_only(house: House, holders: Holders) -> None:
    member, staff = (partial(resigned, token) for token in (holders.member, holders.staff))
    name = claims_of(holders.member)["sub"]
    accounts.open_account(house.ports, "test", name, frozenset({Role.ADMIN}), PASSWORD, "test")
    before = house.everything()
    attack = Attack(house)
    for doors, crossing in (
        (DOORS[Audience.STAFF], (holders.member, staff(aud="member"), member(sub="admin"), member(iss="staff"))),
        (DOORS[Audience.MEMBER], (holders.staff, member(aud="staff"), member(aud="staff", sub="admin"))),
    ):
        attack.doors = [cycle(doors)]
        attack.with_all(f"Bearer {token}" for token in crossing for _ in doors)
    assert house.everything() == before


def test_a_session_of_another_day_or_of_nobody_is_good_nowhere(house: House, holders: Holders) -> None:
    """Replayed after signing out everywhere, of an epoch still to come, of people there are not, of the disabled."""
    disabled = token_of(house.staff(Role.REVIEWER))
    admin = house.visitor.with_token(holders.staff)
    version = {each["name"]: each["version"] for each in admin.get("/staff/accounts").json["items"]}["reviewer"]
    body = {"version": version, "disabled": True}
    assert admin.write("PATCH", "/staff/accounts/reviewer", body).status == 200
    stale = [*holders.ended, disabled, resigned(disabled, epoch=1)]
    for token in (holders.member, holders.staff):
        stale += (resigned(token, epoch=epoch) for epoch in (-1, 0, 2, 3, 2**31, 2**63, 10**300))
        stale += (
            resigned(token, sub=sub) for sub in ("", "u1", "nobody", "reviewer", "ADMIN", "admin ", "%61dmin", "*")
        )
    before, attack = house.everything(), Attack(house)
    attack.with_all(f"Bearer {token}" for token in stale for _ in DOORS[Audience.STAFF])
    assert house.everything() == before


def test_of_two_authorization_headers_neither_counts(house: House, holders: Holders) -> None:
    good, bad = f"Bearer {holders.member}", f"Bearer {holders.member[:-4]}AAAA"
    for two in ([good, bad], [bad, good], [good, good], [bad, bad], ["", good], [good, "Basic x"]):
        answer = app(event(two), None)
        assert answer["statusCode"] == 401, two
        headers = {name: value for name, (value,) in answer["multiValueHeaders"].items()} | answer["headers"]
        assert_told(headers, answer["body"], str(two))
    assert app(event([good]), None)["statusCode"] == 200
    assert app(event([bad]), None)["statusCode"] == 401


def event(authorizations: list[str]) -> dict[str, Any]:
    """As the gateway hands it on: every header in one place, the last of each name in another."""
    return {
        "requestContext": {"httpMethod": "GET", "resourcePath": "/me", "path": "/me"}, "pathParameters": None,
        "headers": {"Authorization": authorizations[-1]}, "multiValueHeaders": {"Authorization": authorizations},
        "multiValueQueryStringParameters": None, "stageVariables": None, "body": None, "isBase64Encoded": False,
    }  # fmt: skip
