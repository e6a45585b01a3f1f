"""入会: a company joins, from the first login to its certificate."""

from chalicelib.rules.association import Association
from infra.local.demo_files import DISGUISED
from tests import made_up
from tests.faults.journey.steps import (
    FEE,
    Broken,
    checked,
    decided,
    is_accepted,
    lost,
    opened,
    paid,
    saved,
    scan,
    step,
    submitted,
    until,
    uploaded,
)
from tests.faults.people import logs_in, member, signs_in, staff
from tests.faults.world import World

NOTICES = ("to_be_paid", "returned", "payment_refused", "completed", "rejected", "withdrawn_by_system")


@step("首次登录 first login")
def first_login(world: World) -> None:
    world.names["chen"] = logs_in(world, "chen")


@step("个人资料 profile")
def profile(world: World) -> None:
    body = {"name": made_up.person(1), "mobile": made_up.mobile(1)}
    assert member(world, "chen").write("PUT", "/me", body, key="profile").ok


@step("订阅提醒 consents")
def consents(world: World) -> None:
    settings = world.ports.records.get(Association, "association")
    assert settings is not None
    for notice in NOTICES:
        template = settings.wechat_templates[notice].id
        if not world.wechat.consents[_openid(world), template]:
            world.wechat.grant_consent({"name": "chen", "template_id": template, "times": 3})
    for n in range(2):
        assert member(world, "chen").post("/me/consents", {"notices": list(NOTICES)}, key=f"consents-{n}").ok


def _openid(world: World) -> str:
    return next(openid for openid, name in world.wechat.users.items() if name == "chen")


@step("拟稿 a draft, opened and saved")
def draft(world: World) -> None:
    opened(world, "chen", 1, "join")


@step("上传资料 two files")
def files(world: World) -> None:
    uploaded(world, "chen", "join", "application_form", scan("application_form"))
    uploaded(world, "chen", "join", "licence", scan("licence"))


@step("坏文件 a file that lies about itself")
def bad_file(world: World) -> None:
    world.names["bad"] = uploaded(world, "chen", "join", "licence", DISGUISED, "-bad")


@step("覆盖 another file under a form that was used, and nobody is told")
def overwritten(world: World) -> None:
    """The form is good for some minutes more; what was checked stays what it was, also when its event comes again."""
    file = uploaded(world, "chen", "join", "licence", scan("first"), "-first")
    until(world, lambda: is_accepted(world, file), f"{file} checked")
    kept = world.uploaded[file]
    world.upload(file, scan("another"))
    lost(world, "UploadsQueue")
    world.uploaded[file] = kept
    world.names["first"] = file


@step("删除文件 a file removed")
def removed(world: World) -> None:
    path = f"/applications/{world.names['join']}/files/{world.names['bad']}"
    assert member(world, "chen").write("DELETE", path, key="remove-bad").ok


@step("提交 submitted")
def submit(world: World) -> None:
    submitted(world, "chen", "join")


@step("工作人员登录 staff sign in")
def staff_login(world: World) -> None:
    signs_in(world, "reviewer")


@step("打回 returned, with a notice")
def returned(world: World) -> None:
    decided(world, "reviewer", "join", "return", reason="请补正地址")


@step("补正后再提交 submitted again")
def submit_again(world: World) -> None:
    application = member(world, "chen").get(f"/applications/{world.names['join']}").json
    saved(world, "chen", 1, "join", application["version"])
    submitted(world, "chen", "join", "-again")


@step("查看个人信息 revealed to staff")
def revealed(world: World) -> None:
    application = world.names["join"]
    path = f"/staff/applications/{application}/reveal"
    assert staff(world, "reviewer").post(path, {"reason": "电话核实"}, key="reveal").ok
    kept = staff(world, "admin").get(f"/staff/audit?subject=application:{application}").json["items"]
    if not any((each["deed"], each["actor"], each["reason"]) == ("reveal", "reviewer", "电话核实") for each in kept):
        raise Broken(8, "personal data was shown, and nobody can see to whom")


@step("审核通过 approved")
def approved(world: World) -> None:
    decided(world, "reviewer", "join", "approve")


@step("银行回单 a receipt")
def receipt(world: World) -> None:
    uploaded(world, "chen", "join", "bank_receipt", scan("bank_receipt"))


@step("缴费 the payment put in")
def pay(world: World) -> None:
    world.names["paid_on"] = world.clock.today().isoformat()
    world.names["payment"] = paid(world, "chen", "join")


@step("核账不通过 refused")
def payment_refused(world: World) -> None:
    checked(world, world.names["payment"], "refuse", reason="账上查无此款")


@step("再次缴费 paid again")
def pay_again(world: World) -> None:
    world.names["payment"] = paid(world, "chen", "join", again="-again")


@step("核账通过、制证 confirmed, and the certificate made")
def confirmed(world: World) -> None:
    checked(world, world.names["payment"], "confirm", received=FEE)
