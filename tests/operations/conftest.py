import pytest

from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.operations.ports import Ports


@pytest.fixture
def ports() -> Ports:
    return ports_in_memory()
