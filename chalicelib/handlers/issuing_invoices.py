"""开票 before finance: what waits, the file, issuing, cancelling and reissuing with a reason."""

from chalicelib.handlers.applying import HOW_TO_UPLOAD
from chalicelib.handlers.calls import Answer, Call, created
from chalicelib.handlers.cursors import Bookmark, paged, waiting_or_of
from chalicelib.handlers.desks import STAFF
from chalicelib.handlers.reconciling import FINANCE, MONEY
from chalicelib.handlers.schemas.applications import FileLink, UploadShown
from chalicelib.handlers.schemas.certificates import MailAsked, Reasoned
from chalicelib.handlers.schemas.invoices import (
    InvoiceFile,
    InvoiceForStaff,
    Invoices,
    InvoicesAsked,
    InvoiceShown,
    Issued,
    Reissue,
    SentAgain,
)
from chalicelib.operations import invoices, issuing_invoices, materials


@STAFF.reads(
    "/staff/invoices", "开票列表：待开票的，或某一天开出的，最早的在前", Invoices, asks=InvoicesAsked, roles=MONEY
)
def invoices_to_issue(call: Call, asked: InvoicesAsked) -> Invoices:
    listed = waiting_or_of(call.ports, asked.issued_on, issuing_invoices.to_issue, issuing_invoices.issued_on)
    mark = Bookmark(call.ports, f"invoices#{asked.issued_on or 'waiting'}", call.actor.id)
    page, following = paged(mark, asked, listed)
    return Invoices(items=[InvoiceShown.of(each) for each in page.items], next=following)


@STAFF.reads("/staff/invoices/{invoice}", "开票详情", InvoiceForStaff, roles=MONEY)
def invoice_for_staff(call: Call, invoice: str) -> InvoiceForStaff:
    return before_finance(call, invoice)


@STAFF.writes(
    "POST", "/staff/invoices/{invoice}/upload", "取得票据文件（PDF 或 OFD）的上传地址；重新上传即代替", UploadShown,
    takes=InvoiceFile, status=201, roles=FINANCE,
)  # fmt: skip
def upload_invoice(call: Call, wanted: InvoiceFile, invoice: str) -> Answer:
    file = issuing_invoices.request_upload(call.ports, call.order, invoice, wanted.file_name)
    form = materials.upload_form(call.ports, file)
    shown = UploadShown.of(file, form, HOW_TO_UPLOAD)
    return created(shown, f"/staff/invoices/{invoice}")


@STAFF.writes(
    "POST", "/staff/invoices/{invoice}/issue", "开出：登记票据号码，文件发送到申请人的邮箱", InvoiceForStaff,
    takes=Issued, roles=FINANCE,
)  # fmt: skip
def issue_invoice(call: Call, said: Issued, invoice: str) -> InvoiceForStaff:
    return before_finance(call, issuing_invoices.issue(call.ports, call.order, invoice, said.file, said.number))


@STAFF.reads("/staff/invoices/{invoice}/file", "打开已开出的票据", FileLink, roles=MONEY, also=(409,))
def open_invoice_for_staff(call: Call, invoice: str) -> FileLink:
    url = invoices.file_link(call.ports, issuing_invoices.found(call.ports, invoice))
    return FileLink(url=url, expires_in=materials.windows(call.ports).link_seconds)


@STAFF.writes(
    "POST", "/staff/invoices/{invoice}/mail", "再次发送已开出的票据；邮箱有误的改正并写明理由", MailAsked,
    takes=SentAgain, status=202, roles=FINANCE,
)  # fmt: skip
def send_invoice_again(call: Call, said: SentAgain, invoice: str) -> MailAsked:
    mail = issuing_invoices.send_again(call.ports, call.order, invoice, said.to, said.reason)
    return MailAsked(id=mail, to=issuing_invoices.found(call.ports, invoice).email.masked)


@STAFF.writes(
    "POST", "/staff/invoices/{invoice}/cancel", "取消无法开出的申请，写明理由", InvoiceForStaff, takes=Reasoned,
    roles=FINANCE,
)  # fmt: skip
def cancel_invoice_by_staff(call: Call, said: Reasoned, invoice: str) -> InvoiceForStaff:
    done = issuing_invoices.cancel_with_reason(call.ports, call.order, invoice, said.reason)
    return before_finance(call, done)


@STAFF.writes(
    "POST", "/staff/invoices/{invoice}/reissue", "作废重开，写明理由；答复新的一张", InvoiceForStaff, takes=Reissue,
    status=201, roles=FINANCE,
)  # fmt: skip
def reissue_invoice(call: Call, said: Reissue, invoice: str) -> Answer:
    buyer = said.buyer.buyer if said.buyer else None
    again = issuing_invoices.reissue(call.ports, call.order, invoice, said.reason, buyer)
    return created(before_finance(call, again), f"/staff/invoices/{again}")


def before_finance(call: Call, invoice: str) -> InvoiceForStaff:
    found = issuing_invoices.found(call.ports, invoice)
    return InvoiceForStaff.whole(found, invoices.upload_of(call.ports, found))
