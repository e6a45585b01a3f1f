"""Those that exclude each other, at once: a few of the orders here, all of them in `make faults`."""

import pytest

from tests.faults import races
from tests.faults.races import RACES, Race
from tests.faults.work import Stage

SOME = 8


@pytest.mark.parametrize("race", RACES, ids=lambda each: each.name)
def test_in_whatever_order_two_meet_the_promises_hold(stage: Stage, race: Race) -> None:
    stage.world.back_to(stage.start)
    run = races.run(stage.world, race, most=SOME)
    assert not run.violations, "\n".join(map(str, run.violations))
    assert run.orders > 1
