"""Promise 6: what every step promises to tell is told once, and what left the house is what is marked as sent."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from chalicelib.rules.records import AuditEntry, Delivery, Mail, Message, OutboxRow, OutboxStatus, User
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Action
from tests.year.promises.seen import Seen

NOTICES = {
    service: {(step.action, step.before, step.after): step.notice for step in row.steps}
    for service, row in TABLE.items()
}
OF_STEPS = {notice for steps in NOTICES.values() for notice in steps.values() if notice}
OVERDUE = timedelta(days=4)  # what a queue has lost of a notice is seen to after two and a half days
WARNED_BEFORE = timedelta(days=6)


def told_once(seen: Seen) -> Iterator[str]:
    yield from _every_step_is_told(seen)
    yield from _revocations_are_told(seen)
    yield from _nobody_lapses_unwarned(seen)
    yield from _what_left_is_marked(seen)


def _every_step_is_told(seen: Seen) -> Iterator[str]:
    """Every step with a notice is told of, once to each who is told, whoever represents the unit then; one message may
    tell of several.
    """
    messages = [(each.user, each.at, step) for each in seen.all(Message) for step in each.told]
    mails = [(each.asked_by, each.asked_at, step) for each in seen.all(Mail) for step in each.told]
    steps = [*messages, *mails]
    told = {(f"{at:%Y%m%d%H%M%S}-{step.application}-{step.entry}", step.notice) for _, at, step in steps}
    heard = Counter((who, step) for who, _, step in steps)
    if twice := [step for step, times in heard.items() if times > 1]:
        yield f"told twice: {twice[:5]}"
    if alone := [each.id for each in seen.all(Message) if each.notice in OF_STEPS and not each.told]:
        yield f"told of no step: {alone[:5]}"
    wanted = set()
    for application in seen.applications.values():
        for entry in seen.histories.get(application.id, ()):
            notice = NOTICES[application.service].get((entry.action, entry.before, entry.after))
            if notice is not None:
                wanted.add((f"{entry.at:%Y%m%d%H%M%S}-{application.id}-{entry.number}", notice))
    if told != wanted:
        yield f"told, never promised: {sorted(told - wanted)[:5]}; promised, never told: {sorted(wanted - told)[:5]}"


def _revocations_are_told(seen: Seen) -> Iterator[str]:
    notices = ("certificate_revoked", "certificate_reinstated")
    mails = ((each.context.get("notice", ""), each.asked_at) for each in seen.all(Mail))
    told = Counter(
        said for said in (*((each.notice, each.at) for each in seen.all(Message)), *mails) if said[0] in notices
    )
    deeds = {"revoke": notices[0], "reinstate": notices[1]}
    wanted = {(deeds[each.deed], each.at) for each in seen.all(AuditEntry) if each.deed in deeds}
    if not told.keys() <= wanted:
        yield f"told of what was not revoked: {sorted(told.keys() - wanted)}"


def _nobody_lapses_unwarned(seen: Seen) -> Iterator[str]:
    warned = [(each.application, each.at) for each in seen.all(Message) if each.notice == "lapse_warning"]
    by_mail = [each for each in seen.all(Mail) if each.context.get("notice") == "lapse_warning"]
    warned += [(each.context["application"], each.asked_at) for each in by_mail]
    if twice := [what for what, times in Counter((e.application, e.user, e.at.date()) for e in seen.all(Message)
                 if e.notice == "lapse_warning").items() if times > 1]:  # fmt: skip
        yield f"warned twice: {twice}"
    for application in seen.applications.values():
        history = seen.histories.get(application.id, [])
        for entry in (each for each in history if each.action is Action.LAPSE):
            soon = entry.at - WARNED_BEFORE + timedelta(days=1)
            if not any(who == application.id and at <= soon for who, at in warned):
                yield f"{application.id} has lapsed unwarned"


def _what_left_is_marked(seen: Seen) -> Iterator[str]:
    messages, dead = seen.all(Message), {e.id for e in seen.all(OutboxRow) if e.status is OutboxStatus.DEAD}
    for each in messages:
        if each.delivery is Delivery.WAITING and seen.now - each.at > OVERDUE:
            yield f"{each.notice} {each.id} still waits"
        rows = {f"notice-{each.id}-{each.user}", f"notice-{each.id}"}
        if each.delivery is Delivery.FAILED and not rows & dead:
            yield f"{each.notice} {each.id} has failed, and staff see nothing of it"
    sent = sum(each.delivery is Delivery.SENT for each in messages)
    if sent != len(seen.town.wechat.notices):
        yield f"{len(seen.town.wechat.notices)} notices have left, {sent} are marked as sent"
    left = Counter(each.message_id for each in seen.town.post.letters)
    marked = Counter(each.id for each in seen.all(Mail) if each.delivery is Delivery.SENT)
    if left != marked:
        yield f"mails that left and are not marked: {left - marked}; marked and never left: {marked - left}"
    if any(left < 0 for user in seen.all(User) for left in user.consents.values()):
        yield "a consent was used more often than it was given"
