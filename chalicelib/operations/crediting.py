"""余款: what an owner has paid and that is for nothing yet. Every change of it is a movement that says why."""

from collections.abc import Iterable, Iterator
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
    return _credited(ports, decision, decision.before.paid, "")


def surplus_credited(ports: Ports, decision: Decision, gathered: Gathered) -> tuple[Change, ...]:
    """A fee that fell after 制证退回: what was booked beyond it is the owner's credit, the last payment first.

    The amount due is fixed when it falls due, which is at the second approval (domain §5, D).
    """
    del gathered
    over = decision.before.paid - decision.application.paid
    return _credited(ports, decision, over, "再次审核时应缴减少，多出部分转为余款")


def _credited(ports: Ports, decision: Decision, amount: int, why: str) -> tuple[Change, ...]:
    before, entry = decision.before, decision.entry
    if amount == 0:
        return ()
    found = ports.records.get_many(*((Payment, (each,)) for each in reversed(before.payments)))
    payments = [each for each in found if isinstance(each, Payment)]
    owner = before.owner
    return (
        *_taken_off(payments, before.id, amount),
        *credit_now(owner, credit_of(ports, owner), amount),
        *moved(ports, entry.actor, owner, entry.at, amount, before.payment, why),
    )


def _taken_off(payments: Iterable[Payment], application: str, amount: int) -> Iterator[Change]:
    """So many fen of what the payments have booked on the application, in their order."""
    for payment in payments:
        booked = sum(each.due for each in payment.allotments if _is_booked(each, application))
        freed_here = min(booked, amount)
        amount -= freed_here
        if freed_here:
            allotments = tuple(_less(each, application, freed_here) for each in payment.allotments)
            yield Replace(payment, payment.changed(allotments=allotments, credited=payment.credited + freed_here))


def _less(allotment: Allotment, application: str, amount: int) -> Allotment:
    if not _is_booked(allotment, application):
        return allotment
    if amount == allotment.due:
        return replace(allotment, status=PaymentStatus.RELEASED)
    return replace(allotment, due=allotment.due - amount)


def _is_booked(allotment: Allotment, application: str) -> bool:
    return allotment.application == application and allotment.status is PaymentStatus.CONFIRMED
