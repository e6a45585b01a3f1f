"""What a completed application leaves in the register: an enterprise that joined, a year that is paid, new data."""

from chalicelib.operations.editions import holder_to_be
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
    """The changes that make a member of the unit, for the same commit that makes its certificate count."""
    application, at, user = decision.application, decision.entry.at, gathered.user
    enterprise = enterprise_from(decision.before, certificate)
    year = MembershipYear(
        enterprise=enterprise.id, year=application.year or at.year, application=application.id,
        amount=application.paid, at=at,
    )  # fmt: skip
    return (
        Insert(enterprise),
        Insert(year),
        Insert(Binding(enterprise=enterprise.id, user=user.id, at=at)),
        Replace(user, user.changed(enterprise=enterprise.id)),
        *(_passed_on(claim, enterprise) for claim in gathered.claims),
    )


def _passed_on(claim: Claim, enterprise: Enterprise) -> Change:
    """The unit's code is the member's from now on; the applicant is free again."""
    if claim.kind is ClaimKind.APPLICANT:
        return Remove(claim)
    return Replace(claim, claim.changed(holder=enterprise_owner(enterprise.id)))


def year_booked(gathered: Gathered, decision: Decision, certificate: Certificate) -> tuple[Change, ...]:
    """The dues of the application's year are paid; where they were already, nothing is booked again."""
    del certificate
    application, dossier = decision.application, gathered.dossier
    year = application.year or decision.entry.at.year
    if dossier is None or dues_are_booked(gathered.facts, year):
        return ()
    booked = MembershipYear(
        enterprise=dossier.enterprise.id, year=year, application=application.id, amount=application.paid,
        at=decision.entry.at,
    )  # fmt: skip
    return (Insert(booked),)


def register_moved(gathered: Gathered, application: Application) -> tuple[Change, ...]:
    """The enterprise as the completed application leaves it, with a new version in any case: its facts have moved."""
    dossier = gathered.dossier
    if dossier is None:
        return ()
    after = holder_to_be(dossier, application, None)
    return (Replace(dossier.enterprise, after.changed()),)
