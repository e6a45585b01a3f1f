"""Mails go out: one message, one mail. The queue is the only layer that tries again."""

from chalice.app import Blueprint

from chalicelib.handlers.events import A_QUEUE, Message, each_message
from chalicelib.operations import outbox
from chalicelib.operations.ports import Ports

mailing = Blueprint(__name__)


@mailing.on_sqs_message(queue_arn=A_QUEUE, name="mailing")
@each_message
def send(ports: Ports, message: Message) -> None:
    outbox.work(ports, message.row)
