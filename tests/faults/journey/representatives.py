"""Who represents an enterprise: bound and unbound."""

from tests.faults.journey.steps import step
from tests.faults.people import logs_in, member, staff
from tests.faults.world import World


@step("企业绑定 a second representative bound")
def bound(world: World) -> None:
    world.names["li"] = logs_in(world, "li")
    enterprise = world.names["enterprise"]
    wrong = {"name": enterprise["name"], "member_code": "1"}
    assert member(world, "li").post("/me/binding", wrong, key="bind-wrong").status == 409
    right = {"name": enterprise["name"], "member_code": enterprise["member_code"]}
    assert member(world, "li").post("/me/binding", right, key="bind").status == 201


@step("解除绑定 unbound by an admin, bound again, unbound by himself")
def unbound(world: World) -> None:
    path = f"/staff/users/{world.names['li']}/unbind"
    assert staff(world, "admin").post(path, {"reason": "已离职"}, key="unbind-li").ok
    enterprise = world.names["enterprise"]
    body = {"name": enterprise["name"], "member_code": enterprise["member_code"]}
    assert member(world, "li").post("/me/binding", body, key="bind-again").status == 201
    assert member(world, "li").write("DELETE", "/me/binding", key="unbind-self").ok
