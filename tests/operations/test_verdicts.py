"""A verdict per material: only what was refused need be replaced, and the reviewer sees what changed since his look."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.messages.templates import notice
from chalicelib.messages.wechat_values import fit
from chalicelib.operations import applications, materials, notices, payments, reconciling
from chalicelib.operations.ports import Asked, Ports
from chalicelib.rules.looks import REFUSED_BY_REVIEWER, Since, verdict_on
from chalicelib.rules.records import Folder, Look, MaterialVerdict, Message
from chalicelib.rules.vocabulary import Action, Actor, FileStatus, Personal, Refused, Service, State
from tests import made_up
from tests.operations import acting
from tests.operations.years import codes, qualifying, six

UNCLEAR = MaterialVerdict("licence", accepted=False, reason="执照右下角被裁掉")
FINE = MaterialVerdict("application_form", accepted=True)


@pytest.fixture
def actor(ports: Ports) -> Actor:
    return acting.user(ports)


@pytest.fixture
def application(ports: Ports, actor: Actor) -> str:
    return acting.submitted(ports, actor)


def folder(ports: Ports, application: str) -> Folder:
    found = ports.records.folder(application)
    assert found is not None
    return found


def returned(ports: Ports, application: str, *verdicts: MaterialVerdict, reason: str = "请更换资料") -> None:
    seen = acting.version(ports, application)
    applications.act(ports, acting.order(acting.REVIEWER), application, Action.RETURN, seen, reason, verdicts)


def approved(ports: Ports, application: str) -> None:
    seen = acting.version(ports, application)
    applications.act(ports, acting.order(acting.REVIEWER), application, Action.APPROVE, seen)


def handed_in(ports: Ports, actor: Actor, application: str) -> None:
    applications.act(ports, acting.order(actor), application, Action.SUBMIT, None)


def saved(ports: Ports, actor: Actor, application: str, **form: str) -> None:
    seen = acting.version(ports, application)
    applications.save_draft(ports, acting.order(actor), application, seen, dict(form))


def statuses(ports: Ports, application: str) -> dict[str, set[FileStatus]]:
    there = folder(ports, application).files
    return {slot: {each.status for each in there if each.slot == slot} for slot in {each.slot for each in there}}


def verdict(ports: Ports, application: str, slot: str, person: str | None = None) -> MaterialVerdict | None:
    whole = folder(ports, application)
    there = [each for each in whole.files if (each.slot, each.person) == (slot, person)]
    return verdict_on(whole.look, (slot, person), there)


def outcome(ports: Ports, application: str, slot: str) -> bool | None:
    found = verdict(ports, application, slot)
    return found.accepted if found else None


def since(ports: Ports, application: str) -> Since:
    return applications.beside(ports, folder(ports, application)).since


def told(ports: Ports, actor: Actor) -> Message:
    return notices.my_messages(ports, actor, Asked()).items[0]


# --- only what was refused --------------------------------------------------------------------------------------------


def test_only_the_refused_material_is_asked_for_again(ports: Ports, actor: Actor, application: str) -> None:
    returned(ports, application, UNCLEAR, FINE)
    assert statuses(ports, application) == {
        "licence": {FileStatus.REFUSED}, "application_form": {FileStatus.ACCEPTED},
    }  # fmt: skip
    with pytest.raises(Refused) as refusal:
        handed_in(ports, actor, application)
    (reason,) = refusal.value.reasons
    assert (reason.code, reason.field) == (REFUSED_BY_REVIEWER, "licence")
    assert reason.message == "“营业执照副本（或事业单位法人证书）”审核未通过：执照右下角被裁掉"
    acting.upload(ports, actor, application, "licence", b"%PDF-1.7 whole")
    handed_in(ports, actor, application)
    assert folder(ports, application).application.state is State.IN_REVIEW


def test_the_draft_says_what_must_be_replaced_and_why(ports: Ports, actor: Actor, application: str) -> None:
    returned(ports, application, UNCLEAR)
    lacking = applications.draft_reasons(ports, applications.own_folder(ports, actor, application))
    assert [(each.code, each.field) for each in lacking] == [(REFUSED_BY_REVIEWER, "licence")]
    assert lacking[0].next == "请更换该资料后再提交。"


def test_without_a_verdict_everything_is_kept_as_before(ports: Ports, actor: Actor, application: str) -> None:
    before = folder(ports, application).files
    returned(ports, application)
    assert folder(ports, application).files == before
    assert verdict(ports, application, "licence") is None
    handed_in(ports, actor, application)


def test_nobody_is_told_who_the_reviewer_was(ports: Ports, actor: Actor, application: str) -> None:
    somebody = replace(acting.REVIEWER, id="zhu-shen")
    applications.act(ports, acting.order(somebody), application, Action.RETURN, None, "请更换资料", (UNCLEAR,))
    whole = folder(ports, application)
    assert whole.entries[-1].actor == "zhu-shen"
    assert "zhu-shen" not in repr((whole.look, whole.files, told(ports, actor)))


def test_a_verdict_stands_until_the_material_is_another(ports: Ports, actor: Actor, application: str) -> None:
    returned(ports, application, UNCLEAR, FINE)
    assert outcome(ports, application, "licence") is False
    assert outcome(ports, application, "application_form") is True
    acting.upload(ports, actor, application, "licence", b"<html>")
    assert verdict(ports, application, "licence") is not None
    acting.upload(ports, actor, application, "licence", b"%PDF-1.7 whole")
    acting.upload(ports, actor, application, "application_form", b"%PDF-1.7 one more page")
    assert verdict(ports, application, "licence") is None
    assert verdict(ports, application, "application_form") is None


def test_a_refused_file_that_is_taken_out_leaves_its_verdict_in_the_empty_slot(
    ports: Ports, actor: Actor, application: str
) -> None:
    returned(ports, application, UNCLEAR)
    (file,) = (each.id for each in folder(ports, application).files if each.slot == "licence")
    materials.remove_file(ports, acting.order(actor), application, file)
    assert verdict(ports, application, "licence") is not None
    with pytest.raises(Refused) as refusal:
        handed_in(ports, actor, application)
    assert codes(refusal) == ["material_missing"]


def test_what_was_refused_is_not_accepted_by_being_left_beside_its_better(
    ports: Ports, actor: Actor, application: str
) -> None:
    returned(ports, application, UNCLEAR)
    better = acting.upload(ports, actor, application, "licence", b"%PDF-1.7 whole")
    handed_in(ports, actor, application)
    returned(ports, application, MaterialVerdict("licence", accepted=True), reason="申请表未盖章")
    assert statuses(ports, application)["licence"] == {FileStatus.REFUSED, FileStatus.ACCEPTED}
    assert outcome(ports, application, "licence") is True
    materials.remove_file(ports, acting.order(actor), application, better)
    with pytest.raises(Refused) as refusal:
        handed_in(ports, actor, application)
    assert codes(refusal) == [REFUSED_BY_REVIEWER]


def test_what_he_accepted_once_he_need_not_judge_again(ports: Ports, actor: Actor, application: str) -> None:
    returned(ports, application, UNCLEAR, FINE)
    acting.upload(ports, actor, application, "licence", b"%PDF-1.7 whole")
    handed_in(ports, actor, application)
    returned(ports, application, UNCLEAR)
    assert outcome(ports, application, "application_form") is True


def test_a_refused_file_can_still_be_opened_by_the_reviewer_to_compare(
    ports: Ports, actor: Actor, application: str
) -> None:
    returned(ports, application, UNCLEAR)
    (file,) = (each for each in folder(ports, application).files if each.slot == "licence")
    assert materials.link(ports, folder(ports, application), file.id, acting.REVIEWER)
    materials.receive(ports, file.id)  # the bucket tells of it once more
    assert ports.files.read(file.kept or "") == acting.PDF
    assert statuses(ports, application)["licence"] == {FileStatus.REFUSED}


# --- how a verdict may be given ---------------------------------------------------------------------------------------


def test_every_fault_of_every_verdict_is_told_at_once_and_nothing_happens(ports: Ports, application: str) -> None:
    before = folder(ports, application)
    wrong = (
        MaterialVerdict("nothing", accepted=True), MaterialVerdict("bank_receipt", accepted=False, reason="x"),
        MaterialVerdict("licence", accepted=False, reason="  "), MaterialVerdict("licence", accepted=False, reason="x"),
        MaterialVerdict("application_form", accepted=False, reason="字" * 201),
        MaterialVerdict("application_form", accepted=True, person="somebody"),
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        returned(ports, application, *wrong, reason=" ")
    assert set(codes(refusal)) == {
        "reason_required", "no_such_slot", "receipt_is_for_finance", "verdict_needs_reason", "verdict_too_long",
        "whose_material", "judged_twice",
    }  # fmt: skip
    assert all(each.next for each in refusal.value.reasons)
    assert folder(ports, application) == before


def test_where_everyone_brings_his_own_the_person_must_be_named_and_of_this_application(ports: Ports) -> None:
    member = acting.member(ports)[0]
    application = qualifying(ports, member)
    ids = [each.id for each in folder(ports, application).application.persons]
    wrong = (
        MaterialVerdict("practitioner_id", accepted=True),
        MaterialVerdict("practitioner_id", accepted=True, person="x"),
        MaterialVerdict("licence", accepted=True, person=ids[0]),
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        returned(ports, application, *wrong)
    assert codes(refusal) == ["whose_material", "no_such_person", "whose_material"]


def test_a_slot_without_a_file_cannot_be_judged(ports: Ports) -> None:
    member = acting.member(ports)[0]
    ports.clock.advance(timedelta(days=300))  # type: ignore[attr-defined]  # in memory
    application = applications.open_draft(ports, acting.order(member), Service.DUES)
    acting.upload(ports, member, application, "bank_receipt")
    payments.pay(ports, acting.order(member), (application,), acting.transfer(ports))
    with pytest.raises(Refused) as refusal:
        returned(ports, application, MaterialVerdict("member_certificate", accepted=False, reason="过期"))
    assert codes(refusal) == ["nothing_to_judge"]


def test_only_the_reviewer_judges(ports: Ports, application: str) -> None:
    with pytest.raises(Refused) as refusal:
        applications.act(
            ports, acting.order(acting.FINANCE), application, Action.RETURN, None, "不清晰", (UNCLEAR,)
        )  # fmt: skip
    assert codes(refusal) == ["not_your_role"]


# --- one person's -----------------------------------------------------------------------------------------------------


def test_one_persons_refused_card_is_asked_of_him_alone_by_his_mask(ports: Ports) -> None:
    member = acting.member(ports)[0]
    application = qualifying(ports, member)
    one, *others = (each.id for each in folder(ports, application).application.persons)
    returned(ports, application, MaterialVerdict("practitioner_id", accepted=False, reason="缺反面", person=one))
    with pytest.raises(Refused) as refusal:
        handed_in(ports, member, application)
    (reason,) = refusal.value.reasons
    assert "从业人员身份证”（" in reason.message
    assert "缺反面" in reason.message
    assert not [n for n in range(101, 107) if made_up.person(n) in f"{reason} {told(ports, member)}"]
    acting.upload(ports, member, application, "practitioner_id", person=one)
    handed_in(ports, member, application)
    assert [verdict(ports, application, "practitioner_id", each) for each in (one, *others)] == [None] * 6


def test_the_reviewer_sees_whom_the_application_no_longer_names_and_who_is_new(ports: Ports) -> None:
    member = acting.member(ports)[0]
    application = qualifying(ports, member)
    before = [each.id for each in folder(ports, application).application.persons]
    everyone = six(ports, member, 201)
    (new,) = [each for each in everyone if each not in before][:1]
    returned(ports, application, reason="请更换一人")
    seen = acting.version(ports, application)
    applications.choose_persons(ports, acting.order(member), application, seen, (*before[1:], new))
    for slot in ("practitioner_id", "training_certificate"):
        acting.upload(ports, member, application, slot, person=new)
    handed_in(ports, member, application)
    beside = applications.beside(ports, folder(ports, application))
    assert (beside.since.joined, beside.since.left) == ((new,), (before[0],))
    assert [each.id for each in beside.left] == [before[0]]
    assert {(each.slot, each.person) for each in beside.since.materials} == {
        ("practitioner_id", new), ("training_certificate", new),
    }  # fmt: skip


# --- since his last look ----------------------------------------------------------------------------------------------


def test_before_any_return_nothing_has_changed(ports: Ports, application: str) -> None:
    assert since(ports, application) == Since()


def test_the_reviewer_sees_fields_and_files_that_changed_since_he_returned_it(
    ports: Ports, actor: Actor, application: str
) -> None:
    returned(ports, application, UNCLEAR)
    assert since(ports, application) == Since()
    saved(ports, actor, application, capital="800万元人民币")
    (form,) = (each.id for each in folder(ports, application).files if each.slot == "application_form")
    materials.remove_file(ports, acting.order(actor), application, form)
    new = [acting.upload(ports, actor, application, slot) for slot in ("application_form", "licence")]
    handed_in(ports, actor, application)
    changed = since(ports, application)
    assert [(each.field, each.before, each.now) for each in changed.fields] == [
        ("capital", "500万元人民币", "800万元人民币")
    ]
    found = {each.slot: ([file.id for file in each.files], each.removed) for each in changed.materials}
    assert found == {"application_form": ([new[0]], 1), "licence": ([new[1]], 0)}
    (licence,) = (each for each in changed.materials if each.slot == "licence")
    assert licence.verdict is not None
    assert licence.verdict.reason == UNCLEAR.reason


def test_a_personal_value_that_changed_behind_the_same_mask_is_noticed(
    ports: Ports, actor: Actor, application: str
) -> None:
    returned(ports, application)
    saved(ports, actor, application, contact_mobile="19988880001")
    handed_in(ports, actor, application)
    (change,) = since(ports, application).fields
    assert isinstance(change.before, Personal)
    assert isinstance(change.now, Personal)
    assert (change.before.masked, change.before.plain) == ("199****0001", made_up.mobile(1))
    assert (change.now.masked, change.now.plain) == ("199****0001", "19988880001")


def test_what_he_saw_is_kept_sealed(ports: Ports, application: str) -> None:
    returned(ports, application)
    look = ports.records.get(Look, application)
    assert look is not None
    assert look.form["contact_mobile"] == Personal("199****0001", None)
    assert made_up.mobile(1) not in repr(look)


def test_what_is_put_back_as_it_was_has_not_changed(ports: Ports, actor: Actor, application: str) -> None:
    returned(ports, application)
    saved(ports, actor, application, capital="800万元人民币")
    saved(ports, actor, application, capital="500万元人民币")
    handed_in(ports, actor, application)
    assert since(ports, application) == Since()


def test_each_look_is_the_measure_of_the_next(ports: Ports, actor: Actor, application: str) -> None:
    for capital in ("800万元人民币", "900万元人民币"):
        returned(ports, application)
        saved(ports, actor, application, capital=capital)
        handed_in(ports, actor, application)
    (change,) = since(ports, application).fields
    assert (change.before, change.now) == ("800万元人民币", "900万元人民币")


def test_an_approval_is_a_look_too_whoever_sends_it_back_later(ports: Ports) -> None:
    member = acting.member(ports)[0]
    ports.clock.advance(timedelta(days=300))  # type: ignore[attr-defined]  # in memory
    application = applications.open_draft(ports, acting.order(member), Service.DUES)
    acting.upload(ports, member, application, "bank_receipt")
    acting.upload(ports, member, application, "member_certificate")
    payment = payments.pay(ports, acting.order(member), (application,), acting.transfer(ports))
    approved(ports, application)
    assert since(ports, application) == Since()
    reconciling.refuse(ports, acting.order(acting.FINANCE), payment, 0, "账上查无此款")
    new = acting.upload(ports, member, application, "member_certificate", b"%PDF-1.7 another")
    payments.pay(ports, acting.order(member), (application,), acting.transfer(ports))
    (change,) = since(ports, application).materials
    assert [each.id for each in change.files] == [new]


# --- what the applicant is told ---------------------------------------------------------------------------------------


def test_the_notice_names_the_refused_materials_besides_the_reason(
    ports: Ports, actor: Actor, application: str
) -> None:
    returned(ports, application, UNCLEAR, FINE)
    written = notice("returned", told(ports, actor).context)
    assert "打回原因：请更换资料" in written.body
    assert "“营业执照副本（或事业单位法人证书）”：执照右下角被裁掉" in written.body
    assert "入会申请表" not in written.body
    assert "其余资料无需更换" in written.body
    assert fit("thing3", written.wechat["reason"]) == "请更换资料"


def test_a_notice_from_before_there_were_verdicts_is_still_readable(
    ports: Ports, actor: Actor, application: str
) -> None:
    returned(ports, application, UNCLEAR)
    context = {key: value for key, value in told(ports, actor).context.items() if key != "materials"}
    assert "需要更换的资料" not in notice("returned", context).body


# --- how much one return may carry ------------------------------------------------------------------------------------


def test_a_return_takes_no_more_of_a_transaction_however_many_files_are_judged() -> None:
    assert len({_items_of_a_return(judge) for judge in (0, 1, 12)}) == 1


def _items_of_a_return(judge: int) -> int:
    ports = ports_in_memory()
    member = acting.member(ports)[0]
    application = qualifying(ports, member)
    people = [each.id for each in folder(ports, application).application.persons]
    spots = [(slot, who) for who in people for slot in ("practitioner_id", "training_certificate")]
    verdicts = [MaterialVerdict(slot, accepted=False, reason="字" * 200, person=who) for slot, who in spots[:judge]]
    before = dict(kept(ports))
    returned(ports, application, *verdicts)
    after = kept(ports)
    return len([each for each in {*before, *after} if before.get(each) != after.get(each)])


def kept(ports: Ports) -> dict[Any, Any]:
    found: dict[Any, Any] = ports.records._kept  # type: ignore[attr-defined]  # in memory
    return found
