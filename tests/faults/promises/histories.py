"""Promise 3: state changes only along the table; history is gap-free and ends in the current state."""

from collections import defaultdict
from collections.abc import Iterator

from chalicelib.rules.records import Application, Entry
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import State
from tests.faults.promises.case import Case


def histories_are_whole(case: Case) -> Iterator[str]:
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in case.seen.records(Entry):
        entries[entry.application].append(entry)
    for application in case.seen.records(Application):
        history = sorted(entries.pop(application.id, []), key=lambda each: each.number)
        yield from (f"{application.id}: {told}" for told in _broken(application, history))
    yield from (f"history without an application: {identity}" for identity in entries)


def _broken(application: Application, history: list[Entry]) -> Iterator[str]:
    if [each.number for each in history] != list(range(1, len(history) + 1)) or application.entries != len(history):
        yield f"history has gaps: {[each.number for each in history]} of {application.entries}"
    before = State.DRAFT
    for entry in history:
        if entry.before is not before or not _is_an_edge(application, entry):
            yield f"{entry.action} from {entry.before} to {entry.after} by {entry.role} is no edge of the table"
        before = entry.after
    if application.state is not before:
        yield f"history ends in {before}, the state is {application.state}"


def _is_an_edge(application: Application, entry: Entry) -> bool:
    edge = (entry.action, entry.before, entry.after)
    steps = TABLE[application.service].steps
    return any((each.action, each.before, each.after) == edge and entry.role in each.who for each in steps)
