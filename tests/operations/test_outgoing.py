"""Mails and notices: sent, or visibly failed; what is marked as sent is not sent again."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.messages.templates import notice
from chalicelib.operations import (
    accounts,
    applications,
    certificates,
    dead_letters,
    notices,
    outbox,
    outgoing,
    sweeping,
)
from chalicelib.operations.carriers import Failed, Letter, NoConsent, NotDelivered, SlowDown, Undeliverable
from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import Asked, Busy, Ports, Replace
from chalicelib.rules.association import Association
from chalicelib.rules.certificates import standing_today
from chalicelib.rules.dead_letters import Cause
from chalicelib.rules.folding import Misfilled
from chalicelib.rules.records import Delivery, Mail, OutboxRow, OutboxStatus, Work
from chalicelib.rules.vocabulary import Action, Actor, Refused, Standing, State
from tests.operations import acting

TO = "office@example.com"


@pytest.fixture
def member(ports: Ports) -> Actor:
    return acting.member(ports)[0]


def ask_for_mail(ports: Ports, member: Actor) -> str:
    (certificate,) = certificates.mine(ports, member)
    return certificates.send_to(ports, acting.order(member), certificate.root, TO)


def delivery(ports: Ports, mail: str) -> Delivery:
    found = ports.records.get(Mail, mail)
    assert found is not None
    return found.delivery


def test_the_mail_brings_the_certificate_as_it_is_stored(ports: Ports, member: Actor) -> None:
    mail = ask_for_mail(ports, member)
    acting.work_off(ports)
    (letter,) = ports.post.letters  # type: ignore[attr-defined]  # the post in memory
    (certificate,) = certificates.mine(ports, member)
    family = certificates.own(ports, member, certificate.root)
    assert letter.to == TO
    assert letter.attachments[0].data == ports.files.read(certificates.latest(family).papers[0].file)
    assert delivery(ports, mail) is Delivery.SENT


def test_a_mail_whose_certificate_is_not_there_never_goes_out_without_it(ports: Ports, member: Actor) -> None:
    (certificate,) = certificates.mine(ports, member)
    mail = certificates.send_to(ports, acting.order(member), certificate.root, TO)
    found = ports.records.get(Mail, mail)
    assert found is not None
    ports.records.commit(Replace(found, found.changed(ordinal=9)))
    with pytest.raises(LookupError):
        outgoing.send_mail(ports, mail)
    assert not ports.post.letters  # type: ignore[attr-defined]  # the post in memory


def test_work_delivered_again_sends_nothing_more(ports: Ports, member: Actor) -> None:
    mail = ask_for_mail(ports, member)
    for _ in range(3):
        outbox.work(ports, f"mail-{mail}")
    assert len(ports.post.letters) == 1  # type: ignore[attr-defined]  # the post in memory


def test_a_failure_goes_back_to_the_queue_and_is_sent_later(ports: Ports, member: Actor) -> None:
    mail = ask_for_mail(ports, member)
    ports.post.fails_with(Failed("later"))  # type: ignore[attr-defined]  # the post in memory
    with pytest.raises(Failed):
        outbox.work(ports, f"mail-{mail}")
    assert delivery(ports, mail) is Delivery.WAITING
    outbox.work(ports, f"mail-{mail}")
    assert delivery(ports, mail) is Delivery.SENT


def test_what_can_never_be_delivered_waits_for_a_person_who_can_try_again(ports: Ports, member: Actor) -> None:
    mail = ask_for_mail(ports, member)
    ports.post.fails_with(Undeliverable("SMTP 550: recipient refused", "SMTP 550"))  # type: ignore[attr-defined]  # the post in memory
    outbox.work(ports, f"mail-{mail}")
    assert delivery(ports, mail) is Delivery.FAILED
    (dead,) = dead_letters.listed(ports, Asked()).items
    assert dead.trouble == (
        "邮件没有完成：对方拒收，或者地址、收件人不存在（SMTP 550）。"
        "请核对收件地址和邮件服务器，再重新执行；不必再发的，请作废并写明理由。"
    )
    dead_letters.redrive(ports, acting.order(acting.ADMIN), dead.id)
    acting.work_off(ports)
    assert delivery(ports, mail) is Delivery.SENT


def test_a_dead_letter_is_laid_aside_only_with_a_reason(ports: Ports, member: Actor) -> None:
    mail = ask_for_mail(ports, member)
    outbox.bury(ports, f"mail-{mail}", "MailingDead")
    with pytest.raises(Refused):
        dead_letters.discard(ports, acting.order(acting.ADMIN), f"mail-{mail}", "")
    dead_letters.discard(ports, acting.order(acting.ADMIN), f"mail-{mail}", "地址已停用")
    assert not dead_letters.listed(ports, Asked()).items


def test_the_sweeper_hands_on_what_the_stream_has_lost(ports: Ports, member: Actor) -> None:
    ask_for_mail(ports, member)
    ports.clock.advance(timedelta(minutes=6))  # type: ignore[attr-defined]  # the clock in memory
    sweeping.sweep(ports)
    assert len(ports.queues.sent) == 1  # type: ignore[attr-defined]  # the queues in memory


# --- two at once ------------------------------------------------------------------------------------------------------


@dataclass
class Meanwhile:
    """A post that lets something else happen while it has the letter, and then says that it could not deliver."""

    happens: Callable[[], None]
    says: NotDelivered

    def send(self, letter: Letter) -> None:
        del letter
        self.happens()
        raise self.says


def mail_of(ports: Ports, mail: str) -> Mail:
    found = ports.records.get(Mail, mail)
    assert found is not None
    return found


def row_of(ports: Ports, identity: str) -> OutboxRow:
    found = ports.records.get(OutboxRow, identity)
    assert found is not None
    return found


@pytest.mark.parametrize("says", [SlowDown(), Failed(), Undeliverable()], ids=lambda each: type(each).__name__)
def test_a_mail_given_up_while_a_worker_has_it_stays_failed_whatever_that_worker_hears(
    ports: Ports, member: Actor, says: NotDelivered
) -> None:
    """The row had two messages; the other one has died."""
    mail = ask_for_mail(ports, member)
    post = Meanwhile(lambda: outbox.bury(ports, f"mail-{mail}", "MailingDead"), says)
    with suppress(NotDelivered):
        outbox.work(replace(ports, post=post), f"mail-{mail}")
    assert (row_of(ports, f"mail-{mail}").status, delivery(ports, mail)) == (OutboxStatus.DEAD, Delivery.FAILED)


def test_a_mail_given_up_while_a_worker_has_it_can_be_tried_again_and_is_sent_once(ports: Ports, member: Actor) -> None:
    mail = ask_for_mail(ports, member)
    post = Meanwhile(lambda: outbox.bury(ports, f"mail-{mail}", "MailingDead"), SlowDown())
    with pytest.raises(SlowDown):
        outbox.work(replace(ports, post=post), f"mail-{mail}")
    dead_letters.redrive(ports, acting.order(acting.ADMIN), f"mail-{mail}")
    acting.work_off(ports)
    assert delivery(ports, mail) is Delivery.SENT
    assert len(ports.post.letters) == 1  # type: ignore[attr-defined]  # the post in memory


@pytest.mark.parametrize("says", [SlowDown(), Undeliverable()], ids=lambda each: type(each).__name__)
def test_a_worker_that_comes_back_late_does_not_take_a_mail_out_of_anothers_hands(
    ports: Ports, member: Actor, says: NotDelivered
) -> None:
    """The first was away for longer than its hold: a second one has the mail, and a third must not get it."""
    mail = ask_for_mail(ports, member)
    clock: Any = ports.clock

    def another_takes_it() -> None:
        clock.advance(outgoing.IN_HAND + timedelta(seconds=1))
        outgoing._in_hand(ports, mail_of(ports, mail))

    with pytest.raises(type(says)):
        outgoing.send_mail(replace(ports, post=Meanwhile(another_takes_it, says)), mail)
    with pytest.raises(Failed):
        outgoing.send_mail(ports, mail)
    assert not ports.post.letters  # type: ignore[attr-defined]  # the post in memory


def test_staff_still_read_what_a_carrier_said_after_a_worker_has_found_it_in_hand(ports: Ports, member: Actor) -> None:
    mail = ask_for_mail(ports, member)
    ports.post.fails_with(Failed("SMTP 451: later", "SMTP 451"))  # type: ignore[attr-defined]  # the post in memory
    with pytest.raises(Failed):
        outbox.work(ports, f"mail-{mail}")
    outgoing._in_hand(ports, mail_of(ports, mail))
    with pytest.raises(Failed):
        outbox.work(ports, f"mail-{mail}")
    outbox.bury(ports, f"mail-{mail}", "MailingDead")
    told = row_of(ports, f"mail-{mail}").trouble or ""
    assert f"邮件没有完成：{Cause.NOT_TAKEN.chinese}（SMTP 451）。" in told
    assert "hand" not in told


def test_a_store_that_is_busy_when_a_failure_lets_go_does_not_hide_what_the_carrier_said(
    ports: Ports, member: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = ask_for_mail(ports, member)

    def busy(*_: object) -> None:
        raise Busy

    post = Meanwhile(lambda: monkeypatch.setattr(ports.records, "commit", busy), SlowDown())
    with pytest.raises(SlowDown):
        outgoing.send_mail(replace(ports, post=post), mail)


def test_a_store_that_is_busy_for_a_moment_after_the_sending_sends_nothing_twice(
    ports: Ports, member: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail, commit = ask_for_mail(ports, member), ports.records.commit
    refusals = iter([None, Busy(), Busy()])  # the first commit takes the mail in hand

    def moody(*changes: Any) -> None:
        if refusal := next(refusals, None):
            raise refusal
        commit(*changes)

    monkeypatch.setattr(ports.records, "commit", moody)
    outgoing.send_mail(ports, mail)
    assert delivery(ports, mail) is Delivery.SENT


@dataclass
class Fast:
    """A queue whose worker is done before the queue has said thank you."""

    ports: Ports
    sent: int = 0

    def send(self, work: Work, row: str, rounds: int = 0) -> None:
        del work, rounds
        self.sent += 1
        with suppress(Failed):
            outbox.work(self.ports, row)


def test_a_row_whose_worker_is_faster_than_the_one_who_handed_it_on_is_not_handed_on_twice(
    ports: Ports, member: Actor
) -> None:
    mail, queue = ask_for_mail(ports, member), Fast(ports)
    ports.post.fails_with(Failed("SMTP 451", "SMTP 451"))  # type: ignore[attr-defined]  # the post in memory
    for _ in range(2):  # the stream shows the row as promised, then with its trouble: both times it is pending
        outbox.dispatch(replace(ports, queues=queue), f"mail-{mail}")
    row = row_of(ports, f"mail-{mail}")
    assert (queue.sent, row.status, row.handed_at) == (1, OutboxStatus.PENDING, ports.clock.now())
    assert "SMTP 451" in (row.trouble or "")


def test_a_row_begun_anew_meanwhile_is_not_taken_for_handed_on(ports: Ports, member: Actor) -> None:
    identity = f"mail-{ask_for_mail(ports, member)}"

    @dataclass
    class Redriven:
        def send(self, *_: object) -> None:
            outbox.bury(ports, identity, "MailingDead")
            dead_letters.redrive(ports, acting.order(acting.ADMIN), identity)

    outbox.dispatch(replace(ports, queues=Redriven()), identity)
    assert row_of(ports, identity).handed_at is None


# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "to", ["a@example.com\r\nBcc: b@example.com", "a@b@c", "no address", "a@example.com, b@example.com"]
)
def test_an_address_that_is_none_is_refused(ports: Ports, member: Actor, to: str) -> None:
    (certificate,) = certificates.mine(ports, member)
    with pytest.raises(Misfilled):
        certificates.send_to(ports, acting.order(member), certificate.root, to)
    assert not acting.pending(ports)


def test_too_many_mails_in_an_hour_are_refused(ports: Ports, member: Actor) -> None:
    for _ in range(20):
        ask_for_mail(ports, member)
    with pytest.raises(Refused) as refusal:
        ask_for_mail(ports, member)
    assert [reason.code for reason in refusal.value.reasons] == ["too_many_mails"]


def test_nobody_mails_another_ones_certificate(ports: Ports, member: Actor) -> None:
    (certificate,) = certificates.mine(ports, member)
    with pytest.raises(Absent):
        certificates.send_to(ports, acting.order(acting.user(ports, "li")), certificate.root, TO)


def test_a_notice_goes_out_by_wechat_as_often_as_was_consented(ports: Ports) -> None:
    actor = acting.user(ports)
    accounts.give_consents(ports, acting.order(actor), ["to_be_paid"])
    acting.to_be_paid(ports, actor)
    acting.work_off(ports)
    ((openid, template, page, data),) = ports.wechat.notices  # type: ignore[attr-defined]  # in memory
    assert (openid, template) == ("openid-of-chen", "demo-template-to-be-paid")
    assert "application?id=" in page
    assert data["thing1"] == "入会"
    assert notices.my_messages(ports, actor, Asked()).items[0].delivery is Delivery.SENT


def test_a_template_that_wants_what_the_notice_does_not_say_is_put_before_the_staff(ports: Ports) -> None:
    actor = acting.user(ports)
    accounts.give_consents(ports, acting.order(actor), ["to_be_paid"])
    known = ports.records.get(Association, "association")
    assert known is not None
    template = known.wechat_templates["to_be_paid"]
    wanting = replace(template, keys={**template.keys, "weather": "thing9"})
    ports.records.commit(Replace(known, known.changed(wechat_templates={"to_be_paid": wanting})))
    acting.to_be_paid(ports, actor)
    acting.work_off(ports)
    assert ports.wechat.notices == []  # type: ignore[attr-defined]  # in memory
    (dead,) = dead_letters.listed(ports, Asked()).items
    assert f"微信通知没有完成：{Cause.MISCONFIGURED.chinese}。" in (dead.trouble or "")
    assert notices.my_messages(ports, actor, Asked()).items[0].delivery is Delivery.FAILED


def test_without_consent_the_message_list_has_it_all_the_same(ports: Ports) -> None:
    actor = acting.user(ports)
    acting.to_be_paid(ports, actor)
    acting.work_off(ports)
    (message,) = notices.my_messages(ports, actor, Asked()).items
    assert (message.notice, message.delivery) == ("to_be_paid", Delivery.NO_CONSENT)
    assert not dead_letters.listed(ports, Asked()).items


def test_wechat_saying_no_consent_is_normal_and_final(ports: Ports) -> None:
    actor = acting.user(ports)
    accounts.give_consents(ports, acting.order(actor), ["to_be_paid"])
    ports.wechat.fails_with(NoConsent("43101"))  # type: ignore[attr-defined]  # in memory
    acting.to_be_paid(ports, actor)
    acting.work_off(ports)
    (message,) = notices.my_messages(ports, actor, Asked()).items
    assert message.delivery is Delivery.NO_CONSENT
    assert ports.records.outbox(OutboxStatus.DEAD, Asked()).items == ()


def test_what_stays_unpaid_is_warned_of_once_and_then_withdrawn(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.to_be_paid(ports, actor)
    ports.clock.advance(timedelta(days=84))  # type: ignore[attr-defined]  # the clock in memory
    for _ in range(2):
        sweeping.morning(ports)
    told = [message.notice for message in notices.my_messages(ports, actor, Asked()).items]
    assert sorted(told) == ["lapse_warning", "to_be_paid"]
    for message in notices.my_messages(ports, actor, Asked()).items:
        assert "请在 2026年05月31日之前缴费，逾期" in notice(message.notice, message.context).body
    ports.clock.advance(timedelta(days=7))  # type: ignore[attr-defined]  # the clock in memory
    for _ in range(2):
        sweeping.morning(ports)
    folder = ports.records.folder(application)
    assert folder is not None
    assert folder.application.state is State.WITHDRAWN
    assert acting.submitted(ports, actor) != application


def test_a_condition_that_has_ceased_to_hold_holds_up_the_certificate_until_it_holds_again(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.being_made(ports, actor)
    user = ports.records.get(type(accounts.member_of(ports, actor.id, 0)[0]), actor.id)
    assert user is not None
    ports.records.commit(Replace(user, user.changed(enterprise="e-other")))
    acting.work_off(ports)
    folder = ports.records.folder(application)
    assert folder is not None
    assert [reason.code for reason in folder.application.held_by] == ["already_bound"]
    bound = ports.records.get(type(user), actor.id)
    assert bound is not None
    ports.records.commit(Replace(bound, bound.changed(enterprise=None)))
    ports.clock.advance(timedelta(minutes=6))  # type: ignore[attr-defined]  # the clock in memory
    sweeping.sweep(ports)
    acting.work_off(ports)
    folder = ports.records.folder(application)
    assert folder is not None
    assert folder.application.state is State.COMPLETED


def test_personal_values_are_shown_to_staff_only_with_a_reason_that_is_kept(ports: Ports) -> None:
    application = acting.submitted(ports, acting.user(ports))
    masked = applications.folder_for(ports, acting.REVIEWER, application).application.form["contact_mobile"]
    assert "****" in str(masked)
    with pytest.raises(Refused):
        applications.reveal(ports, acting.REVIEWER, application, "")
    opened = applications.reveal(ports, acting.REVIEWER, application, "电话核实")
    assert getattr(opened.application.form["contact_mobile"], "plain", None) == acting.join_form()["contact_mobile"]
    (entry,) = ports.records.audit_of(f"application:{application}", Asked()).items
    assert (entry.deed, entry.reason) == ("reveal", "电话核实")


def test_a_revoked_certificate_says_so_at_once_and_an_error_can_be_undone(ports: Ports, member: Actor) -> None:
    (certificate,) = certificates.mine(ports, member)
    for deed, expected in ((certificates.revoke, Standing.REVOKED), (certificates.reinstate, Standing.VALID)):
        deed(ports, acting.order(acting.CERTIFIER, deed.__name__), certificate.number, "测试")
        found = certificates.search(ports, certificate.number)
        assert found is not None
        assert standing_today(found.family.certificate, ports.clock.today()) is expected


def test_the_holder_hears_of_a_revocation_with_its_reason(ports: Ports, member: Actor) -> None:
    (certificate,) = certificates.mine(ports, member)
    certificates.revoke(ports, acting.order(acting.CERTIFIER), certificate.number, "伪造资料")
    ports.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]  # the clock in memory
    newest = notices.my_messages(ports, member, Asked()).items
    assert any(each.notice == "certificate_revoked" and each.context["reason"] == "伪造资料" for each in newest)


def test_withdrawing_is_the_applicants(ports: Ports) -> None:
    actor = acting.user(ports)
    application = acting.to_be_paid(ports, actor)
    applications.act(ports, acting.order(actor), application, Action.WITHDRAW, None)
    folder = ports.records.folder(application)
    assert folder is not None
    assert folder.application.state is State.WITHDRAWN
