"""The whole system once per worker, with failed messages coming back at once; and one package per session."""

from collections.abc import Iterator

import pytest

from infra.local import emulator, system


@pytest.fixture(scope="module")
def aws() -> Iterator[emulator.Emulator]:
    running = emulator.start()
    yield running
    running.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[system.System]:
    running = system.start(state=tmp_path_factory.mktemp("state"), retry=0)
    yield running
    running.close()
