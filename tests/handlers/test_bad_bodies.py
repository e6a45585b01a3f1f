"""Bodies that are too large, too deep, no JSON, of wrong types; writes without a key; and what fails unexpectedly."""

from io import StringIO
from typing import Any

import pytest

from chalicelib.handlers.schemas.applications import OPEN
from chalicelib.rules.vocabulary import Role, Service
from tests.handlers.asking import Asker, House
from tests.handlers.refusals import assert_problem, assert_refused


def test_unknown_fields_are_refused_by_name(house: House, member: Asker) -> None:
    body = {"service": "join", "colour": "red"}
    answer = assert_refused(house, lambda: member.post("/applications", body), 422, "unknown_field")
    assert answer.json["reasons"][0]["field"] == "colour"
    answer = assert_refused(house, lambda: member.get("/applications?page=2"), 422, "unknown_field")
    assert answer.json["reasons"][0]["field"] == "page"
    assert_refused(house, lambda: member.post("/logout", {"why": "x"}), 422, "unknown_field")


def test_unknown_fields_of_a_form_are_refused_by_name(house: House, member: Asker) -> None:
    application = house.draft(member)
    body = {"version": 1, "form": {"name": "虚构公司", "credit_cod": "1", "colour": None}}
    answer = assert_refused(house, lambda: member.write("PATCH", f"/applications/{application}", body), 422)
    assert [reason["field"] for reason in answer.json["reasons"]] == ["credit_cod", "colour"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/applications", {"service": 1}),
        ("POST", "/applications", {"service": "no such service"}),
        ("POST", "/applications", {}),
        ("PUT", "/me", {"name": ["a"], "mobile": 13800000000}),
        ("PATCH", "/applications/a000001", {"version": "0", "form": {}}),
        ("PATCH", "/applications/a000001", {"version": True, "form": {}}),
        ("PATCH", "/applications/a000001", {"version": 0, "form": {"name": 1}}),
        ("PATCH", "/applications/a000001", {"version": -1, "form": []}),
        ("PATCH", "/applications/a000001", {"version": 0, "form": {"name": "长" * 4001}}),
        ("PATCH", "/applications/a000001", {"version": 0, "form": {f"field{n}": "" for n in range(61)}}),
        ("POST", "/payments", {"applications": [], "method": "gold", "amount": 1.5, "payer": "", "paid_on": "昨天"}),
        ("POST", "/payments", {"applications": ["a"] * 13, "method": "cash", "amount": 0, "payer": "a\nb"}),
        ("POST", "/me/consents", {"notices": "completed"}),
        ("POST", "/login", {"code": ""}),
    ],
)
def test_wrong_types_are_told_field_by_field(house: House, member: Asker, method: str, path: str, body: Any) -> None:
    answer = assert_refused(house, lambda: member.write(method, path, body), 422)
    assert all(reason["field"] for reason in answer.json["reasons"])


def test_a_wrong_choice_is_told_what_may_be_chosen_and_only_what_is_open(house: House, member: Asker) -> None:
    for service in ("training", "no such service"):
        ask = lambda service=service: member.post("/applications", {"service": service})  # noqa: E731 - asked once
        answer = assert_refused(house, ask, 422, "field_enum")
        assert (
            answer.json["detail"]
            == f"“业务”只能是 {'、'.join(f'{Service(each).chinese}（{each}）' for each in OPEN)}。"
        )
    staff = house.staff(Role.REVIEWER)
    told = assert_refused(house, lambda: staff.get("/staff/applications?state=x"), 422, "field_enum").json["detail"]
    assert told.startswith("“状态”只能是 拟稿（draft）、待审核（in_review）、")


def test_a_field_is_named_alike_whoever_finds_it_wrong(house: House, member: Asker) -> None:
    application = house.draft(member)
    body = {"version": 1, "form": {"name": 1}}
    answer = assert_refused(house, lambda: member.write("PATCH", f"/applications/{application}", body), 422)
    assert [reason["field"] for reason in answer.json["reasons"]] == ["name"]


def test_a_megabyte_of_json_is_too_large(house: House, member: Asker) -> None:
    body = {"name": "长" * 350_000, "mobile": "1"}
    assert_refused(house, lambda: member.write("PUT", "/me", body), 413, "body_too_large")


@pytest.mark.parametrize("raw", [b'{"form":' + b"[" * 20 + b"]" * 20 + b"}", b"[" * 60_000, b'{"a":' * 10_000], ids=len)
def test_deep_nesting_is_refused(house: House, member: Asker, raw: bytes) -> None:
    assert_refused(house, lambda: member.post("/applications", raw=raw), 400)


@pytest.mark.parametrize(
    "raw",
    [b"{", b"nonsense", b"\xff\xfe\x00", b'{"service": "\\ud800"}', b"[]", b'"join"', b"null", b"1" * 5000],
    ids=["cut", "nonsense", "no UTF-8", "half a pair", "list", "text", "null", "long number"],
)
def test_what_is_no_json_object_is_refused(house: House, member: Asker, raw: bytes) -> None:
    assert_refused(house, lambda: member.post("/applications", raw=raw), 400)


def test_what_is_not_json_at_all_is_refused(house: House, member: Asker) -> None:
    answer = assert_refused(
        house, lambda: member.post("/applications", raw=b"service=join", Content_Type="text/plain"), 415, "not_json"
    )
    assert answer.json["title"] == "内容类型不对"


def test_a_method_that_an_address_does_not_know_is_refused(house: House, member: Asker) -> None:
    answer = assert_refused(house, lambda: member.ask("DELETE", "/me"), 405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "PUT"}


@pytest.mark.parametrize("key", ["", "short", "x" * 129, "with a blank in it", "中文的编号不可以用"])
def test_a_write_wants_an_idempotency_key(house: House, member: Asker, key: str) -> None:
    ask = lambda: member.ask("POST", "/applications", {"service": "join"}, Idempotency_Key=key)  # noqa: E731 - asked once
    assert_refused(house, ask, 400, "idempotency_key_missing")


def test_an_unexpected_failure_is_a_problem_with_a_reference_and_tells_nothing(
    house: House, member: Asker, logged: StringIO
) -> None:
    house.ports.wechat.fails_with(RuntimeError("mobile 13812345678 of someone@example.com"))  # type: ignore[attr-defined]  # in memory
    answer = member.ask("POST", "/login", {"code": "code-for-x"})
    assert_problem(answer, 500, "unexpected")
    assert answer.json["reference"] in answer.json["reasons"][0]["next"]
    assert "RuntimeError" not in answer.text
    assert answer.json["reference"] in logged.getvalue()
    assert "13812345678" not in logged.getvalue()
    assert "someone@example.com" not in logged.getvalue()
