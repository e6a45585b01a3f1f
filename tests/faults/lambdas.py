"""Lambda's event sources with a clock of their own: batches, failures that come back, dead letters, and every caprice.

A batch may come twice, backwards, late, and once more days after it was done. What was ever delivered is remembered.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalice.app import Chalice

from infra.local import resources, shapes
from infra.local.feeds import failures
from infra.local.making import queue_arn
from infra.local.pumps import invocation
from infra.local.schedules import utc_now
from tests.faults.injector import Died

if TYPE_CHECKING:
    from tests.faults.world import World

MOST_RECEIVES = 5
VISIBILITY = timedelta(minutes=6)
STREAM_TRIES = 10
MOST_ROUNDS = 120
A_LONG_WAIT = 43_200


@dataclass(frozen=True)
class Caprice:
    """How events come. ``late``: how long after they were sent; ``twice``: each batch again at once."""

    name: str = "in order"
    late: timedelta = timedelta()
    twice: bool = False
    backwards: bool = False


IN_ORDER = Caprice()
CAPRICES = (
    Caprice("each twice", twice=True),
    Caprice("backwards", backwards=True),
    Caprice("11 minutes late", late=timedelta(minutes=11)),
    Caprice("4 days late, twice", late=timedelta(days=4), twice=True),
)


@dataclass
class Held:
    """A message that Lambda's poller has taken from its queue."""

    message: Any
    due: datetime
    receives: int = 0


@dataclass
class Lambdas:
    world: "World"
    app: Chalice
    caprice: Caprice = IN_ORDER
    delivered: list[tuple[str, Any]] = field(default_factory=list)
    ticked: set[str] = field(default_factory=set)
    _held: dict[str, list[Held]] = field(default_factory=dict)
    _changes: list[tuple[Any, datetime]] = field(default_factory=list)
    _heard: int = 0
    _tries: int = 0

    def __post_init__(self) -> None:
        functions = {each.name: invocation(each.name, each.handler_string) for each in self.app.event_sources}
        self._functions: Mapping[str, Callable[[Any], Any]] = functions
        self._sources = tuple(resources.sources())
        self._sqs = self.world.emulation.client("sqs")
        self._streams = self.world.emulation.client("dynamodbstreams")
        self._dead = _dead_letter_queues()

    def begin(self) -> None:
        self._held = {each.feeder: [] for each in self._sources}
        self._changes, self._heard, self._tries = [], 0, 0
        self.delivered, self.caprice = [], IN_ORDER
        self.ticked.clear()

    # --- one invocation -----------------------------------------------------------------------------------------------

    def invoke(self, function: str, event: Any) -> set[str] | None:
        """The items that failed; None when the function died or failed as a whole."""
        try:
            with self.world.injector.running():
                return failures(self._functions[function](event) or {"batchItemFailures": []})
        except Died:
            self.world.forget()
        except Exception:  # noqa: BLE001 - a function that raises has failed as a whole, as on Lambda
            return None
        return None

    def tick(self, job: str) -> bool:
        self.ticked.add(job)
        return self.invoke(job, shapes.of_schedule(job, utc_now())) is not None

    # --- until it is quiet --------------------------------------------------------------------------------------------

    def rest(self) -> bool:
        """Delivers until nothing is left, moving the clock to whatever is due next; False when that does not end."""
        for _ in range(MOST_ROUNDS):
            if not self.turn():
                due = self._next_due()
                if due is None:
                    return True
                self.world.clock.set(max(due, self.world.clock.now()))
        return False

    def turn(self) -> bool:
        self._listen()
        worked = self._hand_on_changes()
        for source in self._sources:
            if not source.from_stream:
                worked |= self._hand_on(source.function, source.feeder, source.batch)
        return worked

    def _next_due(self) -> datetime | None:
        fed = {each.feeder for each in self._sources}
        waiting = [held.due for queue, each in self._held.items() if queue in fed for held in each]
        waiting += [due for _, due in self._changes]
        return min(waiting, default=None)

    def _listen(self) -> None:
        now = self.world.clock.now()
        for change in self._new_changes():
            self._changes.append((change, now + self.caprice.late))
        for source in self._sources:
            if not source.from_stream:
                self._held[source.feeder] += [Held(each, now + self.caprice.late) for each in self._receive(source)]

    def _new_changes(self) -> list[Any]:
        table = self.world.emulation.tables()[self.world.emulation.names["Outbox"]]
        items = table.stream_shard.items[self._heard :]
        self._heard += len(items)
        return [each.to_json() for each in items]

    def _receive(self, source: resources.Source) -> list[Any]:
        if not self.world.emulation.has_messages(source.feeder):
            return []
        found: list[Any] = []
        url = self.world.emulation.names[source.feeder]
        while more := self._sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=A_LONG_WAIT, AttributeNames=["All"]
        ).get("Messages"):
            found.extend(more)
        self.world.bodies.extend(each["Body"] for each in found)
        return found

    # --- the stream: in order, and no further than the first that fails -----------------------------------------------

    def _hand_on_changes(self) -> bool:
        (source,) = (each for each in self._sources if each.from_stream)
        now = self.world.clock.now()
        batch = [change for change, due in self._changes if due <= now][: source.batch]
        if not batch:
            return False
        event = shapes.of_stream(queue_arn("stream"), batch)
        failed = self._deliver(source.function, event)
        numbers = [change["dynamodb"]["SequenceNumber"] for change in batch]
        done = 0 if failed is None else next((n for n, each in enumerate(numbers) if each in failed), len(batch))
        self._tries = self._tries + 1 if done == 0 else 0
        if self._tries >= STREAM_TRIES:
            self._tries, done = 0, 1
        del self._changes[:done]
        return True

    # --- a queue ------------------------------------------------------------------------------------------------------

    def _hand_on(self, function: str, queue: str, most: int) -> bool:
        now = self.world.clock.now()
        due = [held for held in self._held[queue] if held.due <= now]
        batch = (due[::-1] if self.caprice.backwards else due)[: 1 if self.caprice.backwards else most]
        if not batch:
            return False
        for held in batch:
            held.receives += 1
        event = shapes.of_queue(queue_arn(queue), [held.message for held in batch])
        failed = self._deliver(function, event)
        for held in batch:
            self._settle(queue, held, lost=failed is None or held.message["MessageId"] in failed)
        return True

    def _settle(self, queue: str, held: Held, *, lost: bool) -> None:
        if not lost:
            self._held[queue].remove(held)
            return
        held.due = self.world.clock.now() + VISIBILITY
        if held.receives >= MOST_RECEIVES and queue in self._dead:
            self._held[queue].remove(held)
            # in a queue that no function empties it lies where nobody looks: promise 11 counts it as waiting
            self._held.setdefault(self._dead[queue], []).append(Held(held.message, self.world.clock.now()))

    def _deliver(self, function: str, event: Any) -> set[str] | None:
        self.delivered.append((function, event))
        failed = self.invoke(function, event)
        return self.invoke(function, event) if self.caprice.twice and failed == set() else failed

    # --- and again, long after it was done ----------------------------------------------------------------------------

    def once_more(self, seed: int = 0) -> None:
        """Everything that was ever delivered, in any order."""
        again = list(self.delivered)
        random.Random(seed).shuffle(again)
        for function, event in again:
            self.invoke(function, event)

    @property
    def waiting(self) -> int:
        return sum(len(each) for each in self._held.values()) + len(self._changes)


def _dead_letter_queues() -> dict[str, str]:
    queues = resources.of_kind(resources.QUEUE)
    return {
        name: said["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for name, said in queues.items()
        if "RedrivePolicy" in said
    }
