"""What a call to AWS needs by way of rights, and what a policy of ours gives; both in logical names.

A right is an action and a resource: ("s3:PutObject", "Keeping/kept/a1/a1.f1"), ("dynamodb:Query", "Outbox/index/at").
"""

import json
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

Json = Mapping[str, Any]
Right = tuple[str, str]

POLICIES = Path(__file__).parents[2] / ".chalice"
WRITES = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}


def given(policy: str) -> tuple[Right, ...]:
    statements = json.loads((POLICIES / f"policy-{policy}.json").read_text())["Statement"]
    return tuple(
        (action, _pattern(resource))
        for statement in statements
        for action in statement["Action"]
        for resource in statement["Resource"]
    )


def _pattern(resource: Json) -> str:
    match resource:
        case {"Fn::GetAtt": [name, "Arn" | "StreamArn"]}:
            return str(name)
        case {"Fn::Sub": text}:
            return str(text).replace("${", "").replace(".Arn}", "")
    raise ValueError(resource)


def allowed(right: Right, rights: tuple[Right, ...]) -> bool:
    return any(right[0] == action and fnmatchcase(right[1], pattern) for action, pattern in rights)


def needed(service: str, operation: str, asked: Json, logical: Callable[[str], str]) -> Iterator[Right]:
    """``logical`` leads from a table, bucket, queue address or key back to its name in infra/resources.yaml."""
    if service == "dynamodb":
        for action, resource in _on_tables(operation, asked):
            table, slash, index = resource.partition("/")
            yield f"dynamodb:{action}", logical(table) + slash + index
    elif service == "s3":
        for action, bucket, key in _on_files(operation, asked):
            yield f"s3:{action}", logical(bucket) + (f"/{key}" if key else "")
    else:
        yield f"{service}:{operation}", logical(asked.get("QueueUrl") or asked["KeyId"])


def _on_tables(operation: str, asked: Json) -> Iterator[tuple[str, str]]:
    if "TransactItems" in asked:
        for item in asked["TransactItems"]:
            ((verb, what),) = item.items()
            yield WRITES.get(verb, "GetItem"), what["TableName"]
    elif "RequestItems" in asked:
        yield from ((operation, table) for table in asked["RequestItems"])
    else:
        yield operation, asked["TableName"] + (f"/index/{asked['IndexName']}" if "IndexName" in asked else "")


def _on_files(operation: str, asked: Json) -> Iterator[tuple[str, str, str]]:
    if operation in ("HeadBucket", "ListObjectsV2"):
        yield "ListBucket", asked["Bucket"], ""
    elif operation == "CopyObject":
        yield "GetObject", asked["CopySource"]["Bucket"], asked["CopySource"]["Key"]
        yield "PutObject", asked["Bucket"], asked["Key"]
    else:
        yield operation.replace("HeadObject", "GetObject"), asked["Bucket"], asked["Key"]
