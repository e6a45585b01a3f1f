"""Everybody reaches what is his to reach, and nothing else: every endpoint, asked by everybody for everything there is.

What is another's and what is not there are answered alike to the letter, and a refusal leaves everything as it was.
"""

import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from chalice.test import Client

from chalicelib import wiring
from chalicelib.handlers.routes import ENDPOINTS
from chalicelib.handlers.sessions import Audience
from chalicelib.memory.ports import ports as ports_in_memory
from tests.handlers.access import EXPECTED, WHO
from tests.handlers.asking import Answer, House, in_a_path
from tests.handlers.conftest import SETTINGS
from tests.handlers.town import ABSENT, AT_ITS_STEP, BODIES, NAMED_IN_THE_BODY, NOTHING, QUERIES, Things, Town, built

MEMBERS = ("new", "app", "rep", "col", "for", "riv")
STAFF = ("rev", "fin", "cer", "tra", "adm")
MARKS = {401: "1", 403: "3", 404: "4"}
MEMBERS_DOORS = {f"{each.method} {each.path}" for each in ENDPOINTS if each.audience is Audience.MEMBER}
# What is its owner's alone until he hands it in: absent, to staff.
PRIVATELY = {"/staff/applications/{": "drafting", "/staff/binding-requests/{": "bringing"}
PRIVATE = set(PRIVATELY.values())
LET_THROUGH = {200, 201, 202, 204, 302, 409}


@pytest.fixture(scope="module")
def built_once(client: Client) -> Town:
    ports = ports_in_memory()
    wiring.use(ports, SETTINGS)
    return built(House(client, ports))


@pytest.fixture
def town(built_once: Town) -> Iterator[Town]:
    wiring.use(built_once.ports, SETTINGS)
    before = remembered(built_once)
    yield built_once
    put_back(built_once, before)
    wiring.use(None)


Memory = list[tuple[Any, Any]]


def remembered(town: Town) -> Memory:
    """Everything that is kept anywhere, with a copy of it. What was kept is not looked into: a record never changes."""
    ports: Any = town.ports
    kept = (
        ports.records._kept, ports.records._tallies, ports.files.quarantine, ports.files.kept, ports.post.letters,
        ports.wechat.notices, ports.wechat._used, ports.queues.sent,
    )  # fmt: skip
    return [(each, copy(each)) for each in kept]


def put_back(town: Town, before: Memory) -> None:
    for kept, was in before:
        kept.clear()
        (kept.extend if isinstance(kept, list) else kept.update)(was)


def is_as_it_was(before: Memory) -> bool:
    return all(kept == was for kept, was in before)


# --- asking -----------------------------------------------------------------------------------------------------------


def asked(town: Town, who: str, endpoint: str, things: Things) -> Answer:
    """One request from the state that the town was built in, put back afterwards."""
    method, path = endpoint.split(" ")
    address = re.sub(r"{(\w+)}", lambda part: in_a_path(getattr(things, part[1])), path) + QUERIES.get(endpoint, "")
    body = BODIES[endpoint](town, things) if endpoint in BODIES else None if method == "GET" else {}
    before = remembered(town)
    asker = town.askers[AT_ITS_STEP.get(endpoint, "paying") if who == "app" else who]
    answer = asker.write(method, address, body)
    if answer.status >= 400:
        assert is_as_it_was(before), (who, endpoint, things)
    put_back(town, before)
    return answer


def parts(endpoint: str) -> tuple[str, ...]:
    return (*re.findall(r"{(\w+)}", endpoint), *NAMED_IN_THE_BODY.get(endpoint, ()))


def own(town: Town, who: str, endpoint: str) -> Things:
    """At the doors of members alone; at others nothing is anybody's, and the first is what waits for this step."""
    step = AT_ITS_STEP.get(endpoint)
    found = town.owners[step or "rep"]
    if endpoint in MEMBERS_DOORS and who in MEMBERS:
        found = {"app": town.owners[step or "paying"], "rep": town.owners["rep"], "col": town.owners["rep"],
                 "riv": town.owners["riv"]}.get(who, NOTHING)  # fmt: skip
    return found if found.has(parts(endpoint)) else NOTHING


def others(town: Town, who: str, endpoint: str) -> list[Things]:
    """Everything of everybody else; a draft is not there for staff."""
    mine = own(town, who, endpoint)
    return [
        each
        for name, each in town.owners.items()
        if each is not mine and each.has(parts(endpoint)) and not (who in STAFF and name in PRIVATE)
    ]


def absent(town: Town, who: str, endpoint: str) -> list[Things]:
    private = next((name for path, name in PRIVATELY.items() if who in STAFF and path in endpoint), None)
    return [ABSENT, *([town.owners[private]] if private else [])]


def mark(answers: list[Answer]) -> str:
    """What all of them are, which must be one thing; a refusal must be one to the letter."""
    if not answers:
        return "-"
    marks = {MARKS.get(answer.status, ".") for answer in answers}
    assert len(marks) == 1, [answer.status for answer in answers]
    (found,) = marks
    if found == ".":
        assert {answer.status for answer in answers} <= LET_THROUGH
    else:
        assert all(answer == answers[0] for answer in answers)
    return found


def marks(found: list[list[Answer]], expected: str) -> str:
    """And the refusals of one mark are the same to the letter, whatever was asked for."""
    for refusal in set(expected) & set(MARKS.values()):
        mark(list(chain.from_iterable(each for each, wanted in zip(found, expected, strict=True) if wanted == refusal)))
    return "".join(mark(each) for each in found)


# --- the table --------------------------------------------------------------------------------------------------------


def test_the_table_names_every_endpoint() -> None:
    assert set(EXPECTED) == {f"{each.method} {each.path}" for each in ENDPOINTS}
    for endpoint, row in EXPECTED.items():
        assert {len(each) for each in row.values()} == {3 if parts(endpoint) else 1}, endpoint


@pytest.mark.parametrize("endpoint", EXPECTED)
def test_everybody_reaches_what_is_his_to_reach_and_nothing_else(town: Town, endpoint: str) -> None:
    succeeded = False
    answered = {}
    for who in WHO:
        kinds = [[NOTHING]]
        if parts(endpoint):
            mine = own(town, who, endpoint)
            kinds = [[] if mine is NOTHING else [mine], others(town, who, endpoint), absent(town, who, endpoint)]
        found = [[asked(town, who, endpoint, things) for things in kind] for kind in kinds]
        answered[who] = marks(found, EXPECTED[endpoint][who])
        succeeded |= any(answer.status < 400 for answer in found[0])
        if who in MEMBERS and endpoint in MEMBERS_DOORS:
            his = own(town, who, endpoint).told_to_nobody_else | still_told(town, who, endpoint)
            assert_nothing_of_others(town, his, chain.from_iterable(found))
    assert answered == EXPECTED[endpoint]
    assert succeeded, "let through, but never done: the test asks for something that nobody could do"


def still_told(town: Town, who: str, endpoint: str) -> set[str | None]:
    """Who has unbound himself is still himself, and keeps the messages that he was sent."""
    was = town.owners.get(who, NOTHING)
    return {was.user, was.application if endpoint == "GET /messages" else None}


def assert_nothing_of_others(town: Town, his: set[str | None], answers: Iterable[Answer]) -> None:
    """No answer to a member, of a list or of a thing, names what is somebody else's."""
    told = set().union(*(each.told_to_nobody_else for each in town.owners.values())) - his
    for answer in answers:
        assert not [each for each in told if each in answer.text]


# --- things put together ----------------------------------------------------------------------------------------------


def test_a_file_is_reached_through_its_own_application_only(town: Town) -> None:
    """His own application with another's file in it, and the other way round, are as absent as what is not there."""
    mine, theirs = town.owners["rep"], town.owners["riv"]
    for who, audience in (("rep", ""), ("rev", "/staff")):
        endpoint = f"GET {audience}/applications/{{application}}/files/{{file}}"
        crossed = (replace(mine, file=theirs.file), replace(mine, file=ABSENT.file), replace(ABSENT, file=mine.file))
        assert mark([asked(town, who, endpoint, each) for each in (*crossed, ABSENT)]) == "4"


def test_one_application_of_somebody_else_spoils_a_payment_for_both(town: Town) -> None:
    mine, theirs = (town.owners[name].application for name in ("owing", "waiting"))
    answers = []
    for second in (theirs, ABSENT.application):
        before = remembered(town)
        body = {**town.house.transfer(mine or ""), "applications": [mine, second]}
        answers.append(town.askers["owing"].post("/payments", body))
        assert is_as_it_was(before)
    assert mark(answers) == "4"


def test_a_key_that_another_used_says_nothing_about_what_he_did(town: Town) -> None:
    """Keys are each actor's own: the same key from another is neither answered with his answer nor refused as used."""
    mine = town.owners["drafting"].application
    path, body = f"/applications/{mine}", {"version": 1, "form": {}}
    assert town.askers["drafting"].write("PATCH", path, body, key="the-same-key").status in (200, 409)
    theirs, unused = (town.askers["riv"].write("PATCH", path, body, key=key) for key in ("the-same-key", "another-key"))
    assert mark([theirs, unused]) == "4"
