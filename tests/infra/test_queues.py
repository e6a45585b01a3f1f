"""What queues, functions, carriers and the outbox take for granted of each other, in one place."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.messages import wechat
from chalicelib.operations import outbox, outgoing
from chalicelib.operations.carriers import LONGEST_WAIT, SlowDown
from chalicelib.operations.ports import APART
from chalicelib.rules.records import Work
from infra.local import resources

CONFIG = Path(__file__).parents[2] / ".chalice" / "config.json"
QUEUES = {
    "IssuingQueue": Work.ISSUE, "MailingQueue": Work.MAIL, "NotifyingQueue": Work.NOTICE,
    "UploadsQueue": Work.CHECK_UPLOAD,
}  # fmt: skip
SENDING = ("MailingQueue", "NotifyingQueue")
CALLS = 4  # of WeChat for one notice: a token, the message, and both again where the token has been revoked
SQS_HIDES_FOR = timedelta(hours=12)


def seconds(number: int) -> timedelta:
    return timedelta(seconds=number)


def queue(name: str) -> Any:
    return resources.of_kind(resources.QUEUE)[name]


def hidden(name: str) -> timedelta:
    return seconds(queue(name)["VisibilityTimeout"])


def source(name: str) -> resources.Source:
    (found,) = (each for each in resources.sources() if each.feeder == name)
    return found


def limit(name: str) -> timedelta:
    """How long the function that the queue feeds may run."""
    stages = json.loads(CONFIG.read_text(encoding="utf-8"))["stages"]
    return seconds(stages["live"]["lambda_functions"][source(name).function]["lambda_timeout"])


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_hides_a_message_six_times_as_long_as_its_function_may_run(name: str) -> None:
    assert hidden(name) >= 6 * limit(name)
    assert hidden(name) == outbox.HIDDEN


@pytest.mark.parametrize("name", SENDING)
def test_a_hold_outlives_its_worker_and_is_over_before_the_message_is_shown_again(name: str) -> None:
    assert limit(name) < outgoing.IN_HAND
    assert hidden(name) >= outgoing.IN_HAND + APART


def test_a_batch_of_notices_is_sent_before_its_function_is_ended() -> None:
    for_one = CALLS * 2 * seconds(int(wechat.TIMEOUT))  # as long to connect as to read
    assert source("NotifyingQueue").batch * for_one < limit("NotifyingQueue")


@pytest.mark.parametrize("name", QUEUES)
def test_a_row_is_left_to_its_queue_until_that_has_given_it_up(name: str) -> None:
    """Handed on again any earlier, it would have two messages."""
    tries = queue(name)["RedrivePolicy"]["maxReceiveCount"]
    waits = {Work.MAIL: SlowDown.retry_after, Work.NOTICE: LONGEST_WAIT}
    left = outbox.left_to_the_queue(QUEUES[name])
    assert tries == outbox.TRIES
    assert left >= tries * (hidden(name) + waits.get(QUEUES[name], timedelta(0)))
    assert left < seconds(queue(name)["MessageRetentionPeriod"])


def test_no_carrier_asks_a_queue_to_hide_a_message_for_longer_than_it_can() -> None:
    assert LONGEST_WAIT + max(limit(name) for name in SENDING) < SQS_HIDES_FOR
