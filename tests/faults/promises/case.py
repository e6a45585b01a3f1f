"""What the promises are looked at by: a world that has come to rest, everything there is in it, what was lost."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from tests.faults.observed import Seen, look, state
from tests.faults.world import World

LONGEST_LINE = 900


class Restless(AssertionError):  # noqa: N818 - what it is
    """It did not come to rest within its bounds."""


@dataclass(frozen=True)
class Violation:
    promise: int
    told: str

    def __str__(self) -> str:
        return f"promise {self.promise}: {self.told}"


@dataclass
class Case:
    """``rough``: how often altogether something that was sent may have gone out once more: its answer was lost, or it
    could not be marked as sent. ``at``: when the jobs of the clock last had their turn, as far as anybody knows.

    Looking takes as long as doing, so whoever does something more leaves what he saw ``afterwards`` for the next, and
    in its ``unrest`` whatever did not end or failed as a whole.
    """

    world: World
    seen: Seen
    rough: int = 0
    at: datetime = field(default=None)  # type: ignore[assignment]  # now, once the world is known
    afterwards: "Case | None" = None
    unrest: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.at = self.at or self.world.clock.now()

    @cached_property
    def state(self) -> list[str]:
        return state(self.world, self.seen)

    def again(self) -> "Case":
        self.afterwards = Case(self.world, look(self.world), self.rough, self.at)
        return self.afterwards


Check = Callable[[Case], Iterator[str]]


def rested(world: World, after: str) -> None:
    """Raises Restless."""
    if not world.lambdas.rest():
        raise Restless(f"still at work after {after}")


def difference(before: list[str], after: list[str]) -> str:
    gone, new = Counter(before) - Counter(after), Counter(after) - Counter(before)
    return "\n".join(
        [*(f"  - {line[:LONGEST_LINE]}" for line in gone), *(f"  + {line[:LONGEST_LINE]}" for line in new)]
    )


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What is there by name, compared to the letter."""
    return difference(_lines(before, after), _lines(after, before))


def _lines(these: Mapping[str, str], others: Mapping[str, str]) -> list[str]:
    return [f"{name}: {text}" for name, text in these.items() if others.get(name) != text]
