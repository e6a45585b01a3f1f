"""What a member holds: the certificates of his enterprise, and his messages."""

from chalicelib.handlers.calls import Answer, Call
from chalicelib.handlers.cursors import Bookmark, paged
from chalicelib.handlers.desks import MEMBERS
from chalicelib.handlers.problems import Rejected
from chalicelib.handlers.schemas.applications import FileLink
from chalicelib.handlers.schemas.base import Paging
from chalicelib.handlers.schemas.certificates import (
    CertificateLine,
    Certificates,
    CertificateShown,
    MailAsked,
    MailTo,
    PaperAsked,
)
from chalicelib.handlers.schemas.people import Messages, MessageShown
from chalicelib.handlers.schemas.practitioners import Practitioners, PractitionerShown
from chalicelib.operations import certificates, materials, notices, practitioners
from chalicelib.rules.eligibility import NOT_BOUND
from chalicelib.rules.identifiers import email, mask_email


@MEMBERS.reads("/certificates", "企业证件", Certificates)
def my_certificates(call: Call) -> Certificates:
    today, deadline = call.ports.clock.today(), materials.windows(call.ports).review_deadline
    held = certificates.mine(call.ports, call.actor)
    return Certificates(items=[CertificateLine.of(each, today, deadline) for each in held])


@MEMBERS.reads("/certificates/{root}", "证书详情和各版次", CertificateShown)
def one_certificate(call: Call, root: str) -> CertificateShown:
    family = certificates.own(call.ports, call.actor, root)
    return CertificateShown.whole(family, call.ports.clock.today(), materials.windows(call.ports).review_deadline)


@MEMBERS.reads(
    "/certificates/{root}/pdf", "下载证书", FileLink, status=302,
    description="转到短时有效的下载地址；`Accept: application/json` 时以 JSON 给出地址。资质证默认为正本。",
    asks=PaperAsked,
)  # fmt: skip
def download(call: Call, asked: PaperAsked, root: str) -> Answer:
    url = certificates.file_link(call.ports, certificates.own(call.ports, call.actor, root), asked.part)
    if call.prefers_json():
        return Answer(FileLink(url=url, expires_in=materials.windows(call.ports).link_seconds))
    return Answer(None, 302, {"Location": url})


@MEMBERS.writes("POST", "/certificates/{root}/mail", "发送证书到邮箱", MailAsked, takes=MailTo, status=202, also=(429,))
def mail_certificate(call: Call, wanted: MailTo, root: str) -> MailAsked:
    mail = certificates.send_to(call.ports, call.order, root, wanted.to)
    return MailAsked(id=mail, to=mask_email(email(wanted.to)))


# --- practitioners ----------------------------------------------------------------------------------------------------


@MEMBERS.reads("/practitioners", "从业人员证件，有效期长的在前", Practitioners, asks=Paging, also=(404,))
def my_practitioners(call: Call, paging: Paging) -> Practitioners:
    if call.actor.enterprise is None:
        raise Rejected(404, NOT_BOUND)
    mark = Bookmark(call.ports, "my_practitioners", call.actor.enterprise or call.actor.id)
    page, following = paged(mark, paging, lambda asked: practitioners.roll(call.ports, call.actor, asked))
    return Practitioners(items=[PractitionerShown.of(each) for each in page.items], next=following)


# --- messages ---------------------------------------------------------------------------------------------------------


@MEMBERS.reads("/messages", "消息", Messages, asks=Paging)
def my_messages(call: Call, paging: Paging) -> Messages:
    mark = Bookmark(call.ports, "my_messages", call.actor.id)
    page, following = paged(mark, paging, lambda asked: notices.my_messages(call.ports, call.actor, asked))
    written = ((each, call.ports.letters.notice(each.notice, each.context)) for each in page.items)
    return Messages(items=[MessageShown.of(each, said.title, said.body) for each, said in written], next=following)
