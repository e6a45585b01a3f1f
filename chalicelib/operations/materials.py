"""资料: ask for a place to upload to, check what arrived, keep it. The bucket tells us by events."""

from collections.abc import Mapping
from datetime import timedelta

from chalicelib.operations.applications import audited, own_folder
from chalicelib.operations.commands import Absent, Deed, Order, once, settle
from chalicelib.operations.ports import Change, Insert, Ports, Remove, Replace, Require, UploadForm
from chalicelib.rules.association import Association, Windows
from chalicelib.rules.grammar import Material
from chalicelib.rules.guards import RECEIPT_SLOT
from chalicelib.rules.records import Application, Folder, MaterialFile, Shelf
from chalicelib.rules.services import TABLE
from chalicelib.rules.uploads import Accepted, FileRule, Kind, Verdict, safe_display_name
from chalicelib.rules.vocabulary import STAFF_ROLES, Actor, FileStatus, Personal, Reason, Refused, State

ANY_DOCUMENT = FileRule()
NEVER_ARRIVED = Reason("never_arrived", "文件没有传到。", "请检查网络后重新上传。")
UNREADABLE = Reason("could_not_be_checked", "文件无法检查。", "请换一种格式（PDF、JPG 或 PNG）重新保存后上传。")
KNOWN_SUFFIXES = frozenset({"pdf", "jpg", "jpeg", "png"})
ENDINGS: Mapping[str, str] = {Kind.PDF: ".pdf", Kind.JPEG: ".jpg", Kind.PNG: ".png"}
RECEIPT = Material(RECEIPT_SLOT, "银行回单", several=True)


def request_upload(
    ports: Ports, order: Order, application: str, slot: str, name: str, person: str | None = None
) -> str:
    """Makes room for one file in a slot; answers the file's id, for `upload_form`.

    Raises Absent, Refused (slot unknown, full or closed in this state), identifiers.Malformed for the name.
    """
    shown = safe_display_name(name)

    def deed() -> Deed:
        folder = own_folder(ports, order.actor, application)
        material = _open_slot(folder.application, slot)
        _room_left(folder, material, person)
        file = _expected_file(ports, folder.shelf, slot, shown, person)
        return Deed((Insert(file), *_shelf_moved(folder)), file.id)

    return once(ports, order, deed)


def _shelf_moved(folder: Folder) -> tuple[Change, ...]:
    """The slot was open as the application stood: had it moved on meanwhile, a file would slip in after submission."""
    return (Replace(folder.shelf, folder.shelf.changed()), Require(folder.application))


def _expected_file(ports: Ports, shelf: Shelf, slot: str, name: str, person: str | None) -> MaterialFile:
    ending = name.rpartition(".")[2].lower()
    suffix = ending if ending in KNOWN_SUFFIXES else ""  # anything else may be part of somebody's name
    return MaterialFile(
        id=f"{shelf.application}.{ports.ids.new('f')}", application=shelf.application, slot=slot, person=person,
        name=Personal(f"{name[:1]}***.{suffix}".rstrip("."), name), suffix=suffix, requested_at=ports.clock.now(),
        place=shelf.version + 1,
    )  # fmt: skip


def _open_slot(application: Application, slot: str) -> Material:
    """The slot, if files may be put in or taken out now: materials in 拟稿, the receipt in 待缴费."""
    material = RECEIPT if slot == RECEIPT_SLOT else TABLE[application.service].material(slot)
    if material is None:
        raise Refused(Reason("no_such_slot", "没有这项资料。", "请按办事指南中的资料清单上传。", "slot"))
    wanted = State.TO_BE_PAID if slot == RECEIPT_SLOT else State.DRAFT
    if application.state is not wanted:
        now = application.state.chinese
        raise Refused(
            Reason(
                "slot_closed",
                f"该业务现为“{now}”，不能增减“{material.chinese}”。",
                f"“{material.chinese}”须在“{wanted.chinese}”状态下上传。",
                slot,
            )
        )
    return material


def _room_left(folder: Folder, material: Material, person: str | None) -> None:
    there = [each for each in folder.files if each.slot == material.slot and each.person == person]
    standing = [each for each in there if each.status is not FileStatus.REFUSED]
    if len(standing) >= material.most:
        told = f"“{material.chinese}”最多 {material.most} 个文件，已经有了。"
        raise Refused(Reason("slot_full", told, "请先删除不需要的文件，再上传新的。", material.slot))


def upload_form(ports: Ports, file: str) -> UploadForm:
    """The presigned POST for a file that was asked for; good for the window in the settings.

    The window runs from when the file was first asked for: the form handed out again under the same key must not
    outlive the time for which the sweeper leaves the slot waiting.
    """
    now, minutes = ports.clock.now(), windows(ports).upload_minutes
    expected = ports.records.get(MaterialFile, file.partition(".")[0], file)
    asked_at = min(expected.requested_at, now) if expected else now  # a clock may have stepped back since
    return ports.files.upload_form(file, ANY_DOCUMENT, asked_at + timedelta(minutes=minutes))


def remove_file(ports: Ports, order: Order, application: str, file: str) -> str:
    """Takes a file out of its slot while the slot is open; answers the application's id."""

    def deed() -> Deed:
        folder = own_folder(ports, order.actor, application)
        found = file_of(folder, file)
        _open_slot(folder.application, found.slot)
        return Deed((Remove(found), *_shelf_moved(folder)), application)

    return once(ports, order, deed)


def file_of(folder: Folder, file: str) -> MaterialFile:
    found = next((each for each in folder.files if each.id == file), None)
    if found is None:
        raise Absent
    return found


def link(ports: Ports, folder: Folder, file: str, actor: Actor) -> str:
    """A short-lived address of an accepted file, saved under the slot's name: a person's own name never shows.

    That a member of staff opened it is kept (PIPL).
    """
    found = file_of(folder, file)
    if found.kept is None:
        raise Absent
    if actor.may_act_as(STAFF_ROLES):
        audited(ports, actor, f"application:{found.application}", "open_file", found.id)
    return ports.files.link(found.kept, windows(ports).link_seconds, f"{found.slot}{ENDINGS.get(found.kind or '', '')}")


def windows(ports: Ports) -> Windows:
    association = ports.records.get(Association, "association")
    return association.windows if association else Windows()


# --- what the bucket tells --------------------------------------------------------------------------------------------


def receive(ports: Ports, file: str) -> None:
    """Checks one uploaded file and settles its slot. Told twice, late or of a foreign key: nothing changes."""
    application = file.partition(".")[0]
    expected = ports.records.get(MaterialFile, application, file)
    if expected is None or expected.status is not FileStatus.WAITING:
        return
    uploaded = ports.files.uploaded(file, ANY_DOCUMENT.max_bytes)
    if uploaded is None:
        return
    name = ports.records.opened(expected).name.plain or ""
    verdict = ports.inspector.inspect(uploaded.data, ANY_DOCUMENT, name)
    if isinstance(verdict, Accepted):
        # Exactly the bytes inspected: an overwrite since then raises Conflict, and the event is delivered again.
        ports.files.keep(file, uploaded.tag, _place(file, verdict))
    settle(ports, lambda: _checked(ports, application, file, verdict))


def _place(file: str, accepted: Accepted) -> str:
    """By content: another upload under the same form, checked at the same time, can never lie where this one does."""
    return f"kept/{file.partition('.')[0]}/{file}-{accepted.sha256[:16]}"


def _checked(ports: Ports, application: str, file: str, verdict: Verdict) -> Deed | None:
    expected, shelf = ports.records.get_many((MaterialFile, (application, file)), (Shelf, (application,)))
    if not isinstance(expected, MaterialFile) or expected.status is not FileStatus.WAITING or shelf is None:
        return None
    now = ports.clock.now()
    if isinstance(verdict, Accepted):
        after = expected.changed(
            status=FileStatus.ACCEPTED, kept=_place(file, verdict), kind=verdict.kind.value, sha256=verdict.sha256,
            size=verdict.size, pages=verdict.pages, checked_at=now,
        )  # fmt: skip
    else:
        after = expected.changed(status=FileStatus.REFUSED, reasons=verdict.reasons, checked_at=now)
    return Deed((Replace(expected, after), Replace(shelf, shelf.changed())), file)


def give_up_waiting(ports: Ports, file: MaterialFile, told: Reason) -> None:
    """A file that did not arrive, or could not be read, within its window: the slot says so and is free again."""

    def deed() -> Deed | None:
        expected, shelf = ports.records.get_many((MaterialFile, file.key), (Shelf, (file.application,)))
        if not isinstance(expected, MaterialFile) or expected.status is not FileStatus.WAITING or shelf is None:
            return None
        after = expected.changed(status=FileStatus.REFUSED, reasons=(told,), checked_at=ports.clock.now())
        return Deed((Replace(expected, after), Replace(shelf, shelf.changed())), file.id)

    settle(ports, deed)
