"""One queue, or one stream, handed on to its function as Lambda's event source mapping does.

A failed message comes back after ``retry`` seconds, until the queue's own redrive policy makes it a dead letter; a
stream stands still at its first failure, ATTEMPTS times, then moves on.
"""

import logging
from dataclasses import dataclass, field
from typing import Any, Protocol

from infra.local import shapes
from infra.local.schedules import Invoke, Json

ATTEMPTS = 10

log = logging.getLogger(__name__)


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
    retry: int

    def turn(self) -> bool:
        answer = self.sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=self.batch, VisibilityTimeout=self.retry, AttributeNames=["All"]
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


def failures(answer: Json) -> set[str]:
    return {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
