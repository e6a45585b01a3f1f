"""开票: what may stand on an invoice, for which applications, and every reason why not.

Source: the association's operation guide, chapter 五, question 3; domain.md §5. Ordinary electronic documents only.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.rules.folding import Malformed, fold, read_each
from chalicelib.rules.identifiers import credit_code, email, enterprise_name, plain_text
from chalicelib.rules.payments import Fee, fees_on
from chalicelib.rules.records import Application, Invoice, InvoiceStatus
from chalicelib.rules.uploads import Kind
from chalicelib.rules.vocabulary import Reason, State

MOST_APPLICATIONS = 12
LONGEST_REMARKS = 200
LONGEST_NUMBER = 30
ORDINARY = "电子发票（普通发票）"
NO_SPECIAL_ONES = "只开普通电子票据，不开增值税专用发票（专票）。"
_TAX_NUMBER = re.compile(r"[A-Z0-9]{15,20}")
_CREDIT_CODE_LENGTH = 18
_NUMBER = re.compile(rf"[A-Z0-9-]{{6,{LONGEST_NUMBER}}}")
_SPECIAL = re.compile(r"专票|专用(?:电子)?发票|(?<!不)(?:可以|用于)?抵扣进项")


@dataclass(frozen=True)
class Buyer:
    """What the applicant wants on the invoice, and where it is to be sent."""

    title: str
    tax_number: str
    email: str
    remarks: str = ""


def tax_number(text: str) -> str:
    """15 to 20 letters and digits; 18 of them are a unified social credit code. Raises Malformed."""
    number = fold(text)
    if _TAX_NUMBER.fullmatch(number) is None:
        told = "纳税人识别号（税号）应为 15 至 20 位数字或大写字母。"
        raise Malformed("tax_number_form", told, "请对照营业执照填写；三证合一的单位填写 18 位统一社会信用代码。")
    return credit_code(number) if len(number) == _CREDIT_CODE_LENGTH else number


def invoice_number(text: str) -> str:
    """The number printed on the issued document. Raises Malformed."""
    number = fold(text)
    if _NUMBER.fullmatch(number) is None:
        told = f"票据号码应为 6 至 {LONGEST_NUMBER} 位数字、大写字母或连字符。"
        raise Malformed("invoice_number_form", told, "请对照票面上的号码填写。")
    return number


def _remarks(text: str) -> str:
    return plain_text(text, LONGEST_REMARKS) if text.strip() else ""


def read(typed: Buyer) -> tuple[Buyer, tuple[Reason, ...]]:
    """What was typed in its canonical writing, and every reason why it cannot stand on an invoice."""
    folds: dict[str, Callable[[str], str]] = {
        "title": enterprise_name, "tax_number": tax_number, "email": email, "remarks": _remarks,
    }  # fmt: skip
    read_, told = read_each(folds, {name: getattr(typed, name) for name in folds})
    reasons = list(told)
    if _SPECIAL.search(fold(typed.remarks)):
        following = "请删去补充说明中的相关要求，按普通电子票据申请；有特殊情况的，请致电财务。"
        reasons.append(Reason("no_special_invoices", NO_SPECIAL_ONES, following, "remarks"))
    return (typed if reasons else Buyer(**read_)), tuple(reasons)


# --- for which applications -------------------------------------------------------------------------------------------


def document_for(fees: Iterable[Fee], code: str | None, day: date) -> str:
    """What is issued for a fee, as the schedule of the day names it; where it has no row, an ordinary invoice."""
    rows = fees_on(fees, code, day) if code else ()
    return "、".join(dict.fromkeys(row.document for row in rows if row.document)) or ORDINARY


@dataclass(frozen=True)
class Item:
    """One application that an invoice is asked for; ``invoice``: the one that it stands on already."""

    application: Application
    document: str
    invoice: str | None = None

    @property
    def named(self) -> str:
        year = f"（{self.application.year} 年度）" if self.application.year else ""
        return f"“{self.application.service.chinese}”{year}"


def standing_in_the_way(items: Sequence[Item]) -> tuple[Reason, ...]:
    """Every reason why these applications cannot go on one invoice, none when they can."""
    if not 1 <= len(items) <= MOST_APPLICATIONS:
        told = f"一张票据可对应 1 至 {MOST_APPLICATIONS} 宗业务。"
        return (Reason("applications_out_of_bounds", told, "请分几次申请开票。", "applications"),)
    each = (reason for item in items for reason in (_not_ready(item), _invoiced_already(item)) if reason)
    return (*each, *_not_together(items))


def _not_ready(item: Item) -> Reason | None:
    application = item.application
    if application.state is not State.COMPLETED:
        told = f"{item.named}现为“{application.state.chinese}”，业务完成后才能申请开票。"
        following = "请等该业务的状态显示“已完成”后再申请；其他已完成的业务可以先申请。"
        if application.state.final:
            following = "该业务已经终止，不能开票；已缴款项的处理请联系财务。"
        return Reason("not_completed", told, following, application.id)
    if application.paid <= 0:
        told = f"{item.named}没有缴纳费用，不能开票。"
        return Reason("nothing_paid", told, "请去掉这宗业务，再为其余业务申请。", application.id)
    return None


def _invoiced_already(item: Item) -> Reason | None:
    if item.invoice is None:
        return None
    told = f"{item.named}已在开票申请 {item.invoice} 中。"
    following = "请在“我的开票”中查看；尚未开出的可取消后重新申请，已开出的除特殊情况外不重开，请联系财务。"
    return Reason("already_invoiced", told, following, item.application.id)


def _not_together(items: Sequence[Item]) -> Iterable[Reason]:
    if len({item.application.owner for item in items}) > 1:
        told = "一张票据只能对应同一单位的业务。"
        yield Reason("owners_differ", told, "请为每个单位分别申请开票。", "applications")
    documents = dict.fromkeys(item.document for item in items)
    if len(documents) > 1:
        told = f"所选业务应开的票据种类不同：{'；'.join(documents)}。"
        yield Reason("documents_differ", told, "请按票据种类分别申请开票。", "applications")


# --- what has become of it --------------------------------------------------------------------------------------------

FOLLOWING = {
    InvoiceStatus.ISSUED: "票据开出后除特殊情况外不重开；确有特殊情况的，由财务写明理由重开。",
    InvoiceStatus.REPLACED: "该票据已作废，请查看重开后的开票申请。",
    InvoiceStatus.CANCELLED: "该申请已取消，需要开票的请重新申请。",
    InvoiceStatus.REQUESTED: "票据尚未开出；信息有误的，请取消后重新申请。",
}


def not_now(invoice: Invoice, wanted: InvoiceStatus) -> tuple[Reason, ...]:
    """Why a step that is for invoices of the ``wanted`` status cannot be taken."""
    if invoice.status is wanted:
        return ()
    told = f"该开票申请现为“{invoice.status.chinese}”，不能这样办理。"
    return (Reason("invoice_in_other_status", told, FOLLOWING[invoice.status]),)


def file_name(invoice: Invoice) -> str:
    """What the issued file is saved and mailed as: no person's name is in it."""
    kind = Kind(invoice.kind or Kind.PDF)
    return f"{invoice.document}-{invoice.number}.{kind.name.lower()}"
