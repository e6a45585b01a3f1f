"""钱款: too little and kept as credit, credit taken, paid back; a booking undone, be the money there or not."""

from tests.faults.journey.dues import PUT_IN, WITH_RECEIPT
from tests.faults.journey.otherwise import SENT_BACK
from tests.faults.journey.steps import BEGINNING, FEE, checked, decided, put_in, ready_to_submit, step, submitted
from tests.faults.people import member, staff
from tests.faults.world import World

PART = 100_000
PARTLY = "部分核账 too little: refused with the gap, kept as credit"
BOOKED = "（先核账） booked before the reviewer is done"


@step("（少缴） less than the dues, approved", struck=False, follows=WITH_RECEIPT)
def too_little(world: World) -> None:
    world.names["of-part"] = put_in(world, "chen", "dues", amount=PART)
    decided(world, "reviewer", "dues", "approve")


@step(PARTLY)
def partly(world: World) -> None:
    checked(world, world.names["of-part"], "confirm", received=PART, partly=True)


@step("退还余款 part of the credit paid back")
def refunded(world: World) -> None:
    owner = f"enterprise:{world.names['enterprise-chen']['id']}"
    body = {"owner": owner, "amount": 50_000, "reason": "多缴退回"}
    assert staff(world, "finance").post("/staff/refunds", body, key="refund").ok
    for path in (f"/staff/credits/{owner}", f"/staff/closing?day={world.names['day']}"):
        assert staff(world, "finance").get(path).ok


@step("（补缴） the rest paid, approved", struck=False, follows=PARTLY)
def the_rest(world: World) -> None:
    world.names["of-rest"] = put_in(world, "chen", "dues", amount=FEE - PART, again="-rest")
    decided(world, "reviewer", "dues", "approve")


@step("（以余款补足） confirmed with what was credit", struck=False)
def made_up_for(world: World) -> None:
    checked(world, world.names["of-rest"], "confirm", received=FEE - PART)


# --- undone -----------------------------------------------------------------------------------------------------------


@step(BOOKED, struck=False, follows=PUT_IN)
def booked(world: World) -> None:
    checked(world, world.names["of-dues"], "confirm", received=FEE)


def undone(world: World, name: str, payment: str, *, arrived: bool) -> None:
    body = {"application": world.names[name], "arrived": arrived, "reason": "认错了单位"}
    answer = staff(world, "finance").post(f"/staff/payments/{world.names[payment]}/undo", body, key=f"undo-{name}")
    assert answer.ok, answer.body.decode()


@step("撤销核账 undone: the money was never there")
def never_there(world: World) -> None:
    undone(world, "dues", "of-dues", arrived=False)


@step("撤销核账 undone: the money is there, and credit", follows=BOOKED)
def there(world: World) -> None:
    undone(world, "dues", "of-dues", arrived=True)


@step("撤回 withdrawn: what was booked is credit", follows=BOOKED)
def withdrawn(world: World) -> None:
    path = f"/applications/{world.names['dues']}/withdraw"
    assert member(world, "chen").post(path, key="withdraw-booked").ok


# --- too much for a join ----------------------------------------------------------------------------------------------


@step("（多缴） a join, more paid than is due", struck=False, follows=BEGINNING)
def too_much(world: World) -> None:
    ready_to_submit(world, "chen", 1, "join")
    submitted(world, "chen", "join")
    decided(world, "reviewer", "join", "approve")
    world.names["day"] = world.clock.today().isoformat()
    world.names["of-join"] = put_in(world, "chen", "join", amount=FEE + PART, method="cash")


@step("多缴入会、制证 what is over is credit, and passes to the enterprise")
def credit_passed_on(world: World) -> None:
    checked(world, world.names["of-join"], "confirm", received=FEE + PART)


# --- the fee changed while the certificate was sent back --------------------------------------------------------------

RISEN, FALLEN = 150_000, 80_000


def costs(world: World, amount: int) -> None:
    """What the dues cost from now on."""
    admin = staff(world, "admin")
    shown = admin.get("/staff/settings").json
    fees = [{**each, "amount": amount} if each["code"] == "dues" else each for each in shown["settings"]["fees"]]
    body = {"version": shown["version"], "settings": {**shown["settings"], "fees": fees}}
    answer = admin.write("PUT", "/staff/settings", body, key=f"fee-{amount}")
    assert answer.ok, answer.body.decode()


@step("（涨价） dearer when it is approved again: the rest is paid too", struck=False, follows=SENT_BACK)
def dearer(world: World) -> None:
    costs(world, RISEN)
    submitted(world, "wang", "fourth", "-dearer")
    decided(world, "reviewer", "fourth", "approve")
    world.names["day"] = world.clock.today().isoformat()
    rest = put_in(world, "wang", "fourth", amount=RISEN - FEE, method="cash", again="-rest")
    with world.printer_out_of_order():
        checked(world, rest, "confirm", received=RISEN - FEE)
        world.lambdas.rest()


@step("（再退回，降价） sent back once more, and cheaper now", struck=False)
def cheaper(world: World) -> None:
    decided(world, "certifier", "fourth", "send-back", reason="名称又有误")
    costs(world, FALLEN)
    submitted(world, "wang", "fourth", "-cheaper")


@step("应缴减少 approved for less than two payments have booked: the difference is credit")
def surplus(world: World) -> None:
    decided(world, "reviewer", "fourth", "approve")
