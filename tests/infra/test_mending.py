"""moto, mended: a cancelled transaction leaves nothing, the stream goes on, and a query finds what it did before."""

from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local import mending
from infra.local.emulator import Emulator

ABSENT = "attribute_not_exists(pk)"


def row(partition: str, place: str = "1", **more: str) -> dict[str, Any]:
    return {name: {"S": value} for name, value in {"pk": partition, "sk": place, **more}.items()}


def put(item: dict[str, Any], condition: str | None = None) -> dict[str, Any]:
    said = {"TableName": "Outbox", "Item": item}
    return {"Put": {**said, "ConditionExpression": condition} if condition else said}


def kept(dynamodb: Any, partition: str) -> list[dict[str, Any]]:
    asked = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": partition}}}
    return list(dynamodb.query(TableName="Outbox", ConsistentRead=True, **asked)["Items"])


def cancelled(dynamodb: Any, *operations: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="TransactionCanceled"):
        dynamodb.transact_write_items(TransactItems=list(operations))


def test_a_cancelled_transaction_leaves_everything_as_it_was(aws: Emulator) -> None:
    dynamodb = aws.client("dynamodb")
    there = [row(name, body="before") for name in ("old", "gone", "in the way")]
    dynamodb.transact_write_items(TransactItems=[put(each) for each in there])
    changed = {
        "TableName": "Outbox", "Key": row("old"), "UpdateExpression": "SET body = :new",
        "ExpressionAttributeValues": {":new": {"S": "after"}},
    }  # fmt: skip
    deleted = {"Delete": {"TableName": "Outbox", "Key": row("gone")}}
    barred = put(row("in the way"), ABSENT)
    cancelled(dynamodb, {"Update": changed}, deleted, put(row("new")), put(row("old", "2")), barred)
    assert [kept(dynamodb, each["pk"]["S"]) for each in there] == [[each] for each in there]
    assert kept(dynamodb, "new") == []


def test_a_reader_of_the_stream_hears_what_follows_a_cancelled_transaction_and_nothing_of_it(aws: Emulator) -> None:
    dynamodb, streams = aws.client("dynamodb"), aws.client("dynamodbstreams")
    arn = dynamodb.describe_table(TableName="Outbox")["Table"]["LatestStreamArn"]
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    latest = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "LATEST"}
    reading = streams.get_shard_iterator(**latest)["ShardIterator"]
    dynamodb.put_item(TableName="Outbox", Item=row("first"))
    cancelled(dynamodb, put(row("never")), put(row("first"), ABSENT))
    dynamodb.put_item(TableName="Outbox", Item=row("second"))
    heard = streams.get_records(ShardIterator=reading)["Records"]
    assert [each["dynamodb"]["Keys"]["pk"]["S"] for each in heard] == ["first", "second"]


def test_a_query_answers_its_partition_in_order_page_by_page(aws: Emulator) -> None:
    dynamodb = aws.client("dynamodb")
    for place in ("3", "1", "2"):
        for partition in ("here", "there"):
            dynamodb.put_item(TableName="Outbox", Item=row(partition, place))
    asked = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "here"}}, "Limit": 2}
    first = dynamodb.query(TableName="Outbox", ScanIndexForward=False, **asked)
    rest = dynamodb.query(
        TableName="Outbox", ScanIndexForward=False, ExclusiveStartKey=first["LastEvaluatedKey"], **asked
    )
    assert first["Items"] + rest["Items"] == [row("here", place) for place in ("3", "2", "1")]
    assert kept(dynamodb, "nowhere") == []


def test_bytes_come_back_as_they_went_in(aws: Emulator) -> None:
    dynamodb = aws.client("dynamodb")
    sealed = {**row("sealed"), "body": {"M": {"cipher": {"B": b"\x00\xff"}, "list": {"L": [{"B": b"\x01"}]}}}}
    dynamodb.put_item(TableName="Outbox", Item=sealed)
    assert kept(dynamodb, "sealed") == [sealed]


def test_an_index_is_still_found_across_partitions(aws: Emulator) -> None:
    dynamodb = aws.client("dynamodb")
    for partition in ("one", "two"):
        dynamodb.put_item(TableName="Outbox", Item=row(partition, waiting="by-index", at=partition))
    found = dynamodb.query(
        TableName="Outbox", IndexName="waiting", KeyConditionExpression="waiting = :w",
        ExpressionAttributeValues={":w": {"S": "by-index"}},
    )  # fmt: skip
    assert [each["pk"]["S"] for each in found["Items"]] == ["one", "two"]


def test_the_moto_that_is_mended_is_the_one_that_is_installed() -> None:
    """Another may keep its tables otherwise: first mending.py is read beside it, then its number changed there."""
    assert version("moto") == mending.MENDED


def test_a_table_without_a_sort_key_is_refused_plainly() -> None:
    flat: Any = SimpleNamespace(name="Flat", hash_key_attr="pk", range_key_attr=None)
    emulated: Any = SimpleNamespace(tables={"Outbox": flat})
    with pytest.raises(TypeError, match="Flat has no sort key"):
        mending.undoing(lambda *_: None)(emulated, [put(row("here"))])
