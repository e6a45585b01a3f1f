"""What runs by itself so that nothing waits for ever: lost events, forgotten uploads, unpaid fees, held ones."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from chalicelib.operations.applications import association, issue_row, opened_folder, recorded
from chalicelib.operations.commands import Deed, settle
from chalicelib.operations.facts import gather
from chalicelib.operations.materials import give_up_waiting, receive
from chalicelib.operations.notices import about, message_to, recipients
from chalicelib.operations.outbox import ask_again, dispatch
from chalicelib.operations.ports import Asked, Conflict, Page, Ports
from chalicelib.rules.records import Application, MaterialFile, OutboxStatus
from chalicelib.rules.vocabulary import THE_SYSTEM, Action, FileStatus, State
from chalicelib.rules.workflow import decide

T = TypeVar("T")
QUIET = timedelta(minutes=5)
PAGE = 50


def sweep(ports: Ports) -> None:
    """Every few minutes: what should have been handed on by now is handed on again; twice is harmless."""
    now = ports.clock.now()
    for row in every(lambda asked: ports.records.outbox(OutboxStatus.PENDING, asked, now - QUIET)):
        dispatch(ports, row.id)
    for file in every(lambda asked: ports.records.files_waiting(now - QUIET, asked)):
        _look_for(ports, file, now)
    for held in every(lambda asked: ports.records.applications_in(State.BEING_MADE, asked, now - QUIET)):
        if held.held_by:
            ask_again(ports, issue_row(held.id, held.entries))


def _look_for(ports: Ports, file: MaterialFile, now: datetime) -> None:
    """The event may have been lost, or nothing may ever have been uploaded."""
    receive(ports, file.id)
    still = ports.records.get(MaterialFile, *file.key)
    window = timedelta(minutes=association(ports).windows.upload_minutes) + QUIET
    if still is not None and still.status is FileStatus.WAITING and still.requested_at + window < now:
        give_up_waiting(ports, still)


def morning(ports: Ports) -> None:
    """Once a day, right whatever day it really runs, twice or late too: what stays unpaid is warned of, then lapses."""
    windows, now = association(ports).windows, ports.clock.now()
    limit = now - timedelta(days=windows.lapse_days)
    warn_from = now - timedelta(days=windows.lapse_warning_days)
    for unpaid in every(lambda asked: ports.records.applications_in(State.TO_BE_PAID, asked, warn_from)):
        if unpaid.since <= limit:
            lapse(ports, unpaid.id, limit)
        else:
            _warn(ports, unpaid)


def _warn(ports: Ports, unpaid: Application) -> None:
    """Once per time in 待缴费: the message's identity derives from the day it fell due, so a second one conflicts."""
    context = about(unpaid, association(ports), ports.clock.now())
    for user in recipients(ports, unpaid):
        try:
            ports.records.commit(*message_to(user, "lapse_warning", context, unpaid.since, f"{unpaid.id}-lapse"))
        except Conflict:
            continue


def lapse(ports: Ports, application: str, limit: datetime) -> None:
    """已撤回 by the system after 90 days in 待缴费 (domain §3, D); looked at strongly before it is done."""

    def deed() -> Deed | None:
        folder = ports.records.folder(application)
        if folder is None or folder.application.state is not State.TO_BE_PAID or folder.application.since > limit:
            return None
        opened = opened_folder(ports, folder)
        gathered = gather(ports, opened)
        decision = decide(opened.application, Action.LAPSE, THE_SYSTEM, gathered.facts)
        return Deed(recorded(ports, decision, gathered), application)

    settle(ports, deed)


def every(page: Callable[[Asked], Page[T]]) -> Iterator[T]:
    """All of a list, page by page: a job grows with what it touches, never with the association."""
    position: str | None = None
    while True:
        found = page(Asked(PAGE, position))
        yield from found.items
        if found.next is None:
            return
        position = found.next
