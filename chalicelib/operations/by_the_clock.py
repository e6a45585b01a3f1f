"""What every job that runs by the clock goes by: lists page by page, one failure not holding up the rest, its own days.

It knows no work of its own, so that what the outbox does and what sweeps it can both stand on it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chalicelib.operations.commands import Deed, settle
from chalicelib.operations.ports import Asked, Insert, Page, Ports, Replace
from chalicelib.rules.records import JobRun

T = TypeVar("T")
PAGE = 50


@dataclass(frozen=True)
class Errand(Generic[T]):
    """A list to go through, and what to do with each of it."""

    page: Callable[[Asked], Page[T]]
    do: Callable[[T], None]


def all_of(*errands: "Errand[Any]") -> None:
    """One that fails does not keep the others waiting. Raises ExceptionGroup at the end, for the alarm."""
    troubles: list[Exception] = []
    for errand in errands:
        for each in every(errand.page):
            try:
                errand.do(each)
            except Exception as trouble:  # noqa: BLE001 - whatever it is, the others must not wait for it
                troubles.append(trouble)
    if troubles:
        raise ExceptionGroup("some of what was due could not be done", troubles)


def every(page: Callable[[Asked], Page[T]], at_once: int = PAGE) -> Iterator[T]:
    """All of a list, page by page: a job grows with what it touches, never with the association."""
    position: str | None = None
    while True:
        found = page(Asked(at_once, position))
        yield from found.items
        if found.next is None:
            return
        position = found.next


def ran(ports: Ports, now: JobRun) -> None:
    """Notes how far a job has come, once it has come to its end.

    Never back: a clock that has stepped back, or a second run at once, leaves what is further. Raises Busy.
    """

    def deed() -> Deed | None:
        before = ports.records.get(JobRun, now.job)
        if before is None:
            return Deed((Insert(now),), now.job)
        through = max(before.through, now.through)
        if (before.through, before.under) == (through, now.under):
            return None
        return Deed((Replace(before, before.changed(through=through, under=now.under)),), now.job)

    settle(ports, deed)
