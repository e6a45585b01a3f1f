"""The responses of an operation as OpenAPI says them: what it answers, and every refusal that a caller may meet."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from chalicelib.handlers.calls import Endpoint
from chalicelib.handlers.problems import JSON_PROBLEM, TITLES
from chalicelib.handlers.routes import TOLD_BY_A_PAGE
from chalicelib.handlers.schemas.base import ProblemShown
from chalicelib.handlers.sessions import Audience

PAGE = {"schema": {"type": "string"}}
LOCATION = {"required": True, "description": "地址", "schema": {"type": "string", "minLength": 1}}
LOCATED = {HTTPStatus.CREATED, HTTPStatus.FOUND}
REFUSED_WITH: Mapping[int, dict[str, Any]] = {
    401: {
        "WWW-Authenticate": {
            "description": "须带登录令牌", "required": True, "schema": {"type": "string", "const": "Bearer"},
        }
    },
    503: {"Retry-After": {"description": "多少秒后重试", "schema": {"type": "integer", "minimum": 1}}},
}  # fmt: skip
# Refusals that a browser gets as a page, where what it asks for is a page: besides what every page may come to.
TOLD_ON_PAGES = {HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS}
WORDS = {
    200: "好",
    201: "已新建；`Location` 为其地址",
    202: "已受理，随后完成",
    204: "好，没有内容",
    302: "转到下载地址",
}


def answers(endpoint: Endpoint, named: Mapping[Any, dict[str, Any]]) -> dict[str, Any]:
    """By status; ``named``: the schemas by their models."""
    return {**_success(endpoint, named), **_refusals(endpoint)}


def _success(endpoint: Endpoint, named: Mapping[Any, dict[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if endpoint.answers is not None:
        content["application/json"] = {"schema": named[endpoint.answers]}
    if endpoint.html:
        content["text/html"] = PAGE
    if not content and endpoint.status == HTTPStatus.OK:  # this document, which is no schema of its own
        content["application/json"] = {"schema": {"type": "object"}}
    if endpoint.status == HTTPStatus.FOUND:  # for programs that ask for JSON, the address itself
        return {"200": _found(200, content), "302": _found(302, {})}
    return {str(endpoint.status): _found(endpoint.status, content)}


def _found(status: int, content: dict[str, Any]) -> dict[str, Any]:
    headers = {"Location": LOCATION} if status in LOCATED else {}
    more = {"headers": headers, "content": content}
    return {"description": WORDS[status], **{name: each for name, each in more.items() if each}}


def _statuses(endpoint: Endpoint) -> Iterable[int]:
    body, parts = endpoint.takes is not None, "{" in endpoint.path
    conditions = {
        400: body or endpoint.asks is not None,
        401: endpoint.audience is not Audience.PUBLIC or endpoint.takes is not None,
        403: bool(endpoint.roles) or (endpoint.audience is Audience.STAFF and endpoint.keyed),
        404: parts or endpoint.keyed,
        405: True,
        409: endpoint.keyed,
        413: body,
        415: body,
        422: body or endpoint.asks is not None,
        500: True,
        503: not endpoint.stands_alone,  # whoever asks a port may find it busy
    }
    return sorted({*(status for status, holds in conditions.items() if holds), *endpoint.also})


def _refusals(endpoint: Endpoint) -> dict[str, Any]:
    return {str(status): _refusal(endpoint, status) for status in _statuses(endpoint)}


def _refusal(endpoint: Endpoint, status: int) -> dict[str, Any]:
    told_on_pages = TOLD_BY_A_PAGE | (TOLD_ON_PAGES if endpoint.answers is not None else set())
    if not endpoint.html or status not in told_on_pages:
        return {"$ref": f"#/components/responses/{status}"}
    told = problem(status)
    return {**told, "content": {**told["content"], "text/html": PAGE}}


def problem(status: int) -> dict[str, Any]:
    headers = {"headers": REFUSED_WITH[status]} if status in REFUSED_WITH else {}
    content = {JSON_PROBLEM: {"schema": {"$ref": f"#/components/schemas/{ProblemShown.__name__}"}}}
    return {"description": TITLES[status], **headers, "content": content}
