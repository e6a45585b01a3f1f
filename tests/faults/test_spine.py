"""A seeded sample of what `make faults` runs whole: every call site struck once, every promise looked at each time."""

import pytest

from tests.faults import crashes, work
from tests.faults.journey import FEE, checked, money, put_in
from tests.faults.lambdas import CAPRICES, Caprice
from tests.faults.observed import look
from tests.faults.people import staff
from tests.faults.promises import Case, broken
from tests.faults.work import Stage

SEED = 3
PORTIONS = 12


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_when_nothing_goes_wrong_every_promise_holds(stage: Stage, portion: int) -> None:
    for chapter in stage.chapters[portion::PORTIONS]:
        outcome = crashes.smooth(stage.world, chapter)
        assert not outcome.violations, outcome


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


def test_what_credit_had_paid_is_credit_again_when_the_booking_is_undone(stage: Stage) -> None:
    """The receipt was for the rest alone: that never arrived, what was credit before did."""
    world = stage.world
    world.back_to(next(each.before for each in stage.chapters if each.step.act is money.the_rest))
    world.injector.prepare(None)
    world.names["of-rest"] = put_in(world, "chen", "dues", amount=FEE - money.PART, again="-rest")
    checked(world, world.names["of-rest"], "confirm", received=FEE - money.PART)
    money.undone(world, "dues", "of-rest", arrived=False)
    world.lambdas.rest()
    owner = f"enterprise:{world.names['enterprise-chen']['id']}"
    assert broken(Case(world, look(world))) == []
    assert staff(world, "finance").get(f"/staff/credits/{owner}").json["balance"] == money.PART
