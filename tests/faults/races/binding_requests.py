"""Those who meet over a claim: two staff, staff and the user who withdraws or binds himself, two phones of one user."""

from collections.abc import Callable, Sequence

from tests.faults.journey import binding_requests as claims
from tests.faults.journey import dues
from tests.faults.races.declared import clerk, done_or_told_why, member, one_wins, race
from tests.faults.scheduler import Task
from tests.faults.world import World


def claiming(world: World) -> str:
    """A claim that waits for staff; answers its path."""
    dues.a_member(world)
    claims.claimant(world)
    claims.handed_in(world, "claim")
    return f"/binding-requests/{world.names['claim']}"


def granted(world: World, path: str, key: str = "grant") -> Task:
    code = world.names["enterprise-chen"]["member_code"]
    body = {"version": 1, "member_code": code, "reason": "核对执照和授权书"}
    return clerk(world, "admin", f"/staff{path}/grant", body, key)


def bound(world: World) -> Task:
    return member(world, "li", "POST", "/me/binding", claims.by_name_and_code(world), "bind")


@race("grant / grant, one claim", 3, one_wins)
def grant_grant(world: World) -> Callable[[], Sequence[Task]]:
    path = claiming(world)
    return lambda: [granted(world, path, key) for key in ("one", "other")]


@race("grant / refuse, one claim", 3, one_wins)
def grant_refuse(world: World) -> Callable[[], Sequence[Task]]:
    path = claiming(world)
    refusing = clerk(world, "admin", f"/staff{path}/refuse", {"version": 1, "reason": "公章不清晰"}, "refuse")
    return lambda: [granted(world, path), refusing]


@race("grant / bind, by staff and by himself", 5, one_wins)
def grant_bind(world: World) -> Callable[[], Sequence[Task]]:
    path = claiming(world)
    return lambda: [granted(world, path), bound(world)]


@race("grant / withdraw, one claim", 3, one_wins)
def grant_withdraw(world: World) -> Callable[[], Sequence[Task]]:
    path = claiming(world)
    return lambda: [granted(world, path), member(world, "li", "POST", f"{path}/withdraw", {}, "withdraw")]


@race("refuse / bind, by staff and by himself", 3, done_or_told_why)
def refuse_bind(world: World) -> Callable[[], Sequence[Task]]:
    """He is bound in any case; staff are told where he was first."""
    path = claiming(world)
    refusing = clerk(world, "admin", f"/staff{path}/refuse", {"version": 1, "reason": "公章不清晰"}, "refuse")
    return lambda: [refusing, bound(world)]


def asking(world: World, key: str) -> Task:
    unit = world.names["enterprise-chen"]
    body = {"unit": unit["name"], "credit_code": unit["credit_code"], "post": "行政主管"}
    return member(world, "li", "POST", "/binding-requests", body, key)


@race("ask / ask, two claims of one user", 5, one_wins)
def ask_ask(world: World) -> Callable[[], Sequence[Task]]:
    dues.a_member(world)
    claims.claimant(world)
    return lambda: [asking(world, key) for key in ("one", "other")]


@race("ask / bind, by one user", 5, done_or_told_why)
def ask_bind(world: World) -> Callable[[], Sequence[Task]]:
    """Whoever binds himself has no claim open afterwards, whichever came first."""
    dues.a_member(world)
    claims.claimant(world)
    return lambda: [asking(world, "ask"), bound(world)]


@race("hand in / bring more evidence", 3, done_or_told_why)
def submit_bring(world: World) -> Callable[[], Sequence[Task]]:
    """What staff look at is what was handed in: a file that comes too late is told so."""
    dues.a_member(world)
    claims.claimant(world)
    claims.asked(world, "claim")
    claims.brought(world, "claim")
    world.lambdas.rest()
    path = f"/binding-requests/{world.names['claim']}"
    body = {"slot": "licence", "file_name": "a.pdf"}
    return lambda: [
        member(world, "li", "POST", f"{path}/submit", {}, "submit"),
        member(world, "li", "POST", f"{path}/evidence", body, "bring"),
    ]
