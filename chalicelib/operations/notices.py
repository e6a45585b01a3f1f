"""Notices: into the user's own message list with the change itself, and from there to WeChat by the queue."""

from collections.abc import Mapping

from chalicelib.operations.ports import Asked, Change, Insert, Page, Ports
from chalicelib.rules.association import Association
from chalicelib.rules.payments import yuan
from chalicelib.rules.records import Message, OutboxRow, Work, enterprise_of
from chalicelib.rules.vocabulary import Actor
from chalicelib.rules.workflow import Decision


def announced(ports: Ports, decision: Decision, settings: Association) -> tuple[Change, ...]:
    """The message for everyone whom the step's notice concerns, each with its outbox row."""
    if decision.notice is None:
        return ()
    context = notice_context(decision, settings)
    return tuple(
        change for user in recipients(ports, decision) for change in _message(decision, user, context, decision.notice)
    )


def notice_context(decision: Decision, settings: Association) -> Mapping[str, str]:
    application, entry = decision.application, decision.entry
    return {
        "association": settings.name,
        "telephone": settings.telephones[0].number,
        "service": application.service.chinese,
        "unit": application.title,
        "state": application.state.chinese,
        "reason": entry.reason or "",
        "amount": yuan(application.amount_due or 0),
        "time": entry.at.strftime("%Y年%m月%d日 %H:%M"),
        "day": f"{entry.at.year}年{entry.at.month}月{entry.at.day}日",
    }


def recipients(ports: Ports, decision: Decision) -> tuple[str, ...]:
    """The applicant; when he no longer represents the enterprise, its other representatives (domain §1, D)."""
    application = decision.application
    enterprise = enterprise_of(application.owner)
    if enterprise is None:
        return (application.applicant,)
    dossier = ports.records.dossier(enterprise)
    bound = tuple(binding.user for binding in dossier.bindings) if dossier else ()
    return (application.applicant,) if application.applicant in bound or not bound else bound


def _message(decision: Decision, user: str, context: Mapping[str, str], notice: str) -> tuple[Change, ...]:
    entry = decision.entry
    identity = f"{entry.at.strftime('%Y%m%d%H%M%S')}-{entry.application}-{entry.number}"
    message = Message(
        id=identity, user=user, at=entry.at, notice=notice, context=context, application=entry.application
    )
    row = OutboxRow(id=f"notice-{identity}-{user}", work=Work.NOTICE, subject=(user, identity), at=entry.at)
    return (Insert(message), Insert(row))


def my_messages(ports: Ports, actor: Actor, asked: Asked) -> Page[Message]:
    return ports.records.messages_of(actor.id, asked)
