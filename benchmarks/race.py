"""Contestants take turns on one core, a page each, round after round: whatever slows the machine slows all of them."""

import base64
import json
import os
import random
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.environment import python_of
from benchmarks.page import described, fresh
from chalicelib.rules.certificate_face import printed

WARM_UP = 5
SEED = 2026
CORE = max(os.sched_getaffinity(0))


@dataclass
class Lap:
    """What one contestant did: milliseconds of each page, and of the last one its size and the memory by then."""

    ms: list[float] = field(default_factory=list)
    size: int = 0
    memory: float = 0.0

    @property
    def median(self) -> float:
        return median(self.ms)


class Contestant:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def draw(self, page: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(page) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@contextmanager
def started(name: str, font: Path) -> Iterator[Contestant]:
    module = "benchmarks.ours" if name == "ours" else f"benchmarks.peers.{name}"
    command = [python_of(name), "-m", "benchmarks.worker", module, str(font), str(CORE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Contestant(process)
        assert process.stdin
        process.stdin.close()


def warm(names: Sequence[str], font: Path, rounds: int, *, own_code: bool, keep: Path) -> dict[str, Lap]:
    """Each contestant in a process that has warmed up, each page with a name that nobody has seen."""
    chance, laps = random.Random(SEED), {name: Lap() for name in names}  # noqa: S311 - names, not secrets
    with ExitStack() as stack:
        contestants = {name: stack.enter_context(started(name, font)) for name in names}
        for turn in range(WARM_UP + rounds):
            page = _page(chance, turn, own_code=own_code, keep=turn == WARM_UP)
            for name, contestant in contestants.items():
                answer = contestant.draw(page)
                if page["keep"]:
                    (keep / f"{name}.pdf").write_bytes(base64.b64decode(answer["pdf"]))
                if turn >= WARM_UP:
                    laps[name].ms.append(answer["ms"])
                laps[name].size, laps[name].memory = answer["bytes"], answer["mb"]
    return laps


def cold(names: Sequence[str], font: Path, rounds: int) -> dict[str, Lap]:
    """From the start of a new process to its first page, by the clock on the wall."""
    chance, laps = random.Random(SEED), {name: Lap() for name in names}  # noqa: S311 - names, not secrets
    for turn in range(rounds):
        page = _page(chance, turn, own_code=False, keep=False)
        for name in names:
            began = time.perf_counter()
            with started(name, font) as contestant:
                answer = contestant.draw(page)
                laps[name].ms.append((time.perf_counter() - began) * 1000)
            laps[name].size, laps[name].memory = answer["bytes"], answer["mb"]
    return laps


def _page(chance: random.Random, number: int, *, own_code: bool, keep: bool) -> dict[str, Any]:
    face = fresh(chance, number, own_code=own_code)
    return {**described(face, own_code=own_code), "face": printed(face), "keep": keep}
