"""The enterprise's year on the real operations: dues, changes, the qualification, its review, and what follows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.messages.templates import notice
from chalicelib.operations import applications, crediting, notices, payments, reconciling, sweeping
from chalicelib.operations.ports import Asked, Ports
from chalicelib.rules.certificate_face import QualificationFace, faces_of
from chalicelib.rules.certificates import standing, standing_today
from chalicelib.rules.records import Payment, PaymentMethod, PaymentStatus
from chalicelib.rules.vocabulary import Action, Actor, CertificateKind, Part, Refused, Service, Standing, State
from tests import made_up
from tests.operations import acting
from tests.operations.years import (
    CHANGES,
    FEE,
    QUALIFICATION,
    approve,
    clock,
    codes,
    dossier,
    dues_paid,
    dues_put_in,
    filled_in,
    held,
    qualified,
    qualifying,
    reviewed,
    six,
    state,
    to_day,
)


@pytest.fixture
def member(ports: Ports) -> Actor:
    """His unit joined on 2 March 2026."""
    return acting.member(ports)[0]


# --- dues -------------------------------------------------------------------------------------------------------------


def test_the_dues_of_the_next_year_make_the_next_version_under_the_same_number(ports: Ports, member: Actor) -> None:
    before = held(ports, member, CertificateKind.MEMBER)
    to_day(ports, date(2026, 12, 5))
    application = dues_paid(ports, member)
    after = held(ports, member, CertificateKind.MEMBER)
    assert state(ports, application) is State.COMPLETED
    assert (after.number, after.latest) == (before.number, 2)
    assert (after.valid_from, after.valid_to) == (date(2027, 1, 1), date(2027, 12, 31))
    assert {each.year for each in dossier(ports, member).years} == {2026, 2027}
    family = ports.records.family(after.root)
    assert family is not None
    old, new = family.editions
    today = ports.clock.today()
    assert standing(after, old, today) is Standing.VALID
    assert standing(after, new, today) is Standing.NOT_YET_VALID
    assert standing_today(after, today) is Standing.VALID
    assert standing(after, old, date(2027, 1, 1)) is Standing.SUPERSEDED


def test_dues_cannot_be_put_in_without_the_receipt(ports: Ports, member: Actor) -> None:
    to_day(ports, date(2027, 1, 5))
    application = filled_in(ports, member, Service.DUES, {})
    with pytest.raises(Refused) as bare:
        applications.act(ports, acting.order(member), application, Action.SUBMIT, None)
    with pytest.raises(Refused) as without:
        payments.pay(ports, acting.order(member), (application,), acting.transfer(ports))
    assert (codes(bare), codes(without)) == (["payment_missing"], ["receipt_missing"])
    payments.pay(ports, acting.order(member), (application,), acting.transfer(ports, method=PaymentMethod.CASH))
    assert state(ports, application) is State.IN_REVIEW


def test_only_one_of_two_drafts_for_the_dues_goes_in_and_the_other_is_told_why(ports: Ports, member: Actor) -> None:
    to_day(ports, date(2027, 1, 5))
    first = filled_in(ports, member, Service.DUES, {}, "bank_receipt")
    second = filled_in(ports, member, Service.DUES_WITH_CHANGES, CHANGES, "licence", "change_notice", "bank_receipt")
    payments.pay(ports, acting.order(member), (first,), acting.transfer(ports))
    with pytest.raises(Refused) as refusal:
        payments.pay(ports, acting.order(member), (second,), acting.transfer(ports))
    assert codes(refusal) == ["under_way_already"]
    assert "会费缴纳" in refusal.value.reasons[0].message


def test_money_that_is_found_first_is_booked_and_approval_completes_it(ports: Ports, member: Actor) -> None:
    to_day(ports, date(2027, 1, 5))
    application, payment = dues_put_in(ports, member)
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, FEE)
    assert state(ports, application) is State.IN_REVIEW
    approve(ports, application)
    acting.work_off(ports)
    assert state(ports, application) is State.COMPLETED
    assert sum(each.amount for each in dossier(ports, member).years if each.year == 2027) == FEE


def test_a_returned_application_goes_in_again_with_the_receipt_it_has(ports: Ports, member: Actor) -> None:
    to_day(ports, date(2027, 1, 5))
    application, payment = dues_put_in(ports, member)
    version = acting.version(ports, application)
    applications.act(ports, acting.order(acting.REVIEWER), application, Action.RETURN, version, "回单不清晰")
    applications.act(ports, acting.order(member), application, Action.SUBMIT, None)
    approve(ports, application)
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, FEE)
    acting.work_off(ports)
    assert state(ports, application) is State.COMPLETED


def test_a_refused_receipt_leads_back_to_the_draft_and_a_new_one_to_the_end(ports: Ports, member: Actor) -> None:
    to_day(ports, date(2027, 1, 5))
    application, payment = dues_put_in(ports, member)
    approve(ports, application)
    reconciling.refuse(ports, acting.order(acting.FINANCE), payment, 0, "账上查无此款")
    assert state(ports, application) is State.DRAFT
    again = payments.pay(ports, acting.order(member), (application,), acting.transfer(ports))
    approve(ports, application)
    reconciling.confirm(ports, acting.order(acting.FINANCE), again, 0, FEE)
    acting.work_off(ports)
    assert state(ports, application) is State.COMPLETED


# --- changes ----------------------------------------------------------------------------------------------------------


def test_dues_with_changes_make_a_certificate_in_the_new_name_and_change_the_register(
    ports: Ports, member: Actor
) -> None:
    to_day(ports, date(2027, 1, 5))
    slots = ("licence", "change_notice", "bank_receipt")
    application = filled_in(ports, member, Service.DUES_WITH_CHANGES, CHANGES, *slots)
    payment = payments.pay(ports, acting.order(member), (application,), acting.transfer(ports))
    approve(ports, application)
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, FEE)
    assert dossier(ports, member).enterprise.name == made_up.enterprise(1)
    acting.work_off(ports)
    enterprise = ports.records.opened(dossier(ports, member).enterprise)
    assert (enterprise.name, enterprise.legal_representative.plain) == (made_up.enterprise(9), made_up.person(9))
    assert held(ports, member, CertificateKind.MEMBER).holder_name == made_up.enterprise(9)


def test_whose_year_is_paid_and_who_has_no_qualification_changes_for_nothing(ports: Ports, member: Actor) -> None:
    application = filled_in(ports, member, Service.DUES_WITH_CHANGES, CHANGES, "licence", "change_notice")
    with pytest.raises(Refused) as refusal:
        payments.pay(ports, acting.order(member), (application,), acting.transfer(ports, method=PaymentMethod.CASH))
    assert codes(refusal) == ["nothing_due"]
    applications.act(ports, acting.order(member), application, Action.SUBMIT, None)
    approve(ports, application)
    acting.work_off(ports)
    after = held(ports, member, CertificateKind.MEMBER)
    assert (after.latest, after.holder_name) == (2, made_up.enterprise(9))
    assert (after.valid_from, after.valid_to) == (date(2026, 3, 2), date(2026, 12, 31))
    assert len(dossier(ports, member).years) == 1


# --- the qualification ------------------------------------------------------------------------------------------------


def test_the_qualification_is_made_once_the_paper_is_there_and_comes_as_two(ports: Ports, member: Actor) -> None:
    application = qualifying(ports, member)
    approve(ports, application)
    acting.work_off(ports)
    assert state(ports, application) is State.BEING_MADE
    version = acting.version(ports, application)
    applications.act(ports, acting.order(acting.CERTIFIER), application, Action.NOTE_PAPER, version)
    acting.work_off(ports)
    assert state(ports, application) is State.COMPLETED
    certificate = held(ports, member, CertificateKind.QUALIFICATION)
    assert (certificate.number, certificate.services) == ("DEMO-ZZ-2026-0001", "灭鼠、消毒")
    assert (certificate.valid_from, certificate.valid_to) == (date(2026, 3, 2), date(2029, 3, 1))
    family = ports.records.family(certificate.root)
    assert family is not None
    (edition,) = family.editions
    assert [each.part for each in edition.papers] == [Part.ORIGINAL, Part.DUPLICATE]
    faces = faces_of(certificate.kind, ports.records.opened(edition).printed)
    for face, paper in zip(faces, edition.papers, strict=True):
        assert isinstance(face, QualificationFace)
        assert face.content_hash() == paper.content_hash
        assert face.legal_representative == made_up.person(1)


def test_what_waits_for_paper_is_left_alone_by_the_sweeper_until_it_is_there(ports: Ports, member: Actor) -> None:
    application = qualifying(ports, member)
    approve(ports, application)
    acting.work_off(ports)
    for _ in range(3):
        clock(ports).advance(timedelta(minutes=6))
        sweeping.sweep(ports)
    assert not acting.pending(ports)
    folder = ports.records.folder(application)
    assert folder is not None
    assert (folder.application.state, folder.application.held_by) == (State.BEING_MADE, ())


def test_who_is_not_on_the_roll_cannot_be_named(ports: Ports, member: Actor) -> None:
    six(ports, member)
    rival = acting.member(ports, "li", acting.join_form(2))[0]
    strangers = six(ports, rival, first=201)
    application = filled_in(ports, member, Service.QUALIFICATION, QUALIFICATION)
    version = acting.version(ports, application)
    for persons in (strangers, ("nobody",)):
        with pytest.raises(Refused) as refusal:
            applications.choose_persons(ports, acting.order(member), application, version, persons)
        assert set(codes(refusal)) == {"not_employed_here"}


def test_one_person_cannot_be_on_two_rolls_and_nobody_hears_on_whose_he_is(ports: Ports, member: Actor) -> None:
    six(ports, member)
    rival = acting.member(ports, "li", acting.join_form(2))[0]
    with pytest.raises(Refused) as refusal:
        six(ports, rival)
    assert set(codes(refusal)) == {"employed_elsewhere"}
    assert made_up.enterprise(1) not in str(refusal.value.reasons)


def test_before_anybody_is_named_the_list_says_how_many_are_missing(ports: Ports, member: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        applications.open_draft(ports, acting.order(member), Service.QUALIFICATION)
    assert codes(refusal) == ["fewer_than_six"]


# --- review, change ---------------------------------------------------------------------------------------------------


def test_the_review_makes_a_version_that_says_so_and_needs_no_copy_of_our_own_certificate(
    ports: Ports, member: Actor
) -> None:
    qualified(ports, member)
    to_day(ports, date(2027, 2, 1))
    dues_paid(ports, member)
    application = reviewed(ports, member)
    assert state(ports, application) is State.COMPLETED
    certificate = held(ports, member, CertificateKind.QUALIFICATION)
    assert (certificate.latest, certificate.reviewed) == (2, (2027,))
    assert certificate.valid_to == date(2029, 3, 1)
    assert standing_today(certificate, date(2027, 12, 31)) is Standing.VALID


def test_a_change_after_the_review_renews_both_certificates_and_the_register_in_one_go(
    ports: Ports, member: Actor
) -> None:
    qualified(ports, member)
    application = filled_in(
        ports, member, Service.QUALIFICATION_CHANGE, CHANGES, "change_form", "licence", "change_notice"
    )
    applications.act(ports, acting.order(member), application, Action.SUBMIT, None)
    approve(ports, application)
    acting.upload(ports, member, application, "bank_receipt")
    fees = applications.association(ports).fees
    fee = next(each.amount for each in fees if each.code == "qualification_change")
    payment = payments.pay(ports, acting.order(member), (application,), acting.transfer(ports, fee))
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, fee)
    acting.work_off(ports)
    assert state(ports, application) is State.COMPLETED
    for kind in (CertificateKind.MEMBER, CertificateKind.QUALIFICATION):
        certificate = held(ports, member, kind)
        assert (certificate.latest, certificate.holder_name) == (2, made_up.enterprise(9))
    assert dossier(ports, member).enterprise.name == made_up.enterprise(9)


# --- money ------------------------------------------------------------------------------------------------------------


def payment_of(ports: Ports, payment: str) -> Payment:
    found = ports.records.get(Payment, payment)
    assert found is not None
    return found


def balance(ports: Ports, actor: Actor) -> int:
    credit = crediting.credit_of(ports, f"enterprise:{actor.enterprise}")
    return credit.balance if credit else 0


def test_too_little_is_named_and_where_finance_means_it_kept_as_credit_for_the_next_receipt(
    ports: Ports, member: Actor
) -> None:
    to_day(ports, date(2027, 1, 5))
    application, payment = dues_put_in(ports, member, 100_000)
    approve(ports, application)
    with pytest.raises(Refused) as refusal:
        reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, 100_000)
    assert codes(refusal) == ["amount_short"]
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, 100_000, partly=True)
    assert (state(ports, application), balance(ports, member)) == (State.DRAFT, 100_000)
    assert payment_of(ports, payment).status is PaymentStatus.SHORT
    said = next(each for each in notices.my_messages(ports, member, Asked()).items if each.notice == "payment_refused")
    written = notice(said.notice, said.context)
    assert written.title == "您的会费缴纳款项不足，已收的已记为余款，请补缴差额"
    assert "本笔实收 1,000.00 元，本业务应缴 1,200.00 元，尚差 200.00 元" in written.body
    assert "不通过" not in written.title + written.body
    assert "未通过" not in written.title + written.body
    again = payments.pay(ports, acting.order(member), (application,), acting.transfer(ports, 20_000))
    approve(ports, application)
    reconciling.confirm(ports, acting.order(acting.FINANCE), again, 0, 20_000)
    acting.work_off(ports)
    assert (state(ports, application), balance(ports, member)) == (State.COMPLETED, 0)


def test_what_is_over_is_credit_and_can_be_paid_back(ports: Ports, member: Actor) -> None:
    to_day(ports, date(2027, 1, 5))
    application, payment = dues_put_in(ports, member, 150_000)
    approve(ports, application)
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, 150_000)
    assert balance(ports, member) == 30_000
    owner = f"enterprise:{member.enterprise}"
    with pytest.raises(Refused):
        reconciling.refund(ports, acting.order(acting.FINANCE), owner, 30_001, "多缴")
    reconciling.refund(ports, acting.order(acting.FINANCE), owner, 30_000, "多缴")
    assert balance(ports, member) == 0
    closing = reconciling.closing(ports, ports.clock.today())
    assert (closing.received, closing.booked, closing.credit) == (150_000, 120_000, 0)


def test_who_withdraws_before_the_money_is_found_has_it_as_credit(ports: Ports, member: Actor) -> None:
    to_day(ports, date(2027, 1, 5))
    application, payment = dues_put_in(ports, member)
    applications.act(ports, acting.order(member), application, Action.WITHDRAW, None)
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, FEE)
    assert (state(ports, application), balance(ports, member)) == (State.WITHDRAWN, FEE)
    assert [each.status for each in payment_of(ports, payment).allotments] == [PaymentStatus.RELEASED]


@pytest.mark.parametrize("end", ["rejected", "withdrawn"])
def test_money_booked_on_a_matter_that_ends_is_credit_and_pays_the_next(ports: Ports, member: Actor, end: str) -> None:
    to_day(ports, date(2027, 1, 5))
    application, payment = dues_put_in(ports, member)
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, FEE)
    if end == "rejected":
        version = acting.version(ports, application)
        applications.act(ports, acting.order(acting.REVIEWER), application, Action.REJECT, version, "资料不实")
    else:
        applications.act(ports, acting.order(member), application, Action.WITHDRAW, None)
    folder = ports.records.folder(application)
    assert folder is not None
    assert (folder.application.paid, balance(ports, member)) == (0, FEE)
    assert [each.status for each in payment_of(ports, payment).allotments] == [PaymentStatus.RELEASED]
    assert payment_of(ports, payment).credited == FEE
    again, receipt = dues_put_in(ports, member)
    approve(ports, again)
    reconciling.confirm(ports, acting.order(acting.FINANCE), receipt, 0, 0)
    acting.work_off(ports)
    assert (state(ports, again), balance(ports, member)) == (State.COMPLETED, 0)


def test_what_was_paid_too_much_for_the_join_pays_the_units_next_dues(ports: Ports) -> None:
    applicant = acting.user(ports)
    _, payment = acting.paid(ports, applicant)
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, FEE + 20_000)
    acting.work_off(ports)
    member = acting.as_of_now(ports, applicant.id)
    assert balance(ports, member) == 20_000
    to_day(ports, date(2027, 1, 5))
    application, receipt = dues_put_in(ports, member, FEE - 20_000)
    approve(ports, application)
    reconciling.confirm(ports, acting.order(acting.FINANCE), receipt, 0, FEE - 20_000)
    acting.work_off(ports)
    assert (state(ports, application), balance(ports, member)) == (State.COMPLETED, 0)


def test_the_same_receipt_or_serial_again_is_shown_to_finance(ports: Ports, member: Actor) -> None:
    to_day(ports, date(2027, 1, 5))
    application = filled_in(ports, member, Service.DUES, {}, "bank_receipt")
    transfer = replace(acting.transfer(ports), bank_serial="S-2027")
    payment = payments.pay(ports, acting.order(member), (application,), transfer)
    reconciling.refuse(ports, acting.order(acting.FINANCE), payment, 0, "金额不符")
    again = payments.pay(ports, acting.order(member), (application,), transfer)
    joined_with_the_same_picture = payment_of(ports, payment).twins
    assert set(payment_of(ports, again).twins) == {payment, *joined_with_the_same_picture}


def test_undoing_one_booking_leaves_the_others(ports: Ports, member: Actor) -> None:
    to_day(ports, date(2027, 1, 5))
    application, payment = dues_put_in(ports, member)
    approve(ports, application)
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, FEE)
    reconciling.undo(ports, acting.order(acting.FINANCE), payment, application, "认错了单位", arrived=False)
    assert (state(ports, application), balance(ports, member)) == (State.DRAFT, 0)
    assert [each.status for each in payment_of(ports, payment).allotments] == [PaymentStatus.UNDONE]
    acting.work_off(ports)
    assert state(ports, application) is State.DRAFT


def undone_in_review(ports: Ports, member: Actor) -> str:
    to_day(ports, date(2027, 1, 5))
    application, payment = dues_put_in(ports, member)
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, FEE)
    reconciling.undo(ports, acting.order(acting.FINANCE), payment, application, "认错了单位", arrived=False)
    return application


def test_a_booking_undone_in_review_leads_the_reviewer_to_the_return_and_from_there_it_can_be_paid(
    ports: Ports, member: Actor
) -> None:
    application = undone_in_review(ports, member)
    with pytest.raises(Refused) as refused:
        approve(ports, application)
    (reason,) = refused.value.reasons
    assert (reason.code, "打回" in reason.next) == ("payment_missing", True)
    seen = acting.version(ports, application)
    applications.act(ports, acting.order(acting.REVIEWER), application, Action.RETURN, seen, "请重新缴费")
    again = payments.pay(ports, acting.order(member), (application,), acting.transfer(ports))
    approve(ports, application)
    reconciling.confirm(ports, acting.order(acting.FINANCE), again, 0, FEE)
    acting.work_off(ports)
    assert state(ports, application) is State.COMPLETED


def test_finance_hears_what_follows_an_undone_booking_and_so_does_the_applicant(ports: Ports, member: Actor) -> None:
    application = undone_in_review(ports, member)
    assert "审核人员" in reconciling.what_follows(ports, application)
    told = ports.records.messages_of(member.id, Asked(1)).items[0]
    assert (told.notice, told.context["state"]) == ("payment_undone", "待审核")


def test_what_credit_had_paid_is_credit_again_when_the_rest_never_arrived(ports: Ports, member: Actor) -> None:
    to_day(ports, date(2027, 1, 5))
    application, payment = dues_put_in(ports, member, 100_000)
    approve(ports, application)
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, 100_000, partly=True)
    again = payments.pay(ports, acting.order(member), (application,), acting.transfer(ports, 20_000))
    approve(ports, application)
    reconciling.confirm(ports, acting.order(acting.FINANCE), again, 0, 20_000)
    assert balance(ports, member) == 0
    reconciling.undo(ports, acting.order(acting.FINANCE), again, application, "认错了单位", arrived=False)
    assert balance(ports, member) == 100_000
    assert (payment_of(ports, again).received, payment_of(ports, again).credited) == (0, 0)
