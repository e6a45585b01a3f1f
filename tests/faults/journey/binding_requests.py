"""认领: asked for with evidence, refused; asked again and withdrawn; granted; overtaken by binding oneself."""

from tests import made_up
from tests.faults.journey.dues import A_MEMBER
from tests.faults.journey.steps import Broken, scan, step
from tests.faults.people import logs_in, member, staff
from tests.faults.world import World

HE = 8  # of the made-up people: who asks; the one after him is whom his remark names
SLOTS = ("licence", "authorisation")
BROUGHT = "认领材料 evidence brought"
HANDED_IN = "（认领已提交） one that is handed in"


def asked(world: World, name: str) -> None:
    unit = world.names["enterprise-chen"]
    body = {
        "unit": unit["name"], "credit_code": unit["credit_code"], "post": "行政主管",
        "remark": f"原经办人{made_up.person(HE + 1)}已离职",
    }  # fmt: skip
    answer = member(world, "li").post("/binding-requests", body, key=f"ask-{name}")
    assert answer.status == 201, answer.body.decode()
    world.names[name] = answer.json["id"]


def brought(world: World, name: str) -> None:
    for slot in SLOTS:
        brought_one(world, name, slot, slot)


def brought_one(world: World, name: str, slot: str, key: str) -> None:
    body = {"slot": slot, "file_name": f"{made_up.person(HE)}{made_up.mobile(HE)}-{slot}.pdf"}
    answer = member(world, "li").post(f"{_own(world, name)}/evidence", body, key=f"evidence-{name}-{key}")
    assert answer.status == 201, answer.body.decode()
    world.names[f"{name}-{key}"] = answer.json["id"]
    world.upload(answer.json["id"], scan(slot))


def submitted(world: World, name: str) -> None:
    answer = member(world, "li").post(f"{_own(world, name)}/submit", key=f"submit-{name}")
    assert answer.ok, answer.body.decode()


def decided(world: World, name: str, deed: str, **more: str) -> None:
    body = {"version": 1, "reason": "核对执照和授权书", **more}
    answer = staff(world, "admin").post(f"/staff{_own(world, name)}/{deed}", body, key=f"{deed}-{name}")
    assert answer.ok, answer.body.decode()


def _own(world: World, name: str) -> str:
    return f"/binding-requests/{world.names[name]}"


def claimant(world: World) -> None:
    world.names["li"] = logs_in(world, "li")
    body = {"name": made_up.person(HE), "mobile": made_up.mobile(HE)}
    assert member(world, "li").write("PUT", "/me", body, key="profile-li").ok


def handed_in(world: World, name: str) -> None:
    asked(world, name)
    brought(world, name)
    world.lambdas.rest()
    submitted(world, name)


def by_name_and_code(world: World) -> dict[str, str]:
    unit = world.names["enterprise-chen"]
    return {"name": unit["name"], "member_code": unit["member_code"]}


# --- refused ----------------------------------------------------------------------------------------------------------


@step("（认领人） a user with his name and number", struck=False, follows=A_MEMBER)
def somebody(world: World) -> None:
    claimant(world)


@step("认领 asked for by a user who finds no record")
def ask(world: World) -> None:
    asked(world, "claim")


@step(BROUGHT)
def bring(world: World) -> None:
    brought(world, "claim")
    brought_one(world, "claim", "licence", "again")


@step("删除认领材料 one file taken out again")
def take_out(world: World) -> None:
    path = f"{_own(world, 'claim')}/evidence/{world.names['claim-again']}"
    assert member(world, "li").write("DELETE", path, key="evidence-out").ok


@step("认领提交 handed in to staff")
def submit(world: World) -> None:
    submitted(world, "claim")


@step("查认领 read by him, and by staff beside the register")
def read(world: World) -> None:
    path, file = _own(world, "claim"), world.names["claim-licence"]
    for each in ("/binding-requests?limit=1", path, f"{path}/evidence/{file}"):
        assert member(world, "li").get(each).ok, each
    reviewer = staff(world, "reviewer")
    for each in ("/staff/binding-requests", f"/staff{path}", f"/staff{path}/evidence/{file}"):
        assert reviewer.get(each).ok, each
    found = [each["found_by"] for each in reviewer.get(f"/staff{path}").json["candidates"]]
    if found != [["credit_code", "name"]]:
        raise Broken(1, f"of the one member that is meant, staff see {found}")
    assert reviewer.post(f"/staff{path}/reveal", {"reason": "电话核实"}, key="reveal-claim").ok


@step("认领不予通过 refused with a reason")
def refuse(world: World) -> None:
    decided(world, "claim", "refuse", reason="公章不清晰，请重拍授权书。")


@step("（再认领） asked once more, with evidence", struck=False)
def ask_again(world: World) -> None:
    asked(world, "claim-2")
    brought(world, "claim-2")


@step("撤回认领 withdrawn, and its evidence erased")
def withdraw(world: World) -> None:
    assert member(world, "li").post(f"{_own(world, 'claim-2')}/withdraw", key="withdraw-claim").ok


# --- granted, overtaken -----------------------------------------------------------------------------------------------


@step(HANDED_IN, struck=False)
def ready(world: World) -> None:
    handed_in(world, "claim-3")


@step("认领通过 granted: bound by an admin")
def grant(world: World) -> None:
    decided(world, "claim-3", "grant", member_code=world.names["enterprise-chen"]["member_code"])


@step("认领中自行绑定 binds himself while his request waits", follows=HANDED_IN)
def overtaken(world: World) -> None:
    answer = member(world, "li").post("/me/binding", by_name_and_code(world), key="bind-claiming")
    assert answer.status == 201, answer.body.decode()
