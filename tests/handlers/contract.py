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
    """By the library's checks, and by one that it has not: nothing is said where nothing is promised."""
    case.validate_response(answer, checks=CHECKS)
    described = case.operation.responses.find_by_status_code(answer.status_code).definition
    assert answer.content == b"" or "content" in described, (case.operation.label, answer.status_code)
