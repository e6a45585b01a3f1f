"""Counts that tests keep besides whether they passed; they are summed over all workers and told at the end of a run."""

from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

# a property of a test under this name holds what was tried, how often it went well, and how often it was tried
COUNTED = "counted"


def summed(reports: Iterable[pytest.TestReport]) -> Iterator[str]:
    """One line for each thing that was tried."""
    well: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    for report in reports:
        for name, value in report.user_properties:
            if name == COUNTED and report.when == "call":
                what, good, all_of_them = value
                well[what] += good
                tried[what] += all_of_them
    return (f"{what}: {well[what]} of {tried[what]}" for what in sorted(tried))
