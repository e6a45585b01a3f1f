"""The demo's seventh part: one invoice for two matters, asked for, issued, mailed and downloaded."""

from email import message_from_bytes
from email.policy import SMTP
from typing import Any, cast

from chalicelib.rules.payments import yuan
from infra.local import demo_files
from infra.local.demo_holding import mail_to, refusal
from infra.local.demo_people import Staff
from infra.local.demo_report import require
from infra.local.demo_story import FIRST, Story, eventually

ACCOUNTS = "accounts@unit.example"
NUMBER = "DEMO-INVOICE-000001"


def invoice_is_asked_for(story: Story) -> str:
    """For the year it joined in and the year after; a change's fee goes on another kind of document."""
    evidence = story.record.evidence
    dues = [story.application, evidence["dues_paid"]["application"]]
    title = story.first.get("/me/enterprise")["name"]
    wanted = {"title": title, "tax_number": FIRST.credit_code, "email": ACCOUNTS, "remarks": ""}
    mixed = {**wanted, "applications": [*dues, evidence["changed"]["application"]]}
    apart = refusal(story.first, "/invoices", mixed)
    require(apart.codes == ["documents_differ"], apart.told)
    asked = story.first.post("/invoices", {**wanted, "applications": dues})
    again = refusal(story.first, "/invoices", {**wanted, "applications": dues[:1]})
    require(again.codes == ["already_invoiced"], again.told)
    story.note(
        "invoice_asked", invoice=asked["id"], applications=dues, title=title, tax_number=FIRST.credit_code,
        amount=asked["amount"], apart=mixed["applications"], document=asked["document"],
    )  # fmt: skip
    lines = (f"· {each['message']}" for each in (*apart.reasons, *again.reasons))
    return "\n".join((f"{asked['document']}，{yuan(asked['amount'])}，抬头 {title}；不能这样申请的：", *lines))


def invoice_is_issued(story: Story) -> str:
    invoice, finance = story.record.evidence["invoice_asked"]["invoice"], story.at_desk("finance")
    waiting = [each["id"] for each in finance.every("/staff/invoices")]
    require(waiting == [invoice], f"waiting: {waiting}")
    lines = {"票据号码": NUMBER, "抬头": story.record.evidence["invoice_asked"]["title"]}
    content = demo_files.paper("演示票据", lines, chop="虚构印章")
    file = _handed_in(finance, invoice, content)
    finance.post(f"/staff/invoices/{invoice}/issue", {"file": file, "number": NUMBER})
    name, raw = eventually("the mail", lambda: mail_to(story, ACCOUNTS))
    (attached,) = message_from_bytes(raw, policy=SMTP).iter_attachments()
    got = cast("bytes", attached.get_payload(decode=True))
    require(
        got == content == story.first.fetch(f"/invoices/{invoice}/file"), "other bytes came by mail, or by download"
    )
    story.record.keep(f"mails/{name}", raw)
    subject = str(message_from_bytes(raw, policy=SMTP)["Subject"])
    sha = story.record.keep("uploads/invoice.pdf", content)
    mail = {"file": f"mails/{name}", "to": ACCOUNTS, "subject": subject, "attachment_sha256": sha}
    story.record.mails.append(mail)
    story.note("invoice_issued", invoice=invoice, number=NUMBER, path="uploads/invoice.pdf", sha256=sha, **mail)
    return f"财务上传票据并登记号码 {NUMBER}\n{subject} → {ACCOUNTS}，附件 {attached.get_filename()}；小程序中也可下载"


def _handed_in(finance: Staff, invoice: str, content: bytes) -> str:
    room = finance.post(f"/staff/invoices/{invoice}/upload", {"file_name": "票据.pdf"})
    sent = finance.line.post(room["url"], data=room["fields"], files={"file": ("票据.pdf", content)}, timeout=30)
    require(sent.ok, f"the bucket answers {sent.status_code}")

    def look() -> Any:
        file = finance.get(f"/staff/invoices/{invoice}")["file"]
        return file["status"]["code"] if file["status"]["code"] != "waiting" else None

    checked = eventually("the check of the invoice", look)
    require(checked == "accepted", f"the file is {checked}")
    return str(room["id"])
