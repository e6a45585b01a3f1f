"""An application as it is shown: to its owner with his own values in clear and staff by role, to staff masked."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from chalicelib.handlers.schemas.applications import (
    ApplicationLine,
    ApplicationShown,
    ChangedSinceReturn,
    ChangeShown,
    EntryShown,
    FieldChanged,
    FileShown,
    MaterialChanged,
    PersonsChanged,
    PersonShown,
    SlotShown,
    VerdictShown,
)
from chalicelib.handlers.schemas.base import Named, ReasonShown
from chalicelib.handlers.schemas.people import EnterpriseShown
from chalicelib.handlers.schemas.staff import ApplicationForStaff, EntryForStaff, QueueLine
from chalicelib.operations.applications import Beside
from chalicelib.operations.materials import RECEIPT, opens_in
from chalicelib.rules.grammar import Material, ServiceRow
from chalicelib.rules.guards import held
from chalicelib.rules.looks import FieldChange, Since, verdict_on
from chalicelib.rules.records import Application, Entry, Folder, MaterialFile, Practitioner
from chalicelib.rules.register import changes_asked
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Actor, FormValue, Personal, Reason, State, plain
from chalicelib.rules.workflow import possible

Written = Callable[[FormValue], str]


def masked(value: FormValue) -> str:
    return value.masked if isinstance(value, Personal) else value


def for_its_owner(folder: Folder, beside: Beside, actor: Actor, missing: Iterable[Reason]) -> ApplicationShown:
    """``folder`` is opened, with its files; ``beside`` too."""
    application = folder.application
    return ApplicationShown(
        **dict(ApplicationLine.of(application)), **_common(folder, beside, actor, plain),
        missing=ReasonShown.all(missing), history=[EntryShown(**_entry(each)) for each in _history(folder)],
    )  # fmt: skip


def for_staff(folder: Folder, beside: Beside, actor: Actor, written: Written = masked) -> ApplicationForStaff:
    """``written`` is ``plain`` only for the answer to a reveal."""
    return ApplicationForStaff(
        **dict(ApplicationLine.of(folder.application)), **_common(folder, beside, actor, written),
        applicant=folder.application.applicant,
        former_member=EnterpriseShown.of(beside.former) if beside.former else None,
        history=[EntryForStaff(**_entry(each), actor=each.actor) for each in _history(folder)],
    )  # fmt: skip


def queue_line(application: Application) -> QueueLine:
    return QueueLine(**dict(ApplicationLine.of(application)), held_by=ReasonShown.all(application.held_by))


def _common(folder: Folder, beside: Beside, actor: Actor, written: Written) -> dict[str, Any]:
    application = folder.application
    return {
        "form": {name: written(value) for name, value in application.form.items()},
        "persons": [_person(each, written) for each in beside.people],
        "changes": list(_changes(application, beside, written)),
        "slots": list(_slots(folder, beside, written)),
        "changed_since_return": _changed_since_return(application, beside, written),
        "actions": [Named.of(action) for action in possible(application, actor)],
        "year": application.year,
        "amount_due": application.amount_due,
        "paid": application.paid,
        "payment": application.payment,
        "paper_at": application.paper_at,
        "held_by": ReasonShown.all(application.held_by),
        # A number that is only reserved is nobody's certificate yet.
        "certificate": application.certificate if application.state is State.COMPLETED else None,
    }


def _person(practitioner: Practitioner, written: Written) -> PersonShown:
    return PersonShown(
        id=practitioner.id, name=written(practitioner.name) or practitioner.name.masked,
        certificate_number=practitioner.certificate_number, valid_to=practitioner.valid_to,
    )  # fmt: skip


def _changes(application: Application, beside: Beside, written: Written) -> Iterator[ChangeShown]:
    """Old and new side by side for the reviewer; once completed, the register holds the new ones already."""
    if beside.dossier is None or application.state is State.COMPLETED:
        return
    for each in changes_asked(application.form, beside.dossier.enterprise):
        old = written(each.old) or masked(each.old)
        yield ChangeShown(field=each.field.name, title=each.field.chinese, old=old, new=written(each.new))


# --- slots ------------------------------------------------------------------------------------------------------------


def _slots(folder: Folder, beside: Beside, written: Written) -> Iterator[SlotShown]:
    """Every material that is asked for; one that is each person's own once for each."""
    for material in _materials(folder, beside):
        persons = tuple(each.id for each in folder.application.persons) if material.per_person else (None,)
        yield from (_slot(folder, beside, material, person, written) for person in persons)


def _materials(folder: Folder, beside: Beside) -> Iterator[Material]:
    row = TABLE[folder.application.service]
    for each in row.materials:
        if each.only_with is None or held(beside.dossier, each.only_with) is not None:
            yield each
    paying = folder.application.state is opens_in(row, RECEIPT) or any(e.slot == RECEIPT.slot for e in folder.files)
    if row.receipt_first or paying:
        yield RECEIPT


def _slot(folder: Folder, beside: Beside, material: Material, person: str | None, written: Written) -> SlotShown:
    there = (each for each in folder.files if (each.slot, each.person) == (material.slot, person))
    files = sorted(there, key=lambda each: each.requested_at)
    ours = held(beside.dossier, material.issued) if material.issued and not files else None
    opens = opens_in(TABLE[folder.application.service], material)
    return SlotShown(
        slot=material.slot, person=person, title=material.chinese, hint=material.hint, optional=material.optional,
        stamped=material.stamped, most=material.most, open=folder.application.state is opens,
        filled_by=ours.number if ours else None, files=[_file(each, written) for each in files],
        verdict=VerdictShown.of(verdict_on(folder.look, (material.slot, person), files)),
    )  # fmt: skip


def _file(file: MaterialFile, written: Written) -> FileShown:
    return FileShown.of(file, written(file.name) or file.name.masked)


# --- since the reviewer's last look -----------------------------------------------------------------------------------


def _changed_since_return(application: Application, beside: Beside, written: Written) -> ChangedSinceReturn:
    row, since = TABLE[application.service], beside.since
    joined = (each for each in beside.people if each.id in since.joined)
    return ChangedSinceReturn(
        fields=[_field(row, each, written) for each in since.fields],
        materials=list(_changed_materials(row, since, written)),
        persons=PersonsChanged(
            added=[_person(each, written) for each in joined], removed=[_person(each, written) for each in beside.left]
        ),
    )


def _field(row: ServiceRow, change: FieldChange, written: Written) -> FieldChanged:
    field = row.field(change.field)
    return FieldChanged(
        field=change.field, title=field.chinese if field else change.field, before=written(change.before),
        now=written(change.now),
    )  # fmt: skip


def _changed_materials(row: ServiceRow, since: Since, written: Written) -> Iterator[MaterialChanged]:
    """The receipt is no business of the reviewer's: finance looks at it."""
    for each in since.materials:
        if material := row.material(each.slot):
            yield MaterialChanged(
                slot=each.slot, person=each.person, title=material.chinese, removed=each.removed,
                files=[_file(file, written) for file in each.files], verdict=VerdictShown.of(each.verdict),
            )  # fmt: skip


# --- history ----------------------------------------------------------------------------------------------------------


def _history(folder: Folder) -> list[Entry]:
    return sorted(folder.entries, key=lambda each: each.number)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number, "at": entry.at, "action": Named.of(entry.action), "before": Named.of(entry.before),
        "after": Named.of(entry.after), "role": Named.of(entry.role), "reason": entry.reason,
    }  # fmt: skip
