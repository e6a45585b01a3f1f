"""Promise 5, too: dates and standing of every certificate are those that an independent reckoning finds."""

from collections.abc import Iterator
from datetime import date

from chalicelib.rules.certificates import standing, standing_today
from chalicelib.rules.records import Certificate, enterprise_of
from chalicelib.rules.vocabulary import CertificateKind, Service
from tests.rules import oracle
from tests.rules.oracle import Qualification, Review, Version
from tests.year.promises.earned import versions_of_renewal
from tests.year.promises.seen import Seen


def standings_are_as_the_rules_say(seen: Seen) -> Iterator[str]:
    renewed = versions_of_renewal(seen)
    for certificate in seen.issued:
        held = _qualification(seen, certificate) if certificate.kind is CertificateKind.QUALIFICATION else None
        versions = oracle.qualification(held, seen.today) if held else _member(seen, certificate)
        yield from (f"{certificate.number}: {told}" for told in _differs(seen, certificate, versions, held))
        if held is not None:
            made = [each for holder, kind, each in renewed if (holder, kind) == (certificate.holder, certificate.kind)]
            yield from _renewed_as_due(seen, certificate, versions, len(made))


def _qualification(seen: Seen, certificate: Certificate) -> Qualification:
    reviews = (
        Review(each.year or 0, seen.done_at(each).date())
        for each in seen.completed
        if each.service is Service.ANNUAL_REVIEW and each.certificate == certificate.root
    )
    return Qualification(certificate.issued_on, tuple(reviews))


def _member(seen: Seen, certificate: Certificate) -> list[Version]:
    """The first year from the day of joining; of a join that was paid in December and made in January its last day."""
    years = sorted(seen.years.get(enterprise_of(certificate.holder) or "", ()), key=lambda each: each.at)
    made = [Version(each.at.date(), date(each.year, 1, 1), date(each.year, 12, 31)) for each in years]
    if not made:
        return []
    first = made[0]
    return [Version(first.made, min(first.made, first.last), first.last), *made[1:]]


def _differs(
    seen: Seen, certificate: Certificate, versions: list[Version], held: Qualification | None
) -> Iterator[str]:
    if not versions:
        yield "nothing was ever paid for it"
        return
    revoked = seen.revoked(certificate.root, seen.now)
    if (certificate.revoked_on is not None) != revoked:
        yield f"revoked on {certificate.revoked_on}, which is not what was decided last"
    wanted = oracle.certificate_standing(versions, seen.today, held, certificate.revoked_on)
    found = standing_today(certificate, seen.today).chinese
    if found != wanted:
        yield f"it is {found} on {seen.today}, and should be {wanted}"
    yield from _versions_differ(seen, certificate, held)
    last = max(versions, key=lambda each: each.last).last
    if certificate.valid_to != last and not seen.revocations.get(certificate.root):
        yield f"it ends on {certificate.valid_to}, and should end on {last}"


def _versions_differ(seen: Seen, certificate: Certificate, held: Qualification | None) -> Iterator[str]:
    """What each printed version is worth, as whoever scans it is told."""
    editions = seen.editions[certificate.root]
    made = [Version(each.issued_at.date(), each.valid_from, each.valid_to) for each in editions]
    for edition, version in zip(editions, made, strict=True):
        if made.count(version) > 1:  # made on one day, for one term: the reckoning cannot tell them apart
            continue
        wanted = oracle.version_standing(made, version, seen.today, held, certificate.revoked_on)
        found = standing(certificate, edition, seen.today).chinese
        if found != wanted:
            yield f"version {edition.ordinal} of {len(made)} is {found} on {seen.today}, and should be {wanted}"


def _renewed_as_due(seen: Seen, certificate: Certificate, versions: list[Version], made: int) -> Iterator[str]:
    """As often as its term has changed, a late review's own version not counted."""
    terms = len({(each.first, each.last) for each in versions}) - 1
    if made > terms:
        yield f"{certificate.number} was renewed {made} times, and its term changed {terms} times"
