"""The standing of certificates around the last day of the review, a leap day and their own last day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.rules.certificates import Deadline, first_member_dates, three_years_from
from chalicelib.rules.vocabulary import CertificateKind, Standing
from tests.rules import cases
from tests.rules.cases import version_standing

A_DAY = timedelta(days=1)
ISSUED = date(2027, 2, 28)
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize("year", [2028, 2029])
@pytest.mark.parametrize("deadline", [Deadline(), Deadline(2, 28), Deadline(12, 31)])
def test_the_review_is_overdue_from_the_day_after_its_deadline_to_the_years_end(year: int, deadline: Deadline) -> None:
    reviewed_last_year = cases.qualification(
        issued_on=ISSUED, valid_from=ISSUED, valid_to=three_years_from(date(2030, 1, 1)), reviewed=(year - 1,)
    )
    last = date(year, deadline.month, deadline.day)
    day_by_day = {
        day: version_standing(reviewed_last_year, 1, day, deadline) for day in (last - A_DAY, last, last + A_DAY)
    }
    after = Standing.REVIEW_OVERDUE if last.month < 12 else Standing.VALID
    assert list(day_by_day.values()) == [Standing.VALID, Standing.VALID, after]
    assert version_standing(reviewed_last_year, 1, date(year, 12, 31), deadline) is after
    assert version_standing(reviewed_last_year, 1, date(year + 1, 1, 1), deadline) is Standing.VALID


def test_a_deadline_on_a_leap_day_is_the_end_of_february_in_every_year() -> None:
    of_a_leap_day, end = Deadline(2, 29), {2027: date(2027, 2, 28), 2028: date(2028, 2, 29)}
    for last in end.values():
        assert not of_a_leap_day.has_passed(last)
        assert of_a_leap_day.has_passed(last + A_DAY)


@pytest.mark.parametrize("issued", [date(2028, 1, 1), date(2028, 3, 31), date(2028, 4, 1), date(2028, 12, 31)])
def test_the_year_of_issue_counts_as_reviewed_to_its_last_day_and_no_further(issued: date) -> None:
    new = cases.qualification(issued_on=issued, valid_from=issued, valid_to=three_years_from(issued), reviewed=())
    assert version_standing(new, 1, date(2028, 12, 31)) is Standing.VALID
    assert version_standing(new, 1, date(2029, 3, 31)) is Standing.VALID
    assert version_standing(new, 1, date(2029, 4, 1)) is Standing.REVIEW_OVERDUE


@pytest.mark.parametrize("first", [date(2028, 2, 29), date(2025, 3, 1), date(2026, 1, 1), date(2025, 2, 28)])
def test_a_certificate_of_three_years_holds_on_its_last_day_and_not_on_the_next(first: date) -> None:
    last = three_years_from(first)
    training = replace(cases.qualification(valid_from=first, valid_to=last), kind=CertificateKind.TRAINING)
    around = [version_standing(training, 1, day) for day in (first - A_DAY, first, last, last + A_DAY)]
    assert around == [Standing.NOT_YET_VALID, Standing.VALID, Standing.VALID, Standing.EXPIRED]


@settings(derandomize=True, database=None)
@given(DAYS)
def test_a_day_lies_within_exactly_one_run_of_three_years_after_another(first: date) -> None:
    """A run that follows on the day after the last leaves no day out and covers none twice, leap days too."""
    last = three_years_from(first)
    assert timedelta(1094) <= last - first <= timedelta(1095)
    assert three_years_from(last + A_DAY) > last + A_DAY


@settings(derandomize=True, database=None)
@given(DAYS, st.integers(-1, 1))
def test_a_first_member_certificate_never_leaves_the_year_it_was_paid_for(joined: date, off: int) -> None:
    """Issued in the year paid for, in the one after, or by a clock that has gone back in the one before."""
    year = joined.year + off
    first, last = first_member_dates(joined, year)
    assert date(year, 1, 1) <= first <= last == date(year, 12, 31)
    assert first == joined or off != 0
