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
from typing import Any

import botocore.endpoint
import pytest
from urllib3.response import HTTPResponse

from chalicelib.messages.transport import Https
from tests.faults.copying import is_of_another
from tests.faults.emulation import body_of
from tests.faults.modes import Plan, plans
from tests.faults.strikes import Call, Died, Go, items_in, refused, reply

__all__ = ["Asked", "Call", "Died", "Injector", "Plan", "Wire", "plans", "standing"]

ROOT = "chalicelib"
PASSED_THROUGH = re.compile(r"\.(aws|messages|wiring|first_use|operations\.commands)\b")


@dataclass(frozen=True)
class Asked:
    """What is asked of WeChat or a mail server, in the words that botocore has for its own requests."""

    method: str
    url: str
    body: bytes | None = None


@dataclass
class Injector:
    """``stale`` puts the tables back to an earlier state around a call, for an index that lags.

    ``before_each`` hears of every call before it is made, ``carried_out`` of those that AWS has said yes to.
    """

    stale: Callable[[Go], Any]
    calls: list[Call] = field(default_factory=list)
    plan: Plan | None = None
    struck: Call | None = None
    lost_answers: int = 0
    runs: int = 0
    struck_runs: set[int] = field(default_factory=set)
    before_each: Callable[[str, Any], None] | None = None
    carried_out: Callable[[str, Any], None] | None = None
    _inside: threading.local = field(default_factory=threading.local)
    _left: int = 0
    _struck_run: int = 0
    _asked: Any = None

    def prepare(self, plan: Plan | None) -> None:
        self.calls, self.plan, self.struck, self.lost_answers = [], plan, None, 0
        self.runs = self._left = self._struck_run = 0
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
        call = Call(len(self.calls), operation, site(operation), _by_index(operation, request), self.runs)
        self.calls.append(call)
        if not self._is_meant(call, _said(operation, request)):
            return self._answered(call, go())
        assert self.plan is not None
        self.struck_runs.add(self.runs)
        return self.plan.mode.strike(self, call, request, go)

    def _answered(self, call: Call, answer: Any) -> Any:
        if call.service == "dynamodb" and answer[0] is not None:
            self.calls[call.number] = replace(call, items=items_in(answer[0]))
        return answer

    def _is_meant(self, call: Call, asked: Any) -> bool:
        if self.plan is None:
            return False
        if call.number == self.plan.number:
            self.struck, self._asked, self._struck_run = call, asked, self.runs
            self._left = self.plan.mode.times_of(call) - 1
            return True
        if self.struck is None:
            return False
        return self._is_out(self.plan, self.struck, call) or self._is_again(self.plan, self.struck, call, asked)

    def _is_out(self, plan: Plan, struck: Call, call: Call) -> bool:
        """While an outage lasts: as many runs as it has deliveries, the first of them included."""
        same = call.service == struck.service if plan.service else call.site == struck.site
        return same and self.runs < self._struck_run + plan.deliveries

    def _is_again(self, plan: Plan, struck: Call, call: Call, asked: Any) -> bool:
        """The same once more within its run: the SDK's next try, or with ``by_site`` our own."""
        same = call.site == struck.site if plan.mode.by_site else asked == self._asked
        if self._left == 0 or self.runs != self._struck_run or not same:
            return False
        self._left -= 1
        return True


def _said(operation: str, request: Any) -> Any:
    return (operation, request.method, request.url, request.body)


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
    original = botocore.endpoint.Endpoint._do_get_response  # type: ignore[attr-defined]  # not in the stubs

    def aws(endpoint: Any, request: Any, model: Any, context: Any) -> Any:
        operation = f"{model.service_model.service_name}.{model.name}"

        def go() -> Any:
            if operation == "s3.CopyObject" and is_of_another(request):
                return refused(412, "PreconditionFailed")
            answer = original(endpoint, request, model, context)
            if injector.carried_out is not None and answer[0] is not None and answer[0][0].status_code < 300:
                injector.carried_out(operation, request)
            return answer

        return injector.pass_by(operation, request, go)

    def ask(_: Https, method: str, url: str, body: Mapping[str, Any] | None, __: float) -> HTTPResponse:
        raw = json.dumps(body).encode() if body else b""
        name = f"wechat.{url.partition('?')[0].rpartition('/')[2]}"
        found: HTTPResponse = injector.pass_by(name, Asked(method, url, raw), lambda: reply(*wechat(method, url, raw)))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.endpoint.Endpoint, "_do_get_response", aws)
        patch.setattr(Https, "_ask", ask)
        yield


class Wire:
    """A connection to a mail server as smtplib gives it: each command is a call that can be struck."""

    def __init__(self, injector: Injector, deliver: Callable[[str, str], None]) -> None:
        self._injector, self._deliver = injector, deliver
        self._say("connect", lambda: None)

    def send_message(self, message: EmailMessage, _: str, to: list[str]) -> None:
        raw = message.as_string()
        self._say("send_message", lambda: self._deliver(to[0], raw), to[0], raw.encode(errors="surrogateescape"))

    def quit(self) -> None:
        self._say("quit", lambda: None)

    def close(self) -> None:
        """The socket is gone either way."""

    def _say(self, command: str, go: Go, to: str = "", body: bytes | None = None) -> None:
        self._injector.pass_by(f"smtp.{command}", Asked(command, to, body), go)
