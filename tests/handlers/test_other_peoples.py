"""Other people's things and absent ones look the same, and nobody changes what is not his."""

from typing import Any

from chalicelib.operations.ports import Replace
from chalicelib.rules.records import Application
from chalicelib.rules.vocabulary import Role
from tests.handlers.asking import Asker, House
from tests.handlers.refusals import assert_refused


def test_other_peoples_and_absent_look_the_same(house: House, member: Asker) -> None:
    application, payment = house.paid(member)
    file = member.get(f"/payments/{payment}").json["receipt"]["file"]
    other = house.member("li")
    for mine, absent in (
        (f"/applications/{application}", "/applications/a999999"),
        (f"/applications/{application}/files/{file}", "/applications/a999999/files/a999999.f999999"),
        (f"/payments/{payment}", "/payments/p999999"),
    ):
        theirs = assert_refused(house, lambda mine=mine: other.get(mine), 404, "not_found")  # type: ignore[misc]  # bound now
        assert theirs.text == other.get(absent).text


def test_nobody_changes_what_is_not_his(house: House, member: Asker) -> None:
    application = house.to_be_paid(member)
    other = house.member("li")
    asks = (
        lambda: other.write("PATCH", f"/applications/{application}", {"version": 0, "form": {}}),
        lambda: other.post(f"/applications/{application}/submit", {}),
        lambda: other.post(f"/applications/{application}/withdraw", {}),
        lambda: other.post("/uploads", {"application": application, "slot": "bank_receipt", "file_name": "a.pdf"}),
        lambda: other.write("DELETE", f"/applications/{application}/files/x"),
        lambda: other.post("/payments", house.transfer(application)),
    )
    for ask in asks:
        assert_refused(house, ask, 404, "not_found")


def test_a_certificate_is_its_holders_alone(house: House, member: Asker) -> None:
    house.completed(member)
    (certificate,) = member.get("/certificates").json["items"]
    other, root = house.member("li"), certificate["root"]
    assert_refused(house, lambda: other.get(f"/certificates/{root}"), 404, "not_found")
    assert_refused(house, lambda: other.get(f"/certificates/{root}/pdf"), 404, "not_found")
    assert_refused(house, lambda: other.post(f"/certificates/{root}/mail", {"to": "a@example.com"}), 404, "not_found")


def test_a_draft_is_not_for_staff(house: House, member: Asker) -> None:
    application, reviewer = house.draft(member), house.staff(Role.REVIEWER)
    assert_refused(house, lambda: reviewer.get(f"/staff/applications/{application}"), 404, "not_found")
    assert_refused(house, lambda: reviewer.get("/staff/applications?state=draft"), 422, "drafts_are_private")


def test_a_part_of_an_address_that_no_id_can_be_never_reaches_the_store(house: House, member: Asker) -> None:
    records: Any = house.ports.records

    def asked(application: str) -> None:
        raise AssertionError(application)

    records.folder = asked
    assert_refused(house, lambda: member.get(f"/applications/{'a' * 3000}"), 404, "not_found")


def test_a_number_that_is_only_reserved_is_nobodys_certificate(house: House, member: Asker) -> None:
    application = house.being_made(member)
    found = house.ports.records.get(Application, application)
    assert found is not None
    house.ports.records.commit(Replace(found, found.changed(certificate="RESERVED")))
    assert member.get(f"/applications/{application}").json["certificate"] is None
