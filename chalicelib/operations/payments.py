"""缴费与核账: one payment covers one or more applications of the same owner; finance confirms or refuses it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chalicelib.operations.applications import opened_folder, own_folder, recorded
from chalicelib.operations.commands import Absent, Deed, Order, once, unchanged_since
from chalicelib.operations.facts import gather
from chalicelib.operations.ports import Asked, Change, Insert, Page, Ports, Replace
from chalicelib.rules.guards import RECEIPT_SLOT
from chalicelib.rules.payments import yuan
from chalicelib.rules.records import Application, Folder, Payment, PaymentMethod, PaymentStatus
from chalicelib.rules.vocabulary import STAFF_ROLES, Action, Actor, FileStatus, Reason, Refused
from chalicelib.rules.workflow import decide

MOST_APPLICATIONS = 12


@dataclass(frozen=True)
class Transfer:
    """What the applicant says of his payment. ``amount`` in fen; ``paid_on`` a Shanghai date."""

    method: PaymentMethod
    amount: int
    payer: str
    paid_on: date
    bank_serial: str = ""
    remark: str = ""


def pay(ports: Ports, order: Order, applications: tuple[str, ...], transfer: Transfer) -> str:
    """Puts in a receipt (or the word that cash will be paid) for the applications named; answers the payment's id.

    Raises Absent, Refused (with the reasons of every application that cannot be paid now), Busy.
    """

    def deed() -> Deed:
        folders = [_payable(ports, order.actor, each) for each in dict.fromkeys(applications)]
        _believable(ports, transfer, len(folders))
        _of_one_owner(folders)
        payment = _payment(ports, folders, transfer)
        taken = _taken(ports, order.actor, folders, payment, Action.PAY, "")
        return Deed((Insert(payment), *taken), payment.id)

    return once(ports, order, deed)


def _still_due(application: Application) -> int:
    """What was paid before it was sent back stays booked (domain §3, D)."""
    return (application.amount_due or 0) - application.paid


def _payable(ports: Ports, actor: Actor, application: str) -> Folder:
    return opened_folder(ports, own_folder(ports, actor, application))


def _believable(ports: Ports, transfer: Transfer, applications: int) -> None:
    reasons = []
    if transfer.amount <= 0:
        reasons.append(Reason("amount_not_positive", "缴费金额须大于 0。", "请填写回单上的实际金额。", "amount"))
    if transfer.paid_on > ports.clock.today():
        reasons.append(Reason("paid_in_the_future", "缴费日期不能晚于今天。", "请填写回单上的交易日期。", "paid_on"))
    if not 1 <= applications <= MOST_APPLICATIONS:
        told = f"一笔缴费可对应 1 至 {MOST_APPLICATIONS} 宗业务。"
        reasons.append(Reason("applications_out_of_bounds", told, "请分几笔提交。", "applications"))
    if reasons:
        raise Refused(*reasons)


def _of_one_owner(folders: list[Folder]) -> None:
    if len({folder.application.owner for folder in folders}) > 1:
        told = "一笔缴费只能对应同一单位的业务。"
        raise Refused(Reason("owners_differ", told, "请为每个单位分别提交缴费凭证。", "applications"))


def _payment(ports: Ports, folders: list[Folder], transfer: Transfer) -> Payment:
    receipts = [f for folder in folders for f in folder.files if f.slot == RECEIPT_SLOT]
    accepted = [each for each in receipts if each.status is FileStatus.ACCEPTED]
    latest = max(accepted, key=lambda each: (each.place, each.requested_at), default=None)  # files lie by random id
    return Payment(
        id=ports.ids.new("p"), owner=folders[0].application.owner,
        applications=tuple(folder.application.id for folder in folders),
        method=transfer.method, amount=transfer.amount,
        due=sum(_still_due(folder.application) for folder in folders),
        payer=transfer.payer, paid_on=transfer.paid_on, bank_serial=transfer.bank_serial, remark=transfer.remark,
        receipt=latest.id if latest else None, submitted_at=ports.clock.now(),
    )  # fmt: skip


def _taken(
    ports: Ports, actor: Actor, folders: Iterable[Folder], payment: Payment, action: Action, reason: str
) -> tuple[Change, ...]:
    """The same step for every application a payment covers: all of them or none."""
    changes: list[Change] = []
    reasons: list[Reason] = []
    for folder in folders:
        gathered = gather(ports, folder, payment)
        try:
            decision = decide(folder.application, action, actor, gathered.facts, reason)
        except Refused as refused:
            reasons.extend(refused.reasons)
            continue
        booked = decision.paid_by(payment.id) if action is Action.PAY else decision
        changes.extend(recorded(ports, booked, gathered))
    if reasons:
        raise Refused(*dict.fromkeys(reasons))
    return tuple(changes)


def confirm(ports: Ports, order: Order, payment: str, seen: int, received: int) -> str:
    """Finance has found ``received`` fen in the account or the till. Less than what is due is refused with the gap."""

    def deed() -> Deed:
        before, folders = _under_check(ports, payment, seen)
        if received < before.due:
            raise Refused(_too_little(before.due, received))
        after = before.changed(status=PaymentStatus.CONFIRMED, received=received, decided_at=ports.clock.now())
        taken = _taken(ports, order.actor, folders, after, Action.CONFIRM_PAYMENT, "")
        return Deed((Replace(before, after), *taken), payment)

    return once(ports, order, deed)


def refuse(ports: Ports, order: Order, payment: str, seen: int, reason: str) -> str:
    """Finance cannot find the money or the receipt is wrong: back to 待缴费 with the reason."""

    def deed() -> Deed:
        before, folders = _under_check(ports, payment, seen)
        after = before.changed(status=PaymentStatus.REFUSED, decided_at=ports.clock.now(), reason=reason.strip())
        taken = _taken(ports, order.actor, folders, after, Action.REFUSE_PAYMENT, reason)
        return Deed((Replace(before, after), *taken), payment)

    return once(ports, order, deed)


def _under_check(ports: Ports, payment: str, seen: int) -> tuple[Payment, list[Folder]]:
    before = ports.records.get(Payment, payment)
    if before is None:
        raise Absent
    if before.status is not PaymentStatus.CHECKING:
        told = f"这笔缴费现为“{before.status.chinese}”，已由财务处理。"
        raise Refused(Reason("payment_decided", told, "请刷新核账列表。"))
    unchanged_since(seen, before.version)
    folders = (ports.records.folder(each) for each in before.applications)
    return before, [opened_folder(ports, folder) for folder in folders if folder is not None]


def _too_little(due: int, received: int) -> Reason:
    return Reason(
        "amount_short",
        f"实收 {yuan(received)}，应缴 {yuan(due)}，尚差 {yuan(due - received)}。",
        "请写明差额退回申请人补缴（核账不通过）；金额录错的，请更正后再确认。",
        "received",
    )


def payment_for(ports: Ports, actor: Actor, payment: str) -> Payment:
    """For whoever may see it: staff every one, a member those of his applications.

    Not by the owner it was put in under: a completed join has passed to its enterprise, and who has unbound himself
    has lost it (domain §1).
    """
    found = ports.records.get(Payment, payment)
    if found is None:
        raise Absent
    if not actor.may_act_as(STAFF_ROLES):
        own_folder(ports, actor, found.applications[0])  # all of them are of one owner
    return found


def to_check(ports: Ports, status: PaymentStatus, asked: Asked) -> Page[Payment]:
    return ports.records.payments_in(status, asked)
