"""The store is busy, or something of ours breaks: everybody hears so in his own medium, and what to do next."""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest
from chalice.test import Client

from chalicelib import wiring
from chalicelib.handlers.calls import Endpoint
from chalicelib.handlers.problems import JSON_PROBLEM
from chalicelib.handlers.routes import ENDPOINTS
from chalicelib.handlers.sessions import Audience
from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.operations.ports import Busy, Ports
from chalicelib.rules.vocabulary import Role
from tests.handlers.asking import Answer, Asker, House
from tests.handlers.conftest import SETTINGS
from tests.handlers.promises import whole_document
from tests.handlers.refusals import assert_problem
from tests.handlers.town import AT_ITS_STEP, BODIES, BY_LETTERS, QUERIES, Town, built

OPERATIONS = {f"{each.method} {each.path}": each for each in ENDPOINTS}
PAGES = [name for name, each in OPERATIONS.items() if each.html and not each.stands_alone]
ASKING = [name for name, each in OPERATIONS.items() if not each.stands_alone]
EVERY_OPERATION = pytest.mark.parametrize("operation", ASKING)
LAST = 4  # of the calls of the records that an answer takes, these first ones fail in turn


class Failing:
    """Records that do their work so often, and then raise this whatever they are asked."""

    def __init__(self, records: Any, well: int, trouble: Callable[[], Exception]) -> None:
        self._records, self._well, self._trouble = records, well, trouble
        self.failed = False

    def __getattr__(self, name: str) -> Any:
        done = getattr(self._records, name)

        def asked(*given: Any, **named: Any) -> Any:
            if name == "opened":  # no call of a store
                return done(*given, **named)
            self._well -= 1
            if self._well < 0:
                self.failed = True
                raise self._trouble()
            return done(*given, **named)

        return asked


@pytest.fixture(scope="module")
def built_once(client: Client) -> Town:
    ports = ports_in_memory()
    wiring.use(ports, SETTINGS)
    return built(House(client, ports))


@pytest.fixture
def town(built_once: Town) -> Iterator[Town]:
    records: Any = built_once.ports.records
    before = dict(records._kept)
    wiring.use(built_once.ports, SETTINGS)
    yield built_once
    records._kept.clear()
    records._kept.update(before)
    wiring.use(None)


def failing(ports: Ports, trouble: Callable[[], Exception], well: int = 0) -> Failing:
    """From now on."""
    records = Failing(ports.records, well, trouble)
    wiring.use(replace(ports, records=records), SETTINGS)
    return records


def asked(town: Town, operation: str, **headers: str) -> Answer:
    """By somebody who may, about what is there, with a body that fits."""
    town.ports.wechat._used.clear()  # type: ignore[attr-defined]  # in memory, where codes work once too
    endpoint = OPERATIONS[operation]
    owner = AT_ITS_STEP.get(operation, "rep")
    things = town.owners[owner]
    path = re.sub(r"{(\w+)}", lambda part: str(asdict(things)[part[1]]), endpoint.path)
    body = BODIES[operation](town, things) if operation in BODIES else None
    return _asker(town, endpoint, owner).write(endpoint.method, path + QUERIES.get(operation, ""), body, **headers)


def _asker(town: Town, endpoint: Endpoint, owner: str) -> Asker:
    if endpoint.audience is Audience.STAFF:
        return town.askers[BY_LETTERS[(endpoint.roles or (Role.ADMIN,))[0]]]
    return town.askers[owner if endpoint.audience is Audience.MEMBER else "vis"]


def document(operation: str) -> Any:
    method, _, path = operation.partition(" ")
    return whole_document()["paths"][path][method.lower()]["responses"]


# --- every endpoint ---------------------------------------------------------------------------------------------------


@EVERY_OPERATION
def test_every_endpoint_that_meets_a_busy_store_says_so_as_the_document_says(town: Town, operation: str) -> None:
    """At the first thing that is asked of the store, and at each of the following ones."""
    for well in range(LAST):
        records = failing(town.ports, Busy, well)
        answer = asked(town, operation, Accept="application/json")
        wiring.use(town.ports, SETTINGS)
        assert records.failed or well, operation
        if records.failed:
            assert_problem(answer, 503, "busy")
            assert int(answer.headers["Retry-After"]) > 0
    assert "503" in document(operation)


@EVERY_OPERATION
def test_every_endpoint_in_which_something_breaks_says_so_as_the_document_says(town: Town, operation: str) -> None:
    failing(town.ports, ZeroDivisionError)
    answer = asked(town, operation, Accept="application/json")
    assert_problem(answer, 500, "unexpected")
    assert answer.json["reference"] in answer.json["reasons"][0]["next"]


def test_the_document_promises_500_everywhere_and_503_wherever_a_port_is_asked() -> None:
    assert all("500" in document(operation) for operation in OPERATIONS)
    assert {operation for operation in OPERATIONS if "503" not in document(operation)} == {
        "GET /docs", "GET /openapi.json",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
def test_what_is_said_never_to_be_busy_asks_nobody(town: Town, path: str) -> None:
    failing(town.ports, Busy)
    assert town.askers["vis"].get(path).status == 200


# --- words ------------------------------------------------------------------------------------------------------------


@EVERY_OPERATION
@pytest.mark.parametrize("trouble", [Busy, ZeroDivisionError], ids=lambda each: each.__name__)
def test_only_who_has_sent_a_key_is_told_to_send_it_again_and_nobody_that_nothing_was_done(
    town: Town, operation: str, trouble: Callable[[], Exception]
) -> None:
    """After a lost answer whose outcome cannot be looked up, nobody knows."""
    failing(town.ports, trouble)
    answer = asked(town, operation, Accept="application/json")
    told = answer.text
    assert ("Idempotency-Key" in told) is OPERATIONS[operation].keyed
    assert ("是否完成尚不能确定" in told) is OPERATIONS[operation].keyed
    assert "没有做任何改动" not in told


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", PAGES)
@pytest.mark.parametrize(("trouble", "status"), [(Busy, 503), (ZeroDivisionError, 500)])
def test_whoever_scans_a_certificate_meanwhile_reads_a_page(
    town: Town, operation: str, trouble: Callable[[], Exception], status: int
) -> None:
    failing(town.ports, trouble)
    answer = asked(town, operation, Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert (answer.status, answer.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert answer.text.startswith("<!DOCTYPE html>")
    assert "这不说明证书是真是假" in answer.text
    assert "Idempotency" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert ("Retry-After" in answer.headers) is (status == 503)
    assert "text/html" in document(operation)[str(status)]["content"]


def test_a_page_that_is_in_trouble_links_to_where_it_stands(town: Town) -> None:
    failing(town.ports, Busy)
    asker, token = town.askers["vis"], town.owners["rep"].token
    for path, home in ((f"/V/{token}", "../"), ("/verify?number=X", "./")):
        assert f'href="{home}"' in asker.get(path, Accept="text/html").text


def test_a_page_that_broke_names_what_to_tell_the_association(town: Town) -> None:
    failing(town.ports, ZeroDivisionError)
    told = town.askers["vis"].get("/verify?number=X", Accept="text/html").text
    assert re.search("请把编号 .+ 告诉协会工作人员", told)


def test_a_program_that_verifies_reads_problem_details(town: Town) -> None:
    failing(town.ports, Busy)
    answer = town.askers["vis"].get(f"/v/{town.owners['rep'].token}", Accept="application/json")
    assert answer.headers["Content-Type"] == JSON_PROBLEM
