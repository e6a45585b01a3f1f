"""`make year`: 500 enterprises and 5,000 practitioners through 18 months, every promise checked at each month's end.

Two year ends and two review seasons, on the real operations over the records in memory. The years before, in which the
first members join, pass without a word: their qualifications come to their renewal in the months that are shown.
Prints a table of the months; exit status 1 when a promise is broken.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import product
from pathlib import Path

from chalicelib.rules.records import Practitioner
from chalicelib.rules.statement_matching import Certainty
from tests.year.machine import Machine, Size
from tests.year.promises import PROMISES, Seen, Violation, broken
from tests.year.table import Row, laid_out, row

WIDTH = 40
SAYS_AGAIN = 15  # seconds
MOST_SHOWN = 40


class Bar:
    """Progress on one line of a terminal; elsewhere a line now and then."""

    def __init__(self, size: Size) -> None:
        self.size, self.began, self._said = size, time.monotonic(), time.monotonic()

    def on(self, day: date) -> None:
        now, share, terminal = time.monotonic(), self.size.share(day), sys.stderr.isatty()
        if day < self.size.last and now - self._said < (0.1 if terminal else SAYS_AGAIN):
            return
        self._said = now
        filled, left = int(WIDTH * share), (now - self.began) * (1 - share) / share
        bar = f"{day:%Y-%m-%d} [{'#' * filled}{'.' * (WIDTH - filled)}] {share:4.0%}, {left:,.0f} s left"
        sys.stderr.write(f"\r{bar}   " if terminal else f"{bar}\n")
        sys.stderr.write("\n" if terminal and day == self.size.last else "")
        sys.stderr.flush()


class Report:
    """What is found as the months pass."""

    def __init__(self, size: Size) -> None:
        self.size, self.machine, self.bar = size, Machine(size), Bar(size)
        self.rows: list[Row] = []
        self.violations: dict[Violation, date] = {}
        self.seconds = 0.0

    def run(self) -> None:
        began = time.monotonic()
        self.machine.run(self.bar.on, self._month)
        self.seconds = time.monotonic() - began

    def _month(self, last: date) -> None:
        self.rows.append(row(Seen(self.machine.town), last.replace(day=1)))
        for each in broken(self.machine.town):
            self.violations.setdefault(each, last)

    def __str__(self) -> str:
        return "\n".join([laid_out(self.rows), "", *self._checked(), "", *self._verdict()])

    def _checked(self) -> Iterable[str]:
        town = self.machine.town
        kinds = Counter(kind.__name__ for kind, _ in town.kept)
        yield (
            f"{kinds['Enterprise']:,} enterprises and {kinds[Practitioner.__name__]:,} practitioners, "
            f"{kinds['Application']:,} applications, {town.acknowledged:,} orders, {len(town.kept):,} records, "
            f"{sum(town.refused.values()):,} refusals, in {self.seconds:,.0f} s"
        )
        yield "lines of bank statements: " + ", ".join(f"{n:,} {how}" for how, n in self._proposed().items())
        yield "Checked at each month's end:"
        for promise, told, check in PROMISES:
            times = sum(each.promise == promise and each.check in (check.__name__, "slips") for each in self.violations)
            yield f"  {promise:>2}  {'broken ' if times else 'kept   '} {told}" + (f" ({times})" if times else "")

    def _proposed(self) -> dict[str, int]:
        """How certain, whether it was right, and how often."""
        both = product(Certainty, {True: "right", False: "wrong"}.items())
        proposed = self.machine.town.proposed
        return {f"{certainty.value} and {told}": proposed[certainty, right] for certainty, (right, told) in both}

    def _verdict(self) -> Iterable[str]:
        if not self.violations:
            yield "no promise broken"
            return
        for each, month in list(self.violations.items())[:MOST_SHOWN]:
            yield f"! {month:%Y-%m} {each}"[:1000]
        yield f"violations: {len(self.violations)}; the same again with --seed {self.size.seed}"

    def keep(self, out: Path) -> None:
        out.parent.mkdir(parents=True, exist_ok=True)
        found = {
            "seed": self.size.seed, "enterprises": self.size.enterprises, "months": self.rows,
            "seconds": round(self.seconds, 1), "refusals": dict(self.machine.town.refused.most_common()),
            "proposals": self._proposed(),
            "violations": [f"{month:%Y-%m} {each}" for each, month in self.violations.items()],
        }  # fmt: skip
        out.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="make year", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--enterprises", type=int, default=500, help="default: %(default)s")
    parser.add_argument("--months", type=int, default=18, help="from November 2026 on (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=None, help="of the chance (default: another each time)")
    parser.add_argument("--out", type=Path, default=Path("out/year.json"), help="default: %(default)s")
    given = parser.parse_args(arguments)
    if given.enterprises < 1 or given.months < 1:
        parser.error("at least one enterprise and one month")
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    report = Report(Size.of(given.enterprises, given.months, seed))
    sys.stderr.write(f"seed {seed}: {given.enterprises} enterprises through {given.months} months\n")
    report.run()
    report.keep(given.out)
    sys.stdout.write(f"{report}\n")
    return 1 if report.violations else 0


if __name__ == "__main__":
    sys.exit(main())
