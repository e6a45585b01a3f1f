"""The work of `make faults` in portions that separate processes take on, each with a world of its own."""

import atexit
import os
import random
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults import crashes, planted, races, world
from tests.faults.crashes import Chapter, Outcome
from tests.faults.lambdas import CAPRICES, IN_ORDER
from tests.faults.world import Moment, World

ROOT = Path(__file__).parents[2]
MOST_ORDERS = 1_500  # two workers on one certificate have more; of those, these many
ATTACKS = (
    "tests/handlers/test_by_contract.py", "tests/handlers/test_access.py", "tests/handlers/test_other_peoples.py",
    "tests/handlers/test_forged_tokens.py", "tests/documents/test_inspection.py",
    "tests/messages/test_header_injection.py", "tests/handlers/test_by_chance.py", "tests/infra/test_post_policy.py",
    "tests/handlers/test_dead_letters.py", "tests/infra/test_event_functions.py", "tests/operations/test_time.py",
    "tests/operations/test_time_edges.py",
)  # fmt: skip
PASSED = re.compile(r"(\d+) passed")


@dataclass
class Share:
    """What one portion ran and found. ``sites``: of the calls that were struck; ``recorded``: of all there are."""

    rows: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    violations: list[str] = field(default_factory=list)
    sites: set[str] = field(default_factory=set)
    recorded: set[str] = field(default_factory=set)

    def kept(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "rows": self.rows, "violations": self.violations, "sites": sorted(self.sites),
            "recorded": sorted(self.recorded),
        }  # fmt: skip

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Share":
        rows = {name: Counter(counts) for name, counts in kept["rows"].items()}
        return cls(rows, kept["violations"], set(kept["sites"]), set(kept["recorded"]))


@dataclass(frozen=True)
class Stage:
    """A world, where its journey begins, and the journey as it goes without faults."""

    world: World
    chapters: list[Chapter]
    start: Moment


STAGE: list[Stage] = []


@contextmanager
def staged() -> Iterator[Stage]:
    """A stage for as long as somebody plays on it: the world's environment is the process's."""
    with world.started() as here:
        chapters = crashes.written(here)
        STAGE.append(Stage(here, chapters, chapters[0].before))
        try:
            yield STAGE[-1]
        finally:
            STAGE.pop()


def stage() -> Stage:
    """The one that is open; in a process of its own it is opened at first use and ends with the process."""
    if not STAGE:
        opening = staged()
        opening.__enter__()
        atexit.register(opening.__exit__, None, None, None)
    return STAGE[-1]


# --- crash points and deliveries --------------------------------------------------------------------------------------


def struck_points(kind: str, part: int, parts: int, share: float, seed: int) -> Share:
    """The ``part``-th of so many ``parts``, points of one step together; with a ``share`` below 1 some of the points by
    chance, each site once.
    """
    here = stage()
    found = Share()
    for run in RUNS[kind](here, part, parts, share, seed):
        _note(found, run)
    if kind == "crashes":
        found.recorded = recorded(here.chapters)
    return found


def recorded(chapters: list[Chapter]) -> set[str]:
    """Of all steps, the set-ups too: what only one of those reached would never be struck."""
    return {call.site for chapter in chapters for call in chapter.calls}


def _crashes(here: Stage, part: int, parts: int, share: float, seed: int) -> Any:
    everything = list(crashes.points(here.chapters))
    wanted = everything if share >= 1 else sample(here.chapters, everything, share, seed)
    for n, plan in portion(sorted(wanted, key=lambda point: point[0]), part, parts):
        yield crashes.struck(here.world, here.chapters[n], plan)


def sample(chapters: list[Chapter], everything: list[Any], share: float, seed: int) -> list[Any]:
    """By chance, but with every call site among them: one that is never struck would be a hole in the net."""
    chance = random.Random(seed)
    shuffled = sorted(everything, key=lambda _: chance.random())
    first: dict[str, Any] = {}
    for n, plan in shuffled:
        first.setdefault(chapters[n].calls[plan.number].site, (n, plan))
    most = max(len(first), int(len(everything) * share))
    rest = [each for each in shuffled if each not in first.values()]
    return [*first.values(), *rest[: most - len(first)]]


def portion(everything: list[Any], part: int, parts: int) -> list[Any]:
    """Neighbours stay together: what they draw is drawn once."""
    return everything[len(everything) * part // parts : len(everything) * (part + 1) // parts]


def _deliveries(here: Stage, part: int, parts: int, share: float, seed: int) -> Any:
    """Set-ups are left out: they end in the middle of something, which the sweepers then go on with."""
    ways = (IN_ORDER, *CAPRICES)
    everything = [(chapter, caprice) for chapter in here.chapters if chapter.step.struck for caprice in ways]
    wanted = everything if share >= 1 else random.Random(seed).sample(everything, max(1, int(len(everything) * share)))
    for chapter, caprice in portion(wanted, part, parts):
        yield crashes.struck(here.world, chapter, None, caprice)


RUNS: dict[str, Callable[..., Any]] = {"crashes": _crashes, "deliveries": _deliveries}


def _note(found: Share, outcome: Outcome) -> None:
    found.rows[outcome.what].update({"points": 1, "violations": len(outcome.violations)})
    found.sites.add(outcome.site)
    found.violations += [f"{outcome.step}, {outcome.what}, {outcome.site}: {each}" for each in outcome.violations]


# --- planted faults, races --------------------------------------------------------------------------------------------


def plant(n: int) -> Share:
    here, chosen, found = stage(), planted.PLANTED[n], Share()
    outcome = planted.caught(here.world, here.chapters, chosen, here.start)
    caught = int(outcome.violation is not None and not outcome.early)
    found.rows[f"promise {chosen.promise:>2}"].update({"planted": 1, "caught": caught, "runs": outcome.runs})
    if outcome.violation is None:
        found.violations.append(f"not caught: {chosen.name} (promise {chosen.promise})")
    elif outcome.early:
        found.violations.append(f"caught without what it should take: {chosen.name}: {outcome.violation}")
    return found


def race(n: int, seed: int) -> Share:
    here, chosen, found = stage(), races.RACES[n], Share()
    here.world.back_to(here.start)
    run = races.run(here.world, chosen, MOST_ORDERS, seed)
    name = chosen.name if run.complete else f"{chosen.name} ({run.orders:,} of more)"
    found.rows[name].update({"orders": run.orders, "violations": len(run.violations)})
    found.violations += [f"{chosen.name}: {each}" for each in run.violations]
    return found


# --- the load, and what strangers try ---------------------------------------------------------------------------------


def loaded(companies: int) -> Share:
    from tests.faults import load  # noqa: PLC0415 - it starts a system of its own

    result = load.run(companies, kill=True)
    counts = {
        "certificates": result.certificates, "mails": result.mails, "dead": result.dead_letters,
        "waiting": result.waiting, "killed at": result.killed_after or 0, "violations": len(result.violations),
    }  # fmt: skip
    found = Share({f"{companies} companies": Counter(counts)}, list(result.violations))
    if result.killed_after is None:
        found.violations.append("the worker was never killed in the middle of a certificate")
    return found


def attacked(name: str) -> Share:
    """One file of tests, with many more examples than usual."""
    surroundings = {**os.environ, "FAULTS_EXAMPLES": "50"}
    command = [sys.executable, "-m", "pytest", "-x", name]
    ran = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    found = Share()
    tests = sum(int(number) for number in PASSED.findall(ran.stdout))
    found.rows[Path(name).stem.removeprefix("test_")].update({"tests": tests, "violations": int(ran.returncode != 0)})
    if ran.returncode or not tests:
        found.violations.append(f"{name}: {tests} passed\n{ran.stdout[-3000:]}")
    return found


PARTS: dict[str, Callable[..., Share]] = {
    "crashes": struck_points, "deliveries": struck_points, "planted": plant, "races": race, "load": loaded,
    "attack": attacked,
}  # fmt: skip
