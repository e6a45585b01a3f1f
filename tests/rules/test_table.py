"""The form of the table itself: complete, unambiguous, and wide enough for the services to come."""

from itertools import pairwise

import pytest

from chalicelib.rules.grammar import Case, ServiceRow, When
from chalicelib.rules.records import Person
from chalicelib.rules.services import ANNUAL_REVIEW, OFFERED, TABLE
from chalicelib.rules.vocabulary import Action, Effect, Refused, Role, Service, State
from chalicelib.rules.workflow import decide, may_apply
from tests.rules import cases

ROWS = pytest.mark.parametrize("row", TABLE.values(), ids=lambda row: row.service.value)
COMPLEMENTS = ({When.ALWAYS}, {When.DUE, When.NOTHING_DUE}, {When.SOMEONE_PASSED, When.NOBODY_PASSED})


@ROWS
def test_from_any_state_an_action_leads_to_exactly_one_place(row: ServiceRow) -> None:
    for state in State:
        for action in Action:
            conditions = [step.when for step in row.steps if (step.before, step.action) == (state, action)]
            assert not conditions or set(conditions) in COMPLEMENTS
            assert len(conditions) == len(set(conditions))


@ROWS
def test_every_state_can_be_reached_and_every_open_one_left(row: ServiceRow) -> None:
    reached = {State.DRAFT, *(step.after for step in row.steps)}
    assert {step.before for step in row.steps} == {state for state in reached if not state.final}


@ROWS
def test_what_is_held_is_let_go_on_every_way_out(row: ServiceRow) -> None:
    for step in row.steps:
        way_out = step.after in (State.DRAFT, State.REJECTED, State.WITHDRAWN) and step.after is not step.before
        done = step.after is State.COMPLETED and row.for_members and bool(row.holds)
        assert (Effect.RELEASE in step.effects) == (way_out or done), step


@ROWS
def test_whatever_staff_send_back_or_refuse_needs_a_reason_and_a_notice(row: ServiceRow) -> None:
    for step in row.steps:
        if step.action in (Action.RETURN, Action.REJECT, Action.REFUSE_PAYMENT, Action.SEND_BACK):
            assert step.needs_reason
            assert step.notice


@ROWS
def test_the_same_guards_ask_at_submission_at_approval_and_at_issue(row: ServiceRow) -> None:
    for action in (Action.SUBMIT, Action.APPROVE, Action.ISSUE):
        for step in row.steps:
            if step.action is action:
                assert set(row.eligibility) <= set(step.guards)


@ROWS
def test_fields_and_slots_have_names_of_their_own(row: ServiceRow) -> None:
    for names in ([field.name for field in row.fields], [material.slot for material in row.materials]):
        assert len(names) == len(set(names))


def test_the_services_on_offer_are_those_of_the_enterprises_year() -> None:
    assert [row.service for row in OFFERED] == [
        Service.JOIN, Service.DUES, Service.DUES_WITH_CHANGES,
        Service.QUALIFICATION, Service.ANNUAL_REVIEW, Service.QUALIFICATION_CHANGE,
    ]  # fmt: skip


def test_the_annual_review_has_no_fee_step_of_its_own_and_asks_about_six_people() -> None:
    application = cases.application(Service.ANNUAL_REVIEW, State.IN_REVIEW)
    facts = cases.facts(Service.ANNUAL_REVIEW, due=0)
    decision = decide(application, Action.APPROVE, cases.actor(Role.REVIEWER), facts)
    assert decision.application.state is State.BEING_MADE
    assert ANNUAL_REVIEW.free_unless_set


def test_six_entries_of_one_person_are_one_person() -> None:
    application = cases.application(Service.ANNUAL_REVIEW).changed(persons=tuple(Person(id="w1") for _ in range(6)))
    with pytest.raises(Refused) as refusal:
        decide(application, Action.SUBMIT, cases.actor(Role.APPLICANT), cases.facts(Service.ANNUAL_REVIEW))
    assert "fewer_than_six" in {reason.code for reason in refusal.value.reasons}


def test_a_service_that_is_closed_tells_every_reason_with_what_to_do_first() -> None:
    from dataclasses import replace  # noqa: PLC0415 - only here

    dossier = cases.dossier(years=(), certificates=())
    facts = replace(cases.facts(Service.ANNUAL_REVIEW), dossier=dossier)
    reasons = may_apply(ANNUAL_REVIEW, facts)
    assert [reason.code for reason in reasons] == ["dues_not_paid", "no_qualification"]
    assert all(reason.next for reason in reasons)


def test_training_ends_with_results_alone_when_nobody_passed() -> None:
    application = cases.application(Service.TRAINING, State.IN_TRAINING)
    trainer, facts = cases.actor(Role.TRAINER), cases.facts(Service.TRAINING)
    nobody = decide(application, Action.RECORD_RESULTS, trainer, facts).application
    passed = application.changed(persons=(Person(id="w1", result="passed"), Person(id="w2", result="absent")))
    somebody = decide(passed, Action.RECORD_RESULTS, trainer, facts).application
    assert (nobody.state, somebody.state) == (State.COMPLETED, State.BEING_MADE)


def test_training_wants_the_materials_of_each_person() -> None:
    files = [each for each in cases.facts(Service.TRAINING).files if each.person != "w3"]
    from dataclasses import replace  # noqa: PLC0415 - only here

    facts = replace(cases.facts(Service.TRAINING), files=tuple(files))
    with pytest.raises(Refused) as refusal:
        decide(cases.application(Service.TRAINING), Action.SUBMIT, cases.actor(Role.APPLICANT), facts)
    assert [reason.field for reason in refusal.value.reasons] == ["id_card", "photo"]


def test_every_guard_answers_before_there_is_an_application() -> None:
    for row in TABLE.values():
        for guard in row.eligibility:
            guard(Case(row, None, cases.facts(row.service)))


def test_a_history_written_by_the_table_has_no_gap() -> None:
    application = cases.application()
    numbers = []
    for action, role in (
        (Action.SUBMIT, Role.APPLICANT), (Action.RETURN, Role.REVIEWER), (Action.SUBMIT, Role.APPLICANT),
        (Action.APPROVE, Role.REVIEWER), (Action.PAY, Role.APPLICANT), (Action.REFUSE_PAYMENT, Role.FINANCE),
        (Action.PAY, Role.APPLICANT), (Action.CONFIRM_PAYMENT, Role.FINANCE), (Action.ISSUE, Role.SYSTEM),
    ):  # fmt: skip
        decision = decide(application, action, cases.actor(role), cases.facts(), "理由")
        numbers.append(decision.entry.number)
        application = decision.application
    assert all(later == earlier + 1 for earlier, later in pairwise(numbers))
    assert application.state is State.COMPLETED
