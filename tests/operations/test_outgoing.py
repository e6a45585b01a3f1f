"""Mails and notices: sent, or visibly failed; what is marked as sent is not sent again."""

from datetime import timedelta

import pytest

from chalicelib.operations import accounts, applications, certificates, dead_letters, notices, outbox, sweeping
from chalicelib.operations.carriers import Failed, NoConsent, Undeliverable
from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import Asked, Ports
from chalicelib.rules.certificates import standing
from chalicelib.rules.identifiers import Malformed
from chalicelib.rules.records import Delivery, Mail, OutboxStatus
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
    assert letter.attachments[0].data == ports.files.read(certificates.latest(family).file)
    assert delivery(ports, mail) is Delivery.SENT


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
    ports.post.fails_with(Undeliverable("no such mailbox"))  # type: ignore[attr-defined]  # the post in memory
    outbox.work(ports, f"mail-{mail}")
    assert delivery(ports, mail) is Delivery.FAILED
    (dead,) = dead_letters.listed(ports, Asked()).items
    assert dead.trouble == (
        "邮件没有完成：对方拒收，或者地址、收件人不存在（no such mailbox）。"
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


@pytest.mark.parametrize(
    "to", ["a@example.com\r\nBcc: b@example.com", "a@b@c", "no address", "a@example.com, b@example.com"]
)
def test_an_address_that_is_none_is_refused(ports: Ports, member: Actor, to: str) -> None:
    (certificate,) = certificates.mine(ports, member)
    with pytest.raises(Malformed):
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
    from chalicelib.operations.ports import Replace  # noqa: PLC0415 - a binding from nowhere

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
        assert standing(found.family.certificate, found.ordinal, ports.clock.today()) is expected


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
