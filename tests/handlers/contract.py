"""The OpenAPI document as a machine reads it: cases made from it, sent to the routes, and what is held against it."""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

import requests
import schemathesis
from chalice.test import Client
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi import checks

from tests.handlers.promises import whole_document

EXAMPLES = int(os.environ.get("FAULTS_EXAMPLES", "4"))
ADDRESS = "https://api.example"
# Whatever is looked at first is told: who asks, what the path names, or what the body says.
REFUSALS = ["400", "401", "403", "404", "409", "413", "415", "422", "429"]
CHECKS: list[Any] = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
]
UNFIT = {400, 413, 415, 422}
# What a schema allows and the rules still refuse, each told in the description or found only by reading what was typed.
UNSAID_BY_SCHEMAS = {
    "bad_cursor",  # opaque: only the one that was given goes
    "field_int_type",  # 1.0 is a whole number to JSON Schema; to us a number of fen is written as one
    "control_characters", "email_form", "file_name_characters", "file_name_empty", "mobile_form", "name_empty",
}  # fmt: skip
# Without a number there is a page for people that asks for it, and nothing for a program.
UNSAID_OF_ONE = {"GET /verify": {"field_missing"}}
Case = Any  # generic over the library's own kinds of operation, which nothing here looks into


@cache
def operations() -> dict[str, Any]:
    """By method and path, as the access table names them."""
    schema: Any = schemathesis.openapi.from_dict(whole_document())
    schema.config.checks.negative_data_rejection.expected_statuses = REFUSALS
    found = (each.ok() for each in schema.get_all_operations())
    return {f"{each.method.upper()} {each.path}": each for each in found}


@cache
def cases(operation: str) -> st.SearchStrategy[Case]:
    """As the document allows, or as it forbids."""
    known = operations()[operation]
    return st.one_of([known.as_strategy(generation_mode=mode) for mode in GenerationMode])


def name_in(case: Case, parts: Mapping[str, str]) -> None:
    """These instead of the parts of the path that were made up; a new mapping, so that the library looks again."""
    made_up = case.path_parameters or {}
    case.path_parameters = {name: parts.get(name, part) for name, part in made_up.items()}


def sent(client: Client, case: Case, headers: Mapping[str, str]) -> Response:
    """``headers`` go before those of the case."""
    asked = requests.Request(**case.as_transport_kwargs(ADDRESS, headers=dict(headers))).prepare()
    path = str(asked.url).removeprefix(ADDRESS)
    found = client.http.request(str(asked.method), path, dict(asked.headers), _bytes(asked.body))
    listed = {name: value if isinstance(value, list) else [value] for name, value in found.headers.items()}
    return Response(found.status_code, listed, found.body, asked, elapsed=0, verify=True)


def _bytes(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else body or b""


def assert_described(case: Case, answer: Response) -> None:
    """By the library's checks, and by two of our own: what fits is not called unfit (the library's own check would have
    every state and every person fit too), and nothing is said where nothing is promised.
    """
    case.validate_response(answer, checks=CHECKS)
    if case.meta.generation.mode.is_positive and answer.status_code in UNFIT:
        unsaid = UNSAID_BY_SCHEMAS | UNSAID_OF_ONE.get(case.operation.label, set())
        assert {reason["code"] for reason in answer.json()["reasons"]} <= unsaid
    described = case.operation.responses.find_by_status_code(answer.status_code).definition
    assert answer.content == b"" or "content" in described, (case.operation.label, answer.status_code)
