"""Numbers, dates, addresses and standing of certificates (domain §2)."""

from calendar import isleap
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules.certificates import (
    BASE32,
    NumberPatternWrong,
    address,
    first_member_dates,
    number,
    three_years_from,
    token,
)
from chalicelib.rules.vocabulary import CertificateKind, Standing
from tests.rules import cases
from tests.rules.cases import version_standing

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
ROOTS = st.text(BASE32, min_size=26, max_size=26)


@given(st.integers(2000, 2100), st.integers(1, 99_999), st.integers(2000, 2100), st.integers(1, 99_999))
def test_two_numbers_of_a_pattern_are_never_the_same(year: int, n: int, other_year: int, m: int) -> None:
    first, second = number("GZ-{year}-{n:04}", year, n), number("GZ-{year}-{n:04}", other_year, m)
    assert (first == second) == ((year, n) == (other_year, m))


@pytest.mark.parametrize("pattern", ["GZ-{n}", "GZ-{year}", "GZ"])
def test_a_pattern_that_could_repeat_a_number_is_refused(pattern: str) -> None:
    with pytest.raises(NumberPatternWrong):
        number(pattern, 2026, 1)


@given(DAYS)
def test_three_years_end_on_the_day_before_the_anniversary(first: date) -> None:
    last = three_years_from(first)
    assert last.year in (first.year + 3, first.year + 2)
    after = last + timedelta(days=1)
    expected = (3, 1) if (first.month, first.day) == (2, 29) and not isleap(first.year + 3) else None
    if expected is None:
        assert (after.month, after.day, after.year) == (first.month, first.day, first.year + 3)


def test_three_years_from_the_29th_of_february_end_on_the_28th() -> None:
    assert three_years_from(date(2024, 2, 29)) == date(2027, 2, 28)


def test_a_first_member_certificate_runs_from_the_day_of_joining_to_the_end_of_the_year() -> None:
    assert first_member_dates(date(2026, 5, 6), 2026) == (date(2026, 5, 6), date(2026, 12, 31))


def test_one_paid_for_last_year_and_issued_in_january_is_still_for_last_year() -> None:
    assert first_member_dates(date(2027, 1, 1), 2026) == (date(2026, 12, 31), date(2026, 12, 31))


@given(ROOTS, st.integers(1, 1023))
def test_an_address_leads_back_to_its_certificate_and_version_in_any_case(root: str, ordinal: int) -> None:
    found = address(token(root, ordinal).lower())
    assert found is not None
    assert (found.root, found.ordinal) == (root, ordinal)


@given(st.text(max_size=40))
def test_what_is_no_address_is_none_and_never_an_error(text: str) -> None:
    found = address(text)
    assert found is None or len(text) == 28


def test_a_version_that_was_replaced_is_superseded() -> None:
    certificate = cases.qualification(latest=2, reviewed=(2025, 2026))
    assert version_standing(certificate, 1, cases.TODAY) is Standing.SUPERSEDED
    assert version_standing(certificate, 2, cases.TODAY) is Standing.VALID


STANDINGS = {
    "revoked before all": ({"revoked_on": date(2026, 1, 1), "valid_to": date(2025, 1, 1)}, Standing.REVOKED),
    "expired": ({"valid_to": date(2026, 4, 1)}, Standing.EXPIRED),
    "on its last day still valid": ({"valid_to": date(2026, 4, 2), "reviewed": (2026,)}, Standing.VALID),
    "review overdue": ({}, Standing.REVIEW_OVERDUE),
    "reviewed this year": ({"reviewed": (2026,)}, Standing.VALID),
    "issued this year": ({"issued_on": date(2026, 1, 5)}, Standing.VALID),
    "not yet valid": ({"valid_from": date(2026, 4, 3), "reviewed": (2026,)}, Standing.NOT_YET_VALID),
}


@pytest.mark.parametrize(("changes", "expected"), STANDINGS.values(), ids=STANDINGS.keys())
def test_the_standing_is_the_first_that_applies(changes: dict[str, object], expected: Standing) -> None:
    assert version_standing(cases.qualification(**changes), 1, date(2026, 4, 2)) is expected


def test_the_review_may_still_be_done_on_the_last_day_of_march() -> None:
    assert version_standing(cases.qualification(), 1, date(2026, 3, 31)) is Standing.VALID
    assert version_standing(cases.qualification(), 1, date(2026, 4, 1)) is Standing.REVIEW_OVERDUE


@given(DAYS)
def test_only_a_qualification_can_be_overdue(day: date) -> None:
    member = replace(cases.qualification(valid_to=date(2101, 1, 1)), kind=CertificateKind.MEMBER)
    assert version_standing(member, 1, day) is not Standing.REVIEW_OVERDUE
