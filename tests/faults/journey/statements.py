"""对账单: imported line by line, looked at, one line booked with the payment it pays, another set aside."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from chalicelib.documents import statement_files
from chalicelib.rules.statement_layouts import LAYOUTS
from tests import made_up, made_up_statements
from tests.faults.journey.dues import PUT_IN
from tests.faults.journey.steps import FEE, Broken, dead, sent_on_again, step
from tests.faults.people import staff
from tests.faults.world import World
from tests.made_up_statements import Entry

DAY = date(2026, 12, 5)
READ = "导入对账单 a bank statement imported"


def the_file() -> bytes:
    """Two lines of money that came in, and one that went out."""
    entries = [
        Entry(DAY, FEE, made_up.enterprise(1), "70000000001", "会费"),
        Entry(DAY, 8_800, made_up.enterprise(2), "70000000002", "利息"),
        Entry(DAY, -5_000, made_up.enterprise(3), "70000000003", "房租"),
    ]
    rows = made_up_statements.rows(LAYOUTS[0], entries)
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode("gb18030")


def imported(world: World, name: str) -> None:
    """Asked for and sent; it is read when the bucket has told of it."""
    answer = staff(world, "finance").post("/staff/statements", {"file_name": "december.csv"}, key=f"ask-{name}")
    assert answer.status == 201, answer.body.decode()
    world.names[name] = answer.json["id"]
    world.upload(f"statement.{answer.json['id']}", the_file())


def lines(world: World) -> list[Any]:
    path = f"/staff/statements/{world.names['statement']}/proposals"
    found: list[Any] = staff(world, "finance").get(path).json["items"]
    return found


@step(READ, follows=PUT_IN)
def read(world: World) -> None:
    imported(world, "statement")


@step("匹配建议 what is proposed for each line")
def proposed(world: World) -> None:
    (first, second) = lines(world)
    if first["proposal"]["payments"] != [world.names["of-dues"]] or second["proposal"]["payments"]:
        raise Broken(9, f"proposed {first['proposal']}, {second['proposal']}")
    world.names["line"], world.names["other-line"] = first["line"]["id"], second["line"]["id"]
    for path in ("/staff/statements", f"/staff/statements/{world.names['statement']}"):
        assert staff(world, "finance").get(path).ok


@step("对账单入账 a line booked with the payment it pays")
def booked(world: World) -> None:
    path = f"/staff/statements/{world.names['statement']}/lines/{world.names['line']}/book"
    body = {"payments": [{"payment": world.names["of-dues"], "version": 0, "received": FEE}]}
    answer = staff(world, "finance").post(path, body, key="book-line")
    assert answer.ok, answer.body.decode()


@step("搁置与取回 a line set aside, and taken back")
def set_aside(world: World) -> None:
    path = f"/staff/statements/{world.names['statement']}/lines/{world.names['other-line']}"
    aside = staff(world, "finance").post(f"{path}/set-aside", {"version": 0, "reason": "利息"}, key="line-aside")
    assert aside.ok, aside.body.decode()
    assert staff(world, "finance").post(f"{path}/take-back", {"version": 1}, key="line-back").ok


@step("再导入 the same file once more: not one line twice")
def imported_again(world: World) -> None:
    imported(world, "statement-again")


@contextmanager
def reader_out_of_order() -> Iterator[None]:
    def broken(*_: Any) -> Any:
        raise MemoryError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statement_files, "read_rows", broken)
        yield


@step("对账单读不了 a statement that no try could read; once it is mended, staff have it read again")
def could_not_be_read(world: World) -> None:
    with reader_out_of_order():
        imported(world, "statement-unread")
        letter = f"upload-statement.{world.names['statement-unread']}"
        dead(world, letter)
        shown = staff(world, "finance").get(f"/staff/statements/{world.names['statement-unread']}").json
        if shown["status"]["code"] != "refused" or not shown["reasons"]:
            raise Broken(11, f"a dead letter, and finance reads {shown['status']}")
    sent_on_again(world, letter)
