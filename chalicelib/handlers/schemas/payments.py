"""Payments: what the applicant says of his transfer, and what finance found."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from chalicelib.handlers.schemas import examples
from chalicelib.handlers.schemas.base import (
    NO_CONTROLS,
    Code,
    Day,
    Fen,
    Incoming,
    Instant,
    Line,
    Named,
    Outgoing,
    PageOf,
    Paging,
    Query,
    Seen,
    Why,
    code_of,
)
from chalicelib.operations.payments import MOST_APPLICATIONS, Transfer
from chalicelib.operations.reconciling import Closing
from chalicelib.rules.payments import too_little
from chalicelib.rules.records import Allotment, Credit, Movement, Payment, PaymentMethod, PaymentStatus

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
    paid_on: Annotated[Day, Field(description="缴费日期", examples=["2026-03-02"])]
    bank_serial: Annotated[Serial, Field(description="银行流水号")] = ""
    remark: Annotated[Remark, Field(description="转账备注")] = ""

    @property
    def transfer(self) -> Transfer:
        return Transfer(self.method, self.amount, self.payer, self.paid_on, self.bank_serial, self.remark)


class ReceiptShown(Outgoing):
    application: str
    file: str


class AllotmentShown(Outgoing):
    application: str
    due: Annotated[int, Field(description="应缴金额，人民币分")]
    status: Annotated[Named, code_of(PaymentStatus)]
    reason: Annotated[str | None, Field(description="核账不通过、款项不足或撤销的理由")]

    @classmethod
    def of(cls, allotment: Allotment) -> Self:
        status = Named.of(allotment.status)
        return cls(application=allotment.application, due=allotment.due, status=status, reason=allotment.reason)


class PaymentShown(Outgoing):
    id: str
    status: Annotated[Named, code_of(PaymentStatus)]
    applications: list[str]
    allotments: Annotated[list[AllotmentShown], Field(description="逐宗：应缴金额和核账结果")]
    method: Annotated[Named, code_of(PaymentMethod)]
    amount: Annotated[int, Field(description="申报金额，人民币分")]
    due: Annotated[int, Field(description="应缴金额，人民币分")]
    payer: str
    paid_on: date
    bank_serial: str
    remark: str
    receipt: Annotated[ReceiptShown | None, Field(description="银行回单的文件")]
    owner: Annotated[str, Field(description="缴费的单位或用户")]
    submitted_at: Instant
    received: Annotated[int | None, Field(description="实收金额，人民币分")]
    decided_at: Instant | None
    reason: Annotated[str | None, Field(description="核账不通过的理由")]
    credited: Annotated[int, Field(description="转入余款的金额（负数为以余款补足），人民币分")]
    twins: Annotated[list[str], Field(description="流水号或回单文件相同的其他缴费，财务须核对是否重复；缴费人看不到")]
    line: Annotated[str | None, Field(description="据以核账的对账单行；缴费人看不到")]
    differs: Annotated[bool, Field(description="申报金额与应缴金额不同")]
    note: Annotated[str | None, Field(description="待核账而申报不足应缴时：差多少，接下来怎么办")]
    version: int

    @classmethod
    def of(cls, payment: Payment) -> Self:
        waiting = payment.status is PaymentStatus.CHECKING
        return cls(
            note=too_little(payment.amount, payment.due) if waiting else None,
            id=payment.id, status=Named.of(payment.status), applications=list(payment.applications),
            allotments=[AllotmentShown.of(each) for each in payment.allotments],
            credited=payment.credited, twins=list(payment.twins), method=Named.of(payment.method),
            amount=payment.amount, due=payment.due, payer=payment.payer, paid_on=payment.paid_on,
            bank_serial=payment.bank_serial, remark=payment.remark, receipt=_receipt(payment), owner=payment.owner,
            submitted_at=payment.submitted_at, received=payment.received, decided_at=payment.decided_at,
            reason=payment.reason, line=payment.line, differs=payment.differs, version=payment.version,
        )  # fmt: skip

    @classmethod
    def for_its_owner(cls, payment: Payment) -> Self:
        """Without what finance compares it with: twins may be other people's, and a bank line is the association's."""
        return cls.of(replace(payment, twins=(), line=None))


def _receipt(payment: Payment) -> ReceiptShown | None:
    """A file's id begins with its application's."""
    if payment.receipt is None:
        return None
    return ReceiptShown(application=payment.receipt.partition(".")[0], file=payment.receipt)


class Payments(PageOf[PaymentShown]):
    """核账列表."""


class PaymentsAsked(Paging):
    decided_on: Annotated[Day | None, Field(description="哪一天处理的；不写为待核账的", examples=["2026-03-02"])] = None


class Confirmation(Incoming):
    version: Seen
    received: Annotated[Fen, Field(description="实收金额，人民币分", examples=[120_000])]
    partly: Annotated[bool, Field(description="实收不足时：够缴的通过，不够的退回补缴，已收的记为余款")] = False
    line: Annotated[Code | None, Field(description="对账单的一行；一并入账，金额须与实收相同", examples=[None])] = None


class RefusedPayment(Incoming):
    version: Seen
    reason: Why


class UndoneAllotment(Incoming):
    application: Annotated[Code, Field(description="撤销哪一宗的核账", examples=[examples.APPLICATION])]
    arrived: Annotated[bool, Field(description="款项确已到账（转为余款）；未到账为 false")]
    reason: Why


class UndonePaymentShown(PaymentShown):
    next: Annotated[str, Field(description="撤销之后，由谁办什么")]

    @classmethod
    def telling(cls, payment: Payment, following: str) -> Self:
        return cls(**dict(PaymentShown.of(payment)), next=following)


class CreditShown(Outgoing):
    owner: Annotated[str, Field(description="单位或用户")]
    balance: Annotated[int, Field(description="余款，人民币分")]

    @classmethod
    def of(cls, owner: str, credit: Credit | None) -> Self:
        return cls(owner=owner, balance=credit.balance if credit else 0)


class Refund(Incoming):
    owner: Annotated[Line, Field(description="单位或用户，见缴费详情", examples=["enterprise:e1"])]
    amount: Annotated[Fen, Field(description="退款金额，人民币分", examples=[20_000])]
    reason: Why


class MovementShown(Outgoing):
    at: Instant
    owner: str
    amount: Annotated[int, Field(description="增加为正，减少为负，人民币分")]
    why: str
    payment: str | None

    @classmethod
    def of(cls, movement: Movement) -> Self:
        return cls(
            at=movement.at, owner=movement.owner, amount=movement.amount, why=movement.why, payment=movement.payment
        )


class ClosingAsked(Query):
    day: Annotated[Day | None, Field(description="哪一天；不写为今天", examples=["2026-03-02"])] = None


class ClosingShown(Outgoing):
    """日结."""

    day: date
    received: Annotated[int, Field(description="当日核实到账，人民币分")]
    booked: Annotated[int, Field(description="其中计入业务，人民币分")]
    credit: Annotated[int, Field(description="余款增减，人民币分")]
    payments: list[PaymentShown]
    movements: list[MovementShown]

    @classmethod
    def of(cls, closing: Closing) -> Self:
        return cls(
            day=closing.day, received=closing.received, booked=closing.booked, credit=closing.credit,
            payments=[PaymentShown.of(each) for each in closing.payments],
            movements=[MovementShown.of(each) for each in closing.movements],
        )  # fmt: skip
