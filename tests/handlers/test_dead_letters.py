"""Poison of every kind, from its queue to the staff's list: alone it fails, and it never ends where nobody looks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest

from chalicelib.handlers import issuing, mailing, notifying, outbox, uploads
from chalicelib.operations import materials
from chalicelib.operations.ports import Insert
from chalicelib.rules.dead_letters import NEXT, Cause, Oddity
from chalicelib.rules.records import MaterialFile, OutboxRow, OutboxStatus, Work
from chalicelib.rules.vocabulary import FileStatus, Role
from tests.handlers.asking import Asker, House
from tests.handlers.refusals import assert_refused
from tests.infra.events import CONTEXT, about, arrived, messages
from tests.operations import acting

Function = Callable[[Mapping[str, Any], Any], Mapping[str, Any]]

A_SECRET = "虚构甲 13900000001"
A_NOTIFICATION_OF_ANOTHER_SERVICE = {"Type": "Notification", "TopicArn": "arn:x", "Message": A_SECRET}
ANOTHER_SERVICES_RECORDS = {"Records": [{"eventSource": "aws:ses", "ses": {"mail": {"source": A_SECRET}}}]}
TEST_EVENT = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "uploads"}

NOBODY_READS: tuple[tuple[object, Oddity], ...] = (
    (A_SECRET, Oddity.NO_JSON),
    ("", Oddity.NO_JSON),
    ("[" * 99_999, Oddity.NO_JSON),
    ("9" * 9_999, Oddity.NO_JSON),
    ([A_SECRET], Oddity.NO_OBJECT),
    ("null", Oddity.NO_OBJECT),
    (A_NOTIFICATION_OF_ANOTHER_SERVICE, Oddity.FOREIGN),
    (ANOTHER_SERVICES_RECORDS, Oddity.FOREIGN),
    ({}, Oddity.FOREIGN),
    ({"v": 2, "row": A_SECRET}, Oddity.OTHER_VERSION),
    ({"row": "r1"}, Oddity.OTHER_VERSION),
    ({"v": 1, "row": ["r1"]}, Oddity.OTHER_VERSION),
    ({"v": 1, "row": "nobody-promised-it"}, Oddity.NO_ROW),
    ({"v": 1, "row": "\ud800"}, Oddity.NO_ROW),
    ({"v": 1, "row": "x" * 5_000}, Oddity.NO_ROW),
    ({"v": 1, "row": "nobody-promised-it", "round": "1"}, Oddity.OTHER_VERSION),
)


@dataclass(frozen=True)
class Line:
    """A queue with its function; ``good``: makes a message that is ours to do, and says whether it was done."""

    queue: str
    function: Function
    good: Callable[[House, int], tuple[object, Callable[[], bool]]]

    def give(self, *bodies: object) -> list[str]:
        return failed(self.function(messages(*bodies, arn=arn(f"{self.queue}Queue")), CONTEXT))

    def bury(self, *bodies: object) -> list[str]:
        return failed(outbox.bury(messages(*bodies, arn=arn(f"{self.queue}Dead")), CONTEXT))


def arn(queue: str) -> str:
    return f"arn:aws:sqs:us-east-1:123456789012:{queue}"


def failed(answer: Mapping[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def a_row(house: House, n: int) -> tuple[object, Callable[[], bool]]:
    """A notice to somebody who has gone: there is nothing to send, so the row is done."""
    row = OutboxRow(id=f"r{n}", work=Work.NOTICE, subject=("u1", f"m{n}"), at=house.ports.clock.now())
    house.ports.records.commit(Insert(row))
    return about(row.id), lambda: status(house, row.id) is OutboxStatus.DONE


def a_file(house: House, n: int) -> tuple[object, Callable[[], bool]]:
    file = waiting(house, f"user{n}")
    return arrived(f"quarantine/{file}"), lambda: checked(house, file) is FileStatus.ACCEPTED


def waiting(house: House, name: str = "chen") -> str:
    """A file that has arrived and that nobody has checked."""
    actor = acting.user(house.ports, name)
    application = acting.draft(house.ports, actor)
    file = materials.request_upload(house.ports, acting.order(actor), application, "licence", "licence.pdf")
    house.ports.files.arrives(file, acting.PDF)  # type: ignore[attr-defined]  # what the phone does
    return file


def checked(house: House, file: str) -> FileStatus:
    found = house.ports.records.get(MaterialFile, file.partition(".")[0], file)
    assert found is not None
    return found.status


def status(house: House, row: str) -> OutboxStatus:
    found = house.ports.records.get(OutboxRow, row)
    assert found is not None
    return found.status


LINES = (
    Line("Issuing", issuing.issue, a_row),
    Line("Mailing", mailing.send, a_row),
    Line("Notifying", notifying.send, a_row),
    Line("Uploads", uploads.receive, a_file),
)
EACH_LINE = pytest.mark.parametrize("line", LINES, ids=lambda line: line.queue)


@pytest.fixture
def admin(house: House) -> Asker:
    return house.staff(Role.ADMIN)


def letters(admin: Asker) -> list[Any]:
    items: list[Any] = admin.get("/staff/dead-letters").json["items"]
    return items


# --- poison -----------------------------------------------------------------------------------------------------------


@EACH_LINE
@pytest.mark.parametrize(("poison", "oddity"), NOBODY_READS, ids=range(len(NOBODY_READS)))
def test_poison_fails_alone_and_ends_before_the_staff_without_a_word_of_it(
    house: House, admin: Asker, logged: StringIO, line: Line, poison: object, oddity: Oddity
) -> None:
    others = [line.good(house, n) for n in range(9)]
    assert line.give(*(body for body, _ in others[:4]), poison, *(body for body, _ in others[4:])) == ["m4"]
    assert all(is_done() for _, is_done in others)
    for _ in range(2):
        assert line.bury(poison) == []
    (letter,) = letters(admin)
    assert letter["id"] == f"unreadable-{line.queue}Dead-m0"
    assert (letter["work"]["name"], letter["can_be_redriven"]) == ("无法识别的消息", False)
    assert oddity.chinese in letter["trouble"]
    assert letter["trouble"].endswith(NEXT[Work.UNREADABLE])
    for told in (str(letter), logged.getvalue()):
        assert A_SECRET not in told
        assert "13900000001" not in told


@EACH_LINE
def test_ten_dead_letters_at_once_hold_up_none(house: House, admin: Asker, line: Line) -> None:
    good = [line.good(house, n)[0] for n in range(9)]
    assert line.bury(*good[:3], A_SECRET, *good[3:]) == []
    told = [letter["work"]["code"] for letter in letters(admin)]
    assert sorted(told) == sorted([*["check_upload" if line.queue == "Uploads" else "notice"] * 9, "unreadable"])
    assert all("请" in letter["trouble"] for letter in letters(admin))


@pytest.mark.parametrize("harmless", [TEST_EVENT, arrived("kept/a1/a1.f1"), arrived("quarantine/a9.f9")])
def test_what_is_no_business_of_ours_is_let_go_quietly(house: House, admin: Asker, harmless: object) -> None:
    uploading = LINES[-1]
    assert uploading.give(harmless) == []
    assert uploading.bury(harmless) == []
    assert letters(admin) == []


def test_an_object_that_has_gone_from_the_bucket_is_told_to_the_applicant_and_to_nobody_else(
    house: House, admin: Asker
) -> None:
    file, uploading = waiting(house), LINES[-1]
    del house.ports.files.quarantine[file]  # type: ignore[attr-defined]  # the bucket in memory
    assert uploading.give(arrived(f"quarantine/{file}")) == []
    assert checked(house, file) is FileStatus.WAITING  # the sweep says that nothing has arrived
    assert letters(admin) == []


# --- what staff do with them ------------------------------------------------------------------------------------------


def test_a_check_that_was_given_up_is_redriven_through_the_queue_of_uploads(house: House, admin: Asker) -> None:
    file, uploading = waiting(house), LINES[-1]
    assert uploading.bury(arrived(f"quarantine/{file}")) == []
    (letter,) = letters(admin)
    assert (letter["work"]["name"], letter["subject"]) == ("检查上传文件", [file])
    assert letter["trouble"] == (
        f"多次重试后放弃（队列 UploadsDead）。检查上传文件没有完成：{Cause.UNKNOWN.chinese}。{NEXT[Work.CHECK_UPLOAD]}"
    )
    assert admin.post(f"/staff/dead-letters/{letter['id']}/redrive").json["status"]["code"] == "pending"
    assert uploading.give({"v": 1, "row": letter["id"], "round": 1}) == []
    assert (checked(house, file), status(house, letter["id"])) == (FileStatus.ACCEPTED, OutboxStatus.DONE)
    for late in (arrived(f"quarantine/{file}"), about(letter["id"])):
        assert uploading.bury(late) == []
    assert letters(admin) == []


def test_a_redriven_check_that_fails_again_is_back_with_what_failed(house: House, admin: Asker) -> None:
    file, uploading = waiting(house), LINES[-1]
    uploading.bury(arrived(f"quarantine/{file}"))
    admin.post(f"/staff/dead-letters/upload-{file}/redrive")
    again = {"v": 1, "row": f"upload-{file}", "round": 1}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house.ports.files, "uploaded", lambda *_: 1 // 0)
        assert uploading.give(again) == ["m0"]
    assert uploading.bury(arrived(f"quarantine/{file}"), again) == []
    (letter,) = letters(admin)
    assert f"{Cause.BROKEN.chinese}（ZeroDivisionError）" in letter["trouble"]


def test_an_unreadable_message_is_not_redriven_but_laid_aside_with_a_reason(house: House, admin: Asker) -> None:
    LINES[1].bury("no JSON")
    path = f"/staff/dead-letters/{letters(admin)[0]['id']}"
    refusal = assert_refused(house, lambda: admin.post(f"{path}/redrive"), 409, "cannot_be_redriven")
    assert all(reason["next"] for reason in refusal.json["reasons"])
    assert_refused(house, lambda: admin.post(f"{path}/discard", {"reason": ""}), 409, "reason_required")
    assert admin.post(f"{path}/discard", {"reason": "发送方已改正"}).json["status"]["code"] == "done"
    assert letters(admin) == []
    LINES[1].bury("no JSON")
    assert letters(admin) == []


def test_a_dead_letter_that_cannot_be_kept_just_now_comes_again(house: House, admin: Asker) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house.ports.records, "commit", lambda *_: 1 // 0)
        assert LINES[1].bury("no JSON") == ["m0"]
    assert LINES[1].bury("no JSON") == []
    assert len(letters(admin)) == 1
