"""The functions behind the queues, the stream and the clock in a process of their own, which may die at any moment.

A worker that is killed is Lambda dying: its messages come back after their time, the stream is read from its start
again. It ends by itself when its input ends, so that it never outlives whoever started it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from infra.local import making, system
from infra.local.pumps import RETRY, Pumps

UP = "turning\n"


@dataclass(frozen=True)
class Place:
    """Where the emulator of another process is, what its resources are called, and where the log is kept."""

    url: str
    names: Mapping[str, str]
    log: str
    retry: int

    def client(self, service: str) -> Any:
        return making.client(self.url, service)


@dataclass(frozen=True)
class Worker:
    """One that is running; its process has the environment of whoever started it."""

    _process: subprocess.Popen[str]

    def is_told(self, place: Place) -> None:
        """Where to work. Raises OSError when it does not begin."""
        with suppress(BrokenPipeError):  # one that is gone already has said why
            into = _pipe(self._process.stdin)
            into.write(f"{json.dumps(asdict(place))}\n")
            into.flush()
        if _pipe(self._process.stdout).readline() != UP:
            raise OSError("the worker could not start: what it said stands above")

    def kill(self) -> None:
        """At once, in the middle of whatever it is doing."""
        self._process.kill()
        self._gone()

    def close(self) -> None:
        """It finishes what it is doing."""
        _pipe(self._process.stdin).close()
        self._gone()

    def _gone(self) -> None:
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):  # what it never read is of no use any more
                _pipe(pipe).close()


def start(running: system.System, retry: int = RETRY) -> Worker:
    """A worker for a system whose own pumps stand still; it is turning when this returns.

    Raises OSError when it could not start; then nothing of it is left.
    """
    place = Place(running.emulator.url, running.emulator.names, str(running.state / "log.jsonl"), retry)
    worker = Worker(_process())
    try:
        worker.is_told(place)
    except BaseException:
        worker.kill()
        raise
    return worker


def _process() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "infra.local.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for whoever started it
    )


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def main() -> int:
    place = Place(**json.loads(sys.stdin.readline()))
    with ExitStack() as opening:
        opening.enter_context(system.Surroundings({}, Path(place.log)))  # the variables came with the process
        pumps = system.opened(opening, Pumps(place, system.the_app(), place.retry))
        pumps.start()
        sys.stdout.write(UP)
        sys.stdout.flush()
        sys.stdin.read()
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
