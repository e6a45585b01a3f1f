"""Promises 1 to 3: what was acknowledged is there; once for one key; only along the table."""

from dataclasses import replace
from typing import Any

from chalicelib import wiring
from chalicelib.aws import writing
from chalicelib.aws.planning import Verb
from chalicelib.operations import applications, certificates, commands, materials, payments
from chalicelib.operations.commands import settle
from chalicelib.operations.ports import Busy, Insert, Replace
from chalicelib.rules import workflow
from chalicelib.rules.records import Acknowledgement, Application, Entry, MaterialFile
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Action, FileStatus
from tests.faults.planted.declared import Patch, committed_apart, plant, record_of

# --- 1: an acknowledged write is there for good, with its files -------------------------------------------------------

NOTHING_KEPT = "was acknowledged, and nothing of it is kept"


@plant("a busy store is taken for a good one", 1, NOTHING_KEPT, "提交 submitted", modes=("throttled",), at="Transact")
def swallow_busy(patch: Patch) -> None:
    commit = writing.Writer.commit

    def careless(writer: writing.Writer, changes: Any) -> None:
        try:
            commit(writer, changes)
        except Busy:
            return

    patch.setattr(writing.Writer, "commit", careless)


@plant(
    "a lost answer is taken for a yes, without reading back",
    1,
    NOTHING_KEPT,
    "提交 submitted",
    modes=("unreachable",),
    at="Transact",
)
def believe(patch: Patch) -> None:
    patch.setattr(writing.Writer, "_look", lambda *_: None)


@plant(
    "one commit's token is used again for the next",
    1,
    NOTHING_KEPT,
    "补正后再提交",
    modes=("unreachable",),
    at="TransactWriteItems < operations.applications.act",
)
def token_reused(patch: Patch) -> None:
    """Read back after a lost answer, the token of the save before looks like that of the submission."""
    patch.setattr("chalicelib.aws.writing.secrets.token_urlsafe", lambda _: "always-the-same")


@plant(
    "the slot says accepted before the file is kept",
    1,
    "is not what was sent",
    "上传资料",
    modes=("crash before",),
    at="s3.CopyObject",
)
def accept_first(patch: Patch) -> None:
    def receive(ports: Any, file: str) -> None:
        application = file.partition(".")[0]
        expected = ports.records.get(MaterialFile, application, file)
        if expected is None or expected.status is not FileStatus.WAITING:
            return
        uploaded = ports.files.uploaded(file, materials.ANY_DOCUMENT.max_bytes)
        if uploaded is None:
            return
        verdict = ports.inspector.inspect(uploaded.data, materials.ANY_DOCUMENT, "x.pdf")
        settle(ports, lambda: materials._checked(ports, application, file, verdict))
        ports.files.keep(file, uploaded.tag, materials._place(file, verdict))

    patch.setattr(materials, "receive", receive)


# --- 2: once for one key ----------------------------------------------------------------------------------------------


@plant(
    "the acknowledgement is committed after the effect",
    2,
    "times MaterialFile asked for",
    "上传资料",
    modes=("crash after",),
    at="Transact",
)
def acknowledge_after(patch: Patch) -> None:
    committed_apart(
        patch, lambda change: not (isinstance(change, Insert) and isinstance(change.record, Acknowledgement))
    )


@plant("nobody looks whether the key was used", 2, "POST /uploads again", "上传资料")
def no_key(patch: Patch) -> None:
    def once(ports: Any, order: Any, deed: Any) -> str:
        done = deed()
        given = (Insert(commands._acknowledgement(ports, replace(order, key=ports.ids.new("k")), done.subject)),)
        ports.records.commit(*commands.united(done.changes), *given)
        return str(done.subject)

    for module in (materials, applications, payments, certificates):
        patch.setattr(module, "once", once)


@plant("another body under the same key is answered as the first", 2, "with another body: 201", "缴费 the")
def any_body(patch: Patch) -> None:
    patch.setattr(commands, "_answered_before", lambda earlier, _: earlier.subject)


# --- 3: only along the table, without gaps ----------------------------------------------------------------------------


@plant(
    "whatever the state has become, it is overwritten", 3, "is no edge of the table", "approve / withdraw", raced=True
)
def no_condition(patch: Patch) -> None:
    """The history is appended to wherever it ends, as a list would be."""
    commit, condition = writing.Writer.commit, writing._condition

    def at_the_end(writer: writing.Writer, changes: tuple[Any, ...]) -> None:
        entries = [
            each.record for each in changes if isinstance(each.record if isinstance(each, Insert) else None, Entry)
        ]
        if not entries:
            commit(writer, changes)
            return
        folder = wiring.ports().records.folder(entries[0].application)
        number = len(folder.entries) + 1 if folder else 1
        commit(writer, tuple(_numbered(each, number) for each in changes))

    def lax(write: Any, models: Any) -> Any:
        of_it = isinstance(write.record, Application) and write.verb is Verb.PUT
        return None if of_it else condition(write, models)

    patch.setattr(writing.Writer, "commit", at_the_end)
    patch.setattr(writing, "_condition", lax)


def _numbered(change: Any, number: int) -> Any:
    record = record_of(change)
    if isinstance(record, Entry):
        return Insert(replace(record, number=number))
    if isinstance(change, Replace) and isinstance(record, Application):
        return Replace(change.before, replace(record, entries=number))
    return change


@plant("history is committed before the state", 3, "history has gaps", "审核通过", modes=("crash before",), at="Item")
def history_first(patch: Patch) -> None:
    committed_apart(patch, lambda change: isinstance(change, Insert) and isinstance(change.record, Entry))


@plant("an edge that is not in the table", 3, "is no edge of the table", "撤回 withdrawn")
def off_the_table(patch: Patch) -> None:
    taken = workflow._taken

    def jump(step: Any, application: Any, *given: Any) -> Any:
        first = TABLE[application.service].steps[0].before
        return taken(replace(step, after=first) if step.action is Action.WITHDRAW else step, application, *given)

    patch.setattr(workflow, "_taken", jump)
