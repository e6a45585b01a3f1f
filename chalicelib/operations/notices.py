"""Notices: into the user's own message list with the change itself, and from there to WeChat by the queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.operations.ports import Asked, Change, Insert, Page, Ports
from chalicelib.rules.association import Association
from chalicelib.rules.decided_together import summed_up
from chalicelib.rules.payments import yuan
from chalicelib.rules.records import Application, Message, OutboxRow, Told, Work, enterprise_of
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
    said = {
        user: _said(own, settings, {"materials": materials, "short": "short" if short else ""})
        for user, own in _concerned(ports, decisions).items()
    }
    first = decisions[0]
    occasion = together if len(decisions) > 1 else f"{first.application.id}-{first.entry.number}"
    return messages_to({user: each for user, each in said.items() if each}, occasion)


def _concerned(ports: Ports, decisions: Sequence[Decision]) -> Mapping[str, Sequence[Decision]]:
    """Who hears of which; an owner's representatives are read once. Who joins has applied as himself."""
    bound = {owner: _representatives(ports, owner) for owner in dict.fromkeys(each.before.owner for each in decisions)}
    concerned: dict[str, list[Decision]] = {}
    for each in decisions:
        for user in _hearing_of(each.before, bound[each.before.owner]):
            concerned.setdefault(user, []).append(each)
    return concerned


@dataclass(frozen=True)
class Said:
    """What is told to one user, whatever it is called in his list."""

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
    """The applicant; when he no longer represents the enterprise, its other representatives (domain §1, D)."""
    return _hearing_of(application, _representatives(ports, application.owner))


def _representatives(ports: Ports, owner: str) -> tuple[str, ...]:
    enterprise = enterprise_of(owner)
    dossier = ports.records.dossier(enterprise) if enterprise else None
    return tuple(binding.user for binding in dossier.bindings) if dossier else ()


def _hearing_of(application: Application, bound: tuple[str, ...]) -> tuple[str, ...]:
    return (application.applicant,) if application.applicant in bound or not bound else bound


def message_to(user: str, notice: str, context: Mapping[str, str], at: datetime, occasion: str) -> tuple[Change, ...]:
    """One message and its outbox row. Their identity derives from ``at`` and ``occasion``: the same occasion gives the
    same message, so that nobody is told twice.
    """
    return messages_to({user: Said(notice, context, at)}, occasion)


def messages_to(said: Mapping[str, Said], occasion: str) -> tuple[Change, ...]:
    """The same for several users told at one instant: a message each, and one row, which its worker deals out."""
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
    """A message of `message_to` that is said later than the instant it is known by: dated when it is said."""
    inserted = (change.record for change in changes if isinstance(change, Insert))
    return tuple(Insert(replace(each, at=now)) for each in inserted if isinstance(each, Message | OutboxRow))


def my_messages(ports: Ports, actor: Actor, asked: Asked) -> Page[Message]:
    return ports.records.messages_of(actor.id, asked)
