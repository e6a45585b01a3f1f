"""A seeded sample of what `make faults` runs whole: every call site struck once, every promise looked at each time."""

import pytest

from tests.faults import crashes, work
from tests.faults.lambdas import CAPRICES, Caprice
from tests.faults.work import Stage

SEED = 3
PORTIONS = 12


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_whatever_call_goes_wrong_every_promise_holds(stage: Stage, portion: int) -> None:
    found = work.struck_points("crashes", portion, PORTIONS, share=0.0, seed=SEED)
    assert not found.violations, "\n".join(found.violations)


def test_the_sample_strikes_every_call_that_the_journey_makes(stage: Stage) -> None:
    sample = work.sample(stage.chapters, list(crashes.points(stage.chapters)), 0.0, SEED)
    struck = {stage.chapters[n].calls[plan.number].site for n, plan in sample}
    assert struck == work.recorded(stage.chapters)


@pytest.mark.parametrize("caprice", CAPRICES, ids=lambda each: each.name)
def test_however_the_events_of_a_certificate_come_it_is_made_once(stage: Stage, caprice: Caprice) -> None:
    for chapter in stage.chapters:
        if "制证 confirmed" in chapter.step.name:
            outcome = crashes.struck(stage.world, chapter, None, caprice)
            assert not outcome.violations, outcome
