"""缴费: one payment covers one or more applications of the same owner; with it, some are submitted, others paid."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from chalicelib.operations.applications import opened_folder, own_folder, recorded
from chalicelib.operations.commands import Absent, Deed, Order, once
from chalicelib.operations.facts import gather
from chalicelib.operations.ports import Asked, Change, Insert, Page, Ports, Require
from chalicelib.rules.guards import RECEIPT_SLOT
from chalicelib.rules.records import (
    Allotment,
    Claim,
    ClaimKind,
    Folder,
    MaterialFile,
    Payment,
    PaymentMethod,
    PaymentStatus,
)
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import STAFF_ROLES, Action, Actor, FileStatus, Reason, Refused, State
from chalicelib.rules.workflow import Decision, decide

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

    What waits in 待缴费 is paid for; a draft of a service whose receipt comes with the application is submitted.
    Raises Absent, Refused (with the reasons of every application that cannot be paid now), Busy.
    """

    def deed() -> Deed:
        folders = [_payable(ports, order.actor, each) for each in dict.fromkeys(applications)]
        _believable(ports, transfer, len(folders))
        _of_one_owner(folders)
        _not_excluding_each_other(folders)
        receipt = _latest_receipt(folders)
        payment = _payment(ports, folders, transfer, receipt)
        found = _decided(ports, order.actor, folders, payment)
        pointers, twins = _pointers(ports, payment, receipt)
        put_in = replace(payment, twins=twins, allotments=tuple(each.allotment for each in found))
        return Deed((Insert(put_in), *pointers, *(change for each in found for change in each.changes)), payment.id)

    return once(ports, order, deed)


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


def _not_excluding_each_other(folders: list[Folder]) -> None:
    """Of drafts that the payment submits, no two for what an enterprise may have under way once (domain §4, D)."""
    drafts = [TABLE[each.application.service] for each in folders if each.application.state is State.DRAFT]
    held = Counter(kind for row in drafts for kind in row.holds)
    services = "、".join(
        dict.fromkeys(f"“{row.service.chinese}”" for row in drafts if any(held[k] > 1 for k in row.holds))
    )
    if services:
        told = f"同一单位的{services}同时只能办理一宗。"
        raise Refused(
            Reason("exclude_each_other", told, "请只选其中一宗缴费提交，不需要的拟稿可以撤回。", "applications")
        )


def _latest_receipt(folders: list[Folder]) -> MaterialFile | None:
    """One receipt for all of them, uploaded for any of them; files lie by random id."""
    receipts = [f for folder in folders for f in folder.files if f.slot == RECEIPT_SLOT]
    accepted = [each for each in receipts if each.status is FileStatus.ACCEPTED]
    return max(accepted, key=lambda each: (each.place, each.requested_at), default=None)


def _payment(ports: Ports, folders: list[Folder], transfer: Transfer, receipt: MaterialFile | None) -> Payment:
    return Payment(
        id=ports.ids.new("p"), owner=folders[0].application.owner,
        allotments=tuple(Allotment(folder.application.id, 0) for folder in folders),
        method=transfer.method, amount=transfer.amount,
        payer=transfer.payer, paid_on=transfer.paid_on, bank_serial=transfer.bank_serial, remark=transfer.remark,
        receipt=receipt.id if receipt and transfer.method is PaymentMethod.TRANSFER else None,
        submitted_at=ports.clock.now(),
    )  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """One application's step with a payment: what is for it now, and what changes."""

    allotment: Allotment
    changes: tuple[Change, ...]


def _decided(ports: Ports, actor: Actor, folders: Iterable[Folder], payment: Payment) -> list[Taken]:
    """The step of every application the payment is for: all of them or none."""
    taken: list[Taken] = []
    reasons: list[Reason] = []
    for folder in folders:
        try:
            taken.append(_put_in(ports, actor, folder, payment))
        except Refused as refused:
            reasons.extend(refused.reasons)
    if reasons:
        raise Refused(*dict.fromkeys(reasons))
    return taken


def _put_in(ports: Ports, actor: Actor, folder: Folder, payment: Payment) -> Taken:
    application = folder.application
    with_it = application.state is State.DRAFT and TABLE[application.service].receipt_first
    if with_it and application.payment is not None:
        told = "该业务已有一笔缴费凭证，仍然有效。"
        raise Refused(Reason("payment_stands", told, "无需再次缴费，修改资料后直接提交即可。", "applications"))
    gathered = gather(ports, folder, payment)
    decision = decide(application, Action.SUBMIT if with_it else Action.PAY, actor, gathered.facts)
    _something_due(decision)
    booked = decision.paid_by(payment.id)
    return Taken(Allotment(application.id, decision.application.still_due), recorded(ports, booked, gathered))


def _something_due(decision: Decision) -> None:
    if decision.application.still_due <= 0:
        told = "该业务没有应缴费用。"
        raise Refused(Reason("nothing_due", told, "请直接提交，不用填写缴费信息。", "applications"))


# --- what was seen before ---------------------------------------------------------------------------------------------


def _pointers(
    ports: Ports, payment: Payment, receipt: MaterialFile | None
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Pointers by bank serial and by the receipt's hash, and the payments that had them first: finance sees those."""
    wanted = {
        ClaimKind.BANK_SERIAL: payment.bank_serial.strip(),
        ClaimKind.RECEIPT: (receipt.sha256 or "") if receipt and payment.receipt else "",
    }
    named = [(kind, value) for kind, value in wanted.items() if value]
    if not named:
        return (), ()
    found = ports.records.get_many(*((Claim, (kind.value, value)) for kind, value in named))
    first = {claim.kind: claim for claim in found if isinstance(claim, Claim)}
    holder = f"payment:{payment.id}"
    new = tuple(Insert(Claim(kind=kind, value=value, holder=holder)) for kind, value in named if kind not in first)
    twins = dict.fromkeys(claim.holder.removeprefix("payment:") for claim in first.values())
    return (*new, *(Require(claim) for claim in first.values())), tuple(twins)


# --- reading ----------------------------------------------------------------------------------------------------------


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


def to_check(ports: Ports, asked: Asked) -> Page[Payment]:
    """What waits for finance, oldest first."""
    return ports.records.payments_in(PaymentStatus.CHECKING, asked)


def decided_on(ports: Ports, day: date, asked: Asked) -> Page[Payment]:
    """What finance decided on a day, in its order."""
    return ports.records.payments_decided(day, asked)
