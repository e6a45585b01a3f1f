"""会员资格的终止: what must be settled first, and what goes with it (domain §4: an act of staff).

What stands on membership goes with it: 会员证 and 资质证. What the unit has paid, filed and been issued stays readable.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from chalicelib.rules.certificates import is_issued
from chalicelib.rules.guards import held
from chalicelib.rules.records import Application, Certificate, Claim, Dossier, Ended, Enterprise
from chalicelib.rules.vocabulary import CertificateKind, Reason, State

STAND_ON_MEMBERSHIP = (CertificateKind.MEMBER, CertificateKind.QUALIFICATION)
SETTLED_BY: Mapping[State, str] = {
    State.IN_REVIEW: "请审核人员拒绝（写明理由），或请申请人撤回。",
    State.TO_BE_PAID: "请审核人员拒绝（写明理由），或请申请人撤回。",
    State.PAYMENT_CHECKED: "请财务先核账；核账通过的待制证办结，核账不通过、回到“待缴费”的再予拒绝。",
    State.IN_TRAINING: "请培训人员登记考核成绩，待其办结。",
    State.BEING_MADE: "请待系统制证办结；不应制证的，请制证人员退回（写明理由）。",
}


def still_open(applications: Iterable[Application]) -> tuple[Reason, ...]:
    """Every application of the unit that somebody still has to settle, and how; drafts do not count (domain §4, D)."""
    return tuple(
        Reason(
            "application_open",
            f"该单位的“{each.service.chinese}”（{each.id}）尚未办结，现为“{each.state.chinese}”。",
            SETTLED_BY[each.state],
        )
        for each in applications
        if each.state in SETTLED_BY
    )


def already_ended(enterprise: Enterprise) -> tuple[Reason, ...]:
    ended = enterprise.ended
    if ended is None:
        return ()
    told = f"该单位的会员资格已于 {ended.on:%Y年%m月%d日}终止。原因：{ended.reason}"
    return (Reason("already_ended", told, "请刷新查看；终止有误的，可以撤销终止。"),)


def not_to_be_restored(enterprise: Enterprise, claim: Claim | None) -> tuple[Reason, ...]:
    """``claim``: of its credit code; held by an application, the unit is already on its way back."""
    if enterprise.ended is None:
        return (Reason("not_ended", "该单位的会员资格没有终止。", "请刷新查看会员资格的现状。"),)
    if claim is not None and claim.holder.startswith("application:"):
        return (
            Reason(
                "join_under_way",
                "该单位的重新入会申请正在办理，现在不能撤销终止。",
                "请待入会办结；终止确属有误的，请先由审核人员拒绝或申请人撤回该入会申请。",
            ),
        )
    return ()


def revoked_with_it(dossier: Dossier) -> tuple[Certificate, ...]:
    """What counts today and stands on membership; what was revoked before has its own reason."""
    return tuple(
        each
        for each in dossier.certificates
        if each.kind in STAND_ON_MEMBERSHIP and is_issued(each) and each.revoked_on is None
    )


def ended(dossier: Dossier, today: date, reason: str) -> Enterprise:
    """The enterprise with its membership ended; ``ended`` keeps what an undoing needs."""
    roots = tuple(each.root for each in revoked_with_it(dossier))
    return dossier.enterprise.changed(ended=Ended(dossier.enterprise.member_since, today, reason, roots))


def not_to_be_reinstated(certificate: Certificate, dossier: Dossier | None) -> tuple[Reason, ...]:
    """No certificate outlives the membership it stands on, and of a kind the unit holds one."""
    if dossier is None:
        return ()
    if dossier.enterprise.ended is not None and certificate.kind in STAND_ON_MEMBERSHIP:
        told = "该单位的会员资格已终止，以会员资格为前提的证书不能单独恢复。"
        return (Reason("holder_is_no_member", told, "终止有误的，请管理员撤销终止，证书随之恢复。"),)
    other = held(dossier, certificate.kind)
    if other is None:
        return ()
    told = f"该单位已另有一张{certificate.kind.chinese}（编号 {other.number}）。"
    return (Reason("another_is_held", told, "同一种证书只能有一张；确须恢复这一张的，请先注销另一张。"),)


def revoked(certificate: Certificate, today: date, reason: str) -> Certificate:
    return certificate.changed(revoked_on=today, revoked_reason=f"会员资格终止：{reason}")


def counting_again(certificate: Certificate) -> Certificate:
    return certificate.changed(revoked_on=None, revoked_reason=None)


def named(certificates: Iterable[Certificate]) -> str:
    """For the notice: each by kind and number."""
    return "、".join(f"{each.kind.chinese}（编号 {each.number}）" for each in certificates)
