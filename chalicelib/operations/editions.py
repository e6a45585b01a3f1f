"""What the certificates of an application will say: which are new, which get a next version, and from when to when."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from chalicelib.operations.facts import Gathered
from chalicelib.operations.ports import Ports
from chalicelib.rules.association import Association
from chalicelib.rules.certificate_face import PARTS, Face, MemberFace, QualificationFace
from chalicelib.rules.certificates import (
    Deadline,
    Term,
    first_member_dates,
    first_term,
    last_year_booked,
    term_of_paid_year,
    term_unchanged,
    term_with_review,
    three_years_from,
    token,
)
from chalicelib.rules.eligibility import dues_are_booked
from chalicelib.rules.grammar import Making
from chalicelib.rules.guards import held
from chalicelib.rules.records import Application, Certificate, Dossier, Enterprise, Issuance
from chalicelib.rules.register import enterprise_from, with_changes
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Action, CertificateKind, Effect, How, plain


@dataclass(frozen=True)
class Draft:
    """The next version of one certificate, before it is drawn: the record as it is and as it will be, and its faces."""

    before: Certificate
    after: Certificate
    faces: tuple[Face, ...]


def drafts(
    ports: Ports, gathered: Gathered, application: Application, reserved: Certificate | None
) -> tuple[Draft, ...]:
    """One for each certificate that comes of the (opened) application, as everything stands now."""
    enterprise = holder_to_be(gathered.dossier, application, reserved)
    today = gathered.facts.today
    afters = (
        (before, _next_version(making, before, gathered, application, today))
        for making in TABLE[application.service].makes
        if (before := _before(making, gathered.dossier, reserved)) is not None
    )
    return tuple(draft(ports, gathered.association, enterprise, before, after, today) for before, after in afters)


def draft(
    ports: Ports, settings: Association, enterprise: Enterprise, before: Certificate, after: Certificate, today: date
) -> Draft:
    """``enterprise`` is opened: its legal representative is printed."""
    after = replace(after, holder_name=enterprise.name)
    made_on = after.issued_on if after.latest == 1 else today
    return Draft(before, after, tuple(FACES[after.kind](ports, settings, enterprise, after, made_on)))


def new_kind(application: Application, dossier: Dossier | None) -> CertificateKind | None:
    """The kind for which the application needs a new number; None where every certificate is held already."""
    needed = (each for each in TABLE[application.service].makes if not each.if_held)
    return next((each.kind for each in needed if held(dossier, each.kind) is None), None)


def first_dates(kind: CertificateKind, application: Application, today: date, booked: Collection[int] = ()) -> Term:
    """From when to when a new certificate runs that is given its number today (domain §2). ``booked``: the years that
    one who joins again has paid before.
    """
    if kind is CertificateKind.MEMBER:
        joining = not TABLE[application.service].for_members
        year = application.year or today.year
        first, _ = first_member_dates(today if joining else date(year, 1, 1), year)
        return first_term(first, date(last_year_booked(year, booked), 12, 31))
    return first_term(today, three_years_from(today))


def holder_to_be(dossier: Dossier | None, application: Application, reserved: Certificate | None) -> Enterprise:
    """The register as it will be once the application is completed, opened."""
    if dossier is None:
        assert reserved is not None  # without an enterprise there is a new certificate, whose number is reserved first
        return enterprise_from(application, reserved)
    issue = next(each for each in TABLE[application.service].steps if each.action is Action.ISSUE)
    changes = Effect.CHANGE_REGISTER in issue.effects
    return with_changes(dossier.enterprise, application.form) if changes else dossier.enterprise


def _before(making: Making, dossier: Dossier | None, reserved: Certificate | None) -> Certificate | None:
    return held(dossier, making.kind) or (reserved if reserved and reserved.kind is making.kind else None)


def _next_version(
    making: Making, before: Certificate, gathered: Gathered, application: Application, today: date
) -> Certificate:
    if before.issuance is Issuance.RESERVED:
        services = plain(application.form.get("services"))
        return before.changed(issuance=Issuance.ISSUED, services=services)
    year = application.year or today.year
    how = making.how
    if how is How.PAID_YEAR and dues_are_booked(gathered.facts, year):
        how = How.CHANGED
    deadline = gathered.association.windows.review_deadline
    term = TERMS[how](before, year, today, deadline)
    return version_after(before, term, year if how is How.REVIEWED else None)


def version_after(before: Certificate, term: Term, reviewed: int | None = None) -> Certificate:
    """The record with one version more; ``reviewed``: the year of the review that it records."""
    return before.changed(
        latest=before.latest + 1, valid_from=term.first, valid_to=term.last, held_since=term.held_since,
        reviewed=(*before.reviewed, reviewed) if reviewed else before.reviewed,
    )  # fmt: skip


TERMS: Mapping[How, Callable[[Certificate, int, date, Deadline], Term]] = {
    How.PAID_YEAR: lambda before, year, *_: term_of_paid_year(before, year),
    How.REVIEWED: term_with_review,
    How.CHANGED: lambda before, _, today, __: term_unchanged(before, today),
}


# --- faces ------------------------------------------------------------------------------------------------------------


def _common(
    ports: Ports, settings: Association, enterprise: Enterprise, certificate: Certificate, made_on: date
) -> dict[str, object]:
    return {
        "number": certificate.number, "holder": enterprise.name, "credit_code": enterprise.credit_code,
        "valid_from": certificate.valid_from, "valid_to": certificate.valid_to, "issued_on": made_on,
        "association": settings.name, "association_english": settings.english_name,
        "verify_url": f"{ports.public_url.upper()}/V/{token(certificate.root, certificate.latest)}",
        "contact_line": settings.verify_note, "test": ports.printer.is_test,
    }  # fmt: skip


def _member(
    ports: Ports, settings: Association, enterprise: Enterprise, certificate: Certificate, made_on: date
) -> Iterator[Face]:
    yield MemberFace(**_common(ports, settings, enterprise, certificate, made_on))  # type: ignore[arg-type]  # as named


def _qualification(
    ports: Ports, settings: Association, enterprise: Enterprise, certificate: Certificate, made_on: date
) -> Iterator[Face]:
    common = _common(ports, settings, enterprise, certificate, made_on)
    for part in PARTS[CertificateKind.QUALIFICATION]:
        yield QualificationFace(
            **common,  # type: ignore[arg-type]  # as named
            part=part,
            legal_representative=plain(enterprise.legal_representative),
            address=enterprise.registered_address,
            services=certificate.services,
            reviewed="、".join(map(str, certificate.reviewed)),
        )


# What differs from kind to kind. A certificate of another kind adds its entry here.
FACES: Mapping[CertificateKind, Callable[[Ports, Association, Enterprise, Certificate, date], Iterator[Face]]] = {
    CertificateKind.MEMBER: _member,
    CertificateKind.QUALIFICATION: _qualification,
}
