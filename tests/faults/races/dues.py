"""Those who meet over dues: two drafts, two in finance, the reviewer, and the credit of an owner."""

from collections.abc import Callable, Sequence

from tests import made_up
from tests.faults.journey import (
    FEE,
    drafted,
    dues,
    joined,
    money,
    put_in,
    statements,
    with_files,
)
from tests.faults.races.declared import clerk, done_or_told_why, member, one_wins, race
from tests.faults.races.reviewing import version_seen
from tests.faults.scheduler import Task
from tests.faults.world import World
from tests.operations.years import CHANGES


def with_receipt(world: World) -> None:
    """A member's draft for next year's dues, with the receipt."""
    for each in (dues.a_member, dues.december, dues.draft, dues.receipt):
        each(world)


def put_in_by(world: World) -> str:
    """The dues in review, and their payment to be checked."""
    with_receipt(world)
    dues.dues_put_in(world)
    return f"/staff/payments/{world.names['of-dues']}"


def booked_first(world: World) -> str:
    path = put_in_by(world)
    dues.found_first(world)
    world.lambdas.rest()
    return path


def undoing(world: World, key: str = "undo") -> dict[str, object]:
    return {"application": world.names["dues"], "arrived": True, "reason": f"认错了单位 {key}"}


@race("dues / dues with changes, two drafts put in", 5, one_wins)
def two_drafts(world: World) -> Callable[[], Sequence[Task]]:
    with_receipt(world)
    drafted(world, "chen", "dues_with_changes", "changes", CHANGES)
    with_files(world, "chen", "changes", "licence", "change_notice", "bank_receipt")
    bodies = {
        name: {
            "applications": [world.names[name]], "method": "transfer", "amount": FEE, "payer": made_up.enterprise(1),
            "paid_on": world.names["day"], "bank_serial": f"S-{name}",
        }
        for name in ("dues", "changes")
    }  # fmt: skip
    return lambda: [member(world, "chen", "POST", "/payments", body, f"pay-{name}") for name, body in bodies.items()]


@race("confirm / undo, of one payment", 9, done_or_told_why)
def confirm_undo(world: World) -> Callable[[], Sequence[Task]]:
    path = put_in_by(world)
    return lambda: [
        clerk(world, "finance", f"{path}/confirm", {"version": 0, "received": FEE}, "confirm"),
        clerk(world, "finance", f"{path}/undo", undoing(world), "undo"),
    ]


@race("confirm / withdraw", 9, done_or_told_why)
def confirm_withdraw(world: World) -> Callable[[], Sequence[Task]]:
    """Withdrawn first or last, the money is credit."""
    path = put_in_by(world)
    return lambda: [
        clerk(world, "finance", f"{path}/confirm", {"version": 0, "received": FEE}, "confirm"),
        member(world, "chen", "POST", f"/applications/{world.names['dues']}/withdraw", {}, "withdraw"),
    ]


@race("undo / withdraw, the dues booked before", 9, done_or_told_why)
def undo_withdraw(world: World) -> Callable[[], Sequence[Task]]:
    path = booked_first(world)
    return lambda: [
        clerk(world, "finance", f"{path}/undo", undoing(world), "undo"),
        member(world, "chen", "POST", f"/applications/{world.names['dues']}/withdraw", {}, "withdraw"),
    ]


@race("undo / undo", 9, one_wins)
def undo_undo(world: World) -> Callable[[], Sequence[Task]]:
    path = booked_first(world)
    return lambda: [clerk(world, "finance", f"{path}/undo", undoing(world, str(n)), f"undo-{n}") for n in range(2)]


@race("approve / undo, the dues booked before", 3, done_or_told_why)
def approve_undo(world: World) -> Callable[[], Sequence[Task]]:
    path = booked_first(world)
    body = {"version": version_seen(world, world.names["dues"])}
    return lambda: [
        clerk(world, "reviewer", f"/staff/applications/{world.names['dues']}/approve", body, "approve"),
        clerk(world, "finance", f"{path}/undo", undoing(world), "undo"),
    ]


@race("confirm / refund, out of one credit", 9, one_wins)
def confirm_refund(world: World) -> Callable[[], Sequence[Task]]:
    """What is taken for the dues cannot be paid back as well."""
    with_receipt(world)
    money.too_little(world)
    money.partly(world)
    world.lambdas.rest()
    money.the_rest(world)
    world.lambdas.rest()
    owner = f"enterprise:{world.names['enterprise-chen']['id']}"
    confirmed = {"version": 0, "received": FEE - money.PART}
    back = {"owner": owner, "amount": money.PART, "reason": "多缴退回"}
    return lambda: [
        clerk(world, "finance", f"/staff/payments/{world.names['of-rest']}/confirm", confirmed, "confirm"),
        clerk(world, "finance", "/staff/refunds", back, "refund"),
    ]


# --- a line of a bank statement ---------------------------------------------------------------------------------------


def a_line(world: World) -> str:
    """Of a statement that was read, while the dues wait for finance; answers its id."""
    statements.imported(world, "statement")
    world.lambdas.rest()
    return str(statements.lines(world)[0]["line"]["id"])


@race("one bank line, two payments: confirm / confirm", 9, one_wins)
def one_line(world: World) -> Callable[[], Sequence[Task]]:
    put_in_by(world)
    joined(world, "wang", 2)
    drafted(world, "wang", "dues", "dues-wang")
    with_files(world, "wang", "dues-wang", "bank_receipt")
    other, line = put_in(world, "wang", "dues-wang"), a_line(world)
    body = {"version": 0, "received": FEE, "line": line}
    return lambda: [
        clerk(world, "finance", f"/staff/payments/{payment}/confirm", body, f"confirm-{payment}")
        for payment in (world.names["of-dues"], other)
    ]


@race("a bank line: book / set aside", 9, one_wins)
def book_aside(world: World) -> Callable[[], Sequence[Task]]:
    put_in_by(world)
    path = f"/staff/statements/{{}}/lines/{a_line(world)}".format(world.names["statement"])
    booked = {"payments": [{"payment": world.names["of-dues"], "version": 0, "received": FEE}]}
    return lambda: [
        clerk(world, "finance", f"{path}/book", booked, "book"),
        clerk(world, "finance", f"{path}/set-aside", {"version": 0, "reason": "利息"}, "aside"),
    ]
