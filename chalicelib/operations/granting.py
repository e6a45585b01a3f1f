"""认领 before staff: what waits, the evidence beside what the register has, and the decision: a binding, or why not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.operations.applications import association, audited
from chalicelib.operations.audit import noted, reason_given
from chalicelib.operations.binding_requests import closed, evidence_of, opened
from chalicelib.operations.commands import Absent, Deed, Order, once, settle, unchanged_since
from chalicelib.operations.enterprises import bound_to
from chalicelib.operations.materials import link_to
from chalicelib.operations.notices import Said, messages_to
from chalicelib.operations.ports import Asked, Change, Page, Ports, Require
from chalicelib.operations.registering import by_member_code
from chalicelib.rules.binding_requests import CLAIMANT_IS_JOINING, Step, differences, refuse_unless_open_to
from chalicelib.rules.records import (
    BindingRequest,
    Claim,
    ClaimKind,
    Dossier,
    RequestFolder,
    User,
    enterprise_of,
)
from chalicelib.rules.vocabulary import Actor, Reason, Refused

MOST_OF_ONE_NAME = 5
NO_SUCH_MEMBER = Reason(
    "no_such_member",
    "没有这个会员编码的单位。",
    "请核对会员编码；该单位尚未入会的，请写明理由不予通过。",
    "member_code",
)


@dataclass(frozen=True)
class Candidate:
    """A member that may be meant; ``found_by``: the credit code, the name, or both. ``warnings``: what differs."""

    dossier: Dossier
    found_by: tuple[str, ...]
    warnings: tuple[Reason, ...]


@dataclass(frozen=True)
class Looked:
    """``bound``: the user represents an enterprise by now, so there is nothing left to decide."""

    folder: RequestFolder
    candidates: tuple[Candidate, ...]
    bound: bool


def waiting(ports: Ports, asked: Asked) -> Page[BindingRequest]:
    """What was handed in and not decided yet, oldest first."""
    return ports.records.binding_requests_submitted(asked)


def before_staff(ports: Ports, request: str) -> RequestFolder:
    """Raises Absent; what was never handed in is its user's business alone."""
    folder = ports.records.request_folder(request)
    if folder is None or folder.request.submitted_at is None:
        raise Absent
    return folder


def looked_at(ports: Ports, request: str) -> Looked:
    """With the members of that credit code and that name; at most nine reads, however many members there are."""
    folder = before_staff(ports, request)
    return Looked(folder, tuple(_candidates(ports, folder.request)), _claimant(ports, folder).enterprise is not None)


def _candidates(ports: Ports, request: BindingRequest) -> Iterator[Candidate]:
    claim = ports.records.get(Claim, ClaimKind.CREDIT_CODE.value, request.credit_code)
    by_code = (enterprise_of(claim.holder) or claim.former) if claim else None
    named = ports.records.enterprises_named(request.unit, Asked(MOST_OF_ONE_NAME)).items
    by_name = {each.id for each in named}
    for identity in dict.fromkeys((*((by_code,) if by_code else ()), *sorted(by_name))):
        dossier = ports.records.dossier(identity)
        if dossier is not None:
            ways = (("credit_code", identity == by_code), ("name", identity in by_name))
            yield Candidate(dossier, tuple(way for way, so in ways if so), differences(request, dossier))


def _claimant(ports: Ports, folder: RequestFolder) -> User:
    user = ports.records.get(User, folder.request.user)
    if user is None:
        raise Absent
    return user


def reveal(ports: Ports, actor: Actor, request: str, reason: str) -> RequestFolder:
    """Name, number and remark in clear, for staff with a reason, which is logged first, every time (PIPL)."""
    folder = before_staff(ports, request)
    why = reason_given(reason, "查看个人信息必须写明理由。", "请写明用途后再查看。")
    audited(ports, actor, f"binding_request:{request}", "reveal", why)
    return opened(ports, folder)


def evidence_link(ports: Ports, actor: Actor, request: str, file: str) -> str:
    """A short-lived address of a file of the evidence; that he opened it is kept (PIPL). Raises Absent."""
    found = evidence_of(before_staff(ports, request), file)
    if found.kept is None:
        raise Absent
    audited(ports, actor, f"binding_request:{request}", "open_file", found.id)
    return link_to(ports, found)


# --- deciding ---------------------------------------------------------------------------------------------------------


def grant(ports: Ports, order: Order, request: str, seen: int, member_code: str, reason: str) -> str:
    """核实通过: binds the user to the member with this code, with what was checked; answers the request's id.

    Raises Absent, Refused: no reason, decided or ended meanwhile, no such member, a join of his own under way.
    """
    why = reason_given(reason, "核实通过须写明核对了什么。", "请写明依据，例如执照、授权书和电话核实的情况。")

    def deed() -> Deed:
        folder, user = _to_decide(ports, request, Step.GRANT, seen)
        _not_joining(ports, user)
        dossier, now = _member(ports, member_code), ports.clock.now()
        enterprise = dossier.enterprise
        changes = (
            *closed(ports, folder, Step.GRANT, now, reason=why, enterprise=enterprise.id),
            *bound_to(ports, user, dossier, now),
            *_told(ports, folder.request, "binding_granted", enterprise.name, now),
            noted(ports, order.actor.id, f"binding_request:{request}", "grant_binding_request", why, now),
        )
        return Deed(changes, request)

    return once(ports, order, deed)


def refuse(ports: Ports, order: Order, request: str, seen: int, reason: str) -> str:
    """不予通过, with the reason that the user reads; answers the request's id. Raises Absent, Refused."""
    why = reason_given(reason, following="请写明理由和申请人的下一步，会原样通知申请人。")

    def deed() -> Deed:
        folder, user = _to_decide(ports, request, Step.REFUSE, seen)
        now = ports.clock.now()
        changes = (
            *closed(ports, folder, Step.REFUSE, now, reason=why),
            *_told(ports, folder.request, "binding_refused", folder.request.unit, now, why),
            noted(ports, order.actor.id, f"binding_request:{request}", "refuse_binding_request", why, now),
            Require(user),
        )
        return Deed(changes, request)

    return once(ports, order, deed)


def _to_decide(ports: Ports, request: str, step: Step, seen: int) -> tuple[RequestFolder, User]:
    folder = before_staff(ports, request)
    user = _claimant(ports, folder)
    if folder.request.status.open and user.enterprise is not None:
        folder = _ended(ports, request)
    refuse_unless_open_to(folder.request, step)
    unchanged_since(seen, folder.request.version)
    return folder, user


def _ended(ports: Ports, request: str) -> RequestFolder:
    """His join was completed meanwhile, which says nothing to his request: it ends when it is seen."""

    def deed() -> Deed | None:
        folder = before_staff(ports, request)
        user = _claimant(ports, folder)
        if user.enterprise is None or not folder.request.status.open:
            return None
        return Deed((*closed(ports, folder, Step.OVERTAKE, ports.clock.now()), Require(user)), request)

    settle(ports, deed)
    return before_staff(ports, request)


def _not_joining(ports: Ports, user: User) -> None:
    if ports.records.get(Claim, ClaimKind.APPLICANT.value, user.id) is not None:
        raise Refused(CLAIMANT_IS_JOINING)


def _member(ports: Ports, member_code: str) -> Dossier:
    try:
        return by_member_code(ports, member_code)
    except Absent:
        raise Refused(NO_SUCH_MEMBER) from None


def _told(
    ports: Ports, request: BindingRequest, notice: str, unit: str, at: datetime, reason: str = ""
) -> tuple[Change, ...]:
    """The user. Of a refusal he hears the unit as he named it: what the register has is not for him."""
    settings = association(ports)
    context = {
        "association": settings.name, "telephone": settings.telephones[0].number, "service": "认领", "unit": unit,
        "reason": reason, "time": f"{at:%Y年%m月%d日 %H:%M}",
    }  # fmt: skip
    return messages_to({request.user: Said(notice, context, at)}, request.id)
