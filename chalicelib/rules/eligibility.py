"""Who may apply for a service. The same guards decide at the list, at submission, at approval and at issue.

Each answers every reason why not, with what to do first: time passes in between (domain §4, rules that hold for all).
"""

from datetime import date

from chalicelib.rules.certificates import is_reviewed
from chalicelib.rules.grammar import Case, Facts, Guard, guard
from chalicelib.rules.guards import held
from chalicelib.rules.records import Certificate, ClaimKind, Dossier, Ended, enterprise_of, former_owner
from chalicelib.rules.register import changes_asked, not_chosen
from chalicelib.rules.vocabulary import CertificateKind, Reason, plain

SIX = 6
NEXT_YEARS_DUES_FROM = (12, 1)
NOT_BOUND = Reason(
    "not_bound",
    "您的微信尚未绑定会员单位。",
    "会员单位请先在“我的—企业绑定”中绑定；尚未入会的单位请先办理“入会申请”。",
)

# --- who may join -----------------------------------------------------------------------------------------------------


@guard("申请人的微信尚未绑定任何会员单位（绑定的单位会员资格已终止、为该单位重新入会的除外）")
def applicant_is_unbound(case: Case) -> tuple[Reason, ...]:
    if case.facts.bound_to is None or _joins_again(case):
        return ()
    return (
        Reason(
            "already_bound",
            "您的微信已绑定一家会员单位，一个微信号只能绑定一个单位。",
            "如需为另一家单位申请入会，请先在“我的—企业绑定”中解除绑定，再提交入会申请。",
        ),
    )


def _joins_again(case: Case) -> bool:
    """For the unit he represents, which is no member any more; he need not unbind himself and lose its records.

    What was opened for the unit is the unit's: whom its applicant has come to represent since is no matter.
    """
    former, application = case.facts.known, case.application
    if former is None or former.enterprise.ended is None:
        return False
    the_units = enterprise_of(application.owner) if application else None
    return former.enterprise.id in {the_units, case.facts.bound_to}


@guard("该单位（按统一社会信用代码）尚不是会员（会员资格已终止的可以重新入会），也没有其他正在办理的入会申请")
def unit_is_free_to_join(case: Case) -> tuple[Reason, ...]:
    if mistaken := _for_another_unit(case):
        return mistaken
    holder = _foreign_holder(case, ClaimKind.CREDIT_CODE)
    if holder is None or holder.startswith(former_owner("")):
        return ()
    if holder.startswith("enterprise:"):
        return (
            Reason(
                "already_member",
                "该统一社会信用代码的单位已是本会会员，无需再次申请入会。",
                "请在“我的—企业绑定”中输入单位全称和会员编码进行绑定；不知道会员编码，请联系协会工作人员。",
                "credit_code",
            ),
        )
    return (
        Reason(
            "join_under_way",
            "该统一社会信用代码的单位已有一宗入会申请正在办理。",
            "请向本单位的其他经办人了解进度；如有疑问，请联系协会工作人员。",
            "credit_code",
        ),
    )


def _for_another_unit(case: Case) -> tuple[Reason, ...]:
    """What a representative opened for the unit whose membership has ended is for that unit, by its credit code."""
    application, former = case.application, case.facts.former
    if application is None or former is None or enterprise_of(application.owner) != former.enterprise.id:
        return ()
    typed = plain(application.form.get("credit_code"))
    if typed in ("", former.enterprise.credit_code):
        return ()
    return (
        Reason(
            "not_the_former_unit",
            f"这宗申请是为“{former.enterprise.name}”重新入会，所填统一社会信用代码不是该单位登记的代码。",
            "请核对营业执照上的代码；代码确已变更的，请联系协会工作人员更正登记；为另一家单位入会的，请先解除绑定。",
            "credit_code",
        ),
    )


@guard("申请人没有另一宗正在办理的入会申请")
def applicant_has_no_other_join(case: Case) -> tuple[Reason, ...]:
    if _foreign_holder(case, ClaimKind.APPLICANT) is None:
        return ()
    return (
        Reason(
            "own_join_under_way",
            "您已有一宗入会申请正在办理，一个微信号只能绑定一个单位。",
            "请先完成或撤回正在办理的入会申请（“我的—服务记录”），再为另一家单位申请。",
        ),
    )


def _foreign_holder(case: Case, kind: ClaimKind) -> str | None:
    own = f"application:{case.application.id}" if case.application else ""
    return next((claim.holder for claim in case.facts.claims if claim.kind is kind and claim.holder != own), None)


WHO_MAY_JOIN: tuple[Guard, ...] = (applicant_is_unbound, unit_is_free_to_join, applicant_has_no_other_join)


# --- members' services ------------------------------------------------------------------------------------------------


@guard("申请人已绑定会员单位，该单位的会员资格没有终止")
def applicant_is_bound(case: Case) -> tuple[Reason, ...]:
    if case.facts.dossier is None:
        return (NOT_BOUND,)
    ended = case.facts.dossier.enterprise.ended
    return (membership_ended(ended),) if ended else ()


def membership_ended(ended: Ended) -> Reason:
    return Reason(
        "membership_ended",
        f"本单位的会员资格已于 {ended.on:%Y年%m月%d日}终止。原因：{ended.reason}",
        "请先办理“入会申请”重新入会，会员编码和原有记录不变；对终止有异议的，请联系协会工作人员。",
    )


@guard("本年度会费已缴")
def dues_are_paid(case: Case) -> tuple[Reason, ...]:
    """Of a unit whose membership has ended it is not asked: it pays them by joining again."""
    year, dossier = year_asked(case), case.facts.dossier
    if dossier is None or dossier.enterprise.ended or dues_are_booked(case.facts, year):
        return ()
    return (
        Reason(
            "dues_not_paid",
            f"本单位 {year} 年度会费尚未缴纳。",
            "请先办理“会费缴纳”；营业执照有变更的，请办理“会费缴纳＋变更”。",
        ),
    )


@guard("本单位持有资质证（已过期的也算，已注销的不算）")
def qualification_is_held(case: Case) -> tuple[Reason, ...]:
    if case.facts.dossier is None or held(case.facts.dossier, CertificateKind.QUALIFICATION) is not None:
        return ()
    return (Reason("no_qualification", "本单位没有资质证。", "请先办理“资质证申办”。"),)


@guard("本年度尚未年审")
def not_yet_reviewed(case: Case) -> tuple[Reason, ...]:
    qualification, year = held(case.facts.dossier, CertificateKind.QUALIFICATION), year_asked(case)
    if qualification is None or not is_reviewed(qualification, year):
        return ()
    return (
        Reason("already_reviewed", f"本单位资质证 {year} 年度已年审。", "如资质证信息需要变更，请办理“资质证变更”。"),
    )


@guard("至少六名不同的本单位从业人员，所列每一人的岗位培训合格证均在有效期内")
def six_practitioners_are_certified(case: Case) -> tuple[Reason, ...]:
    if case.application is None:
        return _enough_in_the_register(case)
    named = tuple(dict.fromkeys(person.id for person in case.application.persons))
    failing = tuple(reason for each in named if (reason := _practitioner_reason(case, each)) is not None)
    good = len(named) - len(failing)
    return failing if good >= SIX else (*failing, _fewer_than_six(good))


def _fewer_than_six(good: int) -> Reason:
    return Reason(
        "fewer_than_six",
        f"有效的从业人员为 {good} 人，至少需要 {SIX} 名不同的人员。",
        "请补充持有有效岗位培训合格证的本单位人员：参加“岗位培训”，或以职业技能证书“换证”；证书过期的请先办理“续期”。",
        "persons",
    )


def _enough_in_the_register(case: Case) -> tuple[Reason, ...]:
    """Before anybody is named: whether the enterprise has six at all."""
    if case.facts.dossier is None:
        return ()
    good = sum(_practitioner_reason(case, each) is None for each in case.facts.practitioners)
    return () if good >= SIX else (_fewer_than_six(good),)


def _practitioner_reason(case: Case, practitioner: str) -> Reason | None:
    fact = case.facts.practitioners.get(practitioner)
    own = case.facts.dossier.enterprise.id if case.facts.dossier else None
    if fact is None or fact.employer != own:
        name = fact.name if fact else practitioner
        return Reason(
            "not_employed_here", f"{name} 不是本单位的从业人员。", "请先办理“更改”，或换一名人员。", practitioner
        )
    if fact.certified_to is None or fact.certified_to < case.facts.today:
        return Reason(
            "training_certificate_expired",
            f"{fact.name} 没有有效的岗位培训合格证。",
            "请先办理“续期”或参加岗位培训。",
            practitioner,
        )
    if fact.certified_from is not None and fact.certified_from > case.facts.today:
        told = f"{fact.name} 的岗位培训合格证自 {fact.certified_from:%Y年%m月%d日}起生效。"
        return Reason("training_certificate_not_begun", told, "请到生效日再提交，或换一名人员。", practitioner)
    return None


def year_asked(case: Case) -> int:
    """The application's own year once it is fixed, else the one it would get today (domain §4, D)."""
    if case.application is not None and case.application.year is not None:
        return case.application.year
    return case.row.year_of(case.facts)


@guard("申请人已确认登记信息（资质证上将印的内容）与营业执照一致")
def data_are_confirmed(case: Case) -> tuple[Reason, ...]:
    if case.application is None or plain(case.application.form.get("confirmed")) == "是":
        return ()
    return (
        Reason(
            "not_confirmed",
            "尚未确认资质证信息与营业执照一致。",
            "执照近期有变动的，请先办理“会费缴纳＋变更”；执照未变而信息不符的，请联系协会工作人员更正。",
            "confirmed",
        ),
    )


@guard("同一单位没有与此相冲突的业务正在办理")
def nothing_else_is_under_way(case: Case) -> tuple[Reason, ...]:
    """At most one of a kind, and some exclude each other; drafts do not count (domain §4, D)."""
    if case.facts.dossier is None:
        return ()
    own = f"application:{case.application.id}" if case.application else ""
    others = [each for each in case.facts.claims if each.kind in case.row.holds and each.holder != own]
    services = dict.fromkeys(each.service.chinese for each in others if each.service)
    return tuple(
        Reason(
            "under_way_already",
            f"本单位已有一宗“{service}”正在办理，不能同时办理“{case.row.service.chinese}”。",
            "请在“我的—服务记录”中查看进度，待其办结，或撤回后再申请。",
        )
        for service in services
    )


# --- dues -------------------------------------------------------------------------------------------------------------


def dues_year(facts: Facts) -> int:
    """This year while it is unpaid; next year's dues from 1 December on (domain §4, D)."""
    year = facts.today.year
    next_is_open = facts.today >= date(year, *NEXT_YEARS_DUES_FROM)
    return year + 1 if dues_are_booked(facts, year) and next_is_open else year


def dues_are_booked(facts: Facts, year: int) -> bool:
    """A completed application has paid them, also of a membership that has ended since: no year is paid twice."""
    return facts.known is not None and any(each.year == year for each in facts.known.years)


@guard("该年度会费尚未缴纳（12 月 1 日起可缴下一年度）")
def year_is_not_paid(case: Case) -> tuple[Reason, ...]:
    year = year_asked(case)
    if not dues_are_booked(case.facts, year):
        return ()
    return (
        Reason(
            "year_already_paid",
            f"本单位 {year} 年度会费已缴纳。",
            f"{year + 1} 年度会费自 {year} 年 12 月 1 日起可以缴纳；"
            "如需变更登记信息，请办理“会费缴纳＋变更”或“资质证变更”。",
        ),
    )


@guard("该年度会费尚未缴纳；已缴纳的，只有不能办理“资质证变更”时才可办理（会费为 0）")
def year_is_not_paid_or_no_other_way_to_change(case: Case) -> tuple[Reason, ...]:
    """A unit whose year is paid, and to which 资质证变更 is not open, still has a way to change (domain §4, D)."""
    year = year_asked(case)
    qualification = held(case.facts.dossier, CertificateKind.QUALIFICATION)
    if not dues_are_booked(case.facts, year) or qualification is None or not is_reviewed(qualification, year):
        return ()
    return (
        Reason(
            "change_is_open",
            f"本单位 {year} 年度会费已缴纳，资质证本年度已年审。",
            "请办理“资质证变更”，会员证一并更新。",
        ),
    )


# --- certificates that were revoked -----------------------------------------------------------------------------------


def revoked_alone(facts: Facts) -> tuple[Reason, ...]:
    """Why a member holds no 会员证 or 资质证 any more, though its membership goes on, and what it can do."""
    dossier = facts.dossier
    if dossier is None or dossier.enterprise.ended:
        return ()
    kinds = {CertificateKind.MEMBER: _without_member_certificate, CertificateKind.QUALIFICATION: _without_qualification}
    return tuple(
        said(facts, gone)
        for kind, said in kinds.items()
        if held(dossier, kind) is None and (gone := _last_revoked(dossier, kind)) is not None
    )


def _last_revoked(dossier: Dossier, kind: CertificateKind) -> Certificate | None:
    revoked = ((each.revoked_on, each) for each in dossier.certificates if each.kind is kind and each.revoked_on)
    return max(revoked, key=lambda found: found[0], default=(None, None))[1]


def _when_and_why(gone: Certificate) -> str:
    return f"（编号 {gone.number}）已于 {gone.revoked_on:%Y年%m月%d日}注销。原因：{gone.revoked_reason or '未写明'}"


_APPEAL = "对注销有异议的，请联系协会工作人员，注销有误的会恢复。"


def _without_member_certificate(facts: Facts, gone: Certificate) -> Reason:
    year = facts.today.year
    new = (
        f"需要新会员证的：登记信息有变更的，请办理“会费缴纳＋变更”（会费已缴的为 0 元）；没有变更的，"
        f"{year} 年 12 月 1 日起缴纳 {year + 1} 年度会费后制发，编号另起。"
        if dues_are_booked(facts, year)
        else "请办理“会费缴纳”，办结后制发新会员证，编号另起；"
        "资料“会员证书”请上传已注销的证书，遗失的上传加盖公章的说明。"
    )
    told = f"本单位的会员证{_when_and_why(gone)}"
    following = f"会员资格没有终止，其他业务可照常办理。{_APPEAL}{new}"
    return Reason("member_certificate_revoked", told, following)


def _without_qualification(facts: Facts, gone: Certificate) -> Reason:
    barred = gone.barred_until
    waits = barred is not None and barred >= facts.today
    new = f"{barred:%Y年%m月%d日}之后可重新办理“资质证申办”。" if waits else "可重新办理“资质证申办”。"
    told = f"本单位的资质证{_when_and_why(gone)}"
    return Reason("qualification_revoked", told, f"会员资格没有终止。{_APPEAL}{new}")


# --- changes ----------------------------------------------------------------------------------------------------------


@guard("所选的每项变更都写明变更后的内容，且与现登记内容不同；没有选的不填")
def changes_are_stated(case: Case) -> tuple[Reason, ...]:
    application, dossier = case.application, case.facts.dossier
    if application is None or dossier is None:
        return ()
    asked = changes_asked(application.form, dossier.enterprise)
    missing = (each.field for each in asked if not plain(each.new).strip())
    same = (each.field for each in asked if plain(each.new).strip() and not each.differs)
    return (
        *(
            Reason("new_value_missing", f"没有填写变更后的{each.chinese}。", "请按新营业执照填写。", f"new_{each.name}")
            for each in missing
        ),
        *(
            Reason(
                "nothing_changes", f"变更后的{each.chinese}与现登记内容相同。",
                "没有变化的请不要选；登记内容有误而执照未变的，请联系协会工作人员更正。", f"new_{each.name}",
            )
            for each in same
        ),
        *(
            Reason(
                "kind_not_chosen", f"填写了变更后的{each.chinese}，但变更类型中没有选“{each.chinese}”。",
                "请补选该变更类型，或清空所填内容。", "changes",
            )
            for each in not_chosen(application.form)
        ),
    )  # fmt: skip


@guard("本年度年审已完成")
def this_years_review_is_done(case: Case) -> tuple[Reason, ...]:
    qualification, year = held(case.facts.dossier, CertificateKind.QUALIFICATION), year_asked(case)
    if qualification is None or is_reviewed(qualification, year):
        return ()
    return (
        Reason(
            "review_not_done",
            f"本单位资质证 {year} 年度尚未年审。",
            "年审与变更都要办的，请先办理“会费缴纳＋变更”（会费已缴的为 0 元），再办理“资质证年审”，"
            "新信息随年审换发的资质证生效。",
        ),
    )


# --- the qualification ------------------------------------------------------------------------------------------------


@guard("本单位没有资质证（已注销的可重新申办，注销时定有期限的，须过期限）")
def no_qualification_is_held(case: Case) -> tuple[Reason, ...]:
    dossier = case.facts.dossier
    qualification = held(dossier, CertificateKind.QUALIFICATION)
    if qualification is not None:
        return (
            Reason(
                "qualification_held",
                f"本单位已持有资质证（{qualification.number}）。",
                "每年请办理“资质证年审”；登记信息有变更的，请办理“资质证变更”；到期由系统自动续期。",
            ),
        )
    barred = _barred_until(case)
    if barred is None or barred < case.facts.today:
        return ()
    told = f"本单位的资质证已注销，{barred:%Y年%m月%d日}之前（含当日）不能重新申办。"
    return (Reason("barred", told, "请在期满后申办；有异议请联系协会工作人员。"),)


def _barred_until(case: Case) -> date | None:
    revoked = case.facts.dossier.certificates if case.facts.dossier else ()
    bars = (each.barred_until for each in revoked if each.kind is CertificateKind.QUALIFICATION and each.revoked_on)
    return max((each for each in bars if each is not None), default=None)


# --- persons ----------------------------------------------------------------------------------------------------------


@guard("每次至少一人，至多三十人")
def persons_are_named(case: Case) -> tuple[Reason, ...]:
    if case.application is None or 1 <= len(case.application.persons) <= case.row.persons:
        return ()
    return (
        Reason(
            "persons_out_of_bounds", f"每次申请须有 1 至 {case.row.persons} 人。", "请增减报名人员后再提交。", "persons"
        ),
    )
