"""Pages of a list in memory. A position names its list and the place in it, so that no other list takes it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from json import dumps, loads
from typing import TypeVar

from chalicelib.operations.ports import Asked, BadPosition, Page

LARGEST_PAGE = 100

T = TypeVar("T")
Place = tuple[str, ...]


def since(at: datetime, identity: str) -> Place:
    return at.astimezone(UTC).isoformat(timespec="microseconds"), identity


def oldest_first(name: str, asked: Asked, rows: Iterable[tuple[Place, T]]) -> Page[T]:
    """Raises BadPosition, and ValueError for a limit outside 1 to 100."""
    start = _start(name, asked)
    ordered = sorted(rows, key=lambda row: row[0])
    return _page(name, asked, [row for row in ordered if start is None or row[0] > start])


def newest_first(name: str, asked: Asked, rows: Iterable[tuple[Place, T]]) -> Page[T]:
    """Raises as ``oldest_first`` does."""
    start = _start(name, asked)
    ordered = sorted(rows, key=lambda row: row[0], reverse=True)
    return _page(name, asked, [row for row in ordered if start is None or row[0] < start])


def _page(name: str, asked: Asked, left: list[tuple[Place, T]]) -> Page[T]:
    shown = left[: asked.limit]
    more = len(left) > len(shown)
    return Page(tuple(item for _, item in shown), _position(name, shown[-1][0]) if more else None)


def _position(name: str, place: Place) -> str:
    return urlsafe_b64encode(dumps([name, *place]).encode()).decode()


def _start(name: str, asked: Asked) -> Place | None:
    if not 1 <= asked.limit <= LARGEST_PAGE:
        raise ValueError("a page holds 1 to 100")
    if asked.position is None:
        return None
    try:
        listed, *place = loads(urlsafe_b64decode(asked.position.encode("ascii")))
    except (ValueError, TypeError) as problem:
        raise BadPosition from problem
    if listed != name or not place or not all(isinstance(each, str) for each in place):
        raise BadPosition
    return tuple(place)
