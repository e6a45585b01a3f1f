"""A cursor is signed for its list and its reader, whatever the store itself would notice of a foreign position."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.handlers.cursors import Bookmark
from chalicelib.handlers.schemas.base import Paging
from chalicelib.operations.ports import Asked, BadPosition, Page, Ports

PAGE = Page[str]((), "the position of a page")


def cursor_of(bookmark: Bookmark) -> str:
    cursor = bookmark.next(PAGE)
    assert cursor is not None
    return cursor


def test_a_cursor_leads_back_to_its_position(ports: Ports) -> None:
    bookmark = Bookmark(ports, "list", "reader")
    assert bookmark.asked(Paging(cursor=cursor_of(bookmark), limit=7)) == Asked(7, PAGE.next)
    assert bookmark.asked(Paging()) == Asked(20, None)
    assert bookmark.next(Page[str](())) is None


@pytest.mark.parametrize(("name", "reader"), [("other list", "reader"), ("list", "other reader"), ("listr", "eader")])
def test_a_cursor_of_another_list_or_reader_is_refused(ports: Ports, name: str, reader: str) -> None:
    cursor = cursor_of(Bookmark(ports, name, reader))
    with pytest.raises(BadPosition):
        Bookmark(ports, "list", "reader").asked(Paging(cursor=cursor))


@given(place=st.integers(min_value=0), letter=st.sampled_from("ABab01-_"))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_cursor_with_any_letter_changed_is_refused(ports: Ports, place: int, letter: str) -> None:
    bookmark = Bookmark(ports, "list", "reader")
    good = cursor_of(bookmark)
    at = place % len(good)
    changed = good[:at] + letter + good[at + 1 :]
    if changed != good:
        with pytest.raises(BadPosition):
            bookmark.asked(Paging(cursor=changed))
