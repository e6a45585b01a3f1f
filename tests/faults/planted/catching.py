"""Plants one, runs what shows it, and says by what it was noticed: by the promise it breaks, in the words it should."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from tests.faults import promises, races
from tests.faults.crashes import Chapter, Outcome, performed, smooth, struck
from tests.faults.injector import Plan, plans
from tests.faults.lambdas import CAPRICES, IN_ORDER
from tests.faults.planted.declared import Planted
from tests.faults.promises import Violation
from tests.faults.world import KNOWN, Moment, World


@dataclass(frozen=True)
class Caught:
    """``violation``: what gave it away; None: nothing did. ``early``: it showed although no call was struck yet."""

    planted: Planted
    runs: int
    violation: Violation | None
    early: bool = False


def caught(world: World, chapters: list[Chapter], planted: Planted, start: Moment) -> Caught:
    chosen = [each for each in chapters if any(name in each.step.name for name in planted.where)]
    for chapter in chosen:
        chapter.end(world)  # as it is without what is planted
    forget_papers()
    with pytest.MonkeyPatch.context() as patch:
        planted.plant(patch)
        outcome = _caught(world, chosen, planted, start)
    forget_papers()
    return outcome


def _caught(world: World, chosen: list[Chapter], planted: Planted, start: Moment) -> Caught:
    if planted.modes:
        chosen = [_as_it_goes_now(world, each) for each in chosen]
        for chapter in chosen:
            if (found := _noticed(smooth(world, chapter).violations, planted)) is not None:
                return Caught(planted, 1, found, early=True)
    runs = 0
    for violations in _races(world, planted, start) if planted.raced else _steps(world, chosen, planted):
        runs += 1
        if (found := _noticed(violations, planted)) is not None:
            return Caught(planted, runs, found)
    return Caught(planted, runs, None)


def _as_it_goes_now(world: World, chapter: Chapter) -> Chapter:
    """With what is planted it may make other calls than without."""
    world.back_to(chapter.before)
    world.injector.prepare(None)
    performed(world, chapter.step)
    return replace(chapter, calls=tuple(world.injector.calls))


def _noticed(violations: tuple[Violation, ...], planted: Planted) -> Violation | None:
    return next((each for each in violations if each.promise == planted.promise and planted.told in each.told), None)


def forget_papers() -> None:
    """What was drawn before (or after) something was planted is no witness."""
    promises.DRAWN.clear()
    for known in KNOWN:
        known.clear()


def _races(world: World, planted: Planted, start: Moment) -> Iterator[tuple[Violation, ...]]:
    for race in races.RACES:
        if any(name in race.name for name in planted.where):
            world.back_to(start)
            yield from (played.violations for played in races.played(world, race))


def _steps(world: World, chosen: list[Chapter], planted: Planted) -> Iterator[tuple[Violation, ...]]:
    for chapter in chosen:
        yield from (each.violations for each in _runs(world, chapter, planted))


def _runs(world: World, chapter: Chapter, planted: Planted) -> Iterator[Outcome]:
    if not planted.modes:
        yield from (struck(world, chapter, None, caprice) for caprice in (IN_ORDER, CAPRICES[0]))
    for plan in _plans(chapter, planted):
        yield struck(world, chapter, plan)


def _plans(chapter: Chapter, planted: Planted) -> Iterator[Plan]:
    meant = (each for each in plans(chapter.calls) if each.mode.name in planted.modes)
    return (each for each in meant if planted.at in chapter.calls[each.number].site)
