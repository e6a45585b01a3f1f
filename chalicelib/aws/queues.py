"""Queues by SQS. They carry errands (`rules/errands.py`) and nothing else."""

from chalicelib.aws.resources import Resources, client
from chalicelib.aws.troubles import reads
from chalicelib.rules.errands import Errand
from chalicelib.rules.records import Work


class SqsQueues:
    def __init__(self, resources: Resources) -> None:
        self._sqs = client(resources, "sqs")
        self._addresses = resources.queues

    def send(self, work: Work, row: str, rounds: int = 0) -> None:
        """Raises Busy when the queue does not take it; the row is still pending then."""
        with reads():
            self._sqs.send_message(QueueUrl=self._addresses[work], MessageBody=Errand(row, rounds).written())
