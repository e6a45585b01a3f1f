"""Runs two or three requests at once, one call to AWS at a time, in every order that can make a difference.

A runner stops before each of its calls and says what the call will touch. Calls that touch nothing in common may change
places without anybody noticing, so of the orders that differ only in that, one is run: dynamic partial order reduction
(Flanagan and Godefroid, 2005) with sleep sets. Which is next is drawn with a seed, so that some are a sample of all.
"""

import queue
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tests.faults.touching import Touch

Task = Callable[[], Any]
WAIT = 60.0
NOBODY = -1


class Abandoned(BaseException):
    """An order that would only say again what another has said: the runner stops where it is."""


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
    """One choice: who stood before which call, who went, who has been tried here, who should be, who need not be.

    ``onward``: the turns that follow those tried here, as long as something is left to be tried behind them.
    """

    standing: dict[int, Touch]
    asleep: set[int]
    chosen: int
    wanted: set[int] = field(default_factory=set)
    tried: set[int] = field(default_factory=set)
    onward: dict[int, "Turn"] = field(default_factory=dict)

    @property
    def touch(self) -> Touch:
        return self.standing[self.chosen]

    @property
    def left(self) -> list[int]:
        """Who opens an order that has not been run."""
        return sorted((self.wanted - self.asleep - self.tried) | self.onward.keys())

    def sleepers_after(self) -> set[int]:
        """Who was tried or asleep here, and does not mind what has just been done."""
        resting = (self.asleep | self.tried) - {self.chosen}
        return {one for one in resting if not self.standing[one].meets(self.touch)}


@dataclass(frozen=True)
class Ran:
    """``more``: as far as is known, there are orders left."""

    order: tuple[int, ...]
    outcomes: tuple[Any, ...]
    more: bool


def every_order(
    runners: Sequence[Runner], start: Callable[[], Sequence[Task]], most: int | None = None, seed: int = 0
) -> Iterator[Ran]:
    """``start`` puts the world back and answers the tasks anew; each order is run from there to its end, none twice.

    ``most`` of them are drawn from the whole tree: at each choice that is still open a coin falls, from the first on.
    """
    chance = random.Random(seed)
    turns: list[Turn] = []
    run, more = 0, True
    while more and (most is None or run < most):
        complete = _run(runners, start(), turns, chance)
        _want_the_other_way_round(turns)
        _keep_what_is_left(turns)
        more = bool(turns and turns[0].left)
        if complete:
            run += 1
            yield Ran(tuple(turn.chosen for turn in turns), tuple(runner.outcome for runner in runners), more)
        if more:
            turns = _drawn(turns[0], chance)


def _want_the_other_way_round(turns: list[Turn]) -> None:
    """Where somebody stood before a call that meets one already made, he shall go first there as well.

    If he is asleep there, he can only come before it by way of the others: each of them shall be tried.
    """
    for late, turn in enumerate(turns):
        for one, touch in turn.standing.items():
            for earlier in turns[:late]:
                if earlier.chosen != one and earlier.touch.meets(touch):
                    earlier.wanted |= set(earlier.standing) if one in earlier.asleep else {one}


def _keep_what_is_left(turns: list[Turn]) -> None:
    """Only those that have been passed through know what is wanted of them; what is finished is forgotten."""
    for turn, following in reversed([*pairwise(turns)]):
        if following.left:
            turn.onward[turn.chosen] = following
        else:
            turn.onward.pop(turn.chosen, None)


def _drawn(first: Turn, chance: random.Random) -> list[Turn]:
    """From the first turn down to a choice that has not been made. Who was tried before him sleeps after it."""
    way = [first]
    while True:
        turn = way[-1]
        turn.chosen = chance.choice(turn.left)
        if turn.chosen not in turn.onward:
            turn.tried.add(turn.chosen)
            return way
        way.append(turn.onward[turn.chosen])


def _run(runners: Sequence[Runner], tasks: Sequence[Task], turns: list[Turn], chance: random.Random) -> bool:
    """Along the turns that are given, and on from there by chance: more or less often the same goes on."""
    for runner, task in zip(runners, tasks, strict=True):
        runner.begin(task)
    depth, steady = 0, chance.random()
    while standing := {n: each.pending for n, each in enumerate(runners) if each.pending is not None}:
        if depth == len(turns):
            turns.append(_next_turn(turns, standing, chance, steady))
        assert turns[depth].standing == standing, "the same choices have led elsewhere"
        if turns[depth].chosen == NOBODY:
            _abandon(runners)
            return False
        runners[turns[depth].chosen].go_on()
        depth += 1
    return True


def _next_turn(turns: list[Turn], standing: dict[int, Touch], chance: random.Random, steady: float) -> Turn:
    """Where all are asleep the rest has been run from elsewhere; who stands there is looked at all the same."""
    asleep = (turns[-1].sleepers_after() if turns else set()) & standing.keys()
    awake = sorted(standing.keys() - asleep)
    last = turns[-1].chosen if turns else NOBODY
    goes_on = last in awake and chance.random() < steady
    chosen = last if goes_on else chance.choice(awake or [NOBODY])
    return Turn(standing, asleep, chosen, tried={chosen})


def _abandon(runners: Sequence[Runner]) -> None:
    for runner in runners:
        while runner.pending is not None:
            runner.go_on(abandoned=True)
