"""One fault at a time: a step of the journey, one of its calls struck one way, and then all the promises."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from tests.faults import people
from tests.faults.comparing import End, compared, dead_letters, once_more, redrive_key
from tests.faults.injector import Call, Plan, plans
from tests.faults.journey import BEGINNING, JOURNEY, Step
from tests.faults.lambdas import IN_ORDER, Caprice
from tests.faults.observed import look
from tests.faults.promises import Case, Restless, Violation, at_rest, broken, rested
from tests.faults.promises.rest import dead_letters_are_shown
from tests.faults.world import Moment, World

__all__ = ["Chapter", "Outcome", "Restless", "performed", "points", "settled", "smooth", "struck", "written"]

SWEEPS = ({"minutes": 6}, {"hours": 2, "minutes": 10}, {"minutes": 6})


@dataclass(frozen=True)
class Chapter:
    """A step with the moments before and after it, and the calls of its smooth run."""

    step: Step
    before: Moment
    after: Moment
    calls: tuple[Call, ...]
    _ends: list[End] = field(default_factory=list)

    def end(self, world: World) -> End:
        """How it ends once it has settled. Found out when it is first asked for: few need all of them."""
        if not self._ends:
            world.back_to(self.after)
            world.injector.prepare(None)
            settled(world)
            self._ends.append(End.of(world))
        return self._ends[0]


@dataclass(frozen=True)
class Outcome:
    step: str
    what: str
    site: str
    violations: tuple[Violation, ...] = field(default=())


def written(world: World) -> list[Chapter]:
    """The whole journey without faults. It comes to rest at every step; what else it must keep is judged as any run."""
    people.employ(world)
    return list(_chapters(world))


def _chapters(world: World) -> Iterator[Chapter]:
    ends, latest = {BEGINNING: world.moment()}, BEGINNING
    for step in JOURNEY:
        before = ends[latest if step.follows is None else step.follows]
        chapter = _chapter(world, step, before)
        ends[step.name], latest = chapter.after, step.name
        yield chapter


def _chapter(world: World, step: Step, before: Moment) -> Chapter:
    world.back_to(before)
    world.injector.prepare(None)
    performed(world, step)
    calls = tuple(world.injector.calls)
    return Chapter(step, before, world.moment(), calls)


def performed(world: World, step: Step, caprice: Caprice = IN_ORDER) -> None:
    """What people do, the jobs of the clock, then whatever follows until all is quiet. Raises Restless."""
    world.lambdas.caprice = caprice
    step.act(world)
    rested(world, step.name)
    if step.days:
        world.later(days=step.days)
    for job in step.jobs:
        _run(world, job)
    rested(world, f"the jobs of {step.name}")


def _run(world: World, job: str) -> None:
    """As the scheduler does: what failed is begun again, and not for ever."""
    for _ in range(people.PATIENCE):
        if world.tick(job):
            return
        world.later(minutes=5)
    raise Restless(f"{job} fails every time")


def settled(world: World) -> None:
    """The sweepers have had their turns, and what waits for a person has been sent on its way again.

    Raises Restless, also when a sweep fails although nothing is struck any more.
    """
    for wait in SWEEPS:
        world.later(**wait)
        swept = world.tick("sweeping")
        rested(world, "the sweep")
        if not swept:
            raise Restless("the sweep failed")


def visibly_stuck(world: World) -> list[Violation]:
    """While the outage has left dead letters: staff see each of them, and why."""
    case = Case(world, look(world))
    return [Violation(11, told) for check in (at_rest, dead_letters_are_shown) for told in check(case)]


def redriven(world: World, expected: frozenset[str]) -> frozenset[str]:
    """After an outage that was longer than any queue's patience: the office sends its dead letters on again.

    Answers their ids. Raises Restless when it cannot, or when they do not get through now.
    """
    fresh = dead_letters(look(world)).keys() - expected
    for letter in sorted(fresh):
        path = f"/staff/dead-letters/{letter}/redrive"
        answer = people.staff(world, "admin").post(path, key=redrive_key(letter))
        if not answer.ok:
            raise Restless(f"{letter} cannot be sent on again: {answer.status} {answer.body.decode()}")
    rested(world, "the dead letters were sent on again")
    return frozenset(fresh)


# --- one fault --------------------------------------------------------------------------------------------------------


def struck(world: World, chapter: Chapter, plan: Plan | None, caprice: Caprice = IN_ORDER) -> Outcome:
    """The chapter once more with one thing gone wrong; whatever came of it, it is left to settle and judged."""
    end = chapter.end(world)
    world.back_to(chapter.before)
    world.injector.prepare(plan)
    violations = _noted(lambda: performed(world, chapter.step, caprice))
    world.injector.plan = None
    violations += _noted(lambda: settled(world))
    sent_on: list[str] = []
    if plan is not None and plan.deliveries:
        violations += _noted(lambda: visibly_stuck(world))
        violations += _noted(lambda: sent_on.extend(redriven(world, end.dead)))
    violations += _noted(lambda: _judged(world, chapter, plan, caprice, sent_on))
    call = world.injector.struck
    what = plan.mode.name if plan else caprice.name
    return Outcome(chapter.step.name, what, call.site if call else caprice.name, tuple(violations))


def smooth(world: World, chapter: Chapter) -> Outcome:
    """Nothing goes wrong, and everything is judged all the same."""
    return struck(world, chapter, None)


def _noted(live: Callable[[], Iterable[Violation] | None]) -> list[Violation]:
    """What it finds. Not to come to rest is promise 11; a step may name the promise that it saw broken; all else that
    breaks off is told as it is.
    """
    try:
        return list(live() or ())
    except Restless as trouble:
        return [Violation(11, f"it does not come to rest: {trouble}")]
    except Exception as trouble:  # noqa: BLE001 - whatever it was, it is what came of the fault
        return [Violation(getattr(trouble, "promise", 0), f"{type(trouble).__name__}: {trouble}")]


def _judged(
    world: World, chapter: Chapter, plan: Plan | None, caprice: Caprice, sent_on: list[str]
) -> Iterator[Violation]:
    case = Case(world, look(world), once_more(world, plan))
    yield from _missed(world, chapter, plan)
    yield from compared(case, chapter.end(world), frozenset(sent_on), days=not caprice.late.days)
    yield from broken(case)


def _missed(world: World, chapter: Chapter, plan: Plan | None) -> list[Violation]:
    if plan is None:
        return []
    call, meant = world.injector.struck, chapter.calls[plan.number].site
    found = call is not None and call.site == meant
    return [] if found else [Violation(0, f"another call was struck than was meant: {meant}")]


def points(chapters: list[Chapter]) -> Iterator[tuple[int, Plan]]:
    """Every point of every chapter, in order."""
    for n, chapter in enumerate(chapters):
        if chapter.step.struck:
            yield from ((n, plan) for plan in plans(chapter.calls))
