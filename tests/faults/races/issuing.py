"""Those who meet over a certificate that is being made: workers, the number counter, a certifier who sends it back."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.faults import people
from tests.faults.journey import FEE
from tests.faults.races.declared import (
    all_come_back,
    answered,
    came_back,
    clerk,
    is_done,
    is_told_why,
    race,
    works,
)
from tests.faults.races.paying import being_checked
from tests.faults.races.reviewing import version_seen
from tests.faults.scheduler import Task
from tests.faults.world import World


def to_be_issued(world: World, *who: str) -> list[str]:
    """Each confirmed, and nobody has begun to make a certificate; answers the outbox rows."""
    names = [f"of-{each}" for each in who]
    payments = [being_checked(world, each, n, names[n - 1], "cash") for n, each in enumerate(who, 1)]
    finance, body = people.staff(world, "finance"), {"version": 0, "received": FEE}
    for payment in payments:
        assert finance.post(f"/staff/payments/{payment}/confirm", body, key=f"confirm-{payment}").ok
    shown = (finance.get(f"/staff/applications/{world.names[name]}").json for name in names)
    return [f"issue-{each['id']}-{len(each['history'])}" for each in shown]


@race("issue / issue, one message to two workers", 4, all_come_back)
def issue_issue(world: World) -> Callable[[], Sequence[Task]]:
    (row,) = to_be_issued(world, "chen")
    return lambda: [works(world, "issuing", "IssuingQueue", row) for _ in range(2)]


def made_or_sent_back(world: World, outcomes: tuple[Any, ...]) -> str | None:
    """Sent back, there is no certificate; too late for that, the clerk is told why, and there is one."""
    worker, sent_back = outcomes
    if not came_back(worker) or not (is_done(sent_back) or is_told_why(sent_back)):
        return answered(outcomes)
    held = people.member(world, "chen").get("/certificates").json["items"]
    return None if len(held) == int(not is_done(sent_back)) else f"{answered(outcomes)}, {len(held)} certificates"


@race("issue / send back", 4, made_or_sent_back)
def issue_send_back(world: World) -> Callable[[], Sequence[Task]]:
    (row,) = to_be_issued(world, "chen")
    path = f"/staff/applications/{world.names['of-chen']}"
    body = {"version": version_seen(world, world.names["of-chen"]), "reason": "名称有误"}
    return lambda: [
        works(world, "issuing", "IssuingQueue", row),
        clerk(world, "certifier", f"{path}/send-back", body, "send-back"),
    ]


@race("two at the number counter", 4, all_come_back)
def two_numbers(world: World) -> Callable[[], Sequence[Task]]:
    rows = to_be_issued(world, "chen", "wang")
    return lambda: [works(world, "issuing", "IssuingQueue", row) for row in rows]


@race("three at the number counter", 4, all_come_back, runners=3)
def three_numbers(world: World) -> Callable[[], Sequence[Task]]:
    rows = to_be_issued(world, "chen", "wang", "zhao")
    return lambda: [works(world, "issuing", "IssuingQueue", row) for row in rows]
