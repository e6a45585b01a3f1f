"""What runs by itself so that nothing waits for ever: lost events, forgotten uploads, unpaid fees, held ones."""

from datetime import datetime, timedelta
from functools import partial

from chalicelib.operations import importing
from chalicelib.operations.applications import association, issue_row, opened_folder, recorded
from chalicelib.operations.by_the_clock import Errand, all_of
from chalicelib.operations.commands import Deed, settle
from chalicelib.operations.dead_letters import put_before_staff
from chalicelib.operations.facts import gather
from chalicelib.operations.issuing import is_held
from chalicelib.operations.materials import give_up_waiting, receive
from chalicelib.operations.notices import Said, about, recipients, said_at, tell, when_told
from chalicelib.operations.outbox import ask_again, hand_on, is_overdue
from chalicelib.operations.ports import Busy, Ports, Replace, Require
from chalicelib.operations.statements import BEGINNING
from chalicelib.rules.records import Application, MaterialFile, OutboxRow, OutboxStatus, Statement
from chalicelib.rules.vocabulary import THE_SYSTEM, Action, State
from chalicelib.rules.workflow import decide, waits_for_paper

QUIET = timedelta(minutes=5)
A_DAY = timedelta(days=1)  # a job that runs once a day is as a rule up to a day late


def sweep(ports: Ports) -> None:
    """Every few minutes: what should have been handed on by now is handed on again; twice is harmless.

    One that fails does not keep the others waiting. Raises ExceptionGroup at the end, for the alarm.
    """
    now, records = ports.clock.now(), ports.records
    late = now - QUIET
    all_of(
        Errand(lambda asked: records.outbox(OutboxStatus.PENDING, asked, late), lambda row: _hand_on(ports, row, now)),
        Errand(lambda asked: records.files_waiting(late, asked), lambda file: _look_for(ports, file, now)),
        Errand(lambda asked: records.statements_waiting(late, asked), lambda each: _look_again(ports, each, now)),
        Errand(
            lambda asked: records.applications_in(State.BEING_MADE, asked, late),
            lambda made: _make(ports, made, now),
        ),
    )


def _hand_on(ports: Ports, row: OutboxRow, now: datetime) -> None:
    if is_overdue(row, now):
        hand_on(ports, row)


def _make(ports: Ports, made: Application, now: datetime) -> None:
    """What is held is tried again once it is held no more, or by something else, so that staff read what is true."""
    if not waits_for_paper(made) and not is_held(ports, made.id):
        ask_again(ports, issue_row(made.id, made.entries, now))


def _look_for(ports: Ports, file: MaterialFile, now: datetime) -> None:
    """The event may have been lost, nothing may ever have been uploaded, or something of ours keeps us from looking.

    The last is never the file's fault, for its check does not raise: it waits on, and staff hear of it.
    """
    waited = now - file.requested_at
    window = timedelta(minutes=association(ports).windows.upload_minutes) + QUIET
    try:
        receive(ports, file.id)
    except Exception as trouble:
        if waited > (A_DAY if isinstance(trouble, Busy) else window):  # busy is over soon, as a rule
            put_before_staff(ports, file, trouble)
        raise
    if waited > window:
        give_up_waiting(ports, file)


def _look_again(ports: Ports, statement: Statement, now: datetime) -> None:
    """As for a file; what our own fault keeps from being read is given up after a day, and can be uploaded again."""
    waited = now - statement.asked_at
    window = timedelta(minutes=association(ports).windows.upload_minutes) + QUIET
    try:
        importing.receive(ports, f"{BEGINNING}{statement.id}")
    except Busy:
        raise  # it is over soon, as a rule, and staff may just have sent it on again
    except Exception:
        if waited > A_DAY:
            importing.give_up(ports, statement, arrived=True)
        raise
    if waited > window:
        importing.give_up(ports, statement, arrived=False)


def morning(ports: Ports) -> None:
    """Once a day, right whatever day it runs, twice or late too: what stays unpaid is warned of, then lapses.

    Where it did not run for long, the warning comes late, and so does what it warns of: nobody lapses unwarned.
    """
    windows, now = association(ports).windows, ports.clock.now()
    limit = now - timedelta(days=windows.lapse_days)
    warn_after = timedelta(days=min(windows.lapse_warning_days, windows.lapse_days))
    notice = max(A_DAY, timedelta(days=windows.lapse_days) - warn_after - A_DAY)
    warn_from = now - warn_after

    def warn_or_lapse(listed: Application) -> None:
        unpaid = _unpaid(ports, listed.id, warn_from)
        if unpaid is not None and unpaid.since <= limit and _warned(ports, unpaid, now - notice):
            lapse(ports, unpaid.id, limit)
        elif unpaid is not None:
            _warn(ports, unpaid, warn_from, now, notice)

    all_of(Errand(lambda asked: ports.records.applications_in(State.TO_BE_PAID, asked, warn_from), warn_or_lapse))


def _unpaid(ports: Ports, application: str, since: datetime) -> Application | None:
    """Looked at strongly: the list may lag, and whoever has just paid must not read that it lapses."""
    found = ports.records.get(Application, application)
    return found if found is not None and found.state is State.TO_BE_PAID and found.since <= since else None


def _occasion(unpaid: Application) -> str:
    return f"{unpaid.id}-{unpaid.entries}-lapse"


def _first_said(unpaid: Application, now: datetime) -> datetime:
    """What a warning's identity derives from, whatever the settings have become since: when it was first said."""
    return now if unpaid.warned_at is None or unpaid.warned_at < unpaid.since else unpaid.warned_at


def _warned(ports: Ports, unpaid: Application, by: datetime) -> bool:
    """By days and not by seconds: a job runs a little earlier on one morning than on another."""
    first, occasion = _first_said(unpaid, by), _occasion(unpaid)
    heard = (when_told(ports, hearer, first, occasion) for hearer in recipients(ports, unpaid))
    return any(at.date() <= by.date() for at in heard if at is not None)


def _warn(ports: Ports, listed: Application, warn_from: datetime, now: datetime, notice: timedelta) -> None:
    """Once per time in 待缴费: the application keeps when it was first said, and the message is known by that.

    Where its commit met another one it is looked for: not there, and still unpaid, it is said again.
    """
    settings = association(ports)

    def deed(hearer: str) -> Deed | None:
        unpaid = _unpaid(ports, listed.id, warn_from)
        if unpaid is None:
            return None
        said = _first_said(unpaid, now)
        if when_told(ports, hearer, said, _occasion(unpaid)) is not None:
            return None
        last = max(unpaid.since + timedelta(days=settings.windows.lapse_days), now + notice)
        context = {**about(unpaid, settings, now), "last": f"{last:%Y年%m月%d日}"}
        heard = tell(ports, {hearer: Said("lapse_warning", context, said)}, _occasion(unpaid))
        known = Require(unpaid) if said == unpaid.warned_at else Replace(unpaid, unpaid.changed(warned_at=said))
        return Deed((*said_at(now, heard), known), unpaid.id)

    for hearer in recipients(ports, listed):
        settle(ports, partial(deed, hearer))


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
