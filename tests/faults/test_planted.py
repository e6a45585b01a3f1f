"""The harness is honest: each promise has naive variants that break it, and every one of them is noticed."""

from collections import Counter

import pytest

from tests.faults import planted
from tests.faults.planted import PLANTED, Planted
from tests.faults.work import Stage


@pytest.mark.parametrize("fault", PLANTED, ids=lambda each: each.name)
def test_a_planted_fault_is_noticed_by_the_promise_it_breaks(stage: Stage, fault: Planted) -> None:
    """And not before the call is struck that it takes: then it would have been noticed for something else."""
    outcome = planted.caught(stage.world, stage.chapters, fault, stage.start)
    assert outcome.violation is not None
    assert not outcome.early, outcome.violation


def test_each_promise_has_at_least_two() -> None:
    per_promise = Counter(each.promise for each in PLANTED)
    assert set(per_promise) == set(range(1, 12))
    assert min(per_promise.values()) >= 2
    assert len(PLANTED) >= 20
