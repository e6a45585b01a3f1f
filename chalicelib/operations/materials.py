"""资料: ask for a place to upload to, check what arrived, keep it. The bucket tells us by events."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from chalicelib.operations.applications import audited, own_folder
from chalicelib.operations.commands import Absent, Deed, Order, once, settle
from chalicelib.operations.ports import Change, Insert, Ports, Remove, Replace, Require, UploadForm
from chalicelib.rules.association import Association, Windows
from chalicelib.rules.folding import read_as
from chalicelib.rules.grammar import Material, ServiceRow
from chalicelib.rules.guards import RECEIPT_SLOT
from chalicelib.rules.records import Application, Folder, MaterialFile, OutboxRow, Shelf, Work
from chalicelib.rules.services import TABLE
from chalicelib.rules.uploads import Accepted, FileRule, Kind, Verdict, safe_display_name
from chalicelib.rules.vocabulary import STAFF_ROLES, Actor, FileStatus, Personal, Reason, Refused, State

ANY_DOCUMENT = FileRule()
INVOICE_SLOT = "invoice"  # the file that finance issues: it lies under the invoice's id as under an application's
INVOICE_FILE = FileRule(kinds=(Kind.PDF, Kind.OFD))
DIGITS = 16  # of the hash of what is kept, in its place
NEVER_ARRIVED = Reason(
    "never_arrived",
    "文件没有传到：传输中断，或因为是空文件、超过大小上限被拒收。",
    "请确认文件能正常打开、大小不超过上传说明的上限（资料和回单为 20 MB，对账单为 4 MB），检查网络后重新上传。",
)
# Whatever keeps a file from being checked is our own fault: what is wrong with a file, its check says.
UNCHECKED = Reason(
    "could_not_be_checked",
    "系统暂时无法检查该文件，工作人员已收到提示，无须更换格式。",
    "请稍后再查看；故障排除后系统会自动检查，不用重新上传。",
)
NOT_CHECKED_IN_TIME = Reason(
    "check_given_up",
    "系统未能检查该文件，不是文件的问题，无须更换格式。",
    "请重新上传原文件；仍不成功的，请联系协会工作人员。",
)
LAY_ASIDE = "请作废这条消息并写明理由。"
KNOWN_SUFFIXES = frozenset({"pdf", "jpg", "jpeg", "png", "ofd"})
ENDINGS: Mapping[str, str] = {Kind.PDF: ".pdf", Kind.JPEG: ".jpg", Kind.PNG: ".png", Kind.OFD: ".ofd"}
RECEIPT = Material(RECEIPT_SLOT, "银行回单", several=True)


def request_upload(
    ports: Ports, order: Order, application: str, slot: str, name: str, person: str | None = None
) -> str:
    """Makes room for one file in a slot; answers the file's id, for `upload_form`.

    Raises Absent, Refused (slot unknown, full or closed in this state, or not that person's), folding.Misfilled for
    the name.
    """
    shown = read_as("file_name", safe_display_name, name)

    def deed() -> Deed:
        folder = own_folder(ports, order.actor, application)
        material = _open_slot(folder.application, slot)
        _check_person(folder.application, material, person)
        _room_left(folder, material, person)
        file = expected_file(ports, folder.shelf, slot, shown, person)
        return Deed((Insert(file), *_shelf_moved(folder)), file.id)

    return once(ports, order, deed)


def _shelf_moved(folder: Folder) -> tuple[Change, ...]:
    """The slot was open as the application stood: had it moved on meanwhile, a file would slip in after submission."""
    return (Replace(folder.shelf, folder.shelf.changed()), Require(folder.application))


def expected_file(ports: Ports, shelf: Shelf, slot: str, name: str, person: str | None = None) -> MaterialFile:
    """A file that may arrive now, with the shelf's next version; ``name`` is a safe one."""
    ending = name.rpartition(".")[2].lower()
    suffix = ending if ending in KNOWN_SUFFIXES else ""  # anything else may be part of somebody's name
    return MaterialFile(
        id=f"{shelf.application}.{ports.ids.new('f')}", application=shelf.application, slot=slot, person=person,
        name=Personal(f"{name[:1]}***.{suffix}".rstrip("."), name), suffix=suffix, requested_at=ports.clock.now(),
        place=shelf.version + 1,
    )  # fmt: skip


def _open_slot(application: Application, slot: str) -> Material:
    """The slot, if files may be put in or taken out now: materials in 拟稿, the receipt in 待缴费."""
    material = _material(application, slot)
    if material is None:
        raise Refused(Reason("no_such_slot", "没有这项资料。", "请按办事指南中的资料清单上传。", "slot"))
    wanted = opens_in(TABLE[application.service], material)
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


def opens_in(row: ServiceRow, material: Material) -> State:
    """When files may be put into a slot: the receipt once a fee is due, or with the application where it comes so."""
    return State.TO_BE_PAID if material.slot == RECEIPT_SLOT and not row.receipt_first else State.DRAFT


def _material(application: Application, slot: str) -> Material | None:
    return RECEIPT if slot == RECEIPT_SLOT else TABLE[application.service].material(slot)


def _check_person(application: Application, material: Material, person: str | None) -> None:
    """Whose file it is must be said where everyone brings one, and of someone in the application: nobody is made up."""
    if person is not None and not material.per_person:
        told = f"“{material.chinese}”不分人员，整宗业务共用。"
        raise Refused(Reason("not_per_person", told, "请不要填写人员，直接上传到该资料栏。", "person"))
    if material.per_person and person not in {each.id for each in application.persons}:
        told = f"“{material.chinese}”每人一份，须写明是本宗业务中的哪一位。"
        raise Refused(Reason("no_such_person", told, "请在本宗业务的人员名单中选定一位，再上传。", "person"))


def _is_full(folder: Folder, material: Material, person: str | None) -> bool:
    there = [each for each in folder.files if each.slot == material.slot]
    mine = [each for each in there if each.person == person or not material.per_person]
    return len([each for each in mine if each.status is not FileStatus.REFUSED]) >= material.most


def _room_left(folder: Folder, material: Material, person: str | None) -> None:
    if _is_full(folder, material, person):
        told = f"“{material.chinese}”最多 {material.most} 个文件，已经有了。"
        raise Refused(Reason("slot_full", told, "请先删除不需要的文件，再上传新的。", material.slot))


def upload_form(ports: Ports, file: str) -> UploadForm:
    """The presigned POST for a file that was asked for; good for the window in the settings.

    The window runs from when the file was first asked for: the form handed out again under the same key must not
    outlive the time for which the sweeper leaves the slot waiting. For a file that nobody waits for any more there is
    none: the bucket would take it, and the phone believe that it was delivered. Raises Absent, Refused.
    """
    now, minutes = ports.clock.now(), windows(ports).upload_minutes
    expected = ports.records.get(MaterialFile, file.partition(".")[0], file)
    if expected is None:
        raise Absent
    if expected.status is not FileStatus.WAITING:
        raise Refused(Reason("upload_settled", "该文件已处理，这个上传地址不能再用。", "请重新取得上传地址后再上传。"))
    asked_at = min(expected.requested_at, now)  # a clock may have stepped back since
    return ports.files.upload_form(file, _rule_of(expected), asked_at + timedelta(minutes=minutes))


def _rule_of(file: MaterialFile) -> FileRule:
    return INVOICE_FILE if file.slot == INVOICE_SLOT else ANY_DOCUMENT


def remove_file(ports: Ports, order: Order, application: str, file: str) -> str:
    """Takes a file out of its slot while the slot is open, and soon out of the bucket; answers the application's id."""

    def deed() -> Deed:
        folder = own_folder(ports, order.actor, application)
        found = file_of(folder, file)
        _open_slot(folder.application, found.slot)
        return Deed((*removed(ports, found), *_shelf_moved(folder)), application)

    return once(ports, order, deed)


def removed(ports: Ports, file: MaterialFile) -> tuple[Change, ...]:
    """What takes a file out of its slot and of the bucket; quarantine forgets by itself."""
    return (Remove(file), *((Insert(_erasure(ports, file.id, file.kept)),) if file.kept else ()))


def _erasure(ports: Ports, file: str, kept: str) -> OutboxRow:
    """What no record names any more is erased (PIPL art. 47)."""
    digest = kept.rpartition("-")[2]
    return OutboxRow(id=f"erase-{file}-{digest}", work=Work.ERASE, subject=(file, digest), at=ports.clock.now())


def erase(ports: Ports, file: str, digest: str) -> None:
    """Takes exactly that object out of the bucket; twice is harmless, for no other file ever lies there."""
    ports.files.erase(_place_by(file, digest))


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
    return link_to(ports, found)


def link_to(ports: Ports, found: MaterialFile) -> str:
    """Raises Absent for one that was not accepted."""
    if found.kept is None:
        raise Absent
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
    rule = _rule_of(expected)
    uploaded = ports.files.uploaded(file, rule.max_bytes)
    if uploaded is None:
        return
    name = ports.records.opened(expected).name.plain or ""
    verdict = ports.inspector.inspect(uploaded.data, rule, name)
    if isinstance(verdict, Accepted):
        # Exactly the bytes inspected: an overwrite since then raises Conflict, and the event is delivered again.
        ports.files.keep(file, uploaded.tag, _place(file, verdict))
    settle(ports, lambda: _checked(ports, application, file, verdict) or _kept_for_nothing(ports, file, verdict))


def _place(file: str, accepted: Accepted) -> str:
    """By content: another upload under the same form, checked at the same time, can never lie where this one does."""
    return _place_by(file, accepted.sha256[:DIGITS])


def _place_by(file: str, digest: str) -> str:
    return f"kept/{file.partition('.')[0]}/{file}-{digest}"


def _kept_for_nothing(ports: Ports, file: str, verdict: Verdict) -> Deed | None:
    """The file was removed, or another content accepted, while this one was checked: what was kept of it goes."""
    if not isinstance(verdict, Accepted):
        return None
    found, place = ports.records.get(MaterialFile, file.partition(".")[0], file), _place(file, verdict)
    if found is not None and (found.status is not FileStatus.ACCEPTED or found.kept == place):
        return None
    row = _erasure(ports, file, place)
    # Not the row of its removal: that may be done with, before this came to lie there.
    return Deed((Insert(replace(row, id=f"{row.id}-{ports.ids.new('e')}")),), file)


def _checked(ports: Ports, application: str, file: str, verdict: Verdict) -> Deed | None:
    expected, shelf = ports.records.get_many((MaterialFile, (application, file)), (Shelf, (application,)))
    if not isinstance(expected, MaterialFile) or expected.status is not FileStatus.WAITING or shelf is None:
        return None
    now = ports.clock.now()
    if isinstance(verdict, Accepted):
        after = expected.changed(
            status=FileStatus.ACCEPTED, reasons=(), kept=_place(file, verdict), kind=verdict.kind.value,
            sha256=verdict.sha256, size=verdict.size, pages=verdict.pages, checked_at=now,
        )  # fmt: skip
    else:
        after = expected.changed(status=FileStatus.REFUSED, reasons=verdict.reasons, checked_at=now)
    return Deed((Replace(expected, after), Replace(shelf, shelf.changed())), file)


def give_up_waiting(ports: Ports, file: MaterialFile) -> None:
    """Nothing lies in quarantine and none can come any more: the slot says so and is free again."""
    settle(ports, lambda: _given_up(ports, file.id, NEVER_ARRIVED))


def check_given_up(ports: Ports, file: str) -> tuple[Change, ...]:
    """Staff give up the check of a file: its slot says so and is free again. Nothing for one that does not wait."""
    deed = _given_up(ports, file, NOT_CHECKED_IN_TIME)
    return deed.changes if deed else ()


def _given_up(ports: Ports, file: str, told: Reason) -> Deed | None:
    """What once arrived and could not be checked while it was there is no fault of whoever sent it."""
    application = file.partition(".")[0]
    expected, shelf = ports.records.get_many((MaterialFile, (application, file)), (Shelf, (application,)))
    if not isinstance(expected, MaterialFile) or expected.status is not FileStatus.WAITING or shelf is None:
        return None
    reason = NOT_CHECKED_IN_TIME if UNCHECKED in expected.reasons else told
    after = expected.changed(status=FileStatus.REFUSED, reasons=(reason,), checked_at=ports.clock.now())
    return Deed((Replace(expected, after), Replace(shelf, shelf.changed())), file)


def checked_again(ports: Ports, file: str) -> tuple[Change, ...]:
    """What puts a file that could not be checked back to waiting. Raises Refused where that would lead to nothing.

    Nothing for one that was checked meanwhile: there is nothing left to do, and doing it is harmless.
    """
    application = file.partition(".")[0]
    folder, found = ports.records.folder(application), ports.records.get(MaterialFile, application, file)
    if found is None:
        raise Refused(Reason("file_removed", "申请人已删除该文件，无须再检查。", LAY_ASIDE))
    waits = found.status is FileStatus.WAITING
    if not waits and not {reason.code for reason in found.reasons} & {UNCHECKED.code, NOT_CHECKED_IN_TIME.code}:
        return ()
    if not ports.files.has_arrived(file):
        told = "该文件已不在待检区（只保存两天），无法再检查。"
        raise Refused(Reason("no_longer_in_quarantine", told, f"请通知申请人重新上传原文件。{LAY_ASIDE}"))
    return (Require(found),) if waits else _waits_again(folder, found)


def _waits_again(folder: Folder | None, file: MaterialFile) -> tuple[Change, ...]:
    """An invoice's file has no folder: finance puts in another."""
    if folder is None or not _takes_again(folder, file):
        told = "该资料栏已不再接收这个文件：业务已提交，或申请人已另行上传。"
        raise Refused(Reason("slot_moved_on", told, LAY_ASIDE))
    after = file.changed(status=FileStatus.WAITING, reasons=(UNCHECKED,), checked_at=None)
    return (Replace(file, after), *_shelf_moved(folder))


def _takes_again(folder: Folder, file: MaterialFile) -> bool:
    material = _material(folder.application, file.slot)
    if material is None or folder.application.state is not opens_in(TABLE[folder.application.service], material):
        return False
    return not _is_full(folder, material, file.person)
