"""Counts for rate limits: one item per name, forgotten after its time. Losing one count does no harm."""

from datetime import datetime
from typing import Any

from pynamodb.exceptions import PynamoDBException, UpdateError

from chalicelib.aws.places import tally_place
from chalicelib.aws.reading import Reader
from chalicelib.aws.tables import AccountRow, Models, Table
from chalicelib.aws.troubles import Meaning, meaning
from chalicelib.operations.ports import Busy, Clock

RECORD = "Tally"
TRIES = 3


class Tallies:
    def __init__(self, models: Models, reader: Reader, clock: Clock) -> None:
        self._model: Any = models[Table.ACCOUNTS]
        self._reader = reader
        self._clock = clock

    def count(self, name: str, until: datetime) -> int:
        """One more; the count is forgotten after the latest ``until``. Raises Busy."""
        for _ in range(TRIES):
            counted = self._one_more(name, until) or self._first(name, until)
            if counted is not None:
                return counted
        raise Busy

    def counted(self, name: str) -> int:
        row = self._reader.row(tally_place(name))
        alive = isinstance(row, AccountRow) and (row.expires_at or 0) > self._now()
        return int(row.n) if alive and isinstance(row, AccountRow) else 0

    def _one_more(self, name: str, until: datetime) -> int | None:
        """None where nothing counts any more. The time to live deletes late, so the row may be there all the same."""
        model = self._model
        actions = [model.n.add(1), model.expires_at.set(int(until.timestamp()))]
        return self._updated(name, actions, model.expires_at > self._now())

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
        return self._updated(name, actions, model.pk.does_not_exist() | (model.expires_at <= self._now()))

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


def _raise_unless_lost(problem: PynamoDBException) -> None:
    what = meaning(problem)
    if what is Meaning.LOST_RACE:
        return
    if what is Meaning.OURS:
        raise problem
    raise Busy from problem
