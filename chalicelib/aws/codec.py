"""Records to maps and back, by their type hints alone: a new field of a record needs nothing here.

Attributes that no field knows are ignored and missing ones take the field's default, so that two releases can work
on the same table. Instants are kept in Asia/Shanghai, and personal values as their mask and ciphertext.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from chalicelib.aws.shapes import PERSONAL, SIMPLE, Shape, Touch, loaded_personal, stored_personal
from chalicelib.rules.vocabulary import Personal

T = TypeVar("T")


def as_it_is(value: Personal, path: str) -> Personal:
    del path
    return value


def encoded(record: object, touch: Touch = as_it_is) -> dict[str, Any]:
    """``touch`` seals; a personal value that is still without ciphertext afterwards loses its plain text."""
    kind: Any = type(record)
    return _shape(kind).store(record, "", touch)  # type: ignore[no-any-return]  # a dataclass makes a map


def decoded(kind: type[T], body: Mapping[str, Any], touch: Touch = as_it_is) -> T:
    """``touch`` may open. Raises ValueError or KeyError where the body cannot be of that kind."""
    hint: Any = kind
    return _shape(hint).load(body, "", touch)  # type: ignore[no-any-return]  # by its hints


@cache
def _shape(hint: Hashable) -> Shape:
    if hint is Personal:
        return PERSONAL
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Shape(lambda value, _, __: value.value, lambda stored, _, __: hint(stored))
    if is_dataclass(hint) and isinstance(hint, type):
        return _of_dataclass(hint)
    if hint in SIMPLE:
        return SIMPLE[hint]
    return GENERIC[get_origin(hint)](*get_args(hint))


# --- collections ------------------------------------------------------------------------------------------------------


def _of_union(*hints: Any) -> Shape:
    """Something or None, or a text that may be personal: records hold no other choice, so no other is known."""
    something = [hint for hint in hints if hint is not NoneType]
    if set(something) == {str, Personal}:
        return _maybe(Shape(_stored_form_value, _loaded_form_value))
    (hint,) = something
    return _maybe(_shape(hint))


def _stored_form_value(value: Any, path: str, touch: Touch) -> Any:
    return stored_personal(value, path, touch) if isinstance(value, Personal) else str(value)


def _loaded_form_value(stored: Any, path: str, touch: Touch) -> Any:
    return loaded_personal(stored, path, touch) if isinstance(stored, Mapping) else stored


def _maybe(shape: Shape) -> Shape:
    return Shape(
        lambda value, path, touch: None if value is None else shape.store(value, path, touch),
        lambda stored, path, touch: None if stored is None else shape.load(stored, path, touch),
    )


def _of_tuple(hint: Any, _dots: Any) -> Shape:
    """A member that has an id is named by it in the path: striking one person moves nobody else's values."""
    each = _shape(hint)
    return Shape(
        lambda value, path, touch: [
            each.store(one, f"{path}.{getattr(one, 'id', place)}", touch) for place, one in enumerate(value)
        ],
        lambda stored, path, touch: tuple(
            each.load(one, f"{path}.{_identity(one, place)}", touch) for place, one in enumerate(stored)
        ),
    )


def _identity(stored: Any, place: int) -> Any:
    return stored.get("id", place) if isinstance(stored, Mapping) else place


def _of_set(hint: Any) -> Shape:
    each = _shape(hint)
    return Shape(
        lambda value, path, touch: sorted(each.store(one, path, touch) for one in value),
        lambda stored, path, touch: frozenset(each.load(one, path, touch) for one in stored),
    )


def _of_mapping(_key: Any, hint: Any) -> Shape:
    each = _shape(hint)
    return Shape(
        lambda value, path, touch: {key: each.store(one, f"{path}.{key}", touch) for key, one in value.items()},
        lambda stored, path, touch: {key: each.load(one, f"{path}.{key}", touch) for key, one in stored.items()},
    )


GENERIC: Mapping[Any, Callable[..., Shape]] = {
    Union: _of_union,
    UnionType: _of_union,
    tuple: _of_tuple,
    frozenset: _of_set,
    Mapping: _of_mapping,
}


# --- dataclasses ------------------------------------------------------------------------------------------------------


def _of_dataclass(kind: type) -> Shape:
    hints = get_type_hints(kind)
    parts = [(part, _shape(hints[part.name])) for part in fields(kind)]

    def store(value: Any, path: str, touch: Touch) -> dict[str, Any]:
        values = ((part, shape, getattr(value, part.name)) for part, shape in parts)
        return {
            part.name: shape.store(each, _joined(path, part.name), touch)
            for part, shape, each in values
            if each is not None or part.default is not None
        }

    def load(stored: Mapping[str, Any], path: str, touch: Touch) -> Any:
        known = ((part, shape) for part, shape in parts if part.name in stored or _is_needed(part))
        return kind(
            **{part.name: shape.load(stored[part.name], _joined(path, part.name), touch) for part, shape in known}
        )

    return Shape(store, load)


def _is_needed(part: "Field[Any]") -> bool:
    return part.default is MISSING and part.default_factory is MISSING


def _joined(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step
