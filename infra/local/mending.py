"""moto, mended where it is deaf, or slower with every record that there is; each was measured under load.

It copies every table of a transaction, whole, once for each of its items; and a cancelled one leaves the copy in the
table's place, so that readers of its stream hear no more. It sorts a whole table to find one partition. And most of
the time of an answer goes into walking items by their shape, which are JSON already.
"""

import copy
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import signature
from typing import Any, cast

from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb import models
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

Json = dict[str, Any]
Transact = Callable[[DynamoDBBackend, list[Json]], None]
Found = tuple[list[Item], int, Json | None]
Undo = Callable[[], None]

MENDED = "5.2.5"  # of another moto nothing here is known; a test holds the installed one to it


def mend() -> None:
    """For every emulator of this process, whose state moto shares; a second time changes nothing."""
    theirs: Any = models
    if theirs.copy is not WithoutTables:
        backend, table, serializer = cast("tuple[Any, ...]", (DynamoDBBackend, Table, BaseJSONSerializer))
        theirs.copy = WithoutTables
        backend.transact_write_items = undoing(backend.transact_write_items)
        table.query = within_a_partition(table.query)
        serializer._serialize_type_structure = straight(serializer._serialize_type_structure)  # noqa: SLF001 - no other way in


# --- transactions -----------------------------------------------------------------------------------------------------


class WithoutTables:
    """In place of the module `copy` in moto's: the only tables that are copied there are those of transactions."""

    @staticmethod
    def deepcopy(thing: Any) -> Any:
        return thing if isinstance(thing, Table) else copy.deepcopy(thing)


def undoing(transact: Transact) -> Transact:
    @wraps(transact)
    def transact_write_items(backend: DynamoDBBackend, transact_items: list[Json]) -> None:
        with undone_on_trouble([*_ways_back(backend, transact_items)]):
            transact(backend, transact_items)

    return transact_write_items


@contextmanager
def undone_on_trouble(ways_back: list[Undo]) -> Iterator[None]:
    try:
        yield
    except Exception:
        for undo in ways_back:
            undo()
        raise


def _ways_back(backend: DynamoDBBackend, transact_items: list[Json]) -> Iterator[Undo]:
    """How each of the items, and each stream, is put back to what it is now."""
    for operation in (next(iter(item.values())) for item in transact_items):
        table = backend.tables.get(operation["TableName"])
        if table is not None:
            yield _way_back(table, operation.get("Key") or operation["Item"])


def _way_back(table: Table, said: Json) -> Undo:
    """Raises TypeError for a table without a sort key: ours all have one, and moto keeps others in another shape."""
    if table.range_key_attr is None:
        raise TypeError(f"{table.name} has no sort key: mending.py does not know how to undo what is done to it")
    partition, row = DynamoType(said[table.hash_key_attr]), DynamoType(said[table.range_key_attr])
    before = copy.deepcopy(table.items[partition].get(row)) if partition in table.items else None
    told = table.stream_shard.items if table.stream_shard else []
    length = len(told)

    def undo() -> None:
        del told[length:]
        if before is not None:
            table.items[partition][row] = before
        elif partition in table.items:
            table.items[partition].pop(row, None)

    return undo


# --- queries ----------------------------------------------------------------------------------------------------------


def within_a_partition(query: Callable[..., Found]) -> Callable[..., Found]:
    takes = signature(query)

    @wraps(query)
    def narrowed(table: Table, *given: Any, **more: Any) -> Found:
        asked = takes.bind(table, *given, **more).arguments
        by_index = asked.get("index_name")
        return query(table if by_index else _only(table, asked["hash_key"]), *given, **more)

    return narrowed


def _only(table: Table, partition: DynamoType) -> Table:
    narrow = copy.copy(table)
    narrow.items = {partition: table.items[partition]} if partition in table.items else {}  # type: ignore[assignment]
    return narrow


# --- answers ----------------------------------------------------------------------------------------------------------


def straight(by_shape: Callable[..., None]) -> Callable[..., None]:
    @wraps(by_shape)
    def serialize(serializer: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue" and isinstance(value, dict):
            serializer._default_serialize(serialized, _plain(value), shape, key)  # noqa: SLF001 - moto's own way there
        else:
            by_shape(serializer, serialized, value, shape, key)

    return serialize


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case bytes():
            return b64encode(value).decode()
    return value
