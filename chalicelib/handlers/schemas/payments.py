"""Payments: what the applicant says of his transfer, and what finance found."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from chalicelib.handlers.schemas import examples
from chalicelib.handlers.schemas.base import (
    NO_CONTROLS,
    Code,
    Fen,
    Incoming,
    Instant,
    Line,
    Named,
    Outgoing,
    PageOf,
    Paging,
    Seen,
    Why,
    code_of,
)
from chalicelib.operations.payments import MOST_APPLICATIONS, Transfer
from chalicelib.rules.records import Payment, PaymentMethod, PaymentStatus

Serial = Annotated[str, StringConstraints(max_length=64, pattern=NO_CONTROLS)]
Remark = Annotated[str, StringConstraints(max_length=200, pattern=NO_CONTROLS)]


class NewPayment(Incoming):
    applications: Annotated[
        list[Code],
        Field(min_length=1, max_length=MOST_APPLICATIONS, description="所缴的业务", examples=[[examples.APPLICATION]]),
    ]
    method: Annotated[PaymentMethod, Field(description="transfer 银行转账，cash 现金", examples=["transfer"])]
    amount: Annotated[Fen, Field(examples=[120_000])]
    payer: Annotated[Line, Field(description="付款户名", examples=[examples.ENTERPRISE])]
    paid_on: Annotated[date, Field(description="缴费日期", examples=["2026-03-02"])]
    bank_serial: Annotated[Serial, Field(description="银行流水号")] = ""
    remark: Annotated[Remark, Field(description="转账备注")] = ""

    @property
    def transfer(self) -> Transfer:
        return Transfer(self.method, self.amount, self.payer, self.paid_on, self.bank_serial, self.remark)


class ReceiptShown(Outgoing):
    application: str
    file: str


class PaymentShown(Outgoing):
    id: str
    status: Annotated[Named, code_of(PaymentStatus)]
    applications: list[str]
    method: Annotated[Named, code_of(PaymentMethod)]
    amount: Annotated[int, Field(description="申报金额，人民币分")]
    due: Annotated[int, Field(description="应缴金额，人民币分")]
    payer: str
    paid_on: date
    bank_serial: str
    remark: str
    receipt: Annotated[ReceiptShown | None, Field(description="银行回单的文件")]
    submitted_at: Instant
    received: Annotated[int | None, Field(description="实收金额，人民币分")]
    decided_at: Instant | None
    reason: Annotated[str | None, Field(description="核账不通过的理由")]
    differs: Annotated[bool, Field(description="申报金额与应缴金额不同")]
    version: int

    @classmethod
    def of(cls, payment: Payment) -> Self:
        return cls(
            id=payment.id, status=Named.of(payment.status), applications=list(payment.applications),
            method=Named.of(payment.method), amount=payment.amount, due=payment.due, payer=payment.payer,
            paid_on=payment.paid_on, bank_serial=payment.bank_serial, remark=payment.remark,
            receipt=_receipt(payment), submitted_at=payment.submitted_at, received=payment.received,
            decided_at=payment.decided_at, reason=payment.reason, differs=payment.differs, version=payment.version,
        )  # fmt: skip


def _receipt(payment: Payment) -> ReceiptShown | None:
    """A file's id begins with its application's."""
    if payment.receipt is None:
        return None
    return ReceiptShown(application=payment.receipt.partition(".")[0], file=payment.receipt)


class Payments(PageOf[PaymentShown]):
    """核账列表."""


class PaymentsAsked(Paging):
    status: Annotated[PaymentStatus, Field(description="默认待核账")] = PaymentStatus.CHECKING


class Confirmation(Incoming):
    version: Seen
    received: Annotated[Fen, Field(description="实收金额，人民币分", examples=[120_000])]


class RefusedPayment(Incoming):
    version: Seen
    reason: Why
