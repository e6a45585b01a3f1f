"""What a completed application leaves in the register: an enterprise that joined, a year that is paid, new data."""

from dataclasses import replace

from chalicelib.operations.editions import holder_to_be
from chalicelib.operations.enterprises import binding_told
from chalicelib.operations.facts import Gathered
from chalicelib.operations.ports import Change, Insert, Remove, Replace
from chalicelib.rules.eligibility import dues_are_booked
from chalicelib.rules.records import (
    Application,
    Binding,
    Certificate,
    Claim,
    ClaimKind,
    Enterprise,
    MembershipYear,
    enterprise_owner,
)
from chalicelib.rules.register import enterprise_from
from chalicelib.rules.workflow import Decision


def enrolled(gathered: Gathered, decision: Decision, certificate: Certificate) -> tuple[Change, ...]:
    """The changes that make a member of the unit, for the same commit that makes its certificate count.

    One that joins again keeps its record, under its id and member code, with what it has filled in now (domain §4).
    """
    before = gathered.facts.former
    joined = enterprise_from(decision.before, certificate)
    enterprise = _again(joined, before.enterprise) if before else joined
    return (
        Replace(before.enterprise, enterprise) if before else Insert(enterprise),
        *_year_of(gathered, decision, enterprise.id),
        *_bound(gathered, decision, enterprise.id),
        *(_passed_on(claim, enterprise) for claim in gathered.claims),
    )


def _again(joined: Enterprise, before: Enterprise) -> Enterprise:
    earlier = (*before.earlier, before.ended) if before.ended else before.earlier
    return replace(joined, version=before.version + 1, earlier=earlier)


def _year_of(gathered: Gathered, decision: Decision, enterprise: str) -> tuple[Change, ...]:
    """Its dues are paid; where they were before its membership ended, no year is booked twice."""
    application, at = decision.application, decision.entry.at
    year = application.year or at.year
    if dues_are_booked(gathered.facts, year):
        return ()
    booked = MembershipYear(
        enterprise=enterprise, year=year, application=application.id, amount=application.paid, at=at
    )
    return (Insert(booked),)


def _bound(gathered: Gathered, decision: Decision, enterprise: str) -> tuple[Change, ...]:
    """The applicant is; not one who applied for a unit that he represented and has left since (domain §1, D)."""
    user, at = gathered.user, decision.entry.at
    if user.enterprise is not None or decision.before.owner != user.owner:
        return ()
    former = gathered.facts.former
    return (
        Insert(Binding(enterprise=enterprise, user=user.id, at=at)),
        Replace(user, user.changed(enterprise=enterprise)),
        *(binding_told(gathered.association, former, at, f"again-{enterprise}") if former else ()),
    )


def _passed_on(claim: Claim, enterprise: Enterprise) -> Change:
    """The unit's code is the member's from now on; the applicant is free again."""
    if claim.kind is ClaimKind.APPLICANT:
        return Remove(claim)
    return Replace(claim, claim.changed(holder=enterprise_owner(enterprise.id), former=None))


def year_booked(gathered: Gathered, decision: Decision, certificate: Certificate) -> tuple[Change, ...]:
    """The dues of the application's year are paid; where they were already, nothing is booked again."""
    del certificate
    return _year_of(gathered, decision, gathered.dossier.enterprise.id) if gathered.dossier else ()


def register_moved(gathered: Gathered, application: Application) -> tuple[Change, ...]:
    """The enterprise as the completed application leaves it, with a new version in any case: its facts have moved."""
    dossier = gathered.dossier
    if dossier is None:
        return ()
    after = holder_to_be(dossier, application, None)
    return (Replace(dossier.enterprise, after.changed()),)
