"""One world for the tests of this room that run one after the other: writing its journey takes longer than a test.

It ends before another room's tests begin: environment, clock and emulator are the process's.
"""

from collections.abc import Iterator

import pytest

from tests.faults import work
from tests.faults.work import Stage


@pytest.fixture(scope="package")
def stage() -> Iterator[Stage]:
    with work.staged() as staged:
        yield staged
