"""What a member does: his session, his own data, his enterprise; applying and holding are in their own modules."""

from chalicelib.handlers import applying, holding, invoicing, requesting, sessions
from chalicelib.handlers.calls import Answer, Call, created
from chalicelib.handlers.desks import MEMBERS, members
from chalicelib.handlers.problems import Rejected
from chalicelib.handlers.schemas.catalogue import Plan
from chalicelib.handlers.schemas.people import (
    Bound,
    Consents,
    ConsentsToAsk,
    ContactChanges,
    EnterpriseShown,
    Login,
    Me,
    MemberSession,
    NewBinding,
    Profile,
)
from chalicelib.handlers.sessions import Audience
from chalicelib.operations import accounts, catalogue, enterprises, registering
from chalicelib.operations.ports import Ports
from chalicelib.rules.eligibility import NOT_BOUND

__all__ = ["applying", "holding", "invoicing", "members", "requesting"]  # whose views are on the same blueprint


@MEMBERS.writes("POST", "/login", "微信登录", MemberSession, takes=Login, keyed=False, audience=Audience.PUBLIC)
def log_in(call: Call, login: Login) -> MemberSession:
    user = accounts.log_in(call.ports, login.code)
    ticket = sessions.begun(call.ports, Audience.MEMBER, user.id, user.epoch)
    return MemberSession(token=ticket.token, expires_at=ticket.expires_at, me=myself(call.ports, user.id))


@MEMBERS.writes("POST", "/logout", "退出登录（所有设备）", None, status=204)
def log_out(call: Call) -> Answer:
    accounts.log_out_everywhere(call.ports, call.order)
    return Answer(None, 204)


@MEMBERS.reads("/me", "我的资料", Me)
def me(call: Call) -> Me:
    return myself(call.ports, call.actor.id)


@MEMBERS.writes("PUT", "/me", "填写姓名和手机号码", Me, takes=Profile)
def save_profile(call: Call, profile: Profile) -> Me:
    return myself(call.ports, accounts.save_profile(call.ports, call.order, profile.name, profile.mobile))


@MEMBERS.reads("/me/consents", "可以请求订阅的微信提醒", ConsentsToAsk)
def consents_to_ask(call: Call) -> ConsentsToAsk:
    left = accounts.own_data(call.ports, call.actor.id).consents
    return ConsentsToAsk.of(accounts.templates(call.ports), left)


@MEMBERS.writes("POST", "/me/consents", "登记微信提醒的同意", Me, takes=Consents)
def give_consents(call: Call, consents: Consents) -> Me:
    return myself(call.ports, accounts.give_consents(call.ports, call.order, consents.notices))


def myself(ports: Ports, user: str) -> Me:
    return Me.of(accounts.own_data(ports, user))


# --- the enterprise ---------------------------------------------------------------------------------------------------


@MEMBERS.reads("/me/enterprise", "我的单位", EnterpriseShown, also=(404,))
def my_enterprise(call: Call) -> EnterpriseShown:
    if call.actor.enterprise is None:
        raise Rejected(404, NOT_BOUND)
    return EnterpriseShown.of(enterprises.my_enterprise(call.ports, call.actor))


@MEMBERS.writes("PATCH", "/me/enterprise/contact", "更改联系人（不用申请）", EnterpriseShown, takes=ContactChanges)
def edit_contact(call: Call, changes: ContactChanges) -> EnterpriseShown:
    if call.actor.enterprise is None:
        raise Rejected(404, NOT_BOUND)
    given = {name: text for name, text in changes.model_dump().items() if text is not None}
    registering.edit_contact(call.ports, call.order, given)
    return EnterpriseShown.of(enterprises.my_enterprise(call.ports, call.actor))


@MEMBERS.writes("POST", "/me/binding", "企业绑定", Bound, takes=NewBinding, status=201, also=(429,))
def bind(call: Call, binding: NewBinding) -> Answer:
    enterprises.bind(call.ports, call.order, binding.name, binding.member_code)
    # Read anew: a key used again after an unbinding must not open the enterprise once more.
    _, bound = accounts.member_of(call.ports, call.actor.id, call.caller.epoch)
    dossier = enterprises.my_enterprise(call.ports, bound)
    crowded = len(dossier.bindings) > enterprises.MANY_REPRESENTATIVES
    warning = f"本单位已有 {len(dossier.bindings)} 个微信绑定，请确认都是本单位经办人。" if crowded else None
    return created(Bound(enterprise=EnterpriseShown.of(dossier), warning=warning), "/me/enterprise")


@MEMBERS.writes("DELETE", "/me/binding", "解除绑定", Me)
def unbind(call: Call) -> Me:
    enterprises.unbind(call.ports, call.order)
    return myself(call.ports, call.actor.id)


@MEMBERS.reads("/plan", "我现在可以办什么，不能办的原因和先办什么", Plan)
def plan(call: Call) -> Plan:
    return Plan.of(catalogue.outlook(call.ports, call.actor))
