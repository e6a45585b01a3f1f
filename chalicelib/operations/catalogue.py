"""The service catalogue that anyone may read, and the plan: what this user may do now, with every reason where not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from chalicelib.operations.applications import association
from chalicelib.operations.facts import visitors_facts
from chalicelib.operations.ports import Ports, Records
from chalicelib.rules.association import Association, BlankForm
from chalicelib.rules.eligibility import revoked_alone
from chalicelib.rules.grammar import Facts, ServiceRow
from chalicelib.rules.guards import held
from chalicelib.rules.order import steps_to
from chalicelib.rules.payments import Fee, fees_on
from chalicelib.rules.records import User
from chalicelib.rules.services import OFFERED
from chalicelib.rules.vocabulary import Actor, Reason, Service
from chalicelib.rules.workflow import may_apply

KEPT_FOR = timedelta(minutes=1)
_lately: WeakKeyDictionary[Records, tuple[datetime, Association]] = WeakKeyDictionary()


def imprint(ports: Ports) -> Association:
    """The settings as public pages show them, at most a minute old, so that verifying stays one read.

    Nothing is decided on them that is not shown beside it.
    """
    now, kept = ports.clock.now(), _lately.get(ports.records)
    if kept is None or not timedelta() <= now - kept[0] < KEPT_FOR:
        kept = (now, association(ports))
        _lately[ports.records] = kept
    return kept[1]


@dataclass(frozen=True)
class Offer:
    """One service as people see it: the table's row, the notice to read first, today's fees, the forms to download."""

    row: ServiceRow
    notice: tuple[str, ...]
    fees: tuple[Fee, ...]
    forms: tuple[BlankForm, ...]


@dataclass(frozen=True)
class Planned:
    """``steps``: the services one after the other that lead there, this one last. ``at_hand``: slots that are filled
    by what the association issued itself.
    """

    offer: Offer
    reasons: tuple[Reason, ...]
    steps: tuple[Service, ...]
    at_hand: tuple[str, ...]


def catalogue(ports: Ports) -> tuple[Offer, ...]:
    settings = association(ports)
    return tuple(_offer(ports, settings, row) for row in OFFERED)


def offered(ports: Ports, service: Service) -> Offer | None:
    return next((each for each in catalogue(ports) if each.row.service is service), None)


@dataclass(frozen=True)
class Outlook:
    """``notes``: what concerns the unit whatever it applies for."""

    items: tuple[Planned, ...]
    notes: tuple[Reason, ...]


def outlook(ports: Ports, actor: Actor) -> Outlook:
    """Every service, open (no reasons) or blocked with all of them."""
    facts = visitors_facts(ports, ports.records.get(User, actor.id))
    items = (
        Planned(offer, may_apply(offer.row, facts), steps_to(offer.row.service, facts), _at_hand(offer.row, facts))
        for offer in catalogue(ports)
    )
    return Outlook(tuple(items), revoked_alone(facts))


def plan(ports: Ports, actor: Actor) -> tuple[Planned, ...]:
    return outlook(ports, actor).items


def _at_hand(row: ServiceRow, facts: Facts) -> tuple[str, ...]:
    return tuple(m.slot for m in row.materials if m.issued is not None and held(facts.dossier, m.issued) is not None)


def _offer(ports: Ports, settings: Association, row: ServiceRow) -> Offer:
    wanted = (settings.form(material.form) for material in row.materials if material.form)
    fees = fees_on(settings.fees, row.fee, ports.clock.today()) if row.fee else ()
    notice = settings.service_notices.get(row.service.value, ())
    return Offer(row, notice, fees, tuple(form for form in wanted if form is not None))
