"""The tables of infra/resources.yaml on in-process moto, and a look at (or a hand in) the calls that reach it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import botocore.client
import botocore.endpoint
import pytest
import yaml
from botocore.exceptions import ClientError, ReadTimeoutError

from chalicelib.aws.resources import Resources
from chalicelib.aws.tables import Table
from chalicelib.rules.records import Work

REGION = "ap-east-1"
TEMPLATE = Path(__file__).parents[2] / "infra" / "resources.yaml"
KNOWN = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode", "StreamSpecification")

RESOURCES = Resources(
    region=REGION,
    enterprises="enterprises",
    applications="applications",
    certificates="certificates",
    accounts="accounts",
    outbox="outbox",
    uploads="uploads",
    keeping="keeping",
    queues={work: f"https://sqs.{REGION}.amazonaws.com/123456789012/{work}" for work in Work},
    data_key="alias/data",
    seal_key="alias/seal",
)


class _Template(yaml.SafeLoader):
    """CloudFormation's own tags (!Ref and the like) are of no interest here."""


_Template.add_multi_constructor("!", lambda *_: None)


def declared() -> dict[str, Any]:
    """The template's resources by their names."""
    return yaml.load(TEMPLATE.read_text(), _Template)["Resources"]  # noqa: S506 - a SafeLoader that skips tags


def fresh_tables() -> None:
    """Empty tables, as the template declares them."""
    dynamodb, resources = boto3.client("dynamodb", REGION), declared()
    for name in dynamodb.list_tables()["TableNames"]:
        dynamodb.delete_table(TableName=name)
    for table in Table:
        properties = resources[table.value.capitalize()]["Properties"]
        stream = {"StreamEnabled": True, **properties["StreamSpecification"]} if table is Table.OUTBOX else None
        wanted = {key: properties[key] for key in KNOWN if key in properties}
        dynamodb.create_table(TableName=table.value, **wanted | ({"StreamSpecification": stream} if stream else {}))


def without_buckets() -> None:
    """No bucket of ours: moto keeps one state per process, and other tests may have left theirs."""
    client = boto3.client("s3", REGION)
    for bucket in {each["Name"] for each in client.list_buckets()["Buckets"]} & {"uploads", "keeping"}:
        for version in client.list_object_versions(Bucket=bucket).get("Versions", ()):
            client.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
        client.delete_bucket(Bucket=bucket)


def raw_items(table: Table) -> list[dict[str, Any]]:
    return boto3.client("dynamodb", REGION).scan(TableName=table.value)["Items"]


class Calls(list[str]):
    """The operations asked of AWS, one name per call, and what each was given."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[dict[str, Any]] = []


@contextmanager
def counted() -> Iterator[Calls]:
    calls, original = Calls(), botocore.client.BaseClient._make_api_call

    def counting(client: Any, operation: str, arguments: Any) -> Any:
        calls.append(operation)
        calls.given.append(arguments)
        return original(client, operation, arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.client.BaseClient, "_make_api_call", counting)
        yield calls


def crash_before(attempt: Callable[[], Any]) -> None:
    """The request never arrives."""


def lost_answer(attempt: Callable[[], Any]) -> None:
    """The request is carried out, and nobody hears of it."""
    attempt()


@contextmanager
def copies_checked() -> Iterator[None]:
    """S3 answers 412 when the source of a copy has another tag than CopySourceIfMatch; moto copies all the same."""
    original = botocore.client.BaseClient._make_api_call

    def checking(client: Any, operation: str, arguments: Any) -> Any:
        if operation == "CopyObject" and "CopySourceIfMatch" in arguments:
            there = original(client, "HeadObject", arguments["CopySource"])
            if there["ETag"] != arguments["CopySourceIfMatch"]:
                answer: Any = {"Error": {"Code": "PreconditionFailed"}, "ResponseMetadata": {"HTTPStatusCode": 412}}
                raise ClientError(answer, operation)
        return original(client, operation, arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.client.BaseClient, "_make_api_call", checking)
        yield


@contextmanager
def trouble(
    what: Callable[[Callable[[], Any]], None], operation: str, then: Callable[[], None] | None = None, times: int = 1
) -> Iterator[None]:
    """So many HTTP attempts of the operation go wrong; ``then`` happens before anybody can look."""
    original, left = botocore.endpoint.Endpoint._do_get_response, [operation] * times

    def striking(endpoint: Any, request: Any, model: Any, context: Any) -> Any:
        if model.name not in left:
            return original(endpoint, request, model, context)
        left.remove(model.name)
        what(lambda: original(endpoint, request, model, context))
        if then is not None:
            then()
        return None, ReadTimeoutError(endpoint_url="https://aws.example.invalid")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.endpoint.Endpoint, "_do_get_response", striking)
        yield
    assert not left, f"{operation} was not called as often as that"
