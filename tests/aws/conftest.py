"""The same records twice: in memory, and in DynamoDB as moto emulates it. A contract test runs on both."""

import logging
from collections.abc import Iterator

import pytest
from moto import mock_aws

from chalicelib.aws.records import DynamoRecords
from chalicelib.aws.wrapping import LocalWrapping
from chalicelib.memory.records import MemoryRecords
from chalicelib.memory.time_and_ids import FixedClock
from chalicelib.operations.ports import Records
from tests.aws.emulated import REGION, RESOURCES, fresh_tables

KEPT_LONGER_THAN_KEYS = 1000


@pytest.fixture(scope="session")
def aws() -> Iterator[None]:
    logging.getLogger("botocore").setLevel(logging.INFO)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        with mock_aws():
            yield


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


class Seconds:
    """A monotonic clock that stands still unless it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="session")
def session_clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="session")
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture(scope="session")
def one_store(aws: None, session_clock: FixedClock, seconds: Seconds) -> DynamoRecords:
    """Its clients are made once: making them is most of what a test would take."""
    return DynamoRecords(RESOURCES, LocalWrapping(b"k" * 32), session_clock, seconds)


@pytest.fixture
def store(one_store: DynamoRecords, session_clock: FixedClock, seconds: Seconds) -> DynamoRecords:
    """The real store over empty tables, with no data key remembered."""
    fresh_tables()
    seconds.now += KEPT_LONGER_THAN_KEYS
    session_clock.set(FixedClock().now())
    return one_store


@pytest.fixture(params=["memory", "dynamodb"])
def records(request: pytest.FixtureRequest) -> Records:
    if request.param == "memory":
        return MemoryRecords(request.getfixturevalue("clock"))
    return request.getfixturevalue("store")


@pytest.fixture
def moving_clock(request: pytest.FixtureRequest, records: Records) -> FixedClock:
    """The clock that the records under test go by."""
    in_memory = isinstance(records, MemoryRecords)
    return request.getfixturevalue("clock" if in_memory else "session_clock")
