"""入会 from the first draft to the certificate, on the ports in memory."""

from datetime import date
from itertools import pairwise

import pytest

from chalicelib.operations import applications, certificates, issuing, notices
from chalicelib.operations.ports import Asked, Ports
from chalicelib.rules.certificates import standing_today
from chalicelib.rules.records import Certificate, Enterprise, Issuance
from chalicelib.rules.vocabulary import Action, Refused, Role, Service, Standing, State
from tests.operations import acting


def test_a_company_joins_and_holds_a_certificate_that_anyone_can_verify(ports: Ports) -> None:
    actor, application = acting.member(ports)

    folder = ports.records.folder(application)
    assert folder is not None
    assert folder.application.state is State.COMPLETED
    assert folder.application.owner == f"enterprise:{actor.enterprise}"
    (certificate,) = certificates.mine(ports, actor)
    assert certificate.number == "DEMO-HY-2026-0001"
    assert (certificate.valid_from, certificate.valid_to) == (date(2026, 3, 2), date(2026, 12, 31))
    found = certificates.search(ports, certificate.number)
    assert found is not None
    assert standing_today(found.family.certificate, ports.clock.today()) is Standing.VALID


def test_the_history_tells_who_did_what_without_a_gap(ports: Ports) -> None:
    _, application = acting.member(ports)
    folder = ports.records.folder(application)
    assert folder is not None
    entries = sorted(folder.entries, key=lambda each: each.number)

    assert [each.number for each in entries] == [1, 2, 3, 4, 5]
    assert [each.after for each in entries] == [
        State.IN_REVIEW, State.TO_BE_PAID, State.PAYMENT_CHECKED, State.BEING_MADE, State.COMPLETED,
    ]  # fmt: skip
    assert [each.role for each in entries] == [
        Role.APPLICANT, Role.REVIEWER, Role.APPLICANT, Role.FINANCE, Role.SYSTEM,
    ]  # fmt: skip
    assert all(before.after is after.before for before, after in pairwise(entries))


def test_an_applicant_hears_everything_that_is_missing_at_once(ports: Ports) -> None:
    actor = acting.user(ports)
    form = {"name": "虚构公司", "credit_code": "1", "contact_mobile": "12345", "capital": "500万"}
    application = acting.draft(ports, actor, form)

    with pytest.raises(Refused) as refusal:
        applications.act(ports, acting.order(actor), application, Action.SUBMIT, None)

    told = {(reason.code, reason.field) for reason in refusal.value.reasons}
    assert ("material_missing", "application_form") in told
    assert ("material_missing", "licence") in told
    assert ("not_filled_in", "contact_email") in told
    assert {"credit_code", "contact_mobile", "capital"} <= {field for _, field in told}
    assert all(reason.next for reason in refusal.value.reasons)


def test_a_returned_application_keeps_everything_and_goes_in_again(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.submitted(ports, actor)
    before = ports.records.folder(application)
    assert before is not None
    applications.act(
        ports, acting.order(acting.REVIEWER), application, Action.RETURN, before.application.version, "执照不清晰"
    )

    after = ports.records.folder(application)
    assert after is not None
    assert after.application.state is State.DRAFT
    assert after.application.reason == "执照不清晰"
    assert after.application.form == before.application.form
    assert after.files == before.files
    applications.act(ports, acting.order(actor), application, Action.SUBMIT, None)
    (message,) = notices.my_messages(ports, actor, Asked()).items
    assert message.notice == "returned"


def test_a_unit_that_is_a_member_cannot_join_again(ports: Ports) -> None:
    acting.member(ports)
    other = acting.user(ports, "li")

    with pytest.raises(Refused) as refusal:
        acting.submitted(ports, other)

    assert [reason.code for reason in refusal.value.reasons] == ["already_member"]


def test_the_first_submitted_join_of_a_unit_wins(ports: Ports) -> None:
    first, second = acting.user(ports), acting.user(ports, "li")
    acting.submitted(ports, first)

    with pytest.raises(Refused) as refusal:
        acting.submitted(ports, second)

    assert [reason.code for reason in refusal.value.reasons] == ["join_under_way"]


def test_a_rejected_join_leaves_the_unit_free_to_try_again(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.submitted(ports, actor)
    applications.act(
        ports, acting.order(acting.REVIEWER), application, Action.REJECT, acting.version(ports, application), "资料不实"
    )

    assert acting.submitted(ports, actor) != application


def test_a_member_may_not_open_a_join(ports: Ports) -> None:
    actor, _ = acting.member(ports)
    with pytest.raises(Refused) as refusal:
        applications.open_draft(ports, acting.order(actor), Service.JOIN)
    assert [reason.code for reason in refusal.value.reasons] == ["already_bound"]


def test_issuing_again_changes_nothing(ports: Ports) -> None:
    actor, application = acting.member(ports)
    before = ports.records.folder(application), certificates.mine(ports, actor)
    from chalicelib.operations.issuing import issue  # noqa: PLC0415 - only this test issues by hand

    issue(ports, application)

    assert (ports.records.folder(application), certificates.mine(ports, actor)) == before


def test_a_number_sent_back_becomes_a_void_entry_and_the_next_one_is_given(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.being_made(ports, actor)
    issuing.reserve(ports, application)
    folder = ports.records.folder(application)
    assert folder is not None
    reserved = ports.records.get(Certificate, folder.application.certificate or "-")
    assert reserved is not None
    applications.act(
        ports, acting.order(acting.CERTIFIER), application, Action.SEND_BACK, acting.version(ports, application), "暂缓"
    )

    void = ports.records.get(Certificate, reserved.root)
    assert void is not None
    assert void.issuance is Issuance.VOID
    applications.act(ports, acting.order(actor), application, Action.SUBMIT, None)
    applications.act(
        ports, acting.order(acting.REVIEWER), application, Action.APPROVE, acting.version(ports, application)
    )
    acting.work_off(ports)
    (certificate,) = certificates.mine(ports, acting.as_of_now(ports, actor.id))
    assert certificate.number == "DEMO-HY-2026-0002"


def test_the_enterprise_holds_what_the_form_said(ports: Ports) -> None:
    actor, _ = acting.member(ports)
    enterprise = ports.records.get(Enterprise, actor.enterprise or "")
    assert enterprise is not None
    opened = ports.records.opened(enterprise)
    form = acting.join_form()
    assert enterprise.name == form["name"]
    assert opened.contact_mobile.plain == form["contact_mobile"]
    assert enterprise.contact_mobile.plain is None


def test_a_draft_tells_what_it_still_lacks_materials_included(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.draft(ports, actor)
    lacking = applications.draft_reasons(ports, applications.own_folder(ports, actor, application))
    assert {reason.field for reason in lacking} == {"application_form", "licence"}
    for slot in ("application_form", "licence"):
        acting.upload(ports, actor, application, slot)
    assert applications.draft_reasons(ports, applications.own_folder(ports, actor, application)) == ()


def test_who_taps_twice_gets_the_draft_he_has_just_opened(ports: Ports) -> None:
    actor = acting.user(ports)
    first = applications.open_draft(ports, acting.order(actor), Service.JOIN)
    assert applications.open_draft(ports, acting.order(actor), Service.JOIN) == first
    applications.save_draft(ports, acting.order(actor), first, 0, {"name": "虚构公司"})
    assert applications.open_draft(ports, acting.order(actor), Service.JOIN) != first
