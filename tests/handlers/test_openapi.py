"""The document of the API: made from the declarations, valid, checked in, and complete."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from app import app
from chalicelib.handlers.journey import FIRST
from chalicelib.handlers.openapi import whole
from chalicelib.handlers.routes import ENDPOINTS
from chalicelib.handlers.schemas import examples
from chalicelib.handlers.sessions import Audience
from chalicelib.pages.docs import docs_page
from chalicelib.rules.certificates import address
from chalicelib.rules.identifiers import Malformed
from chalicelib.rules.services import JOIN, OFFERED
from tests.handlers.asking import Asker

CHECKED_IN = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_the_document_is_openapi() -> None:
    validate(whole())


def test_the_document_that_is_checked_in_is_the_one_that_is_served(visitor: Asker) -> None:
    written = json.loads(CHECKED_IN.read_text("utf-8"))
    assert written == whole(), "python -m chalicelib.handlers.openapi > docs/openapi.json"
    served = visitor.get("/openapi.json").json
    assert {**served, "servers": None} == {**written, "servers": None}
    assert served["servers"] == [{"url": "https://member.association.example"}]


def test_every_route_of_the_app_is_in_it_and_nothing_else() -> None:
    routes = {(method, path) for path, methods in app.routes.items() for method in methods}
    paths = {(method.upper(), path) for path, item in whole()["paths"].items() for method in item}
    assert paths == routes


def test_operations_have_names_of_their_own() -> None:
    names = [each.operation for each in ENDPOINTS]
    assert len(names) == len(set(names))


def test_every_write_wants_a_key_but_the_two_logins() -> None:
    unkeyed = {each.path for each in ENDPOINTS if each.method != "GET" and not each.keyed}
    assert unkeyed == {"/login", "/staff/login"}


def test_only_what_is_meant_to_be_public_needs_no_session() -> None:
    public = {each.path for each in ENDPOINTS if each.audience is Audience.PUBLIC}
    assert public == {
        "/", "/docs", "/openapi.json", "/healthz", "/services", "/services/{code}", "/payment-instructions", "/contact",
        "/forms", "/V/{token}", "/v/{token}", "/verify", "/login", "/staff/login",
    }  # fmt: skip


def test_every_field_and_operation_is_described_for_people() -> None:
    assert all(each.summary for each in ENDPOINTS)
    assert "“" not in whole()["info"]["title"]


def test_the_journey_and_the_order_name_what_there_is() -> None:
    there = {f"{method.upper()} {path}" for path, item in whole()["paths"].items() for method in item}
    assert {name for step in whole()["x-journey"]["steps"] for name in step["operations"]} <= there
    assert set(FIRST) <= set(whole()["paths"])


def test_reason_codes_are_listed_with_their_sentences() -> None:
    listed = {each["code"]: each["message"] for each in whole()["x-reason-codes"]}
    assert {"already_member", "credit_code_check", "session_missing", "certificate_unknown"} <= set(listed)
    assert all(listed.values())


def test_examples_are_good_as_they_stand() -> None:
    assert not [each.name for each in JOIN.fields if each.fold(examples.JOIN_FORM[each.name]) == ""]
    assert address(examples.TOKEN) is not None
    assert set(examples.JOIN_FORM) == {each.name for each in JOIN.fields}


def test_what_a_field_says_of_its_length_is_what_holds() -> None:
    for each in JOIN.fields:
        if each.kind == "text" and each.longest:
            assert each.fold("甲" * each.longest)
            with pytest.raises(Malformed):
                each.fold("甲" * (each.longest + 1))
        assert all(each.fold(option) == option for option in each.options)


def test_staff_operations_name_who_may_call_them() -> None:
    paths = whole()["paths"]
    assert paths["/staff/applications/{application}/approve"]["post"]["summary"] == "审核通过（审核）"
    assert paths["/staff/me"]["get"]["summary"].endswith("（任一角色）")


def test_the_docs_page_is_drawn_from_it(visitor: Asker) -> None:
    page = visitor.get("/docs", Accept="text/html")
    assert page.status == 200
    assert docs_page(whole())
    assert "提交缴费凭证" in page.text


def test_the_walk_of_the_docs_needs_nothing_but_curl_and_python_and_names_every_service() -> None:
    steps = whole()["x-journey"]["steps"]
    examples = "\n".join(step.get("example", "") for step in steps)
    assert "jq " not in examples
    told = "".join(step["title"] + step["description"] for step in steps)
    assert all(row.service.chinese in told for row in OFFERED)


def test_the_walk_reads_the_form_of_an_upload_into_what_curl_takes(tmp_path: Path) -> None:
    (example,) = [step["example"] for step in whole()["x-journey"]["steps"] if step["title"] == "上传资料"]
    code = example.partition("python3 -c '")[2].partition("'")[0]
    (tmp_path / "upload.json").write_text('{"url": "https://x.example", "fields": {"key": "in/a\\"b", "acl": "x"}}')
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == 'form-string = "key=in/a\\"b"\nform-string = "acl=x"\n'
