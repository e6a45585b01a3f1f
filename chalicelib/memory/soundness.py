"""What makes a commit sound. Breaking one of these is a slip of ours, never a lost race."""

from collections import Counter

from chalicelib.operations.ports import MOST_ITEMS, Change, Replace
from chalicelib.rules.records import Record

Target = tuple[type[Record], tuple[str, ...]]


class UnsoundError(ValueError):
    """Changes that no store may take: one record twice, a version that does not move, too many at once."""


class NotOpenedError(ValueError):
    """A sealed value under another record or field than the one it was sealed for: it must be opened first."""


def subject_of(change: Change) -> Record:
    """The record whose stored version a change depends on."""
    return change.before if isinstance(change, Replace) else change.record


def target(record: Record) -> Target:
    return type(record), record.key


def refuse_unsound(changes: tuple[Change, ...]) -> None:
    """Raises UnsoundError. DynamoDB refuses two changes of one item as well, but says so less clearly."""
    counted = Counter(target(subject_of(change)) for change in changes)
    twice = [kind.__name__ for (kind, _), times in counted.items() if times > 1]
    if twice:
        raise UnsoundError(f"changed twice in one commit: {', '.join(twice)}")
    if len(changes) > MOST_ITEMS:
        raise UnsoundError(f"{len(changes)} changes in one commit")
    for change in changes:
        _refuse_standstill(change)


def _refuse_standstill(change: Change) -> None:
    if not isinstance(change, Replace):
        return
    if target(change.before) != target(change.after):
        raise UnsoundError(f"{type(change.before).__name__} replaced by another record")
    if change.after.version <= change.before.version:
        raise UnsoundError(f"{type(change.after).__name__} replaced without a new version")
