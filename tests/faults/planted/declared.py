"""What is planted: under which name, which promise it breaks, where that shows, and what is told of it then."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.aws import writing
from chalicelib.operations.ports import Replace

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Planted:
    """``promise``: the one it breaks; ``told``: words of what is found broken. ``where``: the steps that show it (a
    part of their names), or the races.

    ``modes``: the faults that it takes, at the calls whose site holds ``at``; without any of them it must not show.
    No modes: the steps run smoothly, in order and each event twice.
    """

    name: str
    promise: int
    told: str
    plant: Callable[[Patch], None]
    where: tuple[str, ...]
    modes: tuple[str, ...] = ()
    raced: bool = False
    at: str = ""


PLANTED: list[Planted] = []


def plant(name: str, promise: int, told: str, *where: str, **more: Any) -> Callable[[Callable[[Patch], None]], Any]:
    """``more``: see Planted."""

    def declare(planting: Callable[[Patch], None]) -> Callable[[Patch], None]:
        PLANTED.append(Planted(name, promise, told, planting, where, **more))
        return planting

    return declare


# --- what several have in common --------------------------------------------------------------------------------------


def record_of(change: Any) -> Any:
    return change.after if isinstance(change, Replace) else change.record


def kind_of(change: Any) -> str:
    return type(record_of(change)).__name__


def committed_apart(
    patch: Patch, first: Callable[[Any], bool], when: Callable[[tuple[Any, ...]], bool] = lambda _: True
) -> None:
    """What is chosen is committed by itself, before the rest; ``when`` says of which commits."""
    commit = writing.Writer.commit

    def in_two(writer: writing.Writer, changes: tuple[Any, ...]) -> None:
        if not when(changes):
            commit(writer, changes)
            return
        for part in (tuple(each for each in changes if first(each)), tuple(c for c in changes if not first(c))):
            if part:
                commit(writer, part)

    patch.setattr(writing.Writer, "commit", in_two)
