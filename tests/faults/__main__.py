"""`make faults`: every call of the journey struck every way, every pair in every order, every planted fault, the load.

Prints a table for each; exit status 1 on any violation, any planted fault that is not caught, any call never struck.
Each portion is kept as soon as it is done: `--resume` goes on where a run that was cut off has come to.
"""

import argparse
import json
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from traceback import format_exception
from typing import Any

from tests.faults import work
from tests.faults.planted import PLANTED
from tests.faults.portions import Kept, code, name_of
from tests.faults.races import RACES
from tests.faults.work import Share

PARTS = ("crashes", "deliveries", "planted", "races", "load", "attack")
WIDTH = 40
SHARES = 96  # of each part: small enough for the bar to move, and for a worker whose parent is gone to end soon


@dataclass
class Tally:
    """What a part has run and found. ``table`` rows: name, how many, violations."""

    part: str
    rows: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    violations: list[str] = field(default_factory=list)
    sites: set[str] = field(default_factory=set)
    recorded: set[str] = field(default_factory=set)
    seconds: float = 0.0

    def take(self, share: Share) -> None:
        for name, counts in share.rows.items():
            self.rows[name].update(counts)
        self.violations += share.violations
        self.sites |= share.sites
        self.recorded |= share.recorded

    def close(self, began: float) -> None:
        """A call that goes out in a smooth run and is never struck is a hole in the net."""
        self.violations += [f"never struck: {site}" for site in sorted(self.recorded - self.sites)]
        self.seconds = time.monotonic() - began


class Bar:
    """Progress on one line of a terminal; elsewhere a line now and then."""

    def __init__(self, part: str, total: int) -> None:
        self.part, self.total, self.done, self.earlier = part, total, 0, 0
        self.began, self._said = time.monotonic(), 0.0

    def on(self, *, of_now: bool = True) -> None:
        """One more is done; not ``of_now``: by an earlier run, so it tells nothing of how long the rest takes."""
        self.done += 1
        self.earlier += not of_now
        now = time.monotonic()
        if not sys.stderr.isatty() and now - self._said < 30 and self.done < self.total:
            return
        self._said = now
        filled = WIDTH * self.done // max(1, self.total)
        left = (now - self.began) / max(1, self.done - self.earlier) * (self.total - self.done)
        line = f"{self.part:<11}[{'#' * filled}{'.' * (WIDTH - filled)}] {self.done}/{self.total}, {left:,.0f} s left "
        print(line, end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)


def everything(tasks: dict[str, list[tuple[Any, ...]]], processes: int, kept: Kept) -> Iterator[Tally]:
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for part, asked in tasks.items():
            yield _one(pool, part, asked, kept)


def _one(pool: Executor, part: str, asked: list[tuple[Any, ...]], kept: Kept) -> Tally:
    tally, bar, began = Tally(part), Bar(part, len(asked)), time.monotonic()
    left = []
    for one in asked:
        if (found := kept.done.get(name_of(part, one))) is None:
            left.append(one)
        else:
            tally.take(found)
            bar.on(of_now=False)
    running = {pool.submit(work.PARTS[part], *one): name_of(part, one) for one in left}
    for each in as_completed(running):
        _take(tally, each, running[each], kept)
        bar.on()
    tally.close(began)
    return tally


def _take(tally: Tally, ended: "Future[Share]", portion: str, kept: Kept) -> None:
    """Whoever waits hears of a violation at once."""
    trouble = ended.exception()
    if trouble is None:
        tally.take(ended.result())
        kept.keep(portion, ended.result())
        told = ended.result().violations
    else:
        told = ["a portion broke off:\n" + "".join(format_exception(trouble))]
        tally.violations += told
    for each in told:
        print(f"  ! {each[:2000]}", file=sys.stderr, flush=True)


# --- what people read -------------------------------------------------------------------------------------------------


def table(tally: Tally) -> str:
    columns = list(dict.fromkeys(name for counts in tally.rows.values() for name in counts))
    width = max((len(name) for name in tally.rows), default=10)
    lines = [f"\n{tally.part} ({tally.seconds:,.0f} s)", f"{'':<{width}}" + "".join(f"{name:>12}" for name in columns)]
    for name, counts in sorted(tally.rows.items()):
        lines.append(f"{name:<{width}}" + "".join(f"{counts[column]:>12,}" for column in columns))
    whole: Counter[str] = Counter()
    for counts in tally.rows.values():
        whole.update(counts)
    lines.append(f"{'together':<{width}}" + "".join(f"{whole[column]:>12,}" for column in columns))
    if tally.recorded:
        lines.append(f"call sites: {len(tally.recorded)} recorded, {len(tally.recorded & tally.sites)} struck")
    return "\n".join(lines + [f"  ! {each[:2000]}" for each in tally.violations[:50]])


def _points(kind: str) -> Callable[[float, int], list[tuple[Any, ...]]]:
    return lambda share, seed: [(kind, n, SHARES, share, seed) for n in range(SHARES)]


ASKED: dict[str, Callable[[float, int], list[tuple[Any, ...]]]] = {
    "crashes": _points("crashes"),
    "deliveries": _points("deliveries"),
    "planted": lambda _, __: [(n,) for n in range(len(PLANTED))],
    "races": lambda _, seed: [(n, seed) for n in range(len(RACES))],
    "load": lambda _, __: [(50,)],
    "attack": lambda _, __: [(name,) for name in work.ATTACKS],
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="at once (default: %(default)s)")
    parser.add_argument("--share", type=float, default=1.0, help="of the points, by chance (default: all)")
    parser.add_argument("--seed", type=int, default=None, help="of the chance (default: another each time)")
    parser.add_argument("--resume", action="store_true", help="go on with what a run of the same seed has left")
    parser.add_argument("--out", type=Path, default=Path("out/faults.json"), help="default: %(default)s")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if given.resume and given.seed is None:
        parser.error("to go on, say the seed that the run began with")
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    kept = Kept(given.out.with_suffix(".portions.jsonl"), {"code": code(), "seed": seed, "share": given.share})
    kept.begin(resume=given.resume)
    tasks = {part: ASKED[part](given.share, seed) for part in given.parts or PARTS}
    print(f"seed {seed}, {given.processes} processes", file=sys.stderr)
    tallies = []
    for tally in everything(tasks, given.processes, kept):
        tallies.append(tally)
        print(table(tally), flush=True)
    _keep(given.out, seed, tallies)
    broken = sum(len(each.violations) for each in tallies)
    print(f"\n{'violations: ' + str(broken) if broken else 'no violation'}")
    return 1 if broken else 0


def _keep(out: Path, seed: int, tallies: list[Tally]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    kept = [
        {"part": each.part, "seconds": each.seconds, "rows": each.rows, "violations": each.violations}
        for each in tallies
    ]
    out.write_text(json.dumps({"seed": seed, "parts": kept}, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
