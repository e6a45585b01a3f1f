"""Bodies and queries read by their schema; what does not fit is told field by field, in words for people."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from pydantic_core import ErrorDetails

from chalicelib.handlers.schemas.base import Query
from chalicelib.handlers.schemas.titles import WHOLE, named, options
from chalicelib.rules.vocabulary import Reason

M = TypeVar("M", bound=BaseModel)

LONGEST_PLACE = 100
AGAIN = "请更正后重新提交。"
WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("缺少“{where}”。", "请补上后重新提交。"),
    "extra_forbidden": ("没有“{where}”这个字段。", "请对照接口文档（/docs）去掉或改正字段名。"),
    "string_type": ("“{where}”应为文字。", AGAIN),
    "int_type": ("“{where}”应为整数。", AGAIN),
    "int_parsing": ("“{where}”应为整数。", AGAIN),
    "int_from_float": ("“{where}”应为整数。", AGAIN),
    "bool_type": ("“{where}”应为 true 或 false。", AGAIN),
    "list_type": ("“{where}”应为列表。", AGAIN),
    "dict_type": ("“{where}”应为对象。", AGAIN),
    "model_type": ("“{where}”应为对象。", AGAIN),
    "enum": ("“{where}”只能是 {expected}。", AGAIN),
    "string_too_short": ("“{where}”至少 {min_length} 字。", AGAIN),
    "string_too_long": ("“{where}”最多 {max_length} 字。", "请缩短后重新提交。"),
    "string_pattern_mismatch": ("“{where}”含有不允许的字符。", AGAIN),
    "too_short": ("“{where}”至少 {min_length} 项。", AGAIN),
    "too_long": ("“{where}”最多 {max_length} 项。", "请减少后重新提交。"),
    "greater_than_equal": ("“{where}”不能小于 {ge}。", AGAIN),
    "less_than_equal": ("“{where}”不能大于 {le}。", AGAIN),
    "date_type": ("“{where}”应为日期。", "请按“年-月-日”填写，例如 2026-01-31 或 2026年1月31日。"),
    "date_parsing": ("“{where}”应为日期。", "请按“年-月-日”填写，例如 2026-01-31 或 2026年1月31日。"),
    "date_from_datetime_parsing": ("“{where}”应为日期。", "请按“年-月-日”填写，例如 2026-01-31 或 2026年1月31日。"),
    "date_from_datetime_inexact": ("“{where}”应为日期。", "请按“年-月-日”填写，例如 2026-01-31 或 2026年1月31日。"),
}
UNFIT = ("“{where}”的格式不正确。", AGAIN)


class Misshapen(ValueError):  # noqa: N818 - an answer to a client's mistake
    """What was sent does not fit its schema: one reason for each field."""

    def __init__(self, *reasons: Reason) -> None:
        self.reasons = reasons
        # Codes alone: what was typed may be personal, and exceptions end up in logs.
        super().__init__(", ".join(reason.code for reason in reasons))


class NoText(ValueError):  # noqa: N818 - the same
    """JSON that no text can be made of, such as half a surrogate pair."""


def read_body(model: type[M], raw: bytes) -> M:
    """Raises Misshapen or NoText."""
    try:
        return model.model_validate_json(raw)
    except ValidationError as unfit:
        if any(each["type"] == "json_invalid" for each in _errors(unfit)):
            raise NoText from None
        raise Misshapen(*(_reason(model, each) for each in _errors(unfit))) from None


def read_query(model: type[M], given: Mapping[str, str]) -> M:
    """Raises Misshapen."""
    try:
        return model.model_validate(given)
    except ValidationError as unfit:
        raise Misshapen(*(_reason(model, each) for each in _errors(unfit))) from None


def _errors(unfit: ValidationError) -> list[ErrorDetails]:
    return unfit.errors(include_url=False, include_input=False)


def _reason(model: type[BaseModel], error: ErrorDetails) -> Reason:
    kind, field = error["type"], ".".join(str(step) for step in error["loc"])[:LONGEST_PLACE] or WHOLE
    where, wanted = named(model, error["loc"])
    if kind.startswith("ours_"):
        return Reason(kind.removeprefix("ours_"), error["msg"], AGAIN, field)
    message, following = WORDS.get(kind, UNFIT)
    bounds: dict[str, Any] = {**error.get("ctx", {}), "expected": _expected(error, wanted)}
    return Reason(_code(kind), message.format(where=where[:LONGEST_PLACE], **bounds), following, field)


def _expected(error: ErrorDetails, wanted: Any) -> str:
    """The library writes 'a', 'b' or 'c'."""
    said = str(error.get("ctx", {}).get("expected", ""))
    codes = tuple(re.findall(r"'([^']*)'", said)) or tuple(said.split("、"))
    return options(wanted, codes) or "规定的值之一"


def _code(kind: str) -> str:
    return {"extra_forbidden": "unknown_field", "missing": "field_missing"}.get(kind, f"field_{kind}")


def schemas_of(models: Iterable[tuple[type[BaseModel], str]]) -> tuple[dict[type[BaseModel], Any], dict[str, Any]]:
    """JSON Schemas for OpenAPI: what stands for each model (queries whole, all others by name), and those names."""
    ways: dict[tuple[type[BaseModel], JsonSchemaMode], None] = dict.fromkeys(
        (model, "serialization" if way == "out" else "validation") for model, way in models
    )
    named, whole = models_json_schema([*ways], ref_template="#/components/schemas/{model}")
    components = whole["$defs"]
    for each in components.values():
        each.pop("description", None)  # what the class says to us, in English
        _close(each)
    found = {model: _standing_for(model, named[model, way], components) for model, way in ways}
    return found, components


def _close(schema: Any) -> None:
    """Names that fit no pattern are refused; what the library writes would let them hold anything."""
    if isinstance(schema, dict) and "patternProperties" in schema:
        schema["additionalProperties"] = False
    for within in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        _close(within)


def _standing_for(model: type[BaseModel], reference: Any, components: dict[str, Any]) -> Any:
    return components.pop(model.__name__) if issubclass(model, Query) else reference
