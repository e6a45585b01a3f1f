"""The demo's first part: a visitor looks around, logs in, fills in, uploads, submits."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

from chalicelib.rules.payments import yuan
from chalicelib.rules.services import JOIN
from infra.local import demo_files
from infra.local.demo_people import Member, Problem
from infra.local.demo_report import Unmet, require
from infra.local.demo_story import CONSENTED, FIRST, Story, eventually, file_in, state_is
from infra.local.units import Unit

FORM_NAME, LICENCE_NAME = "入会申请表（盖章）.pdf", "营业执照.jpg"


def looks_around(story: Story) -> str:
    listed = [each["code"] for each in story.visitor.get("/services")["items"]]
    join = story.visitor.get("/services/join")
    bank = story.visitor.get("/payment-instructions")["bank"]
    contact = story.visitor.get("/contact")
    blank = story.visitor.page(story.visitor.get("/forms")["items"][0]["url"]).content
    require(blank.startswith(b"%PDF"), "the blank form is no PDF")
    fee = sum(each["amount"] for each in join["fees"])
    story.note(
        "catalogue", services=listed, fee=fee, fields=[each["name"] for each in join["fields"]],
        slots=[each["slot"] for each in join["materials"]], blank="forms/join.pdf",
        blank_sha256=story.record.keep("forms/join.pdf", blank),
    )  # fmt: skip
    return (
        f"{join['name']}：填写 {len(join['fields'])} 项，资料 {len(join['materials'])} 项，会费 {yuan(fee)}\n"
        f"收款账户 {bank['bank']}；联系电话 {contact['telephones'][0]['number']}；空白表格 {len(blank):,} 字节"
    )


def logs_in(story: Story) -> str:
    code = story.first.log_in()
    story.record.people["first"] = {"wechat_name": story.first.name}
    story.note("login", used_code=code)
    try:
        story.visitor.post("/login", {"code": code})
    except Problem as problem:
        require(problem.status == 401, problem.told)  # noqa: PLR2004 - HTTP's own number
        return f"同一 code 再用一次被拒：{problem.reasons[0]['message']}"
    raise Unmet("a used code logged in again")


def fills_in_his_name(story: Story) -> str:
    typed = "１９９ ００００ ０００１"
    story.first.write("PUT", "/me", {"name": FIRST.person, "mobile": typed})
    me = story.first.get("/me")
    require((me["name"], me["mobile"]) == (FIRST.person, FIRST.mobile), "name or mobile number came back changed")
    story.note("profile", name=FIRST.person, mobile=FIRST.mobile)
    return f"手机号按全角带空格输入 {typed}，存为 {me['mobile']}"


def taps_consent(story: Story) -> str:
    offered = {each["notice"]: each["template_id"] for each in story.first.get("/me/consents")["items"]}
    templates = {notice: offered[notice] for notice in CONSENTED}
    for template in templates.values():
        story.first.tap("consents", {"name": story.first.name, "template_id": template})
    story.first.post("/me/consents", {"notices": list(CONSENTED)})
    left = story.first.get("/me")["consents"]
    require(all(left.get(notice) == 1 for notice in CONSENTED), f"consents kept: {left}")
    story.note("consents", templates=templates)
    return "同意接收：打回、核账不通过、已完成；“待缴费”未点同意"


def reads_his_plan(story: Story) -> str:
    join = next(each for each in story.first.get("/plan")["items"] if each["service"]["code"] == "join")
    require(join["open"], "joining is not open to him")
    story.note("plan", open=["join"])
    return f"{join['service']['name']}：现在可以办理"


def drafts(story: Story) -> str:
    opened = story.first.post("/applications", {"service": "join"})
    story.application = opened["id"]
    story.record.people["first"]["application"] = story.application
    spaced = f" {FIRST.credit_code[:8]} {FIRST.credit_code[8:].lower()} "
    half = {"name": FIRST.name, "credit_code": spaced, "capital": "500万", "contact_mobile": "12345"}
    saved = story.first.write(
        "PATCH", f"/applications/{story.application}", {"version": opened["version"], "form": half}
    )
    state_is(saved, "draft")
    require(saved["form"]["credit_code"] == FIRST.credit_code, "the credit code was not folded")
    story.note("draft", application=story.application, name=FIRST.name)
    return f"草稿 {story.application}：信用代码带空格和小写输入，存为 {saved['form']['credit_code']}"


def submits_too_early(story: Story) -> str:
    try:
        story.first.post(f"/applications/{story.application}/submit")
    except Problem as problem:
        named = {str(each.get("field")) for each in problem.reasons}
        wanted = {"application_form", "licence", "capital", "contact_mobile", "contact_email"}
        require(wanted <= named, f"not told: {wanted - named}")
        told = sorted([each["code"], each["field"]] for each in problem.reasons)
        story.note("too_early", form={"name": FIRST.name, "capital": "500万", "contact_mobile": "12345"}, told=told)
        lines = (f"· {each['message']} → {each['next']}" for each in problem.reasons)
        return "\n".join((f"一次说清 {len(problem.reasons)} 项原因：", *lines))
    raise Unmet("an application without materials was submitted")


def uploads_a_trick(story: Story) -> str:
    file = story.first.hand_in(story.application, "licence", LICENCE_NAME, demo_files.DISGUISED)
    refused = checked(story.first, story.application, file)
    require(refused["status"]["code"] == "refused", "a web page was taken for a photograph")
    sha = story.record.keep("uploads/disguised.jpg", demo_files.DISGUISED)
    codes = [each["code"] for each in refused["reasons"]]
    story.note("trick", file=file, path="uploads/disguised.jpg", sha256=sha, codes=codes)
    reason = refused["reasons"][0]
    return f"{LICENCE_NAME}：{reason['message']} → {reason['next']}"


def completes_and_uploads(story: Story) -> str:
    write_form(story.first, story.application, FIRST)
    handed = materials(FIRST)
    files = hand_in_all(story, "first", story.first, story.application, handed)
    story.note("materials", files=files)
    return "\n".join(f"{each['slot']}: 已接收，SHA-256 {each['sha256'][:16]}…" for each in files)


def submits_twice_under_one_key(story: Story) -> str:
    key, path = str(uuid4()), f"/applications/{story.application}/submit"
    first = story.first.post(path, key=key)
    again = story.first.post(path, key=key)
    state_is(first, "in_review")
    require(first == again, "the same key got another answer")
    submitted = [each for each in story.mine()["history"] if each["action"]["code"] == "submit"]
    require(len(submitted) == 1, f"submitted {len(submitted)} times")
    story.note("submit", key=key)
    return "待审核；同一 Idempotency-Key 再提交一次，答复相同，履历只有一条"


# --- what the second company does as well -----------------------------------------------------------------------------


def write_form(member: Member, application: str, unit: Unit) -> None:
    version = member.get(f"/applications/{application}")["version"]
    saved = member.write("PATCH", f"/applications/{application}", {"version": version, "form": unit.form})
    require(not [each for each in saved["missing"] if each["field"] in unit.form], f"missing: {saved['missing']}")


def materials(unit: Unit) -> dict[str, tuple[str, bytes]]:
    """What goes into each slot: the name of the file and its content."""
    form = {field.chinese: unit.form[field.name] for field in JOIN.fields}
    licence = {"名称": unit.name, "统一社会信用代码": unit.credit_code, "注册资本": "500万元人民币"}
    return {
        "application_form": (FORM_NAME, demo_files.paper("入会申请表", form, chop=unit.name)),
        "licence": (
            LICENCE_NAME,
            demo_files.photograph(demo_files.paper("营业执照副本", licence, chop="虚构登记机关")),
        ),
    }


def hand_in_all(
    story: Story, who: str, member: Member, application: str, handed: dict[str, tuple[str, bytes]]
) -> list[dict[str, str]]:
    """Uploads them all, then waits for each to be checked, fetches it back and compares."""
    sent = {slot: member.hand_in(application, slot, name, content) for slot, (name, content) in handed.items()}
    return [_accepted(story, who, member, application, slot, file, handed[slot]) for slot, file in sent.items()]


def _accepted(
    story: Story, who: str, member: Member, application: str, slot: str, file: str, given: tuple[str, bytes]
) -> dict[str, str]:
    found = checked(member, application, file)
    require(found["status"]["code"] == "accepted", f"{slot}: {found['reasons']}")
    name, content = given
    back = member.fetch(f"/applications/{application}/files/{file}")
    require(sha256(back).digest() == sha256(content).digest(), f"{slot}: other bytes came back")
    place = f"uploads/{who}-{slot}.{name.rpartition('.')[2]}"
    return {"slot": slot, "file": file, "path": place, "sha256": story.record.keep(place, content)}


def checked(member: Member, application: str, file: str) -> Any:
    """The file once the check has spoken."""

    def look() -> Any:
        found = file_in(member.get(f"/applications/{application}"), file)
        return found if found["status"]["code"] != "waiting" else None

    return eventually(f"the check of {file}", look)
