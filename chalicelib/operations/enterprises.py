"""企业绑定: a user represents one enterprise at a time; he binds by exact name and member code."""

from datetime import datetime, timedelta

from chalicelib.operations.applications import association
from chalicelib.operations.audit import noted, reason_given
from chalicelib.operations.binding_requests import overtaken
from chalicelib.operations.commands import Absent, Deed, Order, once
from chalicelib.operations.notices import Said, messages_to
from chalicelib.operations.ports import Change, Insert, Ports, Remove, Replace
from chalicelib.rules.association import Association, Windows
from chalicelib.rules.identifiers import Malformed, fold, same_name
from chalicelib.rules.records import (
    Binding,
    Claim,
    ClaimKind,
    Dossier,
    Enterprise,
    User,
    enterprise_of,
)
from chalicelib.rules.vocabulary import Actor, Reason, Refused

MANY_REPRESENTATIVES = 2
MOST_REPRESENTATIVES = 30


def my_enterprise(ports: Ports, actor: Actor) -> Dossier:
    """The enterprise the actor represents, personal values masked. Raises Absent when he is not bound."""
    dossier = ports.records.dossier(actor.enterprise) if actor.enterprise else None
    if dossier is None:
        raise Absent
    return dossier


def bind(ports: Ports, order: Order, name: str, member_code: str) -> str:
    """Binds the actor to the enterprise with this exact name and member code; answers its id.

    Raises Refused: already bound, an own join under way, locked after too many wrong pairs, or 找不到数据 with
    what to do next, the same whichever half is wrong (domain §1).
    """

    def deed() -> Deed:
        _not_locked(ports, order)
        user, request = _free_user(ports, order.actor)
        dossier, now = _named(ports, order, name, member_code), ports.clock.now()
        return Deed((*bound_to(ports, user, dossier, now), *overtaken(ports, request, now)), dossier.enterprise.id)

    return once(ports, order, deed)


def bound_to(ports: Ports, user: User, dossier: Dossier, at: datetime) -> tuple[Change, ...]:
    """One more representative, and the others are told. Raises Refused beyond what one commit can tell."""
    _not_too_many(dossier)
    enterprise = dossier.enterprise
    return (
        Insert(Binding(enterprise=enterprise.id, user=user.id, at=at)),
        Replace(user, user.changed(enterprise=enterprise.id)),
        _facts_moved(enterprise),
        *binding_told(association(ports), dossier, at, ports.ids.new("b")),
    )


def _not_too_many(dossier: Dossier) -> None:
    """Above two the clerk is warned; a bound this high only keeps one commit within what a transaction can take."""
    if len(dossier.bindings) >= MOST_REPRESENTATIVES:
        told = f"该单位已有 {len(dossier.bindings)} 个微信绑定。"
        raise Refused(Reason("too_many_representatives", told, "请先由不再负责的人解除绑定，或联系协会工作人员。"))


def _facts_moved(enterprise: Enterprise) -> Change:
    return Replace(enterprise, enterprise.changed())


def _free_user(ports: Ports, actor: Actor) -> tuple[User, Claim | None]:
    """With the guard row of his open binding request, if he has one."""
    kinds = (ClaimKind.APPLICANT, ClaimKind.BINDING_REQUEST)
    user, claim, request = ports.records.get_many((User, (actor.id,)), *((Claim, (k.value, actor.id)) for k in kinds))
    if not isinstance(user, User):
        raise Absent
    if user.enterprise is not None:
        raise Refused(
            Reason("already_bound", "您的微信已绑定一家会员单位，一个微信号只能绑定一个单位。", "请先解除现有绑定。")
        )
    if claim is not None:
        told = "您有一宗入会申请正在办理，完成后会自动绑定该单位。"
        raise Refused(Reason("own_join_under_way", told, "如需绑定其他单位，请先撤回入会申请。"))
    return user, request if isinstance(request, Claim) else None


def _named(ports: Ports, order: Order, name: str, member_code: str) -> Dossier:
    _count_try(ports, order)
    claim = ports.records.get(Claim, ClaimKind.MEMBER_CODE.value, fold(member_code))
    dossier = ports.records.dossier(enterprise_of(claim.holder) or "") if claim else None
    if dossier is None or not _same(dossier.enterprise.name, name):
        raise Refused(_record_not_found(ports))
    return dossier


def _same(known: str, typed: str) -> bool:
    try:
        return same_name(known, typed)
    except Malformed:
        return False


def _record_not_found(ports: Ports) -> Reason:
    telephone = association(ports).telephones[0]
    return Reason(
        "record_not_found",
        "找不到数据：单位名称与会员编码不匹配，或该单位尚未录入平台。",
        "请核对营业执照上的单位全称和会员编码；没有会员编码或仍无法绑定的，请办理“认领”，上传营业执照和盖章的授权书，"
        f"由协会工作人员核实后绑定；也可找在线客服或致电{telephone.label} {telephone.number}。",
    )


def _tally_name(actor: Actor) -> str:
    return f"binding#{actor.id}"


def _this_try(ports: Ports, order: Order) -> str:
    return f"{_tally_name(order.actor)}#{ports.ids.keyed('binding-try', f'{order.key} {order.fingerprint}')}"


def _count_try(ports: Ports, order: Order) -> None:
    """Counted before the pair is compared: of many tries at the same moment none gets past the bound.

    A right pair counts too, and costs nothing: whoever gave it is bound. The same request again, because we were busy
    or the answer was lost, is the same try.
    """
    windows = association(ports).windows
    until = _lock_end(ports, windows)
    if ports.records.tally(_this_try(ports, order), until) > 1:
        return
    if ports.records.tally(_tally_name(order.actor), until) > windows.binding_tries:
        raise Refused(_locked(windows))


def _lock_end(ports: Ports, windows: Windows) -> datetime:
    return ports.clock.now() + timedelta(minutes=windows.binding_lock_minutes)


def _not_locked(ports: Ports, order: Order) -> None:
    """Five wrong pairs in an hour lock binding for that user for an hour (domain §1, D); asking does not prolong it."""
    windows, records = association(ports).windows, ports.records
    wrong = records.tallied(_tally_name(order.actor), _lock_end(ports, windows))
    if wrong >= windows.binding_tries and not records.tallied(_this_try(ports, order)):
        raise Refused(_locked(windows))


def _locked(windows: Windows) -> Reason:
    told = f"单位名称与会员编码连续 {windows.binding_tries} 次不匹配，绑定功能已暂停。"
    return Reason("binding_locked", told, f"请 {windows.binding_lock_minutes} 分钟后再试，或联系协会工作人员。")


def binding_told(settings: Association, dossier: Dossier, at: datetime, occasion: str) -> tuple[Change, ...]:
    """Each new binding is told to those who represent the enterprise already (domain §1, D)."""
    context = {
        "association": settings.name, "telephone": settings.telephones[0].number, "service": "企业绑定",
        "unit": dossier.enterprise.name, "time": f"{at:%Y年%m月%d日 %H:%M}",
    }  # fmt: skip
    said = Said("new_binding", context, at)
    return messages_to({each.user: said for each in dossier.bindings}, occasion)


def unbind(ports: Ports, order: Order) -> str:
    """解除绑定 by the representative himself; he loses access at once. Answers the enterprise's id."""
    return once(ports, order, lambda: Deed(_unbound(ports, order.actor.id), order.actor.enterprise or ""))


def unbind_user(ports: Ports, order: Order, user: str, reason: str) -> str:
    """By an admin, for any user, with a reason. Answers the user's id."""
    why = reason_given(reason, "解除他人绑定必须写明理由。")

    def deed() -> Deed:
        entry = noted(ports, order.actor.id, f"user:{user}", "unbind", why)
        return Deed((*_unbound(ports, user), entry), user)

    return once(ports, order, deed)


def _unbound(ports: Ports, user: str) -> tuple[Change, ...]:
    before = ports.records.get(User, user)
    if before is None:
        raise Absent
    if before.enterprise is None:
        raise Refused(Reason("not_bound", "该微信没有绑定任何单位。", "请刷新查看当前绑定。"))
    dossier = ports.records.dossier(before.enterprise)
    binding = ports.records.get(Binding, before.enterprise, user)
    gone = (Remove(binding),) if binding else ()
    moved = (_facts_moved(dossier.enterprise),) if dossier else ()
    return (*gone, *moved, Replace(before, before.changed(enterprise=None)))
