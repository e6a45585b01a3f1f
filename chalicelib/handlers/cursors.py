"""Cursors: where a list goes on, signed for this list and this reader, so that nobody can make one up."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from hmac import compare_digest
from typing import TypeVar

from chalicelib.handlers.schemas.base import Paging
from chalicelib.operations.ports import Asked, BadPosition, Page, Ports

SIGNATURE = 32

T = TypeVar("T")


@dataclass(frozen=True)
class Bookmark:
    """``name`` says which list, with its filter; ``reader`` who reads it."""

    ports: Ports
    name: str
    reader: str

    def asked(self, paging: Paging) -> Asked:
        """Raises BadPosition for a cursor that was not given out for this list to this reader."""
        return Asked(paging.limit, self._opened(paging.cursor) if paging.cursor is not None else None)

    def next(self, page: Page[T]) -> str | None:
        return self._signed(page.next) if page.next is not None else None

    def _signed(self, position: str) -> str:
        return urlsafe_b64encode((self._signature(position) + position).encode()).decode().rstrip("=")

    def _opened(self, cursor: str) -> str:
        try:
            position = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode()[SIGNATURE:]
        except ValueError:
            raise BadPosition from None
        # Written anew and compared: base64 lets the last character be written in several ways.
        if not compare_digest(cursor.encode(), self._signed(position).encode()):
            raise BadPosition
        return position

    def _signature(self, position: str) -> str:
        return self.ports.ids.keyed("cursor", f"{self.name}\0{self.reader}\0{position}")[:SIGNATURE]


def paged(mark: Bookmark, paging: Paging, read: Callable[[Asked], Page[T]]) -> tuple[Page[T], str | None]:
    """One page of a list, and the cursor of the next."""
    page = read(mark.asked(paging))
    return page, mark.next(page)


def waiting_or_of(
    ports: Ports, day: date | None, waiting: Callable[[Ports, Asked], Page[T]],
    settled: Callable[[Ports, date, Asked], Page[T]],
) -> Callable[[Asked], Page[T]]:  # fmt: skip
    """A desk's list: what waits there, or what it settled on the day asked for."""
    return partial(waiting, ports) if day is None else partial(settled, ports, day)
