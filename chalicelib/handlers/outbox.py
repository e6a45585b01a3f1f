"""What a transaction promised is handed to its queue; what no queue could do is put before the staff.

`dispatch` follows the outbox table's stream; `bury` empties the dead-letter queues of issuing, mailing and notifying.
"""

from chalice.app import Blueprint

from chalicelib.handlers.events import A_QUEUE, A_STREAM, Json, Message, Unreadable, each_message, each_row
from chalicelib.handlers.logbook import log
from chalicelib.operations import outbox as promises
from chalicelib.operations.ports import Ports

outbox = Blueprint(__name__)


@outbox.on_dynamodb_record(stream_arn=A_STREAM, name="dispatching")
@each_row
def dispatch(ports: Ports, change: Json) -> None:
    if row := pending_row(change):
        promises.dispatch(ports, row)


@outbox.on_sqs_message(queue_arn=A_QUEUE, name="burying")
@each_message
def bury(ports: Ports, message: Message) -> None:
    try:
        row = message.row
    except Unreadable:
        # behind the dead letters there is nothing: what nobody can read would come round until it expires
        log.error("an unreadable dead letter was dropped", extra={"item": message.id})
        return
    promises.bury(ports, row, trouble(message))


def pending_row(change: Json) -> str | None:
    """The id of a row that has just been promised, or promised again by staff; None for every other change."""
    image = change["dynamodb"].get("NewImage") or {}
    if image.get("waiting", {}).get("S") != "pending":
        return None
    return str(image["body"]["M"]["id"]["S"])


def trouble(message: Message) -> str:
    queue = message.queue.rpartition(":")[2]
    return f"多次重试仍未成功（队列 {queue}）。请查明原因后重新发送。"
