"""Pages of no sensible size, forged cursors, tokens of the wrong length."""

import pytest

from chalicelib.rules.vocabulary import Role
from tests.handlers.asking import Asker, House
from tests.handlers.refusals import assert_refused


@pytest.mark.parametrize("limit", ["0", "-1", "1000000000", "51", "x", "", "1.5", "1" * 5000])
def test_pages_of_no_sensible_size_are_refused(house: House, member: Asker, limit: str) -> None:
    assert_refused(house, lambda: member.get(f"/applications?limit={limit}"), 422)
    staff = house.staff(Role.REVIEWER)
    assert_refused(house, lambda: staff.get(f"/staff/applications?limit={limit}"), 422)


def test_a_name_given_twice_is_refused(house: House, member: Asker) -> None:
    assert_refused(house, lambda: member.get("/applications?limit=1&limit=2"), 422, "given_twice")


def test_lists_go_on_where_the_cursor_says(house: House, member: Asker) -> None:
    opened = [house.draft(member, n) for n in (1, 2, 3)]
    first = member.get("/applications?limit=2").json
    second = member.get(f"/applications?limit=2&cursor={first['next']}").json
    assert [each["id"] for each in (*first["items"], *second["items"])] == opened[::-1]
    assert second["next"] is None


@pytest.mark.parametrize("cursor", ["x", "%00", "e30", "é", "A" * 900, "====", "%F0%9F%92%A9"])
def test_a_forged_cursor_is_refused(house: House, member: Asker, cursor: str) -> None:
    assert_refused(house, lambda: member.get(f"/applications?cursor={cursor}"), 400, "bad_cursor")


def test_a_cursor_is_good_for_its_own_list_and_reader_only(house: House, member: Asker) -> None:
    for n in (1, 2):
        house.draft(member, n)
    cursor = member.get("/applications?limit=1").json["next"]
    other = house.member("li")
    assert_refused(house, lambda: other.get(f"/applications?cursor={cursor}"), 400, "bad_cursor")
    assert_refused(house, lambda: member.get(f"/messages?cursor={cursor}"), 400, "bad_cursor")
    changed = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
    assert_refused(house, lambda: member.get(f"/applications?cursor={changed}"), 400, "bad_cursor")


@pytest.mark.parametrize("token", ["x", "A" * 27, "A" * 28, "A" * 29, "A" * 3000, "%00", "..", "%2e%2e%2f", "Ａ" * 28])
def test_unknown_tokens_and_those_of_the_wrong_length_answer_alike(house: House, visitor: Asker, token: str) -> None:
    path = f"/v/{token}".encode().decode("latin-1")
    assert_refused(house, lambda: visitor.get(path, Accept="application/json"), 404, "certificate_unknown")
    page, unknown = visitor.get(path, Accept="text/html"), visitor.get("/V/" + "B" * 28, Accept="text/html")
    assert page.status == 404
    assert page.text == unknown.text
