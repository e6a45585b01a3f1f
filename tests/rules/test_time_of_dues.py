"""Which day's fee, which year's dues, and what a history looks like when the clocks it was written by disagree."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules.payments import Fee, amount_due, fees_on
from chalicelib.rules.records import Application, Entry
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Action, Role, Service, State, Unit
from chalicelib.rules.workflow import decide
from tests.rules import cases

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YEAR = datetime(2027, 1, 1, tzinfo=SHANGHAI)
LAST_MOMENT = NEW_YEAR - timedelta(microseconds=1)
A_DAY = timedelta(days=1)
DUES = Fee(
    code="dues", item="会费", level="会员单位", unit=Unit.YEAR, amount=120_000, valid_from=date(2020, 1, 1),
    valid_to=None, resolution="演示金额", document="演示票据",
)  # fmt: skip
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
ABOUT_NEW_YEAR = st.timedeltas(timedelta(days=-2), timedelta(days=2)).map(lambda off: NEW_YEAR + off)
ROLES = {
    Action.SUBMIT: Role.APPLICANT, Action.APPROVE: Role.REVIEWER, Action.PAY: Role.APPLICANT,
    Action.REFUSE_PAYMENT: Role.FINANCE, Action.CONFIRM_PAYMENT: Role.FINANCE, Action.SEND_BACK: Role.CERTIFIER,
    Action.ISSUE: Role.SYSTEM,
}  # fmt: skip
UP_TO_THE_RECEIPT = (Action.SUBMIT, Action.APPROVE, Action.PAY)
WAY = (*UP_TO_THE_RECEIPT, Action.REFUSE_PAYMENT, Action.PAY, Action.CONFIRM_PAYMENT, Action.ISSUE)


def taken(application: Application, action: Action, at: datetime) -> tuple[Application, Entry]:
    facts = replace(cases.facts(), at=at, today=at.date(), paid=application.paid)
    decision = decide(application, action, cases.actor(ROLES[action]), facts, "理由")
    return decision.application, decision.entry


def after(*steps: tuple[Action, datetime]) -> Application:
    application = cases.application()
    for action, at in steps:
        application, _ = taken(application, action, at)
    return application


# --- the fee ----------------------------------------------------------------------------------------------------------


@given(DAYS, st.lists(st.integers(1, 400), min_size=1, max_size=5), DAYS)
def test_of_rows_that_follow_one_another_exactly_one_holds_on_any_day(
    first: date, lengths: list[int], day: date
) -> None:
    rows, start = [], first
    for n, length in enumerate(lengths):
        end = start + timedelta(days=length - 1)
        rows.append(replace(DUES, amount=100 + n, valid_from=start, valid_to=end))
        start = end + A_DAY
    assert len(fees_on(rows, "dues", day)) == (first <= day < start)
    assert amount_due(rows, "dues", rows[0].valid_from) == 100
    for one, other in pairwise(rows):
        assert one.valid_to is not None
        assert amount_due(rows, "dues", one.valid_to) == one.amount
        assert amount_due(rows, "dues", one.valid_to + A_DAY) == other.amount
    assert amount_due(rows, "dues", start) is None


def test_a_row_to_the_28th_of_february_leaves_the_leap_day_without_a_fee() -> None:
    row = replace(DUES, valid_from=date(2028, 1, 1), valid_to=date(2028, 2, 28))
    assert amount_due([row], "dues", date(2028, 2, 28)) == DUES.amount
    assert amount_due([row], "dues", date(2028, 2, 29)) is None


# --- the year ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("receipt", "year"), [(LAST_MOMENT, 2026), (NEW_YEAR, 2027)])
def test_the_year_is_fixed_by_the_receipt_and_kept_whenever_the_rest_is_done(receipt: datetime, year: int) -> None:
    paid = after((Action.SUBMIT, LAST_MOMENT), (Action.APPROVE, LAST_MOMENT), (Action.PAY, receipt))
    later = NEW_YEAR + timedelta(days=400)
    done, _ = taken(taken(paid, Action.CONFIRM_PAYMENT, later)[0], Action.ISSUE, later)
    assert (paid.year, done.year, done.state) == (year, year, State.COMPLETED)


@given(ABOUT_NEW_YEAR, ABOUT_NEW_YEAR, ABOUT_NEW_YEAR)
def test_a_refused_receipt_fixes_no_year_and_the_next_one_does(
    first: datetime, refused: datetime, second: datetime
) -> None:
    paid = after(*((action, first) for action in UP_TO_THE_RECEIPT))
    again, _ = taken(paid, Action.REFUSE_PAYMENT, refused)
    assert (paid.year, again.year) == (first.year, None)
    assert taken(again, Action.PAY, second)[0].year == second.year


@given(ABOUT_NEW_YEAR, ABOUT_NEW_YEAR)
def test_what_was_paid_for_keeps_its_year_through_a_second_round_with_more_to_pay(
    first: datetime, second: datetime
) -> None:
    """Sent back after it was paid, the fee raised meanwhile, the receipt for the difference refused."""
    made = after(*((action, first) for action in (*UP_TO_THE_RECEIPT, Action.CONFIRM_PAYMENT, Action.SEND_BACK)))
    raised = replace(cases.facts(due=150_000), at=second, today=second.date(), paid=made.paid)
    for action in (*UP_TO_THE_RECEIPT, Action.REFUSE_PAYMENT):
        made = decide(made, action, cases.actor(ROLES[action]), raised, "理由").application
    assert (made.state, made.year, made.paid) == (State.TO_BE_PAID, first.year, 120_000)


def test_only_refusing_a_receipt_frees_a_year() -> None:
    freeing = {(row.service, step.action) for row in TABLE.values() for step in row.steps if step.frees_year}
    assert freeing == {
        (service, Action.REFUSE_PAYMENT) for service in (Service.JOIN, Service.DUES, Service.DUES_WITH_CHANGES)
    }


# --- the history ------------------------------------------------------------------------------------------------------


@given(st.lists(ABOUT_NEW_YEAR, min_size=len(WAY), max_size=len(WAY)))
def test_a_history_written_by_any_clocks_is_numbered_without_gaps_and_ends_in_the_state(clocks: list[datetime]) -> None:
    """Each step is dated by its own clock, earlier than the step before too; their order is told by the number."""
    application, entries = cases.application(), []
    for action, at in zip(WAY, clocks, strict=True):
        application, entry = taken(application, action, at)
        entries.append(entry)
        assert application.since == entry.at == at
    assert [each.number for each in entries] == list(range(1, len(WAY) + 1))
    assert all(one.after is other.before for one, other in pairwise(entries))
    assert application.state is entries[-1].after is State.COMPLETED
    assert application.year == clocks[4].year
