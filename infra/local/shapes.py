"""Events as Lambda hands them over: a queue's messages, a stream's changes, a tick of the clock."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from infra.local.making import ACCOUNT, REGION

Json = Mapping[str, Any]


def of_queue(arn: str, messages: list[Json]) -> Json:
    return {"Records": [_of_message(arn, message) for message in messages]}


def _of_message(arn: str, message: Json) -> Json:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": REGION,
    }


def of_stream(arn: str, changes: list[Json]) -> Json:
    return {"Records": [{**_plain(change), "eventSourceARN": arn} for change in changes]}


def _plain(value: Any) -> Any:
    """As JSON carries it: instants as seconds, bytes in base64."""
    match value:
        case datetime():
            return value.timestamp()
        case bytes():
            return b64encode(value).decode()
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list():
            return [_plain(each) for each in value]
    return value


def of_schedule(rule: str, at: datetime) -> Json:
    return {
        "version": "0",
        "id": f"{rule}-{at:%Y%m%d%H%M%S}",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{rule}"],
        "detail": {},
    }
