"""Twice at once, twice with one key, one key for two things, two staff at once, a receipt that differs."""

from collections.abc import Callable
from typing import Any

from chalicelib.operations.ports import Change, Conflict
from chalicelib.rules.records import Application
from chalicelib.rules.vocabulary import Role
from tests.handlers.asking import Answer, Asker, House
from tests.handlers.refusals import assert_problem, assert_refused


def meanwhile(house: House, somebody_else: Callable[[], Any]) -> None:
    """Just before the next commit, somebody else is quicker."""
    records: Any = house.ports.records
    commit = records.commit

    def later(*changes: Change) -> None:
        records.commit = commit
        somebody_else()
        commit(*changes)

    records.commit = later


def state_of(house: House, application: str) -> str:
    found = house.ports.records.get(Application, application)
    assert found is not None
    return found.state.chinese


def test_everything_missing_is_named_at_once(house: House, member: Asker) -> None:
    application = member.post("/applications", {"service": "join"}).json["id"]
    answer = assert_refused(house, lambda: member.post(f"/applications/{application}/submit", {}), 409)
    told = {(reason["code"], reason["field"]) for reason in answer.json["reasons"]}
    assert {("material_missing", "application_form"), ("material_missing", "licence")} <= told
    assert ("not_filled_in", "contact_mobile") in told
    assert len(told) == 15


def test_submitted_twice_at_once_one_wins_and_the_other_is_told(house: House, member: Asker) -> None:
    application = house.draft(member)
    house.upload(member, application, "application_form")
    house.upload(member, application, "licence")
    first: list[Answer] = []
    path = f"/applications/{application}/submit"
    meanwhile(house, lambda: first.append(member.post(path, {})))
    second = member.post(path, {})

    assert first[0].status == 200
    assert_problem(second, 409, "not_in_this_state")
    assert len(member.get(f"/applications/{application}").json["history"]) == 1


def test_the_same_key_again_is_the_same_answer_and_does_nothing_more(house: House, member: Asker) -> None:
    first = member.post("/applications", {"service": "join"}, "the-same-key")
    before = house.everything()
    again = member.post("/applications", {"service": "join"}, "the-same-key")
    assert (first.status, first.json) == (again.status, again.json)
    assert first.headers["Location"] == again.headers["Location"] == f"/applications/{first.json['id']}"
    assert house.everything() == before


def test_submitted_twice_with_one_key_is_submitted_once(house: House, member: Asker) -> None:
    application = house.draft(member)
    house.upload(member, application, "application_form")
    house.upload(member, application, "licence")
    answers = [member.post(f"/applications/{application}/submit", {}, "one-key-only") for _ in range(2)]
    assert answers[0].json == answers[1].json
    assert len(answers[1].json["history"]) == 1


def test_one_key_with_another_body_is_refused(house: House, member: Asker) -> None:
    application = house.draft(member)
    path = f"/applications/{application}"
    assert member.write("PATCH", path, {"version": 1, "form": {"kind": "其他"}}, "one-key-only").status == 200
    again = {"version": 2, "form": {"kind": "企业"}}
    assert_refused(house, lambda: member.write("PATCH", path, again, "one-key-only"), 422, "idempotency_key_reused")
    assert member.get(path).json["form"]["kind"] == "其他"


def test_one_key_for_another_application_is_refused(house: House, member: Asker) -> None:
    one, other = (house.draft(member, n) for n in (1, 2))
    assert member.post(f"/applications/{one}/withdraw", {}, "one-key-only").status == 200
    ask = lambda: member.post(f"/applications/{other}/withdraw", {}, "one-key-only")  # noqa: E731 - asked once
    assert_refused(house, ask, 422, "idempotency_key_reused")


def test_a_draft_saved_from_an_old_page_is_refused_and_nothing_is_lost(house: House, member: Asker) -> None:
    application = house.draft(member)
    body = {"version": 0, "form": {"kind": "其他"}}
    ask = lambda: member.write("PATCH", f"/applications/{application}", body)  # noqa: E731 - asked once
    assert_refused(house, ask, 409, "changed_since")


def test_of_two_staff_at_once_the_second_is_told_what_the_first_did(house: House, member: Asker) -> None:
    application = house.submitted(member)
    one, other = house.staff(Role.REVIEWER), house.staff(Role.REVIEWER, Role.FINANCE)
    seen = one.get(f"/staff/applications/{application}").json["version"]
    path, body = f"/staff/applications/{application}", {"version": seen}
    first: list[Answer] = []
    meanwhile(house, lambda: first.append(one.post(f"{path}/approve", body)))
    second = other.post(f"{path}/return", {**body, "reason": "执照不清晰"})

    assert first[0].status == 200
    assert second.status == 409
    assert state_of(house, application) == "待缴费"
    assert len(member.get(f"/applications/{application}").json["history"]) == 2


def test_a_decision_on_an_old_page_is_refused(house: House, member: Asker) -> None:
    application, reviewer = house.submitted(member), house.staff(Role.REVIEWER)
    ask = lambda: reviewer.post(f"/staff/applications/{application}/approve", {"version": 0})  # noqa: E731 - asked once
    assert_refused(house, ask, 409, "changed_since")


def test_a_return_without_a_reason_is_refused(house: House, member: Asker) -> None:
    application, reviewer = house.submitted(member), house.staff(Role.REVIEWER)
    seen = reviewer.get(f"/staff/applications/{application}").json["version"]
    body = {"version": seen, "reason": "  "}
    ask = lambda: reviewer.post(f"/staff/applications/{application}/return", body)  # noqa: E731 - asked once
    assert_refused(house, ask, 409, "reason_required")


def test_a_receipt_whose_amount_differs_is_seen_by_finance_and_not_confirmed_unpaid(
    house: House, member: Asker
) -> None:
    application, payment = house.paid(member, amount=100_000)
    finance = house.staff(Role.FINANCE)
    (seen,) = finance.get("/staff/payments").json["items"]
    assert (seen["amount"], seen["due"], seen["differs"]) == (100_000, 120_000, True)
    path = f"/staff/payments/{payment}"
    short = {"version": 0, "received": 100_000}
    assert_refused(house, lambda: finance.post(f"{path}/confirm", short), 409, "amount_short")
    refused = finance.post(f"{path}/refuse", {"version": 0, "reason": "尚差 200 元"})
    assert refused.json["status"]["code"] == "refused"
    back = member.get(f"/applications/{application}").json
    assert (back["state"]["name"], back["reason"]) == ("待缴费", "尚差 200 元")
    assert_refused(house, lambda: finance.post(f"{path}/confirm", short), 409, "payment_decided")


def test_when_the_store_is_busy_one_is_told_to_try_again(house: House, member: Asker) -> None:
    application = house.draft(member)
    records: Any = house.ports.records

    def lost(*changes: Change) -> None:
        raise Conflict

    records.commit = lost
    answer = member.write("PATCH", f"/applications/{application}", {"version": 1, "form": {}})
    assert_problem(answer, 503, "busy")
    assert answer.headers["Retry-After"] == "1"
