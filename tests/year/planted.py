"""Naive variants of the house, each of which breaks a promise that the machine must see broken."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest

from chalicelib.memory.files import MemoryFiles
from chalicelib.operations import (
    applications,
    commands,
    editions,
    enrolment,
    importing,
    issuing,
    notices,
    outbox,
    reconciling,
    reminding,
)
from chalicelib.operations.ports import Change, Insert, Replace
from chalicelib.rules import certificates, eligibility, statement_matching, workflow
from chalicelib.rules.records import Claim, MembershipYear
from chalicelib.rules.vocabulary import Effect, How, plain
from tests.year.units import Unit

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Planted:
    """``founders``, ``members``: how many who joined three years, or some time, before it takes to show."""

    name: str
    promise: int
    plant: Callable[[Patch], None]
    founders: int = 0
    members: int = 7


PLANTED: list[Planted] = []


def plant(
    name: str, promise: int, founders: int = 0, members: int = 7
) -> Callable[[Callable[[Patch], None]], Callable[[Patch], None]]:
    def noted(planted: Callable[[Patch], None]) -> Callable[[Patch], None]:
        PLANTED.append(Planted(name, promise, planted, founders, members))
        return planted

    return noted


# --- what is kept -----------------------------------------------------------------------------------------------------


@plant("an accepted file is kept as something else", 1)
def kept_otherwise(patch: Patch) -> None:
    keep = MemoryFiles.keep

    def spoiled(self: MemoryFiles, file: str, tag: str, place: str) -> None:
        keep(self, file, tag, place)
        self.kept[place] += b" and more"

    patch.setattr(MemoryFiles, "keep", spoiled)


@plant("an order under the same key is done again", 2)
def done_again(patch: Patch) -> None:
    noted, fresh = commands._acknowledgement, count()

    def forgetting(*given: Any) -> Any:
        return replace(noted(*given), idempotency_key=f"another-{next(fresh)}")

    patch.setattr(commands, "_acknowledgement", forgetting)


@plant("a step leaves out a number of the history", 3)
def history_with_a_hole(patch: Patch) -> None:
    taken = workflow._taken

    def skipping(step: Any, application: Any, *given: Any) -> Any:
        decision = taken(step, application, *given)
        after = replace(decision.application, entries=decision.application.entries + 1)
        return replace(decision, application=after)

    patch.setattr(workflow, "_taken", skipping)


# --- certificates -----------------------------------------------------------------------------------------------------


@plant("a number is left out", 4)
def hole(patch: Patch) -> None:
    counted = issuing._count

    def skipping(*given: Any) -> Any:
        n, counting = counted(*given)
        if isinstance(counting, Replace):
            return n + 1, Replace(counting.before, replace(counting.after, n=n + 1))  # type: ignore[call-arg]  # a counter
        return n, counting

    patch.setattr(issuing, "_count", skipping)


@plant("two people are enough", 5)
def two_are_enough(patch: Patch) -> None:
    patch.setattr(eligibility, "SIX", 2)


@plant("a renewal runs to the end of the year", 5, founders=4)
def renewed_too_long(patch: Patch) -> None:
    patch.setattr(certificates, "END_OF_RENEWAL", (12, 31))


@plant("a review starts three new years", 5, founders=4)
def review_renews(patch: Patch) -> None:
    terms = {
        **editions.TERMS,
        How.REVIEWED: lambda _, __, today, ___: certificates.first_term(today, certificates.three_years_from(today)),
    }
    patch.setattr(editions, "TERMS", terms)


@plant("what was held is never free again", 5)
def never_released(patch: Patch) -> None:
    patch.setitem(applications.EFFECTS, Effect.RELEASE, lambda *_: ())


# --- what is told -----------------------------------------------------------------------------------------------------


@plant("of what is completed nobody hears", 6)
def untold(patch: Patch) -> None:
    announced = applications.recorded

    def silent(ports: Any, decision: Any, gathered: Any) -> Any:
        return announced(ports, replace(decision, notice=None), gathered)

    patch.setattr(issuing, "recorded", silent)


@plant("nobody is reminded of his dues", 6)
def not_reminded(patch: Patch) -> None:
    patch.setattr(reminding, "dues_owed", lambda *_: None)


@plant("what was said is not noted", 6)
def forgets_what_was_said(patch: Patch) -> None:
    patch.setattr(reminding, "_noted", lambda *_: ())


@plant("neither what was said is noted nor that its promise is kept", 7)
def forgets_whatever_it_said(patch: Patch) -> None:
    def forgetful(ports: Any, _: str, *asked: Any) -> commands.Deed | None:
        told = reminding._said(ports, *asked)
        return commands.Deed(told, asked[0]) if told else None

    patch.setattr(reminding, "_kept", forgetful)
    patch.setattr(reminding, "_noted", lambda *_: ())


@plant("a notice tells the contact's telephone", 8)
def telephone_told(patch: Patch) -> None:
    about = notices.about

    def talkative(application: Any, *given: Any) -> Any:
        return {**about(application, *given), "telephone": plain(application.form.get("contact_mobile"))}

    patch.setattr(notices, "about", talkative)


@plant("whoever asks may see", 8)
def everybody_sees(patch: Patch) -> None:
    patch.setattr(applications, "is_own", lambda *_: True)


# --- money ------------------------------------------------------------------------------------------------------------


@plant("a year is booked as the next one", 9)
def next_year_booked(patch: Patch) -> None:
    booked = enrolment.enrolled

    def early(*given: Any) -> Any:
        return tuple(map(_a_year_later, booked(*given)))

    patch.setitem(issuing.FOLLOWING, Effect.ENROL, early)


def _a_year_later(change: Change) -> Change:
    if isinstance(change, Insert) and isinstance(change.record, MembershipYear):
        return Insert(replace(change.record, year=change.record.year + 1))
    return change


@plant("what is over is credited and not written down", 9)
def credit_unwritten(patch: Patch) -> None:
    patch.setattr(reconciling, "moved", lambda *_: ())


@plant("a line of a statement is entered with every export", 9)
def line_twice(patch: Patch) -> None:
    entered = importing._new_line

    def unguarded(*given: Any) -> Any:
        return tuple(each for each in entered(*given) if not isinstance(each.record, Claim))

    patch.setattr(importing, "_new_line", unguarded)


@plant("whoever types a serial number is believed", 9, members=12)
def number_believed(patch: Patch) -> None:
    """And everybody types that of the last transfer of anybody."""
    typed = [""]

    def of_the_last_one(_: Unit, serial: str) -> str:
        typed.append(serial)
        return typed[-2]

    patch.setattr(Unit, "_says", of_the_last_one)
    asked = tuple(map(statement_matching._unless_by_serial, statement_matching._ASKED))
    patch.setattr(statement_matching, "_ASKED", asked)


# --- rest -------------------------------------------------------------------------------------------------------------


@plant("done work is not marked as done", 11, members=0)
def never_done(patch: Patch) -> None:
    patch.setattr(outbox, "done", lambda *_: None)
