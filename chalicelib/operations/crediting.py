"""余款: what an owner has paid and that is for nothing yet. Every change of it is a movement that says why."""

from dataclasses import replace
from datetime import datetime

from chalicelib.operations.facts import Gathered
from chalicelib.operations.ports import Change, Insert, Ports, Replace
from chalicelib.rules.records import Allotment, Credit, Movement, Payment, PaymentStatus
from chalicelib.rules.workflow import Decision


def credit_of(ports: Ports, owner: str) -> Credit | None:
    return ports.records.get(Credit, owner)


def credit_now(owner: str, credit: Credit | None, amount: int) -> tuple[Change, ...]:
    """The owner's credit with so many fen more, or less."""
    if amount == 0:
        return ()
    if credit is None:
        return (Insert(Credit(owner=owner, balance=amount)),)
    return (Replace(credit, credit.changed(balance=credit.balance + amount)),)


def moved(
    ports: Ports, actor: str, owner: str, at: datetime, amount: int, payment: str | None, why: str = ""
) -> tuple[Change, ...]:
    """The movement beside it; its id keeps the day's order. Nothing for nothing."""
    if amount == 0:
        return ()
    told = why or ("多缴或业务终止，转为余款" if amount > 0 else "以余款补足")
    return (
        Insert(
            Movement(
                id=f"{at:%H%M%S%f}-{ports.ids.new('c')}", owner=owner, day=at.date(), at=at, amount=amount, why=told,
                payment=payment, actor=actor,
            )
        ),
    )  # fmt: skip


def passed_on(ports: Ports, before: str, after: str, at: datetime) -> tuple[Change, ...]:
    """What an applicant paid too much for his join is the enterprise's that came of it."""
    credit = credit_of(ports, before) if before != after else None
    if credit is None or credit.balance == 0:
        return ()
    amount, why = credit.balance, "入会办结，余款转入单位"
    return (
        *credit_now(before, credit, -amount),
        *credit_now(after, credit_of(ports, after), amount),
        *moved(ports, "system", before, at, -amount, None, why),
        *moved(ports, "system", after, at, amount, None, why),
    )


def freed(ports: Ports, decision: Decision, gathered: Gathered) -> tuple[Change, ...]:
    """An application that ends without its certificate: what was booked on it is its owner's credit (domain §5, D)."""
    del gathered
    before, entry = decision.before, decision.entry
    if before.paid == 0:
        return ()
    found = ports.records.get_many(*((Payment, (each,)) for each in before.payments))
    released = [(each, _released(each, before.id)) for each in found if isinstance(each, Payment)]
    owner = before.owner
    return (
        *(Replace(payment, after) for payment, after in released),
        *credit_now(owner, credit_of(ports, owner), before.paid),
        *moved(ports, entry.actor, owner, entry.at, before.paid, before.payment),
    )


def _released(payment: Payment, application: str) -> Payment:
    ended = sum(each.due for each in payment.allotments if _is_booked(each, application))
    allotments = tuple(
        replace(each, status=PaymentStatus.RELEASED) if _is_booked(each, application) else each
        for each in payment.allotments
    )
    return payment.changed(allotments=allotments, credited=payment.credited + ended)


def _is_booked(allotment: Allotment, application: str) -> bool:
    return allotment.application == application and allotment.status is PaymentStatus.CONFIRMED
