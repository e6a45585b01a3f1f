"""Notices: into the user's own message list with the change itself, and from there to WeChat by the queue."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.operations.ports import Asked, Change, Insert, Page, Ports
from chalicelib.rules.association import Association
from chalicelib.rules.payments import yuan
from chalicelib.rules.records import Application, Message, OutboxRow, Work, enterprise_of
from chalicelib.rules.vocabulary import Actor
from chalicelib.rules.workflow import Decision


def announced(ports: Ports, decision: Decision, settings: Association, materials: str = "") -> tuple[Change, ...]:
    """The messages of a step's notice, one for everyone it concerns, each with its outbox row.

    ``materials``: which of them the reviewer refused and why, line by line.
    """
    if decision.notice is None:
        return ()
    application, entry = decision.application, decision.entry
    context = {**about(application, settings, entry.at, entry.reason or ""), "materials": materials}
    receivers = recipients(ports, application)
    return tuple(
        change
        for user in receivers
        for change in message_to(user, decision.notice, context, entry.at, f"{application.id}-{entry.number}")
    )


def about(application: Application, settings: Association, at: datetime, reason: str = "") -> Mapping[str, str]:
    """What the templates of notices about an application may say."""
    return {
        "association": settings.name,
        "telephone": settings.telephones[0].number,
        "service": application.service.chinese,
        "unit": application.title,
        "state": application.state.chinese,
        "reason": reason,
        "amount": yuan(application.amount_due or 0),
        "time": f"{at:%Y年%m月%d日 %H:%M}",
        "application": application.id,
    }


def recipients(ports: Ports, application: Application) -> tuple[str, ...]:
    """The applicant; when he no longer represents the enterprise, its other representatives (domain §1, D)."""
    enterprise = enterprise_of(application.owner)
    dossier = ports.records.dossier(enterprise) if enterprise else None
    bound = tuple(binding.user for binding in dossier.bindings) if dossier else ()
    return (application.applicant,) if application.applicant in bound or not bound else bound


def message_to(user: str, notice: str, context: Mapping[str, str], at: datetime, occasion: str) -> tuple[Change, ...]:
    """One message and its outbox row. Their identity derives from ``at`` and ``occasion``: the same occasion gives the
    same message, so that nobody is told twice.
    """
    identity = identity_of(at, occasion)
    message = Message(
        id=identity, user=user, at=at, notice=notice, context=context, application=context.get("application", "")
    )
    row = OutboxRow(id=f"notice-{identity}-{user}", work=Work.NOTICE, subject=(user, identity), at=at)
    return (Insert(message), Insert(row))


def identity_of(at: datetime, occasion: str) -> str:
    return f"{at:%Y%m%d%H%M%S}-{occasion}"


def said_at(now: datetime, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """A message of `message_to` that is said later than the instant it is known by: dated when it is said."""
    inserted = (change.record for change in changes if isinstance(change, Insert))
    return tuple(Insert(replace(each, at=now)) for each in inserted if isinstance(each, Message | OutboxRow))


def my_messages(ports: Ports, actor: Actor, asked: Asked) -> Page[Message]:
    return ports.records.messages_of(actor.id, asked)
