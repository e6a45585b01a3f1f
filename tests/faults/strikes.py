"""What can become of one call to AWS, WeChat or a mail server: each strike stands in for the call, or around it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from json import dumps
from smtplib import SMTPDataError, SMTPServerDisconnected
from typing import Any, Protocol

from botocore.awsrequest import AWSResponse, HTTPHeaders
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from urllib3.exceptions import ReadTimeoutError as NoReply
from urllib3.response import HTTPResponse

from tests.faults.emulation import body_of

NOWHERE = "https://aws.example.invalid"


class Died(BaseException):
    """The process is gone: nothing in it gets to handle this."""


@dataclass(frozen=True)
class Call:
    """``number`` counts from 0 within a step; ``site`` is the operation asked, and where in the platform; ``run``: in
    which invocation of one of our functions. ``items``: how many DynamoDB answered with.
    """

    number: int
    operation: str
    site: str
    by_index: bool = False
    run: int = 0
    items: int = 0

    @property
    def service(self) -> str:
        return self.operation.partition(".")[0]


Go = Callable[[], Any]


class Struck(Protocol):
    """What a strike may reach. ``stale`` puts the tables back to an earlier state around a call."""

    lost_answers: int

    @property
    def stale(self) -> Callable[[Go], Any]: ...


Strike = Callable[[Struck, Call, Any, Go], Any]


# --- answers ----------------------------------------------------------------------------------------------------------


class Nothing(BytesIO):
    """The body of an answer that has none."""

    def stream(self) -> Iterator[bytes]:
        return iter(())


def refused(status: int, code: str, **more: Any) -> Any:
    """An answer that says no, as botocore hands it on."""
    parsed = {
        "Error": {"Code": code, "Message": "made up"},
        "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {}, "RetryAttempts": 0, "RequestId": "made-up"},
        **more,
    }
    return (AWSResponse(NOWHERE, status, HTTPHeaders(), Nothing()), parsed), None


def reply(status: int, answer: Any) -> HTTPResponse:
    """As WeChat's server answers."""
    return HTTPResponse(dumps(answer).encode(), status=status, preload_content=True)


def no_reply() -> NoReply:
    return NoReply(None, None, "made up")  # type: ignore[arg-type]  # nothing looks at the pool


# --- the strikes ------------------------------------------------------------------------------------------------------


def crash_before(_: Struck, __: Call, ___: Any, ____: Go) -> Any:
    raise Died


def crash_after(injector: Struck, _: Call, __: Any, go: Go) -> Any:
    go()
    injector.lost_answers += 1
    raise Died


def lost_answer(injector: Struck, call: Call, _: Any, go: Go) -> Any:
    go()
    injector.lost_answers += 1
    if call.service == "wechat":
        raise no_reply()
    if call.service == "smtp":
        raise TimeoutError
    return None, ReadTimeoutError(endpoint_url=NOWHERE)


def unreachable(_: Struck, call: Call, __: Any, ___: Go) -> Any:
    if call.service == "wechat":
        raise no_reply()
    if call.service == "smtp":
        raise ConnectionRefusedError
    return None, EndpointConnectionError(endpoint_url=NOWHERE)


def throttled(_: Struck, call: Call, __: Any, ___: Go) -> Any:
    match call.service:
        case "wechat":
            return reply(200, {"errcode": 45009, "errmsg": "reach max api daily quota limit"})
        case "smtp":
            raise SMTPDataError(451, b"4.7.1 too many messages")
        case "s3":
            return refused(503, "SlowDown")
        case "dynamodb":
            return refused(400, "ProvisionedThroughputExceededException")
    return refused(400, "ThrottlingException")


def server_error(_: Struck, call: Call, __: Any, ___: Go) -> Any:
    if call.service == "smtp":
        raise SMTPServerDisconnected
    return reply(502, {}) if call.service == "wechat" else refused(500, "InternalServerError")


def server_error_after_all(injector: Struck, call: Call, request: Any, go: Go) -> Any:
    """Carried out, and answered as if it had not been."""
    go()
    injector.lost_answers += 1
    return server_error(injector, call, request, go)


def wechat_busy(_: Struck, __: Call, ___: Any, ____: Go) -> Any:
    return reply(200, {"errcode": -1, "errmsg": "system error"})


def token_gone(_: Struck, __: Call, ___: Any, ____: Go) -> Any:
    return reply(200, {"errcode": 40001, "errmsg": "invalid credential"})


def items_in(response: Any) -> int:
    """How many DynamoDB answers with, to a query or to a batch of keys."""
    parsed = response[1]
    return len(parsed.get("Items", ())) + sum(map(len, parsed.get("Responses", {}).values()))


def partial_batch(_: Struck, __: Call, ___: Any, go: Go) -> Any:
    """Answers only the last half of each table's keys; the rest is left to be asked again."""
    response, problem = go()
    if response is None:
        return response, problem
    http, parsed = response
    found = [(table, item) for table, items in parsed["Responses"].items() for item in items]
    left = found[: (len(found) + 1) // 2]
    parsed["UnprocessedKeys"] = _keys_of(left)
    for table, item in left:
        parsed["Responses"][table].remove(item)
    return (http, parsed), None


def _keys_of(left: list[tuple[str, Any]]) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    for table, item in left:
        entry = keys.setdefault(table, {"Keys": [], "ConsistentRead": True})
        entry["Keys"].append({"pk": item["pk"], "sk": item["sk"]})
    return keys


def transaction_conflict(_: Struck, call: Call, request: Any, ___: Go) -> Any:
    if call.operation != "dynamodb.TransactWriteItems":
        return refused(400, "TransactionConflictException")
    items = body_of(request)["TransactItems"]
    reasons = [{"Code": "TransactionConflict", "Message": "made up"}, *({"Code": "None"} for _ in items[1:])]
    said = "Transaction cancelled, please refer cancellation reasons for specific reasons"
    answer, _none = refused(400, "TransactionCanceledException", CancellationReasons=reasons)
    answer[1]["Error"]["Message"] = said
    return answer, None


def stale_index(injector: Struck, _: Call, __: Any, go: Go) -> Any:
    return injector.stale(go)


def short_page(_: Struck, __: Call, request: Any, go: Go) -> Any:
    """One item, and where the next begins: DynamoDB may end a page anywhere."""
    response, problem = go()
    if response is None or items_in(response) < 2:
        return response, problem
    http, parsed = response
    first = parsed["Items"][0]
    asked = body_of(request)
    by = {"queue": ("queue", "queued_at"), "issued": ("issued_month", "issued_at"), "waiting": ("waiting", "at")}
    names = ("pk", "sk", *by.get(asked.get("IndexName", ""), ()))
    parsed |= {"Items": [first], "Count": 1, "LastEvaluatedKey": {name: first[name] for name in names}}
    return (http, parsed), None
