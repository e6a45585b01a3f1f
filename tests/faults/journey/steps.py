"""What a step is, and what several of them have in common."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

import pytest

from chalicelib.documents import inspection
from chalicelib.memory.time_and_ids import SHANGHAI
from chalicelib.rules.records import MaterialFile, OutboxRow, OutboxStatus
from chalicelib.rules.vocabulary import FileStatus
from infra.local.demo_files import paper
from tests import made_up
from tests.faults.people import PATIENCE, logs_in, member, staff
from tests.faults.world import World
from tests.operations.acting import join_form

FEE = 120_000
BEGINNING = ""
MORNING = time(9, 30, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Step:
    """``act`` is what people do; ``jobs`` run by the clock, ``days`` later.

    Not ``struck``: a set-up of clicks that other steps have struck already; a test holds every call in it to that.
    ``follows``: the name of the step at whose end it begins, where that is not the one before it (BEGINNING: the
    journey's); so what needs little is not looked at with everything else beside it.
    """

    name: str
    act: Callable[[World], None]
    days: int = 0
    jobs: tuple[str, ...] = ()
    struck: bool = True
    follows: str | None = None


class Broken(AssertionError):  # noqa: N818 - what it tells of
    """What people saw in the middle of a step breaks a promise."""

    def __init__(self, promise: int, told: str) -> None:
        self.promise = promise
        super().__init__(f"promise {promise}: {told}")


JOURNEY: list[Step] = []


def step(
    name: str, days: int = 0, jobs: tuple[str, ...] = (), *, struck: bool = True, follows: str | None = None
) -> Callable[[Callable[[World], None]], Any]:
    def declare(act: Callable[[World], None]) -> Callable[[World], None]:
        JOURNEY.append(Step(name, act, days, jobs, struck, follows))
        return act

    return declare


@cache
def scan(title: str) -> bytes:
    return paper(title, {"单位名称": "虚构"})


# --- what people do in several steps ----------------------------------------------------------------------------------


def opened(world: World, who: str, n: int, name: str) -> None:
    answer = member(world, who).post("/applications", {"service": "join"}, key=f"open-{name}")
    assert answer.status == 201, answer.body.decode()
    world.names[name] = answer.json["id"]
    saved(world, who, n, name, 0)


def saved(world: World, who: str, n: int, name: str, seen: int) -> None:
    path = f"/applications/{world.names[name]}"
    body = {"version": seen, "form": join_form(n)}
    answer = member(world, who).write("PATCH", path, body, key=f"save-{name}-{seen}")
    assert answer.status == 200, answer.body.decode()


def uploaded(world: World, who: str, name: str, slot: str, data: bytes, again: str = "") -> str:
    whose = f"{made_up.person(1)}{made_up.mobile(1)}"  # people do name their files so, and nobody else may read it
    body = {"application": world.names[name], "slot": slot, "file_name": f"{whose}-{slot}.pdf"}
    answer = member(world, who).post("/uploads", body, key=f"upload-{name}-{slot}{again}")
    assert answer.status == 201, answer.body.decode()
    file = str(answer.json["id"])
    world.upload(file, data)
    return file


def submitted(world: World, who: str, name: str, again: str = "") -> None:
    answer = member(world, who).post(f"/applications/{world.names[name]}/submit", key=f"submit-{name}{again}")
    assert answer.status == 200, answer.body.decode()


def decided(world: World, who: str, name: str, deed: str, **more: Any) -> None:
    clerk, path = staff(world, who), f"/staff/applications/{world.names[name]}"
    seen = clerk.get(path).json["version"]
    answer = clerk.post(f"{path}/{deed}", {"version": seen, **more}, key=f"{deed}-{name}-{seen}")
    assert answer.status == 200, answer.body.decode()


def paid(world: World, who: str, name: str, method: str = "transfer", again: str = "") -> str:
    body = {
        "applications": [world.names[name]], "method": method, "amount": FEE, "payer": made_up.enterprise(1),
        "paid_on": world.clock.today().isoformat(), "bank_serial": "S1",
    }  # fmt: skip
    if "paid_on" in world.names:  # tomorrow's retry says the same as today's
        body["paid_on"] = world.names["paid_on"]
    answer = member(world, who).post("/payments", body, key=f"pay-{name}{again}")
    assert answer.status == 201, answer.body.decode()
    return str(answer.json["id"])


def put_in(world: World, who: str, *names: str, amount: int = FEE, method: str = "transfer", again: str = "") -> str:
    """One payment for all of them, as of the day on which the step before it came to (`to_day`); answers its id."""
    body = {
        "applications": [world.names[name] for name in names], "method": method, "amount": amount,
        "payer": made_up.enterprise(1), "paid_on": world.names["day"], "bank_serial": f"S-{names[0]}",
    }  # fmt: skip
    answer = member(world, who).post("/payments", body, key=f"pay-{'-'.join(names)}{again}")
    assert answer.status == 201, answer.body.decode()
    return str(answer.json["id"])


def checked(world: World, payment: str, deed: str, **more: Any) -> None:
    """Finance's word; what it looked at is the payment as nobody else has decided it yet."""
    clerk, path = staff(world, "finance"), f"/staff/payments/{payment}"
    seen = clerk.get(path).json["version"]
    answer = clerk.post(f"{path}/{deed}", {"version": seen, **more}, key=f"{deed}-{payment}")
    assert answer.status == 200, answer.body.decode()


def drafted(world: World, who: str, service: str, name: str, form: dict[str, str | None] | None = None) -> None:
    """A draft of a member's service, with what it asks to be filled in."""
    answer = member(world, who).post("/applications", {"service": service}, key=f"open-{name}")
    assert answer.status == 201, answer.body.decode()
    world.names[name] = answer.json["id"]
    if form:
        path, body = f"/applications/{world.names[name]}", {"version": 0, "form": form}
        assert member(world, who).write("PATCH", path, body, key=f"save-{name}").status == 200


def with_files(world: World, who: str, name: str, *slots: str) -> None:
    for slot in slots:
        uploaded(world, who, name, slot, scan(slot))
    world.lambdas.rest()


def to_day(world: World, day: date) -> None:
    """To half past nine of that day, whatever hour it is."""
    world.clock.set(datetime.combine(day, MORNING))
    world.names["day"] = day.isoformat()


def joined(world: World, who: str, n: int) -> None:
    """A member, in cash and without a detour."""
    name = f"join-{who}"
    ready_to_submit(world, who, n, name)
    submitted(world, who, name)
    decided(world, "reviewer", name, "approve")
    world.names["day"] = world.names["paid_on"] = world.clock.today().isoformat()
    checked(world, paid(world, who, name, "cash"), "confirm", received=FEE)
    world.lambdas.rest()
    world.names[f"enterprise-{who}"] = member(world, who).get("/me/enterprise").json


def ready_to_submit(world: World, who: str, n: int, name: str) -> None:
    world.names[who] = logs_in(world, who)
    opened(world, who, n, name)
    for slot in ("application_form", "licence"):
        uploaded(world, who, name, slot, scan(slot))
    world.lambdas.rest()


# --- what they wait for -----------------------------------------------------------------------------------------------


def until(world: World, holds: Callable[[], bool], what: str) -> None:
    """Whatever went wrong on the way: first the queues have their tries, then the sweep has its turn."""
    for _ in range(PATIENCE):
        if world.lambdas.rest() and holds():
            return
        world.later(minutes=6)
        world.tick("sweeping")
    raise Broken(11, f"{what}: it never came to that")


def dead(world: World, letter: str) -> None:
    def is_dead() -> bool:
        row = world.ports.records.get(OutboxRow, letter)
        return row is not None and row.status is OutboxStatus.DEAD

    until(world, is_dead, f"{letter} a dead letter")


def sent_on_again(world: World, letter: str) -> None:
    """By staff, once what stood in the way is mended."""
    assert staff(world, "admin").post(f"/staff/dead-letters/{letter}/redrive", key=f"redrive-{letter}").ok


@contextmanager
def inspector_out_of_order() -> Iterator[None]:
    """Nobody can look into a file: the check breaks off each time."""

    def broken(*_: Any) -> Any:
        raise MemoryError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspection, "inspect", broken)
        yield


def is_accepted(world: World, file: str) -> bool:
    found = world.ports.records.get(MaterialFile, file.partition(".")[0], file)
    return found is not None and found.status is FileStatus.ACCEPTED


def lost(world: World, queue: str) -> None:
    """What a queue holds is gone. Purging it is possible once a minute only, by the clock on the wall."""
    client, address = world.emulation.client("sqs"), world.emulation.names[queue]
    for message in client.receive_message(QueueUrl=address, MaxNumberOfMessages=10)["Messages"]:
        client.delete_message(QueueUrl=address, ReceiptHandle=message["ReceiptHandle"])
