"""The enterprise's year: dues, changes, the qualification and its review, each open to whom the guide says."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chalicelib.rules.certificates import (
    Deadline,
    Term,
    automatic_renewal,
    standing_today,
    term_of_paid_year,
    term_unchanged,
    term_with_review,
)
from chalicelib.rules.grammar import Facts
from chalicelib.rules.records import Application, Claim, Dossier, MembershipYear, Person
from chalicelib.rules.register import changes_asked, with_changes
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Action, Effect, Personal, Refused, Role, Service, Standing, State
from chalicelib.rules.workflow import Decision, decide, may_apply
from tests import made_up
from tests.rules import cases

A_DAY = timedelta(days=1)


def on(day: date, facts: Facts) -> Facts:
    return replace(facts, today=day, at=datetime.combine(day, cases.NOW.timetz()))


def years(*paid: int) -> tuple[MembershipYear, ...]:
    return tuple(MembershipYear(enterprise="e1", year=each, application="a0", amount=1, at=cases.NOW) for each in paid)


def codes(service: Service, dossier: Dossier, day: date = cases.TODAY) -> list[str]:
    return [each.code for each in may_apply(TABLE[service], on(day, replace(cases.facts(service), dossier=dossier)))]


def taken(application: Application, action: Action, role: Role, facts: Facts, reason: str = "理由") -> Decision:
    return decide(application, action, cases.actor(role), facts, reason)


def refusal(application: Application, action: Action, role: Role, facts: Facts) -> list[str]:
    with pytest.raises(Refused) as refused:
        taken(application, action, role, facts)
    assert all(each.next for each in refused.value.reasons)
    return [each.code for each in refused.value.reasons]


# --- dues -------------------------------------------------------------------------------------------------------------


def test_the_years_dues_are_paid_once() -> None:
    assert codes(Service.DUES, cases.unpaid()) == []
    assert codes(Service.DUES, cases.dossier()) == ["year_already_paid"]


@pytest.mark.parametrize(("day", "year"), [(date(2026, 11, 30), None), (date(2026, 12, 1), 2027)])
def test_next_years_dues_open_on_the_first_of_december_once_this_year_is_paid(day: date, year: int | None) -> None:
    dossier = cases.dossier(years=years(2026))
    assert codes(Service.DUES, dossier, day) == ([] if year else ["year_already_paid"])
    if year:
        facts = on(day, replace(cases.facts(Service.DUES), dossier=dossier))
        submitted = taken(cases.application(Service.DUES), Action.SUBMIT, Role.APPLICANT, facts)
        assert submitted.application.year == year


def test_who_owes_this_year_pays_this_year_in_december_too() -> None:
    facts = on(date(2026, 12, 31), cases.facts(Service.DUES))
    assert taken(cases.application(Service.DUES), Action.SUBMIT, Role.APPLICANT, facts).application.year == 2026


def test_both_years_paid_leaves_nothing_to_pay() -> None:
    assert codes(Service.DUES, cases.dossier(years=years(2026, 2027)), date(2026, 12, 5)) == ["year_already_paid"]


# --- the receipt comes with the application ---------------------------------------------------------------------------


def test_dues_are_not_submitted_without_the_word_how_they_were_paid() -> None:
    facts = replace(cases.facts(Service.DUES), payment=None)
    assert refusal(cases.application(Service.DUES), Action.SUBMIT, Role.APPLICANT, facts) == ["payment_missing"]
    free = replace(facts, due=0)
    assert taken(cases.application(Service.DUES), Action.SUBMIT, Role.APPLICANT, free).application.amount_due == 0


def submitted_dues() -> Application:
    done = taken(cases.application(Service.DUES), Action.SUBMIT, Role.APPLICANT, cases.facts(Service.DUES))
    return done.paid_by("p1").application


def test_the_dues_go_from_review_to_reconciliation_to_the_certificate() -> None:
    facts, application = cases.facts(Service.DUES), submitted_dues()
    assert (application.state, application.amount_due) == (State.IN_REVIEW, 120_000)
    application = taken(application, Action.APPROVE, Role.REVIEWER, facts).application
    assert application.state is State.PAYMENT_CHECKED
    confirmed = taken(application, Action.CONFIRM_PAYMENT, Role.FINANCE, facts)
    assert (confirmed.application.state, confirmed.effects) == (State.BEING_MADE, (Effect.ISSUE,))
    issued = taken(confirmed.application, Action.ISSUE, Role.SYSTEM, facts)
    assert set(issued.effects) == {Effect.BOOK_YEAR, Effect.RELEASE}


def test_money_found_before_the_reviewer_is_done_is_booked_and_approval_finds_nothing_due() -> None:
    facts, application = cases.facts(Service.DUES), submitted_dues()
    booked = taken(application, Action.CONFIRM_PAYMENT, Role.FINANCE, facts).application
    assert (booked.state, booked.paid) == (State.IN_REVIEW, 120_000)
    approved = taken(booked, Action.APPROVE, Role.REVIEWER, replace(facts, paid=booked.paid))
    assert approved.application.state is State.BEING_MADE
    assert set(approved.effects) == {Effect.REMEMBER, Effect.ISSUE}


def test_a_refused_receipt_leads_back_to_the_draft_and_frees_year_and_amount() -> None:
    facts = cases.facts(Service.DUES)
    checked = taken(submitted_dues(), Action.APPROVE, Role.REVIEWER, facts).application
    refused = taken(checked, Action.REFUSE_PAYMENT, Role.FINANCE, facts)
    assert (refused.application.state, refused.application.year, refused.application.payment) == (
        State.DRAFT, None, None,
    )  # fmt: skip
    assert refused.notice == "payment_refused"
    dearer = replace(facts, due=150_000)
    again = taken(refused.application, Action.SUBMIT, Role.APPLICANT, dearer).application
    assert again.amount_due == 150_000


def test_a_returned_application_is_submitted_again_with_the_receipt_it_has_and_at_its_price() -> None:
    facts = cases.facts(Service.DUES)
    returned = taken(submitted_dues(), Action.RETURN, Role.REVIEWER, facts).application
    dearer = replace(facts, due=150_000, payment=None)
    again = taken(returned, Action.SUBMIT, Role.APPLICANT, dearer).application
    assert (again.amount_due, again.payment, again.year) == (120_000, "p1", 2026)


# --- changes ----------------------------------------------------------------------------------------------------------


def test_the_register_changes_as_the_application_says_and_in_nothing_else() -> None:
    before = cases.enterprise()
    after = with_changes(before, cases.changes())
    assert (after.name, after.capital) == (made_up.enterprise(9), "800万元人民币")
    assert replace(after, name=before.name, capital=before.capital) == before
    told = {each.field.chinese: (each.old, each.new) for each in changes_asked(cases.changes(), before)}
    assert told == {
        "单位名称": (before.name, made_up.enterprise(9)), "注册资金": (before.capital, "800万元人民币"),
    }  # fmt: skip


def test_a_person_who_changes_is_sealed_anew_under_the_enterprises_key() -> None:
    new = Personal("钱*", made_up.person(3), b"sealed for the application")
    form = {"changes": "法定代表人", "new_legal_representative": new}
    assert with_changes(cases.enterprise(), form).legal_representative == Personal("钱*", made_up.person(3))
    assert with_changes(cases.enterprise(), form).legal_representative.sealed is None


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"changes": "单位名称"}, [("new_value_missing", "new_name")]),
        ({"changes": "单位名称", "new_name": made_up.enterprise(1)}, [("nothing_changes", "new_name")]),
        (
            {"changes": "注册资金", "new_capital": "800万元人民币", "new_name": made_up.enterprise(9)},
            [("kind_not_chosen", "changes")],
        ),
    ],
)
def test_each_change_is_chosen_stated_and_new(form: dict[str, str], told: list[tuple[str, str]]) -> None:
    application = replace(cases.application(Service.QUALIFICATION_CHANGE), form=form)
    with pytest.raises(Refused) as refused:
        taken(application, Action.SUBMIT, Role.APPLICANT, cases.facts(Service.QUALIFICATION_CHANGE))
    assert [(each.code, each.field) for each in refused.value.reasons] == told


def test_a_change_comes_after_this_years_review() -> None:
    assert codes(Service.QUALIFICATION_CHANGE, cases.reviewed()) == []
    assert codes(Service.QUALIFICATION_CHANGE, cases.dossier()) == ["review_not_done"]
    assert codes(Service.QUALIFICATION_CHANGE, cases.unqualified()) == ["no_qualification"]


def test_dues_with_changes_are_the_way_to_change_only_where_the_change_itself_is_closed() -> None:
    assert codes(Service.DUES_WITH_CHANGES, cases.unpaid()) == []
    assert codes(Service.DUES_WITH_CHANGES, cases.dossier()) == []
    assert codes(Service.DUES_WITH_CHANGES, cases.unqualified()) == []
    assert codes(Service.DUES_WITH_CHANGES, cases.reviewed()) == ["change_is_open"]


def test_the_change_form_is_asked_only_of_who_holds_a_qualification() -> None:
    without = replace(cases.facts(Service.DUES_WITH_CHANGES), files=(), dossier=cases.dossier(years=()))
    unqualified = replace(without, dossier=cases.dossier(years=(), certificates=()))
    application = cases.application(Service.DUES_WITH_CHANGES)
    missing = {
        held: {each.field for each in submit_reasons(application, facts) if each.code == "material_missing"}
        for held, facts in (("qualified", without), ("not", unqualified))
    }
    assert missing["qualified"] - missing["not"] == {"change_form"}


def submit_reasons(application: Application, facts: Facts) -> tuple[object, ...]:
    with pytest.raises(Refused) as refused:
        taken(application, Action.SUBMIT, Role.APPLICANT, facts)
    return refused.value.reasons


# --- what excludes what -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "other", "excluded"),
    [
        (Service.DUES, Service.DUES_WITH_CHANGES, True),
        (Service.DUES_WITH_CHANGES, Service.ANNUAL_REVIEW, True),
        (Service.DUES_WITH_CHANGES, Service.QUALIFICATION_CHANGE, True),
        (Service.ANNUAL_REVIEW, Service.QUALIFICATION_CHANGE, True),
        (Service.DUES, Service.ANNUAL_REVIEW, False),
        (Service.QUALIFICATION, Service.DUES, False),
        (Service.QUALIFICATION, Service.QUALIFICATION, True),
    ],
)
def test_services_that_meet_exclude_each_other(service: Service, other: Service, *, excluded: bool) -> None:
    claims = tuple(Claim(kind=kind, value="e1", holder="application:a9", service=other) for kind in TABLE[other].holds)
    for one, another in ((service, other), (other, service)):
        held = (
            tuple(replace(each, service=another) for each in claims)
            if one is service
            else tuple(
                Claim(kind=kind, value="e1", holder="application:a9", service=another) for kind in TABLE[another].holds
            )
        )
        reasons = may_apply(TABLE[one], replace(cases.facts(one), claims=held))
        assert ("under_way_already" in {each.code for each in reasons}) is excluded, (one, another)
        assert not excluded or any(another.chinese in each.message for each in reasons)


# --- the qualification ------------------------------------------------------------------------------------------------


def test_the_qualification_waits_for_one_paper_set_brought_in_person() -> None:
    facts = cases.facts(Service.QUALIFICATION, due=0)
    approved = taken(cases.application(Service.QUALIFICATION, State.IN_REVIEW), Action.APPROVE, Role.REVIEWER, facts)
    assert (approved.application.state, approved.notice) == (State.BEING_MADE, "bring_paper")
    assert approved.effects == (Effect.REMEMBER, Effect.CREDIT_SURPLUS)
    assert refusal(approved.application, Action.ISSUE, Role.SYSTEM, facts) == ["paper_not_received"]
    noted = taken(approved.application, Action.NOTE_PAPER, Role.CERTIFIER, facts)
    assert (noted.application.paper_at, noted.effects) == (facts.at, (Effect.ISSUE,))
    assert noted.application.since == approved.application.since
    assert taken(noted.application, Action.ISSUE, Role.SYSTEM, facts).application.state is State.COMPLETED


def test_who_holds_a_qualification_even_an_expired_one_does_not_apply_for_another() -> None:
    expired = cases.qualification(valid_to=date(2025, 4, 30))
    assert codes(Service.QUALIFICATION, cases.dossier(certificates=(expired,))) == ["qualification_held"]


@pytest.mark.parametrize(("barred_until", "told"), [(None, []), (cases.TODAY, ["barred"]), (cases.TODAY - A_DAY, [])])
def test_after_a_revocation_one_may_apply_anew_once_the_bar_is_over(barred_until: date | None, told: list[str]) -> None:
    revoked = cases.qualification(revoked_on=date(2025, 1, 1), barred_until=barred_until)
    assert codes(Service.QUALIFICATION, cases.dossier(certificates=(revoked,))) == told


def test_each_of_the_six_is_checked_and_the_failing_ones_are_named() -> None:
    facts = cases.facts(Service.QUALIFICATION, due=0)
    people = dict(facts.practitioners)
    people["w2"] = replace(people["w2"], certified_to=cases.TODAY - A_DAY)
    people["w3"] = replace(people["w3"], employer="e9")
    application = cases.application(Service.QUALIFICATION)
    with pytest.raises(Refused) as refused:
        taken(application, Action.SUBMIT, Role.APPLICANT, replace(facts, practitioners=people))
    told = [(each.code, each.field) for each in refused.value.reasons]
    assert told == [
        ("training_certificate_expired", "w2"), ("not_employed_here", "w3"), ("fewer_than_six", "persons"),
    ]  # fmt: skip
    assert "e9" not in repr(refused.value.reasons)


def test_a_certificate_that_has_not_begun_does_not_count_among_the_six() -> None:
    facts = cases.facts(Service.QUALIFICATION, due=0)
    people = {each: replace(fact, certified_from=cases.TODAY + A_DAY) for each, fact in facts.practitioners.items()}
    told = refusal(
        cases.application(Service.QUALIFICATION), Action.SUBMIT, Role.APPLICANT, replace(facts, practitioners=people)
    )
    assert set(told) == {"training_certificate_not_begun", "fewer_than_six"}
    begun = {each: replace(fact, certified_from=cases.TODAY) for each, fact in facts.practitioners.items()}
    ready = replace(facts, practitioners=begun)
    submitted = taken(cases.application(Service.QUALIFICATION), Action.SUBMIT, Role.APPLICANT, ready)
    assert submitted.application.state is State.IN_REVIEW


# --- the annual review ------------------------------------------------------------------------------------------------


def test_the_review_is_once_a_year_and_not_in_the_year_of_issue() -> None:
    assert codes(Service.ANNUAL_REVIEW, cases.dossier()) == []
    assert codes(Service.ANNUAL_REVIEW, cases.reviewed()) == ["already_reviewed"]
    new = cases.dossier(certificates=(cases.qualification(issued_on=date(2026, 2, 1), reviewed=()),))
    assert codes(Service.ANNUAL_REVIEW, new) == ["already_reviewed"]


def test_an_application_of_december_keeps_asking_about_its_own_year() -> None:
    """Submitted in December 2026 and issued in January 2027: the dues of 2026 are what counts."""
    december, january = date(2026, 12, 30), date(2027, 1, 4)
    facts = on(december, cases.facts(Service.ANNUAL_REVIEW, due=0))
    submitted = taken(cases.application(Service.ANNUAL_REVIEW), Action.SUBMIT, Role.APPLICANT, facts).application
    still_certified = {each: replace(fact, certified_to=january) for each, fact in facts.practitioners.items()}
    later = on(january, replace(facts, practitioners=still_certified))
    approved = taken(submitted, Action.APPROVE, Role.REVIEWER, later).application
    assert (approved.state, approved.year) == (State.BEING_MADE, 2026)


def test_what_the_platform_issued_fills_its_slot_and_an_upload_stays_possible() -> None:
    facts = cases.facts(Service.ANNUAL_REVIEW, due=0)
    without = replace(facts, files=tuple(each for each in facts.files if each.slot != "qualification"))
    decision = taken(cases.application(Service.ANNUAL_REVIEW), Action.SUBMIT, Role.APPLICANT, without)
    assert decision.application.state is State.IN_REVIEW


def test_a_thirty_first_person_is_too_many_for_nobody_but_six_different_ones_are_needed() -> None:
    application = replace(cases.application(Service.QUALIFICATION), persons=(Person(id="w1"),) * 30)
    assert "fewer_than_six" in refusal(
        application, Action.SUBMIT, Role.APPLICANT, cases.facts(Service.QUALIFICATION, due=0)
    )


# --- terms ------------------------------------------------------------------------------------------------------------


def test_next_years_version_begins_on_new_years_day_and_until_then_the_old_one_counts() -> None:
    held = cases.member_certificate()
    term = term_of_paid_year(held, 2027)
    assert (term.first, term.last, term.held_since) == (date(2027, 1, 1), date(2027, 12, 31), date(2024, 5, 1))
    now = replace(held, latest=4, valid_from=term.first, valid_to=term.last, held_since=term.held_since)
    old = cases.edition(held, 3)
    new = cases.edition(now, 4)
    december, new_year = date(2026, 12, 15), date(2027, 1, 1)
    assert cases.standing(now, old, december) is Standing.VALID
    assert cases.standing(now, new, december) is Standing.NOT_YET_VALID
    assert standing_today(now, december) is Standing.VALID
    assert cases.standing(now, old, new_year) is Standing.SUPERSEDED
    assert cases.standing(now, new, new_year) is Standing.VALID
    assert cases.standing(now, cases.edition(held, 2), december) is Standing.SUPERSEDED


def test_a_year_left_out_breaks_the_run() -> None:
    term = term_of_paid_year(cases.member_certificate(valid_to=date(2024, 12, 31)), 2026)
    assert term.held_since == date(2026, 1, 1)


def test_a_change_in_december_covers_both_years_that_are_paid() -> None:
    now = cases.member_certificate(valid_from=date(2027, 1, 1), valid_to=date(2027, 12, 31))
    december = term_unchanged(now, date(2026, 12, 15))
    assert (december.first, december.last) == (date(2024, 5, 1), date(2027, 12, 31))
    later = term_unchanged(now, date(2027, 6, 1))
    assert (later.first, later.last) == (date(2027, 1, 1), date(2027, 12, 31))


EXPIRY = date(2027, 4, 30)


@pytest.mark.parametrize(
    ("reviewed", "day", "renewed"),
    [
        ((2027,), EXPIRY, False),
        ((2027,), EXPIRY + A_DAY, True),
        ((2026,), EXPIRY + A_DAY, False),
        ((2027,), EXPIRY + 20 * A_DAY, True),
    ],
)
def test_a_qualification_is_renewed_on_the_day_after_expiry_with_this_years_review(
    reviewed: tuple[int, ...], day: date, *, renewed: bool
) -> None:
    held = cases.qualification(valid_to=EXPIRY, reviewed=reviewed)
    term = automatic_renewal(held, day, Deadline())
    assert term == (Term(EXPIRY + A_DAY, date(2030, 3, 31), date(2024, 5, 1)) if renewed else None)


@pytest.mark.parametrize("day", [date(2027, 3, 1), date(2027, 4, 5)])
def test_up_to_the_deadline_last_years_review_is_enough_however_late_the_job_runs(day: date) -> None:
    held = cases.qualification(valid_to=date(2027, 2, 28), reviewed=(2026,))
    assert automatic_renewal(held, day, Deadline()) == Term(date(2027, 3, 1), date(2030, 3, 31), date(2024, 5, 1))


def test_nothing_that_was_revoked_and_no_member_certificate_is_renewed_by_itself() -> None:
    revoked = cases.qualification(valid_to=EXPIRY, reviewed=(2027,), revoked_on=EXPIRY)
    assert automatic_renewal(revoked, EXPIRY + A_DAY, Deadline()) is None
    assert automatic_renewal(cases.member_certificate(), date(2027, 6, 1), Deadline()) is None


def test_a_late_review_brings_the_renewal_that_was_missed_and_one_on_time_alters_no_dates() -> None:
    held = cases.qualification(valid_to=EXPIRY)
    late = term_with_review(held, 2027, date(2027, 6, 10), Deadline())
    assert late == Term(date(2027, 6, 10), date(2030, 3, 31), date(2027, 6, 10))
    on_time = term_with_review(held, 2027, date(2027, 3, 10), Deadline())
    assert on_time == Term(date(2024, 5, 1), EXPIRY, date(2024, 5, 1))
