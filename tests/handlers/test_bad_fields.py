"""Identifiers and addresses that are wrong, and those that are only written differently."""

from urllib.parse import quote

import pytest

from chalicelib.rules.vocabulary import Role
from tests import made_up
from tests.handlers.asking import Answer, Asker, House
from tests.handlers.refusals import assert_refused
from tests.operations import acting

MATERIALS = {"application_form", "licence"}


def test_a_wrong_mobile_number_is_refused(house: House, member: Asker) -> None:
    assert_refused(house, lambda: member.write("PUT", "/me", {"name": "赵甲一", "mobile": "1234"}), 422, "mobile_form")


def test_everything_that_is_wrong_with_ones_own_data_is_told_at_once_each_with_its_field(
    house: House, member: Asker
) -> None:
    answer = assert_refused(house, lambda: member.write("PUT", "/me", {"name": " ", "mobile": "1234"}), 422)
    assert marked(answer) == [("name_empty", "name"), ("mobile_form", "mobile")]


def test_everything_that_is_wrong_with_practitioners_is_told_at_once_each_with_its_person_and_field(
    house: House, member: Asker
) -> None:
    house.completed(member)
    wrong = {
        "name": "——", "id_number": "123", "certificate_number": "PX-1",
        "valid_from": "2026-03-01", "valid_to": "2026-02-28",
    }  # fmt: skip
    code = member.get("/me/enterprise").json["member_code"]
    body = {"member_code": code, "people": [wrong, {**wrong, "name": "钱乙二"}]}
    admin = house.staff(Role.ADMIN)
    answer = assert_refused(house, lambda: admin.post("/staff/practitioners", body), 409)
    assert marked(answer) == [
        ("name_empty", "people.0.name"), ("resident_id_form", "people.0.id_number"),
        ("dates_reversed", "people.0.valid_to"),
        ("resident_id_form", "people.1.id_number"), ("dates_reversed", "people.1.valid_to"),
    ]  # fmt: skip


def test_what_is_typed_alone_is_marked_too(house: House, member: Asker) -> None:
    upload = {"application": house.draft(member), "slot": "licence", "file_name": "a/b.pdf"}
    assert marked(member.post("/uploads", upload)) == [("file_name_path", "file_name")]


def marked(answer: Answer) -> list[tuple[str, str]]:
    return [(reason["code"], reason.get("field")) for reason in answer.json["reasons"]]


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("credit_code", "914499990000000011", "credit_code_check"),
        ("credit_code", "91", "credit_code_length"),
        ("contact_mobile", "020-12345678", "mobile_form"),
        ("capital", "500万", None),
        ("contact_email", "a@example.com\nBcc: b@example.com", "email_form"),
        ("name", "", "not_filled_in"),
    ],
)
def test_a_wrong_field_is_kept_in_the_draft_told_there_and_refused_at_submission(
    house: House, member: Asker, field: str, text: str, code: str | None
) -> None:
    application = house.draft(member)
    saved = member.write("PATCH", f"/applications/{application}", {"version": 1, "form": {field: text}}).json
    assert saved["form"][field] == text
    assert {reason["field"] for reason in saved["missing"]} - MATERIALS == {field}
    answer = assert_refused(house, lambda: member.post(f"/applications/{application}/submit", {}), 409)
    (told,) = [reason for reason in answer.json["reasons"] if reason["field"] == field]
    assert code in (None, told["code"])


def test_full_width_digits_and_spaces_are_folded(house: House, member: Asker) -> None:
    application, right = house.draft(member), acting.join_form()
    wide = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}
    code = str(right["credit_code"])
    typed = {"credit_code": f" {code[:8]} {code[8:]}".translate(wide), "contact_mobile": "１９９ 0000-0001"}
    saved = member.write("PATCH", f"/applications/{application}", {"version": 1, "form": typed}).json
    assert (saved["form"]["credit_code"], saved["form"]["contact_mobile"]) == (code, "19900000001")
    assert {reason["field"] for reason in saved["missing"]} == MATERIALS


def test_mail_addresses_with_line_breaks_are_refused(house: House, member: Asker) -> None:
    house.completed(member)
    root = member.get("/certificates").json["items"][0]["root"]
    for address in ("a@example.com\r\nBcc: b@example.com", "a@example.com\n", "a@b@c", "", "a b@example.com"):
        ask = lambda address=address: member.post(f"/certificates/{root}/mail", {"to": address})  # noqa: E731 - asked once
        assert marked(assert_refused(house, ask, 422)) == [("email_form", "to")]


@pytest.mark.parametrize("typed", ["2026年3月1日", "2026/3/1", "2026.3.1", "２０２６-０３-０１"])
def test_days_in_bodies_and_queries_are_taken_as_people_write_them(house: House, member: Asker, typed: str) -> None:
    application = house.to_be_paid(member)
    body = {"applications": [application], "method": "cash", "amount": 120_000, "payer": "虚构公司", "paid_on": typed}
    assert member.post("/payments", body).json["paid_on"] == "2026-03-01"
    finance = house.staff(Role.FINANCE)
    assert finance.get(f"/staff/closing?day={quote(typed)}").json["day"] == "2026-03-01"


@pytest.mark.parametrize("typed", ["1.0128634722995602e-121", "0", "1e5", "-1"])
def test_a_number_is_no_day(house: House, typed: str) -> None:
    finance = house.staff(Role.FINANCE)
    asked = lambda: finance.get(f"/staff/closing?day={typed}")  # noqa: E731 - asked once
    assert marked(assert_refused(house, asked, 422)) == [("field_date_parsing", "day")]


def test_a_day_that_is_none_is_told_with_its_field(house: House, member: Asker) -> None:
    body = {"applications": ["a1"], "method": "cash", "amount": 1, "payer": "虚构公司", "paid_on": "2026年2月30日"}
    assert marked(assert_refused(house, lambda: member.post("/payments", body), 422)) == [
        ("field_date_parsing", "paid_on")
    ]


def test_practitioners_are_entered_with_days_and_numbers_as_a_chinese_keyboard_writes_them(
    house: House, member: Asker
) -> None:
    house.completed(member)
    wide = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789-"}
    person = {
        "name": made_up.person(50), "id_number": made_up.resident_id(50).translate(wide),
        "certificate_number": "px-50".translate(wide), "valid_from": "2025年1月1日", "valid_to": "2027/12/31",
    }  # fmt: skip
    code = str(member.get("/me/enterprise").json["member_code"]).translate(wide)
    assert house.staff(Role.ADMIN).post("/staff/practitioners", {"member_code": code, "people": [person]}).status == 200
    (entered,) = member.get("/practitioners").json["items"]
    assert (entered["certificate_number"], entered["valid_from"]) == ("PX-50", "2025-01-01")
