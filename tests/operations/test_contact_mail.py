"""Nobody represents the unit any more: what it must know goes by e-mail to its contact, once (domain §1, D)."""

from datetime import date, timedelta

import pytest

from chalicelib.operations import applications, certificates, enterprises, notices, registering, reminding, sweeping
from chalicelib.operations.outgoing import send_mail
from chalicelib.operations.ports import Asked, Conflict, Ports
from chalicelib.rules.records import Application, Mail, OutboxStatus
from chalicelib.rules.vocabulary import Action, Actor, CertificateKind, State
from tests.operations import acting, years
from tests.operations.test_told_together import to_be_paid
from tests.operations.years import dossier, held

CONTACT = "contact1@example.invalid"


@pytest.fixture
def member(ports: Ports) -> Actor:
    return acting.member(ports)[0]


def letters(ports: Ports) -> list[tuple[str, str]]:
    acting.work_off(ports)
    return [(each.to, each.text) for each in ports.post.letters]  # type: ignore[attr-defined]  # the post in memory


def left_alone(ports: Ports, member: Actor) -> Actor:
    enterprises.unbind(ports, acting.order(member))
    return acting.as_of_now(ports, member.id)


def in_review(ports: Ports, member: Actor) -> str:
    years.to_day(ports, date(2027, 1, 5))
    return years.dues_put_in(ports, member)[0]


def returned(ports: Ports, application: str) -> None:
    version = acting.version(ports, application)
    applications.act(ports, acting.order(acting.REVIEWER), application, Action.RETURN, version, "公章不清晰")


def test_a_step_of_a_unit_that_nobody_represents_is_mailed_to_its_contact_and_not_told_to_who_has_left(
    ports: Ports, member: Actor
) -> None:
    application = in_review(ports, member)
    gone = left_alone(ports, member)
    before = len(notices.my_messages(ports, gone, Asked(50)).items)
    returned(ports, application)
    ((to, text),) = letters(ports)
    assert to == CONTACT
    assert "公章不清晰" in text
    assert len(notices.my_messages(ports, gone, Asked(50)).items) == before
    assert ports.records.outbox(OutboxStatus.DEAD, Asked()).items == ()


def test_where_a_colleague_represents_it_he_hears_and_no_mail_is_written(ports: Ports, member: Actor) -> None:
    application, known = in_review(ports, member), dossier(ports, member).enterprise
    li = acting.user(ports, "li")
    enterprises.bind(ports, acting.order(li), known.name, known.member_code)
    left_alone(ports, member)
    returned(ports, application)
    assert letters(ports) == []
    assert "returned" in [each.notice for each in notices.my_messages(ports, li, Asked()).items]


def test_the_mail_goes_where_the_contact_is_by_then_and_holds_no_address_until(ports: Ports, member: Actor) -> None:
    application = in_review(ports, member)
    left_alone(ports, member)
    returned(ports, application)
    (mail,) = mails(ports)
    assert (mail.to, mail.contact_of) == (None, member.enterprise)
    assert CONTACT not in str(mail)
    known, corrected = dossier(ports, member).enterprise, {"contact_email": "new@example.invalid"}
    registering.correct(ports, acting.order(acting.ADMIN), known.member_code, known.version, corrected, "来函")
    assert [to for to, _ in letters(ports)] == ["new@example.invalid"]


def test_a_mail_that_was_sent_is_not_sent_again_however_often_its_message_comes(ports: Ports, member: Actor) -> None:
    application = in_review(ports, member)
    left_alone(ports, member)
    returned(ports, application)
    letters(ports)
    (mail,) = mails(ports)
    send_mail(ports, mail.id)
    assert len(letters(ports)) == 1


def test_who_binds_himself_before_the_commit_is_not_passed_over(ports: Ports, member: Actor) -> None:
    known = dossier(ports, member).enterprise
    left_alone(ports, member)
    alone = ports.records.dossier(known.id)
    assert alone is not None
    said = notices.Said("dues_due", {"association": "示例协会"}, ports.clock.now())
    changes = notices.tell_unit(ports, alone, said, "once")
    enterprises.bind(ports, acting.order(acting.user(ports, "li")), known.name, known.member_code)
    with pytest.raises(Conflict):
        ports.records.commit(*changes)


def test_the_same_told_twice_is_one_mail(ports: Ports, member: Actor) -> None:
    known = dossier(ports, member).enterprise
    left_alone(ports, member)
    alone = ports.records.dossier(known.id)
    assert alone is not None
    said = notices.Said("dues_due", {"association": "示例协会"}, ports.clock.now())
    ports.records.commit(*notices.tell_unit(ports, alone, said, "once"))
    with pytest.raises(Conflict):
        ports.records.commit(*notices.tell_unit(ports, alone, said, "once"))


def test_a_revocation_reaches_the_contact_and_reminders_wait_for_who_binds_himself(ports: Ports, member: Actor) -> None:
    left_alone(ports, member)
    number = held(ports, member, CertificateKind.MEMBER).number
    certificates.revoke(ports, acting.order(acting.ADMIN), number, "遗失")
    assert [text for _, text in letters(ports) if number in text]
    years.to_day(ports, date(2027, 3, 2))
    for _ in range(2):
        reminding.promise_reminders(ports)
        acting.work_off(ports)
    assert [mail.context["notice"] for mail in mails(ports)] == ["certificate_revoked"]


def test_an_application_of_a_unit_that_nobody_represents_is_warned_of_by_mail_and_lapses(
    ports: Ports, member: Actor
) -> None:
    application = to_be_paid(ports, member, "x0")
    left_alone(ports, member)
    for days in (84, 7):
        ports.clock.advance(timedelta(days=days))  # type: ignore[attr-defined]  # the clock in memory
        for _ in range(2):
            sweeping.morning(ports)
    found = ports.records.get(Application, application)
    assert found is not None
    assert found.state is State.WITHDRAWN
    acting.work_off(ports)
    told = [mail.context["notice"] for mail in mails(ports) if mail.context.get("application") == application]
    assert told == ["lapse_warning", "withdrawn_by_system"]


def mails(ports: Ports) -> list[Mail]:
    kept = ports.records._those(Mail)  # type: ignore[attr-defined]  # in memory
    return sorted(kept, key=lambda each: each.asked_at)
