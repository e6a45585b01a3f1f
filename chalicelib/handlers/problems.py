"""The one table from refusals to HTTP: problem details (RFC 9457) with every reason and what to do next."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from chalice.app import Response

from chalicelib.handlers.logbook import log
from chalicelib.handlers.schemas.base import ProblemShown, ReasonShown
from chalicelib.handlers.schemas.reading import Misshapen, NoText
from chalicelib.operations.carriers import LoginRefused, LoginUnavailable
from chalicelib.operations.commands import Absent, KeyReused
from chalicelib.operations.ports import BadPosition, Busy, Conflict
from chalicelib.rules.folding import Misfilled
from chalicelib.rules.vocabulary import Reason, Refused

JSON_PROBLEM = "application/problem+json"
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
    }
)
TITLES: Mapping[int, str] = {
    400: "请求格式有误", 401: "请先登录", 403: "没有权限", 404: "没有找到", 405: "不支持的操作",
    409: "现在不能这样办理", 413: "内容过大", 415: "内容类型不对", 422: "填写有误", 429: "操作过于频繁",
    500: "系统出错", 503: "暂时繁忙",
}  # fmt: skip
# Refusals of the table that HTTP has a word of its own for; every other one is 409.
BY_CODE: Mapping[str, int] = {
    "not_your_role": 403,
    "sign_in_refused": 401,
    "unknown_field": 422,
    "drafts_are_private": 422,
    "binding_locked": 429,
    "too_many_mails": 429,
    "too_many_searches": 429,
}
ABSENT = Reason("not_found", "没有找到，或不属于您。", "请返回列表刷新后重试。")
NO_SUCH_CERTIFICATE = Reason(
    "certificate_number_unknown",
    "没有这个编号的证书。",
    "请对照证书逐字核对编号（区分数字 0 与字母 O、数字 1 与字母 I）；只知道单位的，请从其业务详情中找到证书。",
    "number",
)
# What to say where the thing that an address names is not there; elsewhere ABSENT.
NOT_THERE: Mapping[str, Reason] = {"number": NO_SUCH_CERTIFICATE}
UNKNOWN_PATH = Reason("no_such_path", "没有这个地址。", "请对照接口文档（/docs）核对地址。")
KEY_REUSED = Reason(
    "idempotency_key_reused",
    "这个 Idempotency-Key 已用于另一次提交，内容不同。",
    "重试同一次提交时请保持内容不变；新的提交请换一个新的 Idempotency-Key。",
)
BUSY = Reason("busy", "系统繁忙，请稍后再试。", "请等几秒再试一次。")
# After a lost answer nobody may have been able to look whether the write came through: so neither yes nor no is said.
BUSY_WRITING = Reason(
    "busy", "系统繁忙，本次是否完成尚不能确定。", "请稍等几秒，用同一个 Idempotency-Key 重试，不会重复办理。"
)
WECHAT_BUSY = Reason("wechat_unavailable", "微信登录服务暂时没有响应。", "请稍等几秒后重试。")
BAD_CURSOR = Reason("bad_cursor", "翻页位置无效。", "请从第一页重新读取，并原样使用上一页给出的 next。", "cursor")
NO_TEXT = Reason("bad_json", "请求内容不是有效的 JSON。", "请以 UTF-8 编码的 JSON 对象提交。")
NOT_SPOKEN: Mapping[int, Reason] = {
    405: Reason("method_not_allowed", "这个地址不支持该操作。", "请对照接口文档（/docs）核对请求方法。"),
    415: Reason("not_json", "请求内容的类型不对。", "请以 Content-Type: application/json 提交。"),
}


@dataclass(frozen=True)
class Problem:
    status: int
    reasons: tuple[Reason, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    reference: str | None = None


class Rejected(Exception):  # noqa: N818 - an answer of the rim itself, before any operation is asked
    """A request that goes no further: its status and reasons."""

    def __init__(self, status: int, *reasons: Reason) -> None:
        self.status, self.reasons = status, reasons
        super().__init__(", ".join(reason.code for reason in reasons))


def _refused(refused: Refused) -> Problem:
    statuses = {BY_CODE.get(reason.code, HTTPStatus.CONFLICT) for reason in refused.reasons}
    return Problem(statuses.pop() if len(statuses) == 1 else HTTPStatus.CONFLICT, refused.reasons)


def _rejected(rejected: Rejected) -> Problem:
    return Problem(rejected.status, rejected.reasons)


def _login_unavailable(trouble: LoginUnavailable) -> Problem:
    return _later(WECHAT_BUSY, round(trouble.retry_after.total_seconds()))


def _later(reason: Reason, seconds: int) -> Problem:
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, (reason,), {"Retry-After": str(seconds)})


TABLE: Mapping[type[Exception], Callable[[Any], Problem]] = {
    Rejected: _rejected,
    Refused: _refused,
    Misshapen: lambda unfit: Problem(422, unfit.reasons),
    Misfilled: lambda misfilled: Problem(422, misfilled.reasons),
    NoText: lambda _: Problem(400, (NO_TEXT,)),
    BadPosition: lambda _: Problem(400, (BAD_CURSOR,)),
    Absent: lambda _: Problem(404, (ABSENT,)),
    KeyReused: lambda _: Problem(422, (KEY_REUSED,)),
    LoginRefused: lambda refused: Problem(401, (refused.reason,)),
    LoginUnavailable: _login_unavailable,
    Busy: lambda _: _later(BUSY, 1),
    Conflict: lambda _: _later(BUSY, 1),
}
# What is said otherwise of a write under an Idempotency-Key.
OF_WRITES: Mapping[type[Exception], Callable[[Any], Problem]] = {
    Busy: lambda _: _later(BUSY_WRITING, 1),
    Conflict: lambda _: _later(BUSY_WRITING, 1),
}


def answered(
    work: Callable[[], Response], reference: str, tell: Callable[[Problem], Response], *, keyed: bool
) -> Response:
    """What the work answers, or the problem it raised: nothing gets past, so that Chalice never makes its own 500.

    ``tell`` writes a problem as the caller reads it; ``keyed``: a write under an Idempotency-Key.
    """
    table = {**TABLE, **OF_WRITES} if keyed else TABLE
    try:
        return work()
    except tuple(table) as known:
        return tell(table[_kind(known)](known))
    except Exception:  # noqa: BLE001 - whatever it is, the caller gets a problem and the log the rest
        log.exception("unexpected", extra={"reference": reference})
        return tell(_unexpected(reference, keyed=keyed))


def _kind(known: Exception) -> type[Exception]:
    return next(kind for kind in type(known).__mro__ if kind in TABLE)


def _unexpected(reference: str, *, keyed: bool) -> Problem:
    told = Reason("unexpected", "系统出错。", f"请稍后重试；仍出错的，请把编号 {reference} 告诉协会工作人员。")
    if keyed:
        again = f"请稍后用同一个 Idempotency-Key 重试，不会重复办理；仍出错的，请把编号 {reference} 告诉协会工作人员。"
        told = Reason("unexpected", "系统出错，本次是否完成尚不能确定。", again)
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, (told,), reference=reference)


def response(problem: Problem) -> Response:
    # RFC 9110 §15.5.2: whoever is not let in hears how to ask
    challenge = {"WWW-Authenticate": "Bearer"} if problem.status == HTTPStatus.UNAUTHORIZED else {}
    headers: dict[str, str | list[str]] = {**HEADERS, **challenge, **problem.headers, "Content-Type": JSON_PROBLEM}
    return Response(json.dumps(details(problem), ensure_ascii=False), headers, problem.status)


def details(problem: Problem) -> dict[str, Any]:
    """The problem as RFC 9457 writes it."""
    shown = ProblemShown(
        title=TITLES[problem.status], status=problem.status, detail=_detail(problem.reasons),
        reasons=ReasonShown.all(problem.reasons), reference=problem.reference,
    )  # fmt: skip
    return shown.model_dump(mode="json", exclude_none=True)


def _detail(reasons: tuple[Reason, ...]) -> str:
    return reasons[0].message if len(reasons) == 1 else f"共有 {len(reasons)} 项原因，请逐项处理。"


def no_such_path() -> Response:
    """For whatever stands before the app and finds no route: the same words as everywhere."""
    return response(Problem(HTTPStatus.NOT_FOUND, (UNKNOWN_PATH,)))


def in_our_words(answer: Response) -> Response:
    """Chalice's own refusals (no such method, not JSON) as problems; every other answer as it is."""
    reason = NOT_SPOKEN.get(answer.status_code)
    if reason is None or not isinstance(answer.body, dict):
        return answer
    kept = {name: str(value) for name, value in answer.headers.items()}
    return response(Problem(answer.status_code, (reason,), kept))
