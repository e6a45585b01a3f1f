"""认领, a binding request: what is asked for, how it goes on, and every reason why it cannot.

Where binding by name and member code ends in 找不到数据 (domain §1), staff look at evidence instead. Nothing
here depends on whether there is such a member: who asks learns of that by being bound, and in no other way.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.rules.folding import Malformed
from chalicelib.rules.grammar import Material
from chalicelib.rules.identifiers import credit_code, enterprise_name, plain_text, same_name
from chalicelib.rules.records import BindingRequest, Dossier, MaterialFile, RequestStatus
from chalicelib.rules.vocabulary import FileStatus, Reason, Refused, Term

LONGEST_POST = 30
LONGEST_REMARK = 300
MANY_REPRESENTATIVES = 2  # domain §1: above two, warn
MOST_FILES = 3  # in a slot
MOST_TRIES = 8  # files in a slot, those that did not pass their check included: one commit takes them all out
LOOK = "请对照证明材料核实后再决定。"

LICENCE = Material("licence", "营业执照或事业单位法人证书", hint="副本，照片或扫描件")
AUTHORISATION = Material(
    "authorisation", "授权书或介绍信", hint="写明经办人姓名，加盖公章；法定代表人本人办理的也须盖章", stamped=True
)
EVIDENCE = (LICENCE, AUTHORISATION)


@dataclass(frozen=True)
class Asked:
    """What the user knows of the unit, and his post there."""

    unit: str
    credit_code: str
    post: str
    remark: str = ""


def read(typed: Asked) -> tuple[Asked, tuple[Reason, ...]]:
    """What was typed in its canonical writing, and every reason why it cannot be."""
    folds: Mapping[str, Callable[[str], str]] = {
        "unit": enterprise_name, "credit_code": credit_code, "post": _post, "remark": _remark,
    }  # fmt: skip
    canonical: dict[str, str] = {}
    reasons: list[Reason] = []
    for name, folded in folds.items():
        try:
            canonical[name] = folded(getattr(typed, name))
        except Malformed as malformed:
            told = malformed.reason
            reasons.append(Reason(told.code, told.message, told.next, name))
    return (typed if reasons else Asked(**canonical)), tuple(reasons)


def _post(text: str) -> str:
    return plain_text(text, LONGEST_POST)


def _remark(text: str) -> str:
    return plain_text(text, LONGEST_REMARK) if text.strip() else ""


# --- how it goes on ---------------------------------------------------------------------------------------------------


class Step(Term):
    """What becomes of a binding request. Every change of its status is one of these."""

    SUBMIT = "submit", "提交"
    GRANT = "grant", "核实通过并绑定"
    REFUSE = "refuse", "不予通过"
    WITHDRAW = "withdraw", "撤回"
    OVERTAKE = "overtake", "因已自行绑定而结束"


OPEN = tuple(status for status in RequestStatus if status.open)
WAYS: Mapping[Step, tuple[tuple[RequestStatus, ...], RequestStatus]] = {
    Step.SUBMIT: ((RequestStatus.COLLECTING,), RequestStatus.SUBMITTED),
    Step.GRANT: ((RequestStatus.SUBMITTED,), RequestStatus.GRANTED),
    Step.REFUSE: ((RequestStatus.SUBMITTED,), RequestStatus.REFUSED),
    Step.WITHDRAW: (OPEN, RequestStatus.WITHDRAWN),
    Step.OVERTAKE: (OPEN, RequestStatus.OVERTAKEN),
}
# What is no evidence of any decision is not kept (PIPL art. 19).
EVIDENCE_GOES_WITH = (Step.WITHDRAW, Step.OVERTAKE)


def moved(
    request: BindingRequest, step: Step, at: datetime, *, reason: str | None = None, enterprise: str | None = None
) -> BindingRequest:
    """The request after the step. Raises Refused, saying what has become of it, where the step is not open."""
    refuse_unless_open_to(request, step)
    _, after = WAYS[step]
    if step is Step.SUBMIT:
        return request.changed(status=after, submitted_at=at)
    return request.changed(status=after, closed_at=at, reason=reason, enterprise=enterprise)


def refuse_unless_open_to(request: BindingRequest, step: Step) -> None:
    """Raises Refused: whoever comes second is told what the first did."""
    before, _ = WAYS[step]
    if request.status not in before:
        following = NEXT[request.status] if step is Step.SUBMIT else "请刷新查看该认领的现状。"
        told = f"该认领{BECOME[request.status](request)}"
        raise Refused(Reason("request_moved_on", told, following))


def _on(request: BindingRequest) -> str:
    at = request.closed_at
    return f"已于 {at:%Y年%m月%d日 %H:%M} " if at else "已"


# What follows "该认领".
BECOME: Mapping[RequestStatus, Callable[[BindingRequest], str]] = {
    RequestStatus.COLLECTING: lambda _: "还没有提交。",
    RequestStatus.SUBMITTED: lambda _: "已提交，正待协会工作人员核实。",
    RequestStatus.GRANTED: lambda request: f"{_on(request)}由工作人员核实通过，申请人已绑定。",
    RequestStatus.REFUSED: lambda request: f"{_on(request)}由工作人员办结，未通过。理由：{request.reason}",
    RequestStatus.WITHDRAWN: lambda request: f"{_on(request)}由申请人撤回。",
    RequestStatus.OVERTAKEN: lambda request: f"{_on(request)}结束：申请人已自行绑定一家单位。",
}
NEXT: Mapping[RequestStatus, str] = {
    RequestStatus.COLLECTING: "请上传证明材料后提交，或撤回。",
    RequestStatus.SUBMITTED: "请等待核实，结果会通知您；需要修改的，请撤回后重新认领。",
    RequestStatus.GRANTED: "请在“我的—企业信息”中查看。",
    RequestStatus.REFUSED: "请按理由补正后重新认领。",
    RequestStatus.WITHDRAWN: "需要认领的，请重新填写。",
    RequestStatus.OVERTAKEN: "请在“我的—企业信息”中查看。",
}


# --- evidence ---------------------------------------------------------------------------------------------------------


def slot_of(name: str) -> Material:
    """Raises Refused for a slot that there is not."""
    found = next((each for each in EVIDENCE if each.slot == name), None)
    if found is None:
        named = "、".join(f"{each.chinese}（{each.slot}）" for each in EVIDENCE)
        raise Refused(Reason("no_such_slot", "没有这项证明材料。", f"认领须上传：{named}。", "slot"))
    return found


def refuse_full(slot: Material, files: Iterable[MaterialFile]) -> None:
    """A file that did not pass its check takes no place. Raises Refused."""
    tried = [each for each in files if each.slot == slot.slot]
    if len(tried) >= MOST_TRIES:
        told = f"“{slot.chinese}”已有 {MOST_TRIES} 个文件，其中有未通过检查的。"
        raise Refused(Reason("slot_full", told, "请先删除未通过检查的文件，再上传新的。", slot.slot))
    if len([each for each in tried if each.status is not FileStatus.REFUSED]) >= MOST_FILES:
        told = f"“{slot.chinese}”最多 {MOST_FILES} 个文件，已经有了。"
        raise Refused(Reason("slot_full", told, "请先删除不需要的文件，再上传新的。", slot.slot))


def missing(files: Iterable[MaterialFile]) -> tuple[Reason, ...]:
    """Every reason why the evidence is not complete; none when it is."""
    there = tuple(files)
    return tuple(reason for slot in EVIDENCE for reason in _lacking(slot, there))


def _lacking(slot: Material, files: tuple[MaterialFile, ...]) -> tuple[Reason, ...]:
    statuses = {each.status for each in files if each.slot == slot.slot}
    if FileStatus.WAITING in statuses:
        told = f"“{slot.chinese}”还没有传到，或正在检查。"
        return (Reason("file_being_checked", told, "请等几秒后再提交；没有传完的请重新上传，或删除。", slot.slot),)
    if FileStatus.ACCEPTED in statuses:
        return ()
    return (Reason("material_missing", f"还没有上传“{slot.chinese}”。", "请上传后再提交。", slot.slot),)


# --- who may ask, and what staff should look at -----------------------------------------------------------------------

ALREADY_BOUND = Reason(
    "already_bound", "您的微信已绑定一家会员单位，不需要认领。", "为另一家单位认领的，请先解除绑定。"
)
OWN_JOIN = Reason(
    "own_join_under_way", "您有一宗入会申请正在办理，完成后会自动绑定该单位。", "如需认领其他单位，请先撤回入会申请。"
)
NO_PROFILE = Reason(
    "profile_missing", "还没有填写真实姓名和手机号码，工作人员无法核对。", "请先在“我的”中填写，再认领。"
)
CLAIMANT_IS_JOINING = Reason(
    "own_join_under_way",
    "申请人有一宗入会申请正在办理，完成后会自动绑定该单位，现在不能再绑定其他单位。",
    "请待其入会办结或撤回；认领的就是该单位的，请写明理由不予通过。",
)


def still_open(request: str) -> Reason:
    """One open request per user: he is led back to it."""
    told = f"您有一项认领（{request}）还没有办结。"
    return Reason("request_open", told, "请在其中补充材料、查看进度，或撤回后重新认领。")


def differences(request: BindingRequest, dossier: Dossier) -> tuple[Reason, ...]:
    """What staff should look at twice before they bind him to this one; a warning each, no refusal."""
    known, bound = dossier.enterprise, len(dossier.bindings)
    found = (
        (not same_name(known.name, request.unit), Reason("other_name", "单位名称与登记的不一致。", LOOK, "unit")),
        (
            known.credit_code != request.credit_code,
            Reason("other_credit_code", "统一社会信用代码与登记的不一致。", LOOK, "credit_code"),
        ),
        (known.ended is not None, Reason("no_member_any_more", "该单位的会员资格已终止。", LOOK)),
        (bound >= MANY_REPRESENTATIVES, Reason("many_bound", f"该单位已有 {bound} 个微信绑定。", LOOK)),
    )
    return tuple(reason for holds, reason in found if holds)
