"""Naive variants of the platform, each of which breaks a promise: a harness that does not notice them proves nothing.

Each is planted alone, into the running code; then the points (or orders, or plain steps) where it shows are run, until
the promise that it breaks is found broken.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import pytest

from chalicelib.aws import writing
from chalicelib.aws.planning import Verb
from chalicelib.aws.queues import SqsQueues
from chalicelib.documents import certificate as paper
from chalicelib.handlers.logbook import log
from chalicelib.operations import (
    accounts,
    applications,
    certificates,
    commands,
    issuing,
    materials,
    outbox,
    outgoing,
    payments,
    sweeping,
)
from chalicelib.operations.carriers import NotDelivered
from chalicelib.operations.ports import Busy, Insert, Replace, Require
from chalicelib.rules import workflow
from chalicelib.rules.records import Acknowledgement, Certificate, Delivery, Entry, User
from chalicelib.rules.vocabulary import Action, Effect, Personal
from tests.faults import promises, races
from tests.faults.crashes import Chapter, struck
from tests.faults.injector import Call, Plan, plans
from tests.faults.lambdas import CAPRICES, IN_ORDER
from tests.faults.promises import Violation
from tests.faults.world import KNOWN, Moment, World

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Planted:
    """``promise``: the one it breaks. ``where``: the steps that show it (a part of their names), or the races.

    ``modes`` empty: the steps run smoothly, in order and each event twice.
    """

    name: str
    promise: int
    plant: Callable[[Patch], None]
    where: tuple[str, ...]
    modes: tuple[str, ...] = ()
    raced: bool = False
    at: Callable[[Call], bool] = field(default=lambda _: True)


@dataclass(frozen=True)
class Caught:
    planted: Planted
    runs: int
    violation: Violation | None


PLANTED: list[Planted] = []


def plant(
    name: str, promise: int, *where: str, modes: tuple[str, ...] = (), raced: bool = False, at: str = ""
) -> Callable[[Callable[[Patch], None]], Any]:
    def declare(planting: Callable[[Patch], None]) -> Callable[[Patch], None]:
        PLANTED.append(Planted(name, promise, planting, where, modes, raced, lambda call: at in call.site))
        return planting

    return declare


def caught(world: World, chapters: list[Chapter], planted: Planted, start: Moment) -> Caught:
    forget_papers()
    runs = 0
    with pytest.MonkeyPatch.context() as patch:
        planted.plant(patch)
        for violations in _races(world, planted, start) if planted.raced else _steps(world, chapters, planted):
            runs += 1
            found = next((each for each in violations if each.promise == planted.promise), None)
            if found is not None:
                break
        else:
            found = None
    forget_papers()
    return Caught(planted, runs, found)


def forget_papers() -> None:
    """What was drawn before (or after) something was planted is no witness."""
    promises.DRAWN.clear()
    for known in KNOWN:
        known.clear()


def _races(world: World, planted: Planted, start: Moment) -> Iterator[tuple[Violation, ...]]:
    for race in races.RACES:
        if any(name in race.name for name in planted.where):
            world.back_to(start)
            yield races.run(world, race).violations


def _steps(world: World, chapters: list[Chapter], planted: Planted) -> Iterator[tuple[Violation, ...]]:
    for chapter in chapters:
        if any(name in chapter.step.name for name in planted.where):
            for plan in _plans(chapter, planted):
                yield struck(world, chapter, plan).violations
            if not planted.modes:
                yield struck(world, chapter, None, IN_ORDER).violations
                yield struck(world, chapter, None, CAPRICES[0]).violations


def _plans(chapter: Chapter, planted: Planted) -> Iterator[Plan]:
    meant = (each for each in plans(chapter.calls) if each.mode.name in planted.modes)
    return (each for each in meant if planted.at(chapter.calls[each.number]))


# --- 1: an acknowledged write is there for good, with its files -------------------------------------------------------


@plant("a busy store is taken for a good one", 1, "提交 submitted", modes=("throttled",), at="Transact")
def swallow_busy(patch: Patch) -> None:
    commit = writing.Writer.commit

    def careless(writer: writing.Writer, changes: Any) -> None:
        try:
            commit(writer, changes)
        except Busy:
            return

    patch.setattr(writing.Writer, "commit", careless)


@plant(
    "a lost answer is taken for a yes, without reading back", 1, "提交 submitted", modes=("unreachable",), at="Transact"
)
def believe(patch: Patch) -> None:
    patch.setattr(writing.Writer, "_look", lambda *_: None)


@plant("the slot says accepted before the file is kept", 1, "上传资料", modes=("crash before",), at="materials")
def accept_first(patch: Patch) -> None:
    settle = materials.settle

    def receive(ports: Any, file: str) -> None:
        application = file.partition(".")[0]
        expected = ports.records.get(materials.MaterialFile, application, file)
        if expected is None or expected.status is not materials.FileStatus.WAITING:
            return
        uploaded = ports.files.uploaded(file, materials.ANY_DOCUMENT.max_bytes)
        if uploaded is None:
            return
        verdict = ports.inspector.inspect(uploaded.data, materials.ANY_DOCUMENT, "x")
        settle(ports, lambda: materials._checked(ports, application, file, verdict))
        ports.files.keep(file, uploaded.tag, materials._place(file, verdict))

    patch.setattr(materials, "receive", receive)


# --- 2: once for one key ----------------------------------------------------------------------------------------------


def _apart(patch: Patch, first: Callable[[Any], bool]) -> None:
    """What is chosen is committed by itself, before the rest."""
    commit = writing.Writer.commit

    def in_two(writer: writing.Writer, changes: Any) -> None:
        ahead = tuple(each for each in changes if first(each))
        rest = tuple(each for each in changes if not first(each))
        for part in (ahead, rest):
            if part:
                commit(writer, part)

    patch.setattr(writing.Writer, "commit", in_two)


@plant("the acknowledgement is committed after the effect", 2, "上传资料", modes=("crash after",), at="Transact")
def acknowledge_after(patch: Patch) -> None:
    _apart(patch, lambda change: not (isinstance(change, Insert) and isinstance(change.record, Acknowledgement)))


@plant("nobody looks whether the key was used", 2, "上传资料", modes=("crash after",), at="Transact")
def no_key(patch: Patch) -> None:
    def once(ports: Any, order: Any, deed: Any) -> str:
        done = deed()
        given = (Insert(commands._acknowledgement(ports, replace(order, key=ports.ids.new("k")), done.subject)),)
        ports.records.commit(*commands.united(done.changes), *given)
        return str(done.subject)

    for module in (materials, applications, payments, certificates):
        patch.setattr(module, "once", once)


@plant("another body under the same key is answered as the first", 2, "缴费 the")
def any_body(patch: Patch) -> None:
    patch.setattr(commands, "_answered_before", lambda earlier, _: earlier.subject)


# --- 3: only along the table, without gaps ----------------------------------------------------------------------------


@plant("no condition on what is put", 3, "approve / withdraw", raced=True)
def no_condition(patch: Patch) -> None:
    condition = writing._condition

    def lax(write: Any, models: Any) -> Any:
        return None if write.verb is Verb.PUT else condition(write, models)

    patch.setattr(writing, "_condition", lax)


@plant("history is committed before the state", 3, "审核通过", modes=("crash after",), at="Item")
def history_first(patch: Patch) -> None:
    _apart(patch, lambda change: isinstance(change, Insert) and isinstance(change.record, Entry))


@plant("an edge that is not in the table", 3, "撤回 withdrawn")
def off_the_table(patch: Patch) -> None:
    taken = workflow._taken

    def jump(step: Any, *given: Any) -> Any:
        return (
            taken(replace(step, after=workflow.TABLE[given[0].service].steps[0].before), *given)
            if (step.action is Action.WITHDRAW)
            else taken(step, *given)
        )

    patch.setattr(workflow, "_taken", jump)


# --- 4: numbers -------------------------------------------------------------------------------------------------------


@plant("the counter moves by itself, before the reservation", 4, "核账通过", modes=("crash before",), at="issuing")
def count_first(patch: Patch) -> None:
    _apart(patch, lambda change: type(_record(change)).__name__ == "Counter")


def _record(change: Any) -> Any:
    return change.after if isinstance(change, Replace) else change.record


@plant("the application does not remember its number", 4, "核账通过", modes=("crash before",), at="PutObject")
def forgotten_number(patch: Patch) -> None:
    reservation = issuing._reservation
    latest: dict[str, Any] = {}

    def reserve(ports: Any, application: str) -> Any:
        deed = reservation(ports, application)
        if deed is None:
            return None
        latest[application] = deed.subject
        kept = tuple(each for each in deed.changes if type(_record(each)).__name__ != "Application")
        return replace(deed, changes=kept)

    def reserved(ports: Any, folder: Any) -> Any:
        identity = folder.application.id
        issuing.settle(ports, lambda: reserve(ports, identity))
        return ports.records.get(Certificate, latest[identity])

    patch.setattr(issuing, "_reserved", reserved)


@plant("a number that will not be issued is not made void", 4, "制证退回")
def no_void(patch: Patch) -> None:
    patch.setitem(applications.EFFECTS, Effect.VOID_NUMBER, lambda *_: ())


@plant("the counter is added to blindly", 4, "two at the number counter", raced=True)
def blind_add(patch: Patch) -> None:
    condition = writing._condition

    def blind(write: Any, models: Any) -> Any:
        if type(write.record).__name__ in ("Counter", "Claim"):
            return None
        return condition(write, models)

    patch.setattr(writing, "_condition", blind)


# --- 5: from one approved application, guards true --------------------------------------------------------------------


@plant("what the guards asked is not required when it commits", 5, "bind / submit", raced=True)
def unwatched(patch: Patch) -> None:
    recorded = applications.recorded

    def lax(ports: Any, decision: Any, gathered: Any) -> Any:
        changes = recorded(ports, decision, gathered)
        kept = (each for each in changes if not isinstance(each, Require))
        return tuple(each for each in kept if type(_record(each)).__name__ != "User")

    for module in (applications, payments, issuing):
        patch.setattr(module, "recorded", lax)


@plant("nothing is claimed when it is submitted", 5, "提交 submitted")
def no_claims(patch: Patch) -> None:
    patch.setitem(applications.EFFECTS, Effect.CLAIM, lambda *_: ())


@plant("the enterprise is enrolled before its certificate counts", 5, "核账通过", modes=("crash after",), at="Transact")
def enrol_apart(patch: Patch) -> None:
    of_it = ("Certificate", "Edition", "Application", "Entry")
    _apart(patch, lambda change: type(_record(change)).__name__ in of_it)


# --- 6: notices and mails ---------------------------------------------------------------------------------------------


@plant(
    "the mail leaves before it is written down that it should", 6, "发送到邮箱", modes=("unreachable",), at="send_to"
)
def send_first(patch: Patch) -> None:
    made = certificates._mail

    def hasty(ports: Any, order: Any, family: Any, to: str) -> Any:
        mail = made(ports, order, family, to)
        ports.post.send(outgoing._letter(ports, mail))
        return mail

    patch.setattr(certificates, "_mail", hasty)


@plant("the row is marked as done before the work", 6, "发送到邮箱", modes=("crash before",), at="ses.")
def done_first(patch: Patch) -> None:
    def work(ports: Any, row: str) -> None:
        found = outbox.take(ports, row)
        if found is not None:
            outbox.done(ports, found)
            outbox.WORK[found.work](ports, *found.subject)

    patch.setattr(outbox, "work", work)


@plant("a carrier's no is swallowed", 6, "发送到邮箱", modes=("throttled",), at="ses.")
def swallow_no(patch: Patch) -> None:
    def tried(ports: Any, held: Any, send: Any) -> Delivery:
        with suppress(NotDelivered):
            send()
        return Delivery.SENT

    patch.setattr(outgoing, "_tried", tried)


# --- 7: again changes nothing -----------------------------------------------------------------------------------------


@plant("a message is worked on whether it was done or not", 7, "发送到邮箱")
def undone(patch: Patch) -> None:
    patch.setattr(outbox, "work", lambda ports, row: outbox._try(ports, ports.records.get(outbox.OutboxRow, row)))

    def send_mail(ports: Any, mail: str) -> None:
        found = ports.records.get(outgoing.Mail, mail)
        ports.post.send(outgoing._letter(ports, ports.records.opened(found)))
        outgoing._settled(ports, found, Delivery.SENT)

    patch.setitem(outbox.WORK, outbox.Work.MAIL, send_mail)


@plant("a warning is known by when it was written", 7, "逾期提醒")
def warned_by_the_hour(patch: Patch) -> None:
    told = sweeping.message_to

    def message_to(user: str, notice: str, context: Any, at: Any, occasion: str) -> Any:
        return told(user, notice, context, at, f"{occasion}-{context['time']}")

    patch.setattr(sweeping, "message_to", message_to)


@plant("an upload's event is believed whatever the slot says", 7, "删除文件", "上传资料")
def any_event(patch: Patch) -> None:
    def receive(ports: Any, file: str) -> None:
        application = file.partition(".")[0]
        uploaded = ports.files.uploaded(file, materials.ANY_DOCUMENT.max_bytes)
        if uploaded is None:
            return
        expected = ports.records.get(materials.MaterialFile, application, file)
        if expected is None:
            return
        after = expected.changed(status=materials.FileStatus.WAITING, name=ports.records.opened(expected).name)
        ports.records.commit(Replace(expected, after))

    patch.setattr(materials, "receive", receive)


# --- 8: personal data -------------------------------------------------------------------------------------------------


@plant("what stands beside the ciphertext is no mask", 8, "个人资料")
def in_the_clear(patch: Patch) -> None:
    sealed_body = writing.sealed_body

    def unmasked(record: Any, vault: Any) -> Any:
        if isinstance(record, User) and record.name is not None and record.name.plain is not None:
            record = replace(record, name=Personal(record.name.plain, record.name.plain))
        return sealed_body(record, vault)

    patch.setattr(writing, "sealed_body", unmasked)


@plant("a name gets into the log", 8, "个人资料")
def logged(patch: Patch) -> None:
    save = accounts.save_profile

    def telling(ports: Any, order: Any, name: str, phone: str) -> str:
        log.info("profile saved for %s", name)
        return save(ports, order, name, phone)

    patch.setattr(accounts, "save_profile", telling)


@plant("a message carries the address", 8, "发送到邮箱")
def in_the_queue(patch: Patch) -> None:
    send = SqsQueues.send

    def telling(queues: Any, work: Any, row: str, rounds: int) -> None:
        send(queues, work, row, rounds)
        queues._sqs.send_message(QueueUrl=queues._addresses[work], MessageBody='{"to": "canary-mail@example.com"}')

    patch.setattr(SqsQueues, "send", telling)


# --- 9: money ---------------------------------------------------------------------------------------------------------


@plant("a receipt counts as the money", 9, "缴费 the")
def receipt_is_money(patch: Patch) -> None:
    taken = workflow._taken

    def trusting(step: Any, application: Any, *given: Any) -> Any:
        decision = taken(step, application, *given)
        if step.action is not Action.PAY:
            return decision
        return replace(decision, application=replace(decision.application, paid=application.amount_due or 0))

    patch.setattr(workflow, "_taken", trusting)


@plant("a refused payment stays on the list", 9, "核账不通过")
def still_listed(patch: Patch) -> None:
    def replace_all_but_payments(changes: Any) -> Any:
        return tuple(each for each in changes if type(_record(each)).__name__ != "Payment")

    once = payments.once

    def forgetting(ports: Any, order: Any, deed: Any) -> str:
        def less() -> Any:
            done = deed()
            return replace(done, changes=replace_all_but_payments(done.changes))

        return str(once(ports, order, less))

    patch.setattr(payments, "once", forgetting)


@plant("the dues of a year are booked once more for each try", 9, "核账通过")
def booked_twice(patch: Patch) -> None:
    taken = workflow._taken

    def doubling(step: Any, application: Any, *given: Any) -> Any:
        decision = taken(step, application, *given)
        if step.action is not Action.ISSUE:
            return decision
        return replace(decision, application=replace(decision.application, paid=application.paid * 2))

    patch.setattr(workflow, "_taken", doubling)


# --- 10: the same paper -----------------------------------------------------------------------------------------------


@plant("each drawing has an identity of its own", 10, "核账通过")
def drawn_by_chance(patch: Patch) -> None:
    imprint, numbers = paper.Imprint, count()
    patch.setattr(paper, "Imprint", lambda **given: imprint(**{**given, "identity": f"{next(numbers):032}"}))


@plant("the day of today is printed, not the recorded one", 10, "核账通过")
def dated_today(patch: Patch) -> None:
    face = issuing.member_face

    def today(ports: Any, settings: Any, certificate: Any) -> Any:
        return replace(face(ports, settings, certificate), issued_on=ports.clock.today())

    patch.setitem(issuing.FACES, issuing.CertificateKind.MEMBER, today)


# --- 11: rest ---------------------------------------------------------------------------------------------------------


@plant(
    "a failed message is reported as done, and the sweeper trusts it",
    11,
    "发送到邮箱",
    modes=("crash before",),
    at="ses.",
)
def trusting_sweeper(patch: Patch) -> None:
    patch.setattr(sweeping, "is_overdue", lambda row, _: row.handed_at is None)
    send = outgoing.send_mail

    def swallowing(ports: Any, mail: str) -> None:
        try:
            send(ports, mail)
        except BaseException:  # noqa: BLE001 - the naive variant itself
            return

    patch.setitem(outbox.WORK, outbox.Work.MAIL, swallowing)
    patch.setattr(outbox, "done", lambda *_: None)


@plant("nobody looks for uploads that never came", 11, "没有传到")
def no_sweeper(patch: Patch) -> None:
    patch.setattr(sweeping, "_look_for", lambda *_: None)


@plant("a dead letter without a reason", 11, "发送到邮箱", modes=("outage of 12 deliveries",), at="ses.")
def no_reason(patch: Patch) -> None:
    mark = outbox._mark
    patch.setattr(outbox, "_mark", lambda ports, row, status, _: mark(ports, row, status, None))
