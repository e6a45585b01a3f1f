"""A matter that was sent back and whose fee changed meanwhile: what it rose by is paid by a second transfer, and each
of them can be undone for itself; what it fell by is credit.
"""

from dataclasses import replace

import pytest

from chalicelib.operations import applications, crediting, payments, reconciling
from chalicelib.operations.ports import Ports, Replace
from chalicelib.rules.association import Association
from chalicelib.rules.records import Application, Payment, PaymentStatus
from chalicelib.rules.vocabulary import Action, Actor, Refused, State
from tests.operations import acting, years

FIRST, RISEN = 120_000, 150_000
FINANCE = acting.FINANCE


@pytest.fixture
def actor(ports: Ports) -> Actor:
    return acting.user(ports)


def fee(ports: Ports, amount: int) -> None:
    settings = ports.records.get(Association, "association")
    assert settings
    fees = tuple(replace(each, amount=amount) if each.code == "dues" else each for each in settings.fees)
    ports.records.commit(Replace(settings, settings.changed(fees=fees)))


def sent_back_and_dearer(ports: Ports, actor: Actor) -> tuple[str, str]:
    """To be paid, with what it was before already booked: the application and that payment."""
    application, first = acting.paid(ports, actor)
    reconciling.confirm(ports, acting.order(FINANCE), first, 0, FIRST)
    applications.act(ports, acting.order(acting.CERTIFIER), application, Action.SEND_BACK, None, "名称有误")
    fee(ports, RISEN)
    applications.act(ports, acting.order(actor), application, Action.SUBMIT, None)
    years.approve(ports, application)
    assert now(ports, application).state is State.TO_BE_PAID
    return application, first


def the_rest(ports: Ports, actor: Actor, application: str) -> str:
    acting.upload(ports, actor, application, "bank_receipt")
    return payments.pay(ports, acting.order(actor), (application,), acting.transfer(ports, RISEN - FIRST))


def now(ports: Ports, application: str) -> Application:
    found = ports.records.get(Application, application)
    assert found
    return found


def undo(ports: Ports, payment: str, application: str) -> None:
    reconciling.undo(ports, acting.order(FINANCE), payment, application, "款项未到账", arrived=False)


def test_whichever_is_undone_the_other_stays_booked_and_named(ports: Ports, actor: Actor) -> None:
    application, first = sent_back_and_dearer(ports, actor)
    second = the_rest(ports, actor, application)
    reconciling.confirm(ports, acting.order(FINANCE), second, 0, RISEN - FIRST)
    undo(ports, first, application)
    assert now(ports, application).payments == (second,)
    assert now(ports, application).paid == RISEN - FIRST


def test_what_is_left_of_two_payments_is_credit_when_the_matter_is_withdrawn(ports: Ports, actor: Actor) -> None:
    application, first = sent_back_and_dearer(ports, actor)
    second = the_rest(ports, actor, application)
    reconciling.confirm(ports, acting.order(FINANCE), second, 0, RISEN - FIRST)
    undo(ports, first, application)
    applications.act(ports, acting.order(actor), application, Action.WITHDRAW, None)
    freed = ports.records.get(Payment, second)
    assert freed
    assert freed.credited == freed.received == RISEN - FIRST
    credit = crediting.credit_of(ports, now(ports, application).owner)
    assert credit.balance == RISEN - FIRST


def test_what_never_arrived_can_be_undone_while_the_rest_is_to_be_paid(ports: Ports, actor: Actor) -> None:
    application, first = sent_back_and_dearer(ports, actor)
    undo(ports, first, application)
    left = now(ports, application)
    assert (left.state, left.paid, left.still_due, left.payments) == (State.TO_BE_PAID, 0, RISEN, ())


def test_while_the_rest_is_being_checked_finance_decides_on_that_first(ports: Ports, actor: Actor) -> None:
    application, first = sent_back_and_dearer(ports, actor)
    the_rest(ports, actor, application)
    with pytest.raises(Refused) as refusal:
        undo(ports, first, application)
    assert years.codes(refusal) == ["not_in_this_state"]


# --- the fee has fallen -----------------------------------------------------------------------------------------------

FALLEN = 80_000


def sent_back_and_cheaper(ports: Ports, actor: Actor, application: str) -> None:
    """Being made again, after the fee fell."""
    applications.act(ports, acting.order(acting.CERTIFIER), application, Action.SEND_BACK, None, "名称有误")
    fee(ports, FALLEN)
    applications.act(ports, acting.order(actor), application, Action.SUBMIT, None)
    years.approve(ports, application)
    assert now(ports, application).state is State.BEING_MADE


def balance(ports: Ports, application: str) -> int:
    credit = crediting.credit_of(ports, now(ports, application).owner)
    return credit.balance if credit else 0


def booked(ports: Ports, payment: str) -> tuple[list[tuple[int, PaymentStatus]], int]:
    found = ports.records.get(Payment, payment)
    assert found
    return [(each.due, each.status) for each in found.allotments], found.credited


def test_a_fee_that_fell_before_the_second_approval_leaves_the_difference_as_credit(ports: Ports, actor: Actor) -> None:
    application, payment = acting.paid(ports, actor)
    reconciling.confirm(ports, acting.order(FINANCE), payment, 0, FIRST)
    sent_back_and_cheaper(ports, actor, application)
    assert (now(ports, application).amount_due, now(ports, application).paid) == (FALLEN, FALLEN)
    assert balance(ports, application) == FIRST - FALLEN
    assert booked(ports, payment) == ([(FALLEN, PaymentStatus.CONFIRMED)], FIRST - FALLEN)
    moves = reconciling.closing(ports, ports.clock.today()).movements
    assert [(each.amount, each.why) for each in moves] == [
        (FIRST - FALLEN, "再次审核时应缴减少，多出部分转为余款"),
    ]


def test_of_two_payments_the_later_is_freed_first(ports: Ports, actor: Actor) -> None:
    application, first = sent_back_and_dearer(ports, actor)
    second = the_rest(ports, actor, application)
    reconciling.confirm(ports, acting.order(FINANCE), second, 0, RISEN - FIRST)
    sent_back_and_cheaper(ports, actor, application)
    assert booked(ports, second) == ([(RISEN - FIRST, PaymentStatus.RELEASED)], RISEN - FIRST)
    assert booked(ports, first) == ([(FALLEN, PaymentStatus.CONFIRMED)], FIRST - FALLEN)
    assert balance(ports, application) == RISEN - FALLEN


def test_what_is_left_on_a_matter_whose_fee_fell_is_undone_as_any_other(ports: Ports, actor: Actor) -> None:
    application, payment = acting.paid(ports, actor)
    reconciling.confirm(ports, acting.order(FINANCE), payment, 0, FIRST)
    sent_back_and_cheaper(ports, actor, application)
    reconciling.undo(ports, acting.order(FINANCE), payment, application, "记错单位", arrived=True)
    assert now(ports, application).paid == 0
    assert balance(ports, application) == FIRST


def test_a_matter_whose_fee_fell_is_issued(ports: Ports, actor: Actor) -> None:
    application, payment = acting.paid(ports, actor)
    reconciling.confirm(ports, acting.order(FINANCE), payment, 0, FIRST)
    sent_back_and_cheaper(ports, actor, application)
    acting.work_off(ports)
    assert now(ports, application).state is State.COMPLETED
    assert balance(ports, application) == FIRST - FALLEN
