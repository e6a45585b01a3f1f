"""Numbers, dates and standing of certificates (domain §2)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.rules.records import Certificate, Edition, Family, Issuance
from chalicelib.rules.vocabulary import CertificateKind, Standing

YEARS_OF_VALIDITY = 3
END_OF_RENEWAL = (3, 31)
A_DAY = timedelta(days=1)
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
TOKEN = re.compile(r"([A-Z2-7]{26})([A-Z2-7]{2})")
MOST_EDITIONS = len(BASE32) ** 2
_PLACE = re.compile(r"\{(year|n)(?::0(\d))?\}")


class NumberPatternWrong(ValueError):  # noqa: N818 - the trade's word
    """A number pattern that could give the same number twice or none at all."""


def number(pattern: str, year: int, n: int) -> str:
    """The certificate number for the n-th of a year, from a pattern such as ``GZ-HY-{year}-{n:04}``.

    Raises NumberPatternWrong where ``{year}`` or ``{n}`` is missing: numbers must be unique for ever.
    """
    places = {match[1] for match in _PLACE.finditer(pattern)}
    if places != {"year", "n"}:
        raise NumberPatternWrong(pattern)
    values = {"year": year, "n": n}
    return _PLACE.sub(lambda match: str(values[match[1]]).zfill(int(match[2] or 0)), pattern)


def three_years_from(first: date) -> date:
    """The last day of three years: the day before the anniversary; for 29 February it is 28 February."""
    try:
        anniversary = first.replace(year=first.year + YEARS_OF_VALIDITY)
    except ValueError:
        return date(first.year + YEARS_OF_VALIDITY, 2, 28)
    return anniversary - timedelta(days=1)


def first_member_dates(joined: date, year: int) -> tuple[date, date]:
    """From the day of joining to 31 December of the year paid for (domain §2).

    An application paid in December may be issued in January: the certificate is still for the year it was paid for.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    return min(max(joined, first), last), last


def last_year_booked(year: int, booked: Collection[int]) -> int:
    """The last of the paid years that follow this one without a break: who joins again in December may have paid the
    next year before his membership ended.
    """
    return last_year_booked(year + 1, booked) if year + 1 in booked else year


@dataclass(frozen=True)
class Term:
    """From when to when a version runs, and since when the certificate has run without a break."""

    first: date
    last: date
    held_since: date


def first_term(first: date, last: date) -> Term:
    return Term(first, last, first)


def term_of_paid_year(held: Certificate, year: int) -> Term:
    """The next version of a member certificate: the calendar year paid for (domain §2)."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    unbroken = held.valid_to >= first - A_DAY
    return Term(first, max(last, held.valid_to), _since(held) if unbroken else first)


def term_unchanged(held: Certificate, today: date) -> Term:
    """A change alters no dates; where the latest version has not begun, the new one holds what both held."""
    first = held.valid_from if held.valid_from <= today else _since(held)
    return Term(first, held.valid_to, _since(held))


def automatic_renewal(held: Certificate, today: date, deadline: "Deadline") -> Term | None:
    """资质证 renewed by itself on the day after expiry; None while it is not to be (domain §2, D).

    Only with the current year's review, up to its deadline with last year's. However late the job runs, it is that day
    that counts, and the new term follows the old one without a break.
    """
    first = held.valid_to + A_DAY
    if held.kind is not CertificateKind.QUALIFICATION or held.revoked_on is not None or today < first:
        return None
    enough = (first.year,) if deadline.has_passed(first) else (first.year, first.year - 1)
    return _renewed(held, first, _since(held)) if any(is_reviewed(held, year) for year in enough) else None


def term_with_review(held: Certificate, year: int, today: date, deadline: "Deadline") -> Term:
    """A review alters no dates; of one that has expired meanwhile it frees the renewal that was missed (domain §2, D).

    Where the renewal was due on time and only the job is late, it is made here as of its own day.
    """
    on_time = automatic_renewal(held, today, deadline)
    if on_time is not None:
        return on_time
    if today <= held.valid_to or not _frees_renewal(held, year, today, deadline):
        return term_unchanged(held, today)
    return _renewed(held, today, today)


def _frees_renewal(held: Certificate, year: int, today: date, deadline: "Deadline") -> bool:
    return (
        year == today.year
        or (year == today.year - 1 and not deadline.has_passed(today))
        or is_reviewed(held, today.year)
    )


def _renewed(held: Certificate, first: date, since: date) -> Term:
    """To 31 March of the year of expiry + 3 (guide, chapter 五, question 8); however late, to one that is to come."""
    year = held.valid_to.year + YEARS_OF_VALIDITY
    while date(year, *END_OF_RENEWAL) < first:
        year += YEARS_OF_VALIDITY
    return Term(first, date(year, *END_OF_RENEWAL), since)


def is_reviewed(held: Certificate, year: int) -> bool:
    """The year of issue counts as reviewed (domain §2, D)."""
    return year in held.reviewed or year == held.issued_on.year


def _since(held: Certificate) -> date:
    return held.held_since or held.valid_from


def token(root: str, ordinal: int) -> str:
    """The address of one version: the root's 26 characters and two for the version."""
    high, low = divmod(ordinal, len(BASE32))
    return f"{root}{BASE32[high]}{BASE32[low]}"


@dataclass(frozen=True)
class Address:
    root: str
    ordinal: int


def address(text: str) -> Address | None:
    """Reads a token back, in any case; None when it cannot be one."""
    match = TOKEN.fullmatch(text.upper()) if text.isascii() else None
    if match is None:
        return None
    high, low = (BASE32.index(letter) for letter in match[2])
    return Address(match[1], high * len(BASE32) + low)


@dataclass(frozen=True)
class Deadline:
    """The last day of the annual review (D: 31 March); a setting."""

    month: int = 3
    day: int = 31

    def has_passed(self, today: date) -> bool:
        return (today.month, today.day) > (self.month, self.day)


def edition_of(family: Family, ordinal: int) -> Edition | None:
    return next((each for each in family.editions if each.ordinal == ordinal), None)


def standing(certificate: Certificate, edition: Edition, today: date, deadline: Deadline | None = None) -> Standing:
    """What one version is worth today; the first that applies (domain §2, D).

    A version is superseded once a newer one has begun: in December the year's certificate still counts, next year's
    not yet.
    """
    tests = (
        *_of_the_whole(certificate, today, deadline),
        (Standing.NOT_YET_VALID, today < edition.valid_from),
        (Standing.SUPERSEDED, _is_superseded(certificate, edition, today)),
    )
    return next((found for found, holds in tests if holds), Standing.VALID)


def standing_today(certificate: Certificate, today: date, deadline: Deadline | None = None) -> Standing:
    """What a certificate is worth today, whichever of its versions is in force."""
    tests = (*_of_the_whole(certificate, today, deadline), (Standing.NOT_YET_VALID, today < _since(certificate)))
    return next((found for found, holds in tests if holds), Standing.VALID)


def _of_the_whole(
    certificate: Certificate, today: date, deadline: Deadline | None
) -> tuple[tuple[Standing, bool], ...]:
    return (
        (Standing.REVOKED, certificate.revoked_on is not None),
        (Standing.EXPIRED, today > certificate.valid_to),
        (Standing.REVIEW_OVERDUE, _review_overdue(certificate, today, deadline or Deadline())),
    )


def _is_superseded(certificate: Certificate, edition: Edition, today: date) -> bool:
    """By the latest; the last one before it stays in force until the latest begins."""
    if edition.ordinal >= certificate.latest:
        return False
    return edition.ordinal < certificate.latest - 1 or today >= certificate.valid_from or today > edition.valid_to


def _review_overdue(certificate: Certificate, today: date, deadline: Deadline) -> bool:
    """No review for the current year after its deadline (domain §2, D)."""
    if certificate.kind is not CertificateKind.QUALIFICATION or not deadline.has_passed(today):
        return False
    return not is_reviewed(certificate, today.year)


def is_issued(certificate: Certificate) -> bool:
    return certificate.issuance is Issuance.ISSUED
