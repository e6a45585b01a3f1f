"""A file has arrived in quarantine: the bucket tells the queue, the queue tells us, and the file is checked.

The same queue brings rows of the outbox: checks that were given up and that staff have redriven.
"""

from urllib.parse import unquote_plus

from chalice.app import Blueprint

from chalicelib.handlers.events import A_QUEUE, Json, Message, Unreadable, each_message
from chalicelib.operations import importing, outbox
from chalicelib.operations.ports import Ports
from chalicelib.rules.dead_letters import Oddity

QUARANTINE = "quarantine/"

uploads = Blueprint(__name__)


@uploads.on_sqs_message(queue_arn=A_QUEUE, name="receiving")
@each_message
def receive(ports: Ports, message: Message) -> None:
    if message.is_of_the_outbox:
        outbox.work(ports, message.row)
        return
    for file in arrived(message.body):
        importing.received(ports, file)


def arrived(notification: Json) -> tuple[str, ...]:
    """The ids of the files that a bucket's notification tells of; keys outside quarantine are nobody's files.

    The bucket's first notification, a test, tells of none. Raises Unreadable for what no bucket has sent.
    """
    if notification.get("Event") == "s3:TestEvent":
        return ()
    records = notification.get("Records")
    if not isinstance(records, list) or not records:
        raise Unreadable(Oddity.FOREIGN)
    keys = [_key(record) for record in records]
    return tuple(key.removeprefix(QUARANTINE) for key in keys if key.startswith(QUARANTINE))


def _key(record: Json) -> str:
    try:
        return unquote_plus(record["s3"]["object"]["key"])
    except (KeyError, TypeError, AttributeError):
        raise Unreadable(Oddity.FOREIGN) from None
