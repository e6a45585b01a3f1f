"""入会's result: the enterprise, its first paid year, the applicant's binding, and the guard rows that now name it."""

from datetime import date

from chalicelib.operations.facts import Gathered
from chalicelib.operations.ports import Change, Insert, Remove, Replace
from chalicelib.rules.guards import plain
from chalicelib.rules.records import (
    Application,
    Binding,
    Certificate,
    Claim,
    ClaimKind,
    Enterprise,
    MembershipYear,
    enterprise_of,
    enterprise_owner,
)
from chalicelib.rules.vocabulary import Form, Personal
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


def enterprise_from(application: Application, certificate: Certificate) -> Enterprise:
    """The enterprise as the opened application describes it, under the id and member code that were reserved."""
    form = application.form
    return Enterprise(
        id=enterprise_of(certificate.holder) or "",
        member_code=certificate.member_code or "",
        member_since=certificate.issued_on,
        name=plain(form.get("name")),
        credit_code=plain(form.get("credit_code")),
        kind=plain(form.get("kind")),
        legal_representative=_personal(form, "legal_representative"),
        capital=plain(form.get("capital")),
        registered_address=plain(form.get("registered_address")),
        office_address=plain(form.get("office_address")),
        founded_on=date.fromisoformat(plain(form.get("founded_on"))),
        business_scope=plain(form.get("business_scope")),
        contact_name=_personal(form, "contact_name"),
        contact_mobile=_personal(form, "contact_mobile"),
        contact_email=_personal(form, "contact_email"),
        contact_post=plain(form.get("contact_post")),
    )


def _personal(form: Form, name: str) -> Personal:
    """The value without the application's seal: the enterprise's own key seals it anew."""
    value = form.get(name)
    return Personal(value.masked, value.plain) if isinstance(value, Personal) else Personal("", "")
