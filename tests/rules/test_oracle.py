"""Dates and standing of every kind of certificate, for every issue day of 100 years, against the oracle.

The oracle was written from the domain page before ``chalicelib.rules.certificates`` was read; its readings are marked
there. Known differences stand at the end, each with the sentence it rests on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.rules.certificates import (
    Deadline,
    Term,
    automatic_renewal,
    first_member_dates,
    first_term,
    standing,
    standing_today,
    term_of_paid_year,
    term_unchanged,
    term_with_review,
    three_years_from,
)
from chalicelib.rules.records import Certificate, Edition, Issuance
from chalicelib.rules.vocabulary import CertificateKind
from tests.rules import oracle
from tests.rules.oracle import ONE_DAY, Qualification, Review, Version

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
EVERY_DAY = tuple(oracle.days(FIRST_DAY, LAST_DAY))
DEADLINE = Deadline()
NOW = datetime(2000, 1, 1, tzinfo=UTC)
DAYS = st.dates(FIRST_DAY, date(2085, 12, 31))


@dataclass
class Kept:
    """A certificate as the register keeps it, with all its versions and the day each was made."""

    certificate: Certificate
    made: list[date] = field(default_factory=list)
    editions: list[Edition] = field(default_factory=list)

    def take(self, term: Term, day: date, reviewed: int | None = None) -> None:
        """One version more, recorded as an issue records it."""
        reviews = self.certificate.reviewed
        self.certificate = replace(
            self.certificate, latest=len(self.editions) + 1, valid_from=term.first, valid_to=term.last,
            held_since=term.held_since, reviewed=(*reviews, reviewed) if reviewed else reviews,
        )  # fmt: skip
        self.made.append(day)
        self.editions.append(printed(self.certificate))

    def newest_made_on(self, day: date) -> Edition:
        return next(
            each for made, each in zip(reversed(self.made), reversed(self.editions), strict=True) if made == day
        )


def printed(certificate: Certificate) -> Edition:
    return Edition(
        root=certificate.root, ordinal=certificate.latest, valid_from=certificate.valid_from,
        valid_to=certificate.valid_to, issued_at=NOW, papers=(), printed={},
    )  # fmt: skip


def issued(kind: CertificateKind, term: Term, day: date) -> Kept:
    kept = Kept(
        Certificate(
            root="A" * 26, kind=kind, number="1", holder="enterprise:e1", holder_name="x", valid_from=term.first,
            valid_to=term.last, issued_on=day, application="a1", issuance=Issuance.ISSUED,
        )
    )  # fmt: skip
    kept.take(term, day)
    return kept


def qualified(day: date) -> Kept:
    return issued(CertificateKind.QUALIFICATION, first_term(day, three_years_from(day)), day)


def around(*edges: date) -> set[date]:
    """The edges, with the day before and the day after."""
    return {day for edge in edges for day in (edge - ONE_DAY, edge, edge + ONE_DAY)}


@cache
def edges_of_year(year: int) -> frozenset[date]:
    """Year ends, the deadline, and the leap day or where it would be."""
    return frozenset(around(date(year, 3, 1), date(year, 3, 31), date(year, 12, 31)))


def edges_of_years(version: Version) -> frozenset[date]:
    years = range(version.first.year, version.last.year + 1)
    return frozenset().union(*map(edges_of_year, years))


Answers = list[tuple[date, str, str]]


def of_the_whole(
    kept: Kept, versions: list[Version], days: Iterable[date], held: Qualification | None = None
) -> Answers:
    """Day, the house's answer and the oracle's, where they differ about the certificate once its newest was made."""
    certificate, revoked, made = kept.certificate, kept.certificate.revoked_on, versions[-1].made
    answers = (
        (day, standing_today(certificate, day, DEADLINE), oracle.certificate_standing(versions, day, held, revoked))
        for day in days
        if day >= made
    )
    return [(day, ours.chinese, theirs) for day, ours, theirs in answers if ours.chinese != theirs]


def of_versions(
    kept: Kept, versions: list[Version], days: Iterable[date], held: Qualification | None = None
) -> Answers:
    """The same about each of its versions."""
    certificate, revoked, made = kept.certificate, kept.certificate.revoked_on, versions[-1].made
    pairs = [(each, kept.newest_made_on(each.made)) for each in versions]
    answers = (
        (
            day,
            standing(certificate, edition, day, DEADLINE),
            oracle.version_standing(versions, each, day, held, revoked),
        )
        for day in days
        if day >= made
        for each, edition in pairs
    )
    return [(day, ours.chinese, theirs) for day, ours, theirs in answers if ours.chinese != theirs]


def differences(
    kept: Kept, versions: list[Version], days: Iterable[date], held: Qualification | None = None
) -> Answers:
    asked = tuple(days)
    return of_the_whole(kept, versions, asked, held) + of_versions(kept, versions, asked, held)


# --- every day of 100 years -------------------------------------------------------------------------------------------


def test_three_years_from_every_day_of_100_years_end_where_the_oracle_says() -> None:
    assert len(EVERY_DAY) == 36_525
    wrong = [day for day in EVERY_DAY if three_years_from(day) != oracle.three_years(day)]
    assert not wrong


def test_a_member_certificate_of_every_day_of_100_years_runs_and_goes_on_as_the_oracle_says() -> None:
    for day in EVERY_DAY:
        first, following = oracle.member(day, [(day.year + 1, date(day.year, 12, 31))])
        kept = issued(CertificateKind.MEMBER, first_term(*first_member_dates(day, day.year)), day)
        assert (kept.certificate.valid_from, kept.certificate.valid_to) == (first.first, first.last)
        term = term_of_paid_year(kept.certificate, day.year + 1)
        assert (term.first, term.last) == (following.first, following.last)


def test_the_renewal_after_every_issue_day_of_100_years_is_the_oracles() -> None:
    """Year by year reviewed or not: this year's, last year's, both, neither, on the day after expiry."""
    for day in EVERY_DAY:
        after = oracle.three_years(day) + ONE_DAY
        unreviewed = qualified(day).certificate
        for years in ((), (after.year,), (after.year - 1,)):
            held = Qualification(day, tuple(Review(year, day) for year in years))
            record = replace(unreviewed, reviewed=years)
            expected = oracle.first_renewal(held, after - ONE_DAY, after)
            term = automatic_renewal(record, after + timedelta(days=day.day), DEADLINE)  # up to a month late
            assert (term and (term.first, term.last)) == (expected and (expected.first, expected.last)), (day, years)


def test_a_qualification_of_every_issue_day_of_100_years_stands_as_the_oracle_says_at_every_edge() -> None:
    """Each day with another set of reviews (all sixteen of the four years), each done some way into its year."""
    for n, day in enumerate(EVERY_DAY):
        years = [day.year + i for i in range(4) if n >> i & 1]
        held = Qualification(day, tuple(Review(year, day) for year in years))
        kept = qualified(day)
        kept.certificate = replace(kept.certificate, reviewed=tuple(years))
        version = Version(day, day, oracle.three_years(day))
        assert not differences(kept, [version], around(version.first, version.last), held)
        assert not of_the_whole(kept, [version], edges_of_years(version), held)


def test_a_member_certificate_of_every_day_of_100_years_stands_as_the_oracle_says_at_every_edge() -> None:
    """With the next year's paid in December or late in March, and none the year after."""
    for n, day in enumerate(EVERY_DAY):
        made = max(day, date(day.year, 12, 1)) if n % 2 else date(day.year + 1, 3, 20)
        versions = oracle.member(day, [(day.year + 1, made)])
        kept = issued(CertificateKind.MEMBER, first_term(*first_member_dates(day, day.year)), day)
        assert not of_versions(kept, versions[:1], around(day, versions[0].last))
        kept.take(term_of_paid_year(kept.certificate, day.year + 1), made)
        days = around(made, *(each.last for each in versions))
        distinct = len({each.made for each in versions}) == len(versions)
        assert not distinct or not differences(kept, versions, days)


def test_a_training_certificate_of_every_day_of_100_years_stands_as_the_oracle_says_at_every_edge() -> None:
    """Renewed up to 90 days before it lapses, or after; the dates of a renewal are the oracle's own for now."""
    for n, day in enumerate(EVERY_DAY):
        old = oracle.trained(day)
        kept = issued(CertificateKind.TRAINING, first_term(day, three_years_from(day)), day)
        assert not of_versions(kept, [old], around(old.first, old.last))
        made = old.last + timedelta(days=n % 182 - 90)
        new = oracle.renewed(old, made)
        unbroken = new.first == old.last + ONE_DAY
        kept.take(Term(new.first, new.last, old.first if unbroken else new.first), made)
        assert not differences(kept, [old, new], around(made, new.first, new.last))


# --- chance histories -------------------------------------------------------------------------------------------------


@st.composite
def reviews(draw: st.DrawFn, issued_on: date) -> tuple[Review, ...]:
    """For some of the years after issue a review, done in its year or by the next deadline; two never on one day."""
    found: dict[date, Review] = {}
    for year in range(issued_on.year + 1, issued_on.year + 11):
        if draw(st.booleans()):
            day = date(year, 1, 1) + timedelta(days=draw(st.integers(0, 364 + 90)))
            found.setdefault(day, Review(year, day))
    return tuple(found.values())


@st.composite
def qualifications(draw: st.DrawFn) -> Qualification:
    day = draw(DAYS)
    return Qualification(day, draw(reviews(day)))


def lived(held: Qualification, until: date, runs: Iterable[date]) -> Kept:
    """The certificate's life on the house's rules: the job on its days, and always before a review is recorded."""
    kept = qualified(held.issued)
    by_day = {each.completed: each for each in held.reviews if each.completed <= until}
    for day in sorted({*runs, *by_day}):
        while (term := automatic_renewal(kept.certificate, day, DEADLINE)) is not None:
            kept.take(term, day)
        if day in by_day:
            end = kept.certificate.valid_to
            if end < day and date(end.year + 3, 3, 31) < day:
                assume(False)  # so late that even the renewal would be over: see below
            kept.take(term_with_review(kept.certificate, by_day[day].year, day, DEADLINE), day, by_day[day].year)
    return kept


@settings(max_examples=150, deadline=None)
@given(qualifications(), st.integers(1000, 4200), st.data())
def test_whatever_reviews_were_done_a_qualification_stands_as_the_oracle_says(
    held: Qualification, length: int, data: st.DataObject
) -> None:
    until = held.issued + timedelta(days=length)
    versions = oracle.qualification(held, until)
    kept = lived(held, until, oracle.days(held.issued, until))
    assert kept.certificate.valid_to == versions[-1].last
    if data.draw(st.booleans()):
        kept.certificate = replace(kept.certificate, revoked_on=until)
    assert not differences(kept, versions, [until], held)


@pytest.mark.parametrize("off", [-1, 0, 1, 30])
def test_a_review_around_the_last_day_renews_only_what_has_expired(off: int) -> None:
    """Of every issue day of four years; the year before last was the last one reviewed."""
    for day in EVERY_DAY[: 4 * 365 + 1 : 3]:
        completed = oracle.three_years(day) + timedelta(days=off)
        held = Qualification(day, (Review(completed.year, completed),))
        versions = oracle.qualification(held, completed)
        kept = lived(held, completed, [completed])
        assert (kept.certificate.valid_from, kept.certificate.valid_to) == (versions[-1].first, versions[-1].last)
        assert not differences(kept, versions, [completed], held)


def test_a_version_changed_on_the_day_it_was_issued_is_superseded_on_that_day() -> None:
    kept = qualified(date(2024, 5, 10))
    kept.take(term_unchanged(kept.certificate, date(2024, 5, 10)), date(2024, 5, 10))
    standings = [standing(kept.certificate, each, date(2024, 5, 10), DEADLINE).chinese for each in kept.editions]
    assert standings == [oracle.SUPERSEDED, oracle.VALID]


@settings(max_examples=150, deadline=None)
@given(qualifications(), st.integers(1000, 4200), st.data())
def test_whatever_days_the_job_runs_a_qualification_is_renewed_as_of_the_day_after_expiry(
    held: Qualification, length: int, data: st.DataObject
) -> None:
    """After its last run nothing tells whether it ran every morning, seldom, late or twice."""
    until = held.issued + timedelta(days=length)
    some = data.draw(st.lists(st.integers(0, length), max_size=12))
    kept = lived(held, until, [*(held.issued + timedelta(days=n) for n in some), until])
    versions = oracle.qualification(held, until)
    assert kept.certificate.valid_to == versions[-1].last
    begins = {each.first for each in versions}
    assert {each.valid_from for each in kept.editions} == begins


@settings(max_examples=200, deadline=None)
@given(DAYS, st.lists(st.tuples(st.booleans(), st.integers(0, 364 + 31)), max_size=8), st.integers(0, 700))
def test_whatever_years_are_paid_a_member_certificate_stands_as_the_oracle_says(
    joined: date, later: list[tuple[bool, int]], ahead: int
) -> None:
    """Each later year paid or not, from 1 December before it (only when that year is paid) to its end."""
    kept = issued(CertificateKind.MEMBER, first_term(*first_member_dates(joined, joined.year)), joined)
    paid: list[tuple[int, date]] = []
    for n, (pays, days) in enumerate(later, 1):
        year = joined.year + n
        running = kept.certificate.valid_to.year == year - 1
        made = max((date(year - 1, 12, 1) if running else date(year, 1, 1)) + timedelta(days=days), kept.made[-1])
        if pays and made <= date(year, 12, 31) and made not in kept.made:
            kept.take(term_of_paid_year(kept.certificate, year), made)
            paid.append((year, made))
    versions = oracle.member(joined, paid)
    assert [(each.valid_from, each.valid_to) for each in kept.editions] == [
        (each.first, each.last) for each in versions
    ]
    assert not differences(kept, versions, [versions[-1].made + timedelta(days=ahead)])


# --- known differences: each fails today, and says when it no longer does ---------------------------------------------


def expired_and_reviewed(year: int, completed: date) -> Kept:
    """Issued on 10 May 2024, reviewed in 2025, expired on 9 May 2027; then a review of ``year`` completes."""
    kept = qualified(date(2024, 5, 10))
    kept.certificate = replace(kept.certificate, reviewed=(2025, 2026))
    kept.take(term_with_review(kept.certificate, year, completed, DEADLINE), completed, year)
    return kept


def test_a_review_of_last_year_that_completes_after_the_deadline_renews_nothing() -> None:
    kept = expired_and_reviewed(2026, date(2027, 5, 20))
    assert kept.certificate.valid_to == date(2027, 5, 9)


def test_a_review_years_after_expiry_never_makes_a_version_that_ends_before_it_begins() -> None:
    kept = expired_and_reviewed(2031, date(2031, 2, 1))
    assert kept.certificate.valid_from <= kept.certificate.valid_to


def test_a_review_after_a_renewal_keeps_the_first_day_of_the_renewal() -> None:
    day = date(2027, 5, 10)
    kept = qualified(date(2024, 5, 10))
    kept.certificate = replace(kept.certificate, reviewed=(2025, 2026, 2027))
    renewal = automatic_renewal(kept.certificate, day, DEADLINE)
    assert renewal is not None
    kept.take(renewal, day)
    kept.take(term_with_review(kept.certificate, 2028, date(2028, 2, 1), DEADLINE), date(2028, 2, 1), 2028)
    assert kept.certificate.valid_from == day


def test_a_member_certificate_changed_in_its_second_year_still_begins_on_1_january() -> None:
    kept = issued(CertificateKind.MEMBER, first_term(*first_member_dates(date(2026, 5, 6), 2026)), date(2026, 5, 6))
    kept.take(term_of_paid_year(kept.certificate, 2027), date(2026, 12, 5))
    kept.take(term_unchanged(kept.certificate, date(2027, 6, 1)), date(2027, 6, 1))
    assert kept.certificate.valid_from == date(2027, 1, 1)


def test_a_review_that_overtakes_a_late_job_leaves_the_renewal_on_the_day_after_expiry() -> None:
    kept = qualified(date(2024, 1, 20))  # expires on 19 January 2027; the review of 2026 is enough until 31 March
    kept.certificate = replace(kept.certificate, reviewed=(2025, 2026))
    kept.take(term_with_review(kept.certificate, 2027, date(2027, 1, 25), DEADLINE), date(2027, 1, 25), 2027)
    assert kept.certificate.valid_from == date(2027, 1, 20)
