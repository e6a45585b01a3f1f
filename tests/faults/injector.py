"""Strikes one call of the platform to AWS, WeChat or the mail server: before it, after it, or in its answer.

It stands around one HTTP attempt, below the SDK's own tries (botocore's `Endpoint._do_get_response`, our transport to
WeChat). Only what runs while it is armed is ours: the emulator, the pumps and the tests call unseen.
"""

import json
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from io import BytesIO
from smtplib import SMTPDataError, SMTPServerDisconnected
from typing import Any

import botocore.endpoint
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from urllib3.exceptions import ReadTimeoutError as NoReply
from urllib3.response import HTTPResponse

from chalicelib.messages.transport import Https
from tests.faults.emulation import body_of

ROOT = "chalicelib"
PASSED_THROUGH = re.compile(r"\.(aws|messages|wiring|first_use|operations\.commands)\b")
SDK_TRIES = 3


class Died(BaseException):
    """The process is gone: nothing in it gets to handle this."""


@dataclass(frozen=True)
class Call:
    """``number`` counts from 0 within one run; ``site`` is the operation asked, and where in the platform."""

    number: int
    operation: str
    site: str
    by_index: bool = False


Go = Callable[[], Any]
Strike = Callable[["Injector", Call, Any, Go], Any]


@dataclass(frozen=True)
class Mode:
    """``suits`` says which calls it can strike; ``times``: how many attempts in a row of the same call."""

    name: str
    strike: Strike
    suits: Callable[[Call], bool]
    times: int = 1


@dataclass(frozen=True)
class Plan:
    """Strike the call of that number. With ``deliveries``: it and every later one of its site, that many times over."""

    number: int
    mode: Mode
    deliveries: int = 0


@dataclass
class Injector:
    """``stale`` puts the tables back to an earlier state around a call, for an index that lags."""

    stale: Callable[[Go], Any]
    calls: list[Call] = field(default_factory=list)
    plan: Plan | None = None
    struck: Call | None = None
    lost_answers: int = 0
    runs: int = 0
    struck_runs: set[int] = field(default_factory=set)
    before_each: Callable[[str, Any], None] | None = None
    _inside: threading.local = field(default_factory=threading.local)
    _left: int = 0
    _last_run: int = 0
    _asked: Any = None

    def prepare(self, plan: Plan | None) -> None:
        self.calls, self.plan, self.struck, self.lost_answers = [], plan, None, 0
        self.runs = self._left = 0
        self.struck_runs = set()
        self._asked = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """One invocation of one of our functions: a request, a batch, a tick."""
        self._inside.it = True
        self.runs += 1
        try:
            yield
        finally:
            self._inside.it = False

    def pass_by(self, operation: str, request: Any, go: Go) -> Any:
        if not getattr(self._inside, "it", False):
            return go()
        if self.before_each is not None:
            self.before_each(operation, request)
        call = Call(len(self.calls), operation, site(operation), _by_index(operation, request))
        self.calls.append(call)
        if not self._is_meant(call, request):
            return go()
        assert self.plan is not None
        self.struck_runs.add(self.runs)
        return self.plan.mode.strike(self, call, request, go)

    def _is_meant(self, call: Call, request: Any) -> bool:
        plan = self.plan
        if plan is None:
            return False
        asked = _said(request)
        if call.number == plan.number:
            self.struck, self._asked = call, asked
            self._left, self._last_run = plan.mode.times - 1, self.runs + plan.deliveries
            return True
        if self.struck is None:
            return False
        if plan.deliveries and call.site == self.struck.site and self.runs < self._last_run:
            return True
        if self._left > 0 and asked == self._asked:
            self._left -= 1
            return True
        return False


def _said(request: Any) -> Any:
    return (getattr(request, "url", None), getattr(request, "body", None) if request is not None else None)


def _by_index(operation: str, request: Any) -> bool:
    return operation == "dynamodb.Query" and "IndexName" in body_of(request)


def site(operation: str) -> str:
    """The operation, and the innermost of our functions that means it: not the room that speaks to the carrier, and
    not the loop that commits for everybody.
    """
    frame = sys._getframe(2)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith(ROOT) and not PASSED_THROUGH.search(module):
            name = frame.f_code.co_qualname.removesuffix(".<locals>.<lambda>")
            return f"{operation} < {module.removeprefix(ROOT + '.')}.{name}"
        frame = frame.f_back  # type: ignore[assignment]  # None at the outermost
    return operation


# --- where it stands --------------------------------------------------------------------------------------------------


@contextmanager
def standing(injector: Injector, wechat: Callable[[str, str, bytes], tuple[int, Any]]) -> Iterator[None]:
    """``wechat`` answers for WeChat's server: method, address and body to status and JSON."""
    original = botocore.endpoint.Endpoint._do_get_response

    def aws(endpoint: Any, request: Any, model: Any, context: Any) -> Any:
        operation = f"{model.service_model.service_name}.{model.name}"
        return injector.pass_by(operation, request, lambda: original(endpoint, request, model, context))

    def ask(_: Https, method: str, url: str, body: Mapping[str, Any] | None, __: float) -> HTTPResponse:
        raw = json.dumps(body).encode() if body else b""
        name = f"wechat.{url.partition('?')[0].rpartition('/')[2]}"
        return injector.pass_by(name, None, lambda: _reply(*wechat(method, url, raw)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.endpoint.Endpoint, "_do_get_response", aws)
        patch.setattr(Https, "_ask", ask)
        yield


def _reply(status: int, answer: Any) -> HTTPResponse:
    return HTTPResponse(json.dumps(answer).encode(), status=status, preload_content=True)


class Wire:
    """A connection to a mail server as smtplib gives it: each command is a call that can be struck."""

    def __init__(self, injector: Injector, deliver: Callable[[str, str], None]) -> None:
        self._injector, self._deliver = injector, deliver
        injector.pass_by("smtp.connect", None, lambda: None)

    def send_message(self, message: EmailMessage, _: str, to: list[str]) -> None:
        self._injector.pass_by("smtp.send_message", None, lambda: self._deliver(to[0], message.as_string()))

    def quit(self) -> None:
        self._injector.pass_by("smtp.quit", None, lambda: None)

    def close(self) -> None:
        """The socket is gone either way."""


# --- the modes --------------------------------------------------------------------------------------------------------


def is_wechat(call: Call) -> bool:
    return call.operation.startswith("wechat.")


def is_smtp(call: Call) -> bool:
    return call.operation.startswith("smtp.")


def anything(call: Call) -> bool:
    return True


def writes_records(call: Call) -> bool:
    return call.operation in {
        "dynamodb.TransactWriteItems", "dynamodb.PutItem", "dynamodb.UpdateItem", "dynamodb.DeleteItem",
    }  # fmt: skip


def reaches_further(call: Call) -> bool:
    """A call whose being carried out matters: all but plain reads."""
    reads = ("Get", "Query", "BatchGet", "Head", "Decrypt", "connect", "quit")
    return not call.operation.partition(".")[2].startswith(reads)


def crash_before(_: Injector, __: Call, ___: Any, ____: Go) -> Any:
    raise Died


def crash_after(injector: Injector, _: Call, __: Any, go: Go) -> Any:
    go()
    injector.lost_answers += 1
    raise Died


def lost_answer(injector: Injector, call: Call, _: Any, go: Go) -> Any:
    go()
    injector.lost_answers += 1
    if is_wechat(call):
        raise NoReply(None, None, "made up")  # type: ignore[arg-type]  # nothing looks at the pool
    if is_smtp(call):
        raise TimeoutError
    return None, ReadTimeoutError(endpoint_url="https://aws.example.invalid")


def unreachable(_: Injector, call: Call, __: Any, ___: Go) -> Any:
    if is_wechat(call):
        raise NoReply(None, None, "made up")  # type: ignore[arg-type]  # nothing looks at the pool
    if is_smtp(call):
        raise ConnectionRefusedError
    return None, EndpointConnectionError(endpoint_url="https://aws.example.invalid")


def refused(status: int, code: str, **more: Any) -> Any:
    """An answer that says no, as botocore hands it on."""
    parsed = {
        "Error": {"Code": code, "Message": "made up"},
        "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {}, "RetryAttempts": 0, "RequestId": "made-up"},
        **more,
    }
    return (AWSResponse("https://aws.example.invalid", status, {}, Nothing()), parsed), None


class Nothing(BytesIO):
    """The body of an answer that has none."""

    def stream(self) -> Iterator[bytes]:
        return iter(())


def throttled(_: Injector, call: Call, __: Any, ___: Go) -> Any:
    if is_wechat(call):
        return _reply(200, {"errcode": 45009, "errmsg": "reach max api daily quota limit"})
    if is_smtp(call):
        raise SMTPDataError(451, b"4.7.1 too many messages")
    if call.operation.startswith("s3."):
        return refused(503, "SlowDown")
    code = "ProvisionedThroughputExceededException" if call.operation.startswith("dynamodb") else "ThrottlingException"
    return refused(400, code)


def server_error(_: Injector, call: Call, __: Any, ___: Go) -> Any:
    if is_smtp(call):
        raise SMTPServerDisconnected
    return _reply(502, {}) if is_wechat(call) else refused(500, "InternalServerError")


def server_error_after_all(injector: Injector, call: Call, _: Any, go: Go) -> Any:
    """Carried out, and answered as if it had not been."""
    go()
    injector.lost_answers += 1
    if is_smtp(call):
        raise SMTPServerDisconnected
    return _reply(502, {}) if is_wechat(call) else refused(500, "InternalServerError")


def wechat_busy(_: Injector, __: Call, ___: Any, ____: Go) -> Any:
    return _reply(200, {"errcode": -1, "errmsg": "system error"})


def token_gone(_: Injector, __: Call, ___: Any, ____: Go) -> Any:
    return _reply(200, {"errcode": 40001, "errmsg": "invalid credential"})


def partial_batch(_: Injector, __: Call, ___: Any, go: Go) -> Any:
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


def transaction_conflict(_: Injector, call: Call, request: Any, ___: Go) -> Any:
    if call.operation != "dynamodb.TransactWriteItems":
        return refused(400, "TransactionConflictException")
    items = body_of(request)["TransactItems"]
    reasons = [{"Code": "TransactionConflict", "Message": "made up"}, *({"Code": "None"} for _ in items[1:])]
    said = "Transaction cancelled, please refer cancellation reasons for specific reasons"
    answer, _none = refused(400, "TransactionCanceledException", CancellationReasons=reasons)
    answer[1]["Error"]["Message"] = said
    return answer, None


def stale_index(injector: Injector, _: Call, __: Any, go: Go) -> Any:
    return injector.stale(go)


def short_page(_: Injector, __: Call, request: Any, go: Go) -> Any:
    """One item, and where the next begins: DynamoDB may end a page anywhere."""
    response, problem = go()
    if response is None or len(response[1].get("Items", ())) < 2:
        return response, problem
    http, parsed = response
    first = parsed["Items"][0]
    asked = body_of(request)
    by = {"queue": ("queue", "queued_at"), "issued": ("issued_month", "issued_at"), "waiting": ("waiting", "at")}
    names = ("pk", "sk", *by.get(asked.get("IndexName", ""), ()))
    parsed |= {"Items": [first], "Count": 1, "LastEvaluatedKey": {name: first[name] for name in names}}
    return (http, parsed), None


MODES: tuple[Mode, ...] = (
    Mode("crash before", crash_before, anything),
    Mode("crash after", crash_after, anything),
    Mode("lost answer", lost_answer, anything, times=1),
    Mode("every answer lost", lost_answer, reaches_further, times=SDK_TRIES),
    Mode("unreachable", unreachable, anything, times=SDK_TRIES),
    Mode("throttled", throttled, anything, times=SDK_TRIES),
    Mode("5xx", server_error, anything, times=SDK_TRIES),
    Mode("5xx although done", server_error_after_all, reaches_further, times=SDK_TRIES),
    Mode("partial batch", partial_batch, lambda call: call.operation == "dynamodb.BatchGetItem"),
    Mode("transaction conflict", transaction_conflict, writes_records),
    Mode("stale index", stale_index, lambda call: call.by_index),
    Mode("short page", short_page, lambda call: call.operation == "dynamodb.Query"),
    Mode("system busy", wechat_busy, is_wechat),
    Mode("token gone", token_gone, lambda call: call.operation == "wechat.send"),
)
OUTAGE = Mode("outage", server_error, anything)


def plans(calls: tuple[Call, ...], modes: tuple[Mode, ...] = MODES) -> Iterator[Plan]:
    """Every mode that suits, for every call of a fault-free run; and the outages that end after some deliveries."""
    seen: set[str] = set()
    for call in calls:
        yield from (Plan(call.number, mode) for mode in modes if mode.suits(call))
        if call.site not in seen:
            seen.add(call.site)
            yield from (
                Plan(call.number, replace(OUTAGE, name=f"outage of {n} deliveries"), deliveries=n) for n in (2, 12)
            )
