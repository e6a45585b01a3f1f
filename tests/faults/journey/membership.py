"""会员资格: ended by an admin, restored, ended again; and the unit joins again by its representative."""

from tests.faults.journey.dues import A_MEMBER, NEXT_YEARS
from tests.faults.journey.steps import decided, opened, step, submitted, with_files
from tests.faults.people import member, staff
from tests.faults.world import World

RESTORED = "撤销终止 the membership restored"
SUBMITTED_AGAIN = "重新入会提交 the unit applies to join again"


def said(world: World, deed: str, key: str) -> None:
    admin, path = staff(world, "admin"), f"/staff/enterprises/{world.names['enterprise-chen']['member_code']}"
    body = {"version": admin.get(path).json["version"], "reason": "自愿退会"}
    if key in world.names:  # whoever tries again says the same
        body["version"] = world.names[key]
    world.names[key] = body["version"]
    answer = admin.post(f"{path}/{deed}", body, key=key)
    assert answer.ok, answer.body.decode()


@step("终止会员资格 the membership ended by an admin", follows=A_MEMBER)
def ended(world: World) -> None:
    said(world, "end-membership", "end")


@step(RESTORED)
def restored(world: World) -> None:
    said(world, "restore-membership", "restore")


@step("（再次终止） ended once more, and a new join filled in", struck=False)
def ended_again(world: World) -> None:
    said(world, "end-membership", "end-again")
    opened(world, "chen", 1, "again")
    with_files(world, "chen", "again", "application_form", "licence")


@step(SUBMITTED_AGAIN)
def submit_again(world: World) -> None:
    submitted(world, "chen", "again")


@step("重新入会打回 and is sent back: the unit is as it was", struck=False)
def sent_back(world: World) -> None:
    decided(world, "reviewer", "again", "return", reason="请补正")


@step("重新入会审核、制证 joined again, its year being paid already")
def joined_again(world: World) -> None:
    submitted(world, "chen", "again", "-2")
    decided(world, "reviewer", "again", "approve")
    world.lambdas.rest()
    assert member(world, "chen").get("/me/enterprise").ok


@step("办理中解除绑定 who filed the new join leaves", follows=SUBMITTED_AGAIN)
def left(world: World) -> None:
    assert member(world, "chen").write("DELETE", "/me/binding", key="leave").ok


@step("无人在场也办成 joined again without him, and he is free")
def joined_without_him(world: World) -> None:
    decided(world, "reviewer", "again", "approve")
    world.lambdas.rest()
    assert member(world, "chen").get("/me/enterprise").status == 404


@step("（十二月终止） ended although next year is paid too", struck=False, follows=NEXT_YEARS)
def ended_in_december(world: World) -> None:
    ended_again(world)


@step("十二月重新入会 joined again for both years, nothing due")
def joined_in_december(world: World) -> None:
    submitted(world, "chen", "again")
    decided(world, "reviewer", "again", "approve")
