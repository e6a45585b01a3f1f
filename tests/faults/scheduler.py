"""Runs two or three requests at once, one call to AWS at a time, in every order that can make a difference.

A runner stops before each of its calls and says what the call will touch. Calls that touch nothing in common may change
places without anybody noticing, so of the orders that differ only in that, one is run: dynamic partial order reduction
(Flanagan and Godefroid, 2005) with sleep sets.
"""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.faults.emulation import body_of

Task = Callable[[], Any]
WAIT = 60.0
NOBODY = -1


class Abandoned(BaseException):
    """An order that would only say again what another has said: the runner stops where it is."""


@dataclass(frozen=True)
class Touch:
    """What a call reads and writes: ``table|pk|sk``, or ``table|pk|`` for a partition, ``table|`` for an index."""

    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()

    def meets(self, other: "Touch") -> bool:
        return _cross(self.writes, other.reads) or _cross(self.writes, other.writes) or _cross(self.reads, other.writes)


def _cross(some: frozenset[str], others: frozenset[str]) -> bool:
    return any(one.startswith(other) or other.startswith(one) for one in some for other in others)


def touched(operation: str, request: Any) -> Touch:
    service, _, name = operation.partition(".")
    if service == "dynamodb":
        return DYNAMODB[name](body_of(request))
    if service == "s3":
        place = frozenset({f"s3|{unquote(urlsplit(request.url).path)}"})
        return Touch(place) if name.startswith(("Get", "Head")) else Touch(writes=place)
    return Touch()


def _key(table: str, key: Any) -> str:
    return f"{table}|{key['pk']['S']}|{key['sk']['S']}"


def _query(body: Any) -> Touch:
    within = "" if "IndexName" in body else next(iter(body["ExpressionAttributeValues"].values()))["S"] + "|"
    return Touch(frozenset({f"{body['TableName']}|{within}"}))


def _transaction(body: Any) -> Touch:
    reads, writes = set(), set()
    for item in body["TransactItems"]:
        ((verb, said),) = item.items()
        place = _key(said["TableName"], said.get("Item") or said["Key"])
        (reads if verb == "ConditionCheck" else writes).add(place)
    return Touch(frozenset(reads), frozenset(writes))


def _batch(body: Any) -> Touch:
    places = (_key(table, key) for table, asked in body["RequestItems"].items() for key in asked["Keys"])
    return Touch(frozenset(places))


def _one(body: Any) -> str:
    return _key(body["TableName"], body.get("Item") or body["Key"])


DYNAMODB: dict[str, Callable[[Any], Touch]] = {
    "GetItem": lambda body: Touch(frozenset({_one(body)})),
    "BatchGetItem": _batch,
    "Query": _query,
    "TransactWriteItems": _transaction,
    "PutItem": lambda body: Touch(writes=frozenset({_one(body)})),
    "UpdateItem": lambda body: Touch(writes=frozenset({_one(body)})),
    "DeleteItem": lambda body: Touch(writes=frozenset({_one(body)})),
}


# --- runners ----------------------------------------------------------------------------------------------------------


class Runner:
    """A thread that takes one task after the other, and stops before each call until it is let go on."""

    def __init__(self, name: str) -> None:
        self.pending: Touch | None = None
        self.outcome: Any = None
        self._tasks: queue.Queue[Task | None] = queue.Queue()
        self._go: queue.Queue[bool] = queue.Queue()
        self._stopped: queue.Queue[None] = queue.Queue()
        self.thread = threading.Thread(target=self._live, name=name, daemon=True)
        self.thread.start()

    def begin(self, task: Task) -> None:
        """Runs up to the first call."""
        self.outcome, self.pending = None, None
        self._tasks.put(task)
        self._stopped.get(timeout=WAIT)

    def go_on(self, *, abandoned: bool = False) -> None:
        """Makes the call it stands before, and runs up to the next."""
        self._go.put(abandoned)
        self._stopped.get(timeout=WAIT)

    def close(self) -> None:
        self._tasks.put(None)
        self.thread.join(WAIT)

    def stop_before(self, touch: Touch) -> None:
        self.pending = touch
        self._stopped.put(None)
        if self._go.get(timeout=WAIT):
            raise Abandoned

    def _live(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                self.outcome = task()
            except BaseException as trouble:  # noqa: BLE001 - whatever it was, it is the outcome
                self.outcome = trouble
            self.pending = None
            self._stopped.put(None)


# --- the orders -------------------------------------------------------------------------------------------------------


@dataclass
class Turn:
    """One choice: who stood before which call, who went, who has been tried here, who should be, who need not be."""

    standing: dict[int, Touch]
    asleep: set[int]
    chosen: int
    wanted: set[int] = field(default_factory=set)
    tried: set[int] = field(default_factory=set)

    @property
    def touch(self) -> Touch:
        return self.standing[self.chosen]

    def open(self) -> list[int]:
        return sorted(self.wanted - self.asleep - self.tried)

    def sleepers_after(self) -> set[int]:
        """Who was tried or asleep here, and does not mind what has just been done."""
        resting = (self.asleep | self.tried) - {self.chosen}
        return {one for one in resting if not self.standing[one].meets(self.touch)}


@dataclass(frozen=True)
class Ran:
    order: tuple[int, ...]
    outcomes: tuple[Any, ...]


def every_order(
    runners: Sequence[Runner], start: Callable[[], Sequence[Task]], most: int | None = None
) -> Iterator[Ran]:
    """``start`` puts the world back and answers the tasks anew; each order is run from there to its end."""
    turns: list[Turn] = []
    run = 0
    while most is None or run < most:
        complete = _run(runners, start(), turns)
        if complete:
            run += 1
            yield Ran(tuple(turn.chosen for turn in turns), tuple(runner.outcome for runner in runners))
        _want_the_other_way_round(turns)
        if not _advance(turns):
            return


def _want_the_other_way_round(turns: list[Turn]) -> None:
    """Where somebody stood before a call that meets one already made, he shall go first there as well.

    If he is asleep there, he can only come before it by way of the others: each of them shall be tried.
    """
    for late, turn in enumerate(turns):
        for one, touch in turn.standing.items():
            for earlier in turns[:late]:
                if earlier.chosen != one and earlier.touch.meets(touch):
                    earlier.wanted |= set(earlier.standing) if one in earlier.asleep else {one}


def _advance(turns: list[Turn]) -> bool:
    """To the next choice that has not been made; False when all have."""
    while turns:
        turn = turns[-1]
        turn.tried.add(turn.chosen)
        if turn.chosen == NOBODY:
            turns.pop()
            continue
        if left := turn.open():
            turn.chosen = left[0]
            return True
        turns.pop()
    return False


def _run(runners: Sequence[Runner], tasks: Sequence[Task], turns: list[Turn]) -> bool:
    for runner, task in zip(runners, tasks, strict=True):
        runner.begin(task)
    depth = 0
    while standing := {n: each.pending for n, each in enumerate(runners) if each.pending is not None}:
        if depth == len(turns):
            asleep = (turns[-1].sleepers_after() if turns else set()) & standing.keys()
            awake = sorted(standing.keys() - asleep)
            # where all are asleep the rest has been run from elsewhere; who stands there is looked at all the same
            turns.append(Turn(standing, asleep, awake[0] if awake else NOBODY))
        if turns[depth].chosen == NOBODY:
            _abandon(runners)
            return False
        runners[turns[depth].chosen].go_on()
        depth += 1
    return True


def _abandon(runners: Sequence[Runner]) -> None:
    for runner in runners:
        while runner.pending is not None:
            runner.go_on(abandoned=True)
