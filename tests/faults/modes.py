"""Every way in which a call can go wrong, which calls each way suits, and the plans that strike one of them.

Points that are one are struck once. A plain read changes nothing, so a process that dies before it, after it or before
the next read leaves the same world: it dies before each write, and after the last of its run. A read whose one answer
is lost is asked again by the SDK and hears the same. Whether AWS is unreachable, busy or broken, a read that fails
means Busy (`aws.troubles`, and a test here); so of those three each site has all at its first call in a step, and one
in turn at its later ones.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from chalicelib.operations.commands import TRIES
from tests.faults import strikes
from tests.faults.strikes import Call, Strike

SDK_TRIES = 3
ASKED_ONCE = re.compile(r"^(ses|wechat|smtp)\.|^dynamodb\.TransactWriteItems$")  # these clients never ask again
SERVICES = ("dynamodb", "sqs", "s3")
OUTAGES = (2, 12)
A_FEW = 3


@dataclass(frozen=True)
class Mode:
    """``suits`` says which calls it can strike; ``times``: how many attempts in a row of the same call, within one run.

    ``by_site``: whatever is asked there then. A commit that is decided again is another one.
    """

    name: str
    strike: Strike
    suits: Callable[[Call], bool]
    times: int = 1
    by_site: bool = False

    def times_of(self, call: Call) -> int:
        """A call that its client makes once is struck once: the next like it comes in another delivery."""
        return 1 if ASKED_ONCE.search(call.operation) and not self.by_site else self.times


@dataclass(frozen=True)
class Plan:
    """Strike the call of that number. With ``deliveries``: it and every later one, so many runs long.

    Those of its site; with ``service``: all that are asked of the same service, from wherever.
    """

    number: int
    mode: Mode
    deliveries: int = 0
    service: bool = False


def anything(_: Call) -> bool:
    return True


def is_plain_read(call: Call) -> bool:
    return not reaches_further(call) and not ASKED_ONCE.search(call.operation)


def is_no_plain_read(call: Call) -> bool:
    return not is_plain_read(call)


def is_wechat(call: Call) -> bool:
    return call.service == "wechat"


def writes_records(call: Call) -> bool:
    return call.operation in {
        "dynamodb.TransactWriteItems", "dynamodb.PutItem", "dynamodb.UpdateItem", "dynamodb.DeleteItem",
    }  # fmt: skip


def is_query(call: Call) -> bool:
    return call.operation == "dynamodb.Query"


def is_batch(call: Call) -> bool:
    return call.operation == "dynamodb.BatchGetItem"


def is_a_commit(call: Call) -> bool:
    return call.operation == "dynamodb.TransactWriteItems"


def reaches_further(call: Call) -> bool:
    """A call whose being carried out matters: all but plain reads."""
    reads = ("Get", "List", "Query", "BatchGet", "Head", "Decrypt", "connect", "quit")
    return not call.operation.partition(".")[2].startswith(reads)


CRASH_BEFORE = Mode("crash before", strikes.crash_before, anything)
CRASH_AFTER = Mode("crash after", strikes.crash_after, is_no_plain_read)
NO_ANSWER = (
    Mode("unreachable", strikes.unreachable, anything, times=SDK_TRIES),
    Mode("throttled", strikes.throttled, anything, times=SDK_TRIES),
    Mode("5xx", strikes.server_error, anything, times=SDK_TRIES),
)
OTHERWISE = (
    Mode("lost answer", strikes.lost_answer, is_no_plain_read),
    Mode("every answer lost", strikes.lost_answer, reaches_further, times=SDK_TRIES),
    Mode("5xx although done", strikes.server_error_after_all, reaches_further, times=SDK_TRIES),
    Mode("partial batch", strikes.partial_batch, lambda call: is_batch(call) and call.items > 0),
    Mode("transaction conflict", strikes.transaction_conflict, writes_records),
    Mode("conflict, three times", strikes.transaction_conflict, is_a_commit, times=TRIES, by_site=True),
    Mode("stale index", strikes.stale_index, lambda call: call.by_index),
    Mode("short page", strikes.short_page, lambda call: is_query(call) and call.items > 1),
    Mode("system busy", strikes.wechat_busy, is_wechat),
    Mode("token gone", strikes.token_gone, lambda call: call.operation == "wechat.send"),
)


def outage(name: str) -> Mode:
    return Mode(name, strikes.server_error, anything)


def plans(calls: tuple[Call, ...]) -> Iterator[Plan]:
    """Every mode that suits, for every call of a fault-free run; and the outages that end after some deliveries."""
    for _, run in groupby(calls, key=lambda call: call.run):
        yield from _crashes([*run])
    passed: Counter[str] = Counter()
    for call in calls:
        yield from (Plan(call.number, mode) for mode in _without_answer(call, passed[call.site]))
        yield from (Plan(call.number, mode) for mode in OTHERWISE if mode.suits(call))
        if not passed[call.site]:
            yield from _outages(call)
        passed[call.site] += 1


def _crashes(run: list[Call]) -> Iterator[Plan]:
    doing = [call for call in run if is_no_plain_read(call)]
    yield from (Plan(call.number, CRASH_BEFORE) for call in doing or run[:1])
    yield from (Plan(call.number, CRASH_AFTER) for call in doing[-1:])


def _without_answer(call: Call, passed: int) -> tuple[Mode, ...]:
    """``passed``: how often its site was before, in this step."""
    if passed and is_plain_read(call):
        return (NO_ANSWER[passed % len(NO_ANSWER)],)
    return NO_ANSWER


def _outages(call: Call) -> Iterator[Plan]:
    """Of the one thing asked there, and of the whole service from there on."""
    yield from (Plan(call.number, outage(f"outage of {n} deliveries"), deliveries=n) for n in OUTAGES)
    if call.service in SERVICES:
        yield Plan(call.number, outage(f"all of {call.service} out"), deliveries=A_FEW, service=True)
