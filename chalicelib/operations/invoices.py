"""开票: asked for by the applicant once his applications are completed; what he may see and take back.

Finance issues and reissues in `issuing_invoices.py`.
"""

from collections.abc import Iterable, Mapping

from chalicelib.operations.applications import association, is_own
from chalicelib.operations.commands import Absent, Deed, Order, once
from chalicelib.operations.materials import removed, windows
from chalicelib.operations.ports import Asked, Change, Insert, Page, Ports, Remove, Replace, Require
from chalicelib.rules.identifiers import mask_email
from chalicelib.rules.invoices import Buyer, Item, document_for, file_name, not_now, read, standing_in_the_way
from chalicelib.rules.payments import Fee
from chalicelib.rules.records import (
    Application,
    Claim,
    ClaimKind,
    Invoice,
    InvoiceStatus,
    MaterialFile,
    Shelf,
    enterprise_owner,
    user_owner,
)
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Actor, Personal, Reason, Refused


def request(ports: Ports, order: Order, applications: tuple[str, ...], typed: Buyer) -> str:
    """申请开票 for completed applications of the actor's own, each on one invoice only; answers the invoice's id.

    Raises Absent for what is not his, Refused with every reason, Busy.
    """

    def deed() -> Deed:
        buyer, reasons = read(typed)
        items = _items(ports, order.actor, tuple(dict.fromkeys(applications)))
        if reasons := (*standing_in_the_way(items), *reasons):
            raise Refused(*reasons)
        invoice = _asked_for(ports, order.actor, items, buyer)
        claims = (Insert(_claim(each, invoice.id)) for each in invoice.applications)
        unchanged = (Require(item.application) for item in items)
        return Deed((*opened_with(invoice), *claims, *unchanged), invoice.id)

    return once(ports, order, deed)


def _items(ports: Ports, actor: Actor, named: tuple[str, ...]) -> list[Item]:
    """One batch: the applications, and the invoices that they stand on already. Raises Absent."""
    applications = ((Application, (each,)) for each in named)
    found = ports.records.get_many(*applications, *((Claim, _claim_key(each)) for each in named))
    own = [each for each in found if isinstance(each, Application) and is_own(actor, each.owner)]
    if len(own) < len(named):
        raise Absent
    on = {each.value: each.holder.removeprefix("invoice:") for each in found if isinstance(each, Claim)}
    fees = association(ports).fees
    return [Item(each, document_of(fees, each), on.get(each.id)) for each in own]


def document_of(fees: Iterable[Fee], application: Application) -> str:
    """What is issued for an application's fee, by the schedule of the day it was completed."""
    return document_for(fees, TABLE[application.service].fee, application.since.date())


def _asked_for(ports: Ports, actor: Actor, items: list[Item], buyer: Buyer) -> Invoice:
    return Invoice(
        id=ports.ids.new("inv"), owner=items[0].application.owner, asked_by=actor.id,
        applications=tuple(item.application.id for item in items),
        amount=sum(item.application.paid for item in items), document=items[0].document,
        title=buyer.title, tax_number=buyer.tax_number, email=Personal(mask_email(buyer.email), buyer.email),
        remarks=buyer.remarks, requested_at=ports.clock.now(),
    )  # fmt: skip


def opened_with(invoice: Invoice) -> tuple[Change, ...]:
    """A new invoice, with the shelf for the file that will be issued."""
    return Insert(invoice), Insert(Shelf(application=invoice.id))


# --- the guard rows by which an application stands on one invoice only ------------------------------------------------


def _claim_key(application: str) -> tuple[str, str]:
    return ClaimKind.INVOICED.value, application


def _claim(application: str, invoice: str) -> Claim:
    return Claim(kind=ClaimKind.INVOICED, value=application, holder=f"invoice:{invoice}")


def claims_of(ports: Ports, invoice: Invoice) -> tuple[Claim, ...]:
    found = ports.records.get_many(*((Claim, _claim_key(each)) for each in invoice.applications))
    return tuple(each for each in found if isinstance(each, Claim) and each.holder == f"invoice:{invoice.id}")


# --- taking it back ---------------------------------------------------------------------------------------------------


def cancel(ports: Ports, order: Order, invoice: str, reason: str = "") -> str:
    """取消 before it is issued: its applications can be invoiced anew. Raises Absent, Refused."""

    def deed() -> Deed:
        before = own(ports, order.actor, invoice)
        return Deed(cancelled(ports, before, reason.strip()), invoice)

    return once(ports, order, deed)


def cancelled(ports: Ports, before: Invoice, reason: str) -> tuple[Change, ...]:
    """Frees its applications; a file that lies ready and was never issued goes. Raises Refused once it is issued."""
    refuse_unless(before, InvoiceStatus.REQUESTED)
    after = before.changed(status=InvoiceStatus.CANCELLED, reason=reason or None, upload=None)
    file = upload_of(ports, before)
    gone = removed(ports, file) if file else ()
    return (Replace(before, after), *(Remove(claim) for claim in claims_of(ports, before)), *gone)


def refuse_unless(invoice: Invoice, status: InvoiceStatus) -> None:
    if reasons := not_now(invoice, status):
        raise Refused(*reasons)


def upload_of(ports: Ports, invoice: Invoice) -> MaterialFile | None:
    """The file that finance has put in last, with what its check has found."""
    return ports.records.get(MaterialFile, invoice.id, invoice.upload) if invoice.upload else None


# --- reading ----------------------------------------------------------------------------------------------------------


def mine(ports: Ports, actor: Actor, asked: Asked) -> Page[Invoice]:
    """我的开票: the enterprise's when bound, else the user's own; newest first."""
    owner = enterprise_owner(actor.enterprise) if actor.enterprise else user_owner(actor.id)
    return ports.records.invoices_of(owner, asked)


def own(ports: Ports, actor: Actor, invoice: str) -> Invoice:
    """Raises Absent for what is not there or not his."""
    found = ports.records.get(Invoice, invoice)
    if found is None or not is_own(actor, found.owner):
        raise Absent
    return found


def file_link(ports: Ports, invoice: Invoice) -> str:
    """A short-lived address of the issued file. Raises Refused as long as there is none."""
    if invoice.file is None:
        told = f"该开票申请现为“{invoice.status.chinese}”，没有可下载的票据。"
        raise Refused(Reason("not_issued_yet", told, "请等财务开出；开出后会发送到您填写的邮箱，也可在这里下载。"))
    return ports.files.link(invoice.file, windows(ports).link_seconds, file_name(invoice))


def titles(invoice: Invoice, applications: Iterable[Application]) -> str:
    """What the invoice is for, in words: the services, each once."""
    return _each_once(invoice, {each.id: each.service.chinese for each in applications})


def titles_and_years(invoice: Invoice, applications: Iterable[Application]) -> str:
    """The same with the year that each is for: whoever books the invoice asks for it."""
    return _each_once(invoice, {each.id: _with_its_year(each) for each in applications})


def _with_its_year(application: Application) -> str:
    year = f"（{application.year} 年度）" if application.year else ""
    return f"{application.service.chinese}{year}"


def _each_once(invoice: Invoice, named: Mapping[str, str]) -> str:
    return "、".join(dict.fromkeys(named[each] for each in invoice.applications if each in named))
