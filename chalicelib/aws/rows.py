"""Records as rows and rows as records."""

from collections.abc import Mapping
from typing import Any

from chalicelib.aws.codec import decoded
from chalicelib.aws.indexes import listed
from chalicelib.aws.places import RECORDS, Place
from chalicelib.aws.tables import Models, Row
from chalicelib.rules.records import Record

Item = Mapping[str, Any]


def row_of(models: Models, place: Place, record: Record, body: Item, mark: str, *, is_copy: bool) -> Row:
    aside: dict[str, Any] = {} if is_copy else dict(listed(record))
    name, version = type(record).__name__, record.version
    return models[place.table](place.pk, place.sk, record=name, version=version, body=body, mark=mark, **aside)


def record_of(row: Row) -> Record:
    """Raises LookupError for a row that is no record, such as a data key."""
    return decoded(RECORDS[row.record], row.body)
