"""An application as it is shown: to its owner with his own values in clear and staff by role, to staff masked."""

from collections.abc import Callable, Iterable
from typing import Any

from chalicelib.handlers.schemas.applications import ApplicationLine, ApplicationShown, EntryShown, FileShown, SlotShown
from chalicelib.handlers.schemas.base import Named, ReasonShown
from chalicelib.handlers.schemas.staff import ApplicationForStaff, EntryForStaff, QueueLine
from chalicelib.operations.materials import RECEIPT
from chalicelib.rules.grammar import Material
from chalicelib.rules.guards import plain
from chalicelib.rules.records import Application, Entry, Folder, MaterialFile
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Actor, FormValue, Personal, Reason, State
from chalicelib.rules.workflow import possible

Written = Callable[[FormValue], str]


def masked(value: FormValue) -> str:
    return value.masked if isinstance(value, Personal) else value


def for_its_owner(folder: Folder, actor: Actor, missing: Iterable[Reason]) -> ApplicationShown:
    """``folder`` is opened, with its files."""
    application = folder.application
    return ApplicationShown(
        **dict(ApplicationLine.of(application)), **_common(folder, actor, plain),
        missing=ReasonShown.all(missing), history=[EntryShown(**_entry(each)) for each in _history(folder)],
        held_by=ReasonShown.all(application.held_by),
    )  # fmt: skip


def for_staff(folder: Folder, actor: Actor, written: Written = masked) -> ApplicationForStaff:
    """``written`` is ``plain`` only for the answer to a reveal."""
    return ApplicationForStaff(
        **dict(queue_line(folder.application)), **_common(folder, actor, written),
        applicant=folder.application.applicant,
        history=[EntryForStaff(**_entry(each), actor=each.actor) for each in _history(folder)],
    )  # fmt: skip


def queue_line(application: Application) -> QueueLine:
    return QueueLine(**dict(ApplicationLine.of(application)), held_by=ReasonShown.all(application.held_by))


def _common(folder: Folder, actor: Actor, written: Written) -> dict[str, Any]:
    application = folder.application
    return {
        "form": {name: written(value) for name, value in application.form.items()},
        "slots": [_slot(folder, material, written) for material in _materials(folder)],
        "actions": [Named.of(action) for action in possible(application, actor)],
        "year": application.year,
        "amount_due": application.amount_due,
        "payment": application.payment,
        # A number that is only reserved is nobody's certificate yet.
        "certificate": application.certificate if application.state is State.COMPLETED else None,
    }


def _materials(folder: Folder) -> tuple[Material, ...]:
    materials = TABLE[folder.application.service].materials
    paying = folder.application.state is State.TO_BE_PAID or any(each.slot == RECEIPT.slot for each in folder.files)
    return (*materials, RECEIPT) if paying else materials


def _slot(folder: Folder, material: Material, written: Written) -> SlotShown:
    opens = State.TO_BE_PAID if material is RECEIPT else State.DRAFT
    files = sorted((each for each in folder.files if each.slot == material.slot), key=lambda each: each.requested_at)
    return SlotShown(
        slot=material.slot, title=material.chinese, hint=material.hint, optional=material.optional,
        stamped=material.stamped, most=material.most, open=folder.application.state is opens,
        files=[_file(each, written) for each in files],
    )  # fmt: skip


def _file(file: MaterialFile, written: Written) -> FileShown:
    return FileShown.of(file, written(file.name) or file.name.masked)


def _history(folder: Folder) -> list[Entry]:
    return sorted(folder.entries, key=lambda each: each.number)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number, "at": entry.at, "action": Named.of(entry.action), "before": Named.of(entry.before),
        "after": Named.of(entry.after), "role": Named.of(entry.role), "reason": entry.reason,
    }  # fmt: skip
