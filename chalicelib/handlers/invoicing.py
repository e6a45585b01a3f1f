"""开票 by members: asking for it, seeing what became of it, taking it back, the file."""

from chalicelib.handlers.calls import Answer, Call, created
from chalicelib.handlers.cursors import Bookmark, paged
from chalicelib.handlers.desks import MEMBERS
from chalicelib.handlers.schemas.applications import FileLink
from chalicelib.handlers.schemas.base import Paging
from chalicelib.handlers.schemas.invoices import Cancellation, Invoices, InvoiceShown, NewInvoice
from chalicelib.operations import invoices, materials
from chalicelib.rules.invoices import NO_SPECIAL_ONES


@MEMBERS.writes(
    "POST", "/invoices", "申请开票", InvoiceShown, takes=NewInvoice, status=201,
    description=f"业务完成并有缴费后才能申请；可为几宗业务开一张。{NO_SPECIAL_ONES}",
)  # fmt: skip
def request_invoice(call: Call, wanted: NewInvoice) -> Answer:
    invoice = invoices.request(call.ports, call.order, tuple(wanted.applications), wanted.buyer)
    return created(own_invoice(call, invoice), f"/invoices/{invoice}")


@MEMBERS.reads("/invoices", "我的开票，最新的在前", Invoices, asks=Paging)
def my_invoices(call: Call, paging: Paging) -> Invoices:
    mark = Bookmark(call.ports, "my_invoices", call.actor.id)
    page, following = paged(mark, paging, lambda asked: invoices.mine(call.ports, call.actor, asked))
    return Invoices(items=[InvoiceShown.of(each) for each in page.items], next=following)


@MEMBERS.reads("/invoices/{invoice}", "开票详情", InvoiceShown)
def one_invoice(call: Call, invoice: str) -> InvoiceShown:
    return own_invoice(call, invoice)


@MEMBERS.writes("POST", "/invoices/{invoice}/cancel", "取消开票申请（开出之前）", InvoiceShown, takes=Cancellation)
def cancel_invoice(call: Call, said: Cancellation, invoice: str) -> InvoiceShown:
    return own_invoice(call, invoices.cancel(call.ports, call.order, invoice, said.reason))


@MEMBERS.reads(
    "/invoices/{invoice}/file", "下载票据", FileLink, status=302, also=(409,),
    description="转到短时有效的下载地址；`Accept: application/json` 时以 JSON 给出地址。尚未开出的答复 409。",
)  # fmt: skip
def download_invoice(call: Call, invoice: str) -> Answer:
    url = invoices.file_link(call.ports, invoices.own(call.ports, call.actor, invoice))
    if call.prefers_json():
        return Answer(FileLink(url=url, expires_in=materials.windows(call.ports).link_seconds))
    return Answer(None, 302, {"Location": url})


def own_invoice(call: Call, invoice: str) -> InvoiceShown:
    return InvoiceShown.of(invoices.own(call.ports, call.actor, invoice))
