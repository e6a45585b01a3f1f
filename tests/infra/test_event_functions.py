"""Event functions as Lambda calls them: each message for itself, nothing personal in the log."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.handlers import issuing, logbook, mailing, outbox, timetable, uploads
from chalicelib.memory.carriers import KeptPost, KeptQueues
from chalicelib.memory.ports import ports as in_memory
from chalicelib.memory.time_and_ids import A_MORNING
from chalicelib.messages.wechat_answers import QuotaSpent
from chalicelib.operations.carriers import SlowDown
from chalicelib.operations.ports import Busy, Insert, Ports
from chalicelib.rules.records import Mail, OutboxRow, OutboxStatus, Work
from chalicelib.rules.vocabulary import Personal
from infra.local.shapes import of_schedule
from tests.infra.events import CONTEXT, about, arrived, changes, messages, row_image

CERTIFICATE = {"kind": "会员证", "number": "DEMO-HY-2026-0001", "holder": "虚构一号有害生物防制有限公司"}


@pytest.fixture
def ports() -> Iterator[Ports]:
    made = in_memory()
    wiring.use(made)
    yield made
    wiring.use(None)


def promised(ports: Ports, row: str, work: Work, *subject: str) -> OutboxRow:
    promise = OutboxRow(id=row, work=work, subject=subject, at=ports.clock.now())
    ports.records.commit(Insert(promise))
    return promise


def mail_to_send(ports: Ports, name: str) -> None:
    to = Personal("x***@unit.example", f"{name}@unit.example")
    mail = Mail(id=name, to=to, letter="certificate", context=CERTIFICATE, asked_at=ports.clock.now(), asked_by="u1")
    ports.records.commit(Insert(mail))
    promised(ports, f"row-{name}", Work.MAIL, name)


def status(ports: Ports, row: str) -> OutboxStatus:
    found = ports.records.get(OutboxRow, row)
    assert found
    return found.status


def failed(answer: Mapping[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_a_message_does_the_work_that_its_row_promises(ports: Ports) -> None:
    mail_to_send(ports, "mail1")
    assert failed(mailing.send(messages(about("row-mail1")), CONTEXT)) == []
    assert status(ports, "row-mail1") is OutboxStatus.DONE


def test_a_message_that_comes_again_does_nothing(ports: Ports) -> None:
    mail_to_send(ports, "mail1")
    for _ in range(3):
        assert failed(mailing.send(messages(about("row-mail1")), CONTEXT)) == []
    assert isinstance(ports.post, KeptPost)
    assert len(ports.post.letters) == 1


@pytest.mark.parametrize(
    "poison",
    [
        "not JSON",
        "[]",
        '"row"',
        {"v": 2, "row": "row-mail1"},
        {"v": 1},
        {"v": 1, "row": ""},
        {"v": 1, "row": 7},
        "[" * 9999,
    ],
)
def test_a_poisonous_message_fails_alone(ports: Ports, poison: object) -> None:
    mail_to_send(ports, "mail1")
    assert failed(mailing.send(messages(poison, about("row-mail1")), CONTEXT)) == ["m0"]
    assert status(ports, "row-mail1") is OutboxStatus.DONE


def test_work_that_breaks_comes_back_and_the_rest_of_the_batch_is_done(ports: Ports) -> None:
    promised(ports, "broken", Work.ISSUE, "no", "such", "signature")
    mail_to_send(ports, "mail1")
    assert failed(issuing.issue(messages(about("broken"), about("row-mail1")), CONTEXT)) == ["m0"]
    assert status(ports, "broken") is OutboxStatus.PENDING


def test_a_carrier_that_asks_for_patience_gets_it(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(ports.post, KeptPost)
    ports.post.fails_with(SlowDown("too fast"))
    mail_to_send(ports, "mail1")
    waits: list[tuple[str, timedelta]] = []
    monkeypatch.setattr(wiring, "put_off", lambda _queue, receipt, wait: waits.append((receipt, wait)))
    assert failed(mailing.send(messages(about("row-mail1")), CONTEXT)) == ["m0"]
    assert waits == [("r0", SlowDown.retry_after)]


def test_a_carrier_that_takes_nothing_more_today_is_left_alone_by_the_clock(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(ports.post, KeptPost)
    ports.post.fails_with(QuotaSpent("errcode 45009"))
    mail_to_send(ports, "mail1")
    waits: list[timedelta] = []
    monkeypatch.setattr(wiring, "put_off", lambda _queue, _receipt, wait: waits.append(wait))
    assert failed(mailing.send(messages(about("row-mail1")), CONTEXT)) == ["m0"]
    assert waits == [QuotaSpent().wait(ports.clock.now())]


# --- the outbox -------------------------------------------------------------------------------------------------------


def test_a_promise_is_handed_to_its_queue(ports: Ports) -> None:
    promised(ports, "row1", Work.ISSUE, "a1")
    assert failed(outbox.dispatch(changes(row_image("row1")), CONTEXT)) == []
    assert isinstance(ports.queues, KeptQueues)
    assert ports.queues.sent == [(Work.ISSUE, "row1")]


@pytest.mark.parametrize("image", [None, row_image("row1", "dead"), row_image("row1", None)])
def test_rows_that_are_done_dead_or_gone_are_not_handed_on(ports: Ports, image: Mapping[str, Any] | None) -> None:
    promised(ports, "row1", Work.ISSUE, "a1")
    assert failed(outbox.dispatch(changes(image), CONTEXT)) == []
    assert isinstance(ports.queues, KeptQueues)
    assert ports.queues.sent == []


def test_a_stream_is_delivered_again_from_its_first_failure(ports: Ports) -> None:
    assert isinstance(ports.queues, KeptQueues)
    ports.queues.fails_with(Busy())
    promised(ports, "row1", Work.ISSUE, "a1")
    answer = outbox.dispatch(changes(row_image("unknown"), row_image("row1"), row_image("row1")), CONTEXT)
    assert failed(answer) == ["1"]
    assert ports.queues.sent == []


def test_a_dead_letter_is_put_before_the_staff_with_its_trouble(ports: Ports) -> None:
    promised(ports, "row1", Work.ISSUE, "a1")
    assert failed(outbox.bury(messages(about("row1"), arn="arn:aws:sqs:x:1:IssuingDead"), CONTEXT)) == []
    buried = ports.records.get(OutboxRow, "row1")
    assert buried
    assert buried.status is OutboxStatus.DEAD
    assert "IssuingDead" in (buried.trouble or "")


def test_an_unreadable_dead_letter_is_put_before_the_staff_too_since_nothing_lies_behind_it(ports: Ports) -> None:
    assert failed(outbox.bury(messages("no JSON", {"v": 9}, arn="arn:aws:sqs:x:1:MailingDead"), CONTEXT)) == []
    assert [status(ports, f"unreadable-MailingDead-m{n}") for n in range(2)] == [OutboxStatus.DEAD] * 2


def test_a_message_about_a_row_that_nobody_promised_goes_to_the_dead_letters(ports: Ports) -> None:
    del ports
    assert failed(mailing.send(messages(about("nothing")), CONTEXT)) == ["m0"]


# --- uploads and schedules --------------------------------------------------------------------------------------------


def test_the_buckets_first_word_is_a_test_and_tells_of_no_file(ports: Ports) -> None:
    del ports
    test_event = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "uploads"}
    assert failed(uploads.receive(messages(test_event), CONTEXT)) == []
    assert uploads.arrived(test_event) == ()


def test_keys_come_encoded_and_those_outside_quarantine_are_nobodys() -> None:
    notification = arrived("quarantine%2Fa1.f1", "quarantine/a1.f+2", "kept/a1/a1.f3")
    assert uploads.arrived(notification) == ("a1.f1", "a1.f 2")


@pytest.mark.parametrize(
    "odd",
    [
        {"Records": [{}]}, {"Records": [{"s3": {"object": {"key": 7}}}]}, {"Records": ["x"]}, {"Records": []}, {},
        {"Records": None}, {"Records": {"s3": {}}}, {"Type": "Notification", "Message": "another service's"},
    ],
)  # fmt: skip
def test_a_notification_of_another_shape_goes_to_the_dead_letters(ports: Ports, odd: Mapping[str, Any]) -> None:
    del ports
    assert failed(uploads.receive(messages(odd), CONTEXT)) == ["m0"]


def test_a_file_nobody_asked_for_is_ignored(ports: Ports) -> None:
    del ports
    assert failed(uploads.receive(messages(arrived("quarantine/a9.f9")), CONTEXT)) == []


class BrokenRecords:
    def __getattr__(self, name: str) -> object:
        raise ConnectionError(name)


def test_a_scheduled_job_that_fails_says_so_to_lambda() -> None:
    wiring.use(in_memory(records=BrokenRecords()))
    with pytest.raises(ConnectionError):
        timetable.sweep(of_schedule("sweeping", A_MORNING), CONTEXT)
    wiring.use(None)


# --- the log ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "personal",
    [
        "19900001234",
        "449999199001011234",
        "44999919900101123X",
        "ming@unit.example",
        "eyJhbGciOiJI.eyJzdWIi.c2ln",
        "$argon2id$v=19$m=1,t=1$x$y",
    ],
)
def test_personal_data_that_strays_into_the_log_is_hidden(personal: str) -> None:
    written = logbook.line({"message": f"无法联系 {personal}，稍后再试", "exception": f"ValueError({personal!r})"})
    assert personal not in written
    assert json.loads(written)["message"].startswith("无法联系 ***")


@pytest.mark.parametrize("ours", ["aq3jk2m7n5p4r6s2", "DEMO-HY-2026-0001", "91449999DEMM00001X", "2026-11-24T06:26:38"])
def test_ids_numbers_and_instants_stay_readable_in_the_log(ours: str) -> None:
    assert ours in logbook.line({"message": ours})
