"""What staff do: sessions and certificates; reviewing, reconciling and administration are in their own modules."""

from chalicelib.handlers import administration, granting, issuing_invoices, reconciling, reviewing, sessions, statements
from chalicelib.handlers.calls import Answer, Call
from chalicelib.handlers.desks import STAFF, staff
from chalicelib.handlers.schemas.certificates import CertificateForStaff, Reasoned
from chalicelib.handlers.schemas.people import EnterpriseShown, MembershipDecision, RegisterCorrection
from chalicelib.handlers.schemas.practitioners import NewPractitioners, PractitionersEntered
from chalicelib.handlers.schemas.staff import StaffLogin, StaffMe, StaffSession
from chalicelib.handlers.sessions import Audience
from chalicelib.operations import accounts, certificates, materials, membership, practitioners, registering
from chalicelib.rules.vocabulary import Actor, Role

# Those whose views are on the same blueprint.
__all__ = ["administration", "granting", "issuing_invoices", "reconciling", "reviewing", "staff", "statements"]

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


# --- practitioners ----------------------------------------------------------------------------------------------------


@STAFF.writes(
    "POST", "/staff/practitioners", "登记单位的从业人员和所持证书", PractitionersEntered, takes=NewPractitioners,
    roles=(Role.ADMIN,),
)  # fmt: skip
def enter_practitioners(call: Call, wanted: NewPractitioners) -> PractitionersEntered:
    people = tuple(each.entered for each in wanted.people)
    enterprise = practitioners.enter(call.ports, call.order, wanted.member_code, people)
    return PractitionersEntered(enterprise=enterprise, entered=len(people))


# --- the register -----------------------------------------------------------------------------------------------------


@STAFF.reads("/staff/enterprises/{member_code}", "会员单位的登记信息（个人信息已遮蔽）", EnterpriseShown)
def enterprise_for_staff(call: Call, member_code: str) -> EnterpriseShown:
    return EnterpriseShown.of(registering.by_member_code(call.ports, member_code))


@STAFF.writes(
    "PATCH", "/staff/enterprises/{member_code}", "更正登记信息，写明理由；证书随下一版更正", EnterpriseShown,
    takes=RegisterCorrection, roles=(Role.ADMIN,),
)  # fmt: skip
def correct_register(call: Call, wanted: RegisterCorrection, member_code: str) -> EnterpriseShown:
    registering.correct(call.ports, call.order, member_code, wanted.version, wanted.fields, wanted.reason)
    return EnterpriseShown.of(registering.by_member_code(call.ports, member_code))


@STAFF.writes(
    "POST", "/staff/enterprises/{member_code}/end-membership", "终止会员资格，写明理由；会员证、资质证随之注销",
    EnterpriseShown, takes=MembershipDecision, roles=(Role.ADMIN,),
    description="有未办结的业务时不能终止，回答中逐宗写明先办什么。理由会告知该单位已绑定的人。",
)  # fmt: skip
def end_membership(call: Call, wanted: MembershipDecision, member_code: str) -> EnterpriseShown:
    membership.end(call.ports, call.order, member_code, wanted.version, wanted.reason)
    return EnterpriseShown.of(registering.by_member_code(call.ports, member_code))


@STAFF.writes(
    "POST", "/staff/enterprises/{member_code}/restore-membership", "撤销误终止，写明理由；随之注销的证书恢复",
    EnterpriseShown, takes=MembershipDecision, roles=(Role.ADMIN,),
)  # fmt: skip
def restore_membership(call: Call, wanted: MembershipDecision, member_code: str) -> EnterpriseShown:
    membership.restore(call.ports, call.order, member_code, wanted.version, wanted.reason)
    return EnterpriseShown.of(registering.by_member_code(call.ports, member_code))


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
