"""A file has arrived in quarantine: the bucket tells the queue, the queue tells us, and the file is checked."""

from collections.abc import Iterator
from urllib.parse import unquote_plus

from chalice.app import Blueprint

from chalicelib.handlers.events import A_QUEUE, Json, Message, Unreadable, each_message
from chalicelib.operations import materials
from chalicelib.operations.ports import Ports

QUARANTINE = "quarantine/"

uploads = Blueprint(__name__)


@uploads.on_sqs_message(queue_arn=A_QUEUE, name="receiving")
@each_message
def receive(ports: Ports, message: Message) -> None:
    for file in arrived(message.body):
        materials.receive(ports, file)


def arrived(notification: Json) -> Iterator[str]:
    """The ids of the files that a bucket's notification tells of. The bucket's first, a test, tells of none."""
    if notification.get("Event") == "s3:TestEvent":
        return
    for record in notification.get("Records", ()):
        key = _key(record)
        if key.startswith(QUARANTINE):
            yield key.removeprefix(QUARANTINE)


def _key(record: Json) -> str:
    try:
        return unquote_plus(record["s3"]["object"]["key"])
    except (KeyError, TypeError, AttributeError):
        raise Unreadable("not a bucket's notification") from None
