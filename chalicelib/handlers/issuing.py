"""Certificates are made: one message, one application. Drawing and signing load here only, when the printer is used."""

from chalice.app import Blueprint

from chalicelib.handlers.events import A_QUEUE, Message, each_message
from chalicelib.operations import outbox
from chalicelib.operations.ports import Ports

issuing = Blueprint(__name__)


@issuing.on_sqs_message(queue_arn=A_QUEUE, name="issuing")
@each_message
def issue(ports: Ports, message: Message) -> None:
    outbox.work(ports, message.row)
