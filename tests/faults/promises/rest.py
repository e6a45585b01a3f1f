"""Promises 7 and 11: again changes nothing; and left alone it comes to rest, with whatever died before staff's eyes."""

from collections.abc import Iterator
from datetime import timedelta

from chalicelib.rules.records import Application, MaterialFile, OutboxRow, OutboxStatus
from chalicelib.rules.vocabulary import FileStatus, State
from chalicelib.rules.workflow import waits_for_paper
from tests.faults import people
from tests.faults.observed import exactly
from tests.faults.promises.case import Case, changes

LONGEST_WAIT = timedelta(hours=3)
A_DAY = timedelta(days=1)
PAGE = 50


# --- 7: again changes nothing -----------------------------------------------------------------------------------------


def again_changes_nothing(case: Case) -> Iterator[str]:
    """Each job once more, and days later every event there was, in any order: not one byte is another afterwards."""
    world = case.world
    before = exactly(case.seen)
    unrest = [f"{job} fails when it runs once more" for job in _jobs(case) if not world.tick(job)]
    unrest += _unrest(case, "the jobs of the clock once more")
    world.later(days=4)
    world.lambdas.once_more()
    unrest += _unrest(case, "every event once more")
    after = case.again()
    after.unrest = unrest
    if exactly(after.seen) != before:
        yield f"delivered again, it changed:\n{changes(before, exactly(after.seen))}"


def _jobs(case: Case) -> list[str]:
    """Those whose run can still be the same one delivered again; a day later it is another day's."""
    now = case.world.clock.now()
    ran = case.world.ran
    return sorted(job for job in case.world.lambdas.ticked if now - ran.get(job, now) < A_DAY)


def _unrest(case: Case, after: str) -> list[str]:
    return [] if case.world.lambdas.rest() else [f"still at work after {after}"]


def nothing_stirs(case: Case) -> Iterator[str]:
    """What did not end, or failed as a whole, when everything came once more (promise 11)."""
    yield from case.unrest


# --- 11: rest ---------------------------------------------------------------------------------------------------------


def at_rest(case: Case) -> Iterator[str]:
    if case.world.lambdas.waiting:
        yield f"{case.world.lambdas.waiting} messages are waiting"
    rows = case.seen.records(OutboxRow)
    yield from (f"{row.id} is pending" for row in rows if row.status is OutboxStatus.PENDING)
    dead = {row.id: row for row in rows if row.status is OutboxStatus.DEAD}
    yield from (f"{row.id} is a dead letter without a reason" for row in dead.values() if not row.trouble)
    for file in case.seen.records(MaterialFile):
        if _waits_for_ever(case, file, dead):
            yield f"{file.id} waits for ever"
    for application in case.seen.records(Application):
        held = application.held_by or f"issue-{application.id}-{application.entries}" in dead
        if application.state is State.BEING_MADE and not held and not waits_for_paper(application):
            yield f"{application.id} is being made for ever"


def _waits_for_ever(case: Case, file: MaterialFile, dead: dict[str, OutboxRow]) -> bool:
    """Longer than any sweep leaves it, and nobody on the staff has it before him."""
    overdue = file.requested_at < case.at - LONGEST_WAIT
    return file.status is FileStatus.WAITING and overdue and f"upload-{file.id}" not in dead


def dead_letters_are_shown(case: Case) -> Iterator[str]:
    """Staff who ask see each of them, why it died, and whether they can send it on again."""
    admin, path = people.staff(case.world, "admin"), f"/staff/dead-letters?limit={PAGE}"
    shown: dict[str, tuple[str | None, bool]] = {}
    while path:
        page = admin.get(path).json
        shown |= {each["id"]: (each["trouble"], each["can_be_redriven"]) for each in page["items"]}
        path = f"/staff/dead-letters?limit={PAGE}&cursor={page['next']}" if page["next"] else ""
    dead = [each for each in case.seen.records(OutboxRow) if each.status is OutboxStatus.DEAD]
    wanted = {each.id: (each.trouble, each.can_be_redriven) for each in dead}
    if shown != wanted:
        yield f"staff see {shown} of {wanted}"
