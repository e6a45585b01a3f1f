"""Those who meet, at once: a few of the orders here, drawn from all of them; all, or very many, in `make faults`."""

import pytest

from tests.faults import races
from tests.faults.races import RACES, Race
from tests.faults.work import Stage

SOME = 3


@pytest.mark.parametrize("race", RACES, ids=lambda each: each.name)
def test_in_whatever_order_two_meet_the_promises_hold(stage: Stage, race: Race) -> None:
    stage.world.back_to(stage.start)
    run = races.run(stage.world, race, most=SOME, seed=1)
    assert not run.violations, "\n".join(map(str, run.violations))
    assert run.orders == SOME or run.complete
    assert run.orders > 1


def test_whoever_looks_for_one_violation_need_not_see_them_all(stage: Stage) -> None:
    """And a race leaves the world where it began, whatever was told in it."""
    stage.world.back_to(stage.start)
    chosen = next(each for each in RACES if each.name == "approve / approve")
    careless = Race(chosen.name, 3, chosen.set_up, lambda *_: "whatever they heard")
    run = races.run(stage.world, careless, until=lambda violation: violation.promise == 3)
    assert (run.orders, run.complete) == (1, False)
    assert run.violations[0].told.startswith("whatever they heard\n  in the order ")
    assert not any(each.key.startswith("race-") for each in stage.world.told)


def test_a_phone_overwrites_its_upload_before_it_is_read_before_it_is_copied_and_afterwards(stage: Stage) -> None:
    """The condition on the copy is met by the race, and nothing else is left to be tried."""
    stage.world.back_to(stage.start)
    chosen = next(each for each in RACES if each.name == "an upload is overwritten while it is checked")
    assert len({len(each.order) for each in races.played(stage.world, chosen)}) == 3
