"""会费: a member pays next year's dues in December, with and without changes, and every way back to the draft."""

from datetime import date

from tests.faults.journey.steps import (
    BEGINNING,
    FEE,
    checked,
    decided,
    drafted,
    joined,
    put_in,
    scan,
    step,
    submitted,
    to_day,
    uploaded,
    with_files,
)
from tests.faults.world import World
from tests.operations.years import CHANGES

A_MEMBER, DECEMBER = "（一家会员） a member of this year", "（十二月） next year's dues are open"
NEXT_YEARS = "会费审核、制证 approved, and next year's version made"
WITH_RECEIPT, PUT_IN = "（回单） the receipt lies ready", "会费提交 the dues put in with their receipt"


@step(A_MEMBER, struck=False, follows=BEGINNING)
def a_member(world: World) -> None:
    joined(world, "chen", 1)


@step(DECEMBER, struck=False)
def december(world: World) -> None:
    to_day(world, date(2026, 12, 5))


@step("会费拟稿 a draft for the dues")
def draft(world: World) -> None:
    drafted(world, "chen", "dues", "dues")


@step(WITH_RECEIPT, struck=False)
def receipt(world: World) -> None:
    with_files(world, "chen", "dues", "bank_receipt")


@step(PUT_IN)
def dues_put_in(world: World) -> None:
    world.names["of-dues"] = put_in(world, "chen", "dues")


@step("会费打回 returned by the reviewer")
def returned(world: World) -> None:
    decided(world, "reviewer", "dues", "return", reason="回单不清晰")


@step("会费再交 in again with the receipt it has")
def again(world: World) -> None:
    submitted(world, "chen", "dues")


@step("会费先核账 the money is found before the reviewer is done")
def found_first(world: World) -> None:
    checked(world, world.names["of-dues"], "confirm", received=FEE)


@step(NEXT_YEARS)
def approved(world: World) -> None:
    decided(world, "reviewer", "dues", "approve")


@step("（审核通过） approved, the money not found yet", struck=False, follows=PUT_IN)
def approved_first(world: World) -> None:
    decided(world, "reviewer", "dues", "approve")


@step("会费核账不通过 refused: a draft once more")
def refused(world: World) -> None:
    checked(world, world.names["of-dues"], "refuse", reason="账上查无此款")


@step("会费再缴 paid again with the same receipt")
def paid_again(world: World) -> None:
    world.names["of-dues"] = put_in(world, "chen", "dues", again="-again")


# --- with changes -----------------------------------------------------------------------------------------------------


@step("（变更拟稿） dues with changes, put in", struck=False, follows=DECEMBER)
def with_changes(world: World) -> None:
    drafted(world, "chen", "dues_with_changes", "changes", CHANGES)
    with_files(world, "chen", "changes", "licence", "change_notice", "bank_receipt")
    world.names["of-changes"] = put_in(world, "chen", "changes")


@step("变更打回 returned with a verdict on each material")
def returned_by_material(world: World) -> None:
    verdicts = [
        {"slot": "licence", "accepted": False, "reason": "执照已过期"}, {"slot": "change_notice", "accepted": True},
    ]  # fmt: skip
    decided(world, "reviewer", "changes", "return", reason="请更换执照", materials=verdicts)


@step("（换执照） the refused one replaced", struck=False)
def replaced(world: World) -> None:
    uploaded(world, "chen", "changes", "licence", scan("new licence"), "-new")
    world.lambdas.rest()


@step("变更再交 in again, with what was refused replaced")
def changes_again(world: World) -> None:
    submitted(world, "chen", "changes")


@step("变更审核 approved: what the reviewer saw is kept anew")
def changes_approved(world: World) -> None:
    decided(world, "reviewer", "changes", "approve")


@step("变更核账、制证 confirmed, made in the new name, the register changed")
def changes_confirmed(world: World) -> None:
    checked(world, world.names["of-changes"], "confirm", received=FEE)
