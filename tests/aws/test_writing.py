"""What only the real store has: lost answers, calls that are counted, and rows that a stranger may look at."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.aws.codec import encoded
from chalicelib.aws.planning import items_of
from chalicelib.aws.records import DynamoRecords
from chalicelib.aws.tables import Table
from chalicelib.operations.ports import Asked, Busy, Change, Conflict, Insert, Remove, Replace, Require
from chalicelib.rules.records import (
    Application,
    ClaimKind,
    Entry,
    MaterialVerdict,
    OutboxStatus,
    Record,
    SeenFile,
    Shelf,
    User,
)
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import FileStatus, Personal, State
from tests.aws import samples
from tests.aws.emulated import REGION, counted, crash_before, lost_answer, raw_items, trouble

COMMIT = "TransactWriteItems"
LARGEST_ITEM = 400 * 1024  # bytes, DynamoDB's bound


def insert(store: DynamoRecords, *new: Record) -> None:
    store.commit(*(Insert(each) for each in new))


# --- lost answers -----------------------------------------------------------------------------------------------------


def submission(store: DynamoRecords) -> tuple[Change, ...]:
    before = samples.application()
    insert(store, before, samples.shelf())
    after = before.changed(state=State.IN_REVIEW, entries=1)
    return (
        Replace(before, after),
        Insert(samples.entry()),
        Insert(samples.claim()),
        Require(samples.shelf()),
        Insert(samples.acknowledgement()),
    )


def test_a_commit_whose_answer_was_lost_is_known_to_have_come_through(store: DynamoRecords) -> None:
    changes = submission(store)
    with trouble(lost_answer, COMMIT), counted() as calls:
        store.commit(*changes)
    assert calls == [COMMIT, "BatchGetItem"]
    assert store.get(Entry, "a1", "000001") == samples.entry()
    with pytest.raises(Conflict):
        store.commit(*changes)


def test_a_commit_that_never_arrived_is_busy_and_can_be_made_again(store: DynamoRecords) -> None:
    changes = submission(store)
    with trouble(crash_before, COMMIT), pytest.raises(Busy):
        store.commit(*changes)
    assert store.get(Entry, "a1", "000001") is None
    store.commit(*changes)
    assert store.get(Entry, "a1", "000001") == samples.entry()


def test_a_commit_that_never_arrived_and_has_since_lost_its_race_is_a_conflict(store: DynamoRecords) -> None:
    changes = submission(store)

    def somebody_else() -> None:
        insert(store, samples.claim(holder="application:a2"))

    with trouble(crash_before, COMMIT, somebody_else), pytest.raises(Conflict):
        store.commit(*changes)
    assert store.get(Entry, "a1", "000001") is None


def test_a_lost_answer_is_a_success_even_if_others_have_moved_on_since(store: DynamoRecords) -> None:
    changes = submission(store)

    def somebody_else() -> None:
        submitted = store.get(Application, "a1")
        assert submitted is not None
        store.commit(Replace(submitted, submitted.changed(state=State.WITHDRAWN)))

    with trouble(lost_answer, COMMIT, somebody_else):
        store.commit(*changes)


def test_the_same_written_by_another_is_not_taken_for_ones_own(store: DynamoRecords) -> None:
    def somebody_else() -> None:
        insert(store, samples.claim())

    with trouble(crash_before, COMMIT, somebody_else), pytest.raises(Conflict):
        insert(store, samples.claim())


def test_a_lost_answer_to_a_removal_is_known_by_nothing_being_left(store: DynamoRecords) -> None:
    insert(store, samples.claim())
    with trouble(lost_answer, COMMIT):
        store.commit(Remove(samples.claim()))
    insert(store, samples.claim())
    with trouble(crash_before, COMMIT), pytest.raises(Busy):
        store.commit(Remove(samples.claim()))


@pytest.mark.parametrize("what", [lost_answer, crash_before])
def test_a_lost_answer_and_a_store_that_cannot_be_asked_is_busy(
    store: DynamoRecords, what: Callable[[Callable[[], Any]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = submission(store)

    def unreachable(*_: object) -> None:
        raise Busy

    monkeypatch.setattr(store._reader, "rows", unreachable)
    with trouble(what, COMMIT), pytest.raises(Busy):
        store.commit(*changes)


def test_a_data_key_whose_answer_was_lost_is_the_one_that_is_used(store: DynamoRecords) -> None:
    with trouble(lost_answer, "PutItem"):
        insert(store, samples.user())
    found = store.get(User, "u1")
    assert found is not None
    assert store.opened(found) == samples.user()


def test_a_data_key_that_came_second_never_replaces_the_first(store: DynamoRecords) -> None:
    """Or all that was sealed under the first would be lost."""
    keys = store._vault._keys
    assert keys.find("user:u1") is None
    assert keys.keep("user:u1", b"first") == b"first"
    assert keys.keep("user:u1", b"second") == b"first"
    assert keys.find("user:u1") == b"first"


def answering(code: str, status: int, reasons: tuple[str, ...] = ()) -> Callable[..., Any]:
    def refuse(*_: object, **__: object) -> None:
        answer: Any = {
            "Error": {"Code": code, "Message": ""},
            "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {}},
            "CancellationReasons": [{"Code": reason} for reason in reasons],
        }
        raise ClientError(answer, COMMIT)

    return refuse


@pytest.mark.parametrize(
    ("code", "status", "reasons", "told"),
    [
        ("TransactionCanceledException", 400, ("None", "ConditionalCheckFailed"), Conflict),
        ("TransactionCanceledException", 400, ("TransactionConflict", "None"), Conflict),
        ("TransactionCanceledException", 400, ("ThrottlingError", "None"), Busy),
        ("TransactionCanceledException", 400, ("ThrottlingError", "ConditionalCheckFailed"), Conflict),
        ("TransactionCanceledException", 400, ("ValidationError",), Exception),
        ("ProvisionedThroughputExceededException", 400, (), Busy),
        ("ThrottlingException", 400, (), Busy),
        ("RequestLimitExceeded", 400, (), Busy),
        ("InternalServerError", 500, (), Busy),
        ("ServiceUnavailable", 503, (), Busy),
        ("ValidationException", 400, (), Exception),
    ],
)
def test_what_dynamodb_answers_is_told_in_words_of_ours(
    store: DynamoRecords,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    status: int,
    reasons: tuple[str, ...],
    told: type[Exception],
) -> None:
    client = store._writer._connection.client
    monkeypatch.setattr(client, "_make_api_call", answering(code, status, reasons))
    with pytest.raises(told) as raised:
        insert(store, samples.shelf())
    assert (raised.type in (Conflict, Busy)) is (told is not Exception)


def test_a_read_that_is_throttled_is_busy(store: DynamoRecords, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store._reader._connection.client, "_make_api_call", answering("ThrottlingException", 400))
    with pytest.raises(Busy):
        store.get(User, "u1")


# --- how many calls ---------------------------------------------------------------------------------------------------


def filled(store: DynamoRecords, members: int) -> None:
    """So many enterprises, each with an application and a certificate."""
    for n in range(members):
        root = f"{n:026d}"
        insert(
            store,
            samples.application(f"a{n}", owner=f"enterprise:e{n}"), samples.shelf(f"a{n}"), samples.entry(1, f"a{n}"),
            samples.material(f"a{n}.f1"), samples.enterprise(f"e{n}"), samples.binding("u1", f"e{n}"),
            samples.certificate(root, holder=f"enterprise:e{n}", number=f"DEMO-{n}"), samples.edition(1, root),
        )  # fmt: skip


READS: dict[str, tuple[Callable[[DynamoRecords], Any], list[str]]] = {
    "folder": (lambda store: store.folder("a1"), ["Query"]),
    "dossier": (lambda store: store.dossier("e1"), ["Query"]),
    "family": (lambda store: store.family(f"{1:026d}"), ["Query"]),
    "get": (lambda store: store.get(Application, "a1"), ["GetItem"]),
    "get_many": (lambda store: store.get_many((Shelf, ("a1",)), (User, ("u1",))), ["BatchGetItem"]),
    "own list": (lambda store: store.applications_of("enterprise:e1", Asked()), ["Query"]),
    "queue": (lambda store: store.applications_in(State.DRAFT, Asked()), ["Query"]),
    "issued": (lambda store: store.certificates_issued(samples.at(0).date(), Asked()), ["Query"]),
    "waiting files": (lambda store: store.files_waiting(samples.at(1), Asked()), ["Query"]),
    "statements": (lambda store: store.statements(Asked()), ["Query"]),
    "bank lines": (lambda store: store.lines_of("b1", Asked()), ["Query"]),
    "waiting statements": (lambda store: store.statements_waiting(samples.at(1), Asked()), ["Query"]),
    "outbox": (lambda store: store.outbox(OutboxStatus.PENDING, Asked()), ["Query"]),
    "staff": (lambda store: store.staff_accounts(), ["Query"]),
}


def test_no_read_takes_more_calls_when_the_association_grows_and_none_scans(store: DynamoRecords) -> None:
    taken: dict[int, dict[str, list[str]]] = {}
    for members in (3, 60):
        filled(store, 3) if members == 3 else filled_further(store, members)
        taken[members] = {}
        for name, (read, _) in READS.items():
            with counted() as calls:
                read(store)
            taken[members][name] = list(calls)
    assert taken[3] == taken[60] == {name: expected for name, (_, expected) in READS.items()}


MAY_LAG = {"queue", "issued", "waiting files", "waiting statements", "outbox"}


@pytest.mark.parametrize("name", READS)
def test_only_the_lists_of_staff_may_lag(store: DynamoRecords, name: str) -> None:
    """The emulator is never stale, so the request itself is looked at."""
    with counted() as calls:
        READS[name][0](store)
    (given,) = calls.given
    tables = given.get("RequestItems", {"": given}).values()
    assert all(bool(each.get("ConsistentRead")) is (name not in MAY_LAG) for each in tables)


def filled_further(store: DynamoRecords, members: int) -> None:
    insert(store, *(samples.application(f"b{n}", owner="enterprise:other") for n in range(members // 2)))
    insert(store, *(samples.certificate(f"B{n:025d}", number=f"B-{n}") for n in range(members // 2)))


def test_a_commit_is_one_call_once_the_data_key_is_known(store: DynamoRecords) -> None:
    changes = submission(store)
    with counted() as calls:
        store.commit(*changes)
    assert calls == [COMMIT]


def test_the_first_personal_value_of_a_subject_makes_its_key(store: DynamoRecords) -> None:
    with counted() as calls:
        insert(store, samples.user())
    assert calls == ["GetItem", "PutItem", COMMIT]


# --- how many items ---------------------------------------------------------------------------------------------------


def test_a_join_from_reservation_to_completion_is_far_from_the_bound_of_a_transaction() -> None:
    before = samples.application()
    of_a_join = (ClaimKind.CREDIT_CODE, ClaimKind.APPLICANT, ClaimKind.MEMBER_CODE, ClaimKind.CERTIFICATE_NUMBER)
    claims, number = [samples.claim(kind) for kind in of_a_join], samples.counter()
    everything_at_once: tuple[Change, ...] = (
        Replace(before, before.changed(owner="enterprise:e1")),
        *(Insert(claim) for claim in claims),
        Insert(samples.entry()), Insert(samples.enterprise()), Insert(samples.binding()), Insert(samples.paid_year()),
        Insert(samples.certificate()), Insert(samples.edition()), Replace(number, number.changed(n=2)),
        Insert(samples.message()), Insert(samples.outbox_row("r1")), Insert(samples.outbox_row("r2")),
        Insert(samples.acknowledgement()), Require(samples.user()), Require(samples.shelf()),
    )  # fmt: skip
    assert items_of(everything_at_once) <= 25


def test_the_largest_look_is_far_from_what_one_item_may_hold() -> None:
    """Every slot of every service full of files, each judged at full length, the form filled to the brim."""
    for row in TABLE.values():
        people = [f"{n:064x}" for n in range(row.persons)]
        spots = [(m, who) for m in row.materials for who in (people if m.per_person else [None])]
        files = [SeenFile(f"a-{n:020}.f-{n:020}", m.slot, who) for m, who in spots for n in range(m.most)]
        verdicts = tuple(
            MaterialVerdict(m.slot, accepted=False, reason="字" * 200, person=who, files=("f" * 45,) * m.most)
            for m, who in spots
        )
        form = {field.name: "字" * (field.longest or 200) for field in row.fields}
        look = replace(samples.look(), form=form, persons=tuple(people), files=tuple(files), verdicts=verdicts)
        assert len(json.dumps(encoded(look), ensure_ascii=False).encode()) < LARGEST_ITEM * 3 // 4


# --- what lies in the tables ------------------------------------------------------------------------------------------

PLAIN = ("赵甲一", "钱甲二", "19900000001", "some@a.example", "openid-of-u1", "TOTPSECRET", "执照", "三月")


def test_no_personal_value_can_be_read_in_any_table(store: DynamoRecords) -> None:
    insert(store, *samples.ONE_OF_EACH)
    for table in Table:
        stored = repr(raw_items(table))
        as_bytes = b"".join(_binary(raw_items(table)))
        for plain in PLAIN:
            assert plain not in stored
            assert plain.encode() not in as_bytes


def _binary(value: Any) -> list[bytes]:
    if isinstance(value, bytes):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [each for one in inner for each in _binary(one)]


def test_a_mask_lies_beside_its_ciphertext(store: DynamoRecords) -> None:
    insert(store, samples.user())
    body = next(item for item in raw_items(Table.ACCOUNTS) if item["record"]["S"] == "User")["body"]["M"]
    assert body["name"]["M"]["masked"] == {"S": "赵*"}
    assert set(body["name"]["M"]) == {"masked", "sealed"}


def test_rows_say_what_they_are_and_only_what_waits_is_indexed(store: DynamoRecords) -> None:
    insert(store, samples.material(), samples.outbox_row(), samples.acknowledgement(), samples.application())
    (file,) = [item for item in raw_items(Table.APPLICATIONS) if item["record"]["S"] == "MaterialFile"]
    assert file["queue"] == {"S": "file#waiting"}
    settled = samples.material().changed(status=FileStatus.ACCEPTED)
    before = store.get(type(settled), *settled.key)
    assert before is not None
    store.commit(Replace(before, before.changed(status=FileStatus.ACCEPTED)))
    (file,) = [item for item in raw_items(Table.APPLICATIONS) if item["record"]["S"] == "MaterialFile"]
    assert "queue" not in file
    (copy,) = [item for item in raw_items(Table.APPLICATIONS) if item["pk"]["S"].startswith("O#")]
    assert "queue" not in copy


def test_a_row_of_the_outbox_is_named_by_its_id_and_leaves_the_index_when_done(store: DynamoRecords) -> None:
    row = samples.outbox_row()
    insert(store, row)
    (item,) = raw_items(Table.OUTBOX)
    assert (item["pk"]["S"], item["waiting"]["S"]) == (row.id, "pending")
    store.commit(Replace(row, row.changed(status=OutboxStatus.DONE)))
    (item,) = raw_items(Table.OUTBOX)
    assert "waiting" not in item
    assert int(item["expires_at"]["N"]) == int(row.at.timestamp()) + 30 * 24 * 3600


def test_a_row_that_was_begun_anew_late_outlives_its_messages(store: DynamoRecords) -> None:
    late = samples.outbox_row().at + timedelta(days=29)
    insert(store, samples.outbox_row(status=OutboxStatus.DONE, handed_at=late))
    (item,) = raw_items(Table.OUTBOX)
    assert int(item["expires_at"]["N"]) == int(late.timestamp()) + 30 * 24 * 3600


def test_an_acknowledgement_is_forgotten_by_the_table_itself(store: DynamoRecords) -> None:
    insert(store, samples.acknowledgement())
    (item,) = raw_items(Table.ACCOUNTS)
    assert int(item["expires_at"]["N"]) == int(samples.acknowledgement().expires_at.timestamp())


def test_a_value_copied_into_another_row_by_hand_does_not_open(store: DynamoRecords) -> None:
    insert(store, samples.user("u1"), samples.user("u2"))
    users = {item["pk"]["S"]: item for item in raw_items(Table.ACCOUNTS) if item["record"]["S"] == "User"}
    users["W#u2"]["body"]["M"]["openid"] = users["W#u1"]["body"]["M"]["openid"]
    boto3.client("dynamodb", REGION).put_item(TableName="accounts", Item=users["W#u2"])
    forged = store.get(User, "u2")
    assert forged is not None
    with pytest.raises(ValueError, match="sealed for"):
        store.opened(forged)


def test_a_personal_value_stays_readable_after_its_record_changed_owner(store: DynamoRecords) -> None:
    insert(store, samples.application())
    closed = store.get(Application, "a1")
    assert closed is not None
    store.commit(Replace(closed, closed.changed(owner="enterprise:e1")))
    (shown,) = store.applications_of("enterprise:e1", Asked()).items
    assert shown.form["contact_name"] == Personal("赵*", None)
    assert store.opened(shown).form["contact_name"] == Personal("赵*", "赵甲一")
