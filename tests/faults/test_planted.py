"""The harness is honest: each promise has naive variants that break it, and every one of them is noticed."""

from collections import Counter

import pytest

from tests.faults import planted, work
from tests.faults.planted import PLANTED, Planted
from tests.faults.work import Stage


@pytest.mark.parametrize("fault", PLANTED, ids=lambda each: each.name)
def test_a_planted_fault_is_noticed_by_the_promise_it_breaks(stage: Stage, fault: Planted) -> None:
    assert planted.caught(stage.world, stage.chapters, fault, stage.start).violation is not None


def test_each_promise_has_at_least_two() -> None:
    per_promise = Counter(each.promise for each in PLANTED)
    assert set(per_promise) == set(range(1, 12))
    assert min(per_promise.values()) >= 2
    assert work.how_many_planted() >= 20
