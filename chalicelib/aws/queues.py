"""Queues carry the id and round of an outbox row and nothing else.

A message sent twice is harmless: the row knows it is done.
"""

import json

from chalicelib.aws.resources import Resources, client
from chalicelib.aws.troubles import reads
from chalicelib.rules.records import Work

FORM = 1


class SqsQueues:
    def __init__(self, resources: Resources) -> None:
        self._sqs = client(resources, "sqs")
        self._addresses = resources.queues

    def send(self, work: Work, row: str, rounds: int = 0) -> None:
        """Raises Busy when the queue does not take it; the row is still pending then."""
        body = json.dumps({"v": FORM, "row": row, "round": rounds})
        with reads():
            self._sqs.send_message(QueueUrl=self._addresses[work], MessageBody=body)
