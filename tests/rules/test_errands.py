"""The form of what goes through queues: what is written is read, and nothing else is taken for it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules.errands import VERSION, Errand

WHOLE = {"v": VERSION, "row": "mail-1", "round": 2}


@given(st.text(min_size=1), st.integers())
def test_what_is_written_is_read_again(row: str, number: int) -> None:
    assert Errand.read(json.loads(Errand(row, number).written())) == Errand(row, number)


def test_nothing_but_the_row_and_its_round_is_written() -> None:
    assert json.loads(Errand("mail-1", 2).written()) == WHOLE


def test_a_message_from_before_there_were_rounds_is_of_the_first() -> None:
    assert Errand.read({"v": VERSION, "row": "mail-1"}) == Errand("mail-1", 0)


@pytest.mark.parametrize("change", [{"v": 2}, {"v": None}, {"row": ""}, {"row": 7}, {"round": "2"}, {"round": True}])
def test_another_form_is_not_guessed_at(change: dict[str, object]) -> None:
    assert Errand.is_one({**WHOLE, **change})
    assert Errand.read({**WHOLE, **change}) is None


def test_what_names_no_row_is_no_errand() -> None:
    assert not Errand.is_one({"Records": []})
