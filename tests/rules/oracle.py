"""A second opinion on dates and standing, written from the domain page alone (its section 2 and the guide's answer 8).

Plain, slow and obvious: it walks from day to day and knows nothing of ``chalicelib``, not even its words. Readings of
ours, where the page is silent, are marked READING. Days are Asia/Shanghai calendar dates.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

ONE_DAY = timedelta(days=1)

REVOKED, EXPIRED, OVERDUE = "已注销", "已过期", "年审逾期"
NOT_YET, SUPERSEDED, VALID = "未生效", "已换新版", "有效"


@dataclass(frozen=True)
class Version:
    """One version: the day it was made, and the first and the last day printed on it."""

    made: date
    first: date
    last: date


@dataclass(frozen=True)
class Review:
    """An annual review: the year it is for, and the day it was completed (perhaps in the next year)."""

    year: int
    completed: date


@dataclass(frozen=True)
class Qualification:
    """Issued on a day; every review is a version, and every renewal is."""

    issued: date
    reviews: tuple[Review, ...] = ()

    def reviewed(self, year: int, day: date) -> bool:
        """Was the review of ``year`` done on ``day``? The year of issue counts as reviewed."""
        if year == self.issued.year:
            return True
        return any(review.year == year and review.completed <= day for review in self.reviews)


def days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day = day + ONE_DAY


@cache
def three_years(first: date) -> date:
    """The last day of three years: "the day before the anniversary (29 February: on 28 February)"."""
    anniversary = (first.year + 3, first.month, first.day)
    day = first + timedelta(days=1000)  # no three years are so short; the rest is walked
    while True:
        following = day + ONE_DAY
        if (following.year, following.month, following.day) >= anniversary:
            return day
        day = following


# Member certificate: "calendar year, 1 January (in the first year the day of joining) to 31 December, each paid year"


def member(joined: date, paid: Iterable[tuple[int, date]]) -> list[Version]:
    """``paid``: for every later paid year the day on which its certificate was made."""
    versions = [Version(joined, joined, date(joined.year, 12, 31))]
    for year, made in sorted(paid):
        versions.append(Version(made, date(year, 1, 1), date(year, 12, 31)))
    return versions


# The qualification runs "3 years from issue; on expiry renewed by itself to 31 March three years later".


def may_renew(held: Qualification, day: date) -> bool:
    """The page: "only if the current year's review (up to the deadline: last year's) is done"."""
    if held.reviewed(day.year, day):
        return True
    return day <= date(day.year, 3, 31) and held.reviewed(day.year - 1, day)


def renewed_until(last: date, day: date) -> date:
    """The page: "it runs to 31 March of expiry year + 3".

    READING: when that is past as well (the late review came years later), it is again an expiry, renewed again.
    """
    while last < day:
        last = date(last.year + 3, 3, 31)
    return last


def first_renewal(held: Qualification, last: date, until: date) -> Version | None:
    """The renewal after ``last``: on the day after expiry, or on the day a late review completes; None if neither came.

    READING: a renewal that had to wait begins on the day the review completed; between, the certificate was expired.
    """
    for day in days(last + ONE_DAY, until):
        if may_renew(held, day):
            return Version(day, day, renewed_until(last, day))
    return None


def qualification(held: Qualification, until: date) -> list[Version]:
    """Every version made up to ``until``, in order. A review alters no dates.

    READING: a late review and the renewal that it sets free are one version, made on one day.
    """
    term = Version(held.issued, held.issued, three_years(held.issued))
    versions = [term]
    for day in days(held.issued, until):
        renewed_today = day > term.last and may_renew(held, day)
        if renewed_today:
            term = Version(day, day, renewed_until(term.last, day))
        if renewed_today or any(review.completed == day for review in held.reviews):
            versions.append(Version(day, term.first, term.last))
    return versions


# Training certificate: "3 years"; "renewed before expiry (at most 90 days before) runs 3 years from the old expiry;
# after expiry, from the day of issue. Replacement and change of employer keep the dates."


def trained(issued: date) -> Version:
    return Version(issued, issued, three_years(issued))


def early_enough(old: Version, day: date) -> bool:
    """Is the old expiry at most 90 days away?"""
    return old.last - day <= timedelta(days=90)


def renewed(old: Version, day: date) -> Version:
    """READING: three years from the old expiry begin on the day after it; its last day is still "before expiry"."""
    first = old.last + ONE_DAY if day <= old.last else day
    return Version(day, first, three_years(first))


def replaced(old: Version, day: date) -> Version:
    return Version(day, old.first, old.last)


# Standing: "the first that applies: revoked; expired; review overdue (no review for the current year after the review
# deadline, 31 March); not yet valid; superseded (this version); valid"
#
# READING: only "superseded" says "(this version)", so expired is the certificate, when all its versions have ended. An
# old version of a certificate that runs on is 已换新版, never 已过期; "not yet" is of the version that is asked about.


def of_the_whole(made: list[Version], day: date, held: Qualification | None, revoked: date | None) -> str | None:
    if revoked is not None and revoked <= day:
        return REVOKED
    if all(version.last < day for version in made):
        return EXPIRED
    if held is not None and day > date(day.year, 3, 31) and not held.reviewed(day.year, day):
        return OVERDUE
    return None


def version_standing(
    versions: list[Version], asked: Version, day: date, held: Qualification | None = None, revoked: date | None = None
) -> str:
    """Of one version, on a day on or after it was made. ``held`` says that it is a qualification.

    READING: superseded once a newer version has begun, not when it was made.
    """
    made = [version for version in versions if version.made <= day]
    whole = of_the_whole(made, day, held, revoked)
    if whole is not None:
        return whole
    if day < asked.first:
        return NOT_YET
    newer = made[made.index(asked) + 1 :]
    return SUPERSEDED if any(version.first <= day for version in newer) else VALID


def certificate_standing(
    versions: list[Version], day: date, held: Qualification | None = None, revoked: date | None = None
) -> str:
    """Of the certificate, on a day on or after its first version was made."""
    made = [version for version in versions if version.made <= day]
    whole = of_the_whole(made, day, held, revoked)
    if whole is not None:
        return whole
    return VALID if any(version.first <= day <= version.last for version in made) else NOT_YET
