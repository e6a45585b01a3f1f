"""按时提醒: what lapses and what is owed is said once for each window, by the job of the clock."""

from datetime import date

from tests.faults.journey.dues import A_MEMBER
from tests.faults.journey.qualifying import ENTERED
from tests.faults.journey.steps import step, to_day
from tests.faults.world import World


@step("（到期前六十天） sixty days before six training certificates lapse", struck=False, follows=ENTERED)
def sixty_days_before(world: World) -> None:
    to_day(world, date(2029, 11, 2))


@step("到期提醒 reminded of what lapses", jobs=("reminding",))
def of_what_lapses(world: World) -> None:
    pass


@step("（元旦） a new year, its dues not paid", struck=False, follows=A_MEMBER)
def new_year(world: World) -> None:
    to_day(world, date(2027, 1, 1))


@step("会费提醒 reminded of the dues", jobs=("reminding",))
def of_the_dues(world: World) -> None:
    pass


@step("（三月） still not paid", struck=False)
def march(world: World) -> None:
    to_day(world, date(2027, 3, 2))


@step("（再次提醒） reminded in the next window", jobs=("reminding",), struck=False)
def once_more(world: World) -> None:
    pass
