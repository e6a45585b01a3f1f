"""Who gets in: WeChat codes that are no good, forged and foreign sessions, and sessions that have ended."""

from datetime import timedelta
from typing import Any

import jwt
import pytest

from chalicelib.handlers import sessions
from chalicelib.operations import accounts
from chalicelib.operations.carriers import LoginRefused, LoginUnavailable
from chalicelib.rules.vocabulary import Reason, Role
from tests.handlers.asking import PASSWORD, Asker, House
from tests.handlers.conftest import SECRET
from tests.handlers.refusals import assert_refused


def claims_of(member: Asker) -> dict[str, Any]:
    token = member.headers["Authorization"].removeprefix("Bearer ")
    return jwt.decode(token, SECRET, ["HS256"], audience="member", options={"verify_exp": False})


def signed(claims: dict[str, Any], key: str = SECRET, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key, algorithm)


def test_an_unknown_wechat_code_is_refused(house: House, visitor: Asker) -> None:
    assert_refused(house, lambda: visitor.ask("POST", "/login", {"code": "nonsense"}), 401)


def test_a_wechat_code_works_once(house: House, visitor: Asker) -> None:
    house.member("chen")
    assert_refused(house, lambda: visitor.ask("POST", "/login", {"code": "code-for-chen"}), 401)


def test_an_expired_wechat_code_is_refused_with_the_reason_wechat_gives(house: House, visitor: Asker) -> None:
    expired = Reason("wechat_code_expired", "微信登录凭证已过期。", "请重新登录。", "code")
    house.ports.wechat.fails_with(LoginRefused(expired))  # type: ignore[attr-defined]  # the stand-in
    assert_refused(house, lambda: visitor.ask("POST", "/login", {"code": "code-for-li"}), 401, "wechat_code_expired")


def test_while_wechat_does_not_answer_one_is_told_to_come_back(house: House, visitor: Asker) -> None:
    house.ports.wechat.fails_with(LoginUnavailable())  # type: ignore[attr-defined]  # the stand-in
    answer = assert_refused(house, lambda: visitor.ask("POST", "/login", {"code": "code-for-li"}), 503)
    assert answer.headers["Retry-After"] == "5"


def test_without_a_session_one_is_told_to_sign_in(house: House, visitor: Asker) -> None:
    answer = assert_refused(house, lambda: visitor.get("/me"), 401, "session_missing")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_what_these_tests_sign_themselves_would_be_good(house: House, member: Asker) -> None:
    assert house.visitor.with_token(signed(claims_of(member))).get("/me").status == 200


@pytest.mark.parametrize("token", ["a.b.c", "x", "x" * 5000, "Ünïcödé", "eyJhbGciOiJIUzI1NiJ9.e30."])
def test_what_is_no_token_is_refused(house: House, visitor: Asker, token: str) -> None:
    assert_refused(house, lambda: visitor.with_token(token).get("/me"), 401, "session_ended")


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [("another secret of more than thirty-two characters", "HS256"), (SECRET * 2, "HS512"), ("", "none")],
)
def test_a_session_signed_in_another_way_is_refused(house: House, member: Asker, key: str, algorithm: str) -> None:
    token = signed(claims_of(member), key, algorithm)
    assert_refused(house, lambda: house.visitor.with_token(token).get("/me"), 401, "session_ended")


def test_another_strength_of_the_right_key_is_refused(house: House, member: Asker) -> None:
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        token = signed(claims_of(member), SECRET, "HS512")
    assert_refused(house, lambda: house.visitor.with_token(token).get("/me"), 401, "session_ended")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "somebody else"},
        {"aud": "staff"},
        {"sub": "u1"},
        {"sub": 1},
        {"epoch": "0"},
        {"epoch": 1},
        {"exp": "later"},
        {"exp": None},
    ],
    ids=str,
)
def test_a_session_with_one_claim_that_is_wrong_is_refused(house: House, member: Asker, claims: dict[str, Any]) -> None:
    token = signed({**claims_of(member), **claims})
    assert_refused(house, lambda: house.visitor.with_token(token).get("/me"), 401, "session_ended")


@pytest.mark.parametrize("missing", sessions.CLAIMS)
def test_a_session_that_lacks_a_claim_is_refused(house: House, member: Asker, missing: str) -> None:
    token = signed({name: value for name, value in claims_of(member).items() if name != missing})
    assert_refused(house, lambda: house.visitor.with_token(token).get("/me"), 401, "session_ended")


def test_a_member_is_not_let_in_as_the_staff_of_his_name(house: House, member: Asker) -> None:
    user = member.get("/me").json["id"]
    accounts.open_account(house.ports, "test", user, frozenset({Role.ADMIN}), PASSWORD, "test")
    assert_refused(house, lambda: member.get("/staff/me"), 401, "session_of_member")


def test_a_session_ends_by_the_clock_to_the_second(house: House, member: Asker) -> None:
    clock: Any = house.ports.clock
    clock.advance(timedelta(hours=2) - timedelta(seconds=1))
    assert member.get("/me").status == 200
    clock.advance(timedelta(seconds=1))
    assert_refused(house, lambda: member.get("/me"), 401, "session_ended")


def test_a_members_session_opens_no_door_of_staff_and_the_other_way_round(house: House, member: Asker) -> None:
    staff = house.staff(Role.ADMIN)
    assert_refused(house, lambda: member.get("/staff/me"), 401, "session_of_member")
    assert_refused(house, lambda: staff.get("/me"), 401, "session_of_staff")


def test_signing_out_ends_every_session_at_once(house: House, member: Asker) -> None:
    assert member.post("/logout").status == 204
    assert_refused(house, lambda: member.get("/me"), 401, "session_ended")
    staff = house.staff(Role.FINANCE)
    assert staff.post("/staff/logout").status == 204
    assert_refused(house, lambda: staff.get("/staff/me"), 401, "session_ended")


def test_a_disabled_account_is_out_at_once(house: House) -> None:
    reviewer, admin = house.staff(Role.REVIEWER), house.staff(Role.ADMIN)
    seen = {each["name"]: each["version"] for each in admin.get("/staff/accounts").json["items"]}
    changed = admin.write("PATCH", "/staff/accounts/reviewer", {"version": seen["reviewer"], "disabled": True})
    assert changed.json["disabled"] is True
    assert_refused(house, lambda: reviewer.get("/staff/me"), 401, "session_ended")


def test_wrong_password_wrong_code_and_unknown_name_answer_alike(house: House, visitor: Asker) -> None:
    house.staff(Role.ADMIN)
    house.ports.clock.advance(timedelta(seconds=60))  # type: ignore[attr-defined]  # in memory
    right = house.one_time_code("admin")
    tries = (
        {"name": "admin", "password": "wrong", "code": right},
        {"name": "admin", "password": "a made-up long password", "code": "000000"},
        {"name": "nobody", "password": "wrong", "code": right},
    )
    answers = [visitor.ask("POST", "/staff/login", body) for body in tries]
    assert {answer.status for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
