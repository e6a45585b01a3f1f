"""How a struck run is held against the smooth one: what may be otherwise, because of what was struck, and nothing else.

What may be otherwise: something went out once more, and WeChat had no consent left for that; staff sent dead letters
on again, which in the smooth run nobody had to.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from chalicelib.rules.records import (
    Acknowledgement,
    AuditEntry,
    Delivery,
    Message,
    OutboxRow,
    OutboxStatus,
    Record,
    User,
    Work,
)
from tests.faults.injector import Plan
from tests.faults.observed import Row, Seen, look, state
from tests.faults.promises import Case, Violation, difference
from tests.faults.promises.told import left_by_wechat
from tests.faults.world import World

SENDS = re.compile(r"ses\..*|smtp\.send_message|wechat\.send")
# What lies between the sending and the mark that it was sent, in one and the same run.
MARK = re.compile(r"operations\.outgoing\.(?:_settled|_consent_used)\b")
REDRIVE = "redriven-after-all"


@dataclass(frozen=True)
class End:
    """How a smooth run ends: its state, with days and without, its dead letters, and who has which consents left."""

    state: tuple[str, ...]
    any_day: tuple[str, ...]
    dead: frozenset[str]
    consents: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, world: World) -> "End":
        seen = look(world)
        consents = {each.id: each.consents for each in seen.records(User)}
        days = tuple(state(world, seen, days=False))
        return cls(tuple(state(world, seen)), days, frozenset(dead_letters(seen)), consents)


def dead_letters(seen: Seen) -> dict[str, OutboxRow]:
    return {row.id: row for row in seen.records(OutboxRow) if row.status is OutboxStatus.DEAD}


def once_more(world: World, plan: Plan | None) -> int:
    """How often something may go out once more: it was sent and nobody heard, or it could not be marked as sent."""
    call, injector = world.injector.struck, world.injector
    if call is None or plan is None:
        return 0
    if SENDS.fullmatch(call.operation):
        return injector.lost_answers
    gone_with_goodbye = call.operation == "smtp.quit" and plan.mode.name.startswith("crash")
    return len(injector.struck_runs) if gone_with_goodbye or MARK.search(call.site) else 0


def compared(case: Case, end: End, redriven: frozenset[str], *, days: bool) -> list[Violation]:
    """``redriven``: the dead letters that staff sent on again."""
    seen = _as_if_heard(case, _less_redrives(case.seen, redriven), end)
    wanted = list(end.state if days else end.any_day)
    found = state(case.world, seen, days=days)
    if found == wanted:
        return []
    return [Violation(0, "it ended otherwise than without the fault:\n" + difference(wanted, found))]


def _less_redrives(seen: Seen, redriven: frozenset[str]) -> Seen:
    """Without what redriving leaves behind: its acknowledgement, its audit entry, the letter of an upload's event."""
    keys = {f"journey-{redrive_key(row)}" for row in redriven}
    entries = _redrives_of(seen, redriven)
    last = {of_one[-1].key for of_one in entries.values()}
    by_the_step = {row for row, of_one in entries.items() if len(of_one) > 1}

    def only_of_a_redrive(record: Record | None) -> bool:
        match record:
            case Acknowledgement(operation="redrive", idempotency_key=key):
                return key in keys
            case AuditEntry(key=key):
                return key in last
            case OutboxRow(work=Work.CHECK_UPLOAD, status=OutboxStatus.DONE, id=identity):
                return identity in redriven - by_the_step
        return False

    return replace(seen, rows=tuple(row for row in seen.rows if not only_of_a_redrive(row.record)))


def _redrives_of(seen: Seen, redriven: frozenset[str]) -> dict[str, list[AuditEntry]]:
    """In their order, the last is that after the outage: the step itself may have sent the same letter on before."""
    entries = sorted(seen.records(AuditEntry), key=lambda each: each.at)
    return {
        row: [each for each in entries if (each.deed, each.subject) == ("redrive", f"outbox:{row}")] for row in redriven
    }


def redrive_key(row: str) -> str:
    return f"{REDRIVE}-{row}"


def _as_if_heard(case: Case, seen: Seen, end: End) -> Seen:
    """WeChat took the notice and nobody heard, or nobody could note it: asked again, it has no consent left for it.

    So the notice that has left is marked as one without consent, and its user has none left; nobody else's is touched.
    """
    if not case.rough:
        return seen
    unheard = [*_unheard(case, seen)][: case.rough]
    messages = {each.key for each in unheard}
    used = {each.user: each.notice for each in unheard}

    def heard(row: Row) -> Row:
        match row.record:
            case Message(key=key) as message if key in messages:
                return replace(row, record=replace(message, delivery=Delivery.SENT))
            case User(id=user, consents=left) as receiver if user in used and left.get(used[user]) == 0:
                notice = used[user]
                as_then = {**left, notice: end.consents[user][notice]}
                return replace(row, record=replace(receiver, consents=as_then))
        return row

    return replace(seen, rows=tuple(map(heard, seen.rows)))


def _unheard(case: Case, seen: Seen) -> Iterator[Message]:
    for message in seen.records(Message):
        if message.delivery is Delivery.NO_CONSENT and left_by_wechat(case, message):
            yield message
