"""Every call that a function really makes while a company joins is one that its own policy allows.

moto asks nobody for rights, so a policy that is too tight would only show when deployed.
"""

import copy
import json
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import current_thread, local
from time import monotonic
from typing import Any

import pytest
from botocore.client import BaseClient

from chalicelib import wiring
from chalicelib.operations import dead_letters
from chalicelib.operations.ports import Asked, Insert, Replace
from chalicelib.rules.association import Association
from chalicelib.rules.certificates import Deadline
from chalicelib.rules.records import MaterialFile, OutboxRow, Statement, Work
from chalicelib.rules.schedule import DayOfYear
from chalicelib.rules.vocabulary import Personal
from infra.local import demo, pumps, system
from tests.aws import samples
from tests.infra.rights import Right, allowed, given, needed

Calls = set[tuple[str, Right]]
MAKES_CALLS = {
    "api", "receiving", "dispatching", "burying", "issuing", "mailing", "notifying", "morning", "renewing",
    "reminding",
    "sweeping",
}  # fmt: skip


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Calls:
    """Who asked AWS for what: in the whole demo, in one run of each schedule, and over letters that died."""
    with pytest.MonkeyPatch.context() as patch:
        seen: list[tuple[str, str, str, Mapping[str, Any]]] = []
        watch(patch, seen)
        with closing(system.start(state=tmp_path_factory.mktemp("state"))) as running:
            logical = {name: place for place, name in running.emulator.names.items()}
            report: Path = demo.told(running, tmp_path_factory.mktemp("out"), monotonic())
            assert json.loads(report.read_text(encoding="utf-8"))["ok"]
            somebody_owes_dues_and_has_a_certificate_that_lapses()
            for job in ("sweeping", "morning", "renewing", "reminding"):
                running.pumps.call(job)
            assert running.pumps.settle()
            dead_letters_of_every_queue(running)
    return {(who, right) for who, *call in seen for right in needed(*call, logical.__getitem__)}


def somebody_owes_dues_and_has_a_certificate_that_lapses() -> None:
    """On whatever day the test runs: the season is the whole year, and one window of it is open."""
    ports = wiring.ports()
    settings = ports.records.get(Association, "association")
    assert settings
    windows = replace(settings.windows, review_deadline=Deadline(12, 31), season_reminder_days=(DayOfYear(1, 1),))
    lapsing = samples.practitioner("w1", "owing", valid_to=ports.clock.today() + timedelta(days=5))
    ports.records.commit(
        Replace(settings, settings.changed(windows=windows)), Insert(samples.enterprise("owing")),
        Insert(samples.binding("u1", "owing")), Insert(lapsing),
    )  # fmt: skip


def dead_letters_of_every_queue(running: system.System) -> None:
    """Poison in each, a file whose check was given up and is redriven, one more that fails at that again, one to be
    erased, and a bank statement that could not be read.
    """
    now, sqs = wiring.ports().clock.now(), running.emulator.client("sqs")
    for queue in ("Issuing", "Mailing", "Notifying", "Uploads"):
        sqs.send_message(QueueUrl=running.emulator.names[f"{queue}Dead"], MessageBody="no JSON")
    for identity in ("a1.f1", "a1.f2"):
        file = MaterialFile(
            id=identity, application="a1", slot="licence", name=Personal("***", "licence.pdf"), suffix="pdf",
            requested_at=now,
        )  # fmt: skip
        row = OutboxRow(id=f"upload-{identity}", work=Work.CHECK_UPLOAD, subject=(identity,), at=now)
        wiring.ports().records.commit(Insert(file), *[Insert(row)] * (identity == "a1.f1"))
    gone = OutboxRow(id="erase-a1.f3-0", work=Work.ERASE, subject=("a1.f3", "0"), at=now)
    wiring.ports().records.commit(Insert(gone))
    statement = Statement(id="b1", name=Personal("***", "march.csv"), asked_by="finance", asked_at=now)
    wiring.ports().records.commit(Insert(statement))
    for name in ("a1.f2", "statement.b1"):
        told = {"Records": [{"s3": {"object": {"key": f"quarantine/{name}"}}}]}
        sqs.send_message(QueueUrl=running.emulator.names["UploadsDead"], MessageBody=json.dumps(told))
    assert running.pumps.settle()
    assert {row.id for row in dead_letters.listed(wiring.ports(), Asked()).items if row.can_be_redriven} == {
        "upload-a1.f2", "upload-statement.b1",
    }  # fmt: skip


def watch(patch: pytest.MonkeyPatch, seen: list[tuple[str, str, str, Mapping[str, Any]]]) -> None:
    now = local()
    call, invocation = BaseClient._make_api_call, pumps.invocation

    def noted(client: BaseClient, operation: str, asked: Mapping[str, Any]) -> object:
        web = "api" if current_thread().name.startswith("Thread-") else None
        if who := getattr(now, "function", web):
            seen.append(
                (who, client.meta.service_model.service_name, operation, copy.deepcopy(asked))
            )  # botocore rewrites it
        return call(client, operation, asked)

    def named(name: str, handler: str) -> Callable[[Mapping[str, Any]], Any]:
        function = invocation(name, handler)

        def invoke(event: Mapping[str, Any]) -> Any:
            now.function = name
            try:
                return function(event)
            finally:
                del now.function

        return invoke

    patch.setattr(BaseClient, "_make_api_call", noted)
    patch.setattr(pumps, "invocation", named)


def test_every_function_asks_for_something(calls: Calls) -> None:
    assert {who for who, _ in calls} == MAKES_CALLS


@pytest.mark.parametrize("function", sorted(MAKES_CALLS))
def test_a_function_asks_for_nothing_that_its_policy_does_not_give(calls: Calls, function: str) -> None:
    rights = given(function)
    assert sorted(right for who, right in calls if who == function and not allowed(right, rights)) == []


def test_only_who_erases_may_delete_and_only_what_members_brought(calls: Calls) -> None:
    assert ("receiving", ("s3:DeleteObject", "Keeping/kept/a1/a1.f3-0")) in calls
    assert [who for who in MAKES_CALLS if allowed(("s3:DeleteObject", "Keeping/kept/x"), given(who))] == ["receiving"]
    assert not allowed(("s3:DeleteObject", "Keeping/certificates/x"), given("receiving"))


@pytest.mark.parametrize("right", [("s3:PutObject", "Uploads/quarantine/x"), ("s3:GetObject", "Keeping/kept/x")])
def test_what_the_api_presigns_it_may_do_itself(right: Right) -> None:
    assert allowed(right, given("api"))


def test_a_reminder_is_promised_by_the_one_and_said_by_the_other(calls: Calls) -> None:
    asked = {who for who, (action, where) in calls if action == "dynamodb:PutItem" and where.startswith("Outbox")}
    assert {"reminding", "issuing"} <= asked
    assert not allowed(("dynamodb:PutItem", "Enterprises"), given("reminding"))


def test_nobody_scans(calls: Calls) -> None:
    assert not [right for _, right in calls if right[0] == "dynamodb:Scan"]
