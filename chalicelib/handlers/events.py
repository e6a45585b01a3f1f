"""What stands around every event function: the log, its ports, and one message failing without holding up the others.

A deployed event function is imported alone: no app.py, no middleware. So all it needs comes from these decorators.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from chalice.app import CloudWatchEvent, DynamoDBEvent, SQSEvent

from chalicelib import wiring
from chalicelib.handlers.logbook import log
from chalicelib.operations.carriers import SlowDown
from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import Ports
from chalicelib.rules.dead_letters import Oddity
from chalicelib.rules.errands import Errand

# Chalice wants an ARN before the resources exist; infra/resources.yaml puts the real queues and streams in their place.
A_QUEUE = "arn:aws:sqs:us-east-1:000000000000:named-in-resources-yaml"
A_STREAM = "arn:aws:dynamodb:us-east-1:000000000000:table/named-in-resources-yaml/stream/0"

Json = Mapping[str, Any]
Batch = dict[str, list[dict[str, str]]]
Item = TypeVar("Item")


class Unreadable(ValueError):  # noqa: N818 - the trade's word
    """A message that is not ours to understand. It goes to the dead letters; trying again does not make it readable."""

    def __init__(self, oddity: Oddity) -> None:
        super().__init__(oddity)
        self.oddity = oddity


@dataclass(frozen=True)
class Message:
    """One message of a queue; ``queue`` is the queue's ARN."""

    id: str
    queue: str
    receipt: str
    text: str

    @property
    def queue_name(self) -> str:
        return self.queue.rpartition(":")[2]

    @property
    def body(self) -> Json:
        """Raises Unreadable when it is no JSON object."""
        try:
            body = json.loads(self.text)
        except (ValueError, RecursionError):
            raise Unreadable(Oddity.NO_JSON) from None
        if not isinstance(body, dict):
            raise Unreadable(Oddity.NO_OBJECT)
        return body

    @property
    def is_of_the_outbox(self) -> bool:
        """Whether it is about a row, of whatever version. Raises Unreadable as ``body`` does."""
        return Errand.is_one(self.body)

    @property
    def errand(self) -> Errand:
        """Raises Unreadable when it is not one of ours."""
        body = self.body
        if not Errand.is_one(body):
            raise Unreadable(Oddity.FOREIGN)
        errand = Errand.read(body)
        if errand is None:
            raise Unreadable(Oddity.OTHER_VERSION)
        return errand

    @property
    def row(self) -> str:
        """The id of the outbox row that the message is about. Raises Unreadable as ``errand`` does."""
        return self.errand.row


def each_message(work: Callable[[Ports, Message], None]) -> Callable[[SQSEvent], Batch]:
    """The event function that does ``work`` for each message and names those that failed, to be delivered again."""

    @wraps(work)
    def handle(event: SQSEvent) -> Batch:
        ports = wiring.ports()
        records = event.to_dict()["Records"]
        return failed(record["messageId"] for record in records if not _try_message(work, ports, record))

    return handle


def each_row(work: Callable[[Ports, Json], None]) -> Callable[[DynamoDBEvent], Batch]:
    """The event function that does ``work`` for each change of a stream, in order, up to the first that fails.

    A stream is delivered again from the first failure on, so what lies behind it is left for then.
    """

    @wraps(work)
    def handle(event: DynamoDBEvent) -> Batch:
        ports = wiring.ports()
        for record in event.to_dict()["Records"]:
            number = record["dynamodb"]["SequenceNumber"]
            if not _tried(lambda change: work(ports, change), record, number):
                return failed([number])
        return failed(())

    return handle


def at_its_time(work: Callable[[Ports], None]) -> Callable[[CloudWatchEvent], None]:
    """The event function of a schedule. A failure is logged and raised: people hear of it by the alarm on errors."""

    @wraps(work)
    def handle(event: CloudWatchEvent) -> None:
        del event
        try:
            work(wiring.ports())
        except Exception:
            log.exception("a scheduled job failed", extra={"job": work.__name__})
            raise

    return handle


def failed(items: Iterable[str]) -> Batch:
    """The answer that Lambda reads under ReportBatchItemFailures."""
    return {"batchItemFailures": [{"itemIdentifier": item} for item in items]}


def _try_message(work: Callable[[Ports, Message], None], ports: Ports, record: Json) -> bool:
    def attempt(record: Json) -> None:
        try:
            work(ports, _message(record))
        except SlowDown as wait:
            wiring.put_off(record["eventSourceARN"], record["receiptHandle"], wait.wait(ports.clock.now()))
            raise

    return _tried(attempt, record, record["messageId"])


def _message(record: Json) -> Message:
    return Message(record["messageId"], record["eventSourceARN"], record["receiptHandle"], record["body"])


def _tried(attempt: Callable[[Item], None], item: Item, name: str) -> bool:
    try:
        attempt(item)
    except (SlowDown, Unreadable, Absent) as problem:
        log.warning("not done", extra={"item": name, "problem": type(problem).__name__, "said": str(problem)})
        return False
    except Exception:  # noqa: BLE001 - whatever it is, the other messages of the batch are not to suffer from it
        log.exception("failed, to be delivered again", extra={"item": name})
        return False
    return True
