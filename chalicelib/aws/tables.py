"""The five tables as PynamoDB models. Every item: where it lies, which record it is, its version, and its body.

The body is a map that a person can read in the console; only what an index or the time to live needs stands beside it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from pynamodb.attributes import Attribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.aws.resources import CONNECT_SECONDS, READ_SECONDS, Resources

_WRITTEN = TypeSerializer()
_READ = TypeDeserializer()


class Table(StrEnum):
    ENTERPRISES = "enterprises"
    APPLICATIONS = "applications"
    CERTIFICATES = "certificates"
    ACCOUNTS = "accounts"
    OUTBOX = "outbox"


class Body(Attribute[dict[str, Any]]):
    """A nested map of strings, whole numbers, booleans, bytes, lists and maps."""

    attr_type = "M"

    def serialize(self, value: Mapping[str, Any]) -> dict[str, Any]:
        return {key: _WRITTEN.serialize(each) for key, each in value.items()}

    def deserialize(self, value: Mapping[str, Any]) -> dict[str, Any]:
        return {key: _READ.deserialize(each) for key, each in value.items()}


class Row(Model):
    """``mark`` is of the commit that wrote it: after a lost answer it tells whether that commit came through."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    record = UnicodeAttribute()
    version = NumberAttribute()
    body = Body()
    mark = UnicodeAttribute(null=True)


class QueueIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB left it untyped
    class Meta:
        index_name = "queue"
        projection = AllProjection()

    queue = UnicodeAttribute(hash_key=True)
    queued_at = UnicodeAttribute(range_key=True)


class IssuedIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB left it untyped
    class Meta:
        index_name = "issued"
        projection = AllProjection()

    issued_month = UnicodeAttribute(hash_key=True)
    issued_at = UnicodeAttribute(range_key=True)


class EndingIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB left it untyped
    class Meta:
        index_name = "ending"
        projection = AllProjection()

    ends_on = UnicodeAttribute(hash_key=True)
    number = UnicodeAttribute(range_key=True)


class PractitionersEndingIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB left it untyped
    """Of the same name and attributes as the certificates' own: PynamoDB ties an index to the table it stands in."""

    class Meta:
        index_name = "ending"
        projection = AllProjection()

    ends_on = UnicodeAttribute(hash_key=True)
    number = UnicodeAttribute(range_key=True)


class ShardIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB left it untyped
    class Meta:
        index_name = "shards"
        projection = AllProjection()

    shard = UnicodeAttribute(hash_key=True)
    enterprise = UnicodeAttribute(range_key=True)


class NameIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB left it untyped
    class Meta:
        index_name = "names"
        projection = AllProjection()

    named = UnicodeAttribute(hash_key=True)
    enterprise = UnicodeAttribute(range_key=True)


class WaitingIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB left it untyped
    class Meta:
        index_name = "waiting"
        projection = AllProjection()

    waiting = UnicodeAttribute(hash_key=True)
    at = UnicodeAttribute(range_key=True)


class EnterpriseRow(Row):
    shard = UnicodeAttribute(null=True)
    enterprise = UnicodeAttribute(null=True)
    shard_index = ShardIndex()
    named = UnicodeAttribute(null=True)
    name_index = NameIndex()
    ends_on = UnicodeAttribute(null=True)
    number = UnicodeAttribute(null=True)
    ending_index = PractitionersEndingIndex()


class ApplicationRow(Row):
    queue = UnicodeAttribute(null=True)
    queued_at = UnicodeAttribute(null=True)
    queue_index = QueueIndex()


class CertificateRow(Row):
    issued_month = UnicodeAttribute(null=True)
    issued_at = UnicodeAttribute(null=True)
    issued_index = IssuedIndex()
    ends_on = UnicodeAttribute(null=True)
    number = UnicodeAttribute(null=True)
    ending_index = EndingIndex()


class AccountRow(Row):
    n = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)


class OutboxTableRow(Row):
    waiting = UnicodeAttribute(null=True)
    at = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)
    waiting_index = WaitingIndex()


ROWS: dict[Table, type[Row]] = {
    Table.ENTERPRISES: EnterpriseRow,
    Table.APPLICATIONS: ApplicationRow,
    Table.CERTIFICATES: CertificateRow,
    Table.ACCOUNTS: AccountRow,
    Table.OUTBOX: OutboxTableRow,
}

Models = Mapping[Table, type[Row]]


def models(resources: Resources, connection: Connection) -> Models:
    """The models bound to the tables of these resources, all reading through one connection."""
    bound = {table: _bound(row, getattr(resources, table.value), resources) for table, row in ROWS.items()}
    for model in bound.values():
        _read_through(connection, model)
    return bound


def connection(resources: Resources, attempts: int) -> Connection:
    """``attempts`` counts the first one: 1 for transactions, whose lost answers are settled by reading."""
    return Connection(
        region=resources.region,
        host=resources.endpoints.get("dynamodb"),
        connect_timeout_seconds=CONNECT_SECONDS,
        read_timeout_seconds=READ_SECONDS,
        retry_configuration={"mode": "standard", "total_max_attempts": attempts},
    )


def _bound(row: type[Row], table_name: str, resources: Resources) -> type[Row]:
    settings = {"table_name": table_name, "region": resources.region, "billing_mode": "PAY_PER_REQUEST"}
    return type(row.__name__, (row,), {"Meta": type("Meta", (), settings)})


def _read_through(shared: Connection, model: type[Row]) -> None:
    """PynamoDB makes a client for each model, at 50 ms each on a cold start; one serves them all."""
    own = model._get_connection()  # noqa: SLF001 - PynamoDB takes no client from outside
    shared.add_meta_table(own.get_meta_table())
    own.connection = shared
