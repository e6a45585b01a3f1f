"""What anyone may read: the catalogue, the pages, the answers of verification, and the headers that go with them."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.pages.press import STYLE_HASH
from chalicelib.rules.services import JOIN, OFFERED
from chalicelib.rules.vocabulary import Role
from tests.handlers.asking import Asker, House
from tests.handlers.refusals import assert_problem, assert_refused

HOME = Path(__file__).parents[2]


def test_the_catalogue_says_what_joining_takes(visitor: Asker) -> None:
    join, *_ = visitor.get("/services").json["items"]
    assert join == visitor.get("/services/join").json
    assert [state["name"] for state in join["path"]] == ["拟稿", "待审核", "待缴费", "待核账", "制证中", "已完成"]
    assert [field["name"] for field in join["fields"]] == [field.name for field in JOIN.fields]
    kinds = {field["name"]: (field["type"], field["options"], field["longest"]) for field in join["fields"]}
    assert kinds["kind"] == ("choice", ["企业", "事业单位", "其他"], None)
    assert kinds["founded_on"][0] == "date"
    assert kinds["business_scope"] == ("text", [], 3000)
    assert [material["slot"] for material in join["materials"]] == ["application_form", "licence"]
    assert join["materials"][0]["form"]["url"] == "/forms/join.pdf"
    assert [fee["amount"] for fee in join["fees"]] == [120_000]
    assert join["eligibility"]
    assert join["notice"]


@pytest.mark.parametrize("code", ["no-such-service", "training", "JOIN", "%00"])
def test_a_service_that_is_not_offered_is_not_found(house: House, visitor: Asker, code: str) -> None:
    assert_refused(house, lambda: visitor.get(f"/services/{code}"), 404, "not_found")


def test_payment_instructions_contacts_and_forms_are_read_without_a_session(visitor: Asker) -> None:
    assert visitor.get("/payment-instructions").json["bank"]["number"]
    assert visitor.get("/contact").json["telephones"]
    asked_for = {material.form for row in OFFERED for material in row.materials if material.form}
    assert {form["code"] for form in visitor.get("/forms").json["items"]} == asked_for
    assert visitor.get("/healthz").json == {"status": "ok"}


@pytest.mark.parametrize("path", ["/", "/docs", "/verify", "/v/x"])
def test_a_page_forbids_what_it_does_not_need(visitor: Asker, path: str) -> None:
    headers = visitor.get(path, Accept="text/html").headers
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert STYLE_HASH in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "max-age" in headers["Strict-Transport-Security"]


@pytest.mark.parametrize("path", ["/services", "/me", "/services/unknown"])
def test_json_is_never_taken_for_anything_else(visitor: Asker, path: str) -> None:
    headers = visitor.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_form_finds_by_number_and_tells_what_is_unknown(house: House, visitor: Asker, member: Asker) -> None:
    house.completed(member)
    (certificate,) = member.get("/certificates").json["items"]
    number = certificate["number"]
    assert "证书查验" in visitor.get("/verify?from=timeline", Accept="text/html").text
    found = visitor.get(f"/verify?number={number}&from=singlemessage", Accept="text/html")
    assert found.status == 200
    assert number in found.text
    assert certificate["root"] not in found.text
    as_a_chinese_keyboard_writes = quote(number.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}))
    assert visitor.get(f"/verify?number={as_a_chinese_keyboard_writes}", Accept="text/html").status == 200
    unknown = visitor.get("/verify?number=%3Cscript%3E", Accept="text/html")
    assert unknown.status == 404
    assert "<script>" not in unknown.text
    assert visitor.get(f"/verify?number={'9' * 3000}", Accept="text/html").status == 404
    assert_problem(visitor.get("/verify?number=X", Accept="application/json"), 404, "certificate_number_unknown")
    assert_problem(visitor.get("/verify?number=%20", Accept="application/json"), 422, "field_missing")


def test_staff_who_mistype_a_number_are_told_that_it_is_the_number(house: House) -> None:
    staff = house.staff(Role.CERTIFIER)
    answer = assert_refused(house, lambda: staff.get("/staff/certificates/X-1"), 404, "certificate_number_unknown")
    assert answer.json["detail"] == "没有这个编号的证书。"


def test_guessing_numbers_is_slow(house: House, visitor: Asker) -> None:
    for n in range(30):
        assert visitor.get(f"/verify?number=N{n}", Accept="application/json").status == 404
    assert_refused(
        house, lambda: visitor.get("/verify?number=N30", Accept="application/json"), 429, "too_many_searches"
    )
    assert visitor.get("/verify?number=N30", Accept="text/html").status == 429
    house.ports.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]  # in memory
    assert visitor.get("/verify?number=N31", Accept="application/json").status == 404


def test_each_standing_is_told_apart(house: House, visitor: Asker, member: Asker) -> None:
    house.completed(member)
    (certificate,) = member.get("/certificates").json["items"]
    path, clock = certificate["verify_path"], house.ports.clock
    assert visitor.get(path, Accept="application/json").json["standing"] == "valid"
    clock.advance(timedelta(days=400))  # type: ignore[attr-defined]  # in memory
    assert visitor.get(path, Accept="application/json").json["standing"] == "expired"
    revoking = house.staff(Role.ADMIN).post(f"/staff/certificates/{certificate['number']}/revoke", {"reason": "试验"})
    assert revoking.status == 200
    page = visitor.get(path, Accept="text/html,application/json")
    assert "注销" in page.text


def test_before_the_association_is_set_up_the_house_says_so(house: House, visitor: Asker) -> None:
    records: Any = house.ports.records
    records._kept.clear()
    assert_problem(visitor.get("/healthz"), 503, "not_set_up")


def test_whoever_verifies_does_not_wait_for_what_draws_and_signs() -> None:
    script = """
import sys
from chalice.test import Client
from app import app
from chalicelib import wiring
from chalicelib.memory.ports import ports
wiring.use(ports())
for accept in ("text/html", "application/json"):
    answer = Client(app).http.get("/V/" + "A" * 28, headers={"Accept": accept})
    assert answer.status_code == 404, answer.body
print({"fpdf", "pyhanko", "pypdf", "PIL", "uharfbuzz", "fontTools", "segno", "openpyxl"} & set(sys.modules))
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=HOME)
    assert run.stdout == "set()\n", run.stderr
