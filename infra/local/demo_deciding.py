"""The demo's second part: a reviewer reads, returns and approves; the fee is paid wrongly, refused, paid, confirmed."""

from collections import Counter
from hashlib import sha256
from typing import Any

from chalicelib.rules.payments import yuan
from infra.local import demo_files
from infra.local.demo_applying import hand_in_all
from infra.local.demo_people import Member, Staff
from infra.local.demo_report import require
from infra.local.demo_story import FIRST, Story, eventually, state_is
from infra.local.units import Unit

RETURNED_BECAUSE = "营业执照照片右下角反光，请核对经营范围并补充说明。"
REFUSED_BECAUSE = "到账金额与应缴会费不符，少 200.00 元，请补缴后重新上传回单。"
ADDED = "；白蚁防治（补充说明）"
SHORT = 100_000  # fen


def reviewer_reads(story: Story) -> str:
    reviewer = story.at_desk("reviewer")
    queue = reviewer.get("/staff/applications", state="in_review")["items"]
    require([each["id"] for each in queue] == [story.application], "the queue holds something else")
    opened = reviewer.get(f"/staff/applications/{story.application}")
    story.version = opened["version"]
    files = story.record.evidence["materials"]["files"]
    for each in files:
        link = reviewer.get(f"/staff/applications/{story.application}/files/{each['file']}")
        data = reviewer.fetched(link["url"])
        require(sha256(data).hexdigest() == each["sha256"], f"{each['slot']}: other bytes than uploaded")
    story.note("review", queue=[story.application], link_seconds=link["expires_in"])
    seconds = link["expires_in"]
    return f"密码＋动态口令登录；队列 1 宗；{len(files)} 个文件经 {seconds} 秒有效的链接打开，与上传的逐字节一致"


def reviewer_returns(story: Story) -> str:
    decide(story, "return", RETURNED_BECAUSE)
    shown = story.mine()
    state_is(shown, "draft")
    message = told(story, "returned")
    require(RETURNED_BECAUSE in message["body"], "the message does not give the reason")
    sent = eventually("the WeChat notice", lambda: delivered(story, "returned"))
    story.note("returned", reason=RETURNED_BECAUSE, wechat=sent["template_id"])
    return f"回到拟稿：{shown['reason']}\n消息：{message['title']}（微信提醒已送达）"


def applicant_corrects(story: Story) -> str:
    before = story.mine()
    scope = FIRST.form["business_scope"] + ADDED
    path = f"/applications/{story.application}"
    after = story.first.write("PATCH", path, {"version": before["version"], "form": {"business_scope": scope}})
    require(after["form"] == {**before["form"], "business_scope": scope}, "something typed before was lost")
    require(accepted(after) == accepted(before) != set(), "a file was lost")
    story.first.post(f"{path}/submit")
    state_is(story.mine(), "in_review")
    story.note("resubmitted", form={**FIRST.form, "business_scope": scope})
    return f"改经营范围后再次提交：其余 {len(after['form']) - 1} 项、{len(accepted(after))} 个文件都在"


def reviewer_approves(story: Story) -> str:
    decide(story, "approve")
    shown = story.mine()
    state_is(shown, "to_be_paid")
    story.due = shown["amount_due"]
    message = told(story, "to_be_paid")
    require(yuan(story.due) in message["body"], "the message does not name the amount")
    story.note("approved", due=story.due)
    return f"待缴费 {yuan(story.due)}\n消息：{message['title']}（未点同意，只在消息列表）"


def pays_too_little(story: Story) -> str:
    payment = pay(story, "first", story.first, story.application, FIRST, SHORT)
    finance = story.at_desk("finance")
    seen = next(each for each in finance.get("/staff/payments")["items"] if each["id"] == payment)
    require(
        seen["differs"] and (seen["amount"], seen["due"]) == (SHORT, story.due), "finance does not see the difference"
    )
    finance.post(f"/staff/payments/{payment}/refuse", {"version": seen["version"], "reason": REFUSED_BECAUSE})
    state_is(story.mine(), "to_be_paid")
    require(REFUSED_BECAUSE in told(story, "payment_refused")["body"], "the message does not give the reason")
    story.note("short", payment=payment, amount=SHORT, reason=REFUSED_BECAUSE)
    return f"回单 {yuan(SHORT)}，应缴 {yuan(story.due)}：财务看到不符，退回\n理由：{REFUSED_BECAUSE}"


def pays_in_full(story: Story) -> str:
    payment = pay(story, "first", story.first, story.application, FIRST, story.due)
    confirmed = confirm(story, payment)
    require(confirmed["status"]["code"] == "confirmed", f"payment {confirmed['status']['code']}")
    story.note("paid", payment=payment, amount=story.due)
    wanted = story.record.evidence["receipts"][payment]["file"]
    require(confirmed["receipt"]["file"] == wanted, "finance was shown the receipt of another payment")
    return f"补足 {yuan(story.due)}，财务核实到账"


# --- what the second company's way needs as well ----------------------------------------------------------------------


def decide(story: Story, action: str, reason: str | None = None, application: str | None = None) -> None:
    """The reviewer's word on what he is looking at now."""
    reviewer, identity = story.at_desk("reviewer"), application or story.application
    version = reviewer.get(f"/staff/applications/{identity}")["version"]
    body = {"version": version, **({"reason": reason} if reason else {})}
    reviewer.post(f"/staff/applications/{identity}/{action}", body)


def pay(
    story: Story, who: str, member: Member, application: str, unit: Unit, amount: int, also: tuple[str, ...] = ()
) -> str:
    """Uploads a receipt over the amount and puts in the payment, for other applications too; answers its id."""
    today = story.today.isoformat()
    serial = f"DEMO-{unit.n}-{today}-{amount}"
    lines = {"付款户名": unit.name, "金额": yuan(amount), "交易日期": today, "流水号": serial}
    receipt = {"bank_receipt": ("银行回单.pdf", demo_files.paper("银行电子回单", lines, chop="虚构银行"))}
    (kept,) = hand_in_all(story, f"{who}-{amount}", member, application, receipt)
    said = {
        "applications": [application, *also], "method": "transfer", "amount": amount, "payer": unit.name,
        "paid_on": today, "bank_serial": serial,
    }  # fmt: skip
    payment = str(member.post("/payments", said)["id"])
    story.note("receipts", **{payment: kept})
    return payment


def confirm(story: Story, payment: str) -> Any:
    finance = story.at_desk("finance")
    seen = next(each for each in waiting(finance) if each["id"] == payment)
    return finance.post(f"/staff/payments/{payment}/confirm", {"version": seen["version"], "received": seen["due"]})


def waiting(finance: Staff) -> list[Any]:
    return list(finance.get("/staff/payments")["items"])


def told(story: Story, notice: str, application: str | None = None) -> Any:
    """The one message of that kind about an application of the first company. Raises Unmet for none or several."""
    about = (notice, application or story.application)
    found = [each for each in story.first.every("/messages") if (each["notice"], each["application"]) == about]
    require(len(found) == 1, f"{len(found)} messages “{notice}”")
    return found[0]


def delivered(story: Story, notice: str) -> Any:
    """What the stand-in for WeChat has sent of that notice's template; None while there is nothing."""
    template = story.record.evidence["consents"]["templates"][notice]
    sent = story.first.line.get(f"{story.first.wechat}/stand-in/sent", timeout=30).json()
    mine = [each for each in sent if (each["name"], each["template_id"]) == (story.first.name, template)]
    require(len(mine) <= 1, f"“{notice}” was sent {Counter(each['template_id'] for each in mine)} times")
    return mine[0] if mine else None


def accepted(shown: Any) -> set[str]:
    return {
        each["id"] for slot in shown["slots"] for each in slot["files"] if each["status"]["code"] == "accepted"
    }  # fmt: skip
