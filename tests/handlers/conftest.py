from collections.abc import Iterator
from io import StringIO
from logging import StreamHandler
from pathlib import Path
from typing import Any

import pytest
from chalice.test import Client
from pydantic import SecretStr

from app import app
from chalicelib import wiring
from chalicelib.handlers.logbook import log
from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.operations.ports import Ports
from chalicelib.settings import Settings
from tests.handlers.asking import Asker, House

SECRET = "a made-up secret of more than 32 characters"
READ_BY_HANDLERS: dict[str, Any] = {"session_secret": SecretStr(SECRET)}
SETTINGS = Settings.model_construct(**READ_BY_HANDLERS)


@pytest.fixture(scope="session")
def client() -> Client:
    return Client(app, stage_name="live", project_dir=str(Path(__file__).parents[2]))


@pytest.fixture
def ports() -> Iterator[Ports]:
    given = ports_in_memory()
    wiring.use(given, SETTINGS)
    yield given
    wiring.use(None)


@pytest.fixture
def house(client: Client, ports: Ports) -> House:
    return House(client, ports)


@pytest.fixture
def visitor(house: House) -> Asker:
    return house.visitor


@pytest.fixture
def member(house: House) -> Asker:
    return house.member()


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """What is written to the log during a test."""
    (handler,) = log.handlers
    assert isinstance(handler, StreamHandler)
    paper = StringIO()
    before = handler.setStream(paper)
    yield paper
    handler.setStream(before)
