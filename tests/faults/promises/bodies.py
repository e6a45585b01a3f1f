"""Another body for a write, as fit for its schema as the first and different in one value."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, ValidationError

from chalicelib.handlers.calls import Endpoint
from chalicelib.handlers.routes import ENDPOINTS
from tests.faults.world import Told


def another_body(told: Told) -> dict[str, Any] | None:
    """None where there is no other that the schema takes."""
    model = _endpoint(told.method, told.path).takes
    if told.body is None or model is None:
        return None
    candidates = (*_changed(told.body), *({**told.body, name: 99} for name in model.model_fields.keys() - told.body))
    return next((each for each in candidates if each != told.body and _is_fit(model, each)), None)


def _endpoint(method: str, path: str) -> Endpoint:
    return next(each for each in ENDPOINTS if each.method == method and _leads(each.path, path))


def _leads(pattern: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path.partition("?")[0]) is not None


def _is_fit(model: type[BaseModel], body: dict[str, Any]) -> bool:
    try:
        model.model_validate_json(json.dumps(body))
    except ValidationError:
        return False
    return True


def _changed(value: Any) -> Iterator[Any]:
    """The same with one of its values changed, each in turn."""
    match value:
        case dict():
            yield from ({**value, name: other} for name, each in value.items() for other in _changed(each))
        case list():
            yield from _other_list(value)
        case bool():
            yield not value
        case int():
            yield value + 1
        case str():
            yield from _other_text(value)


def _other_list(several: list[Any]) -> Iterator[list[Any]]:
    if len(several) > 1:
        yield several[:-1]
    for n, each in enumerate(several):
        yield from ([*several[:n], other, *several[n + 1 :]] for other in _changed(each))


def _other_text(text: str) -> Iterator[str]:
    """As the rules take it, too: a mobile number with another last digit, the day before, another box."""
    try:
        yield (date.fromisoformat(text) - timedelta(days=1)).isoformat()
    except ValueError:
        if text.isdigit():
            yield f"{text[:-1]}{(int(text[-1]) + 1) % 10}"
        yield f"another-{text}" if "@" in text else f"{text}{text[-1:] or '一'}"
