"""Notices: into the user's own message list with the change itself, and from there to WeChat by the queue.

A hearer is a user by his id, or an enterprise as owner: then its contact is written to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.operations.contact_mail import mail_of, to_the_contact
from chalicelib.operations.ports import Asked, Change, Insert, Page, Ports
from chalicelib.rules.association import Association
from chalicelib.rules.decided_together import summed_up
from chalicelib.rules.payments import yuan
from chalicelib.rules.records import (
    Application,
    Dossier,
    Mail,
    Message,
    OutboxRow,
    Record,
    Told,
    Work,
    enterprise_of,
    enterprise_owner,
)
from chalicelib.rules.vocabulary import Actor, State
from chalicelib.rules.workflow import Decision


def announced(ports: Ports, decision: Decision, settings: Association, materials: str = "") -> tuple[Change, ...]:
    """The messages of a step's notice, one for everyone it concerns.

    ``materials``: which of them the reviewer refused and why, line by line.
    """
    return announced_together(ports, (decision,), settings, "", materials)


def announced_together(
    ports: Ports,
    decisions: Sequence[Decision],
    settings: Association,
    together: str,
    materials: str = "",
    *,
    short: bool = False,
) -> tuple[Change, ...]:
    """Whatever was decided at one instant, of however many applications: everyone it concerns hears of it once.

    ``together``: by which their messages are known where it is about several; one is known by its step. ``short``: a
    receipt that was sent back lacks only money.
    """
    if not any(each.notice for each in decisions):
        return ()
    more = {"materials": materials, "short": "short" if short else ""}
    said = {hearer: _said(own, settings, more) for hearer, own in _concerned(ports, decisions).items()}
    first = decisions[0]
    occasion = together if len(decisions) > 1 else f"{first.application.id}-{first.entry.number}"
    return tell(ports, {hearer: each for hearer, each in said.items() if each}, occasion)


def _concerned(ports: Ports, decisions: Sequence[Decision]) -> Mapping[str, Sequence[Decision]]:
    """Who hears of which; an owner's representatives are read once. Who joins has applied as himself."""
    bound = {owner: _representatives(ports, owner) for owner in dict.fromkeys(each.before.owner for each in decisions)}
    concerned: dict[str, list[Decision]] = {}
    for each in decisions:
        for hearer in _hearing_of(each.before, bound[each.before.owner]):
            concerned.setdefault(hearer, []).append(each)
    return concerned


@dataclass(frozen=True)
class Said:
    """What is told to one hearer: a user, or, by e-mail, an enterprise's contact."""

    notice: str
    context: Mapping[str, str]
    at: datetime
    told: tuple[Told, ...] = ()


def _said(decisions: Sequence[Decision], settings: Association, more: Mapping[str, str]) -> Said | None:
    summary = summed_up(decisions, short=bool(more["short"]))
    if summary is None:
        return None
    entry = next(each.entry for each in decisions if each.application == summary.application)
    context = {**about(summary.application, settings, entry.at, entry.reason or ""), **more}
    steps = (Told(each.application.id, each.entry.number, each.notice) for each in decisions if each.notice)
    return Said(summary.notice, {**context, **summary.words}, entry.at, tuple(steps))


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
        "last": _last_day_to_pay(application, settings),
    }


def _last_day_to_pay(application: Application, settings: Association) -> str:
    """Who has not paid by then is withdrawn by the system, once he was warned (domain §3, D)."""
    if application.state is not State.TO_BE_PAID:
        return ""
    return f"{application.since + timedelta(days=settings.windows.lapse_days):%Y年%m月%d日}"


def recipients(ports: Ports, application: Application) -> tuple[str, ...]:
    """The hearers: the applicant; when he no longer represents the enterprise, its other representatives; where there
    are none, the enterprise as owner, whose contact gets an e-mail (domain §1, D).
    """
    return _hearing_of(application, _representatives(ports, application.owner))


def _representatives(ports: Ports, owner: str) -> tuple[str, ...]:
    enterprise = enterprise_of(owner)
    dossier = ports.records.dossier(enterprise) if enterprise else None
    return tuple(binding.user for binding in dossier.bindings) if dossier else ()


def _hearing_of(application: Application, bound: tuple[str, ...]) -> tuple[str, ...]:
    if application.applicant in bound or enterprise_of(application.owner) is None:
        return (application.applicant,)
    return bound or (application.owner,)


def tell(ports: Ports, said: Mapping[str, Said], occasion: str) -> tuple[Change, ...]:
    """What changes for everyone told at one instant: a message for each user, a mail for each enterprise's contact.

    Its identity derives from the instant and ``occasion``: the same is not told twice.
    """
    contacts = {enterprise: each for hearer, each in said.items() if (enterprise := enterprise_of(hearer)) is not None}
    users = {hearer: each for hearer, each in said.items() if enterprise_of(hearer) is None}
    mails = (
        to_the_contact(ports, enterprise, identity_of(each.at, occasion), each.notice, each.context, each.at, each.told)
        for enterprise, each in contacts.items()
    )
    return (*messages_to(users, occasion), *(change for each in mails for change in each))


def tell_unit(ports: Ports, dossier: Dossier, said: Said, occasion: str) -> tuple[Change, ...]:
    """The same to everyone who represents a unit; where nobody does, to its contact."""
    bound = tuple(each.user for each in dossier.bindings) or (enterprise_owner(dossier.enterprise.id),)
    return tell(ports, dict.fromkeys(bound, said), occasion)


def when_told(ports: Ports, hearer: str, at: datetime, occasion: str) -> datetime | None:
    """When a hearer was told this, if he was."""
    enterprise, identity = enterprise_of(hearer), identity_of(at, occasion)
    if enterprise is not None:
        mail = mail_of(ports, enterprise, identity)
        return mail.asked_at if mail else None
    message = ports.records.get(Message, hearer, identity)
    return message.at if message else None


def messages_to(said: Mapping[str, Said], occasion: str) -> tuple[Change, ...]:
    """For users told at one instant: a message each, and one row, which its worker deals out."""
    if not said:
        return ()
    (at,) = {each.at for each in said.values()}
    identity = identity_of(at, occasion)
    messages = (
        Insert(
            Message(
                id=identity, user=user, at=at, notice=each.notice, context=each.context, told=each.told,
                application=each.context.get("application", ""),
            )
        )
        for user, each in said.items()
    )  # fmt: skip
    return (*messages, Insert(notice_row(identity, tuple(said), at)))


def notice_row(message: str, users: tuple[str, ...], at: datetime) -> OutboxRow:
    """The outbox row of a message of this id to one user, or to each of several."""
    first, *others = users
    identity = f"notice-{message}" if others else f"notice-{message}-{first}"
    return OutboxRow(id=identity, work=Work.NOTICE, subject=(first, message, *others), at=at)


def identity_of(at: datetime, occasion: str) -> str:
    return f"{at:%Y%m%d%H%M%S}-{occasion}"


def said_at(now: datetime, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """What is said later than the instant it is known by: dated when it is said."""
    return tuple(Insert(_dated(change.record, now)) if isinstance(change, Insert) else change for change in changes)


def _dated(record: Record, now: datetime) -> Record:
    if isinstance(record, Mail):
        return replace(record, asked_at=now)
    return replace(record, at=now) if isinstance(record, Message | OutboxRow) else record


def my_messages(ports: Ports, actor: Actor, asked: Asked) -> Page[Message]:
    return ports.records.messages_of(actor.id, asked)
