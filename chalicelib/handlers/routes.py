"""How an endpoint is declared: one line says its address, audience, what it takes and answers; OpenAPI reads the same.

A view is thin: it gets its call and what was read of it, asks one operation, and gives back the answer's schema.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import unquote

from chalice.app import Blueprint, Request, Response

from chalicelib import wiring
from chalicelib.handlers import bodies, paper, sessions
from chalicelib.handlers.calls import Answer, Call, Endpoint, prefers_json
from chalicelib.handlers.problems import HEADERS, NOT_THERE, Problem, Rejected, answered, response
from chalicelib.handlers.schemas.base import Incoming, Nothing, Outgoing, Query
from chalicelib.handlers.sessions import Audience, Caller
from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import Ports
from chalicelib.rules.vocabulary import STAFF_ROLES, Reason

JSON = "application/json"
KEY_HEADER = "Idempotency-Key"
LONGEST_PART = 200
TOLD_BY_A_PAGE = {500, 503}
KEY = re.compile(r"[\x21-\x7e]{8,128}")
NO_KEY = Reason(
    "idempotency_key_missing",
    "缺少 Idempotency-Key，或格式不对（8 至 128 个可见 ASCII 字符）。",
    "每次提交请生成一个随机编号放在 Idempotency-Key 请求头中；重试同一次提交时用同一个编号。",
)


OTHER = {Audience.MEMBER: Audience.STAFF, Audience.STAFF: Audience.MEMBER}
OTHER_KIND = {
    Audience.MEMBER: Reason(
        "session_of_staff", "这是工作人员的登录令牌，会员的接口不认。", "请改用会员的登录令牌（POST /login）。"
    ),
    Audience.STAFF: Reason(
        "session_of_member",
        "这是会员的登录令牌，工作人员的接口不认。",
        "请改用工作人员的登录令牌（POST /staff/login）。",
    ),
}

ENDPOINTS: list[Endpoint] = []


View = Callable[..., Outgoing | Answer]


@dataclass(frozen=True)
class Desk:
    """Where one audience is served: its blueprint and its heading in the documentation."""

    blueprint: Blueprint
    audience: Audience

    def reads(self, path: str, summary: str, answers: type[Outgoing] | None, **more: Any) -> Callable[[View], View]:
        """A GET. ``more``: see Endpoint."""
        return self._declares("GET", path, summary, answers, more)

    def writes(
        self, method: str, path: str, summary: str, answers: type[Outgoing] | None, **more: Any
    ) -> Callable[[View], View]:
        """Everything that changes something; wants an Idempotency-Key unless ``keyed=False``."""
        return self._declares(method, path, summary, answers, {"keyed": True, "takes": Nothing, **more})

    def _declares(
        self, method: str, path: str, summary: str, answers: type[Outgoing] | None, more: Mapping[str, Any]
    ) -> Callable[[View], View]:
        def declare(view: View) -> View:
            common = {"audience": self.audience, "tag": TAGS[self.audience], **more}
            endpoint = Endpoint(method, path, operation=view.__name__, summary=summary, answers=answers, **common)
            ENDPOINTS.append(endpoint)
            self.blueprint.route(path, methods=[method], name=view.__name__)(self._guarded(endpoint, view))
            return view

        return declare

    def _guarded(self, endpoint: Endpoint, view: View) -> Callable[..., Response]:
        """Translated between Chalice's route and the view: later, an exception would be a 500 already."""

        @wraps(view)
        def route(**path: str) -> Response:
            request = self.blueprint.current_request
            return answered(
                lambda: _served(endpoint, view, request, path), reference(request),
                lambda problem: _told(endpoint, request, problem), keyed=endpoint.keyed,
            )  # fmt: skip

        return route


TAGS = {Audience.PUBLIC: "公开", Audience.MEMBER: "会员", Audience.STAFF: "工作人员"}


def reference(request: Request) -> str:
    """What ties an answer to its lines in the log: the id that Lambda gave the request."""
    return str(getattr(request.lambda_context, "aws_request_id", "-"))


def _told(endpoint: Endpoint, request: Request, problem: Problem) -> Response:
    """Problem details; but whoever has scanned a QR with his telephone reads a page, whatever has gone wrong."""
    if problem.status not in TOLD_BY_A_PAGE or not endpoint.html or prefers_json(request):
        return response(problem)
    headers = {**HEADERS, **problem.headers}
    return _written(endpoint, paper.trouble(endpoint.path, problem.reasons[0], problem.status, headers))


def _served(endpoint: Endpoint, view: View, request: Request, path: Mapping[str, str]) -> Response:
    ports = wiring.ports()
    caller = _caller(ports, endpoint.audience, sessions.presented(request))
    _refuse_other_roles(endpoint, caller)
    key = _key(request) if endpoint.keyed else ""
    parts = _parts(endpoint, path)
    given = _given(endpoint, request)
    call = Call(ports, request, endpoint, caller, key, _said(given, parts))
    return _written(endpoint, _found(lambda: view(call, *given, **parts), parts))


def _found(look: Callable[[], Outgoing | Answer], parts: Mapping[str, str]) -> Outgoing | Answer:
    """What the view answers; where it is not there, said in words that fit what was looked for."""
    try:
        return look()
    except Absent:
        told = next((NOT_THERE[name] for name in parts if name in NOT_THERE), None)
        if told is None:
            raise
        raise Rejected(404, told) from None


def _caller(ports: Ports, audience: Audience, authorization: str | None) -> Caller:
    """Who asks. A session that is good, but of the other kind, is told so: it is a mistake in a program."""
    try:
        return sessions.caller(ports, audience, authorization)
    except Rejected:
        if audience in OTHER_KIND and _good_elsewhere(ports, OTHER[audience], authorization):
            raise Rejected(401, OTHER_KIND[audience]) from None
        raise


def _good_elsewhere(ports: Ports, audience: Audience, authorization: str | None) -> bool:
    try:
        sessions.caller(ports, audience, authorization)
    except Rejected:
        return False
    return True


def _refuse_other_roles(endpoint: Endpoint, caller: Caller) -> None:
    if endpoint.audience is Audience.STAFF and not caller.actor.may_act_as(endpoint.roles or STAFF_ROLES):
        roles = "、".join(role.chinese for role in endpoint.roles)
        told = Reason("not_your_role", f"此操作须由{roles}办理。", f"请联系有“{roles}”权限的人员办理。")
        raise Rejected(403, told)


def _key(request: Request) -> str:
    key = str(request.headers.get(KEY_HEADER, ""))
    if not KEY.fullmatch(key):
        raise Rejected(400, NO_KEY)
    return key


def _parts(endpoint: Endpoint, path: Mapping[str, str]) -> dict[str, str]:
    """The parts of the path. One that no id of ours can be is not there; no store is asked for it."""
    # API Gateway has decoded them already, Chalice's stand-in has not; no id of ours holds a per cent.
    parts = {name: unquote(value) for name, value in path.items()}
    if endpoint.audience is not Audience.PUBLIC and any(len(each) > LONGEST_PART for each in parts.values()):
        raise Absent
    return parts


def _given(endpoint: Endpoint, request: Request) -> tuple[Incoming | Query, ...]:
    if endpoint.takes is Nothing:
        bodies.body(request, Nothing)
        return ()
    if endpoint.takes is not None:
        return (bodies.body(request, endpoint.takes),)
    return (bodies.query(request, endpoint.asks),) if endpoint.asks is not None else ()


def _said(given: tuple[Incoming | Query, ...], path: Mapping[str, str]) -> str:
    """What was asked for, written one way: the same request again is the same text."""
    whole = [[each.model_dump(mode="json", exclude_unset=True) for each in given], dict(path)]
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _written(endpoint: Endpoint, answer: Outgoing | Answer) -> Response:
    whole = answer if isinstance(answer, Answer) else Answer(answer, endpoint.status)
    headers: dict[str, str | list[str]] = {**HEADERS, "Content-Type": JSON, **whole.headers}
    if isinstance(whole.body, Outgoing):
        return Response(json.dumps(whole.body.model_dump(mode="json"), ensure_ascii=False), headers, whole.status)
    return Response(whole.body or "", headers, whole.status)
