"""Two or three at once, in every order of their calls: the pairs that meet, each with what must come of it.

Whatever the order, the promises hold afterwards, nobody hears a 5xx, and of those who exclude each other one wins and
the others are told.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from infra.local import shapes
from infra.local.making import queue_arn
from tests import made_up
from tests.faults import people
from tests.faults.crashes import Restless, settled
from tests.faults.journey import FEE, decided, opened, paid, ready_to_submit, scan, submitted, uploaded
from tests.faults.observed import look
from tests.faults.promises import BY_ASKING_AGAIN, PROMISES, Case, Violation
from tests.faults.scheduler import Ran, Runner, Task, every_order, touched
from tests.faults.world import Answer, World

Asking = Callable[[], Any]
Setup = Callable[[World], Callable[[], Sequence[Task]]]
Expectation = Callable[[tuple[Any, ...]], str | None]


@dataclass(frozen=True)
class Race:
    """``set_up`` brings the world to where they meet, and answers who does what. ``expect`` says what is wrong, if."""

    name: str
    set_up: Setup
    expect: Expectation
    runners: int = 2


@dataclass(frozen=True)
class Run:
    """``complete``: there is no other order; else as many were run as were asked for."""

    race: str
    orders: int
    complete: bool
    violations: tuple[Violation, ...]


RACES: list[Race] = []


def race(name: str, expect: Expectation, runners: int = 2) -> Callable[[Setup], Setup]:
    def declare(set_up: Setup) -> Setup:
        RACES.append(Race(name, set_up, expect, runners))
        return set_up

    return declare


# --- what must come of it ---------------------------------------------------------------------------------------------


def statuses(outcomes: tuple[Any, ...]) -> list[int]:
    return [each.status if isinstance(each, Answer) else 599 for each in outcomes]


def one_wins(outcomes: tuple[Any, ...]) -> str | None:
    """One is told that it is done, every other one why not: never both, never neither."""
    found = sorted(statuses(outcomes))
    good = found[0] in (200, 201, 202) and all(each == 409 for each in found[1:])
    return None if good else f"answered {statuses(outcomes)}"


def both_may(*, also: tuple[int, ...] = ()) -> Expectation:
    """Each is done, or told why not; one at least is done."""

    def expect(outcomes: tuple[Any, ...]) -> str | None:
        found = statuses(outcomes)
        allowed = {200, 201, 202, 204, 302, 303, 307, *also}
        return None if set(found) <= allowed and min(found) < 400 else f"answered {found}"

    return expect


def all_done(outcomes: tuple[Any, ...]) -> str | None:
    return None if all(each == set() or (isinstance(each, Answer) and each.ok) for each in outcomes) else str(outcomes)


def quietly(outcomes: tuple[Any, ...]) -> str | None:
    """Workers: a batch is done, or comes again."""
    return None if all(isinstance(each, set | Answer) for each in outcomes) else str(outcomes)


def the_same_answer(outcomes: tuple[Any, ...]) -> str | None:
    """Both hear what the winner heard; who comes while it is being done may be asked to wait."""
    found = statuses(outcomes)
    ids = {each.json.get("id") for each in outcomes if isinstance(each, Answer) and each.ok}
    return None if len(ids) == 1 and set(found) <= {200, 201, 202} else f"answered {found}, ids {ids}"


# --- who asks ---------------------------------------------------------------------------------------------------------


def asks(world: World, audience: str, who: str, method: str, path: str, body: Any = None, *, key: str = "") -> Task:
    """One request with a session of its own, made before the race begins."""
    subject = world.names.get(who, who)
    headers = {"authorization": f"Bearer {world.token(audience, subject)}"}
    if key:
        headers["idempotency-key"] = f"race-{key}"
    return lambda: world.request(method, path, body, headers)


def clerk(world: World, who: str, path: str, body: Any, key: str) -> Task:
    return asks(world, "staff", who, "POST", path, body, key=key)


def member(world: World, who: str, method: str, path: str, body: Any, key: str) -> Task:
    return asks(world, "member", who, method, path, body, key=key)


def works(world: World, function: str, queue: str, row: str) -> Task:
    """A worker that has been handed a message about an outbox row."""
    text = f'{{"v": 1, "row": "{row}"}}'
    message = {"MessageId": f"m-{row}", "ReceiptHandle": f"r-{row}", "Body": text, "MD5OfBody": ""}
    event = shapes.of_queue(queue_arn(queue), [message])
    return lambda: world.lambdas.invoke(function, event)


# --- the pairs --------------------------------------------------------------------------------------------------------


def in_review(world: World) -> str:
    ready_to_submit(world, "chen", 1, "join")
    submitted(world, "chen", "join")
    world.lambdas.rest()
    return str(world.names["join"])


def seen(world: World, application: str) -> int:
    return int(people.staff(world, "reviewer").get(f"/staff/applications/{application}").json["version"])


@race("approve / approve", one_wins)
def approve_approve(world: World) -> Callable[[], Sequence[Task]]:
    path = f"/staff/applications/{in_review(world)}/approve"
    body = {"version": seen(world, world.names["join"])}
    return lambda: [clerk(world, "reviewer", path, body, f"approve-{n}") for n in range(2)]


@race("approve / withdraw", one_wins)
def approve_withdraw(world: World) -> Callable[[], Sequence[Task]]:
    application = in_review(world)
    body = {"version": seen(world, application)}
    return lambda: [
        clerk(world, "reviewer", f"/staff/applications/{application}/approve", body, "approve"),
        member(world, "chen", "POST", f"/applications/{application}/withdraw", body, "withdraw"),
    ]


@race("approve / return", one_wins)
def approve_return(world: World) -> Callable[[], Sequence[Task]]:
    path = f"/staff/applications/{in_review(world)}"
    body = {"version": seen(world, world.names["join"])}
    return lambda: [
        clerk(world, "reviewer", f"{path}/approve", body, "approve"),
        clerk(world, "reviewer", f"{path}/return", {**body, "reason": "请补正"}, "return"),
    ]


@race("submit / submit", one_wins)
def submit_submit(world: World) -> Callable[[], Sequence[Task]]:
    ready_to_submit(world, "chen", 1, "join")
    path = f"/applications/{world.names['join']}/submit"
    return lambda: [member(world, "chen", "POST", path, {}, f"submit-{n}") for n in range(2)]


@race("two units, one credit code: submit / submit", one_wins)
def submit_same_code(world: World) -> Callable[[], Sequence[Task]]:
    ready_to_submit(world, "chen", 1, "join")
    ready_to_submit(world, "wang", 1, "other")
    return lambda: [
        member(world, who, "POST", f"/applications/{world.names[name]}/submit", {}, f"submit-{name}")
        for who, name in (("chen", "join"), ("wang", "other"))
    ]


@race("the same key at once: submit", the_same_answer)
def same_key_submit(world: World) -> Callable[[], Sequence[Task]]:
    ready_to_submit(world, "chen", 1, "join")
    path = f"/applications/{world.names['join']}/submit"
    return lambda: [member(world, "chen", "POST", path, {}, "the-same") for _ in range(2)]


@race("the same key at once: a new upload", the_same_answer)
def same_key_upload(world: World) -> Callable[[], Sequence[Task]]:
    world.names["chen"] = people.logs_in(world, "chen")
    opened(world, "chen", 1, "join")
    body = {"application": world.names["join"], "slot": "licence", "file_name": "a.pdf"}
    return lambda: [member(world, "chen", "POST", "/uploads", body, "the-same") for _ in range(2)]


def being_checked(world: World, who: str = "chen", n: int = 1, name: str = "join", method: str = "transfer") -> str:
    ready_to_submit(world, who, n, name)
    submitted(world, who, name)
    decided(world, "reviewer", name, "approve")
    if method == "transfer":
        uploaded(world, who, name, "bank_receipt", scan("bank_receipt"))
    world.lambdas.rest()
    return paid(world, who, name, method)


@race("confirm / confirm", one_wins)
def confirm_confirm(world: World) -> Callable[[], Sequence[Task]]:
    path = f"/staff/payments/{being_checked(world)}/confirm"
    body = {"version": 0, "received": FEE}
    return lambda: [clerk(world, "finance", path, body, f"confirm-{n}") for n in range(2)]


@race("confirm / refuse", one_wins)
def confirm_refuse(world: World) -> Callable[[], Sequence[Task]]:
    path = f"/staff/payments/{being_checked(world)}"
    return lambda: [
        clerk(world, "finance", f"{path}/confirm", {"version": 0, "received": FEE}, "confirm"),
        clerk(world, "finance", f"{path}/refuse", {"version": 0, "reason": "查无此款"}, "refuse"),
    ]


@race("confirm / new receipt", one_wins)
def confirm_receipt(world: World) -> Callable[[], Sequence[Task]]:
    payment = being_checked(world)
    receipt = {"application": world.names["join"], "slot": "bank_receipt", "file_name": "a.pdf"}
    return lambda: [
        clerk(world, "finance", f"/staff/payments/{payment}/confirm", {"version": 0, "received": FEE}, "confirm"),
        member(world, "chen", "POST", "/uploads", receipt, "receipt"),
    ]


@race("pay / new receipt", both_may(also=(409,)))
def pay_receipt(world: World) -> Callable[[], Sequence[Task]]:
    ready_to_submit(world, "chen", 1, "join")
    submitted(world, "chen", "join")
    decided(world, "reviewer", "join", "approve")
    uploaded(world, "chen", "join", "bank_receipt", scan("bank_receipt"))
    world.lambdas.rest()
    application = world.names["join"]
    transfer = {
        "applications": [application], "method": "transfer", "amount": FEE, "payer": made_up.enterprise(1),
        "paid_on": world.clock.today().isoformat(), "bank_serial": "S1",
    }  # fmt: skip
    receipt = {"application": application, "slot": "bank_receipt", "file_name": "a.pdf"}
    return lambda: [
        member(world, "chen", "POST", "/payments", transfer, "pay"),
        member(world, "chen", "POST", "/uploads", receipt, "receipt"),
    ]


def a_member(world: World, who: str = "chen", n: int = 1, name: str = "join") -> dict[str, Any]:
    payment = being_checked(world, who, n, name, "cash")
    body = {"version": 0, "received": FEE}
    assert people.staff(world, "finance").post(f"/staff/payments/{payment}/confirm", body, key=f"c-{name}").ok
    world.lambdas.rest()
    enterprise: dict[str, Any] = people.member(world, who).get("/me/enterprise").json
    return enterprise


def pair(enterprise: dict[str, Any]) -> dict[str, str]:
    return {"name": enterprise["name"], "member_code": enterprise["member_code"]}


@race("bind / bind, one user to two enterprises", one_wins)
def bind_two(world: World) -> Callable[[], Sequence[Task]]:
    first, second = a_member(world), a_member(world, "wang", 2, "other")
    world.names["li"] = people.logs_in(world, "li")
    return lambda: [
        member(world, "li", "POST", "/me/binding", pair(each), f"bind-{each['member_code']}")
        for each in (first, second)
    ]


@race("bind / bind, two users to one enterprise", both_may(also=(503,)))
def bind_both(world: World) -> Callable[[], Sequence[Task]]:
    enterprise = a_member(world)
    for who in ("li", "zhao"):
        world.names[who] = people.logs_in(world, who)
    return lambda: [
        member(world, who, "POST", "/me/binding", pair(enterprise), f"bind-{who}") for who in ("li", "zhao")
    ]


@race("bind / submit, by one user", one_wins)
def bind_submit(world: World) -> Callable[[], Sequence[Task]]:
    enterprise = a_member(world)
    ready_to_submit(world, "li", 3, "own")
    return lambda: [
        member(world, "li", "POST", "/me/binding", pair(enterprise), "bind"),
        member(world, "li", "POST", f"/applications/{world.names['own']}/submit", {}, "submit"),
    ]


@race("unbind / submit, by one user", both_may(also=(409,)))
def unbind_submit(world: World) -> Callable[[], Sequence[Task]]:
    """He may submit only once he represents nobody: before that, the submission is told so."""
    enterprise = a_member(world)
    ready_to_submit(world, "li", 3, "own")
    li = people.member(world, "li")
    assert li.post("/me/binding", pair(enterprise), key="bind").status == 201
    world.lambdas.rest()
    return lambda: [
        member(world, "li", "DELETE", "/me/binding", None, "unbind"),
        member(world, "li", "POST", f"/applications/{world.names['own']}/submit", {}, "submit"),
    ]


@race("unbind / unbind, by himself and by an admin", one_wins)
def unbind_unbind(world: World) -> Callable[[], Sequence[Task]]:
    enterprise = a_member(world)
    world.names["li"] = people.logs_in(world, "li")
    assert people.member(world, "li").post("/me/binding", pair(enterprise), key="bind").status == 201
    world.lambdas.rest()
    path = f"/staff/users/{world.names['li']}/unbind"
    return lambda: [
        member(world, "li", "DELETE", "/me/binding", None, "unbind"),
        clerk(world, "admin", path, {"reason": "离职"}, "unbind-by-admin"),
    ]


def to_be_issued(world: World, *who: str) -> list[str]:
    """Each confirmed, and nobody has begun to make a certificate; answers the outbox rows."""
    names = [f"of-{each}" for each in who]
    payments = [being_checked(world, each, n, names[n - 1], "cash") for n, each in enumerate(who, 1)]
    finance, body = people.staff(world, "finance"), {"version": 0, "received": FEE}
    for payment in payments:
        assert finance.post(f"/staff/payments/{payment}/confirm", body, key=f"confirm-{payment}").ok
    shown = (finance.get(f"/staff/applications/{world.names[name]}").json for name in names)
    return [f"issue-{each['id']}-{len(each['history'])}" for each in shown]


@race("issue / issue, one message to two workers", quietly)
def issue_issue(world: World) -> Callable[[], Sequence[Task]]:
    (row,) = to_be_issued(world, "chen")
    return lambda: [works(world, "issuing", "IssuingQueue", row) for _ in range(2)]


@race("issue / send back", both_may(also=(409,)))
def issue_send_back(world: World) -> Callable[[], Sequence[Task]]:
    (row,) = to_be_issued(world, "chen")
    path = f"/staff/applications/{world.names['of-chen']}"
    body = {"version": seen(world, world.names["of-chen"]), "reason": "名称有误"}
    return lambda: [
        _as_an_answer(works(world, "issuing", "IssuingQueue", row)),
        clerk(world, "certifier", f"{path}/send-back", body, "send-back"),
    ]


def _as_an_answer(task: Task) -> Task:
    """A worker that comes back is as good as one that answers."""
    return lambda: Answer(200, {}, b"{}") if isinstance(task(), set) else None


@race("two at the number counter", quietly)
def two_numbers(world: World) -> Callable[[], Sequence[Task]]:
    rows = to_be_issued(world, "chen", "wang")
    return lambda: [works(world, "issuing", "IssuingQueue", row) for row in rows]


@race("three at the number counter", quietly, runners=3)
def three_numbers(world: World) -> Callable[[], Sequence[Task]]:
    rows = to_be_issued(world, "chen", "wang", "zhao")
    return lambda: [works(world, "issuing", "IssuingQueue", row) for row in rows]


def a_certificate(world: World) -> str:
    a_member(world)
    (certificate,) = people.member(world, "chen").get("/certificates").json["items"]
    world.names |= {"root": certificate["root"], "path": certificate["verify_path"]}
    return str(certificate["number"])


@race("revoke / verify", all_done)
def revoke_verify(world: World) -> Callable[[], Sequence[Task]]:
    number = a_certificate(world)
    return lambda: [
        clerk(world, "certifier", f"/staff/certificates/{number}/revoke", {"reason": "虚假"}, "revoke"),
        lambda: world.request("GET", world.names["path"], None, {"accept": "application/json"}),
    ]


@race("revoke / revoke", one_wins)
def revoke_revoke(world: World) -> Callable[[], Sequence[Task]]:
    path = f"/staff/certificates/{a_certificate(world)}/revoke"
    return lambda: [clerk(world, "certifier", path, {"reason": "虚假"}, f"revoke-{n}") for n in range(2)]


@race("revoke / mail", both_may(also=(409,)))
def revoke_mail(world: World) -> Callable[[], Sequence[Task]]:
    number = a_certificate(world)
    return lambda: [
        clerk(world, "certifier", f"/staff/certificates/{number}/revoke", {"reason": "虚假"}, "revoke"),
        member(world, "chen", "POST", f"/certificates/{world.names['root']}/mail", {"to": "a@example.com"}, "mail"),
    ]


@race("one mail, two workers", quietly)
def mail_mail(world: World) -> Callable[[], Sequence[Task]]:
    a_certificate(world)
    path = f"/certificates/{world.names['root']}/mail"
    mail = people.member(world, "chen").post(path, {"to": "canary-mail@example.com"}, key="mail").json["id"]
    return lambda: [works(world, "mailing", "MailingQueue", f"mail-{mail}") for _ in range(2)]


@race("an upload's event, twice at once", quietly)
def receive_receive(world: World) -> Callable[[], Sequence[Task]]:
    world.names["chen"] = people.logs_in(world, "chen")
    opened(world, "chen", 1, "join")
    uploaded(world, "chen", "join", "licence", scan("licence"))
    (message,) = world.emulation.client("sqs").receive_message(
        QueueUrl=world.emulation.names["UploadsQueue"], VisibilityTimeout=0
    )["Messages"]
    event = shapes.of_queue(queue_arn("UploadsQueue"), [message])
    return lambda: [lambda: world.lambdas.invoke("receiving", event) for _ in range(2)]


# --- running them -----------------------------------------------------------------------------------------------------


@contextmanager
def runners(world: World, count: int) -> Iterator[list[Runner]]:
    crew = [Runner(f"runner {n}") for n in range(count)]
    by_thread = {runner.thread.ident: runner for runner in crew}

    def stop(operation: str, request: Any) -> None:
        import threading  # noqa: PLC0415 - here alone

        runner = by_thread.get(threading.get_ident())
        if runner is not None:
            runner.stop_before(touched(operation, request))

    world.injector.before_each = stop
    try:
        yield crew
    finally:
        world.injector.before_each = None
        for runner in crew:
            runner.close()


def run(world: World, chosen: Race, most: int | None = None, *, thorough: bool = True) -> Run:
    """All orders of a race (or the first ``most``), each from the same moment, each followed by the promises."""
    world.injector.prepare(None)
    tasks = chosen.set_up(world)
    start = world.moment()
    told = len(world.told)

    def begin() -> Sequence[Task]:
        world.back_to(start)
        # Python 3.11 loads a cached property behind a lock: a runner that stops in it would stop the others for good
        _ = world.ports.printer._sealer  # type: ignore[attr-defined]  # the lazy one
        return tasks()

    orders, found = 0, []
    with runners(world, chosen.runners) as crew:
        for ran in every_order(crew, begin, most):
            orders += 1
            found += [
                Violation(each.promise, f"{ran.order}: {each.told}") for each in after(world, chosen, ran, thorough)
            ]
    assert len(world.told) == told
    return Run(chosen.name, orders, most is None or orders < most, tuple(found))


def after(world: World, chosen: Race, ran: Ran, thorough: bool) -> list[Violation]:  # noqa: FBT001 - passed on
    wrong = chosen.expect(ran.outcomes)
    found = [Violation(3, wrong)] if wrong else []
    try:
        world.lambdas.rest()
        settled(world)
    except Restless:
        return [*found, Violation(11, "did not come to rest")]
    checks = [each for each in PROMISES if each[0] not in ASKED_BY_NOBODY]
    checks += BY_ASKING_AGAIN[:1] if thorough else ()
    case = Case(world, look(world))
    return [*found, *(Violation(promise, told) for promise, check in checks for told in check(case))]


# Races ask past the people of the journey, so there is no list of what was asked for to count against.
ASKED_BY_NOBODY = {2}
