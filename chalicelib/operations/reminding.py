"""提醒: what lapses or is owed is looked for every day, promised once per enterprise and occasion, said by the worker.

The job decides nothing for good: its lists may lag. The worker reads strongly, and notes with the messages what it
has said, so that each certificate and window is spoken of once whatever days the job runs. In the same commit the
promise is kept: come again, however late, it speaks for nothing that is owed by then.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from hashlib import sha256
from itertools import groupby

from chalicelib.operations.applications import association
from chalicelib.operations.by_the_clock import Errand, all_of, every, ran
from chalicelib.operations.commands import Deed, settle
from chalicelib.operations.notices import Said, messages_to
from chalicelib.operations.ports import Change, Insert, Page, Ports, Replace, Require
from chalicelib.rules.association import Association, Windows
from chalicelib.rules.records import (
    SHARDS,
    Dossier,
    Enterprise,
    JobRun,
    OutboxRow,
    OutboxStatus,
    Practitioner,
    Reminded,
    Work,
)
from chalicelib.rules.schedule import (
    Due,
    Matter,
    Reminder,
    due_reminders,
    dues_owed,
    expiries_due,
    is_season,
    review_owed,
    training_expiry,
)

JOB = "reminders"
OF_THE_SEASON = (Due.DUES, Due.REVIEW)


# --- the job: what may have to be said --------------------------------------------------------------------------------


def promise_reminders(ports: Ports) -> None:
    """Once a day, right whatever day it runs, twice or late too: it looks up what has opened since it last came to its
    end, and everything that is open once its windows have been set anew.

    Enterprises are gone through only on a day on which a window of dues or review has opened. Raises ExceptionGroup at
    the end where some could not be promised; then it has not come to its end, and looks again.
    """
    today, windows = ports.clock.today(), association(ports).windows
    before, now = ports.records.get(JobRun, JOB), ran_through(today, windows)
    since = before.through if before and before.under == now.under else None
    all_of(*_expiries(ports, windows, since, today), *_season(ports, windows, since, today))
    ran(ports, now)


def ran_through(day: date, windows: Windows) -> JobRun:
    """What the job notes at its end: the day, and by which windows and deadline."""
    deadline = windows.review_deadline
    under = " ".join((*(each.code for each in windows.reminders), f"{deadline.month:02}{deadline.day:02}"))
    return JobRun(job=JOB, through=day, under=under)


def _expiries(ports: Ports, windows: Windows, since: date | None, today: date) -> Iterator[Errand[str]]:
    """The training certificates, by who has to have them renewed: one promise an enterprise, however many they are."""
    found: dict[str, list[Matter]] = defaultdict(list)
    for last in expiries_due(since, today, windows.reminders):
        for each in every(partial(ports.records.practitioners_ending, last)):
            if each.employer is not None:
                found[each.employer].append(_expiry(each, ""))
    for enterprise, matters in found.items():
        yield Errand(_one(enterprise), partial(_promise, ports, windows, today, matters))


def _one(enterprise: str) -> Callable[[object], Page[str]]:
    return lambda _: Page((enterprise,))


def _season(ports: Ports, windows: Windows, since: date | None, today: date) -> Iterator[Errand[Enterprise]]:
    deadline, known = windows.review_deadline, windows.reminders
    if not any(is_season(due, since, today, deadline, known) for due in OF_THE_SEASON):
        return
    for shard in range(SHARDS):
        yield Errand(partial(ports.records.enterprises_in, shard), partial(_look_into, ports, windows, today))


def _look_into(ports: Ports, windows: Windows, today: date, enterprise: Enterprise) -> None:
    dossier = ports.records.dossier(enterprise.id)
    if dossier is None:
        return
    for due in OF_THE_SEASON:
        _promise(ports, windows, today, _matters(ports, dossier, due, windows, today), enterprise.id)


def _promise(ports: Ports, windows: Windows, today: date, matters: Iterable[Matter], enterprise: str) -> None:
    """One row for all that is to be said of one kind; its id derives from the keys of what that is."""
    owed = due_reminders(today, matters, (), windows.reminders)
    if not owed:
        return
    due = owed[0].matter.due.value
    keys = sha256("\n".join(sorted(each.key for each in owed)).encode()).hexdigest()[:32]
    subject = (enterprise, due, keys)
    row = OutboxRow(id=_promised_as(*subject), work=Work.REMIND, subject=subject, at=ports.clock.now())
    settle(ports, lambda: None if ports.records.get(OutboxRow, row.id) else Deed((Insert(row),), row.id))


def _promised_as(enterprise: str, due: str, keys: str) -> str:
    return f"remind-{due}-{enterprise}-{keys}"


# --- the worker: what is said -----------------------------------------------------------------------------------------


def remind(ports: Ports, enterprise: str, due: str, keys: str) -> None:
    """Tells an enterprise's representatives what of this kind is open today and was not said: one message for all of
    it. Paid, reviewed, renewed or said meanwhile, or nobody there to be told: nothing.

    A promise that is kept, or given up until staff redrive it, says nothing. Raises Busy: then nothing is said yet,
    and the queue asks again.
    """
    promise = _promised_as(enterprise, due, keys)
    settle(ports, lambda: _kept(ports, promise, enterprise, Due(due)))


def _kept(ports: Ports, promise: str, enterprise: str, due: Due) -> Deed | None:
    row = ports.records.get(OutboxRow, promise)
    if row is None or row.status is not OutboxStatus.PENDING:
        return None
    kept = Replace(row, row.changed(status=OutboxStatus.DONE, trouble=None))
    return Deed((kept, *_said(ports, enterprise, due)), enterprise)


def _said(ports: Ports, enterprise: str, due: Due) -> tuple[Change, ...]:
    dossier = ports.records.dossier(enterprise)
    if dossier is None or not dossier.bindings:
        return ()  # it is said to whoever binds himself within the window; an imported unit is not written to
    settings, today = association(ports), ports.clock.today()
    matters = _matters(ports, dossier, due, settings.windows, today)
    owed = due_reminders(today, matters, (), settings.windows.reminders)
    guards = _guards(ports, enterprise, owed)
    left = [each for each in owed if each.key not in guards[_guarded(each)].said]
    if not left:
        return ()
    told = _messages(ports, settings, dossier, left)
    return (*_noted(guards, left), *told, Require(dossier.enterprise), Require(settings))


def _matters(ports: Ports, dossier: Dossier, due: Due, windows: Windows, today: date) -> tuple[Matter, ...]:
    if dossier.enterprise.ended:
        return ()  # it can neither pay nor renew before it has joined again
    if due is Due.TRAINING_EXPIRY:
        roll = every(partial(ports.records.practitioners_of, dossier.enterprise.id))
        return tuple(_expiry(each, dossier.enterprise.name) for each in roll)
    owed = dues_owed if due is Due.DUES else review_owed
    matter = owed(dossier, today, windows.review_deadline)
    return () if matter is None else (matter,)


def _expiry(practitioner: Practitioner, unit: str) -> Matter:
    """Also of a legacy 上岗证: it counts among the six until it lapses (domain §2, D)."""
    number = practitioner.certificate_number
    return training_expiry(number, practitioner.valid_to, unit, number)


Guarded = tuple[str, int]


def _guarded(reminder: Reminder) -> Guarded:
    return reminder.window.code, reminder.matter.last.year


def _guards(ports: Ports, enterprise: str, owed: Iterable[Reminder]) -> Mapping[Guarded, Reminded]:
    """What was said before, in one read. Of what nothing was said there is none stored: it is made with the message."""
    wanted = [Reminded(enterprise=enterprise, window=code, year=year) for code, year in map(_guarded, owed)]
    fresh = {(each.window, each.year): each for each in wanted}
    found = ports.records.get_many(*((Reminded, each.key) for each in fresh.values())) if fresh else ()
    return fresh | {(each.window, each.year): each for each in found if isinstance(each, Reminded)}


def _noted(guards: Mapping[Guarded, Reminded], left: Iterable[Reminder]) -> Iterator[Change]:
    for guarded, reminders in groupby(sorted(left, key=_guarded), key=_guarded):
        before = guards[guarded]
        said = before.said | {each.key for each in reminders}
        after = before.changed(said=said)
        yield Replace(before, after) if before.said else Insert(after)


def _messages(ports: Ports, settings: Association, dossier: Dossier, left: Iterable[Reminder]) -> tuple[Change, ...]:
    """One message about all of them: how many, and the one that ends first. WeChat goes with it, where consent is."""
    now = ports.clock.now()
    first = min(left, key=lambda each: (each.matter.last, each.matter.subject))
    count = len({each.matter for each in left})
    context = {
        **first.context(now.date(), count), "association": settings.name,
        "telephone": settings.telephones[0].number, "time": f"{now:%Y年%m月%d日 %H:%M}",
    }  # fmt: skip
    said = Said(first.notice, context, now)
    heard = {each.user: said for each in dossier.bindings}
    return messages_to(heard, f"{first.matter.due}-{dossier.enterprise.id}")
