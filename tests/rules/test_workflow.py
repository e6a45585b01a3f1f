"""The only way a state changes: along the table, by whom the table says, while every guard holds."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Action, Effect, FileStatus, Refused, Role, Service, State
from chalicelib.rules.workflow import decide, possible
from tests.rules import cases

EVERYTHING = st.tuples(
    st.sampled_from(Service), st.sampled_from(State), st.sampled_from(Action), st.sampled_from(Role), st.booleans()
)


@given(EVERYTHING)
def test_every_action_takes_the_edge_of_the_table_or_is_refused_without_a_trace(
    given_case: tuple[Service, State, Action, Role, bool],
) -> None:
    service, state, action, role, something_due = given_case
    before = cases.application(service, state)
    facts = cases.facts(service, due=100 if something_due else 0)
    edges = [
        step for step in TABLE[service].steps if step.before is state and step.action is action and role in step.who
    ]
    try:
        decision = decide(before, action, cases.actor(role), facts, "理由")
    except Refused as refused:
        decision, reasons = None, refused.reasons
    if decision is None:
        assert not edges
        assert all(reason.next for reason in reasons)
        return
    assert decision.application.state in {step.after for step in edges}
    assert (decision.entry.before, decision.entry.after) == (state, decision.application.state)
    assert decision.entry.number == before.entries + 1 == decision.application.entries
    assert decision.application.version == before.version + 1
    assert before == cases.application(service, state)


@given(EVERYTHING)
def test_what_is_offered_as_possible_is_exactly_what_the_table_lets_this_role_do(
    given_case: tuple[Service, State, Action, Role, bool],
) -> None:
    service, state, action, role, booked = given_case
    edges = [s for s in TABLE[service].steps if s.before is state and s.action is action and role in s.who]
    application = replace(cases.application(service, state), paid=100 if booked else 0)
    offered = action in possible(application, cases.actor(role))
    assert offered == any(booked or not each.unbooks for each in edges)


def test_undoing_a_booking_is_offered_only_where_something_is_booked() -> None:
    for service in (Service.JOIN, Service.DUES):
        for state in (State.DRAFT, State.IN_REVIEW, State.BEING_MADE):
            free = cases.application(service, state)
            assert Action.UNDO_PAYMENT not in possible(free, cases.actor(Role.FINANCE))
            assert Action.UNDO_PAYMENT in possible(replace(free, paid=1), cases.actor(Role.FINANCE))


def test_a_final_state_is_never_left() -> None:
    for row in TABLE.values():
        assert not [step for step in row.steps if step.before.final]


def test_nothing_due_leaves_out_the_payment() -> None:
    application = cases.application(state=State.IN_REVIEW)
    decision = decide(application, Action.APPROVE, cases.actor(Role.REVIEWER), cases.facts(due=0))
    assert decision.application.state is State.BEING_MADE
    assert decision.application.year == 2026
    assert Effect.ISSUE in decision.effects


def test_a_fee_set_for_a_free_service_inserts_the_payment() -> None:
    application = cases.application(Service.ANNUAL_REVIEW, State.IN_REVIEW)
    decision = decide(
        application, Action.APPROVE, cases.actor(Role.REVIEWER), cases.facts(Service.ANNUAL_REVIEW, due=1)
    )
    assert decision.application.state is State.TO_BE_PAID


def test_what_was_paid_before_it_was_sent_back_is_not_asked_for_again() -> None:
    application = cases.application(state=State.IN_REVIEW)
    facts = replace(cases.facts(), paid=120_000)
    assert decide(application, Action.APPROVE, cases.actor(Role.REVIEWER), facts).application.state is State.BEING_MADE


def test_the_amount_is_fixed_when_it_falls_due_and_the_year_when_the_receipt_is_in() -> None:
    approved = decide(
        cases.application(state=State.IN_REVIEW), Action.APPROVE, cases.actor(Role.REVIEWER), cases.facts()
    ).application
    assert (approved.amount_due, approved.year) == (120_000, None)
    paid = decide(approved, Action.PAY, cases.actor(Role.APPLICANT), cases.facts(due=999)).application
    assert (paid.amount_due, paid.year) == (120_000, 2026)


def test_returning_without_a_reason_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        decide(cases.application(state=State.IN_REVIEW), Action.RETURN, cases.actor(Role.REVIEWER), cases.facts(), "  ")
    assert [reason.code for reason in refusal.value.reasons] == ["reason_required"]


def test_an_applicant_cannot_approve_his_own_application() -> None:
    with pytest.raises(Refused) as refusal:
        decide(cases.application(state=State.IN_REVIEW), Action.APPROVE, cases.actor(Role.APPLICANT), cases.facts())
    assert [reason.code for reason in refusal.value.reasons] == ["not_your_role"]


def test_the_second_of_two_reviewers_is_told_that_it_is_done() -> None:
    approved = cases.application(state=State.TO_BE_PAID)
    with pytest.raises(Refused) as refusal:
        decide(approved, Action.APPROVE, cases.actor(Role.REVIEWER), cases.facts())
    (reason,) = refusal.value.reasons
    assert reason.code == "not_in_this_state"
    assert "待缴费" in reason.message


def test_a_file_still_being_checked_holds_up_the_submission() -> None:
    facts = replace(cases.facts(), files=cases.files(Service.JOIN, FileStatus.WAITING))
    with pytest.raises(Refused) as refusal:
        decide(cases.application(), Action.SUBMIT, cases.actor(Role.APPLICANT), facts)
    assert {reason.code for reason in refusal.value.reasons} == {"still_being_checked"}


def test_a_character_without_a_glyph_is_told_before_anybody_pays() -> None:
    facts = replace(cases.facts(), unprintable="𬭎")
    for state, action, role in (
        (State.DRAFT, Action.SUBMIT, Role.APPLICANT),
        (State.IN_REVIEW, Action.APPROVE, Role.REVIEWER),
    ):
        with pytest.raises(Refused) as refusal:
            decide(cases.application(state=state), action, cases.actor(role), facts)
        assert [reason.code for reason in refusal.value.reasons] == ["cannot_be_printed"]


def test_a_fee_schedule_without_a_row_for_today_is_an_oversight_and_not_a_free_membership() -> None:
    facts = replace(cases.facts(), due=None)
    with pytest.raises(Refused) as refusal:
        decide(cases.application(state=State.IN_REVIEW), Action.APPROVE, cases.actor(Role.REVIEWER), facts)
    assert [reason.code for reason in refusal.value.reasons] == ["fee_not_set"]


def test_where_the_table_says_free_unless_set_no_row_means_nothing_due() -> None:
    application = cases.application(Service.ANNUAL_REVIEW, State.IN_REVIEW)
    facts = replace(cases.facts(Service.ANNUAL_REVIEW), due=None)
    decision = decide(application, Action.APPROVE, cases.actor(Role.REVIEWER), facts)
    assert decision.application.state is State.BEING_MADE


def test_a_unit_founded_tomorrow_is_told_so_and_one_founded_today_may_join() -> None:
    founded = {
        day: replace(cases.application(), form={**cases.join_form(), "founded_on": day.isoformat()})
        for day in (cases.TODAY, cases.TODAY + timedelta(days=1))
    }
    submitted = decide(founded.pop(cases.TODAY), Action.SUBMIT, cases.actor(Role.APPLICANT), cases.facts())
    assert submitted.application.state is State.IN_REVIEW
    (tomorrow,) = founded.values()
    with pytest.raises(Refused) as refusal:
        decide(tomorrow, Action.SUBMIT, cases.actor(Role.APPLICANT), cases.facts())
    assert [(each.code, each.field) for each in refusal.value.reasons] == [("date_in_the_future", "founded_on")]
