"""Promise 2: once for one key. The same again is answered the same, another body under the key is 422."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.aws.places import data_key_place, tally_place
from chalicelib.aws.tables import Table
from chalicelib.rules.records import (
    Acknowledgement,
    Application,
    BindingRequest,
    Invoice,
    Mail,
    MaterialFile,
    Payment,
    Record,
    Statement,
    StatementStatus,
)
from chalicelib.rules.vocabulary import FileStatus
from tests.faults.observed import exactly
from tests.faults.promises.acknowledged import gone_with_its_matter, removes_a_file
from tests.faults.promises.bodies import another_body
from tests.faults.promises.case import Case, changes, difference
from tests.faults.promises.personal import CANARIES
from tests.faults.world import Answer, Told, World

BEFOREHAND = tuple(f"{Table.ACCOUNTS} {place('').pk}" for place in (tally_place, data_key_place))
REUSED = "idempotency_key_reused"
# What tells how things stand now, which has moved on since the first answer; and what a bucket signs anew each time.
MOVING = frozenset(
    {
        "state", "status", "version", "since", "submitted_at", "checked_at", "decided_at", "expires_at", "requested_at",
        "missing", "slots", "history", "actions", "held_by", "form", "reason", "year", "amount_due", "payment",
        "certificate", "consents", "enterprise", "received", "standing", "revoked_on", "revoked_reason", "title",
        "trouble", "office_hours", "paid", "paper_at", "persons", "changes", "changed_since_return", "settled_at",
        "credited", "balance", "former_member", "next",
        "closed_at", "evidence", "candidates", "bound", "note",
        "locked_until", "roles", "disabled", "warning",
        "policy", "x-amz-signature", "x-amz-date", "x-amz-credential", "signature", "AWSAccessKeyId",
    }
)  # fmt: skip


# Of an enterprise as the register has it now: an application may have changed it, and another may have paid.
REGISTERED = frozenset({"name", "legal_representative", "paid_years", "representatives", "ended", "earlier"})


def _never(_: Told) -> bool:
    return False


@dataclass(frozen=True)
class Kind:
    """As many of ``record`` as were asked for, less those that somebody removed."""

    record: type[Record]
    asked: Callable[[Told], bool]
    removed: Callable[[Told], bool] = _never


def _asks_for_a_file(told: Told) -> bool:
    return told.path == "/uploads" or told.path.endswith(("/upload", "/evidence"))


def _asks_for_a_mail(told: Told) -> bool:
    return told.path.endswith(("/mail", "/issue"))  # an invoice that is issued goes by mail


KINDS = (
    Kind(Application, lambda told: told.path == "/applications"),
    Kind(MaterialFile, _asks_for_a_file, removes_a_file),
    Kind(Payment, lambda told: told.path == "/payments"),
    Kind(Mail, _asks_for_a_mail),
    Kind(Invoice, lambda told: told.path == "/invoices" or told.path.endswith("/reissue")),
    Kind(BindingRequest, lambda told: told.path == "/binding-requests"),
    Kind(Statement, lambda told: told.path == "/staff/statements"),
)


def _is_a_notice(record: Record) -> bool:
    """To a contact, for want of a representative: nobody asked for it under a key."""
    return isinstance(record, Mail) and record.contact_of is not None


def done_once(case: Case) -> Iterator[str]:
    """One effect for each key: what a key promised is there once."""
    told = Counter((each.who, each.key) for each in case.world.told)
    yield from (f"two answers under one key: {key}" for (_, key), times in told.items() if times > 1)
    for kind in KINDS:
        wanted = sum(map(kind.asked, case.world.told)) - sum(map(kind.removed, case.world.told))
        wanted -= len(gone_with_its_matter(case)) if kind.record is MaterialFile else 0
        found = sum(not _is_a_notice(each) for each in case.seen.records(kind.record))
        if found != wanted:
            yield f"{wanted} times {kind.record.__name__} asked for, {found} are there"
    for row in case.seen.records(Acknowledgement):
        if any(canary in repr(row) for canary in CANARIES):
            yield f"personal data in the acknowledgement of {row.operation}"


def same_key_same_answer(case: Case) -> Iterator[str]:
    """Everything that was told as done in this step, asked for again under its key; then with another body."""
    world = case.world
    for told in world.told[world.told_before :]:
        again = _asked(world, told, told.body)
        if _is_over(case, told, again):
            continue
        if again.status != told.answer.status or _lasting(again) != _lasting(told.answer):
            seen = difference([str(_lasting(told.answer))], [str(_lasting(again))])
            yield f"{told.method} {told.path} again: {told.answer.status}, then {again.status}\n{seen}"
        other = another_body(told)
        if other is not None:
            yield from _refused(told, _asked(world, told, other))
    before, after = (_less_beforehand(exactly(each.seen)) for each in (case, case.again()))
    if after != before:
        yield f"asking again changed something:\n{changes(before, after)}"


def _less_beforehand(there: dict[str, str]) -> dict[str, str]:
    """What is written before it is known whether the write goes on: whoever asks is counted (bindings tried, mails
    asked for this hour), and who is new gets a data key, which seals nothing when the write is refused.
    """
    return {place: text for place, text in there.items() if not place.startswith(BEFOREHAND)}


def _asked(world: World, told: Told, body: Any) -> Answer:
    headers = {"idempotency-key": told.key, "authorization": f"Bearer {world.token(*told.who)}"}
    return world.request(told.method, told.path, body, headers) or Answer(599, {}, b"{}")


def _is_over(case: Case, told: Told, again: Answer) -> bool:
    """What the first answer opened is closed by now, and must not be opened once more by an old key."""
    if (_asks_for_a_file(told) or told.path == "/staff/statements") and _codes(again) == ["upload_settled"]:
        waiting = {each.id for each in case.seen.records(MaterialFile) if each.status is FileStatus.WAITING}
        waiting |= {each.id for each in case.seen.records(Statement) if each.status is StatementStatus.WAITING}
        return again.status == 409 and told.answer.json["id"] not in waiting
    return again.status == 404 and _was_unbound_since(case.world, told)


def _was_unbound_since(world: World, told: Told) -> bool:
    """Whoever bound himself and was unbound later must not see the enterprise once more by an old key."""
    if (told.method, told.path) != ("POST", "/me/binding"):
        return False
    later = world.told[world.told.index(told) + 1 :]
    by_himself = any((each.who, each.method, each.path) == (told.who, "DELETE", "/me/binding") for each in later)
    return by_himself or any(each.path == f"/staff/users/{told.who[1]}/unbind" for each in later)


def _lasting(answer: Answer) -> Any:
    return _less_what_moves(answer.json) if answer.body else None


def _less_what_moves(value: Any) -> Any:
    match value:
        case dict():
            moving = MOVING | REGISTERED if "member_code" in value else MOVING
            return {name: _less_what_moves(each) for name, each in value.items() if name.lower() not in moving}
        case list():
            return [_less_what_moves(each) for each in value]
    return value


def _refused(told: Told, answer: Answer) -> Iterator[str]:
    if answer.status != 422 or _codes(answer) != [REUSED]:
        yield f"{told.method} {told.path} with another body: {answer.status} {_codes(answer)}"


def _codes(answer: Answer) -> list[str]:
    return [each["code"] for each in answer.json.get("reasons", ())]
