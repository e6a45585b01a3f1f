"""How single values are stored and loaded; `codec` puts records together from them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.aws.places import SHANGHAI
from chalicelib.rules.vocabulary import Personal

Touch = Callable[[Personal, str], Personal]
"""What becomes of a personal value on its way; it gets the path at which the value lies, ``persons.p1.form.name``."""


@dataclass(frozen=True)
class Shape:
    """How values of one type are stored and loaded."""

    store: Callable[[Any, str, Touch], Any]
    load: Callable[[Any, str, Touch], Any]


def _stored_instant(value: datetime, path: str, touch: Touch) -> str:
    del touch
    if value.tzinfo is None:
        raise ValueError(f"{path}: an instant without its offset")
    return value.astimezone(SHANGHAI).isoformat()


def _simple(store: Callable[[Any], Any], load: Callable[[Any], Any]) -> Shape:
    return Shape(lambda value, _, __: store(value), lambda stored, _, __: load(stored))


SIMPLE: Mapping[Any, Shape] = {
    str: _simple(str, str),
    int: _simple(int, int),
    bool: _simple(bool, bool),
    date: _simple(date.isoformat, date.fromisoformat),
    datetime: Shape(_stored_instant, lambda stored, _, __: datetime.fromisoformat(stored).astimezone(SHANGHAI)),
}


def stored_personal(value: Personal, path: str, touch: Touch) -> dict[str, Any]:
    closed = touch(value, path)
    return {"masked": closed.masked, "sealed": closed.sealed} if closed.sealed else {"masked": closed.masked}


def loaded_personal(stored: Mapping[str, Any], path: str, touch: Touch) -> Personal:
    sealed = stored.get("sealed")
    return touch(Personal(stored["masked"], None, bytes(sealed) if sealed is not None else None), path)


PERSONAL = Shape(stored_personal, loaded_personal)
