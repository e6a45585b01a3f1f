"""A bank statement no try could read: failed before finance, a dead letter before admins, read again on demand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.first_use import LazyStatements
from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.operations import dead_letters, importing, outbox, statements, sweeping
from chalicelib.operations.ports import Asked, Busy, Ports
from chalicelib.rules.records import OutboxRow, OutboxStatus, Statement, StatementStatus, Work
from chalicelib.rules.statement_layouts import LAYOUTS
from chalicelib.rules.vocabulary import Refused
from tests import made_up, made_up_statements
from tests.operations import acting

QUEUE = "UploadsDead"


@pytest.fixture
def ports() -> Ports:
    return ports_in_memory(statements=LazyStatements())


class Broken:
    def read_rows(self, data: bytes) -> Sequence[Sequence[str]]:
        raise RuntimeError(len(data))


def broken(ports: Ports) -> Ports:
    """The same world, but something of ours keeps statements from being read."""
    return replace(ports, statements=Broken())


def uploaded(ports: Ports) -> str:
    statement = statements.request_upload(ports, acting.order(acting.FINANCE), "三月.csv", None)
    entry = made_up_statements.Entry(ports.clock.today(), 120_000, made_up.enterprise(1), "70000000001", "会费")
    rows = made_up_statements.rows(LAYOUTS[0], [entry])
    data = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode("gb18030")
    ports.files.arrives(f"statement.{statement}", data)  # type: ignore[attr-defined]  # what the browser does
    return statement


def buried(ports: Ports, statement: str) -> None:
    with pytest.raises(RuntimeError):
        importing.receive(broken(ports), f"statement.{statement}")
    dead_letters.bury_upload(ports, f"statement.{statement}", QUEUE)


def shown(ports: Ports, statement: str) -> Statement:
    (found,) = [each for each in statements.listed(ports, acting.FINANCE, Asked()).items if each.id == statement]
    return found


def letters(ports: Ports) -> tuple[OutboxRow, ...]:
    return dead_letters.listed(ports, Asked()).items


def test_one_whose_event_died_is_listed_as_failed_with_its_reason_and_for_admins_too(ports: Ports) -> None:
    statement = uploaded(ports)
    buried(ports, statement)
    dead_letters.bury_upload(ports, f"statement.{statement}", QUEUE)  # told twice
    found = shown(ports, statement)
    assert found.status is StatementStatus.REFUSED
    (reason,) = found.reasons
    assert "不是文件的问题" in reason.message
    assert "重新上传" in reason.next
    (letter,) = letters(ports)
    assert (letter.work, letter.subject) == (Work.CHECK_UPLOAD, (f"statement.{statement}",))
    assert QUEUE in (letter.trouble or "")


def test_the_sweeper_leaves_it_to_people(ports: Ports) -> None:
    statement = uploaded(ports)
    buried(ports, statement)
    ports.clock.advance(timedelta(hours=3))  # type: ignore[attr-defined]  # the clock in memory
    sweeping.sweep(broken(ports))
    assert shown(ports, statement).status is StatementStatus.REFUSED


class BusyNow:
    def read_rows(self, data: bytes) -> Sequence[Sequence[str]]:
        raise Busy(len(data))


def test_a_busy_moment_does_not_undo_a_redrive_of_an_old_one(ports: Ports) -> None:
    statement = uploaded(ports)
    buried(ports, statement)
    ports.clock.advance(timedelta(days=1, hours=6))  # type: ignore[attr-defined]  # the clock in memory
    dead_letters.redrive(ports, acting.order(acting.ADMIN), letters(ports)[0].id)
    ports.clock.advance(timedelta(minutes=10))  # type: ignore[attr-defined]  # as above
    with pytest.raises(ExceptionGroup):
        sweeping.sweep(replace(ports, statements=BusyNow()))
    acting.work_off(ports)
    assert shown(ports, statement).status is StatementStatus.READ


@pytest.mark.parametrize("kept", [False, True])
def test_a_redrive_reads_it_to_its_end_however_far_it_had_come(ports: Ports, kept: bool) -> None:  # noqa: FBT001 - a case
    statement = uploaded(ports)
    if kept:
        stopped_half_way(ports, statement)
    buried(ports, statement)
    dead_letters.redrive(ports, acting.order(acting.ADMIN), letters(ports)[0].id)
    assert shown(ports, statement).reasons == ()
    acting.work_off(ports)
    assert (shown(ports, statement).status, shown(ports, statement).lines) == (StatementStatus.READ, 1)
    assert letters(ports) == ()


def stopped_half_way(ports: Ports, statement: str) -> None:
    """Its bytes were kept, and then something broke."""
    reader, calls = LazyStatements(), iter((True, False))

    class Once:
        def read_rows(self, data: bytes) -> Sequence[Sequence[str]]:
            if not next(calls):
                raise RuntimeError(len(data))
            return reader.read_rows(data)

    with pytest.raises(RuntimeError):
        importing.receive(replace(ports, statements=Once()), f"statement.{statement}")
    assert shown(ports, statement).status is StatementStatus.READING


def test_a_redrive_in_vain_shows_it_as_failed_again(ports: Ports) -> None:
    statement = uploaded(ports)
    buried(ports, statement)
    (letter,) = letters(ports)
    dead_letters.redrive(ports, acting.order(acting.ADMIN), letter.id)
    with pytest.raises(RuntimeError):
        outbox.work(broken(ports), letter.id)
    outbox.bury(ports, letter.id, QUEUE, 1)
    assert shown(ports, statement).status is StatementStatus.REFUSED
    assert [each.status for each in letters(ports)] == [OutboxStatus.DEAD]


def test_what_is_no_longer_there_cannot_be_read_again(ports: Ports) -> None:
    statement = uploaded(ports)
    buried(ports, statement)
    ports.files.quarantine.clear()  # type: ignore[attr-defined]  # two days later
    with pytest.raises(Refused) as refused:
        dead_letters.redrive(ports, acting.order(acting.ADMIN), letters(ports)[0].id)
    assert [each.code for each in refused.value.reasons] == ["no_longer_in_quarantine"]


def test_laid_aside_it_stays_failed_and_a_late_message_changes_nothing(ports: Ports) -> None:
    statement = uploaded(ports)
    buried(ports, statement)
    dead_letters.discard(ports, acting.order(acting.ADMIN), letters(ports)[0].id, "已重新上传")
    dead_letters.bury_upload(ports, f"statement.{statement}", QUEUE)
    assert letters(ports) == ()
    assert shown(ports, statement).status is StatementStatus.REFUSED


def test_one_that_was_read_meanwhile_or_that_nobody_asked_for_is_no_letter(ports: Ports) -> None:
    statement = uploaded(ports)
    importing.receive(ports, f"statement.{statement}")
    for each in (statement, "b9"):
        dead_letters.bury_upload(ports, f"statement.{each}", QUEUE)
    assert letters(ports) == ()
    assert shown(ports, statement).status is StatementStatus.READ
