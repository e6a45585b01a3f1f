"""What staff do: sessions, payments and certificates; reviewing and administration are in their own modules."""

from chalicelib.handlers import administration, reviewing, sessions
from chalicelib.handlers.calls import Answer, Call
from chalicelib.handlers.cursors import Bookmark, paged
from chalicelib.handlers.desks import STAFF, staff
from chalicelib.handlers.schemas.certificates import CertificateForStaff, Reasoned
from chalicelib.handlers.schemas.payments import (
    Confirmation,
    Payments,
    PaymentsAsked,
    PaymentShown,
    RefusedPayment,
)
from chalicelib.handlers.schemas.staff import StaffLogin, StaffMe, StaffSession
from chalicelib.handlers.sessions import Audience
from chalicelib.operations import accounts, certificates, materials, payments
from chalicelib.rules.vocabulary import Actor, Role

__all__ = ["administration", "reviewing", "staff"]  # whose views are on the same blueprint

MONEY = (Role.FINANCE, Role.ADMIN)
REVOKERS = (Role.CERTIFIER, Role.ADMIN)


# --- sessions ---------------------------------------------------------------------------------------------------------


@STAFF.writes(
    "POST", "/staff/login", "工作人员登录", StaffSession, takes=StaffLogin, keyed=False, audience=Audience.PUBLIC
)
def sign_in(call: Call, login: StaffLogin) -> StaffSession:
    account = accounts.sign_in(call.ports, login.name, login.password, login.code)
    ticket = sessions.begun(call.ports, Audience.STAFF, account.name, account.epoch)
    me = StaffMe.of(Actor(account.name, account.roles))
    return StaffSession(token=ticket.token, expires_at=ticket.expires_at, me=me)


@STAFF.writes("POST", "/staff/logout", "退出登录（所有设备）", None, status=204)
def sign_out(call: Call) -> Answer:
    accounts.sign_out_everywhere(call.ports, call.order)
    return Answer(None, 204)


@STAFF.reads("/staff/me", "我的账号和角色", StaffMe)
def staff_me(call: Call) -> StaffMe:
    return StaffMe.of(call.actor)


# --- payments ---------------------------------------------------------------------------------------------------------


@STAFF.reads("/staff/payments", "核账列表，最早的在前", Payments, asks=PaymentsAsked, roles=MONEY)
def payments_to_check(call: Call, asked: PaymentsAsked) -> Payments:
    mark = Bookmark(call.ports, f"payments#{asked.status}", call.actor.id)
    page, following = paged(mark, asked, lambda where: payments.to_check(call.ports, asked.status, where))
    return Payments(items=[PaymentShown.of(each) for each in page.items], next=following)


@STAFF.reads("/staff/payments/{payment}", "缴费详情", PaymentShown, roles=MONEY)
def payment_for_staff(call: Call, payment: str) -> PaymentShown:
    return booked(call, payment)


@STAFF.writes(
    "POST", "/staff/payments/{payment}/confirm", "核账通过", PaymentShown, takes=Confirmation, roles=(Role.FINANCE,)
)
def confirm_payment(call: Call, said: Confirmation, payment: str) -> PaymentShown:
    return booked(call, payments.confirm(call.ports, call.order, payment, said.version, said.received))


@STAFF.writes(
    "POST", "/staff/payments/{payment}/refuse", "核账不通过，写明理由", PaymentShown, takes=RefusedPayment,
    roles=(Role.FINANCE,),
)  # fmt: skip
def refuse_payment(call: Call, said: RefusedPayment, payment: str) -> PaymentShown:
    return booked(call, payments.refuse(call.ports, call.order, payment, said.version, said.reason))


def booked(call: Call, payment: str) -> PaymentShown:
    return PaymentShown.of(payments.payment_for(call.ports, call.actor, payment))


# --- certificates -----------------------------------------------------------------------------------------------------


@STAFF.reads("/staff/certificates/{number}", "证书详情", CertificateForStaff)
def certificate_for_staff(call: Call, number: str) -> CertificateForStaff:
    return registered(call, number)


@STAFF.writes(
    "POST", "/staff/certificates/{number}/revoke", "注销证书，写明理由", CertificateForStaff, takes=Reasoned,
    roles=REVOKERS,
)  # fmt: skip
def revoke(call: Call, reasoned: Reasoned, number: str) -> CertificateForStaff:
    certificates.revoke(call.ports, call.order, number, reasoned.reason)
    return registered(call, number)


@STAFF.writes(
    "POST", "/staff/certificates/{number}/reinstate", "撤销误注销，写明理由", CertificateForStaff, takes=Reasoned,
    roles=REVOKERS,
)  # fmt: skip
def reinstate(call: Call, reasoned: Reasoned, number: str) -> CertificateForStaff:
    certificates.reinstate(call.ports, call.order, number, reasoned.reason)
    return registered(call, number)


def registered(call: Call, number: str) -> CertificateForStaff:
    family = certificates.for_staff(call.ports, number)
    return CertificateForStaff.whole(family, call.ports.clock.today(), materials.windows(call.ports).review_deadline)
