"""The orders that the scheduler leaves out would have told nothing new: held against every order, on a small memory.

And what a call touches, read from the very requests that the SDK makes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

import boto3
import pytest
from boto3.dynamodb.conditions import Key
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faults.injector import Asked
from tests.faults.scheduler import Runner, every_order
from tests.faults.touching import Touch, touched

CELLS = "xyz"
Steps = tuple[tuple[str, str], ...]
STEPS = st.lists(st.tuples(st.sampled_from(["read", "write"]), st.sampled_from(CELLS)), min_size=1, max_size=3)
Program = list[tuple[str, str]]


def carried_out(who: int, program: Program, memory: dict[str, str], stop: Callable[[Touch], None]) -> str:
    """Reads remember what they saw; a write leaves who wrote and what he had seen until then."""
    seen = ""
    for verb, cell in program:
        place = frozenset({cell})
        stop(Touch(place) if verb == "read" else Touch(writes=place))
        if verb == "read":
            seen += memory.get(cell, "-")
        else:
            memory[cell] = f"[{who}{seen}]"
    return seen


def every_order_by_hand(programs: Sequence[Program]) -> set[tuple[str, ...]]:
    steps = [n for n, program in enumerate(programs) for _ in program]
    return {_ended(programs, order) for order in set(permutations(steps))}


def _ended(programs: Sequence[Program], order: tuple[int, ...]) -> tuple[str, ...]:
    memory: dict[str, str] = {}
    seen, at = [""] * len(programs), [0] * len(programs)
    for n in order:
        verb, cell = programs[n][at[n]]
        at[n] += 1
        if verb == "read":
            seen[n] += memory.get(cell, "-")
        else:
            memory[cell] = f"[{n}{seen[n]}]"
    return (*seen, *(memory.get(cell, "-") for cell in CELLS))


@pytest.fixture(scope="module")
def crew() -> Iterator[list[Runner]]:
    runners = [Runner(f"runner {n}") for n in range(3)]
    yield runners
    for runner in runners:
        runner.close()


def beginning(
    crew: list[Runner], programs: list[Program], memory: dict[str, str]
) -> Callable[[], list[Callable[[], str]]]:
    def begin() -> list[Callable[[], str]]:
        memory.clear()
        return [
            lambda n=n, program=program: carried_out(n, program, memory, crew[n].stop_before)  # type: ignore[misc]
            for n, program in enumerate(programs)
        ]

    return begin


@given(programs=st.lists(STEPS, min_size=2, max_size=3), seed=st.integers(0, 1_000))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_every_outcome_that_any_order_can_have_is_seen_whatever_is_drawn_first(
    crew: list[Runner], programs: list[Program], seed: int
) -> None:
    memory: dict[str, str] = {}
    runs = every_order(crew[: len(programs)], beginning(crew, programs, memory), seed=seed)
    found = [(ran.order, (*ran.outcomes, *(memory.get(cell, "-") for cell in CELLS))) for ran in runs]
    assert {ended for _, ended in found} == every_order_by_hand(programs)
    assert len({order for order, _ in found}) == len(found)


def test_two_who_touch_nothing_in_common_are_run_once(crew: list[Runner]) -> None:
    programs: list[Program] = [[("write", "x")] * 3, [("write", "y")] * 3]
    (only,) = every_order(crew[:2], beginning(crew, programs, {}))
    assert not only.more


MEETING: list[Program] = [[("write", "x")] * 7, [("write", "x")] * 7]  # 3,432 orders, each of them different


def drawn(crew: list[Runner], most: int, seed: int) -> list[tuple[int, ...]]:
    return [ran.order for ran in every_order(crew[:2], beginning(crew, MEETING, {}), most, seed)]


def test_the_first_few_are_drawn_from_all_orders_and_not_from_one_end(crew: list[Runner]) -> None:
    orders = drawn(crew, 40, seed=1)
    assert len(set(orders)) == 40
    for place in range(10):
        share = sum(order[place] for order in orders) / len(orders)
        assert 0.15 < share < 0.85, f"{share} of the orders have the second at place {place}"


def test_the_same_seed_draws_the_same_and_another_one_others(crew: list[Runner]) -> None:
    assert drawn(crew, 8, seed=1) == drawn(crew, 8, seed=1) != drawn(crew, 8, seed=2)


def test_whoever_stops_before_the_last_order_is_told_that_there_are_more(crew: list[Runner]) -> None:
    programs: list[Program] = [[("write", "x")], [("write", "x")]]
    assert [ran.more for ran in every_order(crew[:2], beginning(crew, programs, {}))] == [True, False]


# --- what a call touches ----------------------------------------------------------------------------------------------


OURSELVES = {"region_name": "us-east-1", "aws_access_key_id": "made-up", "aws_secret_access_key": "made-up"}


class Caught(Exception):  # noqa: N818 - a request that was on its way
    def __init__(self, request: Any) -> None:
        self.request = request


def caught(client: Any, ask: Callable[[], Any]) -> Any:
    """The request as it would go over the wire, caught before anybody can answer it, an emulator included."""

    def catch(request: Any, **_: Any) -> None:
        raise Caught(request)

    client.meta.events.register_first("before-send", catch)
    with pytest.raises(Caught) as found:
        ask()
    return found.value.request


def sent(service: str, operation: str, given: Mapping[str, Any]) -> Any:
    client: Any = boto3.client(service, **OURSELVES)  # type: ignore[call-overload]  # the stubs want a literal name
    return caught(client, lambda: getattr(client, operation)(**given))


KEY = {"pk": {"S": "one"}, "sk": {"S": "a"}}
OTHER = {"pk": {"S": "two"}, "sk": {"S": "b"}}
CALLS: tuple[tuple[str, str, Mapping[str, Any], set[str], set[str]], ...] = (
    ("GetItem", "get_item", {"TableName": "t", "Key": KEY}, {"t|one|a"}, set()),
    ("PutItem", "put_item", {"TableName": "t", "Item": {**KEY, "n": {"N": "1"}}}, set(), {"t|one|a"}),
    ("UpdateItem", "update_item", {"TableName": "t", "Key": KEY}, set(), {"t|one|a"}),
    ("DeleteItem", "delete_item", {"TableName": "t", "Key": KEY}, set(), {"t|one|a"}),
    (
        "BatchGetItem", "batch_get_item", {"RequestItems": {"t": {"Keys": [KEY]}, "u": {"Keys": [OTHER]}}},
        {"t|one|a", "u|two|b"}, set(),
    ),
    (
        "TransactWriteItems", "transact_write_items",
        {"TransactItems": [
            {"Put": {"TableName": "t", "Item": KEY}},
            {"ConditionCheck": {"TableName": "u", "Key": OTHER, "ConditionExpression": "attribute_exists(pk)"}},
        ]},
        {"u|two|b"}, {"t|one|a"},
    ),
)  # fmt: skip


@pytest.mark.parametrize(("name", "method", "given", "reads", "writes"), CALLS, ids=[each[0] for each in CALLS])
def test_a_record_is_touched_where_it_lies(
    name: str, method: str, given: Mapping[str, Any], reads: set[str], writes: set[str]
) -> None:
    touch = touched(f"dynamodb.{name}", sent("dynamodb", method, given))
    assert touch == Touch(frozenset(reads), frozenset(writes))


def query(**more: Any) -> Any:
    """As PynamoDB words it: the range may come first among the values."""
    names, values = {"#0": "sk", "#1": "pk"}, {":0": {"S": "z"}, ":1": {"S": "one"}}
    given = {"TableName": "t", "ExpressionAttributeNames": names, "ExpressionAttributeValues": values, **more}
    return sent("dynamodb", "query", {"KeyConditionExpression": "(#1 = :1 AND #0 < :0)", **given})


def test_a_query_touches_the_partition_that_its_condition_names_and_not_the_first_value() -> None:
    assert touched("dynamodb.Query", query()).reads == {"t|one|"}
    assert touched("dynamodb.Query", query(IndexName="queue")).reads == {"t|"}


def test_a_query_by_anything_else_than_the_partition_is_not_guessed_at() -> None:
    with pytest.raises(AssertionError):
        touched("dynamodb.Query", query(KeyConditionExpression="#0 = :0"))
    with pytest.raises(AssertionError):
        touched("dynamodb.Query", query(KeyConditionExpression="#0 < :0"))


def test_a_copy_reads_its_source_and_so_meets_whoever_overwrites_it() -> None:
    there = {"Bucket": "uploads", "Key": "quarantine/一 二"}
    copy = touched("s3.CopyObject", sent("s3", "copy_object", {"Bucket": "kept", "Key": "k/1", "CopySource": there}))
    assert copy == Touch(frozenset({"s3|/uploads/quarantine/一 二"}), frozenset({"s3|/kept/k/1"}))
    overwriting = touched("s3.PutObject", sent("s3", "put_object", {**there, "Body": b"x"}))
    elsewhere = touched("s3.PutObject", sent("s3", "put_object", {"Bucket": "kept", "Key": there["Key"]}))
    assert copy.meets(overwriting)
    assert not copy.meets(elsewhere)


def test_reading_an_object_is_no_writing() -> None:
    there = {"Bucket": "uploads", "Key": "k"}
    assert touched("s3.HeadObject", sent("s3", "head_object", there)) == Touch(frozenset({"s3|/uploads/k"}))


def test_two_notices_to_one_reader_share_his_consents() -> None:
    def sending(user: str, template: str) -> Touch:
        body = f'{{"touser": "{user}", "template_id": "{template}"}}'.encode()
        return touched("wechat.send", Asked("POST", "https://wechat.invalid/send?access_token=x", body))

    assert sending("chen", "A").meets(sending("chen", "A"))
    assert not sending("chen", "A").meets(sending("chen", "B"))
    assert not sending("chen", "A").meets(sending("li", "A"))
    assert sending("chen", "A").meets(touched("wechat.stable_token", Asked("POST", "https://wechat.invalid", b"{}")))


def test_what_nobody_shares_meets_nothing_and_what_is_unknown_is_not_taken_for_that() -> None:
    assert touched("ses.SendRawEmail", None) == Touch()
    with pytest.raises(KeyError):
        touched("dynamodb.Scan", query())
    with pytest.raises(KeyError):
        touched("sns.Publish", None)


def test_the_words_that_boto_chooses_for_a_query_are_understood() -> None:
    table: Any = boto3.resource("dynamodb", **OURSELVES).Table("t")  # type: ignore[call-overload]  # as above
    request = caught(
        table.meta.client, lambda: table.query(KeyConditionExpression=Key("pk").eq("one") & Key("sk").lt("z"))
    )
    assert touched("dynamodb.Query", request).reads == {"t|one|"}
