"""The demo's third part: the certificate, in its holder's hands, in the mail, under a stranger's camera; revoked."""

from email import message_from_bytes
from email.policy import SMTP
from hashlib import sha256
from io import BytesIO
from time import monotonic
from typing import Any, cast

import pypdfium2
import zxingcpp

from infra.local import demo_applying, demo_deciding
from infra.local.demo_people import Caller, Member, Problem
from infra.local.demo_report import Unmet, require
from infra.local.demo_story import FIRST, SECOND, Story, eventually, state_is

DPI = 150
TYPED_IN = "reception@unit.example"
SMUGGLED = "reception@unit.example\r\nBcc: everybody@unit.example"
NOBODYS = "A" * 26 + "AB"
MALFORMED = "no-such-thing"
REVOKED_BECAUSE = "演示注销：单位书面申请退会。"


def certificate_comes_by_itself(story: Story) -> str:
    started = monotonic()
    certificate = issued(story.first, story.application)
    story.root, story.number = certificate["root"], certificate["number"]
    require(story.number.endswith("-0001"), f"the first number is {story.number}")
    require(certificate["standing"]["code"] == "valid", "it is not valid today")
    demo_deciding.told(story, "completed")
    eventually("the WeChat notice", lambda: demo_deciding.delivered(story, "completed"))
    story.note("issued", root=story.root, number=story.number, application=story.application)
    name, last = certificate["kind"]["name"], certificate["valid_to"]
    return f"{monotonic() - started:.1f} 秒后：{name} {story.number}，有效至 {last}"


def sees_his_own(story: Story) -> str:
    enterprise = story.first.get("/me/enterprise")
    require(enterprise["name"] == FIRST.name and enterprise["member_code"], "not the enterprise of the form")
    plan = next(each for each in story.first.get("/plan")["items"] if each["service"]["code"] == "join")
    require(not plan["open"] and all(each["next"] for each in plan["reasons"]), "joining is still open to a member")
    story.note("own", enterprise=enterprise["id"], name=FIRST.name, member_code=enterprise["member_code"])
    return (
        f"{enterprise['name']}，会员编码 {enterprise['member_code']}，已缴年度 {enterprise['paid_years']}\n"
        f"再办入会：{plan['reasons'][0]['message']} → {plan['reasons'][0]['next']}"
    )


def downloads(story: Story) -> str:
    place, sha = kept_certificate(story, story.first, story.root, story.number)
    story.note("download", root=story.root, path=place, sha256=sha)
    return f"{story.record.out / place}，SHA-256 {sha[:16]}…，与登记的一致"


def has_it_mailed(story: Story) -> str:
    path = f"/certificates/{story.root}/mail"
    refused = refusal(story.first, path, {"to": SMUGGLED})
    story.first.post(path, {"to": TYPED_IN})
    name, raw = eventually("the mail", lambda: mail_to(story, TYPED_IN))
    letter = message_from_bytes(raw, policy=SMTP)
    (attached,) = letter.iter_attachments()
    data = cast("bytes", attached.get_payload(decode=True))
    pdf = story.record.evidence["download"]["sha256"]
    require(sha256(data).hexdigest() == pdf, "the attachment is not the certificate")
    story.record.keep(f"mails/{name}", raw)
    mail = {"file": f"mails/{name}", "to": TYPED_IN, "subject": str(letter["Subject"]), "attachment_sha256": pdf}
    story.record.mails.append(mail)
    story.note("mailed", root=story.root, **mail)
    return (
        f"{mail['subject']} → {TYPED_IN}，附件 {attached.get_filename()}\n"
        f"带换行的地址被拒：{refused.reasons[0]['message']}"
    )


def reads_the_record(story: Story) -> str:
    (listed,) = story.first.get("/applications")["items"]
    require(listed["id"] == story.application, "the service record lists something else")
    history = story.mine()["history"]
    numbers = [each["number"] for each in history]
    require(numbers == list(range(1, len(history) + 1)), f"numbers {numbers}")
    story.note("record", steps=[[each["action"]["code"], each["after"]["code"]] for each in history])
    return "\n".join(_line(each) for each in history)


def _line(entry: Any) -> str:
    because = f"（{entry['reason']}）" if entry["reason"] else ""
    way = f"{entry['before']['name']} → {entry['after']['name']}"
    return f"{entry['number']}. {entry['at'][11:19]} {entry['role']['name']} {entry['action']['name']}：{way}{because}"


def stranger_scans(story: Story) -> str:
    place = story.record.evidence["download"]["path"]
    printed = scanned((story.record.out / place).read_bytes())
    page, facts = looked_up(story.visitor, printed)
    require(story.number in page and FIRST.name in page, "the page names neither number nor holder")
    require(FIRST.person not in page and FIRST.mobile not in page, "the page tells more than is public")
    require((facts["number"], facts["standing"]) == (story.number, "valid"), f"JSON says {facts['standing']}")
    put_down(story, story.number, place, printed, facts)
    story.note("scanned", number=story.number, printed=printed)
    return f"{printed}\n{facts['statement']}"


def second_company_joins(story: Story) -> str:
    member = story.second
    member.log_in()
    member.write("PUT", "/me", {"name": SECOND.person, "mobile": SECOND.mobile})
    application = str(member.post("/applications", {"service": "join"})["id"])
    demo_applying.write_form(member, application, SECOND)
    files = demo_applying.hand_in_all(story, "second", member, application, demo_applying.materials(SECOND))
    member.post(f"/applications/{application}/submit")
    demo_deciding.decide(story, "approve", application=application)
    payment = demo_deciding.pay(story, "second", member, application, SECOND, story.due)
    demo_deciding.confirm(story, payment)
    certificate = issued(member, application)
    story.second_number = certificate["number"]
    require(story.second_number.endswith("-0002"), f"the second number is {story.second_number}")
    story.record.people["second"] = {"wechat_name": member.name, "application": application}
    place, sha = kept_certificate(story, member, certificate["root"], story.second_number)
    printed = scanned((story.record.out / place).read_bytes())
    put_down(story, story.second_number, place, printed, looked_up(story.visitor, printed)[1])
    story.note("second", root=certificate["root"], number=story.second_number, files=files, path=place, sha256=sha)
    return f"{SECOND.name}：{story.second_number}，与第一张连号"


def strangers_guess(story: Story) -> str:
    answers = [story.visitor.page(f"/V/{token}") for token in (NOBODYS, MALFORMED)]
    require([each.status_code for each in answers] == [404, 404], f"{[each.status_code for each in answers]}")
    require(answers[0].text == answers[1].text, "unknown and malformed are told apart")
    story.note("guessed", unknown=NOBODYS, malformed=MALFORMED)
    return "查无此证与格式不对的地址，答复一字不差（404）"


def admin_revokes(story: Story) -> str:
    admin = story.at_desk("admin")
    admin.post(f"/staff/certificates/{story.second_number}/revoke", {"reason": REVOKED_BECAUSE})
    printed = line_of(story, story.second_number)["verify_url"]
    page, facts = looked_up(story.visitor, printed)
    require(facts["standing"] == "revoked" and "已注销" in page, f"the page still says {facts['standing']}")
    mine = story.first.get("/certificates")["items"]
    (still,) = [each["standing"] for each in mine if each["number"] == story.number]
    require(still["code"] == "valid", "the other certificate changed as well")
    story.note("revoked", number=story.second_number, reason=REVOKED_BECAUSE)
    return f"{story.second_number}：{facts['statement']}\n{story.number}：仍为{still['name']}"


def all_comes_to_rest(story: Story) -> str:
    dead = story.at_desk("admin").get("/staff/dead-letters")["items"]
    require(not dead, f"{len(dead)} dead letters")
    require(not demo_deciding.waiting(story.at_desk("finance")), "a payment waits")
    require(not story.at_desk("reviewer").get("/staff/applications", state="in_review")["items"], "a review waits")
    as_they_stand_now(story)
    letters = keep_every_mail(story)
    require(letters == [each["file"] for each in story.record.mails], f"mails nobody asked for: {letters}")
    story.note("rest", dead_letters=0)
    return "没有死信，没有待审核的申请，没有待核账的缴费"


# --- how they look ----------------------------------------------------------------------------------------------------


def issued(member: Member, application: str) -> Any:
    """The certificate of an application, once the system has issued it by itself."""

    def look() -> bool | None:
        return member.get(f"/applications/{application}")["state"]["code"] == "completed" or None

    eventually("the certificate", look)
    state_is(member.get(f"/applications/{application}"), "completed")
    (certificate,) = member.get("/certificates")["items"]
    return certificate


def kept_certificate(story: Story, member: Member, root: str, number: str) -> tuple[str, str]:
    """Downloads the PDF, compares it with the register, keeps it and a picture of it; its place and SHA-256."""
    pdf = member.fetch(f"/certificates/{root}/pdf")
    place = f"certificates/{number}.pdf"
    sha = story.record.keep(place, pdf)
    registered = member.get(f"/certificates/{root}")["editions"][-1]["papers"][0]["file_sha256"]
    require(sha == registered, "the file is not the one in the register")
    picture = BytesIO()
    rastered(pdf).save(picture, "PNG")
    story.record.keep(f"certificates/{number}.png", picture.getvalue())
    return place, sha


def rastered(pdf: bytes) -> Any:
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    return document[0].render(scale=DPI / 72, may_draw_forms=True).to_pil()


def scanned(pdf: bytes) -> str:
    """What the QR code on the page says. Raises Unmet."""
    found = zxingcpp.read_barcodes(rastered(pdf))
    require(len(found) == 1, f"{len(found)} codes on the page")
    return str(found[0].text)


def looked_up(visitor: Caller, printed: str) -> tuple[str, Any]:
    """The address exactly as printed: the page for people, the facts for programs."""
    page = visitor.page(printed, Accept="text/html")
    require(page.ok, f"HTTP {page.status_code} at {printed}")
    return page.text, visitor.page(printed, Accept="application/json").json()


def put_down(story: Story, number: str, place: str, printed: str, facts: Any) -> None:
    told = {"kind": facts["kind"], "number": number, "version": facts["version"], "pdf": place, "verify_url": printed}
    story.record.certificates.append({**told, "standing": facts["standing"]})


def line_of(story: Story, number: str) -> Any:
    """The latest version of a certificate that was kept."""
    return [each for each in story.record.certificates if each["number"] == number][-1]


def as_they_stand_now(story: Story) -> None:
    """The report tells of each paper what it is worth when the story ends."""
    for each in story.record.certificates:
        each["standing"] = looked_up(story.visitor, each["verify_url"])[1]["standing"]


def mail_to(story: Story, address: str) -> tuple[str, bytes] | None:
    for path in sorted(story.system.mailbox.directory.glob("*.eml")):
        raw = path.read_bytes()
        if address in str(message_from_bytes(raw, policy=SMTP)["To"]):
            return path.name, raw
    return None


def keep_every_mail(story: Story) -> list[str]:
    """All that has arrived in the mail box, wanted or not; the places in the order of arrival."""
    mails = sorted(story.system.mailbox.directory.glob("*.eml"))
    for path in mails:
        story.record.keep(f"mails/{path.name}", path.read_bytes())
    return [f"mails/{path.name}" for path in mails]


def refusal(member: Caller, path: str, body: dict[str, Any]) -> Problem:
    """Raises Unmet when it was not refused."""
    try:
        member.post(path, body)
    except Problem as problem:
        return problem
    raise Unmet(f"{path} took {body!r}")
