"""What the reviewer saw when he last decided: which files he refused, what he found, and what has changed since."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.rules.records import Application, Entry, Look, MaterialFile, MaterialVerdict, SeenFile
from chalicelib.rules.vocabulary import FileStatus, FormValue, Reason, State, plain

REFUSED_BY_REVIEWER = "refused_by_reviewer"

Spot = tuple[str, str | None]
"""A slot, and whose it is where everyone brings his own."""


# --- files as the verdicts leave them ---------------------------------------------------------------------------------


def judged(files: tuple[MaterialFile, ...], look: Look | None) -> tuple[MaterialFile, ...]:
    """The files as they stand: what the reviewer refused is refused, with his reason; who he is is not said."""
    refused = {file: each for each in _refusals(look) for file in each.files}
    return tuple(_refused(each, refused[each.id]) if each.id in refused else each for each in files)


def _refusals(look: Look | None) -> tuple[MaterialVerdict, ...]:
    return tuple(each for each in look.verdicts if not each.accepted) if look else ()


def _refused(file: MaterialFile, verdict: MaterialVerdict) -> MaterialFile:
    told = Reason(REFUSED_BY_REVIEWER, f"审核未通过：{verdict.reason}", "请更换该资料后再提交。", file.slot)
    return replace(file, status=FileStatus.REFUSED, reasons=(told,))


def reason_of_reviewer(files: Iterable[MaterialFile]) -> Reason | None:
    """Why the reviewer refused one of these files, if he did."""
    found = (reason for each in files for reason in each.reasons if reason.code == REFUSED_BY_REVIEWER)
    return next(found, None)


def verdict_on(look: Look | None, spot: Spot, files: Iterable[MaterialFile]) -> MaterialVerdict | None:
    """The verdict on a material, as long as it is about what lies there now.

    ``files`` are those of the spot. A refusal stands until something else has come in; an acceptance as long as exactly
    what was accepted is there.
    """
    good = {each.id for each in files if each.status is FileStatus.ACCEPTED}
    said = [each for each in look.verdicts if _spot(each) == spot] if look else []
    standing = (each for each in said if good == (set(each.files) if each.accepted else set()))
    return next(standing, None)


# --- keeping a look ---------------------------------------------------------------------------------------------------


def looked_at(
    application: Application, files: tuple[MaterialFile, ...], at: datetime, given: tuple[MaterialVerdict, ...],
    earlier: Look | None,
) -> Look:  # fmt: skip
    """What the reviewer sees at his next step. ``application`` is opened; ``files`` as they stand before it.

    Earlier verdicts go on where he says nothing new: he need not judge again what he has accepted, and what he refused
    is not accepted because it was left lying beside its better.
    """
    there = tuple(each for each in files if each.status is FileStatus.ACCEPTED or reason_of_reviewer((each,)))
    return Look(
        application=application.id, entry=application.entries + 1, at=at, form=application.form,
        persons=tuple(each.id for each in application.persons),
        files=tuple(SeenFile(each.id, each.slot, each.person) for each in there),
        verdicts=(*(_about(each, there) for each in given), *_lasting(earlier, given, there)),
        version=earlier.version + 1 if earlier else 0,
    )  # fmt: skip


def _about(verdict: MaterialVerdict, there: tuple[MaterialFile, ...]) -> MaterialVerdict:
    found = (each for each in there if _spot(each) == _spot(verdict))
    judged_now = tuple(each.id for each in found if each.status is FileStatus.ACCEPTED)
    return replace(verdict, reason=verdict.reason.strip(), files=judged_now)


def _lasting(
    earlier: Look | None, given: tuple[MaterialVerdict, ...], there: tuple[MaterialFile, ...]
) -> tuple[MaterialVerdict, ...]:
    anew, ids = {_spot(each) for each in given}, {each.id for each in there}
    said = earlier.verdicts if earlier else ()
    accepted = (each for each in said if each.accepted and _spot(each) not in anew and ids.issuperset(each.files))
    left = (replace(each, files=tuple(f for f in each.files if f in ids)) for each in said if not each.accepted)
    return (*accepted, *(each for each in left if each.files))


def _spot(of: MaterialVerdict | MaterialFile | SeenFile) -> Spot:
    return of.slot, of.person


# --- what has changed since -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FieldChange:
    field: str
    before: FormValue
    now: FormValue


@dataclass(frozen=True)
class MaterialChange:
    """``files`` came after the look; ``removed``: how many that he saw are gone; ``verdict``: what he had found."""

    slot: str
    person: str | None
    files: tuple[MaterialFile, ...]
    removed: int
    verdict: MaterialVerdict | None


@dataclass(frozen=True)
class Since:
    """What is not as the reviewer saw it. ``joined`` and ``left`` are ids of persons."""

    fields: tuple[FieldChange, ...] = ()
    materials: tuple[MaterialChange, ...] = ()
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def may_have_changed(look: Look, application: Application, entries: Iterable[Entry]) -> bool:
    """Only a draft can be changed: it is one now, or was handed in again after the look. By steps, not by clocks."""
    handed_in = (each for each in entries if each.number > look.entry and each.before is State.DRAFT)
    return application.state is State.DRAFT or any(handed_in)


def changes_since(look: Look, application: Application, files: tuple[MaterialFile, ...]) -> Since:
    """``look`` and ``application`` are opened: two different numbers may have the same mask."""
    now = tuple(each.id for each in application.persons)
    return Since(
        tuple(_fields(look, application)),
        tuple(_materials(look, files)),
        tuple(each for each in now if each not in look.persons),
        tuple(each for each in look.persons if each not in now),
    )


def _fields(look: Look, application: Application) -> Iterable[FieldChange]:
    for name in dict.fromkeys((*look.form, *application.form)):
        before, now = look.form.get(name, ""), application.form.get(name, "")
        if plain(before) != plain(now):
            yield FieldChange(name, before, now)


def _materials(look: Look, files: tuple[MaterialFile, ...]) -> Iterable[MaterialChange]:
    seen, there = {each.id for each in look.files}, {each.id for each in files}
    new = [each for each in files if each.id not in seen and each.status is not FileStatus.REFUSED]
    gone = [each for each in look.files if each.id not in there]
    moved: list[SeenFile | MaterialFile] = [*gone, *new]
    for spot in dict.fromkeys(_spot(each) for each in moved):
        said = (each for each in look.verdicts if _spot(each) == spot)
        yield MaterialChange(
            *spot, tuple(each for each in new if _spot(each) == spot),
            sum(1 for each in gone if _spot(each) == spot), next(said, None),
        )  # fmt: skip
