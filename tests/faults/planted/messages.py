"""Promises 6, 7 and 11: what is promised is sent, what comes again changes nothing, and all comes to rest."""

from contextlib import suppress
from typing import Any

from chalicelib.handlers import events
from chalicelib.operations import certificates, materials, outbox, outgoing, sweeping
from chalicelib.operations.carriers import NotDelivered
from chalicelib.operations.commands import Deed, settle
from chalicelib.operations.notices import tell
from chalicelib.operations.ports import Replace
from chalicelib.rules.records import Delivery, Mail, MaterialFile, OutboxRow, Work
from chalicelib.rules.uploads import Accepted
from chalicelib.rules.vocabulary import FileStatus
from tests.faults.planted.declared import Patch, plant
from tests.faults.world import World

# --- 6: notices and mails ---------------------------------------------------------------------------------------------


@plant(
    "the mail leaves before it is written down that it should",
    6,
    "a mail that nobody asked for",
    "发送到邮箱",
    modes=("unreachable",),
    at="send_to",
)
def send_first(patch: Patch) -> None:
    made = certificates._mail

    def hasty(ports: Any, order: Any, family: Any, to: str) -> Any:
        mail = made(ports, order, family, to)
        ports.post.send(outgoing._letter(ports, mail))
        return mail

    patch.setattr(certificates, "_mail", hasty)


@plant("the row is marked as done before the work", 6, "still waits", "发送到邮箱", modes=("crash before",), at="ses.")
def done_first(patch: Patch) -> None:
    def work(ports: Any, row: str) -> None:
        found = outbox.take(ports, row)
        if found is not None:
            outbox.done(ports, found)
            outbox.WORK[found.work](ports, *found.subject)

    patch.setattr(outbox, "work", work)


@plant(
    "a carrier's no is swallowed",
    6,
    "is marked as sent and never left",
    "发送到邮箱",
    modes=("throttled",),
    at="ses.",
)
def swallow_no(patch: Patch) -> None:
    def tried(ports: Any, held: Any, send: Any) -> Delivery:
        with suppress(NotDelivered):
            send()
        return Delivery.SENT

    patch.setattr(outgoing, "_tried", tried)


@plant(
    "that a mail was sent is known to the process alone until its row is done",
    6,
    "went out once more",
    "发送到邮箱",
    modes=("crash before",),
    at="TransactWriteItems < operations.outbox._mark",
)
def sent_in_memory(patch: Patch) -> None:
    """Whoever starts again sends again."""
    sent: set[str] = set()
    forget, done = World.forget, outbox.done

    def send_mail(ports: Any, mail: str) -> None:
        found = ports.records.get(Mail, mail)
        if found is None or found.delivery is Delivery.SENT or mail in sent:
            return
        ports.post.send(outgoing._letter(ports, ports.records.opened(found)))
        sent.add(mail)

    def done_and_marked(ports: Any, row: Any) -> None:
        done(ports, row)
        outgoing._settled(ports, ports.records.get(Mail, *row.subject), Delivery.SENT)

    def forgets(world: World) -> None:
        forget(world)
        sent.clear()

    patch.setitem(outbox.WORK, Work.MAIL, send_mail)
    patch.setattr(outbox, "done", done_and_marked)
    patch.setattr(World, "forget", forgets)


# --- 7: again changes nothing -----------------------------------------------------------------------------------------

CHANGED = "delivered again, it changed"


@plant("a message is worked on whether it was done or not", 7, CHANGED, "发送到邮箱")
def undone(patch: Patch) -> None:
    patch.setattr(outbox, "work", lambda ports, row: outbox._try(ports, ports.records.get(OutboxRow, row)))

    def send_mail(ports: Any, mail: str) -> None:
        found = ports.records.get(Mail, mail)
        ports.post.send(outgoing._letter(ports, ports.records.opened(found)))
        outgoing._settled(ports, found, Delivery.SENT)

    patch.setitem(outbox.WORK, Work.MAIL, send_mail)


@plant("a warning is known by when it was written", 7, CHANGED, "逾期提醒")
def warned_by_the_hour(patch: Patch) -> None:
    def hourly(ports: Any, said: Any, occasion: str) -> Any:
        (first, *_) = said.values()
        return tell(ports, said, f"{occasion}-{first.context['time']}")

    patch.setattr(sweeping, "tell", hourly)


@plant("an upload's event is believed whatever the slot says", 7, CHANGED, "覆盖")
def any_event(patch: Patch) -> None:
    """The real check without its guard on the status."""

    def receive(ports: Any, file: str) -> None:
        key = (file.partition(".")[0], file)
        expected = ports.records.get(MaterialFile, *key)
        uploaded = ports.files.uploaded(file, materials.ANY_DOCUMENT.max_bytes)
        if expected is None or uploaded is None:
            return
        name = ports.records.opened(expected).name.plain
        verdict = ports.inspector.inspect(uploaded.data, materials.ANY_DOCUMENT, name)
        assert isinstance(verdict, Accepted)
        ports.files.keep(file, uploaded.tag, materials._place(file, verdict))
        settle(ports, lambda: _accepted(ports, key, verdict))

    patch.setattr(materials, "receive", receive)


def _accepted(ports: Any, key: tuple[str, str], verdict: Accepted) -> Deed:
    expected = ports.records.get(MaterialFile, *key)
    after = expected.changed(
        status=FileStatus.ACCEPTED, kept=materials._place(key[1], verdict), kind=verdict.kind.value,
        sha256=verdict.sha256, size=verdict.size, pages=verdict.pages, checked_at=ports.clock.now(),
    )  # fmt: skip
    return Deed((Replace(expected, after),), key[1])


# --- 11: rest ---------------------------------------------------------------------------------------------------------


@plant(
    "a message that failed is reported as done, and the row left to the sweeper",
    11,
    "a dead letter: it never came to that",
    "邮件不通",
)
def failed_in_silence(patch: Patch) -> None:
    def tried(ports: Any, row: Any) -> None:
        with suppress(Exception):
            outbox.WORK[row.work](ports, *row.subject)
            outbox.done(ports, row)

    patch.setattr(outbox, "_try", tried)


@plant("an exception in an event function is swallowed", 11, "given up, and staff do not see it", "毒消息")
def swallowed(patch: Patch) -> None:
    def tried(attempt: Any, item: Any, _: str) -> bool:
        with suppress(Exception):
            attempt(item)
        return True

    patch.setattr(events, "_tried", tried)


@plant("nobody looks for uploads that never came", 11, "waits for ever", "没有传到")
def no_sweeper(patch: Patch) -> None:
    patch.setattr(sweeping, "_look_for", lambda *_: None)


@plant(
    "a dead letter without a reason",
    11,
    "is a dead letter without a reason",
    "发送到邮箱",
    modes=("outage of 12 deliveries",),
    at="ses.",
)
def no_reason(patch: Patch) -> None:
    mark = outbox._mark
    patch.setattr(outbox, "_mark", lambda ports, row, status, _: mark(ports, row, status, None))
