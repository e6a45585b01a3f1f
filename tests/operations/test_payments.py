"""Receipts and 核账: the amount that differs, the refusal with its reason, the money that is short."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.operations import applications, notices, payments, reconciling
from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import Asked, Ports
from chalicelib.rules.records import Payment, PaymentMethod, PaymentStatus
from chalicelib.rules.vocabulary import Action, Actor, Refused, Service, State
from tests.operations import acting, years


def state(ports: Ports, application: str) -> State:
    folder = ports.records.folder(application)
    assert folder is not None
    return folder.application.state


@pytest.fixture
def actor(ports: Ports) -> Actor:
    return acting.user(ports)


def test_without_a_receipt_there_is_nothing_to_check(ports: Ports, actor: Actor) -> None:
    application = acting.to_be_paid(ports, actor)
    with pytest.raises(Refused) as refusal:
        payments.pay(ports, acting.order(actor), (application,), acting.transfer(ports))
    assert [reason.code for reason in refusal.value.reasons] == ["receipt_missing"]


def test_cash_needs_no_receipt(ports: Ports, actor: Actor) -> None:
    application = acting.to_be_paid(ports, actor)
    payments.pay(ports, acting.order(actor), (application,), acting.transfer(ports, method=PaymentMethod.CASH))
    assert state(ports, application) is State.PAYMENT_CHECKED


def test_finance_sees_that_the_amount_differs(ports: Ports, actor: Actor) -> None:
    application = acting.to_be_paid(ports, actor)
    acting.upload(ports, actor, application, "bank_receipt")
    payments.pay(ports, acting.order(actor), (application,), acting.transfer(ports, 100_000))
    (waiting,) = payments.to_check(ports, Asked()).items
    assert waiting.differs
    assert (waiting.amount, waiting.due) == (100_000, 120_000)


def test_too_little_is_not_confirmed_and_the_gap_is_named(ports: Ports, actor: Actor) -> None:
    application, payment = acting.paid(ports, actor)
    with pytest.raises(Refused) as refusal:
        reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, 119_999)
    assert "0.01 元" in refusal.value.reasons[0].message
    assert state(ports, application) is State.PAYMENT_CHECKED


def test_a_refused_receipt_goes_back_with_its_reason_and_can_be_put_in_again(ports: Ports, actor: Actor) -> None:
    application, payment = acting.paid(ports, actor)
    reconciling.refuse(ports, acting.order(acting.FINANCE), payment, 0, "回单不清晰")
    assert state(ports, application) is State.TO_BE_PAID
    messages = notices.my_messages(ports, actor, Asked()).items
    assert any(each.notice == "payment_refused" and each.context["reason"] == "回单不清晰" for each in messages)
    again = payments.pay(ports, acting.order(actor), (application,), acting.transfer(ports))
    reconciling.confirm(ports, acting.order(acting.FINANCE), again, 0, 120_000)
    assert state(ports, application) is State.BEING_MADE


def test_a_new_payment_shows_finance_its_own_receipt_whatever_order_the_files_lie_in(
    ports: Ports, actor: Actor
) -> None:
    application, refused = acting.paid(ports, actor)
    reconciling.refuse(ports, acting.order(acting.FINANCE), refused, 0, "回单不清晰")
    ids, new = ports.ids, ports.ids.new
    object.__setattr__(ids, "new", lambda prefix: "f0" if prefix == "f" else new(prefix))
    ports.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]  # the clock in memory
    receipt = acting.upload(ports, actor, application, "bank_receipt")
    object.__setattr__(ids, "new", new)
    again = ports.records.get(Payment, payments.pay(ports, acting.order(actor), (application,), acting.transfer(ports)))
    assert again is not None
    assert again.receipt == receipt


def test_the_second_of_two_in_finance_hears_that_it_is_decided(ports: Ports, actor: Actor) -> None:
    _, payment = acting.paid(ports, actor)
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, 120_000)
    with pytest.raises(Refused) as refusal:
        reconciling.refuse(ports, acting.order(acting.FINANCE), payment, 0, "太晚了")
    assert [reason.code for reason in refusal.value.reasons] == ["payment_decided"]


def test_only_finance_confirms(ports: Ports, actor: Actor) -> None:
    _, payment = acting.paid(ports, actor)
    with pytest.raises(Refused) as refusal:
        reconciling.confirm(ports, acting.order(acting.REVIEWER), payment, 0, 120_000)
    assert [reason.code for reason in refusal.value.reasons] == ["not_your_role"]
    stored = ports.records.get(Payment, payment)
    assert stored is not None
    assert stored.status is PaymentStatus.CHECKING


def test_what_cannot_be_on_a_receipt_is_refused_all_at_once(ports: Ports, actor: Actor) -> None:
    application = acting.to_be_paid(ports, actor)
    transfer = replace(acting.transfer(ports, 0), paid_on=ports.clock.today() + timedelta(days=1))
    with pytest.raises(Refused) as refusal:
        payments.pay(ports, acting.order(actor), (application,), transfer)
    assert [reason.code for reason in refusal.value.reasons] == ["amount_not_positive", "paid_in_the_future"]


def test_nobody_pays_for_what_is_not_his(ports: Ports, actor: Actor) -> None:
    application = acting.to_be_paid(ports, actor)
    with pytest.raises(Absent):
        payments.pay(ports, acting.order(acting.user(ports, "li")), (application,), acting.transfer(ports))


def test_a_payment_stays_booked_when_the_certifier_sends_the_application_back(ports: Ports, actor: Actor) -> None:
    application = acting.being_made(ports, actor)
    version = acting.version(ports, application)
    applications.act(ports, acting.order(acting.CERTIFIER), application, Action.SEND_BACK, version, "名称有误")
    applications.act(ports, acting.order(actor), application, Action.SUBMIT, None)
    version = acting.version(ports, application)
    applications.act(ports, acting.order(acting.REVIEWER), application, Action.APPROVE, version)
    assert state(ports, application) is State.BEING_MADE


def test_an_undone_booking_is_dated_by_the_day_it_was_undone_and_leaves_its_time_to_pay_again(
    ports: Ports, actor: Actor
) -> None:
    application, payment = acting.paid(ports, actor)
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, 120_000)
    ports.clock.advance(timedelta(days=2))  # type: ignore[attr-defined]  # the clock in memory
    reconciling.undo(ports, acting.order(acting.FINANCE), payment, application, "录错", arrived=False)
    folder = ports.records.folder(application)
    assert folder is not None
    assert folder.entries[-1].at == folder.application.since == ports.clock.now()
    decided = ports.records.get(Payment, payment)
    assert decided is not None
    assert decided.decided_at == ports.clock.now() - timedelta(days=2)


def test_one_payment_does_not_submit_two_drafts_that_exclude_each_other(ports: Ports) -> None:
    member = acting.member(ports)[0]
    years.to_day(ports, date(2026, 12, 5))
    dues = years.filled_in(ports, member, Service.DUES, {}, "bank_receipt")
    changes = years.filled_in(
        ports, member, Service.DUES_WITH_CHANGES, years.CHANGES, "licence", "change_notice", "bank_receipt"
    )
    with pytest.raises(Refused) as refusal:
        payments.pay(ports, acting.order(member), (dues, changes), acting.transfer(ports, 2 * years.FEE))
    assert years.codes(refusal) == ["exclude_each_other"]
    assert payments.pay(ports, acting.order(member), (dues,), acting.transfer(ports))
