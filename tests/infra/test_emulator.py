"""The emulator holds what infra/resources.yaml says, property by property."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from infra.local import resources
from infra.local.emulator import Emulator
from infra.local.making import queue_arn

TABLES = resources.of_kind(resources.TABLE)
QUEUES = resources.of_kind(resources.QUEUE)
BUCKETS = resources.of_kind(resources.BUCKET)

Json = Mapping[str, Any]


def test_there_are_five_tables_two_buckets_eight_queues_and_two_keys(aws: Emulator) -> None:
    kinds = (resources.TABLE, resources.BUCKET, resources.QUEUE, resources.KEY)
    assert [len(resources.of_kind(kind)) for kind in kinds] == [5, 2, 8, 2]
    assert set(aws.names) == {name for kind in kinds for name in resources.of_kind(kind)}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_its_keys_indexes_stream_and_protection(aws: Emulator, name: str) -> None:
    said, dynamodb = TABLES[name], aws.client("dynamodb")
    table = dynamodb.describe_table(TableName=aws.names[name])["Table"]
    assert table["KeySchema"] == said["KeySchema"]
    assert table["BillingModeSummary"]["BillingMode"] == said["BillingMode"] == "PAY_PER_REQUEST"
    assert table["DeletionProtectionEnabled"] is said["DeletionProtectionEnabled"] is True
    assert table["SSEDescription"]["SSEType"] == said["SSESpecification"]["SSEType"] == "KMS"
    made = [
        {key: index[key] for key in ("IndexName", "KeySchema", "Projection")}
        for index in table.get("GlobalSecondaryIndexes") or ()
    ]
    assert made == said.get("GlobalSecondaryIndexes", [])
    view = said.get("StreamSpecification", {}).get("StreamViewType")
    assert (table.get("StreamSpecification") or {}).get("StreamViewType") == view


@pytest.mark.parametrize("name", TABLES)
def test_a_table_can_be_restored_and_forgets_what_it_should(aws: Emulator, name: str) -> None:
    said, dynamodb = TABLES[name], aws.client("dynamodb")
    backups = dynamodb.describe_continuous_backups(TableName=aws.names[name])["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    forgets = dynamodb.describe_time_to_live(TableName=aws.names[name])["TimeToLiveDescription"]
    assert forgets.get("AttributeName") == said.get("TimeToLiveSpecification", {}).get("AttributeName")


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_has_its_times_and_its_dead_letters(aws: Emulator, name: str) -> None:
    said = QUEUES[name]
    made = aws.client("sqs").get_queue_attributes(QueueUrl=aws.names[name], AttributeNames=["All"])["Attributes"]
    for attribute in ("VisibilityTimeout", "MessageRetentionPeriod"):
        assert made[attribute] == str(said[attribute])
    redrive = said.get("RedrivePolicy")
    assert ("RedrivePolicy" in made) is (redrive is not None)
    if redrive:
        dead, _ = redrive["deadLetterTargetArn"]["Fn::GetAtt"]
        policy = json.loads(made["RedrivePolicy"])
        assert (policy["deadLetterTargetArn"], int(policy["maxReceiveCount"])) == (queue_arn(dead), 5)


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_is_closed_to_the_public_and_versioned_as_said(aws: Emulator, name: str) -> None:
    said, s3 = BUCKETS[name], aws.client("s3")
    assert (
        s3.get_public_access_block(Bucket=aws.names[name])["PublicAccessBlockConfiguration"]
        == (said["PublicAccessBlockConfiguration"])
    )
    versioned = said.get("VersioningConfiguration", {}).get("Status")
    assert s3.get_bucket_versioning(Bucket=aws.names[name]).get("Status") == versioned


def test_an_upload_into_quarantine_is_told_to_its_queue_and_nothing_else_is(aws: Emulator) -> None:
    s3, sqs = aws.client("s3"), aws.client("sqs")
    for key in ("quarantine/a1.f1", "elsewhere/a1.f2"):
        s3.put_object(Bucket=aws.names["Uploads"], Key=key, Body=b"x")
    found = sqs.receive_message(QueueUrl=aws.names["UploadsQueue"], MaxNumberOfMessages=10)["Messages"]
    told = "".join(message["Body"] for message in found)
    assert "quarantine" in told
    assert "elsewhere" not in told


def test_transactions_of_many_threads_lose_nothing(aws: Emulator) -> None:
    """Without the lock, moto acknowledged 96 and kept 82 of them."""
    dynamodb, table = aws.client("dynamodb"), aws.names["Accounts"]
    names = [uuid4().hex for _ in range(64)]

    def write(name: str) -> None:
        item = {"pk": {"S": "T#race"}, "sk": {"S": name}}
        dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": table, "Item": item}}])

    with ThreadPoolExecutor(16) as people:
        list(people.map(write, names))
    asked = {"KeyConditionExpression": "pk = :race", "ExpressionAttributeValues": {":race": {"S": "T#race"}}}
    assert dynamodb.query(TableName=table, ConsistentRead=True, Select="COUNT", **asked)["Count"] == 64


def test_every_function_is_fed_by_something_that_is_there(aws: Emulator) -> None:
    sources = list(resources.sources())
    assert all(source.feeder in aws.names for source in sources)
    assert {source.function for source in sources} == {
        "receiving", "dispatching", "burying", "issuing", "mailing", "notifying",
    }  # fmt: skip
