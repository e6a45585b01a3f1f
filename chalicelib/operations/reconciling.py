"""核账: finance confirms what the money covers, refuses the rest with the gap, undoes, refunds; no fen is lost."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.operations.applications import opened_folder, untold
from chalicelib.operations.audit import noted
from chalicelib.operations.bank_lines import line_booked
from chalicelib.operations.by_the_clock import every
from chalicelib.operations.commands import Absent, Deed, Order, once, unchanged_since, united
from chalicelib.operations.crediting import credit_now, credit_of, moved
from chalicelib.operations.facts import gather
from chalicelib.operations.notices import announced_together
from chalicelib.operations.ports import MOST_ITEMS, Change, Ports, Replace
from chalicelib.rules.association import Association
from chalicelib.rules.payments import Share, allot, yuan
from chalicelib.rules.records import Allotment, Application, Folder, Movement, Payment, PaymentStatus
from chalicelib.rules.undone import following
from chalicelib.rules.vocabulary import Action, Actor, Reason, Refused, State
from chalicelib.rules.workflow import Decision, decide

BESIDE = 3  # the owner's credit, the bank line, the acknowledgement


@dataclass(frozen=True)
class Found:
    """What finance found for one payment, in fen; ``seen``: the payment's version it looked at."""

    payment: str
    seen: int
    received: int


def confirm(
    ports: Ports, order: Order, payment: str, seen: int, received: int, *, partly: bool = False, line: str | None = None
) -> str:
    """Finance has found ``received`` fen in the account or the till; what is missing is taken from the owner's credit.

    Each application is confirmed in full or refused with the gap, in the order the payment names them; what is over is
    credit. Unless ``partly`` says that this is meant, too little is Refused with what would come of it. ``line``: the
    line of a statement that it was found on, which must show just that amount and is booked with it.
    """
    return confirm_together(ports, order, (Found(payment, seen, received),), partly=partly, line=line)


def confirm_together(
    ports: Ports, order: Order, found: tuple[Found, ...], *, partly: bool = False, line: str | None = None
) -> str:
    """Several payments of one owner that came in one transfer: all are confirmed, with the line, or none.

    Answers the first payment's id. Raises Absent, and Refused for what `confirm` refuses, for more than one transaction
    holds, and for a line that is settled or shows another amount.
    """

    def deed() -> Deed:
        checked = [_under_check(ports, each.payment, each.seen) for each in found]
        owner = _only_owner([payment for payment, _ in checked])
        at, credit = ports.clock.now(), credit_of(ports, owner)
        balance = credit.balance if credit else 0
        parts: list[_Part] = []
        for each, (before, folders) in zip(found, checked, strict=True):
            at_hand = Till(each.received, balance + sum(part.over for part in parts), line, partly)
            parts.append(_confirmed(ports, order.actor, before, folders, at_hand, at))
        steps = (step for part in parts for step in part.steps)
        heard = _told(ports, steps, found[0].payment, found[0].seen + 1, short=True)
        _fit_into_one(parts, heard)
        shown = line_booked(ports, order.actor, line, {each.payment: each.received for each in found}, at)
        left_over = credit_now(owner, credit, sum(part.over for part in parts))
        changes = (change for part in parts for change in part.changes)
        return Deed((*changes, *heard, *left_over, *shown), found[0].payment)

    return once(ports, order, deed)


@dataclass(frozen=True)
class Till:
    """What is there for one payment, in fen: received for it, and its owner's credit."""

    received: int
    credit: int
    line: str | None
    partly: bool

    @property
    def whole(self) -> int:
        return self.received + self.credit


@dataclass(frozen=True)
class _Step:
    """One application's step: what it changes, and what of it is still to be told, by settings as they are."""

    changes: tuple[Change, ...]
    decision: Decision
    settings: Association


@dataclass(frozen=True)
class _Part:
    """What confirming one payment changes, and by how many fen the owner's credit grows, or shrinks."""

    own: tuple[Change, ...]
    steps: tuple[_Step, ...]
    over: int

    @property
    def changes(self) -> tuple[Change, ...]:
        return (*self.own, *(change for step in self.steps for change in step.changes))


def _confirmed(ports: Ports, actor: Actor, before: Payment, folders: list[Folder], till: Till, at: datetime) -> _Part:
    shares = allot(tuple((each.application, each.due) for each in _open_allotments(before, folders)), till.whole)
    if not till.partly and any(not each.covered for each in shares):
        raise Refused(*(_too_little(folders, till.whole, each) for each in shares if not each.covered))
    over = till.received - sum(each.due for each in shares if each.covered)
    after = replace(_after_shares(before, shares, till.received, over, at), line=till.line)
    steps = tuple(_steps(ports, actor, folders, shares, after))
    movement = moved(ports, actor.id, before.owner, at, over, before.id)
    return _Part((Replace(before, after), *movement), steps, over)


def _only_owner(payments: list[Payment]) -> str:
    if len({each.id for each in payments}) < len(payments):
        raise Refused(Reason("payment_named_twice", "同一笔缴费写了两次。", "请每笔缴费只写一次。", "payments"))
    if len({each.owner for each in payments}) > 1:
        told = "一行入账只能合并核账同一单位的缴费。"
        raise Refused(Reason("owners_differ", told, "代其他单位支付的，请先与付款人核实，再逐笔核账。", "payments"))
    return payments[0].owner


def _told(
    ports: Ports, steps: Iterable[_Step], payment: str, version: int, *, short: bool = False
) -> tuple[Change, ...]:
    """Everyone concerned hears once of all that was decided, by which version of the payment that was.

    ``short``: what was sent back lacks only money; its receipt was right.
    """
    listed = tuple(steps)
    if not listed:
        return ()
    decisions, settings = [each.decision for each in listed], listed[0].settings
    return announced_together(ports, decisions, settings, f"{payment}-{version}", short=short)


def _fit_into_one(parts: list[_Part], heard: tuple[Change, ...]) -> None:
    """Confirming several is all or nothing, and the store takes so much at once and no more."""
    totals = [
        _items((*(change for part in parts[:number] for change in part.changes), *heard))
        for number in range(1, len(parts) + 1)
    ]
    if len(parts) > 1 and totals[-1] > MOST_ITEMS - BESIDE:
        most = max(1, sum(total <= MOST_ITEMS - BESIDE for total in totals))
        told = f"这些缴费涉及的业务太多，一次最多合并核账前 {most} 笔。"
        raise Refused(
            Reason("too_many_at_once", told, "请改为逐笔核账，不必指定对账单的行，再将该行搁置并写明理由。", "payments")
        )


def _items(changes: Iterable[Change]) -> int:
    """Of the store's own counting: an application has a second row in its owner's list."""
    listed = united(changes)
    return len(listed) + sum(isinstance(each, Replace) and isinstance(each.after, Application) for each in listed)


def refuse(ports: Ports, order: Order, payment: str, seen: int, reason: str) -> str:
    """Finance cannot find the money or the receipt is wrong: every application goes back with the reason."""

    def deed() -> Deed:
        before, folders = _under_check(ports, payment, seen)
        at = ports.clock.now()
        settled = tuple(_refused(each, reason.strip()) for each in before.allotments)
        after = before.changed(status=PaymentStatus.REFUSED, allotments=settled, decided_at=at, reason=reason.strip())
        open_ = {each.application for each in _open_allotments(before, folders)}
        steps = tuple(
            _step(ports, order.actor, folder, after, Action.REFUSE_PAYMENT, reason)
            for folder in folders
            if folder.application.id in open_
        )
        changes = (change for step in steps for change in step.changes)
        return Deed((Replace(before, after), *changes, *_told(ports, steps, payment, after.version)), payment)

    return once(ports, order, deed)


def _refused(allotment: Allotment, reason: str) -> Allotment:
    return replace(allotment, status=PaymentStatus.REFUSED, reason=reason)


def undo(ports: Ports, order: Order, payment: str, application: str, reason: str, *, arrived: bool) -> str:
    """撤销一宗的核账: the other applications of the payment stay as they are; possible until the certificate counts.

    ``arrived``: the money is there and becomes credit; else it was never there. A bank line that the payment was booked
    with stays booked either way: nothing opens it again by itself, for the bank did show it. Raises Absent, Refused.
    """

    def deed() -> Deed:
        before = _payment(ports, payment)
        allotment = next((each for each in before.allotments if each.application == application), None)
        folder = ports.records.folder(application)
        if allotment is None or folder is None:
            raise Absent
        if allotment.status is not PaymentStatus.CONFIRMED:
            told = f"该业务在这笔缴费中现为“{allotment.status.chinese}”，没有可撤销的核账。"
            raise Refused(Reason("not_confirmed", told, "请刷新核账详情。"))
        at = ports.clock.now()
        undone = replace(allotment, status=PaymentStatus.UNDONE, reason=reason.strip())
        kept = allotment.due if arrived else _from_credit(before, allotment)
        after = before.changed(
            allotments=tuple(undone if each is allotment else each for each in before.allotments),
            received=(before.received or 0) - (allotment.due - kept), credited=before.credited + kept,
        )  # fmt: skip
        now = replace(after, decided_at=at)  # the step is dated by its own instant, the payment by its confirmation
        step = _step(ports, order.actor, opened_folder(ports, folder), now, Action.UNDO_PAYMENT, reason)
        credited = credit_now(before.owner, credit_of(ports, before.owner), kept)
        movement = moved(ports, order.actor.id, before.owner, at, kept, before.id)
        heard = _told(ports, (step,), payment, after.version)
        return Deed((Replace(before, after), *step.changes, *heard, *credited, *movement), payment)

    return once(ports, order, deed)


def what_follows(ports: Ports, application: str) -> str:
    """After a booking was undone: what its application needs now. Raises Absent."""
    found = ports.records.get(Application, application)
    if found is None:
        raise Absent
    return following(found)


def _from_credit(payment: Payment, allotment: Allotment) -> int:
    """What credit had paid of it did arrive, once: it is credit again."""
    return min(allotment.due, max(0, -payment.credited))


def refund(ports: Ports, order: Order, owner: str, amount: int, reason: str) -> str:
    """退还余款: finance has paid back ``amount`` fen of the owner's credit; answers the owner."""

    def deed() -> Deed:
        credit, at = credit_of(ports, owner), ports.clock.now()
        if credit is None or not 0 < amount <= credit.balance:
            held = yuan(credit.balance if credit else 0)
            raise Refused(Reason("more_than_credit", f"余款为 {held}。", "退款金额须大于 0，且不超过余款。", "amount"))
        told = moved(ports, order.actor.id, owner, at, -amount, None, reason.strip())
        entry = noted(ports, order.actor.id, f"credit:{owner}", "refund", reason.strip(), at)
        return Deed((*credit_now(owner, credit, -amount), *told, entry), owner)

    return once(ports, order, deed)


# --- what the money covers --------------------------------------------------------------------------------------------


def _payment(ports: Ports, payment: str) -> Payment:
    found = ports.records.get(Payment, payment)
    if found is None:
        raise Absent
    return found


def _under_check(ports: Ports, payment: str, seen: int) -> tuple[Payment, list[Folder]]:
    before = _payment(ports, payment)
    if before.status is not PaymentStatus.CHECKING:
        told = f"这笔缴费现为“{before.status.chinese}”，已由财务处理。"
        raise Refused(Reason("payment_decided", told, "请刷新核账列表。"))
    unchanged_since(seen, before.version)
    folders = (ports.records.folder(each) for each in before.applications)
    return before, [opened_folder(ports, folder) for folder in folders if folder is not None]


def _open_allotments(payment: Payment, folders: list[Folder]) -> tuple[Allotment, ...]:
    """Those whose application still wants this payment: who withdrew, or was rejected, left his money as credit."""
    waiting = {
        folder.application.id
        for folder in folders
        if folder.application.payment == payment.id and not folder.application.state.final
    }
    return tuple(each for each in payment.allotments if each.application in waiting)


def _after_shares(before: Payment, shares: tuple[Share, ...], received: int, credited: int, at: datetime) -> Payment:
    by_application, gaps = {each.application: each for each in shares}, _gaps(shares, received)
    allotments = tuple(_settled(each, by_application.get(each.application), gaps) for each in before.allotments)
    confirmed = any(each.status is PaymentStatus.CONFIRMED for each in allotments)
    status = PaymentStatus.CONFIRMED if confirmed or not shares else PaymentStatus.SHORT
    return before.changed(
        allotments=allotments, status=status, received=received, credited=credited, decided_at=at,
    )  # fmt: skip


def _settled(allotment: Allotment, share: Share | None, gaps: Mapping[str, str]) -> Allotment:
    if share is None:
        return replace(allotment, status=PaymentStatus.RELEASED)
    if share.covered:
        return replace(allotment, status=PaymentStatus.CONFIRMED)
    return replace(allotment, status=PaymentStatus.SHORT, reason=gaps[share.application])


def _gaps(shares: Iterable[Share], received: int) -> Mapping[str, str]:
    """What is told of each that the money does not cover; what is left of it is there once, for one of several."""
    short = [each for each in shares if not each.covered]
    gap = "尚差" if len(short) == 1 else "只补缴这一项尚差"
    return {
        each.application: f"本笔实收 {yuan(received)}，本业务应缴 {yuan(each.due)}，{gap} {yuan(each.short)}；"
        "已收的款项没有退回，记为余款，补缴差额后一并核账。"
        for each in short
    }


def _steps(
    ports: Ports, actor: Actor, folders: list[Folder], shares: tuple[Share, ...], payment: Payment
) -> Iterator[_Step]:
    by_application, gaps = {folder.application.id: folder for folder in folders}, _gaps(shares, payment.received or 0)
    for share in shares:
        action = Action.CONFIRM_PAYMENT if share.covered else Action.REFUSE_PAYMENT
        folder, reason = by_application[share.application], gaps.get(share.application, "")
        yield _step(ports, actor, folder, payment, action, reason)


def _step(ports: Ports, actor: Actor, folder: Folder, payment: Payment, action: Action, reason: str) -> _Step:
    if action is Action.UNDO_PAYMENT and folder.application.state is State.COMPLETED:
        told = "该业务已完成，证书已制成，不能撤销核账。"
        raise Refused(Reason("already_completed", told, "款项确未到账的，请先注销证书，再线下追缴。"))
    gathered = gather(ports, folder, payment)
    decision = decide(folder.application, action, actor, gathered.facts, reason)
    return _Step(untold(ports, decision, gathered), decision, gathered.association)


def _too_little(folders: list[Folder], available: int, share: Share) -> Reason:
    service = next(f.application.service.chinese for f in folders if f.application.id == share.application)
    return Reason(
        "amount_short",
        f"可用 {yuan(available)}，不够缴“{service}”的 {yuan(share.due)}，尚差 {yuan(share.short)}。",
        "金额录错的请更正；确实少缴的，请选择“部分核账”：够缴的通过，不够的退回补缴，已收的记为余款。",
        "received",
    )


# --- the day's closing ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Closing:
    """日结: what finance decided and moved on one day."""

    day: date
    payments: tuple[Payment, ...]
    movements: tuple[Movement, ...]

    @property
    def received(self) -> int:
        """Fen found in the account or the till."""
        return sum(each.received or 0 for each in self.payments)

    @property
    def booked(self) -> int:
        """Fen booked on applications."""
        confirmed = (a for each in self.payments for a in each.allotments if a.status is PaymentStatus.CONFIRMED)
        return sum(each.due for each in confirmed)

    @property
    def credit(self) -> int:
        """Fen by which all credit together grew, or shrank."""
        return sum(each.amount for each in self.movements)


def closing(ports: Ports, day: date) -> Closing:
    """Everything finance decided that day, in order: read page by page, a day's work and no more."""
    decided = every(lambda asked: ports.records.payments_decided(day, asked))
    return Closing(day, tuple(decided), tuple(every(lambda asked: ports.records.movements_on(day, asked))))
