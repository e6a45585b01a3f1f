"""The only place where an application's state changes: `decide` takes the table's edge or refuses with every reason."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib.rules.grammar import Case, Facts, Guard, ServiceRow, Step, When
from chalicelib.rules.records import Application, Entry, MaterialVerdict
from chalicelib.rules.services import TABLE
from chalicelib.rules.verdicts import faults_of
from chalicelib.rules.vocabulary import Action, Actor, Effect, Reason, Refused, Role, State

LONGEST_REASON = 500


@dataclass(frozen=True)
class Decision:
    """The application before and after, its history entry, and what else must follow in the same transaction.

    ``guarded``: facts were asked, so they must still stand when it commits. ``verdicts``: on the materials.
    """

    before: Application
    application: Application
    entry: Entry
    effects: tuple[Effect, ...]
    notice: str | None
    guarded: bool = True
    verdicts: tuple[MaterialVerdict, ...] = ()

    def paid_by(self, payment: str) -> "Decision":
        """The same decision, with the application knowing which payment covers it, and which did before."""
        now = self.application
        earlier = now.payments if now.paid else ()
        return replace(self, application=replace(now, payment=payment, earlier_payments=earlier))

    def making(self, certificate: str) -> "Decision":
        """The same decision, with the application knowing the certificate that came of it."""
        return replace(self, application=replace(self.application, certificate=certificate))

    def owned_by(self, owner: str) -> "Decision":
        """The same decision, with the application passing to the enterprise that came of it."""
        return replace(self, application=replace(self.application, owner=owner))


def decide(
    application: Application, action: Action, actor: Actor, facts: Facts, reason: str = "",
    verdicts: tuple[MaterialVerdict, ...] = (),
) -> Decision:  # fmt: skip
    """Decides one action on one application; a reviewer may give his verdicts on its materials with it.

    Raises Refused with every reason: no such step from here, not this actor's to do, guards that do not hold, a reason
    that is wanted and missing, or a verdict that cannot be given so.
    """
    row = TABLE[application.service]
    step, case = _step(row, application, action, actor, facts), Case(row, application, facts)
    in_the_way = standing_in_the_way(step.guards, case)
    if refusals := (*_reason_wanted(step, reason), *in_the_way, *faults_of(verdicts, case)):
        raise Refused(*refusals)
    return replace(_taken(step, application, actor, facts, reason.strip()), verdicts=verdicts)


def standing_in_the_way(guards: Iterable[Guard], case: Case) -> tuple[Reason, ...]:
    """Every reason of every guard, each once, in the order of the table."""
    found = [reason for guard in guards for reason in guard(case)]
    return tuple(dict.fromkeys(found))


def may_apply(row: ServiceRow, facts: Facts) -> tuple[Reason, ...]:
    """Why a service may not be applied for now; empty when it is open. The same guards ask again at later steps."""
    return standing_in_the_way(row.eligibility, Case(row, None, facts))


def possible(application: Application, actor: Actor) -> tuple[Action, ...]:
    """What this actor could try from here, for buttons; whether guards hold is told when he tries.

    A booking can be undone only where something is booked.
    """
    here = (each for each in TABLE[application.service].steps if each.before is application.state)
    found = (each for each in here if application.paid or not each.unbooks)
    return tuple(dict.fromkeys(each.action for each in found if actor.may_act_as(each.who)))


def waits_for_paper(application: Application) -> bool:
    """In 制证中, and nothing can be made before somebody has brought the paper set in person."""
    steps = (step for step in TABLE[application.service].steps if step.action is Action.NOTE_PAPER)
    return application.paper_at is None and any(step.before is application.state for step in steps)


def _step(row: ServiceRow, application: Application, action: Action, actor: Actor, facts: Facts) -> Step:
    steps = [each for each in row.steps if each.action is action and each.before is application.state]
    if not steps:
        raise Refused(_no_such_step(application, action))
    permitted = [each for each in steps if actor.may_act_as(each.who)]
    if not permitted:
        raise Refused(_not_yours(action, steps[0].who))
    return next(each for each in permitted if _applies(each, application, facts))


def _applies(step: Step, application: Application, facts: Facts) -> bool:
    passed = any(person.result == "passed" for person in application.persons)
    due = facts.due if step.fixes_amount else application.amount_due
    return {
        When.ALWAYS: True,
        When.DUE: (due or 0) > facts.paid,
        When.NOTHING_DUE: (due or 0) <= facts.paid,
        When.SOMEONE_PASSED: passed,
        When.NOBODY_PASSED: not passed,
    }[step.when]


def _taken(step: Step, application: Application, actor: Actor, facts: Facts, reason: str) -> Decision:
    role = _role(step, actor)
    number = application.entries + 1
    after = application.changed(
        state=step.after,
        since=facts.at if step.after is not step.before else application.since,
        entries=number,
        reason=reason or None,
        submitted_at=facts.at if step.action is Action.SUBMIT else application.submitted_at,
        amount_due=_amount_due(step, application, facts),
        paid=_paid(step, application, facts),
        year=_year(step, application, facts),
        payment=None if step.unbooks or (step.frees_year and step.after is State.DRAFT) else application.payment,
        earlier_payments=_still_booked(application, facts) if step.unbooks else application.earlier_payments,
        certificate=None if Effect.VOID_NUMBER in step.effects else application.certificate,
        paper_at=facts.at if step.action is Action.NOTE_PAPER else application.paper_at,
        held_by=(),
    )
    entry = Entry(
        application=application.id, number=number, at=facts.at, action=step.action, before=step.before,
        after=step.after, actor=actor.id, role=role, reason=reason or None,
    )  # fmt: skip
    return Decision(application, after, entry, step.effects, step.notice, guarded=bool(step.guards))


def _role(step: Step, actor: Actor) -> Role:
    return next(role for role in step.who if role in actor.roles)


def _paid(step: Step, application: Application, facts: Facts) -> int:
    """What is booked. Undoing takes the undone payment's part off; what ends without a certificate frees it all; a
    fee that has fallen since frees what is over.
    """
    if step.action is Action.CONFIRM_PAYMENT:
        return application.amount_due or 0
    if Effect.FREE_MONEY in step.effects:
        return 0
    if Effect.CREDIT_SURPLUS in step.effects:
        return min(application.paid, _amount_due(step, application, facts) or 0)
    if step.unbooks and facts.payment is not None:
        parts = (each.due for each in facts.payment.allotments if each.application == application.id)
        return application.paid - sum(parts)
    return application.paid


def _still_booked(application: Application, facts: Facts) -> tuple[str, ...]:
    """The payments that are left when one is undone: what they paid stays theirs to answer for."""
    undone = facts.payment.id if facts.payment else application.payment
    return tuple(each for each in application.payments if each != undone)


def _amount_due(step: Step, application: Application, facts: Facts) -> int | None:
    """Fixed when it falls due (domain §5, D). A receipt that comes with the application fixes it at submission, and
    while that receipt stands a second submission asks for no more.
    """
    if step.action is Action.SUBMIT and application.payment is not None:
        return application.amount_due
    return facts.due if step.fixes_amount else application.amount_due


def _year(step: Step, application: Application, facts: Facts) -> int | None:
    """Fixed once and then kept, also when the application completes in the next year (domain §4, D).

    A receipt that finance refused has fixed nothing: whoever pays in March has not paid for a year that is over.
    """
    if step.frees_year and not application.paid:
        return None
    if application.year is not None:
        return application.year
    return TABLE[application.service].year_of(facts) if step.fixes_year else None


def _reason_wanted(step: Step, reason: str) -> tuple[Reason, ...]:
    if len(reason) > LONGEST_REASON:
        return (Reason("reason_too_long", f"理由超过 {LONGEST_REASON} 字。", "请精简后再提交。", "reason"),)
    if step.needs_reason and not reason.strip():
        told = f"{step.action.chinese}必须写明理由。"
        return (Reason("reason_required", told, "请写明申请人能看懂的理由和下一步做法。", "reason"),)
    return ()


# Where the next step is known better than that somebody else may have acted.
FIRST_OF_ALL = {
    (State.IN_REVIEW, Action.PAY): "请等待审核；审核通过、需要缴费时会通知您，届时再提交缴费凭证。",
    (State.IN_REVIEW, Action.SUBMIT): "已经提交，请等待审核结果的通知。",
    (State.PAYMENT_CHECKED, Action.PAY): "已收到缴费凭证，请等待财务核账。",
    (State.PAYMENT_CHECKED, Action.UNDO_PAYMENT): "请先对正在核账的那笔缴费作出决定（核账通过或不通过），再撤销。",
}


def _no_such_step(application: Application, action: Action) -> Reason:
    now = application.state.chinese
    return Reason(
        "not_in_this_state",
        f"该业务现为“{now}”，不能{action.chinese}。",
        FIRST_OF_ALL.get((application.state, action), "请刷新查看最新进度和办理记录，其他人可能已经处理。"),
    )


def _not_yours(action: Action, who: tuple[Role, ...]) -> Reason:
    roles = "、".join(role.chinese for role in who)
    return Reason("not_your_role", f"“{action.chinese}”须由{roles}办理。", f"请联系有“{roles}”权限的人员办理。")
