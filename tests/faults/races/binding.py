"""Those who meet over a representative: binding and unbinding, by himself, by another, while he joins on his own."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.faults import people
from tests.faults.journey import FEE, ready_to_submit
from tests.faults.races.declared import all_done, clerk, done_or_told_why, member, one_wins, race
from tests.faults.races.paying import being_checked
from tests.faults.scheduler import Task
from tests.faults.world import World


def a_member(world: World, who: str = "chen", n: int = 1, name: str = "join") -> dict[str, Any]:
    """An enterprise that holds its certificate."""
    payment = being_checked(world, who, n, name, "cash")
    body = {"version": 0, "received": FEE}
    assert people.staff(world, "finance").post(f"/staff/payments/{payment}/confirm", body, key=f"c-{name}").ok
    world.lambdas.rest()
    enterprise: dict[str, Any] = people.member(world, who).get("/me/enterprise").json
    return enterprise


def pair(enterprise: dict[str, Any]) -> dict[str, str]:
    return {"name": enterprise["name"], "member_code": enterprise["member_code"]}


def li_bound_to(world: World, enterprise: dict[str, Any]) -> None:
    assert people.member(world, "li").post("/me/binding", pair(enterprise), key="bind").status == 201
    world.lambdas.rest()


@race("bind / bind, one user to two enterprises", 5, one_wins)
def bind_two(world: World) -> Callable[[], Sequence[Task]]:
    first, second = a_member(world), a_member(world, "wang", 2, "other")
    world.names["li"] = people.logs_in(world, "li")
    return lambda: [
        member(world, "li", "POST", "/me/binding", pair(each), f"bind-{each['member_code']}")
        for each in (first, second)
    ]


@race("bind / bind, two users to one enterprise", 5, all_done)
def bind_both(world: World) -> Callable[[], Sequence[Task]]:
    enterprise = a_member(world)
    for who in ("li", "zhao"):
        world.names[who] = people.logs_in(world, who)
    return lambda: [
        member(world, who, "POST", "/me/binding", pair(enterprise), f"bind-{who}") for who in ("li", "zhao")
    ]


@race("bind / submit, by one user", 5, one_wins)
def bind_submit(world: World) -> Callable[[], Sequence[Task]]:
    enterprise = a_member(world)
    ready_to_submit(world, "li", 3, "own")
    return lambda: [
        member(world, "li", "POST", "/me/binding", pair(enterprise), "bind"),
        member(world, "li", "POST", f"/applications/{world.names['own']}/submit", {}, "submit"),
    ]


@race("unbind / submit, by one user", 5, done_or_told_why)
def unbind_submit(world: World) -> Callable[[], Sequence[Task]]:
    """He may submit only once he represents nobody: before that, the submission is told so."""
    enterprise = a_member(world)
    ready_to_submit(world, "li", 3, "own")
    li_bound_to(world, enterprise)
    return lambda: [
        member(world, "li", "DELETE", "/me/binding", None, "unbind"),
        member(world, "li", "POST", f"/applications/{world.names['own']}/submit", {}, "submit"),
    ]


@race("unbind / unbind, by himself and by an admin", 3, one_wins)
def unbind_unbind(world: World) -> Callable[[], Sequence[Task]]:
    enterprise = a_member(world)
    world.names["li"] = people.logs_in(world, "li")
    li_bound_to(world, enterprise)
    path = f"/staff/users/{world.names['li']}/unbind"
    return lambda: [
        member(world, "li", "DELETE", "/me/binding", None, "unbind"),
        clerk(world, "admin", path, {"reason": "离职"}, "unbind-by-admin"),
    ]
