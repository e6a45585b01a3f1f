"""The orders that the scheduler leaves out would have told nothing new: held against every order, on a small memory."""

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faults.scheduler import Runner, Touch, every_order

CELLS = "xyz"
Steps = tuple[tuple[str, str], ...]
STEPS = st.lists(st.tuples(st.sampled_from(["read", "write"]), st.sampled_from(CELLS)), min_size=1, max_size=3)
Program = list[tuple[str, str]]


def carried_out(who: int, program: Program, memory: dict[str, str], stop: Callable[[Touch], None]) -> str:
    """Reads remember what they saw; a write leaves who wrote and what he had seen until then."""
    seen = ""
    for verb, cell in program:
        place = frozenset({cell})
        stop(Touch(place) if verb == "read" else Touch(writes=place))
        if verb == "read":
            seen += memory.get(cell, "-")
        else:
            memory[cell] = f"[{who}{seen}]"
    return seen


def every_order_by_hand(programs: Sequence[Program]) -> set[tuple[str, ...]]:
    steps = [n for n, program in enumerate(programs) for _ in program]
    return {_ended(programs, order) for order in set(permutations(steps))}


def _ended(programs: Sequence[Program], order: tuple[int, ...]) -> tuple[str, ...]:
    memory: dict[str, str] = {}
    seen, at = [""] * len(programs), [0] * len(programs)
    for n in order:
        verb, cell = programs[n][at[n]]
        at[n] += 1
        if verb == "read":
            seen[n] += memory.get(cell, "-")
        else:
            memory[cell] = f"[{n}{seen[n]}]"
    return (*seen, *(memory.get(cell, "-") for cell in CELLS))


@pytest.fixture(scope="module")
def crew() -> Iterator[list[Runner]]:
    runners = [Runner(f"runner {n}") for n in range(3)]
    yield runners
    for runner in runners:
        runner.close()


@given(programs=st.lists(STEPS, min_size=2, max_size=3))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_every_outcome_that_any_order_can_have_is_seen(crew: list[Runner], programs: list[Program]) -> None:
    memory: dict[str, str] = {}

    def begin() -> list[Callable[[], str]]:
        memory.clear()
        return [
            lambda n=n, program=program: carried_out(n, program, memory, crew[n].stop_before)  # type: ignore[misc]
            for n, program in enumerate(programs)
        ]

    found = {
        (*ran.outcomes, *(memory.get(cell, "-") for cell in CELLS)) for ran in every_order(crew[: len(programs)], begin)
    }
    assert found == every_order_by_hand(programs)


def test_two_who_touch_nothing_in_common_are_run_once(crew: list[Runner]) -> None:
    programs: list[Program] = [[("write", "x")] * 3, [("write", "y")] * 3]
    begin = lambda: [lambda n=n: carried_out(n, programs[n], {}, crew[n].stop_before) for n in range(2)]  # noqa: E731
    assert len(list(every_order(crew[:2], begin))) == 1
