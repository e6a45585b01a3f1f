"""The demo's fifth part: next year's dues in December, the new year, the annual review, changes of every kind."""

from typing import Any

from chalicelib.rules.payments import yuan
from infra.local.demo_deciding import confirm, decide, pay, told, waiting
from infra.local.demo_papers import choose, completed, hand_over, held, keep_latest, opened, scan
from infra.local.demo_people import Problem
from infra.local.demo_report import Unmet, require
from infra.local.demo_story import FIRST, SECOND, Story, state_is

WRONG_PAYER = "回单上的付款户名不是本单位，账上查无此款，请更换回单。"
REVIEW = {"confirmed": "是", "contracts": "30", "staff_count": "20", "accidents": "0", "penalties": "0"}
DUES = 120_000  # fen, as the made-up schedule has it; what is shown is held against it
SHORT = 100_000
NEW = {
    "new_name": "虚构市洁康环境科技有限公司", "new_legal_representative": "孙己六",
    "new_registered_address": "虚构市样板区改道路 66 号", "new_capital": "800万元人民币",
    "new_business_scope": "有害生物防制服务；环境消毒服务；白蚁防治（虚构）", "new_kind": "其他",
}  # fmt: skip
EVERY_KIND = {"changes": "单位名称、法定代表人、注册地址、注册资金、经营范围、单位类型", **NEW}
SECONDS_CHANGES = {
    "changes": "法定代表人、注册地址",
    "new_legal_representative": "周庚七",
    "new_registered_address": "虚构市新址路 2 号",
}


# --- dues -------------------------------------------------------------------------------------------------------------


def wrong_receipt_is_refused(story: Story) -> str:
    application = opened(story.first, "dues")
    payment = pay(story, "first-dues-wrong", story.first, application, SECOND, DUES)
    finance = story.at_desk("finance")
    seen = next(each for each in waiting(finance) if each["id"] == payment)
    finance.post(f"/staff/payments/{payment}/refuse", {"version": seen["version"], "reason": WRONG_PAYER})
    shown = story.first.get(f"/applications/{application}")
    state_is(shown, "draft")
    require(WRONG_PAYER in told(story, "payment_refused", application)["body"], "the message does not give the reason")
    story.note("dues_refused", application=application, payment=payment, reason=WRONG_PAYER)
    return f"回单随申请一并提交；财务核账不通过，回到拟稿\n理由：{shown['reason']}"


def right_receipt_is_confirmed(story: Story) -> str:
    application = story.record.evidence["dues_refused"]["application"]
    payment = pay(story, "first-dues", story.first, application, FIRST, DUES)
    decide(story, "approve", application=application)
    confirm(story, payment)
    year = completed(story.first, application)["year"]
    require(year == story.year + 1, f"dues of {year}")
    found = keep_latest(story, story.first, "member")
    story.note("dues_paid", application=application, payment=payment, amount=DUES, year=year, **found)
    return f"{year} 年度会费 {yuan(DUES)}；会员证第 {found['version']} 版，{found['valid_from']} 至 {found['valid_to']}"


def both_are_scanned_in_december(story: Story) -> str:
    return _both_scanned(story, "not_yet", ["valid", "not_yet_valid"])


def both_are_scanned_in_january(story: Story) -> str:
    return _both_scanned(story, "new_year", ["superseded", "valid"])


def _both_scanned(story: Story, step: str, wanted: list[str]) -> str:
    old = story.record.evidence["download"]["path"]
    new = story.record.evidence["dues_paid"]["papers"][0]["path"]
    seen = scan(story, old, new)
    require([each["standing"] for each in seen] == wanted, f"{[each['standing'] for each in seen]}")
    story.note(step, seen=seen)
    return "\n".join(f"第 {each['version']} 版：{each['statement']}" for each in seen)


# --- the second company: dues with changes, paid in two parts ---------------------------------------------------------


def part_is_confirmed(story: Story) -> str:
    application = opened(story.second, "dues_with_changes", SECONDS_CHANGES)
    files = hand_over(story, story.second, application)
    payment = pay(story, "second-part", story.second, application, SECOND, SHORT)
    decide(story, "approve", application=application)
    finance = story.at_desk("finance")
    seen = next(each for each in waiting(finance) if each["id"] == payment)
    path, body = f"/staff/payments/{payment}/confirm", {"version": seen["version"], "received": SHORT}
    asked = _must_be_meant(finance, path, body)
    finance.post(path, {**body, "partly": True})
    shown = story.second.get(f"/applications/{application}")
    state_is(shown, "draft")
    require(yuan(DUES - SHORT) in shown["reason"], "what is missing is not named")
    balance = credit(story, seen["owner"])
    require(balance == SHORT, f"credit of {balance}")
    story.note("partly", application=application, payment=payment, received=SHORT, owner=seen["owner"], files=files)
    return f"实收 {yuan(SHORT)}，先被问：{asked['message']}\n部分核账：{shown['reason']}"


def _must_be_meant(finance: Any, path: str, body: dict[str, Any]) -> Any:
    try:
        finance.post(path, body)
    except Problem as problem:
        require(problem.codes == ["amount_short"], problem.told)
        return problem.reasons[0]
    raise Unmet("too little was taken for enough")


def balance_is_paid(story: Story) -> str:
    first = story.record.evidence["partly"]
    application, rest = first["application"], DUES - SHORT
    payment = pay(story, "second-rest", story.second, application, SECOND, rest)
    decide(story, "approve", application=application)
    finance = story.at_desk("finance")
    seen = next(each for each in waiting(finance) if each["id"] == payment)
    finance.post(f"/staff/payments/{payment}/confirm", {"version": seen["version"], "received": rest})
    completed(story.second, application)
    left = credit(story, first["owner"])
    require(left == 0, f"credit of {left}")
    address = story.second.get("/me/enterprise")["registered_address"]
    require(address == SECONDS_CHANGES["new_registered_address"], f"registered at {address}")
    found = keep_latest(story, story.second, "member")
    story.note("balance", application=application, payment=payment, received=rest, changes=SECONDS_CHANGES, **found)
    return (
        f"补缴 {yuan(rest)}，余款 {yuan(SHORT)} 一并用上，余款余额 {yuan(left)}\n"
        f"登记信息已变更；会员证第 {found['version']} 版"
    )


def credit(story: Story, owner: str) -> int:
    return int(story.at_desk("finance").get(f"/staff/credits/{owner}")["balance"])


# --- the annual review ------------------------------------------------------------------------------------------------


def review_is_done(story: Story) -> str:
    application = opened(story.first, "annual_review", REVIEW)
    choose(story.first, application, story.people)
    files = hand_over(story, story.first, application)
    story.first.post(f"/applications/{application}/submit")
    decide(story, "approve", application=application)
    year = completed(story.first, application)["year"]
    found = keep_latest(story, story.first, "qualification")
    story.note("reviewed", application=application, year=year, files=files, **found)
    return (
        f"{year} 年度已年审；{found['number']} 第 {found['version']} 版，资料 {len(files)} 份，平台已有的证书不用再上传"
    )


# --- changes of every kind --------------------------------------------------------------------------------------------


def change_is_put_in(story: Story) -> str:
    application = opened(story.first, "qualification_change", EVERY_KIND)
    files = hand_over(story, story.first, application)
    story.first.post(f"/applications/{application}/submit")
    seen = story.at_desk("reviewer").get(f"/staff/applications/{application}")["changes"]
    require(len(seen) == len(NEW), f"{len(seen)} changes before the reviewer")
    before = story.first.get("/me/enterprise")
    decide(story, "approve", application=application)
    due = story.first.get(f"/applications/{application}")["amount_due"]
    story.note("side_by_side", application=application, files=files, changes=seen, before=before, due=due)
    lines = (f"{each['title']}：{each['old']} → {each['new']}" for each in seen)
    return "\n".join((*lines, f"审核通过，待缴费 {yuan(due)}"))


def change_takes_effect(story: Story) -> str:
    put_in = story.record.evidence["side_by_side"]
    application = put_in["application"]
    payment = pay(story, "first-change", story.first, application, FIRST, put_in["due"])
    confirm(story, payment)
    completed(story.first, application)
    after = story.first.get("/me/enterprise")
    kept = {kind: keep_latest(story, story.first, kind) for kind in ("member", "qualification")}
    holders = {held(story.first, kind)["holder"] for kind in kept}
    require(holders == {after["name"]} == {NEW["new_name"]}, f"held by {holders}")
    story.note("changed", application=application, payment=payment, new=NEW, certificates=kept)
    versions = "，".join(f"{each['number']} 第 {each['version']} 版" for each in kept.values())
    return f"{after['name']}：登记信息与证书一并变更\n{versions}"
