"""What people do, one write after the other: every service step, every way back, every job of the clock.

Each step is run once without faults, then once for every call in it and every way that call can go wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from chalicelib.rules.association import Association
from infra.local.demo_files import DISGUISED, paper
from tests import made_up
from tests.faults.people import logs_in, member, signs_in, staff
from tests.faults.world import World
from tests.operations.acting import join_form

FEE = 120_000
NOTICES = ("to_be_paid", "returned", "payment_refused", "completed", "rejected", "withdrawn_by_system")


@dataclass(frozen=True)
class Step:
    """``act`` is what people do; ``jobs`` run by the clock, ``days`` later. Only what is new is ``struck``."""

    name: str
    act: Callable[[World], None]
    days: int = 0
    jobs: tuple[str, ...] = ()
    struck: bool = True


JOURNEY: list[Step] = []


def step(
    name: str, days: int = 0, jobs: tuple[str, ...] = (), *, struck: bool = True
) -> Callable[[Callable[[World], None]], Any]:
    def declare(act: Callable[[World], None]) -> Callable[[World], None]:
        JOURNEY.append(Step(name, act, days, jobs, struck))
        return act

    return declare


@cache
def scan(title: str) -> bytes:
    return paper(title, {"单位名称": "虚构"})


# --- what several steps have in common --------------------------------------------------------------------------------


def opened(world: World, who: str, n: int, name: str) -> None:
    answer = member(world, who).post("/applications", {"service": "join"}, key=f"open-{name}")
    assert answer.status == 201, answer.body.decode()
    world.names[name] = answer.json["id"]
    saved(world, who, n, name, 0)


def saved(world: World, who: str, n: int, name: str, seen: int) -> None:
    path = f"/applications/{world.names[name]}"
    body = {"version": seen, "form": join_form(n)}
    answer = member(world, who).write("PATCH", path, body, key=f"save-{name}-{seen}")
    assert answer.status == 200, answer.body.decode()


def uploaded(world: World, who: str, name: str, slot: str, data: bytes, again: str = "") -> str:
    body = {"application": world.names[name], "slot": slot, "file_name": f"{slot}.pdf"}
    answer = member(world, who).post("/uploads", body, key=f"upload-{name}-{slot}{again}")
    assert answer.status == 201, answer.body.decode()
    file = str(answer.json["id"])
    world.upload(file, data)
    return file


def submitted(world: World, who: str, name: str, again: str = "") -> None:
    answer = member(world, who).post(f"/applications/{world.names[name]}/submit", key=f"submit-{name}{again}")
    assert answer.status == 200, answer.body.decode()


def decided(world: World, who: str, name: str, deed: str, **more: str) -> None:
    clerk, path = staff(world, who), f"/staff/applications/{world.names[name]}"
    seen = clerk.get(path).json["version"]
    answer = clerk.post(f"{path}/{deed}", {"version": seen, **more}, key=f"{deed}-{name}-{seen}")
    assert answer.status == 200, answer.body.decode()


def paid(world: World, who: str, name: str, method: str = "transfer", again: str = "") -> str:
    body = {
        "applications": [world.names[name]], "method": method, "amount": FEE, "payer": made_up.enterprise(1),
        "paid_on": world.clock.today().isoformat(), "bank_serial": "S1",
    }  # fmt: skip
    if "paid_on" in world.names:  # tomorrow's retry says the same as today's
        body["paid_on"] = world.names["paid_on"]
    answer = member(world, who).post("/payments", body, key=f"pay-{name}{again}")
    assert answer.status == 201, answer.body.decode()
    return str(answer.json["id"])


def checked(world: World, payment: str, deed: str, **more: Any) -> None:
    clerk, path = staff(world, "finance"), f"/staff/payments/{payment}"
    seen = clerk.get(path).json["version"]
    answer = clerk.post(f"{path}/{deed}", {"version": seen, **more}, key=f"{deed}-{payment}")
    assert answer.status == 200, answer.body.decode()


def ready_to_submit(world: World, who: str, n: int, name: str) -> None:
    world.names[who] = logs_in(world, who)
    opened(world, who, n, name)
    for slot in ("application_form", "licence"):
        uploaded(world, who, name, slot, scan(slot))
    world.lambdas.rest()


# --- a company joins --------------------------------------------------------------------------------------------------


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
    path = f"/staff/applications/{world.names['join']}/reveal"
    assert staff(world, "reviewer").post(path, {"reason": "电话核实"}, key="reveal").ok


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


@step("企业证件 the certificate looked at")
def held(world: World) -> None:
    chen = member(world, "chen")
    (certificate,) = chen.get("/certificates").json["items"]
    world.names["root"], world.names["number"] = certificate["root"], certificate["number"]
    world.names["enterprise"] = chen.get("/me/enterprise").json
    for path in (f"/certificates/{certificate['root']}", f"/certificates/{certificate['root']}/pdf"):
        assert chen.get(path).status in (200, 302, 303, 307), path
    assert chen.get(certificate["verify_path"]).status == 200
    assert chen.get(f"/verify?number={certificate['number']}").status == 200


@step("其余查询 everything else that can be read")
def read(world: World) -> None:
    chen, application = member(world, "chen"), world.names["join"]
    file = chen.get(f"/applications/{application}").json["slots"][0]["files"][0]["id"]
    for path in (
        "/services", "/payment-instructions", "/contact", "/forms", "/healthz", "/me", "/me/consents", "/plan",
        "/applications?limit=1", f"/applications/{application}/files/{file}", "/messages?limit=2",
        f"/payments/{world.names['payment']}",
    ):  # fmt: skip
        assert chen.get(path).status in (200, 302, 303, 307), path
    admin = staff(world, "admin")
    for path in (
        "/staff/me", "/staff/applications?state=completed", f"/staff/applications/{application}",
        f"/staff/applications/{application}/files/{file}", "/staff/payments?status=confirmed",
        f"/staff/payments/{world.names['payment']}", f"/staff/certificates/{world.names['number']}",
        "/staff/accounts", "/staff/settings", f"/staff/audit?subject=application:{application}", "/staff/dead-letters",
    ):  # fmt: skip
        assert admin.get(path).status in (200, 302, 303, 307), path


@step("发送到邮箱 mailed")
def mailed(world: World) -> None:
    path = f"/certificates/{world.names['root']}/mail"
    assert member(world, "chen").post(path, {"to": "canary-mail@example.com"}, key="mail").status == 202


@step("用 SMTP 发送 mailed, where there is no SES")
def mailed_by_smtp(world: World) -> None:
    world.mail_by_smtp()
    path = f"/certificates/{world.names['root']}/mail"
    assert member(world, "chen").post(path, {"to": "canary-smtp@example.com"}, key="mail-by-smtp").status == 202


@step("注销 revoked")
def revoked(world: World) -> None:
    path = f"/staff/certificates/{world.names['number']}/revoke"
    assert staff(world, "certifier").post(path, {"reason": "资料虚假"}, key="revoke").ok


@step("撤销注销 reinstated")
def reinstated(world: World) -> None:
    path = f"/staff/certificates/{world.names['number']}/reinstate"
    assert staff(world, "certifier").post(path, {"reason": "有误"}, key="reinstate").ok


# --- representatives --------------------------------------------------------------------------------------------------


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


# --- ways that end otherwise ------------------------------------------------------------------------------------------


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


@step("（制证失败） the printer is out of order", struck=False)
def printer_broken(world: World) -> None:
    with world.printer_out_of_order():
        checked(world, world.names["cash"], "confirm", received=FEE)
        world.lambdas.rest()


@step("制证退回 sent back, its number void")
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


def lost(world: World, queue: str) -> None:
    """What a queue holds is gone. Purging it is possible once a minute only, by the clock on the wall."""
    client, address = world.emulation.client("sqs"), world.emulation.names[queue]
    for message in client.receive_message(QueueUrl=address, MaxNumberOfMessages=10)["Messages"]:
        client.delete_message(QueueUrl=address, ReceiptHandle=message["ReceiptHandle"])


@step("事件丢失 the bucket's event was lost", jobs=("sweeping",))
def event_lost(world: World) -> None:
    world.later(minutes=6)


# --- the office -------------------------------------------------------------------------------------------------------


@step("账号 an account opened")
def account(world: World) -> None:
    admin = staff(world, "admin")
    body = {"name": "newcomer", "roles": ["finance"], "password": "long enough to be one"}
    assert admin.post("/staff/accounts", body, key="account").status == 201


@step("账号变更 changed, reset")
def account_changed(world: World) -> None:
    admin = staff(world, "admin")
    changes = {"version": 0, "roles": ["reviewer"], "disabled": True}
    assert admin.write("PATCH", "/staff/accounts/newcomer", changes, key="account-changed").ok
    again = {"version": 1, "password": "long enough as well", "reason": "遗失手机"}
    assert admin.post("/staff/accounts/newcomer/reset", again, key="account-reset").ok


@step("协会设置 settings changed")
def settings(world: World) -> None:
    admin = staff(world, "admin")
    shown = admin.get("/staff/settings").json
    wanted = {**shown["settings"], "office_hours": "周一至周四"}
    answer = admin.write("PUT", "/staff/settings", {"version": shown["version"], "settings": wanted}, key="settings")
    assert answer.ok, answer.body.decode()


@step("（邮件不通） mails that cannot leave", struck=False)
def mail_broken(world: World) -> None:
    with world.post_out_of_order():
        for n in range(2):
            path = f"/certificates/{world.names['root']}/mail"
            answer = member(world, "chen").post(path, {"to": f"canary-{n}@example.com"}, key=f"mail-dead-{n}")
            assert answer.status == 202
        world.lambdas.rest()


@step("待人工处理 dead letters: one redriven, one laid aside")
def dead_letters(world: World) -> None:
    admin = staff(world, "admin")
    dead = (each["id"] for each in admin.get("/staff/dead-letters").json["items"])
    first, second = sorted(each for each in dead if each.startswith("mail-"))
    assert admin.post(f"/staff/dead-letters/{first}/redrive", key="redrive").ok
    assert admin.post(f"/staff/dead-letters/{second}/discard", {"reason": "不需要了"}, key="discard").ok


@step("退出登录 sessions ended")
def logged_out(world: World) -> None:
    assert member(world, "zhao").post("/logout", key="logout").ok
    assert staff(world, "reviewer").post("/staff/logout", key="staff-logout").ok
