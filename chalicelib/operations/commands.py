"""How a write is done once: decide, commit with its acknowledgement, and answer a repeated key with the first answer.

A lost race reads and decides again, so that the loser hears what the winner did (design §4, promises 2 and 3).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.operations.ports import Busy, Change, Conflict, Insert, Ports, Replace, Require
from chalicelib.rules.records import Acknowledgement, Record
from chalicelib.rules.vocabulary import Actor, Reason, Refused

TRIES = 3
KEY_LIVES = timedelta(days=7)


class Absent(Exception):  # noqa: N818 - an answer: not there, or not this actor's to know of
    """404; other people's and absent look the same."""


class KeyReused(Exception):  # noqa: N818 - an answer to a client's mistake
    """The Idempotency-Key was used before with another body: 422."""


@dataclass(frozen=True)
class Order:
    """One write as asked for: by whom, which operation, under which key, and a keyed hash of its body."""

    actor: Actor
    operation: str
    key: str
    fingerprint: str


@dataclass(frozen=True)
class Deed:
    """What is to be committed, and the id of what it is about, for the answer."""

    changes: tuple[Change, ...]
    subject: str


def once(ports: Ports, order: Order, deed: Callable[[], Deed]) -> str:
    """Does the deed under the order's key, at most once; answers the subject's id.

    Raises what the deed raises (Refused, Absent), KeyReused, or Busy after three lost races.
    """
    for _ in range(TRIES):
        try:
            done = deed()
            ports.records.commit(*united(done.changes), Insert(_acknowledgement(ports, order, done.subject)))
        except (Conflict, Refused, Absent) as trouble:
            earlier = ports.records.get(Acknowledgement, order.actor.id, order.operation, order.key)
            if earlier is not None:
                return _answered_before(earlier, order)
            if not isinstance(trouble, Conflict):
                raise
        else:
            return done.subject
    raise Busy


def settle(ports: Ports, deed: Callable[[], Deed | None]) -> str | None:
    """The same for the system's own work, which has no key: a message delivered again finds it done (None)."""
    for _ in range(TRIES):
        done = deed()
        if done is None:
            return None
        try:
            ports.records.commit(*united(done.changes))
        except Conflict:
            continue
        return done.subject
    raise Busy


def united(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Each record once: to require a record beside changing it, or twice, is the same condition said again."""
    listed = tuple(changes)
    written = {_target(change) for change in listed if not isinstance(change, Require)}
    required = {
        _target(change): change for change in listed if isinstance(change, Require) and _target(change) not in written
    }
    return (*(change for change in listed if not isinstance(change, Require)), *required.values())


def _target(change: Change) -> tuple[type[Record], tuple[str, ...]]:
    record = change.after if isinstance(change, Replace) else change.record
    return type(record), record.key


def _acknowledgement(ports: Ports, order: Order, subject: str) -> Acknowledgement:
    now = ports.clock.now()
    return Acknowledgement(
        actor=order.actor.id, operation=order.operation, idempotency_key=order.key,
        fingerprint=order.fingerprint, subject=subject, at=now, expires_at=now + KEY_LIVES,
    )  # fmt: skip


def _answered_before(earlier: Acknowledgement, order: Order) -> str:
    if earlier.fingerprint != order.fingerprint:
        raise KeyReused
    return earlier.subject


def unchanged_since(seen: int | None, version: int) -> None:
    """Raises Refused when the record has moved on since the actor looked at it."""
    if seen is not None and seen != version:
        raise Refused(
            Reason(
                "changed_since",
                "您打开之后，这条记录已有新的变化。",
                "请刷新查看最新内容，确认后再操作；您刚才填写的内容没有丢失。",
                "version",
            )
        )
