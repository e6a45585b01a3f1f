"""What Lambda's event sources do, on one machine: polls queues and the stream, keeps time, calls the very handlers.

All in one thread, one source after the other. A failed message comes back after RETRY, until the queue's own redrive
policy makes it a dead letter; a stream stands still at its first failure, ATTEMPTS times, then moves on.
"""

import importlib
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, RLock, Thread
from time import monotonic
from typing import Any, Protocol

from chalice.app import Chalice, ScheduledEventConfig
from chalice.local import LambdaContext

from infra.local import resources, shapes
from infra.local.emulator import Emulator, queue_arn

RETRY = 3  # seconds; the deployed queues wait six times the function's timeout
PAUSE = 0.25  # seconds after a round that found nothing
ATTEMPTS = 10
FUNCTION_SECONDS = 60

log = logging.getLogger(__name__)

Json = Mapping[str, Any]
Invoke = Callable[[Json], Json]


class Pump(Protocol):
    def turn(self) -> bool:
        """Hands on what is there now; whether there was anything."""


@dataclass(frozen=True)
class QueuePump:
    sqs: Any
    url: str
    arn: str
    batch: int
    invoke: Invoke

    def turn(self) -> bool:
        answer = self.sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=self.batch, VisibilityTimeout=RETRY, AttributeNames=["All"]
        )
        messages = answer.get("Messages", [])
        if messages:
            failed = failures(self.invoke(shapes.of_queue(self.arn, messages)))
            for message in messages:
                if message["MessageId"] not in failed:
                    self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return bool(messages)


@dataclass
class StreamPump:
    streams: Any
    arn: str
    batch: int
    invoke: Invoke
    _iterator: str | None = None
    _waiting: list[Json] = field(default_factory=list)
    _attempts: int = 0

    def turn(self) -> bool:
        self._read()
        batch = self._waiting[: self.batch]
        if batch:
            self._hand_on(batch)
        return bool(batch)

    def _read(self) -> None:
        answer = self.streams.get_records(ShardIterator=self._iterator or self._from_the_start())
        self._iterator = answer.get("NextShardIterator")
        self._waiting.extend(answer["Records"])

    def _from_the_start(self) -> str:
        (shard,) = self.streams.describe_stream(StreamArn=self.arn)["StreamDescription"]["Shards"]
        asked = {"StreamArn": self.arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        return str(self.streams.get_shard_iterator(**asked)["ShardIterator"])

    def _hand_on(self, batch: list[Json]) -> None:
        failed = failures(self.invoke(shapes.of_stream(self.arn, batch)))
        numbers = [change["dynamodb"]["SequenceNumber"] for change in batch]
        done = next((place for place, number in enumerate(numbers) if number in failed), len(batch))
        self._attempts = self._attempts + 1 if done == 0 else 0
        if self._attempts >= ATTEMPTS:
            log.error("a change was given up; the sweep finds what is still pending")
            self._attempts, done = 0, 1
        del self._waiting[:done]


@dataclass
class Ticker:
    """Calls a function whenever ``every`` has passed, or each day at ``at`` past midnight UTC."""

    name: str
    invoke: Invoke
    now: Callable[[], datetime]
    every: timedelta | None
    at: timedelta | None
    _last: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._last = self.now()

    def turn(self) -> bool:
        now = self.now()
        if self._next() > now:
            return False
        self._last = now
        self.invoke(shapes.of_schedule(self.name, now))
        return True

    def _next(self) -> datetime:
        if self.every is not None:
            return self._last + self.every
        midnight = self._last.replace(hour=0, minute=0, second=0, microsecond=0)
        today = midnight + (self.at or timedelta())
        return today if today > self._last else today + timedelta(days=1)


def failures(answer: Json) -> set[str]:
    return {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}


def utc_now() -> datetime:
    return datetime.now(UTC)


class Pumps:
    """All of them, turned by one thread between ``start`` and ``close``, or by hand."""

    def __init__(self, emulator: Emulator, app: Chalice, now: Callable[[], datetime] = utc_now) -> None:
        handlers = {each.name: each.handler_string for each in app.event_sources}
        self._invokes = {name: invocation(name, handler) for name, handler in handlers.items()}
        fed = [self._fed(emulator, source) for source in resources.sources()]
        schedules = [each for each in app.event_sources if isinstance(each, ScheduledEventConfig)]
        self._pumps: list[Pump] = [*fed, *(ticker(each, self._invokes[each.name], now) for each in schedules)]
        self._lock = RLock()
        self._end = Event()
        self._thread = Thread(target=self._run, daemon=True, name="pumps")

    def _fed(self, emulator: Emulator, source: resources.Source) -> Pump:
        invoke = self._invokes[source.function]
        if source.from_stream:
            table = emulator.client("dynamodb").describe_table(TableName=emulator.names[source.feeder])["Table"]
            return StreamPump(emulator.client("dynamodbstreams"), table["LatestStreamArn"], source.batch, invoke)
        url, arn = emulator.names[source.feeder], queue_arn(source.feeder)
        return QueuePump(emulator.client("sqs"), url, arn, source.batch, invoke)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._end.set()
        if self._thread.is_alive():
            self._thread.join()

    def call(self, name: str) -> None:
        """Runs a scheduled function now."""
        with self._lock:
            self._invokes[name](shapes.of_schedule(name, utc_now()))

    def turn(self) -> bool:
        """One round over all of them; whether any found something."""
        with self._lock:
            return any([_safely(pump) for pump in self._pumps])

    def settle(self, seconds: float = 60) -> bool:
        """Turns until a round finds nothing; False when that takes longer. What is put off for later is not awaited."""
        end = monotonic() + seconds
        while self.turn():
            if monotonic() > end:
                return False
        return True

    def _run(self) -> None:
        while not self._end.is_set():
            if not self.turn():
                self._end.wait(PAUSE)


def _safely(pump: Pump) -> bool:
    """A function that fails as a whole has its events again later, as on Lambda."""
    try:
        return pump.turn()
    except Exception:  # noqa: BLE001 - whatever a function raises, the other pumps go on
        log.exception("a function failed as a whole")
        return False


def invocation(name: str, handler: str) -> Invoke:
    """The function behind a Handler string, imported as Lambda imports it, and called as Lambda calls it."""
    module, _, function = handler.rpartition(".")
    found = getattr(importlib.import_module(module), function)
    return lambda event: found(event, LambdaContext(name, 1024, FUNCTION_SECONDS * 1000)) or {"batchItemFailures": []}


def ticker(schedule: ScheduledEventConfig, invoke: Invoke, now: Callable[[], datetime]) -> Ticker:
    """Understands what the timetable uses: rate(n minutes), and cron at a minute and hour of every day."""
    kind, _, rest = schedule.schedule_expression.to_string().partition("(")
    parts = rest.rstrip(")").split()
    if kind == "rate" and parts[1].startswith("minute"):
        return Ticker(schedule.name, invoke, now, timedelta(minutes=int(parts[0])), None)
    if kind == "cron" and parts[2:] == ["*", "*", "?", "*"]:
        return Ticker(schedule.name, invoke, now, None, timedelta(hours=int(parts[1]), minutes=int(parts[0])))
    raise ValueError(f"no way to keep this schedule on one machine: {schedule.schedule_expression}")
