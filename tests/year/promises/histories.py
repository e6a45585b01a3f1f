"""Promise 3: state changes only along the table; history is gap-free and ends in the current state."""

from collections.abc import Iterator
from itertools import pairwise

from chalicelib.rules.records import Application, Entry
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Service, State
from tests.year.promises.seen import Seen

EDGES = {
    service: {(step.action, step.before, step.after): step.who for step in row.steps} for service, row in TABLE.items()
}


def histories_are_whole(seen: Seen) -> Iterator[str]:
    for application in seen.applications.values():
        history = seen.histories.get(application.id, [])
        yield from (f"{application.id}: {told}" for told in _broken(application, history))


def _broken(application: Application, history: list[Entry]) -> Iterator[str]:
    if [each.number for each in history] != list(range(1, application.entries + 1)):
        yield f"entries {[each.number for each in history]} of {application.entries}"
    if any(earlier.at > later.at for earlier, later in pairwise(history)):
        yield "its history goes back in time"
    state = State.DRAFT
    for entry in history:
        if entry.before is not state or not _is_an_edge(application.service, entry):
            yield f"{entry.action} from {entry.before} to {entry.after} by {entry.role} is no edge of the table"
        state = entry.after
    if application.state is not state:
        yield f"its history ends in {state}, it is {application.state}"


def _is_an_edge(service: Service, entry: Entry) -> bool:
    return entry.role in EDGES[service].get((entry.action, entry.before, entry.after), ())
