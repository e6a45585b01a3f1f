"""The paths of the services: which steps lead from 拟稿 to 已完成, who takes each, and the ways back.

Source: guide, chapter 四 (流程状态); domain §3 to §5. `services.py` joins a path to each service.
"""

from chalicelib.rules.grammar import Guard, Step, When
from chalicelib.rules.guards import (
    fee_is_set,
    form_is_complete,
    materials_are_complete,
    names_can_be_printed,
    paper_is_received,
    receipt_comes_with_it,
    receipt_is_there,
)
from chalicelib.rules.vocabulary import Action, Effect, Role, State

Guards = tuple[Guard, ...]
Effects = tuple[Effect, ...]

COMPLETE: Guards = (form_is_complete, materials_are_complete, names_can_be_printed)
ISSUE: Effects = (Effect.ISSUE,)
ENDED: Effects = (Effect.RELEASE, Effect.FREE_MONEY)
# A reviewer's word: what he saw is kept, so that he is told what changed when the application comes back to him.
SEEN: Effects = (Effect.REMEMBER,)


def reviewing(
    eligibility: Guards, paid_into: State, after_payment: Effects, notice: str | None = None, *, for_members: bool
) -> tuple[Step, ...]:
    """提交、审核、打回、拒绝: from the draft to the fee, or past it when nothing is due (domain §5)."""
    staff, draft, review = (Role.REVIEWER,), State.DRAFT, State.IN_REVIEW
    asked = (*eligibility, *COMPLETE)
    looked_at = (*asked, fee_is_set)
    approve, payable = Action.APPROVE, State.TO_BE_PAID
    return (
        Step(
            Action.SUBMIT, draft, review, (Role.APPLICANT,),
            guards=asked, effects=(Effect.CLAIM,), fixes_year=for_members,
        ),
        Step(approve, review, payable, staff, When.DUE, looked_at, SEEN, "to_be_paid", fixes_amount=True),
        Step(
            approve, review, paid_into, staff, When.NOTHING_DUE, looked_at,
            (*SEEN, Effect.CREDIT_SURPLUS, *after_payment), notice, fixes_amount=True, fixes_year=True,
        ),
        *declining(),
    )  # fmt: skip


def declining() -> tuple[Step, ...]:
    """打回 and 拒绝, with the reason."""
    staff, review = (Role.REVIEWER,), State.IN_REVIEW
    free = (Effect.RELEASE,)
    return (
        Step(Action.RETURN, review, State.DRAFT, staff, effects=(*free, *SEEN), notice="returned", needs_reason=True),
        Step(Action.REJECT, review, State.REJECTED, staff, effects=ENDED, notice="rejected", needs_reason=True),
    )


def paying(
    paid_into: State, after_payment: Effects, notice: str | None = None, *, for_members: bool
) -> tuple[Step, ...]:
    """缴费与核账: the receipt, finance's word, and the way back when the word is no."""
    payable, checked, finance = State.TO_BE_PAID, State.PAYMENT_CHECKED, (Role.FINANCE,)
    return (
        Step(Action.PAY, payable, checked, (Role.APPLICANT,), guards=(receipt_is_there,), fixes_year=True),
        Step(Action.CONFIRM_PAYMENT, checked, paid_into, finance, effects=after_payment, notice=notice),
        Step(
            Action.REFUSE_PAYMENT, checked, payable, finance,
            notice="payment_refused", needs_reason=True, frees_year=not for_members,
        ),
        Step(
            Action.LAPSE, payable, State.WITHDRAWN, (Role.SYSTEM,),
            effects=ENDED, notice="withdrawn_by_system",
        ),
        # Who does not pay cannot hold up the end of his membership for 90 days.
        Step(
            Action.REJECT, payable, State.REJECTED, (Role.REVIEWER,),
            effects=ENDED, notice="rejected", needs_reason=True,
        ),
    )  # fmt: skip


def undoing(back_to: State) -> tuple[Step, ...]:
    """撤销核账: finance booked what it should not have; possible until the certificate counts (domain §5).

    Not while another receipt is being checked: finance decides on that first, or it would pay for what is undone.
    """
    before_it_is_paid = (State.TO_BE_PAID,) if back_to is State.TO_BE_PAID else ()
    free = (Effect.RELEASE,) if back_to is State.DRAFT else ()
    return (
        Step(
            Action.UNDO_PAYMENT, State.BEING_MADE, back_to, (Role.FINANCE,),
            effects=(*free, Effect.VOID_NUMBER), notice="payment_undone", needs_reason=True, unbooks=True,
        ),
        *(
            Step(
                Action.UNDO_PAYMENT, state, state, (Role.FINANCE,),
                notice="payment_undone", needs_reason=True, unbooks=True,
            )
            for state in (State.DRAFT, State.IN_REVIEW, *before_it_is_paid)
        ),
    )  # fmt: skip


def withdrawing(*states: State) -> tuple[Step, ...]:
    """撤回: by the applicant from 拟稿, 待审核 or 待缴费 (domain §3, D)."""
    return tuple(
        Step(Action.WITHDRAW, before, State.WITHDRAWN, (Role.APPLICANT,), effects=ENDED)
        for before in (State.DRAFT, State.IN_REVIEW, *states)
    )


def making(eligibility: Guards, effects: Effects = ()) -> tuple[Step, ...]:
    """制证: the system issues while every condition still holds; else the certifier sends it back with a reason."""
    being_made, done = State.BEING_MADE, State.COMPLETED
    return (
        Step(Action.ISSUE, being_made, done, (Role.SYSTEM,), guards=eligibility, effects=effects, notice="completed"),
        Step(
            Action.SEND_BACK, being_made, State.DRAFT, (Role.CERTIFIER,),
            effects=(Effect.RELEASE, Effect.VOID_NUMBER), notice="returned", needs_reason=True,
        ),
    )  # fmt: skip


def ordinary(eligibility: Guards, at_issue: Effects = (), *, for_members: bool = True) -> tuple[Step, ...]:
    """The common path 待审核 → 待缴费 → 待核账 → 制证中 → 已完成; a fee of nothing leaves out the two in the middle."""
    return (
        *reviewing(eligibility, State.BEING_MADE, ISSUE, for_members=for_members),
        *paying(State.BEING_MADE, ISSUE, for_members=for_members),
        *withdrawing(State.TO_BE_PAID),
        *undoing(State.TO_BE_PAID),
        *making(eligibility, at_issue),
    )


def with_paper(eligibility: Guards, at_issue: Effects = ()) -> tuple[Step, ...]:
    """As the ordinary one, but issued only once the paper set was brought in person; what to bring is told (domain §3).

    Guide, chapter 四, 资质证申办 ③ ④.
    """
    being_made = State.BEING_MADE
    return (
        *reviewing(eligibility, being_made, (), "bring_paper", for_members=True),
        *paying(being_made, (), "bring_paper", for_members=True),
        *withdrawing(State.TO_BE_PAID),
        *undoing(State.TO_BE_PAID),
        Step(Action.NOTE_PAPER, being_made, being_made, (Role.CERTIFIER,), effects=ISSUE),
        *making((*eligibility, paper_is_received), at_issue),
    )


def receipt_first(eligibility: Guards, at_issue: Effects = ()) -> tuple[Step, ...]:
    """The receipt comes with the application: 待审核 → 待核账 → 制证中 → 已完成 (guide, chapter 四, 会员续费).

    Finance may find the money before the reviewer is done; it is booked then, and approval finds nothing due.
    """
    draft, review, checked, made = State.DRAFT, State.IN_REVIEW, State.PAYMENT_CHECKED, State.BEING_MADE
    reviewer, finance = (Role.REVIEWER,), (Role.FINANCE,)
    asked = (*eligibility, *COMPLETE, fee_is_set, receipt_comes_with_it)
    confirm, refuse = Action.CONFIRM_PAYMENT, Action.REFUSE_PAYMENT
    return (
        Step(
            Action.SUBMIT, draft, review, (Role.APPLICANT,),
            guards=asked, effects=(Effect.CLAIM,), fixes_amount=True, fixes_year=True,
        ),
        Step(Action.APPROVE, review, checked, reviewer, When.DUE, asked, SEEN),
        Step(Action.APPROVE, review, made, reviewer, When.NOTHING_DUE, asked, (*SEEN, *ISSUE)),
        *declining(),
        Step(confirm, checked, made, finance, effects=ISSUE),
        Step(confirm, review, review, finance),
        Step(confirm, draft, draft, finance),
        *(
            Step(
                refuse, before, draft, finance, effects=() if before is draft else (Effect.RELEASE,),
                notice="payment_refused", needs_reason=True, frees_year=True,
            )
            for before in (checked, review, draft)
        ),
        *withdrawing(),
        *undoing(draft),
        *making(eligibility, at_issue),
    )  # fmt: skip
