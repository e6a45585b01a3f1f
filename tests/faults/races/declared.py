"""What a race is: who meets, what must come of it in whatever order, and which promise is broken if it does not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from infra.local import shapes
from infra.local.making import queue_arn
from tests.faults.promises import Violation
from tests.faults.scheduler import Task
from tests.faults.world import Answer, Told, World

Setup = Callable[[World], Callable[[], Sequence[Task]]]
Expectation = Callable[[World, tuple[Any, ...]], str | None]
REFUSED = 409


@dataclass(frozen=True)
class Race:
    """``set_up`` brings the world to where they meet, and answers who does what.

    ``expect`` looks at the outcomes, and at the world when it has come to rest, and says what is wrong, if anything:
    then it is ``promise`` that is broken. All the other promises are looked at in any case.
    """

    name: str
    promise: int
    set_up: Setup
    expect: Expectation
    runners: int = 2


@dataclass(frozen=True)
class Run:
    """``complete``: there is no other order; else so many were drawn from all of them."""

    race: str
    orders: int
    complete: bool
    violations: tuple[Violation, ...]


RACES: list[Race] = []


def race(name: str, promise: int, expect: Expectation, runners: int = 2) -> Callable[[Setup], Setup]:
    def declare(set_up: Setup) -> Setup:
        RACES.append(Race(name, promise, set_up, expect, runners))
        return set_up

    return declare


# --- what must come of it ---------------------------------------------------------------------------------------------


def is_done(outcome: Any) -> bool:
    return isinstance(outcome, Answer) and outcome.ok


def is_told_why(outcome: Any) -> bool:
    return isinstance(outcome, Answer) and outcome.status == REFUSED and bool(outcome.json["reasons"])


def came_back(outcome: Any) -> bool:
    """A worker whose batch is done, or comes again; one that broke off has no answer."""
    return isinstance(outcome, set)


def answered(outcomes: Sequence[Any]) -> str:
    return f"answered {[each.status if isinstance(each, Answer) else repr(each) for each in outcomes]}"


def one_wins(_: World, outcomes: tuple[Any, ...]) -> str | None:
    """One is told that it is done, every other one why not: never both, never neither."""
    done = [each for each in outcomes if is_done(each)]
    good = len(done) == 1 and all(is_told_why(each) for each in outcomes if each is not done[0])
    return None if good else answered(outcomes)


def done_or_told_why(_: World, outcomes: tuple[Any, ...]) -> str | None:
    """Each is done, or told why not; one at least is done."""
    good = all(is_done(each) or is_told_why(each) for each in outcomes) and any(is_done(each) for each in outcomes)
    return None if good else answered(outcomes)


def all_done(_: World, outcomes: tuple[Any, ...]) -> str | None:
    """Nothing excludes them: whoever loses a race to the other tries again unseen."""
    return None if all(is_done(each) for each in outcomes) else answered(outcomes)


def all_come_back(_: World, outcomes: tuple[Any, ...]) -> str | None:
    return None if all(came_back(each) for each in outcomes) else answered(outcomes)


def the_same_answer(_: World, outcomes: tuple[Any, ...]) -> str | None:
    """Both hear what the winner heard, and nobody is asked to wait for it."""
    if not all(is_done(each) for each in outcomes):
        return answered(outcomes)
    heard = {(each.status, each.json["id"]) for each in outcomes}
    return None if len(heard) == 1 else f"one key was answered as {heard}"


# --- who takes part ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Request:
    """One request with a session of its own, opened before the race begins. Without a ``key`` it writes nothing."""

    world: World
    who: tuple[str, str]
    method: str
    path: str
    body: Any = None
    key: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self) -> Answer | None:
        return self.world.request(self.method, self.path, self.body, self.headers)

    def told(self, answer: Answer) -> Told:
        return Told(self.who, self.method, self.path, self.body, self.key, answer)


def asks(world: World, audience: str, who: str, method: str, path: str, body: Any = None, *, key: str = "") -> Request:
    subject, whole = world.names.get(who, who), f"race-{key}" if key else ""
    headers = {"authorization": f"Bearer {world.token(audience, subject)}"}
    if whole:
        headers["idempotency-key"] = whole
    return Request(world, (audience, subject), method, path, body, whole, headers)


def clerk(world: World, who: str, path: str, body: Any, key: str) -> Request:
    return asks(world, "staff", who, "POST", path, body, key=key)


def member(world: World, who: str, method: str, path: str, body: Any, key: str) -> Request:
    return asks(world, "member", who, method, path, body, key=key)


def works(world: World, function: str, queue: str, row: str) -> Task:
    """A worker that has been handed a message about an outbox row."""
    text = f'{{"v": 1, "row": "{row}"}}'
    message = {"MessageId": f"m-{row}", "ReceiptHandle": f"r-{row}", "Body": text, "MD5OfBody": ""}
    return handed(world, function, queue, message)


def handed(world: World, function: str, queue: str, message: Any) -> Task:
    event = shapes.of_queue(queue_arn(queue), [message])
    return lambda: world.lambdas.invoke(function, event)
