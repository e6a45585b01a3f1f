"""核账 before finance: what waits, what was decided, confirming, refusing, undoing, credit and the day's closing."""

from chalicelib.handlers.calls import Call
from chalicelib.handlers.cursors import Bookmark, paged, waiting_or_of
from chalicelib.handlers.desks import STAFF
from chalicelib.handlers.schemas.payments import (
    ClosingAsked,
    ClosingShown,
    Confirmation,
    CreditShown,
    Payments,
    PaymentsAsked,
    PaymentShown,
    Refund,
    RefusedPayment,
    UndoneAllotment,
    UndonePaymentShown,
)
from chalicelib.operations import crediting, payments, reconciling
from chalicelib.rules.vocabulary import Role

FINANCE = (Role.FINANCE,)
MONEY = (Role.FINANCE, Role.ADMIN)


@STAFF.reads(
    "/staff/payments", "核账列表：待核账的，或某一天处理的，最早的在前", Payments, asks=PaymentsAsked, roles=MONEY
)
def payments_to_check(call: Call, asked: PaymentsAsked) -> Payments:
    listed = waiting_or_of(call.ports, asked.decided_on, payments.to_check, payments.decided_on)
    mark = Bookmark(call.ports, f"payments#{asked.decided_on or 'checking'}", call.actor.id)
    page, following = paged(mark, asked, listed)
    return Payments(items=[PaymentShown.of(each) for each in page.items], next=following)


@STAFF.reads("/staff/payments/{payment}", "缴费详情", PaymentShown, roles=MONEY)
def payment_for_staff(call: Call, payment: str) -> PaymentShown:
    return booked(call, payment)


@STAFF.writes("POST", "/staff/payments/{payment}/confirm", "核账通过", PaymentShown, takes=Confirmation, roles=FINANCE)
def confirm_payment(call: Call, said: Confirmation, payment: str) -> PaymentShown:
    done = reconciling.confirm(
        call.ports, call.order, payment, said.version, said.received, partly=said.partly, line=said.line
    )
    return booked(call, done)


@STAFF.writes(
    "POST", "/staff/payments/{payment}/refuse", "核账不通过，写明理由", PaymentShown, takes=RefusedPayment,
    roles=FINANCE,
)  # fmt: skip
def refuse_payment(call: Call, said: RefusedPayment, payment: str) -> PaymentShown:
    return booked(call, reconciling.refuse(call.ports, call.order, payment, said.version, said.reason))


@STAFF.writes(
    "POST", "/staff/payments/{payment}/undo", "撤销一宗业务的核账，写明理由；同笔的其他业务不变；答复下一步",
    UndonePaymentShown, takes=UndoneAllotment, roles=FINANCE,
)  # fmt: skip
def undo_payment(call: Call, said: UndoneAllotment, payment: str) -> UndonePaymentShown:
    done = reconciling.undo(call.ports, call.order, payment, said.application, said.reason, arrived=said.arrived)
    following = reconciling.what_follows(call.ports, said.application)
    return UndonePaymentShown.telling(payments.payment_for(call.ports, call.actor, done), following)


def booked(call: Call, payment: str) -> PaymentShown:
    return PaymentShown.of(payments.payment_for(call.ports, call.actor, payment))


@STAFF.reads("/staff/credits/{owner}", "余款", CreditShown, roles=MONEY)
def credit(call: Call, owner: str) -> CreditShown:
    return CreditShown.of(owner, crediting.credit_of(call.ports, owner))


@STAFF.writes("POST", "/staff/refunds", "登记已退还的余款，写明理由", CreditShown, takes=Refund, roles=FINANCE)
def refund(call: Call, said: Refund) -> CreditShown:
    owner = reconciling.refund(call.ports, call.order, said.owner, said.amount, said.reason)
    return CreditShown.of(owner, crediting.credit_of(call.ports, owner))


@STAFF.reads("/staff/closing", "日结：一天内核实、计入、退还的款项", ClosingShown, asks=ClosingAsked, roles=MONEY)
def closing(call: Call, asked: ClosingAsked) -> ClosingShown:
    return ClosingShown.of(reconciling.closing(call.ports, asked.day or call.ports.clock.today()))
