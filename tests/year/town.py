"""The town the machine plays in: the ports in memory, seeded chance, a clock, a diary, every order that was given."""

import random
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from chalicelib.memory.carriers import KeptPost, KeptQueues, StandInWechat
from chalicelib.memory.files import MemoryFiles
from chalicelib.memory.kept import Kept
from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.memory.records import MemoryRecords
from chalicelib.memory.sample import CHANGE, DUES, SAMPLE
from chalicelib.memory.time_and_ids import SHANGHAI, FixedClock
from chalicelib.operations.commands import Absent, Order
from chalicelib.operations.ports import Change, Insert, Require
from chalicelib.rules.statement_matching import Certainty
from chalicelib.rules.vocabulary import Actor, Refused, Role
from tests.year.books import Books
from tests.year.press import Press

REVIEWERS = tuple(Actor(name, frozenset({Role.REVIEWER})) for name in ("reviewer", "second-reviewer"))
FINANCE = Actor("finance", frozenset({Role.FINANCE}))
CERTIFIER = Actor("certifier", frozenset({Role.CERTIFIER}))
ADMIN = Actor("admin", frozenset({Role.ADMIN}))

REMEMBERED = 3_000  # orders that may be repeated: some days' worth
A_MOMENT = timedelta(seconds=2)
RISE = 130_000  # the dues from the second year on

Wish = Callable[
    [], int | None
]  # does something on its day; answers in how many days to try again, None when it is over


@dataclass(frozen=True)
class Given:
    """An order that was acknowledged, and all it takes to give it again under its key."""

    verb: Callable[..., str]
    order: Order
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    answer: str
    day: date


class WatchedRecords(MemoryRecords):
    """``written``: how many records so far; ``last``: the last commit that wrote. A condition writes nothing."""

    def __init__(self, clock: FixedClock) -> None:
        super().__init__(clock)
        self.written = 0
        self.last: tuple[Change, ...] = ()

    def commit(self, *changes: Change) -> None:
        super().commit(*changes)
        writing = tuple(each for each in changes if not isinstance(each, Require))
        self.written += len(writing)
        self.last = writing or self.last


class Town:
    def __init__(self, opens: date, rise: date, seed: int) -> None:
        """``rise``: from which day the dues are higher."""
        self.chance = random.Random(seed)
        self.glance = random.Random(seed)  # of whoever checks: the story is the same whether anybody looks or not
        self.clock = FixedClock(at(opens, 8))
        self.records, self.files = WatchedRecords(self.clock), MemoryFiles()
        self.wechat, self.post, self.queues = StandInWechat(), KeptPost(), KeptQueues()
        self.ports = ports_in_memory(
            clock=self.clock, records=self.records, files=self.files, wechat=self.wechat, post=self.post,
            queues=self.queues, printer=Press(self.chance),
        )  # fmt: skip
        self.fees = (
            replace(DUES, valid_to=rise - timedelta(days=1)), replace(DUES, amount=RISE, valid_from=rise), CHANGE,
        )  # fmt: skip
        self.records.commit(Insert(replace(SAMPLE, fees=self.fees)))
        self.books, self.diary = Books(), defaultdict[date, list[Wish]](list)
        self.given: deque[Given] = deque(maxlen=REMEMBERED)
        self.acknowledged = 0
        self.refused: Counter[str] = Counter()
        self.slips: list[tuple[int, str]] = []  # what was answered and must never be, by the promise it breaks
        self.proposed: Counter[tuple[Certainty, bool]] = Counter()  # for lines of statements, and whether it was right
        self.falsely_sure: list[str] = []
        self.sent: dict[str, bytes] = {}
        self._keys, self._serials = count(1), count(70_000_000_001)

    @property
    def today(self) -> date:
        return self.clock.today()

    @property
    def kept(self) -> Kept:
        return self.records._kept

    def by_chance(self, share: float) -> bool:
        return self.chance.random() < share

    def later(self, days: int, wish: Wish) -> None:
        self.diary[self.today + timedelta(days=max(1, days))].append(wish)

    def on(self, day: date, wish: Wish) -> None:
        self.diary[max(day, self.today + timedelta(days=1))].append(wish)

    def serial(self) -> str:
        return str(next(self._serials))

    def order(self, actor: Actor, verb: Callable[..., str], *args: Any, **kwargs: Any) -> str:
        """Gives an order under a key of its own, a moment later. Raises Refused and whatever else the operation does.

        Now and then the answer is lost on its way, and whoever asked does so again at once.
        """
        self.clock.advance(A_MOMENT)
        order = Order(actor, verb.__name__, f"key-{next(self._keys)}", repr(args))
        answer = verb(self.ports, order, *args, **kwargs)
        self.acknowledged += 1
        given = Given(verb, order, args, kwargs, answer, self.today)
        self.given.append(given)
        if self.by_chance(0.02):
            self.again(given)
        return answer

    def again(self, given: Given) -> None:
        try:
            answer = given.verb(self.ports, given.order, *given.args, **given.kwargs)
        except (Refused, Absent) as refused:
            answer = repr(refused)
        if answer != given.answer:
            self.slips.append((2, f"{given.order.operation} repeated was answered {answer}, at first {given.answer}"))

    def asked(self, actor: Actor, verb: Callable[..., str], *args: Any, **kwargs: Any) -> str | None:
        """The same, where a refusal is an answer to be lived with: None, and it is counted why."""
        try:
            return self.order(actor, verb, *args, **kwargs)
        except Refused as refused:
            self.refused.update({reason.code for reason in refused.reasons})
            return None


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)
