"""Which points are one: what the harness strikes once, because struck elsewhere it would leave the same world."""

from collections.abc import Callable

import pytest

from chalicelib.operations.ports import Asked, Busy, Ports
from chalicelib.rules.records import Application, OutboxStatus, User
from tests.faults.modes import NO_ANSWER, Mode, Plan, is_plain_read, plans
from tests.faults.strikes import Call
from tests.faults.work import Stage

Read = Callable[[Ports], object]
READS: dict[str, Read] = {
    "one item": lambda ports: ports.records.get(User, "nobody"),
    "many items": lambda ports: ports.records.get_many((User, ("nobody",)), (Application, ("nothing",))),
    "a partition": lambda ports: ports.records.folder("nothing"),
    "a page of an index": lambda ports: ports.records.outbox(OutboxStatus.PENDING, Asked(limit=5)),
    "a file that is kept": lambda ports: ports.files.read("nowhere"),
    "a file that was uploaded": lambda ports: ports.files.uploaded("nothing", 100),
    "whether an upload has arrived": lambda ports: ports.files.has_arrived("nothing"),
    "what is personal, opened": lambda ports: [ports.records.opened(each) for each in ports.records.staff_accounts()],
}
READ = "dynamodb.GetItem"
COMMIT = "dynamodb.TransactWriteItems"


@pytest.mark.parametrize("mode", NO_ANSWER, ids=lambda each: each.name)
@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_read_that_gets_no_answer_means_busy_whatever_the_reason(stage: Stage, read: Read, mode: Mode) -> None:
    world = stage.world
    world.back_to(stage.start)
    for call in _calls_of(stage, read):
        world.forget()
        world.injector.prepare(Plan(call.number, mode))
        with world.injector.running(), pytest.raises(Busy):
            read(world.ports)
    world.injector.prepare(None)


def _calls_of(stage: Stage, read: Read) -> list[Call]:
    stage.world.injector.prepare(None)
    with stage.world.injector.running():
        read(stage.world.ports)
    calls = stage.world.injector.calls
    assert calls
    assert all(map(is_plain_read, calls))
    return calls


def _struck(calls: list[Call], *modes: str) -> list[tuple[int, str]]:
    return sorted((plan.number, plan.mode.name) for plan in plans(tuple(calls)) if plan.mode.name in modes)


def _calls(*operations: str, run: int = 1, first: int = 0) -> list[Call]:
    return [Call(n, each, f"{each} < here", run=run) for n, each in enumerate(operations, first)]


def test_a_process_dies_before_each_write_of_its_run_and_after_the_last() -> None:
    calls = _calls(READ, COMMIT, READ, COMMIT, READ)
    assert _struck(calls, "crash before", "crash after") == [
        (1, "crash before"), (3, "crash after"), (3, "crash before"),
    ]  # fmt: skip


def test_a_run_that_only_reads_dies_once() -> None:
    calls = [*_calls(READ, READ), *_calls(COMMIT, run=2, first=2)]
    assert _struck(calls, "crash before", "crash after") == [
        (0, "crash before"), (2, "crash after"), (2, "crash before"),
    ]  # fmt: skip


def test_every_site_is_left_without_answer_in_every_way_and_then_in_turn() -> None:
    names = {mode.name for mode in NO_ANSWER}
    struck = _struck(_calls(READ, READ, READ, READ), *names)
    assert {name for n, name in struck if n == 0} == names
    assert sorted(name for n, name in struck if n > 0) == sorted(names)


def test_a_write_is_left_without_answer_in_every_way_each_time() -> None:
    assert len(_struck(_calls(COMMIT, COMMIT), *(mode.name for mode in NO_ANSWER))) == 2 * len(NO_ANSWER)
