"""Ways that end otherwise: withdrawn, rejected, sent back, lapsed; and what the clock finds lying about."""

from tests.faults.journey.steps import (
    FEE,
    checked,
    decided,
    lost,
    opened,
    paid,
    ready_to_submit,
    scan,
    step,
    submitted,
    uploaded,
)
from tests.faults.people import member
from tests.faults.world import World

SENT_BACK = "制证退回 sent back, its number void"


@step("（另一家） another company, ready to submit", struck=False)
def another(world: World) -> None:
    ready_to_submit(world, "wang", 2, "second")
    submitted(world, "wang", "second")


@step("撤回 withdrawn from review")
def withdrawn(world: World) -> None:
    path = f"/applications/{world.names['second']}/withdraw"
    assert member(world, "wang").post(path, key="withdraw").ok


@step("（第三家） a third, submitted", struck=False)
def third(world: World) -> None:
    ready_to_submit(world, "zhao", 3, "third")
    submitted(world, "zhao", "third")


@step("拒绝 rejected")
def rejected(world: World) -> None:
    decided(world, "reviewer", "third", "reject", reason="不属于本会范围")


@step("（再来） the second once more, approved", struck=False)
def approved_again(world: World) -> None:
    ready_to_submit(world, "wang", 2, "fourth")
    submitted(world, "wang", "fourth")
    decided(world, "reviewer", "fourth", "approve")
    world.names["paid_on"] = world.clock.today().isoformat()


@step("到店缴现金 paid in cash")
def in_cash(world: World) -> None:
    world.names["cash"] = paid(world, "wang", "fourth", "cash")


@step("（打印机故障） the printer is out of order", struck=False)
def printer_broken(world: World) -> None:
    with world.printer_out_of_order():
        checked(world, world.names["cash"], "confirm", received=FEE)
        world.lambdas.rest()


@step(SENT_BACK)
def sent_back(world: World) -> None:
    decided(world, "certifier", "fourth", "send-back", reason="名称有误")


@step("退回后再办 submitted and approved again, nothing more to pay", jobs=("sweeping",))
def after_sent_back(world: World) -> None:
    submitted(world, "wang", "fourth", "-again")
    decided(world, "reviewer", "fourth", "approve")


@step("（待缴费） somebody who does not pay", struck=False)
def unpaid(world: World) -> None:
    ready_to_submit(world, "zhao", 4, "fifth")
    submitted(world, "zhao", "fifth")
    decided(world, "reviewer", "fifth", "approve")


@step("逾期提醒 nobody pays: warned", days=84, jobs=("morning",))
def warned(world: World) -> None:
    pass


@step("逾期撤回 nobody pays: lapsed", days=7, jobs=("morning",))
def lapsed(world: World) -> None:
    pass


@step("（新的拟稿） a draft more", struck=False)
def sixth(world: World) -> None:
    opened(world, "zhao", 4, "sixth")
    body = {"application": world.names["sixth"], "slot": "licence", "file_name": "x.pdf"}
    assert member(world, "zhao").post("/uploads", body, key="never").status == 201


@step("没有传到的文件 asked for and never sent", jobs=("sweeping",))
def never_sent(world: World) -> None:
    world.later(hours=2)


@step("（上传） one more upload", struck=False)
def lost_upload(world: World) -> None:
    uploaded(world, "zhao", "sixth", "licence", scan("licence"), "-lost")
    lost(world, "UploadsQueue")


@step("事件丢失 the bucket's event was lost", jobs=("sweeping",))
def event_lost(world: World) -> None:
    world.later(minutes=6)
