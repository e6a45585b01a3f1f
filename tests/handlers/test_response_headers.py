"""What people type that comes back in a header: it adds no header, and every value is plain ASCII on one line."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from chalicelib.operations.ports import Replace
from chalicelib.rules.association import Association
from chalicelib.rules.vocabulary import Role
from tests.handlers.asking import PASSWORD, Answer, Asker, House, in_a_path

BREAKS = (
    "\r\nX-Evil: 1",
    "\nX-Evil: 1",
    "\r",
    "\0",
    "\x85X-Evil: 1",
    "\u2028X-Evil: 1",
    "%0d%0aX-Evil:%201",
    "嘊嘍X-Evil: 1",
)
OURS = {
    "cache-control", "content-security-policy", "referrer-policy", "strict-transport-security",
    "x-content-type-options", "content-type", "location", "www-authenticate", "retry-after", "content-length",
}  # fmt: skip


def assert_plain(answer: Answer) -> None:
    assert {name.lower() for name in answer.headers} <= OURS, answer.headers
    for value in answer.headers.values():
        assert value.isascii(), value
        assert value.isprintable(), value


@pytest.mark.parametrize("broken", BREAKS)
def test_a_name_of_staff_that_would_break_the_location_is_refused(house: House, broken: str) -> None:
    admin = house.staff(Role.ADMIN)
    for name in (f"clerk{broken}", f"{broken}clerk", broken):
        answer = admin.post("/staff/accounts", {"name": name[:40], "roles": ["finance"], "password": PASSWORD})
        assert answer.status in (409, 422), answer.text
        assert "Location" not in answer.headers
        assert_plain(answer)


@pytest.mark.parametrize("broken", BREAKS)
def test_nothing_typed_into_an_upload_comes_back_in_a_header(house: House, member: Asker, broken: str) -> None:
    application = house.draft(member)
    for changed in (
        {"file_name": f"a{broken}.pdf"},
        {"slot": f"licence{broken}"},
        {"application": application + broken},
    ):
        body = {"application": application, "slot": "licence", "file_name": "a.pdf", **changed}
        answer = member.post("/uploads", body)
        assert_plain(answer)
        if answer.status == 201:
            location = answer.headers["Location"]
            assert location == f"/applications/{application}/files/{answer.json['id']}"


@pytest.mark.parametrize("broken", BREAKS)
def test_no_path_key_or_asked_for_type_comes_back_in_a_header(house: House, member: Asker, broken: str) -> None:
    for path in (
        f"/applications/{in_a_path(broken)}",
        f"/certificates/{in_a_path(broken)}/pdf",
        "/applications?cursor=",
    ):
        assert_plain(member.get(path + (in_a_path(broken) if path.endswith("=") else "")))
    assert_plain(member.post("/applications", {"service": "join"}, key=broken))
    assert_plain(member.get("/services", Accept=f"text/html{broken}", X_Request_Id=broken, Origin=f"https://x{broken}"))
    assert_plain(house.visitor.get("/me", Authorization=f"Bearer {broken}"))


def numbered(house: House, pattern: str) -> None:
    settings = house.ports.records.get(Association, "association")
    assert settings is not None
    patterns = {**settings.number_patterns, "member": pattern}
    house.ports.records.commit(Replace(settings, settings.changed(number_patterns=patterns)))


@pytest.mark.parametrize(
    "pattern", ["示例-{year}-{n:04}", "A\"B;{year}={n}'", "A\r\nX-Evil: 1-{year}-{n}", "A/{year}\\{n}"]
)
def test_a_certificate_is_saved_under_its_number_whatever_stands_in_it(house: House, pattern: str) -> None:
    """Only the first of these numbers can be set; the others stand for what an import may once bring."""
    numbered(house, pattern)
    member = house.member()
    house.completed(member)
    (held,) = member.get("/certificates").json["items"]
    answer = member.get(f"/certificates/{held['root']}/pdf")
    assert answer.status == 302
    assert_plain(answer)
    query: Any = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["name"] == [f"会员证-{held['number']}.pdf"]
    assert unquote(answer.headers["Location"]).count("https://") == 1
