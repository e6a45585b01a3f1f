"""One world for all the tests of this room in a process: writing its journey is most of what a test would take."""

import pytest

from tests.faults import work
from tests.faults.work import Stage


@pytest.fixture(scope="session")
def stage() -> Stage:
    return work.stage()
