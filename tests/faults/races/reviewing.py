"""Those who meet over an application: its applicant, a reviewer, the same request twice."""

from collections.abc import Callable, Sequence

from tests.faults import people
from tests.faults.journey import ready_to_submit, submitted
from tests.faults.races.declared import clerk, member, one_wins, race, the_same_answer
from tests.faults.scheduler import Task
from tests.faults.world import World


def in_review(world: World) -> str:
    ready_to_submit(world, "chen", 1, "join")
    submitted(world, "chen", "join")
    world.lambdas.rest()
    return str(world.names["join"])


def version_seen(world: World, application: str) -> int:
    """The version on a clerk's screen when the race begins."""
    return int(people.staff(world, "reviewer").get(f"/staff/applications/{application}").json["version"])


@race("approve / approve", 3, one_wins)
def approve_approve(world: World) -> Callable[[], Sequence[Task]]:
    path = f"/staff/applications/{in_review(world)}/approve"
    body = {"version": version_seen(world, world.names["join"])}
    return lambda: [clerk(world, "reviewer", path, body, f"approve-{n}") for n in range(2)]


@race("approve / withdraw", 3, one_wins)
def approve_withdraw(world: World) -> Callable[[], Sequence[Task]]:
    application = in_review(world)
    body = {"version": version_seen(world, application)}
    return lambda: [
        clerk(world, "reviewer", f"/staff/applications/{application}/approve", body, "approve"),
        member(world, "chen", "POST", f"/applications/{application}/withdraw", body, "withdraw"),
    ]


@race("approve / return", 3, one_wins)
def approve_return(world: World) -> Callable[[], Sequence[Task]]:
    path = f"/staff/applications/{in_review(world)}"
    body = {"version": version_seen(world, world.names["join"])}
    return lambda: [
        clerk(world, "reviewer", f"{path}/approve", body, "approve"),
        clerk(world, "reviewer", f"{path}/return", {**body, "reason": "请补正"}, "return"),
    ]


@race("submit / submit", 3, one_wins)
def submit_submit(world: World) -> Callable[[], Sequence[Task]]:
    ready_to_submit(world, "chen", 1, "join")
    path = f"/applications/{world.names['join']}/submit"
    return lambda: [member(world, "chen", "POST", path, {}, f"submit-{n}") for n in range(2)]


@race("two units, one credit code: submit / submit", 5, one_wins)
def submit_same_code(world: World) -> Callable[[], Sequence[Task]]:
    ready_to_submit(world, "chen", 1, "join")
    ready_to_submit(world, "wang", 1, "other")
    return lambda: [
        member(world, who, "POST", f"/applications/{world.names[name]}/submit", {}, f"submit-{name}")
        for who, name in (("chen", "join"), ("wang", "other"))
    ]


@race("the same key at once: submit", 2, the_same_answer)
def same_key_submit(world: World) -> Callable[[], Sequence[Task]]:
    ready_to_submit(world, "chen", 1, "join")
    path = f"/applications/{world.names['join']}/submit"
    return lambda: [member(world, "chen", "POST", path, {}, "the-same") for _ in range(2)]
