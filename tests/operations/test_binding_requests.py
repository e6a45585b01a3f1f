"""认领: a user who finds no record asks staff, on evidence; it ends in a binding, in a reason, or by itself."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.operations import accounts, applications, binding_requests, enterprises, granting, materials, notices
from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import Asked as Wanted
from chalicelib.operations.ports import Change, Ports
from chalicelib.rules.binding_requests import Asked
from chalicelib.rules.folding import Misfilled
from chalicelib.rules.records import (
    AuditEntry,
    BindingRequest,
    Claim,
    ClaimKind,
    MaterialFile,
    Message,
    OutboxRow,
    RequestStatus,
    Work,
)
from chalicelib.rules.vocabulary import Action, Actor, FileStatus, Refused
from tests import made_up
from tests.operations import acting

WHY = "核对执照和授权书，并致电单位确认"
SLOTS = ("licence", "authorisation")


def claimant(ports: Ports, name: str = "li", n: int = 5) -> Actor:
    actor = acting.user(ports, name)
    accounts.save_profile(ports, acting.order(actor), made_up.person(n), made_up.mobile(n))
    return actor


def asked_for(n: int = 1, **changes: str) -> Asked:
    return replace(Asked(made_up.enterprise(n), made_up.credit_code(n), "行政主管", "原经办人已离职"), **changes)


def bring(ports: Ports, actor: Actor, request: str, slot: str, data: bytes = acting.PDF) -> str:
    file = binding_requests.request_upload(ports, acting.order(actor), request, slot, f"{slot}.pdf")
    ports.files.arrives(file, data)  # type: ignore[attr-defined]  # what the phone does
    materials.receive(ports, file)
    return file


def collecting(ports: Ports, actor: Actor, n: int = 1) -> str:
    return binding_requests.ask(ports, acting.order(actor), asked_for(n))


def handed_in(ports: Ports, actor: Actor, n: int = 1) -> str:
    request = collecting(ports, actor, n)
    for slot in SLOTS:
        bring(ports, actor, request, slot)
    return binding_requests.submit(ports, acting.order(actor), request)


def now(ports: Ports, request: str) -> BindingRequest:
    found = ports.records.get(BindingRequest, request)
    assert found is not None
    return found


def member_code(ports: Ports, member: Actor) -> str:
    return enterprises.my_enterprise(ports, member).enterprise.member_code


def grant(ports: Ports, request: str, code: str, seen: int | None = None, **order: Any) -> str:
    version = now(ports, request).version if seen is None else seen
    return granting.grant(ports, acting.order(acting.ADMIN, **order), request, version, code, WHY)


def refuse(ports: Ports, request: str, seen: int | None = None, reason: str = "公章不清晰，请重拍。") -> str:
    version = now(ports, request).version if seen is None else seen
    return granting.refuse(ports, acting.order(acting.ADMIN), request, version, reason)


def heard(ports: Ports, actor: Actor) -> list[Message]:
    return list(notices.my_messages(ports, actor, Wanted(50)).items)


def kept(ports: Ports, kind: type[Any]) -> list[Any]:
    return list(ports.records._kept.those(kind))  # type: ignore[attr-defined]  # in memory


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


# --- asking -----------------------------------------------------------------------------------------------------------


def test_who_finds_no_record_is_told_that_he_can_claim_it(ports: Ports) -> None:
    with pytest.raises(Refused) as refusal:
        enterprises.bind(ports, acting.order(claimant(ports)), "虚构无此公司", "00000000")
    assert codes(refusal) == ["record_not_found"]
    assert "“认领”" in refusal.value.reasons[0].next


def test_a_claim_with_evidence_ends_in_a_binding_and_everybody_it_concerns_hears_of_it(ports: Ports) -> None:
    member, _ = acting.member(ports)
    li = claimant(ports)
    request = handed_in(ports, li)
    assert grant(ports, request, member_code(ports, member)) == request
    assert acting.as_of_now(ports, li.id).enterprise == member.enterprise
    assert now(ports, request).status is RequestStatus.GRANTED
    assert [each.notice for each in heard(ports, li)] == ["binding_granted"]
    assert heard(ports, member)[0].notice == "new_binding"
    (entry,) = ports.records.audit_of(f"binding_request:{request}", Wanted()).items
    assert (entry.actor, entry.deed, entry.reason) == ("admin", "grant_binding_request", WHY)


@pytest.mark.parametrize("exists", [True, False])
def test_asking_looks_nothing_up_so_a_unit_that_exists_and_one_that_does_not_are_answered_alike(
    exists: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """The same steps, the same reads: the register is not among them."""
    ports = ports_in_memory()
    if exists:
        acting.member(ports)
    li = claimant(ports)
    looked = Watched(ports.records)
    watched = replace(ports, records=looked)
    request = collecting(watched, li)
    for slot in SLOTS:
        bring(watched, li, request, slot)
    binding_requests.submit(watched, acting.order(li), request)
    own = binding_requests.opened(watched, binding_requests.own(watched, li, request))
    assert own.request.unit == made_up.enterprise(1)
    assert not {"dossier", "enterprises_named"} & set(looked.asked)
    assert {"Enterprise", "credit_code", "member_code"}.isdisjoint(looked.named)


class Watched:
    """Records, and what was asked of them: by which method, and which kinds and claims were named."""

    def __init__(self, records: Any) -> None:
        self._records = records
        self.asked: list[str] = []
        self.named: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._records, name)

        def passed_on(*given: Any) -> Any:
            self.asked.append(name)
            self.named |= _names(given)
            return found(*given)

        return passed_on

    def commit(self, *changes: Change) -> None:
        self._records.commit(*changes)


def _names(given: Any) -> set[str]:
    if isinstance(given, tuple):
        return set().union(*map(_names, given))
    return {given.__name__ if isinstance(given, type) else given if isinstance(given, str) else ""}


def test_one_request_is_open_at_a_time_and_he_is_led_back_to_it(ports: Ports) -> None:
    li = claimant(ports)
    request = collecting(ports, li)
    with pytest.raises(Refused) as refusal:
        collecting(ports, li, 2)
    assert codes(refusal) == ["request_open"]
    assert request in refusal.value.reasons[0].message
    binding_requests.withdraw(ports, acting.order(li), request)
    collecting(ports, li, 2)
    assert len(binding_requests.mine(ports, li, Wanted()).items) == 2


def test_the_same_key_asks_once_and_is_answered_the_same(ports: Ports) -> None:
    order = acting.order(claimant(ports))
    assert binding_requests.ask(ports, order, asked_for()) == binding_requests.ask(ports, order, asked_for())
    assert len(kept(ports, BindingRequest)) == 1


def test_who_is_bound_or_joining_or_nameless_is_told_why_he_cannot_ask(ports: Ports) -> None:
    bound, _ = acting.member(ports)
    joining = claimant(ports, "wang", 6)
    acting.submitted(ports, joining, acting.join_form(2))
    nameless = acting.user(ports, "zhao")
    for actor, code in ((bound, "already_bound"), (joining, "own_join_under_way"), (nameless, "profile_missing")):
        with pytest.raises(Refused) as refusal:
            binding_requests.ask(ports, acting.order(actor), asked_for())
        assert codes(refusal) == [code]


def test_his_name_and_number_are_kept_sealed_as_they_were_when_he_asked(ports: Ports) -> None:
    li = claimant(ports)
    request = collecting(ports, li)
    accounts.save_profile(ports, acting.order(li), made_up.person(6), made_up.mobile(6))
    stored = now(ports, request)
    assert (stored.name.plain, stored.mobile.plain, stored.remark and stored.remark.plain) == (None, None, None)
    assert ports.records.opened(stored).name.plain == made_up.person(5)


# --- evidence ---------------------------------------------------------------------------------------------------------


def test_without_its_evidence_it_is_not_handed_in_and_he_hears_of_all_of_it(ports: Ports) -> None:
    li = claimant(ports)
    request = collecting(ports, li)
    with pytest.raises(Refused) as refusal:
        binding_requests.submit(ports, acting.order(li), request)
    assert [each.field for each in refusal.value.reasons] == list(SLOTS)


def test_a_file_that_is_not_what_it_says_is_refused_as_everywhere(ports: Ports) -> None:
    li = claimant(ports)
    request = collecting(ports, li)
    file = bring(ports, li, request, "licence", b"<html>")
    found = ports.records.get(MaterialFile, request, file)
    assert found is not None
    assert found.status is FileStatus.REFUSED


def test_a_file_name_with_what_nobody_sees_in_it_is_refused_with_its_field(ports: Ports) -> None:
    li = claimant(ports)
    request = collecting(ports, li)
    with pytest.raises(Misfilled) as refusal:
        binding_requests.request_upload(ports, acting.order(li), request, "licence", "执照\x1b.pdf")
    assert [(each.code, each.field) for each in refusal.value.reasons] == [("file_name_characters", "file_name")]


def test_once_handed_in_no_evidence_is_added_or_taken_away(ports: Ports) -> None:
    li = claimant(ports)
    request = handed_in(ports, li)
    file = binding_requests.own(ports, li, request).files[0].id
    with pytest.raises(Refused) as adding:
        binding_requests.request_upload(ports, acting.order(li), request, "licence", "a.pdf")
    with pytest.raises(Refused) as taking_away:
        binding_requests.remove_evidence(ports, acting.order(li), request, file)
    assert codes(adding) == codes(taking_away) == ["request_moved_on"]


def test_evidence_is_taken_out_before_it_is_handed_in_and_erased(ports: Ports) -> None:
    li = claimant(ports)
    request = collecting(ports, li)
    file = bring(ports, li, request, "licence")
    place = binding_requests.own(ports, li, request).files[0].kept or ""
    binding_requests.remove_evidence(ports, acting.order(li), request, file)
    acting.work_off(ports)
    assert binding_requests.own(ports, li, request).files == ()
    assert ports.files.read(place) is None


@pytest.mark.parametrize("step", ["withdraw", "bind"])
def test_what_nobody_decided_leaves_no_evidence_behind(ports: Ports, step: str) -> None:
    member, _ = acting.member(ports)
    li = claimant(ports)
    request = handed_in(ports, li)
    places = [each.kept or "" for each in binding_requests.own(ports, li, request).files]
    if step == "withdraw":
        binding_requests.withdraw(ports, acting.order(li), request)
    else:
        enterprises.bind(ports, acting.order(li), made_up.enterprise(1), member_code(ports, member))
    acting.work_off(ports)
    assert [ports.files.read(each) for each in places] == [None, None]
    assert len([each for each in kept(ports, OutboxRow) if each.work is Work.ERASE]) == 2


# --- nobody else's ----------------------------------------------------------------------------------------------------


def test_another_user_finds_nothing_and_staff_nothing_that_was_not_handed_in(ports: Ports) -> None:
    li, wang = claimant(ports), claimant(ports, "wang", 6)
    request = collecting(ports, li)
    with pytest.raises(Absent):
        binding_requests.own(ports, wang, request)
    with pytest.raises(Absent):
        granting.looked_at(ports, request)
    assert granting.waiting(ports, Wanted()).items == ()


def test_staff_read_masks_and_open_name_number_and_files_on_the_record_alone(ports: Ports) -> None:
    li = claimant(ports)
    request = handed_in(ports, li)
    masked = granting.looked_at(ports, request).folder
    assert masked.request.name.plain is None
    opened = granting.reveal(ports, acting.REVIEWER, request, "电话核实")
    assert opened.request.mobile.plain == made_up.mobile(5)
    granting.evidence_link(ports, acting.REVIEWER, request, masked.files[0].id)
    deeds = {(each.actor, each.deed) for each in kept(ports, AuditEntry)}
    assert {("reviewer", "reveal"), ("reviewer", "open_file")} <= deeds
    with pytest.raises(Refused):
        granting.reveal(ports, acting.REVIEWER, request, " ")


# --- beside the register ----------------------------------------------------------------------------------------------


def test_staff_see_who_may_be_meant_by_code_and_by_name_and_what_differs(ports: Ports) -> None:
    first, _ = acting.member(ports)
    second, _ = acting.member(ports, "wang", acting.join_form(2))
    li = claimant(ports)
    asked = asked_for(1, unit=made_up.enterprise(2))
    request = binding_requests.ask(ports, acting.order(li), asked)
    for slot in SLOTS:
        bring(ports, li, request, slot)
    binding_requests.submit(ports, acting.order(li), request)
    found = granting.looked_at(ports, request).candidates
    assert [(each.dossier.enterprise.id, each.found_by) for each in found] == [
        (first.enterprise, ("credit_code",)), (second.enterprise, ("name",)),
    ]  # fmt: skip
    assert [[each.code for each in one.warnings] for one in found] == [["other_name"], ["other_credit_code"]]


def test_what_is_found_both_ways_is_shown_once_and_what_is_not_there_not_at_all(ports: Ports) -> None:
    acting.member(ports)
    known, unknown = claimant(ports), claimant(ports, "wang", 6)
    (found,) = granting.looked_at(ports, handed_in(ports, known)).candidates
    assert (found.found_by, found.warnings) == (("credit_code", "name"), ())
    assert granting.looked_at(ports, handed_in(ports, unknown, 3)).candidates == ()


def test_a_third_representative_is_warned_of_and_not_refused(ports: Ports) -> None:
    member, _ = acting.member(ports)
    code = member_code(ports, member)
    for name, n in (("wang", 6), ("zhao", 7)):
        request = handed_in(ports, claimant(ports, name, n))
        (found,) = granting.looked_at(ports, request).candidates
        assert [each.code for each in found.warnings] == (["many_bound"] if name == "zhao" else [])
        grant(ports, request, code)
    assert len(enterprises.my_enterprise(ports, member).bindings) == 3


# --- deciding ---------------------------------------------------------------------------------------------------------


def test_what_waits_is_listed_oldest_first_until_it_is_decided(ports: Ports) -> None:
    requests = []
    for name, n in (("li", 5), ("wang", 6), ("zhao", 7)):
        requests.append(handed_in(ports, claimant(ports, name, n)))
        ports.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]  # the clock in memory
    assert [each.id for each in granting.waiting(ports, Wanted()).items] == requests
    refuse(ports, requests[0])
    assert [each.id for each in granting.waiting(ports, Wanted()).items] == requests[1:]


def test_a_refusal_tells_the_reason_and_he_can_ask_again(ports: Ports) -> None:
    li = claimant(ports)
    request = handed_in(ports, li)
    refuse(ports, request)
    (message,) = heard(ports, li)
    assert (message.notice, message.context["reason"]) == ("binding_refused", "公章不清晰，请重拍。")
    assert message.context["unit"] == made_up.enterprise(1)
    assert collecting(ports, li) != request


def test_the_second_of_two_staff_is_told_what_the_first_did_and_nothing_happens_twice(ports: Ports) -> None:
    member, _ = acting.member(ports)
    li = claimant(ports)
    request = handed_in(ports, li)
    seen = now(ports, request).version
    refuse(ports, request, seen)
    with pytest.raises(Refused) as refusal:
        grant(ports, request, member_code(ports, member), seen)
    assert codes(refusal) == ["request_moved_on"]
    assert "公章不清晰" in refusal.value.reasons[0].message
    assert acting.as_of_now(ports, li.id).enterprise is None
    assert len(heard(ports, li)) == 1


def test_the_same_decision_under_the_same_key_is_answered_as_before(ports: Ports) -> None:
    member, _ = acting.member(ports)
    li, code = claimant(ports), member_code(ports, member)
    request = handed_in(ports, li)
    seen = now(ports, request).version
    assert [grant(ports, request, code, seen, key="same-key") for _ in range(2)] == [request, request]
    assert [each.notice for each in heard(ports, li)] == ["binding_granted"]


def test_staff_give_a_reason_and_a_code_that_there_is(ports: Ports) -> None:
    request = handed_in(ports, claimant(ports))
    with pytest.raises(Refused) as refusal:
        granting.grant(ports, acting.order(acting.ADMIN), request, 1, "12345678", " ")
    assert codes(refusal) == ["reason_required"]
    with pytest.raises(Refused) as refusal:
        grant(ports, request, "00000000")
    assert codes(refusal) == ["no_such_member"]
    assert now(ports, request).status is RequestStatus.SUBMITTED


def test_who_has_withdrawn_is_not_bound_any_more(ports: Ports) -> None:
    member, _ = acting.member(ports)
    li = claimant(ports)
    request = handed_in(ports, li)
    seen = now(ports, request).version
    binding_requests.withdraw(ports, acting.order(li), request)
    with pytest.raises(Refused) as refusal:
        grant(ports, request, member_code(ports, member), seen)
    assert "由申请人撤回" in refusal.value.reasons[0].message


# --- ending by itself -------------------------------------------------------------------------------------------------


def test_who_binds_himself_meanwhile_ends_it_in_the_same_commit(ports: Ports) -> None:
    member, _ = acting.member(ports)
    li = claimant(ports)
    request = handed_in(ports, li)
    enterprises.bind(ports, acting.order(li), made_up.enterprise(1), member_code(ports, member))
    assert now(ports, request).status is RequestStatus.OVERTAKEN
    assert ports.records.get(Claim, ClaimKind.BINDING_REQUEST.value, li.id) is None
    assert granting.waiting(ports, Wanted()).items == ()
    with pytest.raises(Refused) as refusal:
        refuse(ports, request)
    assert "自行绑定" in refusal.value.reasons[0].message


@pytest.mark.parametrize("decide", ["grant", "refuse"])
def test_whose_join_was_completed_meanwhile_is_seen_when_staff_decide_and_bound_to_nothing_else(
    ports: Ports, decide: str
) -> None:
    member, _ = acting.member(ports)
    li = claimant(ports)
    request = handed_in(ports, li)
    acting.being_made(ports, li, acting.join_form(2))
    if decide == "grant":
        with pytest.raises(Refused) as joining:
            grant(ports, request, member_code(ports, member))
        assert codes(joining) == ["own_join_under_way"]
    acting.work_off(ports)
    own = acting.as_of_now(ports, li.id).enterprise
    assert own is not None
    assert granting.looked_at(ports, request).bound
    with pytest.raises(Refused) as refusal:
        grant(ports, request, member_code(ports, member)) if decide == "grant" else refuse(ports, request)
    assert codes(refusal) == ["request_moved_on"]
    assert now(ports, request).status is RequestStatus.OVERTAKEN
    assert acting.as_of_now(ports, li.id).enterprise == own


def test_a_file_asked_for_and_never_sent_holds_nothing_up_for_ever(ports: Ports) -> None:
    li = claimant(ports)
    request = collecting(ports, li)
    for slot in SLOTS:
        bring(ports, li, request, slot)
    binding_requests.request_upload(ports, acting.order(li), request, "licence", "b.pdf")
    with pytest.raises(Refused) as refusal:
        binding_requests.submit(ports, acting.order(li), request)
    assert codes(refusal) == ["file_being_checked"]
    lost = next(each for each in binding_requests.own(ports, li, request).files if each.status is FileStatus.WAITING)
    materials.give_up_waiting(ports, lost)
    binding_requests.submit(ports, acting.order(li), request)


def test_his_request_is_no_application_and_his_application_no_request(ports: Ports) -> None:
    li = claimant(ports)
    request = collecting(ports, li)
    with pytest.raises(Absent):
        applications.act(ports, acting.order(li), request, Action.SUBMIT, None)
    draft = acting.draft(ports, li, acting.join_form(2))
    with pytest.raises(Absent):
        binding_requests.submit(ports, acting.order(li), draft)
