"""Many companies at once over HTTP, from a process that knows only the OpenAPI document; the worker killed meanwhile.

Three processes besides the caller's: the system (this module's `main`), its worker, the companies. So nothing of it
meets an emulator that the caller may hold.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic, sleep
from typing import Any, NoReturn

from chalicelib import wiring
from chalicelib.operations.by_the_clock import every
from chalicelib.rules.records import Counter
from chalicelib.rules.vocabulary import CertificateKind, State
from chalicelib.settings import Settings
from infra.local import system, worker
from infra.local.system import System
from tests.faults.joined import Aftermath, judged, still_moving

COMPANIES = Path(__file__).with_name("companies.py")
PATIENCE = 900.0  # seconds, for all companies together
REST = 120.0  # seconds, from the last certificate until nothing moves
GLANCE = 0.05
AT_DESKS = ("reviewer", "finance")

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Result:
    """``operations``: per operation the number of answers and their p50 and p95 in milliseconds. ``answers``: how
    often something else than the wanted answer came, 503 and lost connections included.

    ``killed_after``: how many certificates there were when the worker was killed in the middle of making another;
    None: it was not.
    """

    companies: int
    completed: int
    certificates: int
    mails: int
    dead_letters: int
    waiting: int
    killed_after: int | None
    seconds: float
    operations: Mapping[str, Mapping[str, int]]
    answers: Mapping[str, int]
    violations: list[str]


def nobody_looks(what: str, done: int, of: int) -> None:
    """Progress that nobody wants to see."""


def run(companies: int, *, kill: bool, progress: Progress = nobody_looks) -> Result:
    """Raises RuntimeError when the system could not even start; what it said stands above."""
    command = [sys.executable, "-m", "tests.faults.load", str(companies), *(["--kill"] if kill else [])]
    surroundings = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings) as process:
        assert process.stdout
        try:
            for line in process.stdout:
                told = json.loads(line)
                if "result" in told:
                    return Result(**told["result"])
                progress(*told["progress"])
        finally:
            process.terminate()
    raise RuntimeError("the load came to no result")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.load", description=__doc__)
    parser.add_argument("companies", type=int)
    parser.add_argument("--kill", action="store_true", help="kill the worker once, in the middle")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, _end)
    result = perform(chosen.companies, kill=chosen.kill, progress=lambda *told: tell(progress=told))
    tell(result=asdict(result))
    return os.EX_OK if not result.violations else 1


def _end(number: int, _: object) -> NoReturn:
    """Whoever ends this process ends those that it has started, too: what is open is closed on the way out."""
    sys.exit(128 + number)


def tell(**what: Any) -> None:
    sys.stdout.write(f"{json.dumps(what, ensure_ascii=False)}\n")
    sys.stdout.flush()


def perform(companies: int, *, kill: bool, progress: Progress) -> Result:
    with TemporaryDirectory() as directory, ExitStack() as opening:
        began, state = monotonic(), Path(directory)
        running = system.opened(opening, system.start(state=state, turning=False))
        crew = system.opened(opening, Crew(running))
        crowd = system.opened(opening, Crowd(running, companies, state, progress))
        killed_after = kill_in_the_middle(crew, crowd, max(1, companies // 3)) if kill else None
        case = Aftermath(running, companies, crowd.said())
        progress("coming to rest", 0, 1)
        come_to_rest(running)
        if kill:
            case.hold(killed_after is not None, "the worker was not killed in the middle")
        violations = judged(case)
        return Result(
            companies, len(case.completed), len(case.certificates), len(case.letters), case.dead_letters, case.waiting,
            killed_after, round(monotonic() - began, 1), case.said["operations"], case.said["others"], violations,
        )  # fmt: skip


class Crew:
    """The one worker there is at a time."""

    def __init__(self, running: System) -> None:
        self._running = running
        self._worker = worker.start(running)

    def kill(self) -> None:
        self._worker.kill()

    def replace(self) -> None:
        self._worker = worker.start(self._running)

    def close(self) -> None:
        self._worker.close()


class Crowd:
    """The companies' process. Staff's secrets go to it by its input, where no list of processes shows them."""

    def __init__(self, running: System, companies: int, state: Path, progress: Progress) -> None:
        self._summary = state / "summary.json"
        command = [sys.executable, str(COMPANIES), running.url, "--phone", running.wechat.url]
        wanted = ["--companies", str(companies), "--seconds", str(PATIENCE)]
        with self._summary.open("w", encoding="utf-8") as summary:
            self._process = subprocess.Popen(
                [*command, *wanted], stdin=subprocess.PIPE, stdout=summary, stderr=subprocess.PIPE, text=True
            )
        assert self._process.stdin
        assert self._process.stderr
        staff = {each.name: asdict(each) for each in running.accounts if each.name in AT_DESKS}
        with self._process.stdin as into:
            json.dump(staff, into)
        self._listener = Thread(target=self._listen, args=(self._process.stderr, progress), daemon=True)
        self._listener.start()

    def _listen(self, told: Any, progress: Progress) -> None:
        for line in told:
            done, of, of_all = line.strip().partition(" of ")
            if of and done.isdecimal():
                progress("joined", int(done), int(of_all))
            else:
                sys.stderr.write(line)

    def is_there(self) -> bool:
        return self._process.poll() is None

    def said(self) -> dict[str, Any]:
        """Once all are through. Raises RuntimeError when it ended without a word."""
        self._process.wait()
        try:
            summary: dict[str, Any] = json.loads(self._summary.read_text(encoding="utf-8"))
        except ValueError:
            raise RuntimeError("the companies' process ended without a summary") from None
        return summary

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._listener.join()
        if self._process.stderr:
            self._process.stderr.close()


def kill_in_the_middle(crew: Crew, crowd: Crowd, some: int) -> int | None:
    """Once ``some`` certificates have been made and the next has got its number: how many there were. None: too late.

    The numbers are read first: one more than the certificates are then is being made at that moment.
    """
    while crowd.is_there():
        given, made = numbers_given(), certificates_made()
        if given > made >= some:
            crew.kill()
            crew.replace()
            return made
        sleep(GLANCE)
    return None


def numbers_given() -> int:
    ports = wiring.ports()
    counter = ports.records.get(Counter, CertificateKind.MEMBER.value, str(ports.clock.today().year))
    return counter.n if counter else 0


def certificates_made() -> int:
    records = wiring.ports().records
    return sum(1 for _ in every(lambda asked: records.applications_in(State.COMPLETED, asked)))


def come_to_rest(running: System) -> None:
    """Until nothing moves, or patience ends: then what still waits is counted as that."""
    until = monotonic() + REST
    while still_moving(running) and monotonic() < until:
        sleep(GLANCE)


if __name__ == "__main__":
    sys.exit(main())
