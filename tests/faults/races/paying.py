"""Those who meet over money: two in finance, and the payer with another receipt."""

from collections.abc import Callable, Sequence

from tests import made_up
from tests.faults.journey import FEE, decided, paid, ready_to_submit, scan, submitted, uploaded
from tests.faults.races.declared import clerk, done_or_told_why, member, one_wins, race
from tests.faults.scheduler import Task
from tests.faults.world import World


def being_checked(world: World, who: str = "chen", n: int = 1, name: str = "join", method: str = "transfer") -> str:
    """A payment that has been put in; answers its id."""
    ready_to_submit(world, who, n, name)
    submitted(world, who, name)
    decided(world, "reviewer", name, "approve")
    if method == "transfer":
        uploaded(world, who, name, "bank_receipt", scan("bank_receipt"))
    world.lambdas.rest()
    return paid(world, who, name, method)


@race("confirm / confirm", 9, one_wins)
def confirm_confirm(world: World) -> Callable[[], Sequence[Task]]:
    path = f"/staff/payments/{being_checked(world)}/confirm"
    body = {"version": 0, "received": FEE}
    return lambda: [clerk(world, "finance", path, body, f"confirm-{n}") for n in range(2)]


@race("confirm / refuse", 9, one_wins)
def confirm_refuse(world: World) -> Callable[[], Sequence[Task]]:
    path = f"/staff/payments/{being_checked(world)}"
    return lambda: [
        clerk(world, "finance", f"{path}/confirm", {"version": 0, "received": FEE}, "confirm"),
        clerk(world, "finance", f"{path}/refuse", {"version": 0, "reason": "查无此款"}, "refuse"),
    ]


@race("confirm / new receipt", 9, one_wins)
def confirm_receipt(world: World) -> Callable[[], Sequence[Task]]:
    payment = being_checked(world)
    receipt = {"application": world.names["join"], "slot": "bank_receipt", "file_name": "a.pdf"}
    return lambda: [
        clerk(world, "finance", f"/staff/payments/{payment}/confirm", {"version": 0, "received": FEE}, "confirm"),
        member(world, "chen", "POST", "/uploads", receipt, "receipt"),
    ]


@race("pay / new receipt", 9, done_or_told_why)
def pay_receipt(world: World) -> Callable[[], Sequence[Task]]:
    ready_to_submit(world, "chen", 1, "join")
    submitted(world, "chen", "join")
    decided(world, "reviewer", "join", "approve")
    uploaded(world, "chen", "join", "bank_receipt", scan("bank_receipt"))
    world.lambdas.rest()
    application = world.names["join"]
    transfer = {
        "applications": [application], "method": "transfer", "amount": FEE, "payer": made_up.enterprise(1),
        "paid_on": world.clock.today().isoformat(), "bank_serial": "S1",
    }  # fmt: skip
    receipt = {"application": application, "slot": "bank_receipt", "file_name": "a.pdf"}
    return lambda: [
        member(world, "chen", "POST", "/payments", transfer, "pay"),
        member(world, "chen", "POST", "/uploads", receipt, "receipt"),
    ]
