"""What Lambda's event sources do, on one machine: polls queues and the stream, keeps time, calls the very handlers.

All in one thread, one source after the other.
"""

import importlib
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from threading import Event, RLock, Thread
from time import monotonic
from typing import Any, Protocol

from chalice.app import Chalice, ScheduledEventConfig
from chalice.local import LambdaContext

from infra.local import resources, shapes
from infra.local.feeds import Pump, QueuePump, StreamPump
from infra.local.making import queue_arn
from infra.local.schedules import Invoke, in_utc, ticker, utc_now

RETRY = 3  # seconds; the deployed queues wait six times the function's timeout
PAUSE = 0.25  # seconds after a round that found nothing
FUNCTION_SECONDS = 60
CLOSING_SECONDS = 5  # a function that takes longer is left to itself

log = logging.getLogger(__name__)


class Cloud(Protocol):
    """Where an emulator is, and what its resources are called; the emulator itself may be another process's."""

    @property
    def names(self) -> Mapping[str, str]: ...

    def client(self, service: str) -> Any: ...


class Pumps:
    """All of them, turned by one thread between ``start`` and ``close``, or by hand."""

    def __init__(self, cloud: Cloud, app: Chalice, retry: int = RETRY, now: Callable[[], datetime] = utc_now) -> None:
        self._now = now
        handlers = {each.name: each.handler_string for each in app.event_sources}
        self._invokes = {name: invocation(name, handler) for name, handler in handlers.items()}
        fed = [self._fed(cloud, source, retry) for source in resources.sources()]
        schedules = [each for each in app.event_sources if isinstance(each, ScheduledEventConfig)]
        self._pumps: list[Pump] = [*fed, *(ticker(each, self._invokes[each.name], in_utc(now)) for each in schedules)]
        self._lock = RLock()
        self._end = Event()
        self._thread = Thread(target=self._run, daemon=True, name="pumps")

    def _fed(self, cloud: Cloud, source: resources.Source, retry: int) -> Pump:
        invoke = self._invokes[source.function]
        if source.from_stream:
            table = cloud.client("dynamodb").describe_table(TableName=cloud.names[source.feeder])["Table"]
            return StreamPump(cloud.client("dynamodbstreams"), table["LatestStreamArn"], source.batch, invoke)
        url, arn = cloud.names[source.feeder], queue_arn(source.feeder)
        return QueuePump(cloud.client("sqs"), url, arn, source.batch, invoke, retry)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._end.set()
        if self._thread.is_alive():
            self._thread.join(CLOSING_SECONDS)

    def call(self, name: str) -> None:
        """Runs a scheduled function now."""
        with self._lock:
            self._invokes[name](shapes.of_schedule(name, in_utc(self._now)()))

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Nothing is handed on meanwhile."""
        with self._lock:
            yield

    def turn(self) -> bool:
        """One round over all of them; whether any found something."""
        with self._lock:
            found = [_safely(pump) for pump in self._pumps]
        return any(found)

    def settle(self, seconds: float = 60) -> bool:
        """Turns until nothing is found; False when that takes longer. What is put off for later is not awaited.

        Two rounds have to find nothing: the round that makes a message a dead letter hands out none.
        """
        end = monotonic() + seconds
        while self.turn() or self.turn():
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
    except Exception:  # whatever a function raises, the other pumps go on
        log.exception("a function failed as a whole")
        return False


def invocation(name: str, handler: str) -> Invoke:
    """The function behind a Handler string, imported as Lambda imports it, and called as Lambda calls it."""
    module, _, function = handler.rpartition(".")
    found = getattr(importlib.import_module(module), function)
    return lambda event: found(event, LambdaContext(name, 1024, FUNCTION_SECONDS * 1000)) or {"batchItemFailures": []}
