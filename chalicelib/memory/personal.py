"""Personal values inside a record, wherever they lie: found with their path, and replaced."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from chalicelib.rules.vocabulary import Personal

T = TypeVar("T")
Change = Callable[[Personal, str], Personal]


def with_personal(record: T, change: Change) -> T:
    """The record with every personal value changed; ``change`` gets the value and its path, ``persons.p1.form.name``.

    A member of a tuple is named by its own id where it has one, so that striking one person moves nobody else's path.
    """
    return cast("T", _within(record, "", change))


def _within(value: object, path: str, change: Change) -> object:
    if isinstance(value, Personal):
        return change(value, path)
    if isinstance(value, Mapping):
        return {key: _within(each, _joined(path, key), change) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(_within(each, _joined(path, _name(each, place)), change) for place, each in enumerate(value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **_changed_fields(value, path, change))
    return value


def _changed_fields(value: object, path: str, change: Change) -> dict[str, object]:
    old = {field.name: getattr(value, field.name) for field in fields(value)}  # type: ignore[arg-type]  # a dataclass
    new = {name: _within(each, _joined(path, name), change) for name, each in old.items()}
    return {name: each for name, each in new.items() if each is not old[name]}


def _joined(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step


def _name(member: object, place: int) -> str:
    return str(getattr(member, "id", place))
