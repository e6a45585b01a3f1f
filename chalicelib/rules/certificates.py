"""Numbers, dates and standing of certificates (domain §2)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.rules.records import Certificate, Edition, Family, Issuance
from chalicelib.rules.vocabulary import CertificateKind, Standing

YEARS_OF_VALIDITY = 3
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


def standing(certificate: Certificate, ordinal: int, today: date, deadline: Deadline | None = None) -> Standing:
    """What one version is worth today; the first that applies (domain §2, D)."""
    tests = (
        (Standing.REVOKED, certificate.revoked_on is not None),
        (Standing.EXPIRED, today > certificate.valid_to),
        (Standing.REVIEW_OVERDUE, _review_overdue(certificate, today, deadline or Deadline())),
        (Standing.NOT_YET_VALID, today < certificate.valid_from),
        (Standing.SUPERSEDED, ordinal < certificate.latest),
    )
    return next((found for found, holds in tests if holds), Standing.VALID)


def _review_overdue(certificate: Certificate, today: date, deadline: Deadline) -> bool:
    """No review for the current year after its deadline; the year of issue counts as reviewed (domain §2, D)."""
    if certificate.kind is not CertificateKind.QUALIFICATION or not deadline.has_passed(today):
        return False
    return today.year != certificate.issued_on.year and today.year not in certificate.reviewed


def is_issued(certificate: Certificate) -> bool:
    return certificate.issuance is Issuance.ISSUED
