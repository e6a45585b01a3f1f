"""Dead letters: whatever no queue could do is seen by staff with its reason, tried again, or laid aside with one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.operations import certificates, dead_letters, materials, outbox, sweeping
from chalicelib.operations.carriers import Failed, Misconfigured, SlowDown
from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import Asked, Busy, Conflict, Ports
from chalicelib.rules.dead_letters import NEXT, Cause, Oddity
from chalicelib.rules.records import Delivery, Mail, MaterialFile, OutboxRow, OutboxStatus, Work
from chalicelib.rules.vocabulary import FileStatus, Refused
from tests.operations import acting

PERSONAL = "虚构甲 13900000001"


def listed(ports: Ports) -> tuple[OutboxRow, ...]:
    return dead_letters.listed(ports, Asked()).items


def the_only_one(ports: Ports) -> OutboxRow:
    (dead,) = listed(ports)
    return dead


def refused(deed: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as refusal:
        deed()
    return [reason.code for reason in refusal.value.reasons]


def row(ports: Ports, identity: str) -> OutboxRow:
    return dead_letters.row(ports, identity)


def test_what_the_queue_gave_up_is_shown_as_failed_to_whoever_waits_for_it(ports: Ports) -> None:
    """Also when staff lay it aside; when they try again it can still arrive."""
    member, _ = acting.member(ports)
    (certificate,) = certificates.mine(ports, member)
    aside, again = (
        certificates.send_to(ports, acting.order(member), certificate.root, "office@example.com") for _ in range(2)
    )
    for mail in (aside, again):
        outbox.bury(ports, f"mail-{mail}", "MailingDead")
        assert delivery(ports, mail) is Delivery.FAILED
    dead_letters.discard(ports, acting.order(acting.ADMIN), f"mail-{aside}", "不需要了")
    dead_letters.redrive(ports, acting.order(acting.ADMIN), f"mail-{again}")
    outbox.work(ports, f"mail-{again}")
    assert delivery(ports, aside) is Delivery.FAILED
    assert delivery(ports, again) is Delivery.SENT


def delivery(ports: Ports, mail: str) -> Delivery:
    found = ports.records.get(Mail, mail)
    assert found is not None
    return found.delivery


# --- work of the outbox -----------------------------------------------------------------------------------------------


def notice(ports: Ports) -> OutboxRow:
    """A notice that has been promised and handed to its queue."""
    acting.to_be_paid(ports, acting.user(ports))
    (promised,) = acting.pending(ports)
    outbox.dispatch(ports, promised.id)
    return row(ports, promised.id)


def breaking(monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> None:
    def work(*_: object) -> None:
        raise trouble

    monkeypatch.setitem(outbox.WORK, Work.NOTICE, work)


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (SlowDown("WeChat: 45011"), f"{Cause.TOO_FAST.chinese}（WeChat: 45011）"),
        (Failed("timeout"), f"{Cause.NOT_TAKEN.chinese}（timeout）"),
        (Busy(), f"{Cause.BUSY.chinese}（Busy）"),
        (Conflict(), f"{Cause.OVERWRITTEN.chinese}（Conflict）"),
        (KeyError(PERSONAL), f"{Cause.MISSING.chinese}（KeyError）"),
        (ValueError(PERSONAL), f"{Cause.BROKEN.chinese}（ValueError）"),
    ],
)
def test_staff_read_what_went_wrong_at_the_last_try_and_nothing_personal(
    ports: Ports, monkeypatch: pytest.MonkeyPatch, trouble: Exception, told: str
) -> None:
    promised = notice(ports)
    for each in (Failed("first"), trouble):
        breaking(monkeypatch, each)
        with pytest.raises(type(each)):
            outbox.work(ports, promised.id)
    outbox.bury(ports, promised.id, "NotifyingDead")
    dead = the_only_one(ports)
    assert dead.trouble == f"多次重试后放弃（队列 NotifyingDead）。微信通知没有完成：{told}。{NEXT[Work.NOTICE]}"
    assert PERSONAL not in dead.trouble


def test_what_can_never_be_done_is_a_dead_letter_at_once(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    promised = notice(ports)
    breaking(monkeypatch, Misconfigured("47003"))
    outbox.work(ports, promised.id)
    assert f"{Cause.MISCONFIGURED.chinese}（47003）" in (the_only_one(ports).trouble or "")


def test_a_letter_that_nobody_could_say_a_reason_for_says_so(ports: Ports) -> None:
    promised = notice(ports)
    outbox.bury(ports, promised.id, "NotifyingDead")
    assert Cause.UNKNOWN.chinese in (the_only_one(ports).trouble or "")


def test_the_same_trouble_again_writes_nothing_more(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    promised = notice(ports)
    breaking(monkeypatch, Failed("timeout"))
    versions = []
    for _ in range(3):
        with pytest.raises(Failed):
            outbox.work(ports, promised.id)
        versions.append(row(ports, promised.id).version)
    assert versions == [promised.version + 1] * 3


def test_a_trouble_is_forgotten_once_the_work_is_done(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    promised = notice(ports)
    with monkeypatch.context() as patch:
        breaking(patch, Failed("timeout"))
        with pytest.raises(Failed):
            outbox.work(ports, promised.id)
    outbox.work(ports, promised.id)
    assert (row(ports, promised.id).status, row(ports, promised.id).trouble) == (OutboxStatus.DONE, None)


def test_buried_twice_it_is_one_letter_and_laid_aside_it_stays_so(ports: Ports) -> None:
    promised = notice(ports)
    for _ in range(2):
        outbox.bury(ports, promised.id, "NotifyingDead")
    dead = the_only_one(ports)
    dead_letters.discard(ports, acting.order(acting.ADMIN), dead.id, "不必再发")
    outbox.bury(ports, promised.id, "NotifyingDead")
    assert not listed(ports)
    assert row(ports, promised.id).status is OutboxStatus.DONE


def test_a_message_of_an_earlier_round_that_dies_late_buries_nothing(ports: Ports) -> None:
    promised = notice(ports)
    outbox.bury(ports, promised.id, "NotifyingDead")
    dead_letters.redrive(ports, acting.order(acting.ADMIN), promised.id)
    outbox.bury(ports, promised.id, "NotifyingDead", 0)
    assert row(ports, promised.id).status is OutboxStatus.PENDING
    outbox.bury(ports, promised.id, "NotifyingDead", 1)
    assert row(ports, promised.id).status is OutboxStatus.DEAD


def test_what_fails_again_after_a_redrive_is_dead_again_with_the_new_reason(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    promised = notice(ports)
    for n, said in enumerate(("first", "second")):
        breaking(monkeypatch, Failed(said))
        with pytest.raises(Failed):
            outbox.work(ports, promised.id)
        outbox.bury(ports, promised.id, "NotifyingDead", n)
        assert f"（{said}）" in (the_only_one(ports).trouble or "")
        dead_letters.redrive(ports, acting.order(acting.ADMIN), promised.id)
        assert row(ports, promised.id).trouble is None


def test_work_that_nobody_promised_is_no_work(ports: Ports) -> None:
    with pytest.raises(Absent):
        outbox.work(ports, "nothing")
    with pytest.raises(Absent):
        outbox.bury(ports, "nothing", "MailingDead")


# --- uploads ----------------------------------------------------------------------------------------------------------


def waiting_file(ports: Ports) -> str:
    actor = acting.user(ports)
    application = acting.draft(ports, actor)
    file = materials.request_upload(ports, acting.order(actor), application, "licence", "licence.pdf")
    ports.files.arrives(file, acting.PDF)  # type: ignore[attr-defined]  # what the phone does
    return file


def status(ports: Ports, file: str) -> FileStatus:
    found = ports.records.get(MaterialFile, file.partition(".")[0], file)
    assert found is not None
    return found.status


def test_a_check_that_was_given_up_is_a_letter_and_a_redrive_checks_the_file(ports: Ports) -> None:
    file = waiting_file(ports)
    for _ in range(2):
        dead_letters.bury_upload(ports, file, "UploadsDead")
    dead = the_only_one(ports)
    assert (dead.id, dead.work, dead.subject) == (f"upload-{file}", Work.CHECK_UPLOAD, (file,))
    assert "UploadsDead" in (dead.trouble or "")
    assert NEXT[Work.CHECK_UPLOAD] in (dead.trouble or "")
    dead_letters.redrive(ports, acting.order(acting.ADMIN), dead.id)
    outbox.dispatch(ports, dead.id)
    assert ports.queues.sent[-1] == (Work.CHECK_UPLOAD, dead.id)  # type: ignore[attr-defined]  # in memory
    outbox.work(ports, dead.id)
    assert (status(ports, file), row(ports, dead.id).status) == (FileStatus.ACCEPTED, OutboxStatus.DONE)
    dead_letters.bury_upload(ports, file, "UploadsDead")
    assert not listed(ports)


def test_a_check_laid_aside_is_not_brought_back_by_a_late_message(ports: Ports) -> None:
    file = waiting_file(ports)
    dead_letters.bury_upload(ports, file, "UploadsDead")
    dead_letters.discard(ports, acting.order(acting.ADMIN), f"upload-{file}", "申请人已重新上传")
    dead_letters.bury_upload(ports, file, "UploadsDead")
    assert not listed(ports)


def test_a_file_that_was_checked_meanwhile_or_that_nobody_asked_for_is_no_letter(ports: Ports) -> None:
    file = waiting_file(ports)
    materials.receive(ports, file)
    for each in (file, "a9.f9", "", ".", "x" * 5000, "\ud800"):
        dead_letters.bury_upload(ports, each, "UploadsDead")
    assert not listed(ports)


def test_staff_hear_of_an_unreadable_file_even_after_the_applicant_was_let_go_on(ports: Ports) -> None:
    file = waiting_file(ports)

    class Broken:
        def inspect(self, *_: object) -> None:
            raise ValueError(PERSONAL)

    broken = ports_in_memory(**{**vars(ports), "inspector": Broken()})
    ports.clock.advance(timedelta(hours=2))  # type: ignore[attr-defined]  # the clock in memory
    with pytest.raises(ExceptionGroup):
        sweeping.sweep(broken)
    assert status(ports, file) is FileStatus.REFUSED
    dead_letters.bury_upload(ports, file, "UploadsDead")
    assert the_only_one(ports).id == f"upload-{file}"


# --- what nobody can read ---------------------------------------------------------------------------------------------


def buried(ports: Ports, text: str = PERSONAL, message: str = "m1", oddity: Oddity = Oddity.NO_JSON) -> OutboxRow:
    dead_letters.bury_unreadable(ports, "MailingDead", message, text, oddity)
    return row(ports, f"unreadable-MailingDead-{message}")


@pytest.mark.parametrize("oddity", Oddity)
def test_an_unreadable_message_is_listed_with_why_and_without_a_word_of_it(ports: Ports, oddity: Oddity) -> None:
    dead = buried(ports, oddity=oddity)
    assert the_only_one(ports) == dead
    assert oddity.chinese in (dead.trouble or "")
    assert f"共 {len(PERSONAL)} 个字符" in (dead.trouble or "")
    assert (dead.trouble or "").endswith(NEXT[Work.UNREADABLE])
    assert not [word for word in PERSONAL.split() if word in repr(dead)]


def test_an_unreadable_message_cannot_be_redriven_but_laid_aside(ports: Ports) -> None:
    dead = buried(ports)
    assert not dead.can_be_redriven
    assert refused(lambda: dead_letters.redrive(ports, acting.order(acting.ADMIN), dead.id)) == ["cannot_be_redriven"]
    assert refused(lambda: dead_letters.discard(ports, acting.order(acting.ADMIN), dead.id, " ")) == ["reason_required"]
    assert the_only_one(ports) == dead
    dead_letters.discard(ports, acting.order(acting.ADMIN), dead.id, "已找到发送方")
    assert not listed(ports)
    (entry,) = ports.records.audit_of(f"outbox:{dead.id}", Asked()).items
    assert (entry.deed, entry.reason) == ("discard", "已找到发送方")


def test_the_same_message_again_is_one_letter_and_another_one_another(ports: Ports) -> None:
    first = buried(ports)
    assert buried(ports) == first
    second = buried(ports, message="m2")
    assert {each.id for each in listed(ports)} == {first.id, second.id}
    assert (first.trouble or "") == (second.trouble or "")
    assert buried(ports, "something else", "m3").trouble != first.trouble


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_whatever_a_message_holds_it_can_be_buried(text: str) -> None:
    assert buried(ports_in_memory(), text).trouble


def test_every_work_says_what_to_do_next() -> None:
    assert set(NEXT) == set(Work)
    assert set(outbox.WORK) == {work for work in Work if work is not Work.UNREADABLE}
