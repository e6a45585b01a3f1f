"""Lambda's event sources with a clock of their own: batches, failures that come back, dead letters, and every caprice.

A batch may come twice, backwards, late, with a clock that has stepped back, and once more days after it was done. What
was ever delivered is remembered.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalice.app import Chalice

from infra.local import resources, shapes
from infra.local.feeds import failures
from infra.local.making import queue_arn
from infra.local.pumps import invocation
from infra.local.schedules import utc_now
from tests.faults.emulation import body_of
from tests.faults.injector import Died

if TYPE_CHECKING:
    from tests.faults.world import World

STREAM_TRIES = 10
MOST_ROUNDS = 120
A_LONG_WAIT = 43_200


@dataclass(frozen=True)
class Caprice:
    """How events come. ``late``: how long after they were sent; ``twice``: each batch again at once.

    ``backwards``: one by one, the newest first, though an item's own changes keep their order as on a stream;
    ``stepped_back``: every second delivery is worked on by a clock that is so far behind.
    """

    name: str = "in order"
    late: timedelta = timedelta()
    twice: bool = False
    backwards: bool = False
    stepped_back: timedelta = timedelta()


IN_ORDER = Caprice()
CAPRICES = (
    Caprice("each twice", twice=True),
    Caprice("backwards", backwards=True),
    Caprice("11 minutes late", late=timedelta(minutes=11)),
    Caprice("4 days late, twice", late=timedelta(days=4), twice=True),
    Caprice("the clock 2 hours back and forth", stepped_back=timedelta(hours=2)),
)


@dataclass(frozen=True)
class Patience:
    """How a queue treats what failed: hides it for so long, and gives it up after so many receives, to whom."""

    hides: timedelta
    most: int | None = None
    dead: str | None = None


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
    _put_off: dict[str, timedelta] = field(default_factory=dict)

    def __post_init__(self) -> None:
        functions = {each.name: invocation(each.name, each.handler_string) for each in self.app.event_sources}
        self._functions: Mapping[str, Callable[[Any], Any]] = functions
        self._sources = tuple(resources.sources())
        self._sqs = self.world.emulation.client("sqs")
        self._streams = self.world.emulation.client("dynamodbstreams")
        self._patience = {name: _patience(said) for name, said in resources.of_kind(resources.QUEUE).items()}
        self.world.injector.carried_out = self._note

    def begin(self) -> None:
        self._held = {each.feeder: [] for each in self._sources}
        self._changes, self._heard, self._tries = [], 0, 0
        self._put_off.clear()
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
        batch = self._next_changes(source.batch)
        if not batch:
            return False
        failed = self._deliver(source.function, shapes.of_stream(queue_arn("stream"), batch))
        numbers = [change["dynamodb"]["SequenceNumber"] for change in batch]
        done = 0 if failed is None else next((n for n, each in enumerate(numbers) if each in failed), len(batch))
        self._tries = self._tries + 1 if done == 0 else 0
        if self._tries >= STREAM_TRIES:
            self._tries, done = 0, 1
        gone = numbers[:done]
        self._changes = [each for each in self._changes if each[0]["dynamodb"]["SequenceNumber"] not in gone]
        return True

    def _next_changes(self, most: int) -> list[Any]:
        now = self.world.clock.now()
        due = [change for change, at in self._changes if at <= now]
        if not self.caprice.backwards:
            return due[:most]
        first_of_each: dict[str, Any] = {}
        for change in due:
            first_of_each.setdefault(str(change["dynamodb"]["Keys"]), change)
        return [*first_of_each.values()][-1:]

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
        patience, put_off = self._patience[queue], self._put_off.pop(held.message["ReceiptHandle"], None)
        held.due = self.world.clock.now() + (patience.hides if put_off is None else put_off)
        if patience.dead is not None and held.receives >= (patience.most or 0):
            self._held[queue].remove(held)
            # in a queue that no function empties it lies where nobody looks: promise 11 counts it as waiting
            self._held.setdefault(patience.dead, []).append(Held(held.message, held.due))

    def _note(self, operation: str, request: Any) -> None:
        """A worker that was told to slow down has its message hidden for longer."""
        if operation == "sqs.ChangeMessageVisibility":
            said = body_of(request)
            self._put_off[said["ReceiptHandle"]] = timedelta(seconds=int(said["VisibilityTimeout"]))

    def _deliver(self, function: str, event: Any) -> set[str] | None:
        self.delivered.append((function, event))
        with self._clock_of(len(self.delivered)):
            failed = self.invoke(function, event)
        return self.invoke(function, event) if self.caprice.twice and failed == set() else failed

    @contextmanager
    def _clock_of(self, delivery: int) -> Iterator[None]:
        """The clocks of two machines; here there is one, which goes back and forth."""
        behind = self.caprice.stepped_back if delivery % 2 else timedelta()
        self.world.clock.advance(-behind)
        try:
            yield
        finally:
            self.world.clock.advance(behind)

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


def _patience(said: resources.Json) -> Patience:
    hides, redrive = timedelta(seconds=said["VisibilityTimeout"]), said.get("RedrivePolicy")
    if redrive is None:
        return Patience(hides)
    return Patience(hides, redrive["maxReceiveCount"], redrive["deadLetterTargetArn"]["Fn::GetAtt"][0])
