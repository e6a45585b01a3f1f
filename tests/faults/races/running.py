"""Runs a race: its orders one after the other, each from the same moment, each followed by all the promises."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.faults.crashes import settled
from tests.faults.observed import look
from tests.faults.promises import Case, Restless, Violation, broken
from tests.faults.races.declared import Race, Request, Run, is_done
from tests.faults.scheduler import Ran, Runner, Task, every_order
from tests.faults.touching import touched
from tests.faults.world import Told, World


@dataclass(frozen=True)
class Played:
    """One order: who made each call, in turn, and what it broke. ``more``: there are others left."""

    order: tuple[int, ...]
    violations: tuple[Violation, ...]
    more: bool


def run(
    world: World,
    chosen: Race,
    most: int | None = None,
    seed: int = 0,
    until: Callable[[Violation], bool] = lambda _: False,
) -> Run:
    """All orders of a race, or ``most`` that are drawn with the seed; no more after a violation that is looked for."""
    orders, more = 0, False
    found: list[Violation] = []
    for each in played(world, chosen, most, seed):
        orders, more = orders + 1, each.more
        found += each.violations
        if any(until(violation) for violation in each.violations):
            break
    return Run(chosen.name, orders, not more, tuple(found))


def played(world: World, chosen: Race, most: int | None = None, seed: int = 0) -> Iterator[Played]:
    """One order after the other, for whoever may not want all of them. Leaves the world where they began to race."""
    world.injector.prepare(None)
    tasks = chosen.set_up(world)
    start = world.moment()
    taking_part: list[Task] = []

    def begin() -> Sequence[Task]:
        world.back_to(start)
        world.injector.prepare(None)
        # Python 3.11 loads a cached property behind a lock: a runner that stops in it would stop the others for good
        _ = world.ports.printer._sealer  # type: ignore[attr-defined]  # the lazy one
        taking_part[:] = tasks()
        return taking_part

    try:
        with runners(world, chosen.runners) as crew:
            for ran in every_order(crew, begin, most, seed):
                yield Played(ran.order, tuple(after(world, chosen, ran, taking_part)), ran.more)
    finally:
        world.back_to(start)


@contextmanager
def runners(world: World, count: int) -> Iterator[list[Runner]]:
    crew = [Runner(f"runner {n}") for n in range(count)]
    by_thread = {runner.thread.ident: runner for runner in crew}

    def stop(operation: str, request: Any) -> None:
        runner = by_thread.get(threading.get_ident())
        if runner is not None:
            runner.stop_before(touched(operation, request))

    world.injector.before_each = stop
    try:
        yield crew
    finally:
        world.injector.before_each = None
        for runner in crew:
            runner.close()


def after(world: World, chosen: Race, ran: Ran, tasks: Sequence[Task]) -> list[Violation]:
    """What is broken when all is quiet again. What the runners were told counts as told, like the journey's answers."""
    way = said(world, ran)
    world.told += acknowledged(tasks, ran.outcomes)
    rested = _comes_to_rest(world)
    wrong = chosen.expect(world, ran.outcomes)
    found = [Violation(chosen.promise, wrong)] if wrong else []
    found += broken(Case(world, look(world))) if rested else [Violation(11, "did not come to rest")]
    return [Violation(each.promise, f"{each.told}\n  in the order {way}") for each in found]


def acknowledged(tasks: Sequence[Task], outcomes: Sequence[Any]) -> list[Told]:
    """Each key once: that both heard the same under it, the race expects; that it was done once, the promises."""
    heard: dict[str, Told] = {}
    for task, outcome in zip(tasks, outcomes, strict=True):
        if isinstance(task, Request) and task.key and is_done(outcome):
            heard.setdefault(task.key, task.told(outcome))
    return [*heard.values()]


def _comes_to_rest(world: World) -> bool:
    try:
        rested = world.lambdas.rest()
        settled(world)
    except Restless:
        return False
    return rested


def said(world: World, ran: Ran) -> str:
    """The order for a reader: who, and which call from where."""
    calls = world.injector.calls[: len(ran.order)]
    steps = (f"{who} {call.site}" for who, call in zip(ran.order, calls, strict=True))
    return "".join(map(str, ran.order)) + "".join(f"\n    {step}" for step in steps)
