"""Reads what the guards of a service ask about, and says which records must still stand when the decision commits."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import Change, Ports, Require
from chalicelib.rules.association import Association
from chalicelib.rules.grammar import Facts, ServiceRow
from chalicelib.rules.guards import plain
from chalicelib.rules.payments import amount_due
from chalicelib.rules.records import Application, Claim, ClaimKind, Folder, Payment, User, enterprise_of
from chalicelib.rules.services import TABLE


@dataclass(frozen=True)
class Gathered:
    facts: Facts
    user: User
    association: Association
    claims: tuple[Claim, ...]
    watched: tuple[Change, ...]


def gather(ports: Ports, folder: Folder, payment: Payment | None = None) -> Gathered:
    """Two batches of strong reads at most, whatever the size of the association. ``folder`` is opened.

    Everything is as of one instant (a payment's own, so that all it covers share it): midnight may pass meanwhile.
    """
    application, row = folder.application, TABLE[folder.application.service]
    user, association, *claims = ports.records.get_many(
        (User, (application.applicant,)),
        (Association, ("association",)),
        *((Claim, (kind.value, claim_value(application, kind))) for kind in row.holds),
    )
    if not isinstance(user, User) or not isinstance(association, Association):
        raise Absent
    held = tuple(claim for claim in claims if isinstance(claim, Claim))
    now = _instant_of(payment) or ports.clock.now()
    today = now.date()
    enterprise = enterprise_of(application.owner)
    dossier = ports.records.dossier(enterprise) if enterprise else None
    facts = Facts(
        at=now,
        today=today,
        bound_to=user.enterprise,
        claims=held,
        dossier=dossier,
        files=folder.files,
        payment=payment,
        due=amount_due(association.fees, row.fee, today, max(1, len(application.persons))),
        paid=application.paid,
        unprintable=ports.printer.missing_glyphs(printed_text(row, application)),
    )
    facts_version = (Require(dossier.enterprise),) if dossier else ()
    return Gathered(
        facts, user, association, held, (Require(user), Require(folder.shelf), Require(association), *facts_version)
    )


def _instant_of(payment: Payment | None) -> datetime | None:
    return (payment.decided_at or payment.submitted_at) if payment else None


def claim_value(application: Application, kind: ClaimKind) -> str:
    """What of an application may be held only once; a blank where it is not filled in yet."""
    if kind is ClaimKind.APPLICANT:
        return application.applicant
    return plain(application.form.get(kind.value)) or "-"


def printed_text(row: ServiceRow, application: Application) -> str:
    return "".join(plain(application.form.get(field.name)) for field in row.fields if field.printed)


def visitors_facts(ports: Ports, user: User | None) -> Facts:
    """What may be asked before there is an application: the list of services."""
    bound_to = user.enterprise if user else None
    claim = ports.records.get(Claim, ClaimKind.APPLICANT.value, user.id) if user else None
    now = ports.clock.now()
    return Facts(
        at=now,
        today=now.date(),
        bound_to=bound_to,
        claims=(claim,) if claim else (),
        dossier=ports.records.dossier(bound_to) if bound_to else None,
    )
