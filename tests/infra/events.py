"""Events as Lambda delivers them, made by hand."""

import json
from collections.abc import Mapping
from typing import Any

from chalice.local import LambdaContext

CONTEXT = LambdaContext("a-function", 512)
ARN = "arn:aws:sqs:us-east-1:123456789012:IssuingQueue"


def messages(*bodies: object, arn: str = ARN) -> Mapping[str, Any]:
    """A string goes as it is, anything else as JSON; the ids are m0, m1, …"""
    return {
        "Records": [
            {
                "messageId": f"m{n}",
                "receiptHandle": f"r{n}",
                "body": body if isinstance(body, str) else json.dumps(body),
                "eventSourceARN": arn,
            }
            for n, body in enumerate(bodies)
        ]
    }


def about(row: str) -> Mapping[str, Any]:
    return {"v": 1, "row": row}


def changes(*images: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Stream records with these new images; None: the row has gone."""
    return {
        "Records": [
            {
                "eventID": str(n),
                "eventName": "INSERT" if image else "REMOVE",
                "dynamodb": {"SequenceNumber": str(n), **({"NewImage": image} if image else {})},
            }
            for n, image in enumerate(images)
        ]
    }


def row_image(row: str, waiting: str | None = "pending") -> Mapping[str, Any]:
    listed = {"waiting": {"S": waiting}} if waiting else {}
    return {"pk": {"S": f"O#{row}"}, "body": {"M": {"id": {"S": row}}}, **listed}


def arrived(*keys: str) -> Mapping[str, Any]:
    return {"Records": [{"eventName": "ObjectCreated:Post", "s3": {"object": {"key": key}}} for key in keys]}
