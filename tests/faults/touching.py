"""What a call to AWS or WeChat reads and writes, by its request: two with nothing in common may change places."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.faults.emulation import body_of


@dataclass(frozen=True)
class Touch:
    """What a call reads and writes: ``table|pk|sk``, or ``table|pk|`` for a partition, ``table|`` for an index."""

    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()

    def meets(self, other: "Touch") -> bool:
        return _cross(self.writes, other.reads) or _cross(self.writes, other.writes) or _cross(self.reads, other.writes)


def _cross(some: frozenset[str], others: frozenset[str]) -> bool:
    return any(one.startswith(other) or other.startswith(one) for one in some for other in others)


# What order these are asked in, nobody can tell: queues have none, a letter or a key is nothing to the next.
UNSHARED = frozenset({"kms", "sqs", "ses", "smtp"})


def touched(operation: str, request: Any) -> Touch:
    """Raises KeyError for a call whose effect is not known: taken for none, its orders would be left out."""
    service, _, name = operation.partition(".")
    if service == "dynamodb":
        return DYNAMODB[name](body_of(request))
    if service == "s3":
        return _object(name, request)
    if service == "wechat":
        return WECHAT[name](body_of(request))
    if service in UNSHARED:
        return Touch()
    raise KeyError(operation)


# A seal is never the same twice, and an order that is run again must stop at the same places.
BY_ITS_SEAL = re.compile(r"(?<=-)[0-9a-f]{16}\.pdf$")


def _object(name: str, request: Any) -> Touch:
    """The bucket is the address's first label, or its first folder; a copy reads what its header names."""
    where = urlsplit(request.url)
    bucket, _, rest = (where.hostname or "").partition(".")
    place = unquote(where.path) if bucket == "s3" or not rest.startswith("s3") else f"/{bucket}{unquote(where.path)}"
    place = BY_ITS_SEAL.sub("", place)
    if name.startswith(("Get", "Head")):
        return Touch(frozenset({f"s3|{place}"}))
    source = request.headers.get("x-amz-copy-source", b"")
    said = unquote(source.decode() if isinstance(source, bytes) else source).lstrip("/")
    return Touch(frozenset({f"s3|/{said}"}) if said else frozenset(), frozenset({f"s3|{place}"}))


def _consent(body: Any) -> Touch:
    """A notice takes one tap of its reader's, and is good under a token that has not been renewed."""
    return Touch(frozenset({"wechat|token|"}), frozenset({f"wechat|{body['touser']}|{body['template_id']}"}))


WECHAT: dict[str, Callable[[Any], Touch]] = {
    "send": _consent,
    "stable_token": lambda _: Touch(writes=frozenset({"wechat|token|"})),
    "jscode2session": lambda _: Touch(writes=frozenset({"wechat|codes|"})),
}


def _key(table: str, key: Any) -> str:
    return f"{table}|{key['pk']['S']}|{key['sk']['S']}"


FIRST_CONDITION = re.compile(r"^\(*(?P<name>#\w+) = (?P<value>:\w+)")


def _query(body: Any) -> Touch:
    """A partition; of an index the whole table, since what stands in it may have been elsewhere before."""
    if "IndexName" in body:
        return Touch(frozenset({f"{body['TableName']}|"}))
    found = FIRST_CONDITION.match(body["KeyConditionExpression"])
    assert found is not None, body["KeyConditionExpression"]
    assert body["ExpressionAttributeNames"][found["name"]] == "pk", body
    return Touch(frozenset({f"{body['TableName']}|{body['ExpressionAttributeValues'][found['value']]['S']}|"}))


def _transaction(body: Any) -> Touch:
    reads: set[str] = set()
    writes: set[str] = set()
    for item in body["TransactItems"]:
        ((verb, said),) = item.items()
        place = _key(said["TableName"], said.get("Item") or said["Key"])
        (reads if verb == "ConditionCheck" else writes).add(place)
    return Touch(frozenset(reads), frozenset(writes))


def _batch(body: Any) -> Touch:
    places = (_key(table, key) for table, asked in body["RequestItems"].items() for key in asked["Keys"])
    return Touch(frozenset(places))


def _one(body: Any) -> str:
    return _key(body["TableName"], body.get("Item") or body["Key"])


DYNAMODB: dict[str, Callable[[Any], Touch]] = {
    "GetItem": lambda body: Touch(frozenset({_one(body)})),
    "BatchGetItem": _batch,
    "Query": _query,
    "TransactWriteItems": _transaction,
    "PutItem": lambda body: Touch(writes=frozenset({_one(body)})),
    "UpdateItem": lambda body: Touch(writes=frozenset({_one(body)})),
    "DeleteItem": lambda body: Touch(writes=frozenset({_one(body)})),
}
