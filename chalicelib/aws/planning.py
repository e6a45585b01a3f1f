"""From changes to the writes of one transaction: conditions on the records' own rows, copies beside them. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from chalicelib.aws.places import Place, copies_of, place_of
from chalicelib.operations.ports import MOST_ITEMS, Change, Insert, Remove, Replace, Require
from chalicelib.rules.records import Record


class UnsoundError(ValueError):
    """A commit that no store may take: a slip of ours, never a lost race."""


class Verb(Enum):
    PUT = "put"
    DELETE = "delete"
    CHECK = "check"


class Expected(Enum):
    ABSENT = "absent"
    ANYTHING = "anything"


@dataclass(frozen=True)
class Write:
    """One item of the transaction. ``expected`` is the version that must be stored, or that none must be."""

    verb: Verb
    place: Place
    record: Record
    expected: int | Expected

    @property
    def is_copy(self) -> bool:
        return self.expected is Expected.ANYTHING


def planned(changes: tuple[Change, ...]) -> tuple[Write, ...]:
    """Raises UnsoundError: one item twice, a version that does not move, more than a transaction holds."""
    writes = tuple(write for change in changes for write in _writes(change))
    counted = Counter(write.place for write in writes)
    twice = [str(place) for place, times in counted.items() if times > 1]
    if twice:
        raise UnsoundError(f"written twice in one commit: {', '.join(twice)}")
    if len(writes) > MOST_ITEMS:
        raise UnsoundError(f"{len(writes)} items in one commit")
    return writes


def items_of(changes: tuple[Change, ...]) -> int:
    """How many of the 100 items of a transaction these changes take, copies included."""
    return sum(1 for change in changes for _ in _writes(change))


def _writes(change: Change) -> Iterator[Write]:
    match change:
        case Insert(record):
            yield Write(Verb.PUT, place_of(record), record, Expected.ABSENT)
            yield from _copies(record)
        case Replace(before, after):
            _refuse_standstill(before, after)
            yield Write(Verb.PUT, place_of(after), after, before.version)
            yield from _copies(after)
            yield from _copies_gone(before, copies_of(after))
        case Require(record):
            yield Write(Verb.CHECK, place_of(record), record, record.version)
        case Remove(record):
            yield Write(Verb.DELETE, place_of(record), record, record.version)
            yield from _copies_gone(record, ())


def _copies(record: Record) -> Iterator[Write]:
    for place in copies_of(record):
        yield Write(Verb.PUT, place, record, Expected.ANYTHING)


def _copies_gone(record: Record, staying: tuple[Place, ...]) -> Iterator[Write]:
    for place in copies_of(record):
        if place not in staying:
            yield Write(Verb.DELETE, place, record, Expected.ANYTHING)


def _refuse_standstill(before: Record, after: Record) -> None:
    if place_of(before) != place_of(after):
        raise UnsoundError(f"{type(before).__name__} replaced by another record")
    if after.version <= before.version:
        raise UnsoundError(f"{type(after).__name__} replaced without a new version")
