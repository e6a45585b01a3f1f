"""Dead letters: whatever no queue could do is seen by staff with its reason, tried again, or laid aside with one."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.operations import applications, certificates, dead_letters, materials, outbox, sweeping
from chalicelib.operations.carriers import Failed, Misconfigured, SlowDown
from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import Asked, Busy, Conflict, Ports, Replace
from chalicelib.rules.dead_letters import NEXT, Cause, Oddity
from chalicelib.rules.records import Application, Delivery, Mail, MaterialFile, OutboxRow, OutboxStatus, Work
from chalicelib.rules.vocabulary import Action, Actor, FileStatus, Reason, Refused
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
        (SlowDown("errcode 45011, rid 0", "errcode 45011"), f"{Cause.TOO_FAST.chinese}（errcode 45011）"),
        (Failed("no answer in time"), Cause.NOT_TAKEN.chinese),
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
    breaking(monkeypatch, Misconfigured("errcode 47003, rid 0", "errcode 47003"))
    outbox.work(ports, promised.id)
    assert f"{Cause.MISCONFIGURED.chinese}（errcode 47003）" in (the_only_one(ports).trouble or "")


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
        breaking(monkeypatch, Failed(said, said))
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


def applicant(ports: Ports, file: str) -> Actor:
    found = ports.records.get(Application, file.partition(".")[0])
    assert found is not None
    return acting.as_of_now(ports, found.applicant)


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


def denied(ports: Ports) -> Ports:
    """The same world, but we may not read what people upload: the fault is ours."""

    class Denied:
        def __getattr__(self, name: str) -> object:
            return getattr(ports.files, name)

        def uploaded(self, *_: object) -> None:
            raise PermissionError(PERSONAL)

    return ports_in_memory(**{**vars(ports), "files": Denied()})


def swept_in_vain(ports: Ports, later: timedelta = timedelta(minutes=36)) -> None:
    ports.clock.advance(later)  # type: ignore[attr-defined]  # the clock in memory
    with pytest.raises(ExceptionGroup):
        sweeping.sweep(denied(ports))


def reasons(ports: Ports, file: str) -> tuple[Reason, ...]:
    found = ports.records.get(MaterialFile, file.partition(".")[0], file)
    assert found is not None
    return found.reasons


def test_a_file_that_we_fail_to_check_waits_before_the_staff_and_is_not_called_bad(ports: Ports) -> None:
    file = waiting_file(ports)
    swept_in_vain(ports, timedelta(minutes=6))
    assert (reasons(ports, file), listed(ports)) == ((), ())
    for _ in range(3):
        swept_in_vain(ports)
        dead = the_only_one(ports)
        assert (dead.id, dead.subject) == (f"upload-{file}", (file,))
        assert f"{Cause.BROKEN.chinese}（PermissionError）" in (dead.trouble or "")
        assert PERSONAL not in (dead.trouble or "")
        assert status(ports, file) is FileStatus.WAITING
        (told,) = reasons(ports, file)
        assert told.message == "系统暂时无法检查该文件，工作人员已收到提示，无须更换格式。"
    sweeping.sweep(ports)
    assert (status(ports, file), reasons(ports, file)) == (FileStatus.ACCEPTED, ())


def test_a_redrive_after_the_fault_is_mended_checks_the_file(ports: Ports) -> None:
    file = waiting_file(ports)
    swept_in_vain(ports)
    dead_letters.redrive(ports, acting.order(acting.ADMIN), f"upload-{file}")
    outbox.work(ports, f"upload-{file}")
    assert (status(ports, file), row(ports, f"upload-{file}").status) == (FileStatus.ACCEPTED, OutboxStatus.DONE)


def test_a_redrive_before_the_fault_is_mended_comes_back_to_the_staff(ports: Ports) -> None:
    file = waiting_file(ports)
    swept_in_vain(ports)
    dead_letters.redrive(ports, acting.order(acting.ADMIN), f"upload-{file}")
    for _ in range(2):
        swept_in_vain(ports)  # it is being tried again: the queue tells what comes of it
        assert not listed(ports)
    outbox.bury(ports, f"upload-{file}", "UploadsDead", 1)
    assert status(ports, file) is FileStatus.WAITING
    assert the_only_one(ports).id == f"upload-{file}"


def test_a_letter_that_was_done_with_comes_back_while_its_file_still_waits(ports: Ports) -> None:
    file = waiting_file(ports)
    swept_in_vain(ports)
    dead = the_only_one(ports)
    ports.records.commit(Replace(dead, dead.changed(status=OutboxStatus.DONE)))
    swept_in_vain(ports)
    assert the_only_one(ports).id == f"upload-{file}"


def test_staff_who_give_a_check_up_free_the_slot_and_the_file_is_not_blamed(ports: Ports) -> None:
    file = waiting_file(ports)
    swept_in_vain(ports)
    dead_letters.discard(ports, acting.order(acting.ADMIN), f"upload-{file}", "存储故障，已请申请人重传")
    (told,) = reasons(ports, file)
    assert (status(ports, file), told.code) == (FileStatus.REFUSED, "check_given_up")
    assert "无须更换格式" in told.message
    assert "重新上传原文件" in told.next
    sweeping.sweep(ports)
    assert not listed(ports)


def refused_as_unchecked(ports: Ports, file: str) -> None:
    """As sweeps of an earlier release left it: refused, though nobody had looked at it."""
    found = ports.records.get(MaterialFile, file.partition(".")[0], file)
    assert found is not None
    ports.records.commit(Replace(found, found.changed(status=FileStatus.REFUSED, reasons=(materials.UNCHECKED,))))


def test_a_redrive_puts_a_file_that_nobody_looked_at_back_to_waiting_and_checks_it(ports: Ports) -> None:
    file = waiting_file(ports)
    swept_in_vain(ports)
    refused_as_unchecked(ports, file)
    dead_letters.redrive(ports, acting.order(acting.ADMIN), f"upload-{file}")
    assert status(ports, file) is FileStatus.WAITING
    outbox.work(ports, f"upload-{file}")
    assert status(ports, file) is FileStatus.ACCEPTED


def test_a_redrive_of_what_quarantine_has_forgotten_says_what_to_do_instead(ports: Ports) -> None:
    file = waiting_file(ports)
    swept_in_vain(ports)
    ports.files.quarantine.clear()  # type: ignore[attr-defined]  # after two days
    again = partial(dead_letters.redrive, ports, acting.order(acting.ADMIN), f"upload-{file}")
    assert refused(again) == ["no_longer_in_quarantine"]
    sweeping.sweep(ports)
    assert (status(ports, file), reasons(ports, file)[0].code) == (FileStatus.REFUSED, "check_given_up")
    assert refused(again) == ["no_longer_in_quarantine"]
    assert the_only_one(ports).id == f"upload-{file}"
    dead_letters.discard(ports, acting.order(acting.ADMIN), f"upload-{file}", "已请申请人重传")


def test_a_redrive_of_a_removed_file_is_refused(ports: Ports) -> None:
    file = waiting_file(ports)
    swept_in_vain(ports)
    materials.remove_file(ports, acting.order(applicant(ports, file)), file.partition(".")[0], file)
    redrive = partial(dead_letters.redrive, ports, acting.order(acting.ADMIN), f"upload-{file}")
    assert refused(redrive) == ["file_removed"]


def test_a_redrive_does_not_put_a_file_into_a_slot_that_has_filled_up_or_closed(ports: Ports) -> None:
    file = waiting_file(ports)
    application, actor = file.partition(".")[0], applicant(ports, file)
    swept_in_vain(ports)
    refused_as_unchecked(ports, file)
    redrive = partial(dead_letters.redrive, ports, acting.order(acting.ADMIN), f"upload-{file}")
    others = [acting.upload(ports, actor, application, "licence") for _ in range(10)]
    assert refused(redrive) == ["slot_moved_on"]
    for other in others[1:]:
        materials.remove_file(ports, acting.order(actor), application, other)
    acting.upload(ports, actor, application, "application_form")
    applications.act(ports, acting.order(actor), application, Action.SUBMIT, None)
    assert refused(redrive) == ["slot_moved_on"]
    assert status(ports, file) is FileStatus.REFUSED


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
