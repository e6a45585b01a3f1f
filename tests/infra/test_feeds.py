"""Feeds: what failed comes again, what was done does not, and no single message holds a stream up for ever."""

from collections.abc import Mapping, Sequence
from typing import Any

from infra.local.feeds import ATTEMPTS, QueuePump, StreamPump

Json = Mapping[str, Any]


class Function:
    """Fails for the items it is told to, and remembers every item it was handed."""

    def __init__(self, *failing: str) -> None:
        self.failing = failing
        self.handed: list[list[str]] = []

    def __call__(self, event: Json) -> Json:
        self.handed.append(
            [record.get("messageId") or record["dynamodb"]["SequenceNumber"] for record in event["Records"]]
        )
        fails = [item for item in self.handed[-1] if item in self.failing]
        return {"batchItemFailures": [{"itemIdentifier": item} for item in fails]}


class Stream:
    def __init__(self, numbers: Sequence[str]) -> None:
        self.records: list[Json] = [{"dynamodb": {"SequenceNumber": number}} for number in numbers]

    def describe_stream(self, **_: str) -> Json:
        return {"StreamDescription": {"Shards": [{"ShardId": "one"}]}}

    def get_shard_iterator(self, **asked: str) -> Json:
        assert asked["ShardIteratorType"] == "TRIM_HORIZON"
        return {"ShardIterator": "start"}

    def get_records(self, **_: str) -> Json:
        given, self.records = self.records, []
        return {"Records": given, "NextShardIterator": "next"}


class Queue:
    def __init__(self, *messages: str) -> None:
        self.there = list(messages)

    def receive_message(self, **asked: Any) -> Json:
        some = self.there[: asked["MaxNumberOfMessages"]]
        return {"Messages": [{"MessageId": m, "ReceiptHandle": m, "Body": "{}", "MD5OfBody": ""} for m in some]}

    def delete_message(self, **asked: str) -> None:
        self.there.remove(asked["ReceiptHandle"])


def test_a_queue_loses_only_the_messages_that_were_done() -> None:
    queue, function = Queue("m1", "m2", "m3"), Function("m2")
    pump = QueuePump(queue, "address", "arn", 10, function, 0)
    assert pump.turn()
    assert queue.there == ["m2"]


def test_a_function_that_falls_over_keeps_its_messages() -> None:
    queue = Queue("m1")

    def falls_over(_: Json) -> Json:
        raise MemoryError

    try:
        QueuePump(queue, "address", "arn", 10, falls_over, 0).turn()
    except MemoryError:
        assert queue.there == ["m1"]


def test_a_stream_goes_on_from_the_first_failure() -> None:
    function = Function("2")
    pump = StreamPump(Stream(["1", "2", "3"]), "arn", 10, function)
    pump.turn()
    function.failing = ()
    while pump.turn():
        pass
    assert function.handed == [["1", "2", "3"], ["2", "3"]]


def test_a_stream_gives_a_change_up_in_the_end_and_moves_on() -> None:
    function = Function("1")
    pump = StreamPump(Stream(["1", "2"]), "arn", 10, function)
    while pump.turn():
        pass
    assert len(function.handed) == ATTEMPTS + 1
    assert function.handed[-1] == ["2"]
