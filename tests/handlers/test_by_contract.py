"""Whoever sends whatever the OpenAPI document describes, or forbids, gets an answer that the document describes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any
from zlib import crc32

import pytest
from chalice.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from schemathesis.core.transport import Response

from chalicelib import wiring
from chalicelib.handlers.calls import Endpoint
from chalicelib.handlers.problems import JSON_PROBLEM
from chalicelib.handlers.routes import ENDPOINTS
from chalicelib.handlers.schemas.settings import BlankFormSet
from chalicelib.handlers.sessions import Audience
from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.rules.vocabulary import STAFF_ROLES, Role
from tests.handlers.asking import House
from tests.handlers.conftest import SETTINGS
from tests.handlers.contract import EXAMPLES, Case, assert_described, cases, name_in, sent
from tests.handlers.promises import validator, whole_document
from tests.handlers.test_access import own, put_back, remembered
from tests.handlers.town import ABSENT, AT_ITS_STEP, BODIES, BY_LETTERS, Things, Town, built

MEMBERS = {"unbound": "new", "applicant": "app", "bound": "rep"}
STAFF = {role.value: BY_LETTERS[role] for role in STAFF_ROLES}
EVERYBODY = {"visitor": "vis", **MEMBERS, **STAFF}
DOORS = {Audience.MEMBER: MEMBERS, Audience.STAFF: STAFF}
OPERATIONS = {f"{each.method} {each.path}": each for each in ENDPOINTS}
# Blank to one dialect of regular expressions, and not to another; or never seen in a browser's address bar.
BLANKS = ("\x00", "\x05", "\x1e", " ", "\x7f", "\x85", "\u00a0", "\u2028", "\u3000", "\ufeff")
METHODS = {path: {each.method for each in ENDPOINTS if each.path == path} for path in {each.path for each in ENDPOINTS}}
ACCEPTED = ("*/*", "application/json", "text/html")


@pytest.fixture(scope="module")
def built_once(client: Client) -> Town:
    ports = ports_in_memory()
    wiring.use(ports, SETTINGS)
    return built(House(client, ports))


@pytest.fixture
def town(built_once: Town) -> Iterator[Town]:
    wiring.use(built_once.ports, SETTINGS)
    yield built_once
    wiring.use(None)


@pytest.mark.parametrize(
    ("schema", "names"), [("AssociationSet", "wechat_templates"), ("DraftChanges", "form"), ("TemplateSet", "keys")]
)
def test_names_that_are_refused_are_forbidden_in_the_document(schema: str, names: str) -> None:
    written = whole_document()["components"]["schemas"][schema]["properties"][names]
    assert written["additionalProperties"] is False


@pytest.mark.parametrize("address", ["https://example.com/a{}b", "/a{}b"])
@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_a_web_address_with_a_blank_in_it_is_refused_as_the_document_says(address: str, blank: str) -> None:
    form = {"code": "x", "title": "x", "url": address.format(blank)}
    assert not validator("BlankFormSet").is_valid(form)
    with pytest.raises(ValidationError):
        BlankFormSet.model_validate(form)
    assert BlankFormSet.model_validate({**form, "url": address.format("表")})


@pytest.mark.parametrize("path", sorted(METHODS))
def test_what_is_not_done_at_an_address_is_refused_with_what_is(town: Town, path: str) -> None:
    """RFC 9110 §15.5.6. Before anybody is asked who he is. OPTIONS is answered by Chalice, for browsers."""
    address = re.sub(r"{\w+}", "x", path)
    for method in {"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT", "TRACE"} - METHODS[path]:
        answer = town.askers["vis"].ask(method, address)
        assert (answer.status, answer.headers["Content-Type"]) == (405, JSON_PROBLEM)
        assert set(answer.headers["Allow"].split(", ")) == METHODS[path]


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_answer_is_one_that_the_document_describes(town: Town, operation: str, who: str) -> None:
    refused = refusal(OPERATIONS[operation], who)
    known = (own(town, EVERYBODY[who], operation), *town.owners.values(), ABSENT, None)

    # The first of each choice comes first: what can be done is done at least once.
    @seed(crc32(f"{operation} {who}".encode()))
    @settings(
        max_examples=EXAMPLES if refused is None else max(1, EXAMPLES // 4),
        deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        # How cases are made from a schema is the library's: it throws many away, and some are large.
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(
        case=cases(operation), things=st.sampled_from(known), as_made=st.booleans(), accept=st.sampled_from(ACCEPTED)
    )
    def holds(case: Case, things: Things | None, as_made: bool, accept: str) -> None:  # noqa: FBT001 - hypothesis names it
        filled(town, case, operation, things, as_made=as_made)
        answer = asked(town, case, operation, who, {"Accept": accept})
        assert_described(case, answer)
        # The library takes the session away too: whoever he is, he is a visitor then.
        expected = refused if "Authorization" in answer.request.headers else refusal(OPERATIONS[operation], "visitor")
        assert expected in (None, answer.status_code)
        assert expected != 401 or answer.headers["www-authenticate"] == ["Bearer"]

    holds()


def refusal(endpoint: Endpoint, who: str) -> int | None:
    """What everybody is answered who has no business here, whatever he sends; None: he has."""
    if endpoint.audience is Audience.PUBLIC:
        return None
    if who not in DOORS[endpoint.audience]:
        return 401
    return 403 if endpoint.roles and Role(who) not in endpoint.roles else None


def filled(town: Town, case: Case, operation: str, things: Things | None, *, as_made: bool) -> None:
    """With what there is: the parts of the path and, unless ``as_made`` or made to be wrong, a body that fits."""
    if things is None:
        return
    name_in(case, {name: part for name, part in asdict(things).items() if part is not None})
    if operation in BODIES and not as_made and case.meta.generation.mode.is_positive:
        case.body = BODIES[operation](town, things)


def asked(town: Town, case: Case, operation: str, who: str, headers: Mapping[str, Any]) -> Response:
    """From the state that the town was built in, put back afterwards."""
    asker = town.askers[AT_ITS_STEP.get(operation, "paying") if who == "applicant" else EVERYBODY[who]]
    before = remembered(town)
    answer = sent(asker.client, case, {**headers, **asker.headers})
    put_back(town, before)
    return answer
