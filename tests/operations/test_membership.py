"""会员资格: ended by an admin with a reason, restored where that was an error, and taken up again by a new join."""

from datetime import date, timedelta

import pytest

from chalicelib.operations import (
    applications,
    catalogue,
    certificates,
    enterprises,
    invoices,
    issuing,
    membership,
    notices,
    payments,
    practitioners,
    reconciling,
    registering,
    reminding,
)
from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import Asked, Ports, Replace
from chalicelib.rules.certificates import standing_today, token
from chalicelib.rules.invoices import Buyer
from chalicelib.rules.records import Application, Certificate, Claim, ClaimKind, Credit, Enterprise, Issuance
from chalicelib.rules.vocabulary import Action, Actor, CertificateKind, Refused, Service, Standing, State
from tests import made_up
from tests.operations import acting, years
from tests.operations.years import codes, dossier, held

WHY = "自愿退会，来函 2026-7 号"
MEMBER, QUALIFICATION = CertificateKind.MEMBER, CertificateKind.QUALIFICATION


@pytest.fixture
def member(ports: Ports) -> Actor:
    return acting.member(ports)[0]


def ended(ports: Ports, member: Actor, reason: str = WHY) -> Enterprise:
    enterprise = dossier(ports, member).enterprise
    membership.end(ports, acting.order(acting.ADMIN), enterprise.member_code, enterprise.version, reason)
    return dossier(ports, member).enterprise


def restored(ports: Ports, member: Actor, reason: str = "终止有误") -> Enterprise:
    enterprise = dossier(ports, member).enterprise
    membership.restore(ports, acting.order(acting.ADMIN), enterprise.member_code, enterprise.version, reason)
    return dossier(ports, member).enterprise


def claim_of(ports: Ports, kind: ClaimKind, value: str) -> Claim | None:
    return ports.records.get(Claim, kind.value, value)


def holder_of_the_code(ports: Ports) -> str | None:
    claim = claim_of(ports, ClaimKind.CREDIT_CODE, made_up.credit_code(1))
    return claim.holder if claim else None


def heard(ports: Ports, actor: Actor) -> list[str]:
    return [each.notice for each in notices.my_messages(ports, actor, Asked(50)).items]


def joined_again(ports: Ports, actor: Actor, form: dict[str, str | None] | None = None) -> str:
    application = acting.being_made(ports, actor, form)
    acting.work_off(ports)
    return application


# --- one certificate revoked, the membership not ---------------------------------------------------------------------


def revoked(ports: Ports, member: Actor, kind: CertificateKind, reason: str = "遗失，另行补发") -> Certificate:
    certificate = held(ports, member, kind)
    certificates.revoke(ports, acting.order(acting.ADMIN), certificate.number, reason)
    return held(ports, member, kind)


def test_the_plan_of_a_unit_whose_member_certificate_alone_was_revoked_says_why_and_what_to_do(
    ports: Ports, member: Actor
) -> None:
    number = revoked(ports, member, MEMBER).number
    (note,) = catalogue.outlook(ports, member).notes
    assert note.code == "member_certificate_revoked"
    assert note.message == f"本单位的会员证（编号 {number}）已于 2026年03月02日注销。原因：遗失，另行补发"
    for said in ("会员资格没有终止", "联系协会", "“会费缴纳＋变更”", "2027 年度会费"):
        assert said in note.next
    assert reasons_of(ports, member, Service.DUES) == ["year_already_paid"]


def test_where_the_years_dues_are_open_paying_them_brings_a_new_member_certificate(ports: Ports, member: Actor) -> None:
    old = revoked(ports, member, MEMBER).number
    years.to_day(ports, date(2027, 1, 5))
    (note,) = catalogue.outlook(ports, member).notes
    assert "办理“会费缴纳”" in note.next
    assert "遗失的上传加盖公章的说明" in note.next
    application = years.filled_in(ports, member, Service.DUES, {}, "member_certificate", "bank_receipt")
    payment = payments.pay(ports, acting.order(member), (application,), acting.transfer(ports))
    years.approve(ports, application)
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, 120_000)
    acting.work_off(ports)
    now = next(each for each in dossier(ports, member).certificates if each.kind is MEMBER and each.revoked_on is None)
    assert now.number != old
    assert catalogue.outlook(ports, member).notes == ()


def test_of_a_revoked_qualification_the_plan_says_the_same(ports: Ports, member: Actor) -> None:
    years.qualified(ports, member)
    number = revoked(ports, member, QUALIFICATION, "查实出借资质证").number
    (note,) = catalogue.outlook(ports, member).notes
    assert (note.code, number in note.message) == ("qualification_revoked", True)
    assert "查实出借资质证" in note.message
    assert "“资质证申办”" in note.next


def test_there_is_nothing_to_note_of_what_counts_and_of_a_membership_that_has_ended(
    ports: Ports, member: Actor
) -> None:
    assert catalogue.outlook(ports, member).notes == ()
    ended(ports, member)
    assert catalogue.outlook(ports, member).notes == ()


def reasons_of(ports: Ports, member: Actor, service: Service) -> list[str]:
    planned = next(each for each in catalogue.plan(ports, member) if each.offer.row.service is service)
    return [each.code for each in planned.reasons]


# --- ending -----------------------------------------------------------------------------------------------------------


def test_an_ended_membership_takes_the_certificates_that_stand_on_it_and_leaves_the_rest(
    ports: Ports, member: Actor
) -> None:
    years.qualified(ports, member)
    enterprise = ended(ports, member)
    assert enterprise.ended is not None
    assert (enterprise.ended.on, enterprise.ended.reason) == (ports.clock.today(), WHY)
    for kind in (MEMBER, QUALIFICATION):
        certificate = held(ports, member, kind)
        assert standing_today(certificate, ports.clock.today()) is Standing.REVOKED
        assert certificate.revoked_reason == f"会员资格终止：{WHY}"
    people = practitioners.roll(ports, member, Asked(30)).items
    assert len(people) == 6
    assert [each.year for each in dossier(ports, member).years] == [2026]


def test_whoever_scans_the_certificate_sees_that_it_is_revoked(ports: Ports, member: Actor) -> None:
    certificate = held(ports, member, MEMBER)
    ended(ports, member)
    found = certificates.verify(ports, token(certificate.root, 1))
    assert found is not None
    assert found.family.certificate.revoked_on == ports.clock.today()


def test_the_representatives_hear_why_what_went_with_it_and_the_way_back(ports: Ports, member: Actor) -> None:
    number = held(ports, member, MEMBER).number
    ended(ports, member)
    message = notices.my_messages(ports, member, Asked()).items[0]
    assert message.notice == "membership_ended"
    assert (message.context["reason"], message.context["credit"]) == (WHY, "")
    assert message.context["certificates"] == f"会员证（编号 {number}）"


def test_ending_is_audited_and_takes_a_reason(ports: Ports, member: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        ended(ports, member, " ")
    assert codes(refusal) == ["reason_required"]
    enterprise = ended(ports, member)
    (entry,) = ports.records.audit_of(f"enterprise:{enterprise.id}", Asked()).items
    assert (entry.actor, entry.deed, entry.reason) == ("admin", "end_membership", WHY)


def test_the_second_admin_is_told_what_the_first_did(ports: Ports, member: Actor) -> None:
    ended(ports, member)
    with pytest.raises(Refused) as refusal:
        ended(ports, member, "再来一次")
    assert codes(refusal) == ["already_ended"]
    assert WHY in refusal.value.reasons[0].message


def test_who_looked_before_the_unit_paid_looks_again(ports: Ports, member: Actor) -> None:
    seen = dossier(ports, member).enterprise
    registering.edit_contact(ports, acting.order(member), {"contact_post": "经理"})
    with pytest.raises(Refused) as refusal:
        membership.end(ports, acting.order(acting.ADMIN), seen.member_code, seen.version, WHY)
    assert codes(refusal) == ["changed_since"]


def test_who_is_no_member_cannot_be_ended(ports: Ports) -> None:
    with pytest.raises(Absent):
        membership.end(ports, acting.order(acting.ADMIN), "00000000", 0, WHY)


def test_asked_again_under_the_same_key_it_has_ended_once(ports: Ports, member: Actor) -> None:
    enterprise = dossier(ports, member).enterprise
    order = acting.order(acting.ADMIN)
    first, second = (membership.end(ports, order, enterprise.member_code, enterprise.version, WHY) for _ in range(2))
    assert first == second == enterprise.id
    assert heard(ports, member).count("membership_ended") == 1


# --- what is still open -----------------------------------------------------------------------------------------------


def test_nothing_ends_while_applications_are_open_and_each_says_what_to_do_first(ports: Ports, member: Actor) -> None:
    years.qualifying(ports, member)
    ports.clock.advance(timedelta(days=280))  # type: ignore[attr-defined]  # the clock in memory
    application, payment = years.dues_put_in(ports, member)
    with pytest.raises(Refused) as refusal:
        ended(ports, member)
    assert codes(refusal) == ["application_open", "application_open"]
    assert all("拒绝" in each.next for each in refusal.value.reasons)
    assert application in "".join(each.message for each in refusal.value.reasons)
    reconciling.refuse(ports, acting.order(acting.FINANCE), payment, 0, "查无此款")
    with pytest.raises(Refused) as one_left:
        ended(ports, member)
    assert len(codes(one_left)) == 1
    assert dossier(ports, member).enterprise.ended is None


def test_a_draft_does_not_hold_it_up_and_cannot_be_submitted_afterwards(ports: Ports, member: Actor) -> None:
    years.to_day(ports, date(2026, 12, 5))
    application = years.filled_in(ports, member, Service.DUES, {}, "bank_receipt")
    ended(ports, member)
    with pytest.raises(Refused) as refusal:
        payments.pay(ports, acting.order(member), (application,), acting.transfer(ports))
    assert codes(refusal)[0] == "membership_ended"


def test_what_is_never_paid_a_reviewer_rejects_so_that_it_holds_up_nothing(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.to_be_paid(ports, actor)
    version = acting.version(ports, application)
    applications.act(ports, acting.order(acting.REVIEWER), application, Action.REJECT, version, "不再办理")
    assert years.state(ports, application) is State.REJECTED
    assert holder_of_the_code(ports) is None
    assert heard(ports, actor)[0] == "rejected"


def test_who_submits_while_it_is_being_ended_moves_the_enterprise(ports: Ports, member: Actor) -> None:
    """So that the ending, which has read an empty list, does not commit."""
    application = years.filled_in(ports, member, Service.DUES_WITH_CHANGES, years.CHANGES, "licence", "change_notice")
    before = dossier(ports, member).enterprise.version
    applications.act(ports, acting.order(member), application, Action.SUBMIT, None)
    assert dossier(ports, member).enterprise.version > before


# --- afterwards -------------------------------------------------------------------------------------------------------


def test_a_unit_whose_membership_has_ended_is_told_for_every_service_to_join_first(ports: Ports, member: Actor) -> None:
    ended(ports, member)
    for planned in catalogue.plan(ports, member):
        service, reasons = planned.offer.row.service, planned.reasons
        if service is Service.JOIN:
            assert reasons == ()
            continue
        assert reasons[0].code == "membership_ended"
        assert WHY in reasons[0].message
        assert "入会申请" in reasons[0].next
        assert "dues_not_paid" not in [each.code for each in reasons]
        assert planned.steps[0] is Service.JOIN
        with pytest.raises(Refused):
            applications.open_draft(ports, acting.order(member), service)


def test_the_representatives_still_read_what_is_theirs(ports: Ports) -> None:
    member, application = acting.member(ports)
    ended(ports, member)
    assert [each.id for each in applications.my_applications(ports, member, Asked()).items] == [application]
    assert [each.kind for each in certificates.mine(ports, member)] == [MEMBER]
    assert enterprises.my_enterprise(ports, member).enterprise.ended is not None
    buyer = Buyer(made_up.enterprise(1), made_up.credit_code(1), "finance@example.com", "")
    assert invoices.request(ports, acting.order(member), (application,), buyer)


def test_a_colleague_can_still_bind_to_read_them(ports: Ports, member: Actor) -> None:
    enterprise = ended(ports, member)
    colleague = acting.user(ports, "li")
    enterprises.bind(ports, acting.order(colleague), enterprise.name, enterprise.member_code)
    assert len(dossier(ports, member).bindings) == 2


def test_nobody_is_reminded_of_dues_he_does_not_owe(ports: Ports, member: Actor) -> None:
    years.six(ports, member)
    ended(ports, member)
    for day in (date(2027, 1, 1), date(2027, 3, 1), date(2028, 12, 1)):
        years.to_day(ports, day)
        reminding.promise_reminders(ports)
        acting.work_off(ports)
    assert not {"dues_due", "review_due", "training_expiring"} & set(heard(ports, member))


def test_a_certificate_does_not_come_back_without_the_membership_it_stands_on(ports: Ports, member: Actor) -> None:
    ended(ports, member)
    number = held(ports, member, MEMBER).number
    with pytest.raises(Refused) as refusal:
        certificates.reinstate(ports, acting.order(acting.CERTIFIER), number, "误操作")
    assert codes(refusal) == ["holder_is_no_member"]


def test_a_corrected_credit_code_stays_free_for_the_unit_that_was_a_member(ports: Ports, member: Actor) -> None:
    enterprise = ended(ports, member)
    fields = {"credit_code": made_up.credit_code(7)}
    registering.correct(
        ports, acting.order(acting.ADMIN), enterprise.member_code, enterprise.version, fields, "登记有误"
    )
    claim = claim_of(ports, ClaimKind.CREDIT_CODE, made_up.credit_code(7))
    assert claim is not None
    assert (claim.holder, claim.former) == (f"former:{enterprise.id}", enterprise.id)
    assert holder_of_the_code(ports) is None


# --- undone -----------------------------------------------------------------------------------------------------------


def test_an_ending_that_was_an_error_is_undone_with_everything_it_took(ports: Ports, member: Actor) -> None:
    years.qualified(ports, member)
    before = dossier(ports, member)
    ended(ports, member)
    enterprise = restored(ports, member)
    assert (enterprise.ended, enterprise.earlier, enterprise.member_since) == (None, (), before.enterprise.member_since)
    today = ports.clock.today()
    assert {standing_today(held(ports, member, kind), today) for kind in (MEMBER, QUALIFICATION)} == {Standing.VALID}
    assert holder_of_the_code(ports) == f"enterprise:{enterprise.id}"
    assert heard(ports, member)[0] == "membership_restored"
    with pytest.raises(Refused) as refusal:
        restored(ports, member)
    assert codes(refusal) == ["not_ended"]


def test_undone_it_does_not_bring_back_what_was_revoked_before(ports: Ports, member: Actor) -> None:
    years.qualified(ports, member)
    number = held(ports, member, QUALIFICATION).number
    certificates.revoke(ports, acting.order(acting.CERTIFIER), number, "资料虚假")
    ended(ports, member)
    restored(ports, member)
    assert held(ports, member, QUALIFICATION).revoked_reason == "资料虚假"
    assert held(ports, member, MEMBER).revoked_on is None


def test_a_renewal_that_fell_into_the_ended_time_is_made_up_for(ports: Ports, member: Actor) -> None:
    years.qualified(ports, member)
    certificate = held(ports, member, QUALIFICATION)
    last = certificate.valid_to
    ports.records.commit(Replace(certificate, certificate.changed(reviewed=(last.year,))))
    years.to_day(ports, last)
    ended(ports, member)
    years.to_day(ports, last + timedelta(days=3))
    restored(ports, member)
    acting.work_off(ports)
    assert held(ports, member, QUALIFICATION).valid_to == date(last.year + 3, 3, 31)


# --- joining again ----------------------------------------------------------------------------------------------------


def test_joining_again_keeps_record_and_member_code_and_makes_a_new_certificate(ports: Ports, member: Actor) -> None:
    years.qualified(ports, member)
    old, before = held(ports, member, MEMBER), ended(ports, member)
    years.to_day(ports, date(2027, 2, 1))
    application = joined_again(ports, member, {**acting.join_form(), "name": made_up.enterprise(9)})
    assert years.state(ports, application) is State.COMPLETED
    after = dossier(ports, member)
    assert (after.enterprise.id, after.enterprise.member_code) == (before.id, before.member_code)
    assert (after.enterprise.name, after.enterprise.member_since) == (made_up.enterprise(9), date(2027, 2, 1))
    assert (after.enterprise.ended, after.enterprise.earlier) == (None, (before.ended,))
    assert sorted(each.year for each in after.years) == [2026, 2027]
    assert holder_of_the_code(ports) == f"enterprise:{before.id}"
    new = [each for each in after.certificates if each.kind is MEMBER and each.revoked_on is None]
    assert [each.number == old.number for each in new] == [False]
    assert held_kinds(ports, member) == {MEMBER}
    assert len(after.bindings) == 1


def held_kinds(ports: Ports, member: Actor) -> set[CertificateKind]:
    return {each.kind for each in certificates.mine(ports, member) if each.revoked_on is None}


def test_the_new_join_stands_in_the_service_record_of_the_unit(ports: Ports, member: Actor) -> None:
    ended(ports, member)
    application = acting.submitted(ports, member)
    assert applications.my_applications(ports, member, Asked()).items[0].id == application


def test_who_had_paid_the_next_year_too_joins_again_in_december_for_both(ports: Ports, member: Actor) -> None:
    years.to_day(ports, date(2026, 12, 5))
    years.dues_paid(ports, member)
    ended(ports, member)
    acting.to_be_paid(ports, member)
    acting.work_off(ports)
    years.to_day(ports, date(2027, 2, 1))
    (held,) = [each for each in years.dossier(ports, member).certificates if not each.revoked_on]
    assert held.valid_to == date(2027, 12, 31)
    assert standing_today(held, ports.clock.today()) is Standing.VALID


def test_a_year_that_was_paid_before_is_not_paid_twice(ports: Ports, member: Actor) -> None:
    ended(ports, member)
    application = acting.to_be_paid(ports, member)  # approved: nothing is due
    acting.work_off(ports)
    assert years.state(ports, application) is State.COMPLETED
    found = ports.records.get(Application, application)
    assert found is not None
    assert (found.amount_due, found.paid) == (0, 0)
    assert [each.year for each in dossier(ports, member).years] == [2026]


def test_somebody_else_joins_for_the_unit_and_is_bound_and_the_others_hear_of_it(ports: Ports, member: Actor) -> None:
    enterprise = ended(ports, member)
    years.to_day(ports, date(2027, 2, 1))
    stranger = acting.user(ports, "li")
    application = joined_again(ports, stranger)
    now = acting.as_of_now(ports, stranger.id)
    assert now.enterprise == enterprise.id
    assert len(dossier(ports, member).bindings) == 2
    assert heard(ports, member)[0] == "new_binding"
    assert heard(ports, stranger)[0] == "completed"
    assert applications.own_folder(ports, now, application).application.owner == f"enterprise:{enterprise.id}"


def test_who_represents_a_unit_that_was_a_member_joins_for_that_unit_alone(ports: Ports, member: Actor) -> None:
    ended(ports, member)
    application = acting.draft(ports, member, acting.join_form(2))
    for slot in ("application_form", "licence"):
        acting.upload(ports, member, application, slot)
    with pytest.raises(Refused) as refusal:
        applications.act(ports, acting.order(member), application, Action.SUBMIT, None)
    assert codes(refusal) == ["not_the_former_unit"]


def test_who_joins_again_is_told_of_the_join_that_is_under_way(ports: Ports, member: Actor) -> None:
    enterprise = ended(ports, member)
    years.to_day(ports, date(2027, 2, 1))
    acting.submitted(ports, acting.user(ports, "li"))
    with pytest.raises(Refused) as second:
        acting.submitted(ports, member)
    assert codes(second) == ["join_under_way"]
    with pytest.raises(Refused) as undone:
        restored(ports, member)
    assert codes(undone) == ["join_under_way"]
    with pytest.raises(Refused) as moved:
        registering.correct(
            ports, acting.order(acting.ADMIN), enterprise.member_code, dossier(ports, member).enterprise.version,
            {"credit_code": made_up.credit_code(7)}, "登记有误",
        )  # fmt: skip
    assert codes(moved) == ["join_under_way"]


@pytest.mark.parametrize("action", [Action.RETURN, Action.REJECT, Action.WITHDRAW])
def test_a_new_join_that_comes_to_nothing_leaves_the_unit_as_it_was(
    ports: Ports, member: Actor, action: Action
) -> None:
    enterprise = ended(ports, member)
    application = acting.submitted(ports, member)
    assert holder_of_the_code(ports) == f"application:{application}"
    actor = member if action is Action.WITHDRAW else acting.REVIEWER
    applications.act(ports, acting.order(actor), application, action, None, "请补充")
    claim = claim_of(ports, ClaimKind.CREDIT_CODE, enterprise.credit_code)
    assert claim is not None
    assert (claim.holder, claim.former, claim.service) == (f"former:{enterprise.id}", enterprise.id, None)
    assert restored(ports, member).ended is None


def test_its_credit_pays_for_joining_again(ports: Ports, member: Actor) -> None:
    years.to_day(ports, date(2026, 12, 5))
    application, payment = years.dues_put_in(ports, member, years.FEE + 50_000)
    years.approve(ports, application)
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, years.FEE + 50_000)
    acting.work_off(ports)
    enterprise = ended(ports, member)
    credit = ports.records.get(Credit, f"enterprise:{enterprise.id}")
    assert credit is not None
    assert credit.balance == 50_000
    years.to_day(ports, date(2028, 2, 1))
    again = acting.to_be_paid(ports, member)
    acting.upload(ports, member, again, "bank_receipt")
    put_in = payments.pay(ports, acting.order(member), (again,), acting.transfer(ports, years.FEE - 50_000))
    reconciling.confirm(ports, acting.order(acting.FINANCE), put_in, 0, years.FEE - 50_000)
    acting.work_off(ports)
    assert years.state(ports, again) is State.COMPLETED


def test_reinstating_the_old_certificate_beside_the_new_one_is_refused(ports: Ports, member: Actor) -> None:
    old = held(ports, member, MEMBER).number
    ended(ports, member)
    acting.to_be_paid(ports, member)
    acting.work_off(ports)
    with pytest.raises(Refused) as refusal:
        certificates.reinstate(ports, acting.order(acting.CERTIFIER), old, "误操作")
    assert codes(refusal) == ["another_is_held"]


def test_the_applicant_who_leaves_midway_is_not_bound_again(ports: Ports, member: Actor) -> None:
    enterprise = ended(ports, member)
    years.to_day(ports, date(2027, 2, 1))
    application = acting.being_made(ports, member)
    enterprises.unbind(ports, acting.order(member))
    acting.work_off(ports)
    assert years.state(ports, application) is State.COMPLETED
    found = ports.records.dossier(enterprise.id)
    assert found is not None
    assert found.bindings == ()


def test_who_leaves_while_his_unit_joins_again_is_free_and_the_join_goes_on_without_him(
    ports: Ports, member: Actor
) -> None:
    other = dossier(ports, acting.member(ports, "wu", acting.join_form(2))[0]).enterprise
    enterprise = ended(ports, member)
    years.to_day(ports, date(2027, 2, 1))
    application = acting.being_made(ports, member)
    enterprises.unbind(ports, acting.order(member))
    left = acting.as_of_now(ports, member.id)
    enterprises.bind(ports, acting.order(left), other.name, other.member_code)
    acting.work_off(ports)
    assert years.state(ports, application) is State.COMPLETED
    assert acting.as_of_now(ports, member.id).enterprise == other.id
    found = ports.records.dossier(enterprise.id)
    assert found is not None
    assert found.enterprise.ended is None
    assert found.bindings == ()


def test_who_leaves_while_his_unit_joins_again_can_have_another_unit_join(ports: Ports, member: Actor) -> None:
    ended(ports, member)
    years.to_day(ports, date(2027, 2, 1))
    again = acting.submitted(ports, member)
    enterprises.unbind(ports, acting.order(member))
    left = acting.as_of_now(ports, member.id)
    other = acting.submitted(ports, left, acting.join_form(2))
    assert years.state(ports, other) is State.IN_REVIEW
    applications.act(ports, acting.order(acting.REVIEWER), again, Action.REJECT, None, "无人办理")
    assert years.state(ports, again) is State.REJECTED


def test_a_membership_may_end_more_than_once_and_each_is_remembered(ports: Ports, member: Actor) -> None:
    ended(ports, member, "一")
    acting.to_be_paid(ports, member)
    acting.work_off(ports)
    enterprise = ended(ports, member, "二")
    assert [each.reason for each in enterprise.earlier] == ["一"]
    assert enterprise.ended is not None
    assert enterprise.ended.reason == "二"


# --- a number that is void takes no member code with it ---------------------------------------------------------------


def sent_back(ports: Ports, application: str) -> None:
    version = acting.version(ports, application)
    applications.act(ports, acting.order(acting.CERTIFIER), application, Action.SEND_BACK, version, "名称不符")


def reserved(ports: Ports, actor: Actor) -> str:
    application = acting.being_made(ports, actor)
    issuing.reserve(ports, application)
    return application


def test_the_member_code_that_was_reserved_with_a_void_number_is_free_again(ports: Ports) -> None:
    application = reserved(ports, acting.user(ports))
    found = ports.records.get(Application, application)
    assert found is not None
    taken = ports.records.get(Certificate, found.certificate or "")
    assert taken is not None
    assert claim_of(ports, ClaimKind.MEMBER_CODE, taken.member_code or "") is not None
    sent_back(ports, application)
    void = ports.records.get(Certificate, taken.root)
    assert void is not None
    assert (void.issuance, void.member_code) == (Issuance.VOID, None)
    assert claim_of(ports, ClaimKind.MEMBER_CODE, taken.member_code or "") is None
    assert claim_of(ports, ClaimKind.CERTIFICATE_NUMBER, taken.number) is not None


def test_of_a_unit_that_joins_again_the_void_number_leaves_the_member_code_alone(ports: Ports, member: Actor) -> None:
    enterprise = ended(ports, member)
    years.to_day(ports, date(2027, 2, 1))
    application = reserved(ports, member)
    sent_back(ports, application)
    assert registering.by_member_code(ports, enterprise.member_code).enterprise.id == enterprise.id
    applications.act(ports, acting.order(member), application, Action.SUBMIT, None)
    years.approve(ports, application)
    acting.work_off(ports)
    assert years.state(ports, application) is State.COMPLETED
    assert dossier(ports, member).enterprise.member_code == enterprise.member_code
