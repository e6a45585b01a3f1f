"""Counts for rate limits: one item per name, forgotten after its time. Losing one count does no harm."""

from datetime import datetime
from typing import Any

from pynamodb.exceptions import PynamoDBException, UpdateError

from chalicelib.aws.places import tally_place
from chalicelib.aws.reading import Reader
from chalicelib.aws.tables import AccountRow, Models, Table
from chalicelib.aws.troubles import Meaning, meaning
from chalicelib.operations.ports import APART, Busy, Clock

RECORD = "Tally"
TRIES = 3


class Tallies:
    def __init__(self, models: Models, reader: Reader, clock: Clock) -> None:
        self._model: Any = models[Table.ACCOUNTS]
        self._reader = reader
        self._clock = clock

    def count(self, name: str, until: datetime) -> int:
        """One more; the count is forgotten after the latest ``until``. Raises Busy.

        One kept for longer than this one will be was counted by a clock that has stepped back: it starts anew.
        """
        for _ in range(TRIES):
            counted = self._one_more(name, until) or self._first(name, until)
            if counted is not None:
                return counted
        raise Busy

    def counted(self, name: str, until: datetime | None = None) -> int:
        row = self._reader.row(tally_place(name))
        if not isinstance(row, AccountRow):
            return 0
        ends = row.expires_at or 0
        return int(row.n) if ends > self._now() and (until is None or ends <= _latest(until)) else 0

    def _one_more(self, name: str, until: datetime) -> int | None:
        """None where nothing counts any more. The time to live deletes late, so the row may be there all the same."""
        model = self._model
        actions = [model.n.add(1), model.expires_at.set(int(until.timestamp()))]
        alive = (model.expires_at > self._now()) & (model.expires_at <= _latest(until))
        return self._updated(name, actions, alive)

    def _first(self, name: str, until: datetime) -> int | None:
        """None where somebody else has counted in the meantime."""
        model = self._model
        actions = [
            model.n.set(1),
            model.expires_at.set(int(until.timestamp())),
            model.record.set(RECORD),
            model.version.set(0),
            model.body.set({}),
        ]
        ended = (model.expires_at <= self._now()) | (model.expires_at > _latest(until))
        return self._updated(name, actions, model.pk.does_not_exist() | ended)

    def _updated(self, name: str, actions: list[Any], condition: Any) -> int | None:
        place = tally_place(name)
        row = self._model(place.pk, place.sk)
        try:
            row.update(actions, condition=condition)
        except UpdateError as problem:
            _raise_unless_lost(problem)
            return None
        return int(row.n)

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def _latest(until: datetime) -> int:
    return int((until + APART).timestamp())


def _raise_unless_lost(problem: PynamoDBException) -> None:
    what = meaning(problem)
    if what is Meaning.LOST_RACE:
        return
    if what is Meaning.OURS:
        raise problem
    raise Busy from problem
