"""开票: what is asked for, what became of it, and what finance puts in."""

from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints

from chalicelib.handlers.schemas import examples
from chalicelib.handlers.schemas.applications import FileName, FileShown
from chalicelib.handlers.schemas.base import (
    AS_PRINTED,
    NO_CONTROLS,
    Code,
    Day,
    Incoming,
    Instant,
    Named,
    Outgoing,
    PageOf,
    Paging,
    ShortLine,
    Why,
    code_of,
)
from chalicelib.rules.invoices import LONGEST_REMARKS, MOST_APPLICATIONS, NO_SPECIAL_ONES, Buyer
from chalicelib.rules.records import Invoice, InvoiceStatus, MaterialFile
from chalicelib.rules.uploads import Kind

TaxNumber = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=NO_CONTROLS)]


class BuyerGiven(Incoming):
    title: Annotated[ShortLine, Field(description="抬头：单位名称，与营业执照一致", examples=[examples.ENTERPRISE])]
    tax_number: Annotated[
        TaxNumber,
        Field(
            description="税号：15 至 20 位数字或大写字母；18 位的为统一社会信用代码",
            examples=[examples.JOIN_FORM["credit_code"]],
        ),
    ]
    email: Annotated[str, Field(max_length=320, description="收票邮箱", examples=["name@example.com"])]
    remarks: Annotated[
        str, Field(max_length=LONGEST_REMARKS, description=f"补充说明，最多 {LONGEST_REMARKS} 字。{NO_SPECIAL_ONES}")
    ] = ""

    @property
    def buyer(self) -> Buyer:
        return Buyer(self.title, self.tax_number, self.email, self.remarks)


class NewInvoice(BuyerGiven):
    applications: Annotated[
        list[Code],
        Field(
            min_length=1, max_length=MOST_APPLICATIONS, description="为哪些业务开票：须已完成、有缴费，票据种类相同",
            examples=[[examples.APPLICATION]],
        ),
    ]  # fmt: skip


class InvoiceShown(Outgoing):
    id: str
    status: Annotated[Named, code_of(InvoiceStatus)]
    applications: list[str]
    amount: Annotated[int, Field(description="金额：所列业务实缴的合计，人民币分")]
    document: Annotated[str, Field(description=f"开具的票据种类，由收费标准规定。{NO_SPECIAL_ONES}")]
    title: Annotated[str, Field(description="抬头")]
    tax_number: Annotated[str, Field(description="税号")]
    email: Annotated[str, Field(description="收票邮箱，已遮蔽")]
    remarks: str
    requested_at: Instant
    number: Annotated[str | None, Field(description="票据号码")]
    kind: Annotated[Kind | None, Field(description="票据文件的类型")]
    issued_at: Instant | None
    reason: Annotated[str | None, Field(description="取消或重开的理由")]
    replaces: Annotated[str | None, Field(description="重开的：代替哪一张")]
    replaced_by: Annotated[str | None, Field(description="已作废的：由哪一张代替")]
    note: str
    version: int

    @classmethod
    def of(cls, invoice: Invoice) -> Self:
        return cls(**written(invoice))


def written(invoice: Invoice) -> dict[str, Any]:
    """What both audiences read."""
    return {
        "id": invoice.id, "status": Named.of(invoice.status), "applications": list(invoice.applications),
        "amount": invoice.amount, "document": invoice.document, "title": invoice.title,
        "tax_number": invoice.tax_number, "email": invoice.email.masked, "remarks": invoice.remarks,
        "requested_at": invoice.requested_at, "number": invoice.number,
        "kind": Kind(invoice.kind) if invoice.kind else None, "issued_at": invoice.issued_at,
        "reason": invoice.reason, "replaces": invoice.replaces, "replaced_by": invoice.replaced_by,
        "note": f"将开具“{invoice.document}”。{NO_SPECIAL_ONES}开出后除特殊情况外不重开。",
        "version": invoice.version,
    }  # fmt: skip


class Invoices(PageOf[InvoiceShown]):
    """开票列表."""


class Cancellation(Incoming):
    reason: Annotated[str, Field(max_length=500, description="取消的原因，可不写")] = ""


# --- finance ----------------------------------------------------------------------------------------------------------


class InvoicesAsked(Paging):
    issued_on: Annotated[Day | None, Field(description="哪一天开出的；不写为待开票的", examples=["2026-03-02"])] = None


class InvoiceForStaff(InvoiceShown):
    owner: Annotated[str, Field(description="申请的单位或用户")]
    file: Annotated[FileShown | None, Field(description="最近上传的票据文件和检查结果")]

    @classmethod
    def whole(cls, invoice: Invoice, file: MaterialFile | None) -> Self:
        shown = FileShown.of(file, file.name.masked) if file else None
        return cls(**written(invoice), owner=invoice.owner, file=shown)


class InvoiceFile(Incoming):
    file_name: FileName


class Issued(Incoming):
    file: Annotated[Code, Field(description="已上传并通过检查的票据文件", examples=[examples.INVOICE_FILE])]
    number: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Za-z0-9-]{6,30}$"),
        AS_PRINTED,
        Field(description="票据号码：6 至 30 位数字、字母或连字符，不含空格", examples=["26440000000000000001"]),
    ]


class SentAgain(Incoming):
    to: Annotated[
        str | None, Field(max_length=320, description="改正后的收票邮箱；不写为原邮箱", examples=["name@example.com"])
    ] = None
    reason: Annotated[str, Field(max_length=500, description="更改邮箱的理由；邮箱不变的可不写")] = ""


class Reissue(Incoming):
    reason: Why
    buyer: Annotated[BuyerGiven | None, Field(description="开票信息有误的：改正后的全部内容；不写为照旧")] = None
