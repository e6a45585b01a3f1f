"""Whatever a record may hold comes back as it went in, and two releases can read each other's rows."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.aws.codec import decoded, encoded
from chalicelib.aws.places import PLACES, RECORDS
from chalicelib.memory.sample import SAMPLE
from chalicelib.rules.association import Association
from chalicelib.rules.records import Record, User
from chalicelib.rules.vocabulary import Personal
from tests.aws import samples

CENTURY = datetime(2000, 1, 1)  # noqa: DTZ001 - hypothesis adds the offset
OFFSETS = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-3, minutes=-30))])
NAMES = st.text("abcdefg_中", min_size=1, max_size=5)
TEXTS = st.text(max_size=20)
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: st.integers(-(10**30), 10**30),
    bool: st.booleans(),
    date: st.dates(),
    datetime: st.datetimes(CENTURY, CENTURY.replace(year=2100), timezones=OFFSETS),
    NoneType: st.none(),
    Personal: st.builds(Personal, TEXTS, st.none(), st.binary(min_size=1, max_size=9)),
}


def any_of(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a type, by the hint alone and without the codec's help."""
    if hint in SIMPLE:
        return SIMPLE[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return st.builds(hint, **{name: any_of(each) for name, each in get_type_hints(hint).items()})
    first, *rest = get_args(hint)
    return {
        Union: lambda: st.one_of(*(any_of(each) for each in (first, *rest))),
        UnionType: lambda: st.one_of(*(any_of(each) for each in (first, *rest))),
        tuple: lambda: st.lists(any_of(first), max_size=3).map(tuple),
        frozenset: lambda: st.frozensets(any_of(first), max_size=3),
        Mapping: lambda: st.dictionaries(NAMES, any_of(rest[0]), max_size=3),
    }[get_origin(hint)]()


def through_dynamodb(body: dict[str, Any]) -> dict[str, Any]:
    stored = TypeSerializer().serialize(body)
    read: dict[str, Any] = TypeDeserializer().deserialize(stored)
    return read


@pytest.mark.parametrize("kind", PLACES, ids=RECORDS)
def test_any_record_comes_back_as_it_went_in(kind: type[Record]) -> None:
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(any_of(kind))
    def holds(record: Record) -> None:
        back = decoded(kind, through_dynamodb(encoded(record)))
        assert back == record
        # Personal values are equal whatever their ciphertext, which matters here.
        assert encoded(back) == encoded(record)

    holds()


def test_every_kind_of_record_has_a_place() -> None:
    assert set(PLACES) == set(Record.__subclasses__()) | {Association}
    assert {type(record) for record in samples.ONE_OF_EACH} | {Association} == set(PLACES)


def test_the_whole_association_comes_back_as_it_went_in() -> None:
    assert decoded(Association, through_dynamodb(encoded(SAMPLE))) == SAMPLE


def test_an_attribute_of_a_later_release_is_ignored() -> None:
    body = encoded(samples.application())
    body["of_a_later_release"] = 1
    body["persons"][0]["of_a_later_release"] = {"x": 1}
    assert encoded(decoded(type(samples.application()), body)) == encoded(samples.application())


@pytest.mark.parametrize("kind", PLACES, ids=RECORDS)
def test_an_attribute_that_an_earlier_release_did_not_write_takes_its_default(kind: type[Record]) -> None:
    record = next(each for each in (*samples.ONE_OF_EACH, SAMPLE) if type(each) is kind)
    needed = {part.name for part in fields(kind) if part.default is MISSING and part.default_factory is MISSING}
    body = {name: value for name, value in encoded(record).items() if name in needed}
    back = decoded(kind, body)
    assert back.version == 0
    assert back.key == record.key


def test_instants_are_kept_in_the_associations_own_time() -> None:
    noon = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
    body = encoded(samples.application(since=noon))
    assert body["since"] == "2026-03-02T12:00:00+08:00"


def test_an_instant_without_its_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="since"):
        encoded(samples.application(since=datetime(2026, 3, 2, 4, 0)))  # noqa: DTZ001 - the very mistake


def test_plain_text_is_never_part_of_a_body() -> None:
    assert "openid-of-u1" not in repr(encoded(samples.user()))
    assert decoded(User, encoded(samples.user())).openid.plain is None
