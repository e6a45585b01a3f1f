"""One fault at a time: a step of the journey, one of its calls struck one way, and then all the promises."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from chalicelib.rules.records import OutboxRow, OutboxStatus
from tests.faults import people
from tests.faults.injector import Call, Plan, plans
from tests.faults.journey import JOURNEY, Step
from tests.faults.lambdas import IN_ORDER, Caprice
from tests.faults.observed import Seen, look, state
from tests.faults.promises import Case, Violation, at_rest, broken, difference
from tests.faults.world import Moment, World

MARK = re.compile(r"operations\.outgoing\._(settled|consent_used)|^smtp\.quit")
REDRIVE = "redriven-after-all"
OF_A_REDRIVE = re.compile(
    rf'"idempotency_key": "journey-{REDRIVE}-|"deed": "redrive", .*"reason": ""|"status": "done", .*"check_upload"'
)
UNHEARD = re.compile(r'"delivery": "(?:sent|no_consent)"|"consents": \{[^}]*\}')
SWEEPS = ({"minutes": 6}, {"hours": 2, "minutes": 10}, {"minutes": 6})


@dataclass(frozen=True)
class Chapter:
    """A step with the moment before it, the calls of its smooth run, and the state that this ends in."""

    step: Step
    before: Moment
    calls: tuple[Call, ...]
    end: tuple[str, ...]
    end_any_day: tuple[str, ...]
    dead: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    step: str
    what: str
    site: str
    violations: tuple[Violation, ...] = field(default=())


def written(world: World) -> list[Chapter]:
    """The whole journey without faults. It must keep every promise, and come to rest at every step."""
    people.employ(world)
    chapters = []
    for step in JOURNEY:
        before = world.moment()
        world.back_to(before)
        world.injector.prepare(None)
        performed(world, step)
        calls = tuple(world.injector.calls)
        end = world.moment()
        violations = broken(Case(world, look(world)))
        assert not violations, (step.name, [str(each) for each in violations])
        world.back_to(end)
        seen = look(world)
        chapters.append(
            Chapter(
                step,
                before,
                calls,
                tuple(state(world, seen)),
                tuple(state(world, seen, days=False)),
                frozenset(dead_letters(seen)),
            )
        )
    return chapters


def performed(world: World, step: Step, caprice: Caprice = IN_ORDER) -> None:
    """What people do, the jobs of the clock, then whatever follows until all is quiet."""
    world.lambdas.caprice = caprice
    step.act(world)
    if not world.lambdas.rest():
        raise Restless(step.name)
    if step.days:
        world.later(days=step.days)
    for job in step.jobs:
        for _ in range(people.PATIENCE):
            if world.lambdas.tick(job):
                break
            world.later(minutes=5)
    if not world.lambdas.rest():
        raise Restless(step.name)


class Restless(AssertionError):  # noqa: N818 - what it is
    """It did not come to rest within its bounds."""


def settled(world: World) -> None:
    """The sweepers have had their turns, and what waits for a person has been sent on its way again."""
    for wait in SWEEPS:
        world.later(**wait)
        world.lambdas.tick("sweeping")
        if not world.lambdas.rest():
            raise Restless("after the sweep")


def redriven(world: World, expected: frozenset[str]) -> None:
    """After an outage that was longer than any queue's patience: the office sends its dead letters on again."""
    fresh = sorted(dead_letters(look(world)) - expected)
    for n, letter in enumerate(fresh):
        people.staff(world, "admin").post(f"/staff/dead-letters/{letter}/redrive", key=f"{REDRIVE}-{n}")
    world.lambdas.rest()


def visibly_stuck(world: World) -> list[Violation]:
    """While the outage has left dead letters: staff see each of them, and why."""
    return [Violation(11, told) for told in at_rest(Case(world, look(world)))]


def dead_letters(seen: Seen) -> set[str]:
    return {row.id for row in seen.records(OutboxRow) if row.status is OutboxStatus.DEAD}


def struck(world: World, chapter: Chapter, plan: Plan | None, caprice: Caprice = IN_ORDER) -> Outcome:
    """The chapter once more with one thing gone wrong."""
    what = plan.mode.name if plan else caprice.name
    world.back_to(chapter.before)
    world.injector.prepare(plan)
    violations: list[Violation] = []
    case: Case | None = None
    try:
        performed(world, chapter.step, caprice)
        world.injector.plan = None
        settled(world)
        if plan is not None and plan.deliveries:
            violations += visibly_stuck(world)
            redriven(world, chapter.dead)
        case = Case(world, look(world), _unnoticed(world))
        violations += compared(case, chapter, days=not caprice.late.days)
    except (AssertionError, people.GaveUp) as trouble:
        violations.append(Violation(11, f"{type(trouble).__name__}: {trouble}"))
    finally:
        world.injector.plan = None
    call = world.injector.struck
    case = case or Case(world, look(world), _unnoticed(world))
    violations += broken(case)
    if plan is not None and (call is None or call.site != chapter.calls[plan.number].site):
        violations.append(Violation(0, f"another call was struck than was meant: {chapter.calls[plan.number].site}"))
    return Outcome(chapter.step.name, what, call.site if call else caprice.name, tuple(violations))


def _unnoticed(world: World) -> int:
    """How often something may go out once more: an answer was lost, or what was sent could not be marked as sent."""
    call = world.injector.struck
    marks_missed = len(world.injector.struck_runs) if call is not None and MARK.search(call.site) else 0
    return world.injector.lost_answers + marks_missed


def compared(case: Case, chapter: Chapter, *, days: bool) -> list[Violation]:
    world = case.world
    wanted = list(chapter.end if days else chapter.end_any_day)
    found = case.state if days else state(world, case.seen, days=False)
    if world.injector.struck_runs:
        wanted, found = ([each for each in lines if not OF_A_REDRIVE.search(each)] for lines in (wanted, found))
    if case.rough:
        # WeChat took the notice and nobody heard, or nobody could note it: asked again it has no consent left.
        wanted, found = (sorted(UNHEARD.sub("…", each) for each in lines) for lines in (wanted, found))
    if found == wanted:
        return []
    return [Violation(0, "it ended otherwise than without the fault:\n" + difference(wanted, found))]


def points(chapters: list[Chapter]) -> Iterator[tuple[int, Plan]]:
    """Every point of every chapter, in order."""
    for n, chapter in enumerate(chapters):
        if chapter.step.struck:
            yield from ((n, plan) for plan in plans(chapter.calls))
