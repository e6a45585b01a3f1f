"""Whatever is sent to whichever endpoint: an answer in our words, and never a failure of ours."""

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.handlers.routes import ENDPOINTS
from chalicelib.rules.vocabulary import STAFF_ROLES
from tests.handlers.asking import Asker, House, in_a_path
from tests.handlers.promises import whole_document

KNOWN = ("join", "a000002", "licence", "bank_receipt", "version", "x" * 300)
WORDS = st.one_of(st.text(max_size=20), st.sampled_from(KNOWN))
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), WORDS)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3))


@pytest.fixture
def everybody(house: House) -> dict[str, Asker]:
    member = house.member()
    house.submitted(member)
    return {"public": house.visitor, "member": member, "staff": house.staff(*STAFF_ROLES)}


def properties(operation: str) -> list[str]:
    schemas = whole_document()["components"]["schemas"]
    takes = next(each.takes for each in ENDPOINTS if each.operation == operation)
    return list(schemas.get(takes.__name__, {}).get("properties", {})) if takes else []


@given(data=st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_sent_makes_us_fail(everybody: dict[str, Asker], data: Any) -> None:
    endpoint = data.draw(st.sampled_from(ENDPOINTS))
    names = properties(endpoint.operation)
    keys = st.sampled_from(names) if names else WORDS
    body = data.draw(st.one_of(st.dictionaries(keys, VALUES, max_size=6), VALUES))
    parts = {name: data.draw(WORDS.filter(bool)) for name in names_in(endpoint.path)}
    path = endpoint.path.format_map({name: in_a_path(each) for name, each in parts.items()})
    query = urlencode(data.draw(st.dictionaries(st.sampled_from(["limit", "cursor", "state", "number"]), WORDS)))
    asker = everybody[endpoint.audience.value]
    answer = asker.write(endpoint.method, f"{path}?{query}", None if endpoint.method == "GET" else body)
    assert answer.status < 500 or (answer.status, endpoint.operation) == (503, "log_in")


def names_in(path: str) -> list[str]:
    return [part.strip("{}") for part in path.split("/") if part.startswith("{")]
