"""The demo's sixth part: one transfer for three matters, the booking of one undone, and the days' closings."""

from typing import Any

from chalicelib.rules.payments import yuan
from infra.local import demo_qualifying
from infra.local.demo_deciding import confirm, decide, pay
from infra.local.demo_papers import choose, completed, hand_over, keep_latest, opened
from infra.local.demo_renewing import DUES, NEW, credit
from infra.local.demo_report import require
from infra.local.demo_story import Story, state_is
from infra.local.units import Unit

FEE = 60_000  # fen, made up
AFTERWARDS = Unit(1, NEW["new_name"], NEW["new_legal_representative"])  # the first company under its new name
REVOKED_BECAUSE = "演示注销：经查申办资料失实，可重新申办。"
UNDONE_BECAUSE = "资质证已注销，变更无从办理；款项已到账，转为余款。"
ONE_MORE_CHANGE = {"changes": "注册资金", "new_capital": "900万元人民币"}


def fee_is_set(story: Story) -> str:
    """Until now the schedule had no row for it, so it cost nothing."""
    admin = story.at_desk("admin")
    known = admin.get("/staff/settings")
    fee = {
        "code": "qualification", "item": "资质证办理费", "level": "会员单位", "unit": "application", "amount": FEE,
        "valid_from": story.today.isoformat(), "valid_to": None,
        "resolution": "演示金额，未经任何会议决议", "document": "增值税电子普通发票",
    }  # fmt: skip
    wanted = {**known["settings"], "fees": [*known["settings"]["fees"], fee]}
    admin.write("PUT", "/staff/settings", {"version": known["version"], "settings": wanted})
    shown = story.visitor.get("/services/qualification")["fees"]
    require([each["amount"] for each in shown] == [FEE], f"fees {shown}")
    story.note("fee_set", amount=FEE)
    return f"管理员写明依据，资质证申办自 {story.today} 起收费 {yuan(FEE)}；办事指南随即更新"


def three_are_open(story: Story) -> str:
    """A change that waits for its fee; then the certificate it changes is revoked, and applied for anew."""
    member = story.first
    change = opened(member, "qualification_change", ONE_MORE_CHANGE)
    hand_over(story, member, change)
    member.post(f"/applications/{change}/submit")
    decide(story, "approve", application=change)
    path = f"/staff/certificates/{story.qualification_number}/revoke"
    story.at_desk("admin").post(path, {"reason": REVOKED_BECAUSE})
    anew = opened(member, "qualification", demo_qualifying.FORM)
    choose(member, anew, story.people)
    hand_over(story, member, anew)
    member.post(f"/applications/{anew}/submit")
    decide(story, "approve", application=anew)
    dues = opened(member, "dues")
    story.matters = (dues, change, anew)
    shown = [member.get(f"/applications/{each}") for each in story.matters]
    states = [each["state"]["code"] for each in shown]
    require(states == ["draft", "to_be_paid", "to_be_paid"], f"{states}")
    story.note("three_open", applications=list(story.matters), due=[DUES, *(each["amount_due"] for each in shown[1:])])
    lines = (f"{each['service']['name']}：{each['state']['name']}" for each in shown)
    return "\n".join(("变更审核通过后，其资质证因故被注销，随即重新申办；又逢次年会费开缴：", *lines))


def one_transfer_pays_for_three(story: Story) -> str:
    dues, *others = story.matters
    total = sum(story.record.evidence["three_open"]["due"])
    story.payment = pay(story, "first-three", story.first, dues, AFTERWARDS, total, also=tuple(others))
    decide(story, "approve", application=dues)
    paid = confirm(story, story.payment)
    named = [(each["application"], each["status"]["code"]) for each in paid["allotments"]]
    require(named == [(each, "confirmed") for each in story.matters], f"{named}")
    completed(story.first, dues)
    require(story.system.pumps.settle(), "it does not come to rest")
    found = keep_latest(story, story.first, "member")
    story.note("one_transfer", payment=story.payment, total=total, **found)
    lines = (f"{yuan(each['due'])} {each['status']['name']}" for each in paid["allotments"])
    return "\n".join((f"一张回单 {yuan(total)}，财务核实一次：", *lines))


def one_is_undone(story: Story) -> str:
    _, change, anew = story.matters
    held_by = story.first.get(f"/applications/{change}")["held_by"]
    require([each["code"] for each in held_by] == ["no_qualification"], f"held by {held_by}")
    body = {"application": change, "arrived": True, "reason": UNDONE_BECAUSE}
    after = story.at_desk("finance").post(f"/staff/payments/{story.payment}/undo", body)
    states = [each["status"]["code"] for each in after["allotments"]]
    require(states == ["confirmed", "undone", "confirmed"], f"{states}")
    state_is(story.first.get(f"/applications/{change}"), "to_be_paid")
    state_is(story.first.get(f"/applications/{anew}"), "being_made")
    story.first.post(f"/applications/{change}/withdraw")
    kept = credit(story, after["owner"])
    story.note(
        "undone", payment=story.payment, application=change, owner=after["owner"], reason=UNDONE_BECAUSE, credit=kept
    )
    return f"变更不能制证：{held_by[0]['message']}\n撤销该宗核账，{yuan(kept)} 转为余款；另两宗不变"


def days_are_closed(story: Story) -> str:
    """The day of the two parts, and today."""
    finance = story.at_desk("finance")
    part = story.record.evidence["partly"]["payment"]
    then = finance.get(f"/staff/payments/{part}")["decided_at"][:10]
    days = [then, story.today.isoformat()]
    closings = [finance.get("/staff/closing", day=day) for day in days]
    for each in closings:
        require(each["received"] == each["booked"] + each["credit"], f"{each['day']} does not add up")
    story.note("closing", days=days, closings=[_sums(each) for each in closings])
    return "\n".join(
        f"{each['day']}：实收 {yuan(each['received'])}"
        f" ＝ 计入业务 {yuan(each['booked'])} ＋ 余款 {yuan(each['credit'])}"
        for each in closings
    )


def _sums(closing: Any) -> dict[str, Any]:
    return {name: closing[name] for name in ("day", "received", "booked", "credit")}
