"""开票 before finance: what waits, the file from the invoicing system, issuing it to the applicant, reissuing it.

The file comes in like every other: a presigned form, quarantine, a check of what it is, and only then it is kept.
"""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.operations.applications import association
from chalicelib.operations.audit import noted, reason_given
from chalicelib.operations.commands import Absent, Deed, Order, once
from chalicelib.operations.invoices import (
    cancelled,
    claims_of,
    opened_with,
    refuse_unless,
    titles,
    titles_and_years,
    upload_of,
)
from chalicelib.operations.materials import INVOICE_SLOT, expected_file, removed
from chalicelib.operations.notices import Said, about, recipients, tell
from chalicelib.operations.ports import Asked, Change, Insert, Page, Ports, Replace, Require
from chalicelib.rules.folding import read_as
from chalicelib.rules.identifiers import email, mask_email
from chalicelib.rules.invoices import Buyer, invoice_number, read
from chalicelib.rules.payments import yuan
from chalicelib.rules.records import (
    Application,
    Claim,
    ClaimKind,
    Invoice,
    InvoiceStatus,
    Mail,
    MaterialFile,
    OutboxRow,
    Shelf,
    Work,
)
from chalicelib.rules.uploads import safe_display_name
from chalicelib.rules.vocabulary import Actor, FileStatus, Personal, Reason, Refused


def to_issue(ports: Ports, asked: Asked) -> Page[Invoice]:
    """What waits for finance, oldest first."""
    return ports.records.invoices_to_issue(asked)


def issued_on(ports: Ports, day: date, asked: Asked) -> Page[Invoice]:
    """What was issued on a day, in its order."""
    return ports.records.invoices_issued(day, asked)


def found(ports: Ports, invoice: str) -> Invoice:
    """Raises Absent."""
    there = ports.records.get(Invoice, invoice)
    if there is None:
        raise Absent
    return there


# --- the file ---------------------------------------------------------------------------------------------------------


def request_upload(ports: Ports, order: Order, invoice: str, name: str) -> str:
    """Makes room for the file to be issued, in the place of one put in before; answers its id, for `upload_form`.

    Raises Absent, Refused once it is issued, folding.Misfilled for the name.
    """
    shown = read_as("file_name", safe_display_name, name)

    def deed() -> Deed:
        before = found(ports, invoice)
        refuse_unless(before, InvoiceStatus.REQUESTED)
        shelf = ports.records.get(Shelf, invoice)
        if shelf is None:
            raise Absent
        file, earlier = expected_file(ports, shelf, INVOICE_SLOT, shown), upload_of(ports, before)
        gone = removed(ports, earlier) if earlier else ()
        after = before.changed(upload=file.id)
        return Deed((Insert(file), *gone, Replace(shelf, shelf.changed()), Replace(before, after)), file.id)

    return once(ports, order, deed)


# --- issuing ----------------------------------------------------------------------------------------------------------


def issue(ports: Ports, order: Order, invoice: str, file: str, number: str) -> str:
    """开出: the file named, checked and kept, becomes the invoice and goes to the applicant's e-mail.

    Raises Absent, Refused (issued already, the file is not ready, the number was used), Misfilled for the number.
    """
    folded = read_as("number", invoice_number, number)

    def deed() -> Deed:
        before = found(ports, invoice)
        refuse_unless(before, InvoiceStatus.REQUESTED)
        ready = _ready(upload_of(ports, before), file)
        at = ports.clock.now()
        after = before.changed(
            status=InvoiceStatus.ISSUED, number=folded, file=ready.kept, sha256=ready.sha256, kind=ready.kind,
            issued_at=at,
        )  # fmt: skip
        entry = noted(ports, order.actor.id, f"invoice:{invoice}", "issue_invoice", folded, at)
        once_only = _number_taken(ports, before, folded)
        return Deed(
            (Replace(before, after), Require(ready), once_only, *_posted(_mail(ports, after, at)), entry), invoice
        )

    return once(ports, order, deed)


def _ready(file: MaterialFile | None, named: str) -> MaterialFile:
    if file is None or file.id != named:
        told = "这不是该开票申请最近上传的文件。"
        raise Refused(Reason("no_such_file", told, "请刷新后核对文件，或重新上传。", "file"))
    if file.status is FileStatus.REFUSED:
        raise Refused(*(replace(reason, field="file") for reason in file.reasons))
    if file.status is FileStatus.WAITING:
        told = "文件还没有传到，或正在检查。"
        raise Refused(Reason("file_being_checked", told, "请确认上传完成，等几秒刷新后再开出。", "file"))
    return file


def _number_taken(ports: Ports, invoice: Invoice, number: str) -> Insert:
    """A document's number stands once, so that nobody is sent another's."""
    claim = Claim(kind=ClaimKind.INVOICE_NUMBER, value=f"{invoice.document}#{number}", holder=f"invoice:{invoice.id}")
    known = ports.records.get(Claim, *claim.key)
    if known is not None:
        told = f"票据号码 {number} 已用于开票申请 {known.holder.removeprefix('invoice:')}。"
        raise Refused(Reason("invoice_number_taken", told, "请核对票面号码，确认没有选错文件。", "number"))
    return Insert(claim)


def _mail(ports: Ports, invoice: Invoice, at: datetime) -> Mail:
    """The mail with the file, sealed under the owner's key: it is he who is written to."""
    settings, to = association(ports), ports.records.opened(invoice).email.plain or ""
    context = {
        "association": settings.name, "telephone": settings.telephones[0].number, "document": invoice.document,
        "number": invoice.number or "", "title": invoice.title, "tax_number": invoice.tax_number,
        "amount": yuan(invoice.amount), "again": "again" if invoice.replaces else "",
        "services": titles_and_years(invoice, _asked_for(ports, invoice)),
    }  # fmt: skip
    return Mail(
        id=ports.ids.new("m"), to=Personal(mask_email(to), to), letter="invoice", context=context, asked_at=at,
        asked_by=invoice.owner, invoice=invoice.id,
    )  # fmt: skip


def _posted(mail: Mail) -> tuple[Change, ...]:
    return Insert(mail), Insert(OutboxRow(id=f"mail-{mail.id}", work=Work.MAIL, subject=(mail.id,), at=mail.asked_at))


def send_again(ports: Ports, order: Order, invoice: str, to: str | None = None, reason: str = "") -> str:
    """再次发送: the issued file once more, to the address that it went to, or to a corrected one.

    A corrected address needs a reason and stands on the invoice from then on. Answers the mail's id. Raises Absent,
    Refused (not issued, or replaced since), Misfilled for the address.
    """
    folded = None if to is None else read_as("to", email, to)

    def deed() -> Deed:
        before, at = ports.records.opened(found(ports, invoice)), ports.clock.now()
        refuse_unless(before, InvoiceStatus.ISSUED)
        corrected = folded is not None and folded != before.email.plain
        after = _sent_to(before, folded or "", reason) if corrected else before
        mail = _mail(ports, after, at)
        entry = noted(ports, order.actor.id, f"invoice:{invoice}", "send_invoice_again", reason.strip(), at)
        stands = Require(before) if after is before else Replace(before, after)
        return Deed((stands, *_posted(mail), entry), mail.id)

    return once(ports, order, deed)


def _sent_to(before: Invoice, to: str, reason: str) -> Invoice:
    reason_given(reason)
    return before.changed(email=Personal(mask_email(to), to))


# --- when it was wrong ------------------------------------------------------------------------------------------------


def cancel_with_reason(ports: Ports, order: Order, invoice: str, reason: str) -> str:
    """Finance cannot issue it as it was asked for: its applications are free again, the applicant hears why."""
    why = reason_given(reason)

    def deed() -> Deed:
        before, at = found(ports, invoice), ports.clock.now()
        entry = noted(ports, order.actor.id, f"invoice:{invoice}", "cancel_invoice", why, at)
        return Deed((*cancelled(ports, before, why), *_applicant_told(ports, before, why), entry), invoice)

    return once(ports, order, deed)


def _applicant_told(ports: Ports, invoice: Invoice, reason: str) -> tuple[Change, ...]:
    """Once, whatever number of applications it was for."""
    asked = _asked_for(ports, invoice)
    if not asked:
        return ()
    at, services = ports.clock.now(), titles(invoice, asked)
    context = {**about(asked[0], association(ports), at, reason), "amount": yuan(invoice.amount), "service": services}
    said = Said("invoice_cancelled", context, at)
    return tell(ports, dict.fromkeys(recipients(ports, asked[0]), said), f"{invoice.id}-{invoice.version}")


def _asked_for(ports: Ports, invoice: Invoice) -> tuple[Application, ...]:
    found = ports.records.get_many(*((Application, (each,)) for each in invoice.applications))
    return tuple(each for each in found if isinstance(each, Application))


def reissue(ports: Ports, order: Order, invoice: str, reason: str, typed: Buyer | None = None) -> str:
    """重开: the issued one is replaced by a new request for the same applications; answers the new one's id.

    ``typed``: what is to stand on it, where that was wrong; else as before. The old one and its file are kept. Raises
    Absent, Refused.
    """
    why = reason_given(reason)

    def deed() -> Deed:
        before = ports.records.opened(found(ports, invoice))
        refuse_unless(before, InvoiceStatus.ISSUED)
        again = _again(ports, order.actor, before, _corrected(before, typed))
        after = before.changed(status=InvoiceStatus.REPLACED, reason=why, replaced_by=again.id)
        entry = noted(ports, order.actor.id, f"invoice:{invoice}", "reissue_invoice", why)
        moved = (Replace(each, each.changed(holder=f"invoice:{again.id}")) for each in claims_of(ports, before))
        return Deed((Replace(before, after), *opened_with(again), *moved, entry), again.id)

    return once(ports, order, deed)


def _corrected(before: Invoice, typed: Buyer | None) -> Buyer:
    if typed is None:
        return Buyer(before.title, before.tax_number, before.email.plain or "", before.remarks)
    buyer, reasons = read(typed)
    if reasons:
        raise Refused(*reasons)
    return buyer


def _again(ports: Ports, actor: Actor, before: Invoice, buyer: Buyer) -> Invoice:
    return Invoice(
        id=ports.ids.new("inv"), owner=before.owner, asked_by=actor.id, applications=before.applications,
        amount=before.amount, document=before.document, title=buyer.title, tax_number=buyer.tax_number,
        email=Personal(mask_email(buyer.email), buyer.email), remarks=buyer.remarks, requested_at=ports.clock.now(),
        replaces=before.id,
    )  # fmt: skip
