"""Promise 6, as the jobs of the clock have it: each thing that lapses or is owed is said once for each window."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from re import findall

from chalicelib.rules.association import Association
from chalicelib.rules.records import Message, Reminded
from chalicelib.rules.schedule import NOTICES, Due, open_window
from tests.faults.promises.case import Case

OF = {notice: due for due, notice in NOTICES.items()}
RENEWED = "certificate_renewed"


def reminded_once(case: Case) -> Iterator[str]:
    """By what the messages themselves say: to whom, of what, by when; and each is noted where it is looked up."""
    (settings,) = case.seen.records(Association)
    noted = {key for each in case.seen.records(Reminded) for key in each.said}
    told = Counter[tuple[str, ...]]()
    for message in case.seen.records(Message):
        if message.notice == RENEWED:
            told[message.user, message.notice, message.context["number"], message.context["last"]] += 1
        elif message.notice in OF:
            window = _window(settings, OF[message.notice], message)
            told[message.user, message.notice, message.context["number"], message.context["last"], window] += 1
            if not any(key.startswith(f"{window}-") for key in noted):
                yield f"{message.notice} was said, and nothing notes it"
    yield from (f"said {times} times: {what[1:]}" for what, times in told.items() if times > 1)


def _window(settings: Association, due: Due, message: Message) -> str:
    year, month, day = map(int, findall(r"\d+", message.context["last"]))
    window = open_window(due, date(year, month, day), message.at.date(), settings.windows.reminders)
    return window.code if window else "none that is open"
