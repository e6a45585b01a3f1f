"""WeChat notices go out: one message, one notice. The queue is the only layer that tries again."""

from chalice.app import Blueprint

from chalicelib.handlers.events import A_QUEUE, Message, each_message
from chalicelib.operations import outbox
from chalicelib.operations.ports import Ports

notifying = Blueprint(__name__)


@notifying.on_sqs_message(queue_arn=A_QUEUE, name="notifying")
@each_message
def send(ports: Ports, message: Message) -> None:
    outbox.work(ports, message.row)
