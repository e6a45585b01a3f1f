"""Uploads: room for a file, what the check finds, and events that come twice, late, or for nothing of ours."""

from datetime import timedelta

import pytest

from chalicelib.operations import applications, materials, sweeping
from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import Asked, Conflict, Ports, Replace
from chalicelib.rules.folding import Misfilled
from chalicelib.rules.records import Application, MaterialFile, Person, Work
from chalicelib.rules.vocabulary import Action, Actor, FileStatus, Refused, Service
from tests.operations import acting


@pytest.fixture
def actor(ports: Ports) -> Actor:
    return acting.user(ports)


@pytest.fixture
def application(ports: Ports, actor: Actor) -> str:
    return acting.draft(ports, actor)


def found(ports: Ports, application: str, file: str) -> MaterialFile:
    record = ports.records.get(MaterialFile, application, file)
    assert record is not None
    return record


def test_a_good_file_is_kept_with_its_hash(ports: Ports, actor: Actor, application: str) -> None:
    file = found(ports, application, acting.upload(ports, actor, application, "licence"))
    assert file.status is FileStatus.ACCEPTED
    assert ports.files.read(file.kept or "") == acting.PDF
    assert file.sha256 is not None


def test_a_bad_file_says_why_in_its_slot(ports: Ports, actor: Actor, application: str) -> None:
    file = found(ports, application, acting.upload(ports, actor, application, "licence", b"<html>"))
    assert file.status is FileStatus.REFUSED
    assert file.reasons[0].next
    assert file.kept is None


def test_the_same_event_again_changes_nothing(ports: Ports, actor: Actor, application: str) -> None:
    file = acting.upload(ports, actor, application, "licence")
    before = found(ports, application, file)
    ports.files.arrives(file, b"%PDF- something else")  # type: ignore[attr-defined]  # the bucket in memory
    materials.receive(ports, file)
    assert found(ports, application, file) == before
    assert ports.files.read(before.kept or "") == acting.PDF


def test_an_event_for_a_key_that_nobody_asked_for_is_ignored(ports: Ports) -> None:
    materials.receive(ports, "a999999.f999999")


def test_a_file_overwritten_while_it_was_checked_is_checked_again(ports: Ports, actor: Actor, application: str) -> None:
    file = materials.request_upload(ports, acting.order(actor), application, "licence", "x.pdf")
    ports.files.arrives(file, acting.PDF)  # type: ignore[attr-defined]  # the bucket in memory
    inspector = ports.inspector

    class Meddled:
        def inspect(self, *given: object) -> object:
            ports.files.arrives(file, b"%PDF- another")  # type: ignore[attr-defined]  # the bucket in memory
            return inspector.inspect(*given)  # type: ignore[arg-type]  # passed on as given

    object.__setattr__(ports, "inspector", Meddled())
    with pytest.raises(Conflict):
        materials.receive(ports, file)
    assert found(ports, application, file).status is FileStatus.WAITING
    object.__setattr__(ports, "inspector", inspector)
    materials.receive(ports, file)
    assert ports.files.read(found(ports, application, file).kept or "") == b"%PDF- another"


def test_a_slot_that_does_not_exist_or_is_full_is_refused(ports: Ports, actor: Actor, application: str) -> None:
    with pytest.raises(Refused) as unknown:
        materials.request_upload(ports, acting.order(actor), application, "diary", "x.pdf")
    assert unknown.value.reasons[0].code == "no_such_slot"
    for _ in range(10):
        acting.upload(ports, actor, application, "licence")
    with pytest.raises(Refused) as full:
        materials.request_upload(ports, acting.order(actor), application, "licence", "x.pdf")
    assert full.value.reasons[0].code == "slot_full"


def test_nobody_makes_room_by_making_people_up(ports: Ports, actor: Actor, application: str) -> None:
    for n in range(40):
        with pytest.raises(Refused) as refusal:
            materials.request_upload(ports, acting.order(actor), application, "licence", "x.pdf", f"p{n}")
        assert [reason.code for reason in refusal.value.reasons] == ["not_per_person"]
        assert refusal.value.reasons[0].next
    folder = ports.records.folder(application)
    assert folder is not None
    assert not folder.files


def in_training(ports: Ports, actor: Actor, application: str) -> None:
    """As it will stand once the training is on offer: an application of two persons, each with his own papers."""
    before = ports.records.get(Application, application)
    assert before is not None
    persons = (Person(id="p1"), Person(id="p2"))
    ports.records.commit(Replace(before, before.changed(service=Service.TRAINING, persons=persons)))


def test_where_each_brings_his_own_it_is_said_whose_it_is_and_each_has_room(
    ports: Ports, actor: Actor, application: str
) -> None:
    in_training(ports, actor, application)
    for stranger in (None, "p3"):
        with pytest.raises(Refused) as refusal:
            materials.request_upload(ports, acting.order(actor), application, "photo", "x.jpg", stranger)
        assert [reason.code for reason in refusal.value.reasons] == ["no_such_person"]
    for person in ("p1", "p2"):
        file = materials.request_upload(ports, acting.order(actor), application, "photo", "x.jpg", person)
        assert found(ports, application, file).person == person
        with pytest.raises(Refused) as refusal:
            materials.request_upload(ports, acting.order(actor), application, "photo", "x.jpg", person)
        assert [reason.code for reason in refusal.value.reasons] == ["slot_full"]


def test_a_repeated_request_opens_no_place_for_a_file_that_nobody_waits_for(
    ports: Ports, actor: Actor, application: str
) -> None:
    """The bucket would answer 201, and the phone believe that it was delivered."""
    key = acting.order(actor, "upload", "the-key")
    file = materials.request_upload(ports, key, application, "licence", "x.pdf")
    assert materials.upload_form(ports, file).fields
    ports.files.arrives(file, acting.PDF)  # type: ignore[attr-defined]  # the bucket in memory
    materials.receive(ports, file)
    assert materials.request_upload(ports, key, application, "licence", "x.pdf") == file
    with pytest.raises(Refused) as refusal:
        materials.upload_form(ports, file)
    assert [reason.code for reason in refusal.value.reasons] == ["upload_settled"]
    materials.remove_file(ports, acting.order(actor), application, file)
    assert materials.request_upload(ports, key, application, "licence", "x.pdf") == file
    with pytest.raises(Absent):
        materials.upload_form(ports, file)


def test_a_receipt_has_its_time(ports: Ports, actor: Actor, application: str) -> None:
    with pytest.raises(Refused) as refusal:
        materials.request_upload(ports, acting.order(actor), application, "bank_receipt", "x.pdf")
    assert refusal.value.reasons[0].code == "slot_closed"


def test_a_submitted_application_can_lose_no_file(ports: Ports, actor: Actor) -> None:
    application = acting.submitted(ports, actor)
    folder = ports.records.folder(application)
    assert folder is not None
    with pytest.raises(Refused):
        materials.remove_file(ports, acting.order(actor), application, folder.files[0].id)


def test_a_file_asked_for_while_the_application_goes_in_does_not_slip_in_after_it(ports: Ports, actor: Actor) -> None:
    application = acting.draft(ports, actor)
    for slot in ("application_form", "licence"):
        acting.upload(ports, actor, application, slot)
    ids, new = ports.ids, ports.ids.new

    def submit_first(prefix: str) -> str:
        object.__setattr__(ids, "new", new)
        applications.act(ports, acting.order(actor), application, Action.SUBMIT, None)
        return new(prefix)

    object.__setattr__(ids, "new", submit_first)
    with pytest.raises(Refused) as refusal:
        materials.request_upload(ports, acting.order(actor), application, "licence", "x.pdf")
    assert refusal.value.reasons[0].code == "slot_closed"


def test_a_file_can_be_taken_out_of_a_draft(ports: Ports, actor: Actor, application: str) -> None:
    file = acting.upload(ports, actor, application, "licence")
    materials.remove_file(ports, acting.order(actor), application, file)
    assert ports.records.get(MaterialFile, application, file) is None


def test_a_file_that_was_taken_out_is_erased_and_no_other(ports: Ports, actor: Actor, application: str) -> None:
    gone, stays = (found(ports, application, acting.upload(ports, actor, application, "licence")) for _ in range(2))
    materials.remove_file(ports, acting.order(actor), application, gone.id)
    (row,) = acting.pending(ports)
    assert (row.work, row.subject) == (Work.ERASE, (gone.id, (gone.sha256 or "")[:16]))
    for _ in range(2):
        materials.erase(ports, *row.subject)
    acting.work_off(ports)
    assert ports.files.read(gone.kept or "") is None
    assert ports.files.read(stays.kept or "") == acting.PDF


def test_of_a_file_that_never_passed_there_is_nothing_to_erase(ports: Ports, actor: Actor, application: str) -> None:
    waiting = materials.request_upload(ports, acting.order(actor), application, "licence", "x.pdf")
    for file in (waiting, acting.upload(ports, actor, application, "licence", b"<html>")):
        materials.remove_file(ports, acting.order(actor), application, file)
    assert not acting.pending(ports)


@pytest.mark.parametrize("again", [1, 2])
def test_a_file_taken_out_while_it_is_checked_leaves_nothing_behind(
    ports: Ports, actor: Actor, application: str, again: int
) -> None:
    file = materials.request_upload(ports, acting.order(actor), application, "licence", "x.pdf")
    ports.files.arrives(file, acting.PDF)  # type: ignore[attr-defined]  # the bucket in memory
    keep = ports.files.keep

    def removed_before(*given: str) -> None:
        if ports.records.get(MaterialFile, application, file) is not None:
            materials.remove_file(ports, acting.order(actor), application, file)
        keep(*given)

    object.__setattr__(ports.files, "keep", removed_before)
    for _ in range(again):
        materials.receive(ports, file)
    acting.work_off(ports)
    assert not ports.files.kept  # type: ignore[attr-defined]  # the bucket in memory


def test_a_file_checked_twice_at_once_and_taken_out_in_between_leaves_nothing_behind(
    ports: Ports, actor: Actor, application: str
) -> None:
    """The slower check keeps it once more when the faster one's is erased already."""
    file = materials.request_upload(ports, acting.order(actor), application, "licence", "x.pdf")
    ports.files.arrives(file, acting.PDF)  # type: ignore[attr-defined]  # the bucket in memory
    keep = ports.files.keep

    def overtaken(*given: str) -> None:
        object.__setattr__(ports.files, "keep", keep)
        materials.receive(ports, file)
        materials.remove_file(ports, acting.order(actor), application, file)
        acting.work_off(ports)
        keep(*given)

    object.__setattr__(ports.files, "keep", overtaken)
    materials.receive(ports, file)
    acting.work_off(ports)
    assert not ports.files.kept  # type: ignore[attr-defined]  # the bucket in memory


def test_nobody_uploads_into_what_is_not_his(ports: Ports, application: str) -> None:
    with pytest.raises(Absent):
        materials.request_upload(ports, acting.order(acting.user(ports, "li")), application, "licence", "x.pdf")


@pytest.mark.parametrize("name", ["../x.pdf", "a\0b.pdf", "x" * 300 + ".pdf", ""])
def test_a_name_that_is_no_file_name_is_refused(ports: Ports, actor: Actor, application: str, name: str) -> None:
    with pytest.raises(Misfilled):
        materials.request_upload(ports, acting.order(actor), application, "licence", name)


def test_the_file_name_is_personal_and_kept_sealed(ports: Ports, actor: Actor, application: str) -> None:
    file = materials.request_upload(ports, acting.order(actor), application, "licence", "张三的执照.pdf")
    record = found(ports, application, file)
    assert (record.name.plain, record.name.masked) == (None, "张***.pdf")
    assert ports.records.opened(record).name.plain == "张三的执照.pdf"
    assert "张三" not in file


def test_the_sweeper_finds_an_upload_whose_event_was_lost(ports: Ports, actor: Actor, application: str) -> None:
    file = materials.request_upload(ports, acting.order(actor), application, "licence", "x.pdf")
    ports.files.arrives(file, acting.PDF)  # type: ignore[attr-defined]  # the bucket in memory
    ports.clock.advance(timedelta(minutes=6))  # type: ignore[attr-defined]  # the clock in memory
    sweeping.sweep(ports)
    assert found(ports, application, file).status is FileStatus.ACCEPTED


def test_a_file_that_never_came_frees_its_slot_and_says_so(ports: Ports, actor: Actor, application: str) -> None:
    file = materials.request_upload(ports, acting.order(actor), application, "licence", "x.pdf")
    ports.clock.advance(timedelta(minutes=36))  # type: ignore[attr-defined]  # the clock in memory
    sweeping.sweep(ports)
    record = found(ports, application, file)
    assert record.status is FileStatus.REFUSED
    assert record.reasons[0].code == "never_arrived"


def test_a_file_is_saved_under_its_slots_name_and_that_staff_opened_it_is_kept(ports: Ports, actor: Actor) -> None:
    application = acting.submitted(ports, actor)
    folder = applications.folder_for(ports, acting.REVIEWER, application)
    file = next(each for each in folder.files if each.slot == "licence")
    for who, entries in ((actor, 0), (acting.REVIEWER, 1)):
        assert materials.link(ports, folder, file.id, who).endswith("name=licence.pdf")
        assert len(ports.records.audit_of(f"application:{application}", Asked()).items) == entries
