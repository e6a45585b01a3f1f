"""Reads what the guards of a service ask about, and says which records must still stand when the decision commits."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import Asked, Change, Ports, Require
from chalicelib.rules.association import Association
from chalicelib.rules.eligibility import dues_are_booked, year_asked
from chalicelib.rules.grammar import Case, Facts, PractitionerFact, ServiceRow
from chalicelib.rules.payments import amount_due
from chalicelib.rules.records import (
    Application,
    Claim,
    ClaimKind,
    Dossier,
    Folder,
    Payment,
    Practitioner,
    Record,
    User,
    enterprise_of,
)
from chalicelib.rules.register import printed_of
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import plain

OF_THE_ENTERPRISE = (ClaimKind.DUES, ClaimKind.QUALIFYING, ClaimKind.REGISTER)
MOST_LISTED = 30


@dataclass(frozen=True)
class Gathered:
    """``dossier`` is opened. ``watched``: what was asked about must still stand at the commit.

    ``folder``: the application, opened, with its files and the reviewer's last look, from which the facts were read.
    """

    facts: Facts
    folder: Folder
    user: User
    association: Association
    claims: tuple[Claim, ...]
    watched: tuple[Change, ...]

    @property
    def dossier(self) -> Dossier | None:
        return self.facts.dossier


def gather(ports: Ports, folder: Folder, payment: Payment | None = None, *, glyphs: bool = True) -> Gathered:
    """Two batches of strong reads at most, whatever the size of the association. ``folder`` is opened.

    Everything is as of one instant (a payment's own, so that all it covers share it): midnight may pass meanwhile.
    Whoever is employed and certified is part of the enterprise's facts: what changes it moves the enterprise.
    ``glyphs``: whoever decides asks the fonts as well; who only looks does not load them.
    """
    application, row = folder.application, TABLE[folder.application.service]
    user, association, claims, people = _read(ports, application, row)
    now = _instant_of(payment) or ports.clock.now()
    known = _opened_dossier(ports, enterprise_of(application.owner) or _former(claims))
    dossier = known if row.for_members else None
    facts = Facts(
        at=now, today=now.date(), bound_to=user.enterprise, claims=claims, dossier=dossier,
        former=None if row.for_members else known, practitioners=_by_id(people), files=folder.files, payment=payment,
        paid=application.paid,
        unprintable=ports.printer.missing_glyphs(printed_text(row, application, dossier)) if glyphs else "",
    )  # fmt: skip
    standing = (user, folder.shelf, association, *((known.enterprise,) if known else ()))
    return Gathered(
        replace(facts, due=what_is_due(row, application, facts, association)), folder, user, association, claims,
        tuple(Require(each) for each in standing),
    )  # fmt: skip


def _read(
    ports: Ports, application: Application, row: ServiceRow
) -> tuple[User, Association, tuple[Claim, ...], tuple[Practitioner, ...]]:
    wanted: list[tuple[type[Record], tuple[str, ...]]] = [
        (User, (application.applicant,)),
        (Association, ("association",)),
        *((Claim, (kind.value, claim_value(application, kind))) for kind in row.holds_for(application.owner)),
        *((Practitioner, (each.id,)) for each in application.persons),
    ]
    user, association, *others = ports.records.get_many(*dict.fromkeys(wanted))
    if not isinstance(user, User) or not isinstance(association, Association):
        raise Absent
    claims = tuple(each for each in others if isinstance(each, Claim))
    return user, association, claims, tuple(each for each in others if isinstance(each, Practitioner))


def _former(claims: Iterable[Claim]) -> str | None:
    """The enterprise that held the credit code before: its unit joins again, whoever applies for it."""
    return next((each.former for each in claims if each.former is not None), None)


def _instant_of(payment: Payment | None) -> datetime | None:
    return (payment.decided_at or payment.submitted_at) if payment else None


def _opened_dossier(ports: Ports, enterprise: str | None) -> Dossier | None:
    """Who compares a new legal representative with the old, or prints him, must be able to read both."""
    dossier = ports.records.dossier(enterprise) if enterprise else None
    return replace(dossier, enterprise=ports.records.opened(dossier.enterprise)) if dossier else None


def _by_id(people: Iterable[Practitioner]) -> dict[str, PractitionerFact]:
    """Named by his mask and his certificate: enough for his employer, and nothing personal where it is kept."""
    return {each.id: _fact(each) for each in people}


def _fact(each: Practitioner) -> PractitionerFact:
    name = f"{each.name.masked}（证书 {each.certificate_number}）"
    return PractitionerFact(each.id, name, each.employer, each.valid_to, each.valid_from)


def what_is_due(row: ServiceRow, application: Application, facts: Facts, association: Association) -> int | None:
    """Fen by the schedule of the day; None where it has no row. A year whose dues are booked costs nothing again, be it
    by renewal or by joining again.
    """
    if (row.receipt_first or facts.former) and dues_are_booked(facts, year_asked(Case(row, application, facts))):
        return 0
    return amount_due(association.fees, row.fee, facts.today, max(1, len(application.persons)))


def claim_value(application: Application, kind: ClaimKind) -> str:
    """What of an application may be held only once; a blank where it is not filled in yet."""
    if kind is ClaimKind.APPLICANT:
        return application.applicant
    if kind in OF_THE_ENTERPRISE:
        return enterprise_of(application.owner) or "-"
    return plain(application.form.get(kind.value)) or "-"


def printed_text(row: ServiceRow, application: Application, dossier: Dossier | None) -> str:
    """Everything variable that the certificates of this application will say."""
    typed = "".join(plain(application.form.get(field.name)) for field in row.fields if field.printed)
    return typed + (printed_of(dossier.enterprise) if dossier else "")


def visitors_facts(ports: Ports, user: User | None) -> Facts:
    """What may be asked before there is an application: the list of services."""
    bound_to = user.enterprise if user else None
    dossier = ports.records.dossier(bound_to) if bound_to else None
    values = [(ClaimKind.APPLICANT, user.id)] if user else []
    values += [(kind, bound_to) for kind in OF_THE_ENTERPRISE] if bound_to else []
    if dossier is not None and dossier.enterprise.ended:
        values.append((ClaimKind.CREDIT_CODE, dossier.enterprise.credit_code))
    claims = ports.records.get_many(*((Claim, (kind.value, value)) for kind, value in values)) if values else ()
    people = ports.records.practitioners_of(bound_to, Asked(MOST_LISTED)).items if bound_to else ()
    now = ports.clock.now()
    return Facts(
        at=now,
        today=now.date(),
        bound_to=bound_to,
        claims=tuple(each for each in claims if isinstance(each, Claim)),
        dossier=dossier,
        practitioners=_by_id(people),
    )
