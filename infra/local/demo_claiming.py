"""The demo's last part but one: a colleague finds no record, claims it with evidence, and an admin binds him."""

from hashlib import sha256
from typing import Any

from infra.local import demo_files
from infra.local.demo_holding import refusal
from infra.local.demo_people import Staff
from infra.local.demo_report import require
from infra.local.demo_story import Story, eventually

PERSON, MOBILE, POST = "钱庚七", "19900000007", "行政主管"
REMARK = "原经办人已离职，会员编码未交接。"
WRONG_CODE = "00000000"
CHECKED = "执照与登记一致；授权书写明申请人姓名并盖公章；已致电单位登记的联系人确认。"
REVEALED_FOR = "核对授权书上的姓名"


def finds_no_record(story: Story) -> str:
    """He knows the unit's name as it is today, and not its member code."""
    unit = story.first.get("/me/enterprise")
    story.third.log_in()
    story.third.write("PUT", "/me", {"name": PERSON, "mobile": MOBILE})
    told = refusal(story.third, "/me/binding", {"name": unit["name"], "member_code": WRONG_CODE})
    require(told.codes == ["record_not_found"], told.told)
    require("认领" in told.reasons[0]["next"], "the next step is not named")
    story.record.people["third"] = {"wechat_name": story.third.name}
    story.note("not_found", name=unit["name"], wrong=WRONG_CODE)
    return f"{told.reasons[0]['message']}\n→ {told.reasons[0]['next']}"


def claims_it(story: Story) -> str:
    """Evidence goes the way of every material: straight into the bucket, checked, kept."""
    unit = story.first.get("/me/enterprise")
    wanted = {"unit": unit["name"], "credit_code": unit["credit_code"], "post": POST, "remark": REMARK}
    request = str(story.third.post("/binding-requests", wanted)["id"])
    again = refusal(story.third, "/binding-requests", wanted)
    require(again.codes == ["request_open"], again.told)
    early = refusal(story.third, f"/binding-requests/{request}/submit", {})
    require({each["field"] for each in early.reasons} == {"licence", "authorisation"}, early.told)
    lines = {"单位": unit["name"], "统一社会信用代码": unit["credit_code"]}
    papers = {
        "licence": demo_files.paper("营业执照副本", lines, chop="虚构登记机关"),
        "authorisation": demo_files.paper("授权书", {**lines, "经办人": PERSON}, chop=unit["name"]),
    }
    files = [_brought(story, request, slot, content) for slot, content in papers.items()]
    shown = story.third.post(f"/binding-requests/{request}/submit", {})
    require(shown["status"]["code"] == "submitted", f"status {shown['status']['code']}")
    story.note("claimed", request=request, files=files, **wanted)
    return f"认领 {request}：{len(files)} 份证明材料已接收，待核实；材料不齐、重复认领的都说明了原因"


def _brought(story: Story, request: str, slot: str, content: bytes) -> dict[str, str]:
    path, name = f"/binding-requests/{request}", f"{slot}.pdf"
    file = story.third.bring(f"{path}/evidence", {"slot": slot, "file_name": name}, name, content)
    checked = eventually(f"the check of {file}", lambda: _settled(story.third.get(path), file))
    require(checked["status"]["code"] == "accepted", f"{slot}: {checked['reasons']}")
    back = story.third.fetch(f"{path}/evidence/{file}")
    require(back == content, f"{slot}: other bytes came back")
    place = f"uploads/claim-{slot}.pdf"
    return {"slot": slot, "file": file, "path": place, "sha256": story.record.keep(place, content)}


def _settled(shown: Any, file: str) -> Any:
    files = (each for slot in shown["evidence"] for each in slot["files"])
    found = next(each for each in files if each["id"] == file)
    return found if found["status"]["code"] != "waiting" else None


def admin_grants(story: Story) -> str:
    """Beside the evidence he sees the member that is meant; names and numbers only with a reason."""
    admin, claim = story.at_desk("admin"), story.record.evidence["claimed"]
    waiting = [each["id"] for each in admin.every("/staff/binding-requests")]
    require(waiting == [claim["request"]], f"waiting: {waiting}")
    path = f"/staff/binding-requests/{claim['request']}"
    shown = _looked_at(admin, path, claim["files"])
    (candidate,) = shown["candidates"]
    body = {"version": shown["version"], "member_code": candidate["member_code"], "reason": CHECKED}
    granted = admin.post(f"{path}/grant", body)
    require(granted["status"]["code"] == "granted", f"status {granted['status']['code']}")
    late = refusal(admin, f"{path}/refuse", {"version": shown["version"], "reason": "迟了一步"})
    require(late.codes == ["request_moved_on"], late.told)
    unit = story.third.get("/me/enterprise")
    require(unit["id"] == candidate["enterprise"], "he is bound to another one")
    (message,) = story.third.every("/messages")
    require(message["notice"] == "binding_granted", f"he was told {message['notice']}")
    require(story.first.every("/messages")[0]["notice"] == "new_binding", "his colleague was not told")
    story.note("granted", reason=CHECKED, enterprise=unit["id"], representatives=unit["representatives"])
    said = late.reasons[0]["message"]
    return f"{message['title']}；同事收到“有新的微信绑定”的通知\n另一名工作人员随后办理：{said}"


def _looked_at(admin: Staff, path: str, files: list[dict[str, str]]) -> Any:
    shown = admin.get(path)
    require(PERSON not in str(shown) and MOBILE not in str(shown), "personal values are not masked")
    require([each["found_by"] for each in shown["candidates"]] == [["credit_code", "name"]], "not found both ways")
    for each in files:
        data = admin.fetch(f"{path}/evidence/{each['file']}")
        require(sha256(data).hexdigest() == each["sha256"], f"{each['slot']}: other bytes than uploaded")
    revealed = admin.post(f"{path}/reveal", {"reason": REVEALED_FOR})
    require((revealed["name"], revealed["mobile"]) == (PERSON, MOBILE), "his name or number came out changed")
    return shown
