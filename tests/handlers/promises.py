"""What the OpenAPI document promises of an answer, held against every answer that a test gets."""

import json
import re
from functools import cache
from typing import Any

from openapi_schema_validator import OAS31Validator

from chalicelib.handlers.calls import Endpoint
from chalicelib.handlers.openapi import whole
from chalicelib.handlers.routes import ENDPOINTS


def assert_as_promised(method: str, path: str, status: int, media: str, text: str) -> None:
    endpoint = declared(method, path.partition("?")[0])
    if endpoint is None:
        return
    responses = whole_document()["paths"][endpoint.path][method.lower()]["responses"]
    assert str(status) in responses, f"{method} {path}: {status}"
    if text and "json" in media and endpoint.answers is not None:
        schema = "ProblemShown" if "problem" in media else endpoint.answers.__name__
        validator(schema).validate(json.loads(text))


@cache
def whole_document() -> dict[str, Any]:
    return whole()


@cache
def validator(schema: str) -> Any:
    return OAS31Validator({"$ref": f"#/components/schemas/{schema}", "components": whole_document()["components"]})


@cache
def patterns() -> list[tuple[re.Pattern[str], Endpoint]]:
    exact = sorted(ENDPOINTS, key=lambda each: each.path.count("{"))
    return [(re.compile(re.sub(r"{\w+}", "[^/]+", each.path)), each) for each in exact]


def declared(method: str, path: str) -> Endpoint | None:
    found = (each for pattern, each in patterns() if each.method == method and pattern.fullmatch(path))
    return next(found, None)
