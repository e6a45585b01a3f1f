"""What comes in with a request, bounded before anything reads it: size, depth, and that it is one JSON object."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from chalice.app import Request

from chalicelib.handlers.problems import NO_TEXT, Rejected
from chalicelib.handlers.schemas.base import Incoming, Query
from chalicelib.handlers.schemas.reading import LONGEST_PLACE, Misshapen, read_body, read_query
from chalicelib.handlers.schemas.titles import named
from chalicelib.rules.vocabulary import Reason

LARGEST = 64 * 1024
DEEPEST = 12

TOO_LARGE = Reason(
    "body_too_large",
    f"提交的内容超过 {LARGEST // 1024} KB。",
    "请缩短文字后重新提交；文件请先取得上传地址（POST /uploads），再直接上传。",
)
TOO_DEEP = Reason("json_too_deep", "JSON 嵌套过深。", "请对照接口文档（/docs）的结构提交。")
NO_OBJECT = Reason("not_an_object", "请求内容应为一个 JSON 对象。", "请以 {…} 的形式提交。")

M = TypeVar("M", bound=Incoming | Query)


def body(request: Request, model: type[M]) -> M:
    """The body as its schema; an absent one counts as an empty object. Raises Rejected, Misshapen or NoText."""
    raw = _raw(request)
    _refuse_unreadable(raw)
    return read_body(model, raw)


def query(request: Request, model: type[M]) -> M:
    """Raises Misshapen, also for a name given twice: nobody could say which of the two is meant."""
    given: Mapping[str, list[str]] = (request.to_original_event() or {}).get("multiValueQueryStringParameters") or {}
    twice = [name for name, values in given.items() if len(values) > 1]
    if twice:
        told = "查询参数“{}”出现了多次。"
        again = ((named(model, (each,))[0][:LONGEST_PLACE], each[:LONGEST_PLACE]) for each in twice)
        raise Misshapen(*(Reason("given_twice", told.format(name), "请只写一次。", field) for name, field in again))
    return read_query(model, {name: values[0] for name, values in given.items()})


def _raw(request: Request) -> bytes:
    raw = request.raw_body
    return (raw.encode() if isinstance(raw, str) else raw) or b"{}"


def _refuse_unreadable(raw: bytes) -> None:
    if len(raw) > LARGEST:
        raise Rejected(413, TOO_LARGE)
    try:
        value = json.loads(raw)
    except RecursionError:
        raise Rejected(400, TOO_DEEP) from None
    except ValueError:
        raise Rejected(400, NO_TEXT) from None
    if not isinstance(value, dict):
        raise Rejected(400, NO_OBJECT)
    if _deeper_than(DEEPEST, value):
        raise Rejected(400, TOO_DEEP)


def _deeper_than(levels: int, value: Any) -> bool:
    if not isinstance(value, dict | list):
        return False
    within = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_deeper_than(levels - 1, each) for each in within)
