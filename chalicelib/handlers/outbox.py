"""What a transaction promised is handed to its queue; what no queue could do is put before the staff.

`dispatch` follows the outbox table's stream; `bury` empties the dead-letter queues, all of them.
"""

from chalice.app import Blueprint

from chalicelib.handlers.events import A_QUEUE, A_STREAM, Json, Message, Unreadable, each_message, each_row
from chalicelib.handlers.logbook import log
from chalicelib.handlers.uploads import arrived
from chalicelib.operations import dead_letters
from chalicelib.operations import outbox as promises
from chalicelib.operations.commands import Absent
from chalicelib.operations.ports import Ports
from chalicelib.rules.dead_letters import Oddity

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
        _bury_what_it_says(ports, message)
    except Unreadable as odd:
        # behind the dead letters there is nothing: it would come round until it expires, and nobody would know of it
        dead_letters.bury_unreadable(ports, message.queue_name, message.id, message.text, odd.oddity)
        log.error("a dead letter that nobody can read", extra={"item": message.id, "said": odd.oddity.value})


def _bury_what_it_says(ports: Ports, message: Message) -> None:
    """Raises Unreadable, also where no row (any more) stands behind it."""
    if message.is_of_the_outbox:
        try:
            promises.bury(ports, message.errand.row, message.queue_name, message.errand.round)
        except Absent:
            raise Unreadable(Oddity.NO_ROW) from None
    else:
        for file in arrived(message.body):
            dead_letters.bury_upload(ports, file, message.queue_name)


def pending_row(change: Json) -> str | None:
    """The id of a row that has just been promised, or promised again by staff; None for every other change."""
    image = change["dynamodb"].get("NewImage") or {}
    if image.get("waiting", {}).get("S") != "pending":
        return None
    return str(image["body"]["M"]["id"]["S"])
