"""What finance decides about several applications in one go: everyone it concerns hears once, matter by matter."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.messages.templates import notice
from chalicelib.messages.wechat_values import fit
from chalicelib.operations import accounts, enterprises, notices, outbox, payments, reconciling
from chalicelib.operations.carriers import Failed, Undeliverable
from chalicelib.operations.ports import Asked, Insert, Ports, Replace
from chalicelib.rules.records import (
    Application,
    Delivery,
    Message,
    OutboxRow,
    OutboxStatus,
    PaymentMethod,
    Shelf,
    User,
    Work,
    enterprise_owner,
)
from chalicelib.rules.vocabulary import Actor, Service, State
from tests import made_up
from tests.operations import acting
from tests.operations.years import dossier

FEE = 30_000
REFUSED = "payment_refused"


@pytest.fixture
def chen(ports: Ports) -> Actor:
    return acting.member(ports)[0]


def bound(ports: Ports, name: str, member: Actor) -> Actor:
    actor, known = acting.user(ports, name), dossier(ports, member).enterprise
    enterprises.bind(ports, acting.order(actor), known.name, known.member_code)
    return acting.as_of_now(ports, actor.id)


def to_be_paid(ports: Ports, actor: Actor, name: str, service: Service = Service.QUALIFICATION_CHANGE) -> str:
    now = ports.clock.now()
    application = Application(
        id=name, service=service, owner=enterprise_owner(actor.enterprise or "-"), applicant=actor.id,
        state=State.TO_BE_PAID, opened_at=now, since=now, submitted_at=now, unit=made_up.enterprise(1), amount_due=FEE,
    )  # fmt: skip
    ports.records.commit(Insert(application), Insert(Shelf(application=name)))
    return name


def paid(ports: Ports, actor: Actor, *applications: str) -> str:
    given = replace(acting.transfer(ports, FEE * len(applications)), method=PaymentMethod.CASH, bank_serial="")
    return payments.pay(ports, acting.order(actor), applications, given)


def refused(ports: Ports, payment: str, reason: str = "回单不清晰") -> None:
    reconciling.refuse(ports, acting.order(acting.FINANCE), payment, 0, reason)


def told(ports: Ports, actor: Actor) -> list[Message]:
    return [each for each in notices.my_messages(ports, actor, Asked(50)).items if each.notice == REFUSED]


def consenting(ports: Ports, *actors: Actor) -> None:
    for actor in actors:
        for _ in range(3):
            accounts.give_consents(ports, acting.order(actor), [REFUSED])


def left(ports: Ports, actor: Actor) -> int:
    user = ports.records.get(User, actor.id)
    assert user is not None
    return user.consents[REFUSED]


def test_a_refused_payment_for_three_is_told_once_with_each_matter_its_amount_and_the_next_step(
    ports: Ports, chen: Actor
) -> None:
    consenting(ports, chen)
    names = [to_be_paid(ports, chen, f"x{n}") for n in range(2)]
    names.append(to_be_paid(ports, chen, "x2", Service.ANNUAL_REVIEW))
    refused(ports, paid(ports, chen, *names))
    (message,) = told(ports, chen)
    said = notice(message.notice, message.context)
    assert said.title == "您的资质证变更等 3 项缴费未通过核账，请重新上传凭证"
    assert "未通过核账（3 项）：" in said.body
    assert said.body.count("应缴 300.00 元") == 3
    assert "合计 900.00 元" in said.body
    assert said.body.count("原因：回单不清晰") == 1
    assert "下一步：请在小程序“我的”—“服务记录”中打开这些办理，重新上传银行回单。" in said.body
    assert message.applications == ("x0", "x1", "x2")
    acting.work_off(ports)
    assert len(ports.wechat.notices) == 1  # type: ignore[attr-defined]  # in memory
    assert left(ports, chen) == 2


def test_what_is_confirmed_in_part_is_told_once_and_names_what_passed_and_what_each_of_the_others_lacks(
    ports: Ports, chen: Actor
) -> None:
    payment = paid(ports, chen, *(to_be_paid(ports, chen, f"x{n}") for n in range(3)))
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, FEE + 10_000, partly=True)
    (message,) = told(ports, chen)
    said = notice(message.notice, message.context)
    assert said.title == "您的资质证变更等 2 项款项不足，已收的已记为余款，请补缴差额"
    assert said.body.count("只补缴这一项尚差 200.00 元") == 1
    assert said.body.index("款项不足（2 项）：") < said.body.index("已核账（1 项）：")
    assert "合计 600.00 元" in said.body
    assert "下一步：请补缴差额后，在小程序“我的”—“服务记录”中打开这些办理，上传补缴的银行回单。" in said.body
    assert "未通过" not in said.body
    assert said.wechat["state"] == "款项不足"
    assert "下一步：无需操作" in said.body
    assert {each.application for each in message.told} == {"x1", "x2"}


def test_what_is_confirmed_in_full_is_told_to_nobody(ports: Ports, chen: Actor) -> None:
    payment = paid(ports, chen, *(to_be_paid(ports, chen, f"x{n}") for n in range(2)))
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, 2 * FEE)
    assert told(ports, chen) == []


def test_different_reasons_are_each_told_and_wechat_says_that_they_differ(ports: Ports, chen: Actor) -> None:
    first, second = (to_be_paid(ports, chen, f"x{n}") for n in range(2))
    cheap = ports.records.get(Application, second)
    assert cheap is not None
    ports.records.commit(Replace(cheap, cheap.changed(amount_due=FEE + 5_000)))
    payment = paid(ports, chen, first, second)
    reconciling.confirm(ports, acting.order(acting.FINANCE), payment, 0, 10_000, partly=True)
    (message,) = told(ports, chen)
    said = notice(message.notice, message.context)
    assert "尚差 200.00 元" in said.body
    assert "尚差 250.00 元" in said.body
    assert fit("thing3", said.wechat["reason"]) == said.wechat["reason"] == "各项原因不同，请点开查看"


def test_the_shortest_words_of_twelve_fit_wechat_whatever_the_service(ports: Ports, chen: Actor) -> None:
    for service in Service:
        assert fit("thing1", f"{service.chinese}等 12 项") == f"{service.chinese}等 12 项"


def test_where_the_applicant_has_left_each_other_representative_hears_once_and_uses_one_consent(
    ports: Ports, chen: Actor
) -> None:
    li, wang = bound(ports, "li", chen), bound(ports, "wang", chen)
    payment = paid(ports, chen, *(to_be_paid(ports, chen, f"x{n}") for n in range(3)))
    enterprises.unbind(ports, acting.order(chen))
    consenting(ports, li, wang, chen)
    refused(ports, payment)
    assert told(ports, chen) == []
    for actor in (li, wang):
        (message,) = told(ports, actor)
        assert message.applications == ("x0", "x1", "x2")
    acting.work_off(ports)
    assert len(ports.wechat.notices) == 2  # type: ignore[attr-defined]  # in memory
    assert [left(ports, each) for each in (li, wang, chen)] == [2, 2, 3]
    assert {told(ports, each)[0].delivery for each in (li, wang)} == {Delivery.SENT}


def test_each_hears_of_his_own_matters_and_nothing_of_a_colleagues(ports: Ports, chen: Actor) -> None:
    li, wang = bound(ports, "li", chen), bound(ports, "wang", chen)
    mine, his, gone = (to_be_paid(ports, who, name) for who, name in ((chen, "x0"), (li, "x1"), (wang, "x2")))
    payment = paid(ports, chen, mine, his, gone)
    enterprises.unbind(ports, acting.order(wang))
    refused(ports, payment)
    assert [each.applications for each in told(ports, chen)] == [("x0", "x2")]
    assert [each.applications for each in told(ports, li)] == [("x1", "x2")]


# --- one row for all who hear of it -----------------------------------------------------------------------------------


def of_two(ports: Ports, chen: Actor) -> tuple[Actor, Actor, OutboxRow]:
    li, wang = bound(ports, "li", chen), bound(ports, "wang", chen)
    payment = paid(ports, chen, to_be_paid(ports, chen, "x0"), to_be_paid(ports, chen, "x1"))
    enterprises.unbind(ports, acting.order(chen))
    acting.work_off(ports)
    consenting(ports, li, wang)
    refused(ports, payment)
    (row,) = (each for each in acting.pending(ports) if each.work is Work.NOTICE)
    return li, wang, row


def test_the_row_of_several_is_dealt_out_once_however_often_it_is_worked_on(ports: Ports, chen: Actor) -> None:
    _, _, row = of_two(ports, chen)
    for _ in range(2):
        outbox.WORK[Work.NOTICE](ports, *row.subject)
        ports.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]  # the clock in memory
    outbox.work(ports, row.id)
    assert len([each for each in acting.pending(ports) if each.work is Work.NOTICE]) == 2
    acting.work_off(ports)
    outbox.WORK[Work.NOTICE](ports, *row.subject)
    assert not acting.pending(ports)
    assert len(ports.wechat.notices) == 2  # type: ignore[attr-defined]  # in memory


def test_one_who_cannot_be_reached_keeps_nobody_else_from_hearing(ports: Ports, chen: Actor) -> None:
    li, wang, _ = of_two(ports, chen)
    ports.wechat.fails_with(Undeliverable("40003"))  # type: ignore[attr-defined]  # in memory
    acting.work_off(ports)
    assert sorted(told(ports, each)[0].delivery for each in (li, wang)) == [Delivery.FAILED, Delivery.SENT]
    (dead,) = ports.records.outbox(OutboxStatus.DEAD, Asked()).items
    assert len(dead.subject) == 2


def test_where_the_row_of_several_is_given_up_each_reader_sees_it_and_staff_can_try_again(
    ports: Ports, chen: Actor
) -> None:
    li, wang, row = of_two(ports, chen)
    outbox.bury(ports, row.id, "NotifyingDead")
    assert {told(ports, each)[0].delivery for each in (li, wang)} == {Delivery.FAILED}
    dead = ports.records.get(OutboxRow, row.id)
    assert dead is not None
    ports.records.commit(Replace(dead, dead.begun_anew()))
    acting.work_off(ports)
    assert {told(ports, each)[0].delivery for each in (li, wang)} == {Delivery.SENT}


def test_a_notice_that_is_tried_again_is_sent_to_whoever_has_not_got_it_and_to_nobody_twice(
    ports: Ports, chen: Actor
) -> None:
    li, wang, row = of_two(ports, chen)
    outbox.work(ports, row.id)
    ports.wechat.fails_with(Failed("lost"))  # type: ignore[attr-defined]  # in memory
    first, second = (each for each in acting.pending(ports) if each.work is Work.NOTICE)
    with pytest.raises(Failed):
        outbox.work(ports, first.id)
    outbox.work(ports, second.id)
    outbox.work(ports, first.id)
    assert len(ports.wechat.notices) == 2  # type: ignore[attr-defined]  # in memory
    assert [left(ports, each) for each in (li, wang)] == [2, 2]
