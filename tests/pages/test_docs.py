"""The API documentation, as it is read out of an OpenAPI document."""

from copy import deepcopy

import pytest

from chalicelib.pages.docs import docs_page
from chalicelib.pages.openapi_reading import reference
from chalicelib.pages.reference import Operation, Problem
from chalicelib.pages.schema_tables import Schemas
from tests.pages.markup import read
from tests.pages.openapi_sample import OPENAPI


def operation(method: str, path: str) -> Operation:
    groups = reference(OPENAPI).groups
    return next(each for group in groups for each in group.operations if (each.method, each.path) == (method, path))


def test_operations_are_grouped_by_audience_in_the_order_of_the_tags() -> None:
    assert [group.name for group in reference(OPENAPI).groups] == ["公开", "会员", "其他"]


def test_fields_are_listed_by_their_path_with_type_need_and_limits() -> None:
    rows = {row.name: row for row in operation("POST", "/applications").bodies[0].rows}
    assert list(rows) == ["service", "form", "form.name", "form.kind", "founded_on", "parent"]
    assert (rows["form.name"].kind, rows["form.name"].required) == ("string", True)
    assert rows["form.name"].limits == ("至少 2 字", "最多 100 字")
    assert rows["form.kind"].kind == '"company" | "public_institution" | "other"'
    assert (rows["founded_on"].kind, rows["founded_on"].required) == ("string (date) | null", False)
    assert rows["form"].description == "入会申请表的内容"


def test_the_fields_of_a_list_are_listed_too() -> None:
    problem = {"$ref": "#/components/schemas/Problem"}
    names = [row.name for row in Schemas(OPENAPI).rows(problem)]
    assert names == [
        "title",
        "status",
        "reasons",
        *(f"reasons[].{each}" for each in ("code", "message", "next", "field")),
    ]


def test_a_schema_that_contains_itself_ends() -> None:
    endless = {"components": {"schemas": {"A": {"properties": {"a": {"$ref": "#/components/schemas/A"}}}}}}
    schemas, itself = Schemas(endless), {"$ref": "#/components/schemas/A"}
    assert [row.name for row in schemas.rows(itself)] == ["a"]
    assert isinstance(schemas.sample(itself), dict)


def test_the_example_can_be_sent_as_it_stands() -> None:
    assert operation("POST", "/applications").curl == (
        "curl -X POST https://verify.association.example/applications \\\n"
        '  -H "Authorization: Bearer $TOKEN" \\\n'
        "  -H 'Idempotency-Key: d4d302c9-0a2d-5bc4-8c94-b85b19d1959f' \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        """  -d '{"service": "join", "form": {"name": "虚构公司", "kind": "company"}}'"""
    )
    assert operation("GET", "/verify").curl == "curl 'https://verify.association.example/verify?number=…'"


def test_problem_codes_stand_with_their_status() -> None:
    assert operation("POST", "/applications").problems == (
        Problem("409", "already_member", "该单位已是会员"),
        Problem("409", "join_under_way", ""),
    )


def test_parameters_of_the_path_count_for_its_operations() -> None:
    assert [(each.name, each.where, each.required) for each in operation("GET", "/v/{token}").parameters] == [
        ("token", "path", True)
    ]


def test_the_page_shows_all_of_it() -> None:
    text = read(docs_page(OPENAPI)).text("main")
    for words in (
        "POST /applications 需登录 session",
        "Idempotency-Key 必填 header",
        "reasons 一次说明全部原因",
        "already_member 409 该单位已是会员",
        "404 Not Found 未查询到该证书",
        "curl -X POST https://verify.association.example/applications",
    ):
        assert words in text


def test_words_in_the_document_never_become_markup() -> None:
    hostile = deepcopy(OPENAPI)
    hostile["info"]["description"] = "`<script>` </code><script>alert(1)</script>"
    markup = read(docs_page(hostile))
    assert markup.troubles == []
    assert "script" not in {tag for tag, _ in markup.tags}


def test_the_story_comes_first_and_leads_to_its_operations() -> None:
    step = {"title": "登录", "operations": ["POST /applications", "GET /gone"], "example": "API={server}"}
    told = {
        **OPENAPI,
        "x-journey": {"title": "从头到尾", "steps": [step]},
        "x-reason-codes": [{"code": "busy", "message": "忙"}],
    }
    markup = read(docs_page(told))
    assert markup.troubles == []
    assert "#post-applications" in markup.addresses
    assert "API=https://verify.association.example" in markup.text("pre")
    text = markup.text("main")
    assert text.index("从头到尾") < text.index("金额一律为整数")
    assert "busy 忙" in text


def test_the_index_is_folded_on_a_phone_without_any_script() -> None:
    (folded,) = read(docs_page(OPENAPI)).attributes("details")
    assert "open" not in folded


def test_a_reference_that_leads_nowhere_is_noticed() -> None:
    broken = deepcopy(OPENAPI)
    del broken["components"]["schemas"]["JoinForm"]
    with pytest.raises(KeyError):
        docs_page(broken)


def test_a_document_without_operations_is_a_page_all_the_same() -> None:
    assert read(docs_page({"info": {"title": "空"}})).troubles == []
