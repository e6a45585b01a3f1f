"""OpenAPI 3.1, made from the same declarations that serve: `python -m chalicelib.handlers.openapi` prints it."""

import json
import sys
from collections.abc import Iterable, Mapping
from copy import deepcopy
from functools import cache
from importlib import import_module
from itertools import groupby
from re import findall
from typing import Any

from chalicelib.handlers import journey
from chalicelib.handlers.calls import Endpoint
from chalicelib.handlers.openapi_responses import answers, problem
from chalicelib.handlers.problems import TITLES
from chalicelib.handlers.reason_codes import reason_codes
from chalicelib.handlers.routes import ENDPOINTS, KEY_HEADER, TAGS
from chalicelib.handlers.schemas import examples
from chalicelib.handlers.schemas.base import Nothing, ProblemShown
from chalicelib.handlers.schemas.reading import schemas_of
from chalicelib.handlers.sessions import Audience
from chalicelib.rules.records import PaymentMethod
from chalicelib.rules.uploads import Kind
from chalicelib.rules.vocabulary import CertificateKind, Part, Role, Service, Standing, State, Term, Unit

VERSION = "0.1.0"
TERMS: tuple[type[Term], ...] = (
    State, Role, Service, PaymentMethod, Part, Unit, CertificateKind, Standing, Kind,
)  # fmt: skip
DESCRIPTION = """行业协会会员服务平台的接口。字段名用 snake_case；日期为 ISO 8601，时刻带 `+08:00`；金额为整数分。

列表用 `?cursor=&limit=` 翻页：原样使用上一页的 `next`。提交类操作须带 `Idempotency-Key`，重试同一次提交用同一个编号。

错误为 `application/problem+json`（RFC 9457），`reasons` 一次说明全部原因和下一步做法。没有定义的字段一律拒绝。

`reasons[].field` 指出涉及的字段、资料或人员：申请表的字段只写字段名（`credit_code`，不写 `form.credit_code`）。

示例中的单位、人员、号码都是虚构的；`$TOKEN` 为登录得到的令牌，编号请换成答复中给出的。"""
TAG_WORDS = {
    Audience.PUBLIC: "无需登录。",
    Audience.MEMBER: "微信用户登录后使用；登录令牌放在 `Authorization: Bearer` 请求头中。",
    Audience.STAFF: "协会工作人员；先用 `POST /staff/login` 登录。",
}
SECURITY = {
    Audience.MEMBER: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "会员的登录令牌"},
    Audience.STAFF: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "工作人员的登录令牌"},
}
KEY_PARAMETER = {
    "name": KEY_HEADER, "in": "header", "required": True,
    "description": "这次提交的随机编号；重试时不变，同一编号只办一次。",
    "schema": {
        "type": "string", "minLength": 8, "maxLength": 128, "pattern": "^[\\x21-\\x7e]+$",
        "examples": ["5f0c6a52-6a3e-4e0b-9d7a-1f2b3c4d5e6f"],
    },
}  # fmt: skip
BY_ACCEPT = (
    "按 `Accept` 请求头答复：含 `text/html` 的（浏览器）得到网页；`Accept: application/json` 得到 JSON；"
    "不写的得到网页。查不到的同样如此，状态均为 404。"
)
PARTS = {
    "code": "join", "token": examples.TOKEN, "application": examples.APPLICATION, "file": examples.FILE,
    "payment": examples.PAYMENT, "invoice": examples.INVOICE, "root": examples.ROOT, "number": examples.NUMBER,
}  # fmt: skip


def served(public_url: str) -> dict[str, Any]:
    """The document with the address it is served at."""
    return {**document(), "servers": [{"url": public_url}]}


@cache
def document() -> dict[str, Any]:
    """Of every endpoint declared so far: all of them once the blueprints are imported."""
    named, components = schemas_of(_models())
    return {
        "openapi": "3.1.0",
        "info": {"title": "会员服务平台接口", "version": VERSION, "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "tags": [{"name": TAGS[each], "description": TAG_WORDS[each]} for each in Audience],
        "paths": _paths(named),
        "components": _components(components),
        "x-journey": journey.told(),
        "x-reason-codes": list(reason_codes()),
    }


def _paths(named: Mapping[Any, dict[str, Any]]) -> dict[str, Any]:
    ordered = sorted(ENDPOINTS, key=lambda each: journey.met(each.path))
    return {
        path: {each.method.lower(): _operation(each, named) for each in group}
        for path, group in groupby(ordered, key=lambda each: each.path)
    }


def _components(schemas: dict[str, Any]) -> dict[str, Any]:
    for term in TERMS:
        schemas[term.__name__]["description"] = "、".join(f"{each.value} {each.chinese}" for each in term)
    return {
        "schemas": schemas,
        "parameters": {"IdempotencyKey": KEY_PARAMETER},
        "responses": {str(status): problem(status) for status in TITLES},
        "securitySchemes": {audience.value: scheme for audience, scheme in SECURITY.items()},
    }


def _models() -> Iterable[tuple[Any, str]]:
    """Every schema once for each way it goes."""
    yield ProblemShown, "out"
    for each in ENDPOINTS:
        if each.answers is not None:
            yield each.answers, "out"
        for incoming in (each.takes, each.asks):
            if incoming is not None and incoming is not Nothing:
                yield incoming, "in"


def _operation(endpoint: Endpoint, named: Mapping[Any, dict[str, Any]]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "tags": [endpoint.tag], "operationId": endpoint.operation, "summary": _summary(endpoint),
        "description": _description(endpoint), "parameters": [*_parameters(endpoint, named)],
        "responses": answers(endpoint, named),
        "security": [{endpoint.audience.value: []}] if endpoint.audience is not Audience.PUBLIC else [],
    }  # fmt: skip
    if endpoint.takes is not None and endpoint.takes is not Nothing:
        content = {"application/json": {"schema": named[endpoint.takes]}}
        said["requestBody"] = {"required": True, "content": content}
    return {name: value for name, value in said.items() if value != "" and (value or name == "security")}


def _summary(endpoint: Endpoint) -> str:
    """Staff operations name who may call them."""
    if endpoint.audience is not Audience.STAFF:
        return endpoint.summary
    return f"{endpoint.summary}（{'、'.join(role.chinese for role in endpoint.roles) or '任一角色'}）"


def _description(endpoint: Endpoint) -> str:
    roles = "、".join(role.chinese for role in endpoint.roles)
    both = endpoint.html and endpoint.answers is not None
    parts = (endpoint.description, BY_ACCEPT if both else "", f"角色：{roles}。" if roles else "")
    return "\n\n".join(part for part in parts if part)


def _parameters(endpoint: Endpoint, named: Mapping[Any, dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for name in findall(r"{(\w+)}", endpoint.path):
        shown = {"example": PARTS[name]} if name in PARTS else {}
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, **shown}
    if endpoint.keyed:
        yield {"$ref": "#/components/parameters/IdempotencyKey"}
    if endpoint.asks is not None:
        yield from _query(named[endpoint.asks])


def _query(schema: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    required = schema.get("required", ())
    for name, each in schema["properties"].items():
        said = {key: value for key, value in each.items() if key != "description"}
        described = {"description": each["description"]} if "description" in each else {}
        yield {"name": name, "in": "query", "required": name in required, "schema": said, **described}


def whole() -> dict[str, Any]:
    """The document of all blueprints, whoever asks first."""
    for name in ("public", "members", "staff"):
        import_module(f"chalicelib.handlers.{name}")
    return deepcopy(document())


if __name__ == "__main__":
    # Run as a script this module is a second copy of itself; the one the views know holds the declarations.
    found = import_module("chalicelib.handlers.openapi").whole()
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
