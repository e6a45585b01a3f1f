"""What admins look after over HTTP: accounts, bindings, settings, the audit log, dead letters; and reveals."""

from copy import deepcopy
from typing import Any

import pytest
from chalice.test import Client

from chalicelib import wiring
from chalicelib.first_use import LazyLetters
from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.operations import outbox
from chalicelib.operations.ports import Replace
from chalicelib.rules.association import Association
from chalicelib.rules.vocabulary import Role
from tests import made_up
from tests.handlers.asking import Asker, House, in_a_path
from tests.handlers.conftest import SETTINGS
from tests.handlers.refusals import assert_problem, assert_refused
from tests.operations import acting


@pytest.fixture
def admin(house: House) -> Asker:
    return house.staff(Role.ADMIN)


NEW = {"name": "finance.two", "roles": ["finance"], "password": "a made-up long password"}


def test_an_account_is_opened_and_its_secret_is_in_no_other_answer(house: House, admin: Asker) -> None:
    made = admin.post("/staff/accounts", NEW)
    assert (made.status, made.headers["Location"]) == (201, "/staff/accounts/finance.two")
    assert made.json["totp_uri"].startswith("otpauth://")
    assert house.sign_in("finance.two").json["me"]["roles"] == [{"code": "finance", "name": "财务"}]
    assert made.json["totp_secret"] not in admin.get("/staff/accounts").text
    assert_refused(house, lambda: admin.post("/staff/accounts", NEW), 409, "name_taken")


def test_an_answer_that_was_lost_is_told_again_until_the_first_sign_in(house: House, admin: Asker) -> None:
    first = admin.post("/staff/accounts", NEW, "one-key-only")
    before = house.everything()
    again = admin.post("/staff/accounts", NEW, "one-key-only")
    assert (again.status, again.json, again.headers["Location"]) == (201, first.json, first.headers["Location"])
    assert house.everything() == before
    other = {**NEW, "roles": ["admin"]}
    ask = lambda: admin.post("/staff/accounts", other, "one-key-only")  # noqa: E731 - asked once
    assert_refused(house, ask, 422, "idempotency_key_reused")
    assert house.sign_in("finance.two").status == 200
    assert_refused(house, lambda: admin.post("/staff/accounts", NEW, "one-key-only"), 409, "secret_in_use")


def test_whoever_lost_his_telephone_is_reset_by_an_admin(house: House, admin: Asker) -> None:
    reviewer = house.staff(Role.REVIEWER)
    seen = {each["name"]: each["version"] for each in admin.get("/staff/accounts").json["items"]}["reviewer"]
    path, body = "/staff/accounts/reviewer/reset", {"version": seen, "password": "another long one", "reason": "换手机"}
    reset = admin.post(path, body, "one-key-only")
    assert (reset.status, reset.json["name"]) == (200, "reviewer")
    assert_refused(house, lambda: reviewer.get("/staff/me"), 401, "session_ended")
    assert admin.post(path, body, "one-key-only").json == reset.json
    assert house.one_time_code("reviewer") == house.ports.credentials.totp_code(  # type: ignore[attr-defined]  # in memory
        reset.json["totp_secret"], house.ports.clock.now()
    )
    (entry,) = [each for each in admin.get("/staff/audit?subject=staff:reviewer").json["items"] if each["reason"]]
    assert (entry["actor"], entry["deed"], entry["reason"]) == ("admin", "reset_account", "换手机")
    assert house.sign_in("reviewer").status == 401
    assert house.sign_in("reviewer", "another long one").status == 200
    assert_refused(house, lambda: admin.post(path, body, "one-key-only"), 409, "secret_in_use")
    assert_refused(house, lambda: admin.post(path, body), 409, "changed_since")


def test_a_reset_wants_a_reason_a_good_password_and_somebody_else(house: House, admin: Asker) -> None:
    body = {"version": 1, "password": "short", "reason": " "}
    codes = ("own_account", "password_too_short", "reason_required")
    assert_refused(house, lambda: admin.post("/staff/accounts/admin/reset", body), 409, *codes)
    assert_refused(house, lambda: admin.post("/staff/accounts/nobody/reset", body), 404)


def test_a_bad_account_is_refused_with_every_reason(house: House, admin: Asker) -> None:
    body = {"name": "中文", "roles": ["applicant"], "password": "short"}
    codes = ("bad_name", "bad_roles", "password_too_short")
    assert_refused(house, lambda: admin.post("/staff/accounts", body), 409, *codes)


def test_the_last_admin_stays(house: House, admin: Asker) -> None:
    (seen,) = admin.get("/staff/accounts").json["items"]
    body = {"version": seen["version"], "roles": ["finance"]}
    assert_refused(house, lambda: admin.write("PATCH", "/staff/accounts/admin", body), 409, "last_admin")
    assert_refused(house, lambda: admin.write("PATCH", "/staff/accounts/nobody", {"version": 0}), 404)


def test_another_role_ends_the_sessions_of_the_old_one(house: House, admin: Asker) -> None:
    reviewer = house.staff(Role.REVIEWER)
    seen = {each["name"]: each["version"] for each in admin.get("/staff/accounts").json["items"]}
    body = {"version": seen["reviewer"], "roles": ["reviewer", "finance"]}
    assert admin.write("PATCH", "/staff/accounts/reviewer", body).status == 200
    assert_refused(house, lambda: reviewer.get("/staff/me"), 401, "session_ended")


def test_a_number_pattern_that_would_repeat_itself_is_told_by_its_kind(house: House, admin: Asker) -> None:
    seen = admin.get("/staff/settings").json
    seen["settings"]["number_patterns"]["qualification"] = "ZZ-{year}"
    answer = assert_refused(house, lambda: admin.write("PUT", "/staff/settings", seen), 422, "number_pattern")
    assert "资质证" in answer.json["reasons"][0]["message"]


def test_a_name_that_no_certificate_could_hold_is_refused_where_it_is_set(house: House, admin: Asker) -> None:
    seen = admin.get("/staff/settings").json
    house.ports.printer.room = 60  # type: ignore[attr-defined]  # in memory
    seen["settings"]["name"] = "协" * 61
    ask = lambda: admin.write("PUT", "/staff/settings", seen)  # noqa: E731 - asked once
    answer = assert_refused(house, ask, 422, "too_long_for_the_certificate")
    assert answer.json["reasons"][0]["field"] == "settings.name"


def test_a_number_is_found_by_staff_however_it_is_typed(house: House, member: Asker) -> None:
    house.completed(member)
    number = member.get("/certificates").json["items"][0]["number"]
    found = house.staff(Role.CERTIFIER).get(f"/staff/certificates/{number.lower()}")
    assert (found.status, found.json["number"]) == (200, number)


def test_settings_go_out_and_come_back_the_same(house: House, admin: Asker) -> None:
    seen = admin.get("/staff/settings").json
    kept = admin.write("PUT", "/staff/settings", seen)
    assert kept.json["settings"] == seen["settings"]
    changed = deepcopy(kept.json)
    changed["settings"]["fees"][0]["amount"] = 90_000
    assert admin.write("PUT", "/staff/settings", changed).status == 200
    assert house.visitor.get("/services/join").json["fees"][0]["amount"] == 90_000
    assert_refused(house, lambda: admin.write("PUT", "/staff/settings", changed), 409, "changed_since")


def test_a_number_in_chinese_is_found_in_an_address(house: House, member: Asker, admin: Asker) -> None:
    seen = admin.get("/staff/settings").json
    seen["settings"]["number_patterns"]["member"] = "虚构会证{year}年{n:04}号"
    assert admin.write("PUT", "/staff/settings", seen).status == 200
    house.completed(member)
    number = member.get("/certificates").json["items"][0]["number"]
    assert number == "虚构会证2026年0001号"
    found = admin.get(f"/staff/certificates/{in_a_path(number)}")
    assert (found.status, found.json["number"]) == (200, number)
    by_number = house.visitor.get(f"/verify?number={in_a_path(number)}", Accept="application/json")
    assert by_number.json["number"] == number


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("number_patterns", "member"), "NO-PLACES"),
        (("number_patterns",), {}),
        (("telephones",), []),
        (("fees", 0, "amount"), -1),
        (("fees", 0, "amount"), 1.5),
        (("website",), "javascript:alert(1)"),
        (("forms", 0, "url"), "http://elsewhere.example"),
        (("windows", "link_seconds"), 10**9),
        *(
            (("windows", name), value)
            for name in ("binding_tries", "binding_lock_minutes", "lapse_days", "lapse_warning_days", "mails_per_hour")
            for value in (0, -1)
        ),
        (("windows", "review_deadline", "month"), 13),
        (("windows", "training_reminder_days"), [-1]),
        (("windows", "training_reminder_days"), [366]),
        (("windows", "training_reminder_days"), list(range(11))),
        (("windows", "season_reminder_days"), [{"month": 0, "day": 1}]),
        (("service_notices",), {"no such service": []}),
        (("name",), "a\nb"),
    ],
)
def test_settings_that_would_break_the_house_are_refused(
    house: House, admin: Asker, where: tuple[Any, ...], value: Any
) -> None:
    seen = admin.get("/staff/settings").json
    part = seen["settings"]
    for step in where[:-1]:
        part = part[step]
    part[where[-1]] = value
    assert_refused(house, lambda: admin.write("PUT", "/staff/settings", seen), 422)


def test_settings_that_do_not_go_together_are_refused_each_with_its_field(house: House, admin: Asker) -> None:
    seen = admin.get("/staff/settings").json
    seen["settings"]["windows"].update(lapse_warning_days=90, review_deadline={"month": 2, "day": 31})
    twice = len(seen["settings"]["fees"])
    seen["settings"]["fees"].append({**seen["settings"]["fees"][0], "level": "理事单位"})
    seen["settings"]["number_patterns"] = {
        "member": "gz/{year}/{n}", "qualification": "A-{year}-{n}", "training": "A-{year}-{n:05}",
    }  # fmt: skip
    answer = assert_refused(house, lambda: admin.write("PUT", "/staff/settings", seen), 422)
    assert {(reason["code"], reason["field"]) for reason in answer.json["reasons"]} == {
        ("number_pattern_characters", "settings.number_patterns.member"),
        ("number_patterns_alike", "settings.number_patterns.training"),
        ("fee_levels_closed", f"settings.fees.{twice}"),
        ("warning_too_late", "settings.windows.lapse_warning_days"),
        ("no_such_deadline", "settings.windows.review_deadline"),
    }


def test_the_days_of_reminders_are_settings(house: House, admin: Asker) -> None:
    seen = admin.get("/staff/settings").json
    windows = seen["settings"]["windows"]
    assert windows["training_reminder_days"] == [60, 30, 7]
    assert windows["season_reminder_days"][1] == {"month": 3, "day": 1}
    windows.update(training_reminder_days=[90, 14], season_reminder_days=[{"month": 2, "day": 1}])
    assert admin.write("PUT", "/staff/settings", seen).status == 200
    kept = house.ports.records.get(Association, "association")
    assert kept
    assert [each.code for each in kept.windows.reminders] == ["training-90", "training-14", "dues-0201", "review-0201"]
    again = admin.get("/staff/settings").json
    assert again["settings"]["windows"] == windows
    again["settings"]["windows"]["season_reminder_days"].append({"month": 5, "day": 1})
    answer = assert_refused(house, lambda: admin.write("PUT", "/staff/settings", again), 422, "reminder_too_late")
    assert answer.json["reasons"][0]["field"] == "settings.windows.season_reminder_days.1"


def test_settings_kept_from_before_a_rule_are_still_shown_to_be_mended(house: House, admin: Asker) -> None:
    before = house.ports.records.get(Association, "association")
    assert before
    house.ports.records.commit(Replace(before, before.changed(number_patterns={"member": "old/{n}"})))
    assert admin.get("/staff/settings").json["settings"]["number_patterns"] == {"member": "old/{n}"}


def test_personal_values_are_revealed_for_a_reason_that_is_kept(house: House, member: Asker, admin: Asker) -> None:
    application, reviewer = house.submitted(member), house.staff(Role.REVIEWER)
    path = f"/staff/applications/{application}/reveal"
    assert_refused(house, lambda: reviewer.post(path, {"reason": " "}), 409, "reason_required")
    assert_refused(house, lambda: reviewer.post(path, {}), 422, "field_missing")
    revealed = reviewer.post(path, {"reason": "与申请人电话核对"}).json
    assert revealed["form"]["contact_mobile"] == made_up.mobile(1)
    (entry,) = admin.get(f"/staff/audit?subject=application:{application}").json["items"]
    assert (entry["actor"], entry["deed"], entry["reason"]) == ("reviewer", "reveal", "与申请人电话核对")


def test_lists_never_hold_a_personal_value(house: House, member: Asker) -> None:
    house.submitted(member)
    personal = (made_up.person(1), made_up.mobile(1), "contact1@example.invalid")
    for text in (
        house.staff(Role.REVIEWER).get("/staff/applications").text,
        member.get("/applications").text,
    ):
        assert not any(value in text for value in personal)


def test_a_user_is_unbound_by_an_admin_and_loses_access_at_once(house: House, member: Asker, admin: Asker) -> None:
    house.completed(member)
    user = member.get("/me").json["id"]
    done = admin.post(f"/staff/users/{user}/unbind", {"reason": "离职"})
    assert done.json == {"user": user, "enterprise": None}
    assert_problem(member.get("/me/enterprise"), 404, "not_bound")
    assert member.get("/certificates").json == {"items": []}


def test_a_key_used_again_after_an_unbinding_opens_nothing(house: House, member: Asker) -> None:
    house.completed(member)
    enterprise = member.get("/me/enterprise").json
    other = house.member("li")
    pair = {"name": enterprise["name"], "member_code": enterprise["member_code"]}
    bound = other.post("/me/binding", pair, "one-key-only")
    assert (bound.status, bound.json["warning"]) == (201, None)
    assert other.write("DELETE", "/me/binding").json["enterprise"] is None
    assert_refused(house, lambda: other.post("/me/binding", pair, "one-key-only"), 404, "not_found")


def test_a_wrong_pair_says_the_same_whichever_half_is_wrong_and_locks_in_the_end(house: House, member: Asker) -> None:
    house.completed(member)
    enterprise = member.get("/me/enterprise").json
    other = house.member("li")
    wrong = (
        {"name": "虚构别家公司", "member_code": enterprise["member_code"]},
        {"name": enterprise["name"], "member_code": "00000000"},
    )
    answers = [assert_refused(house, lambda pair=pair: other.post("/me/binding", pair), 409) for pair in wrong]  # type: ignore[misc]  # bound now
    assert answers[0].text == answers[1].text
    for _ in range(3):
        other.post("/me/binding", wrong[0])
    assert_refused(house, lambda: other.post("/me/binding", wrong[0]), 429, "binding_locked")


def test_dead_letters_are_seen_tried_again_and_laid_aside(house: House, member: Asker, admin: Asker) -> None:
    house.being_made(member)
    row, other = (
        next(each for each in acting.pending(house.ports) if each.work == work) for work in ("issue", "notice")
    )
    outbox.bury(house.ports, row.id, "IssuingDead")
    (dead,) = admin.get("/staff/dead-letters").json["items"]
    assert (dead["id"], dead["can_be_redriven"]) == (row.id, True)
    assert dead["trouble"].startswith("多次重试后放弃（队列 IssuingDead）。制证没有完成：")
    path = f"/staff/dead-letters/{row.id}"
    assert admin.post(f"{path}/redrive").json["status"]["code"] == "pending"
    outbox.bury(house.ports, row.id, "IssuingDead", 1)
    assert_refused(house, lambda: admin.post(f"{path}/discard", {"reason": "人工处理"}), 409, "still_being_made")
    outbox.bury(house.ports, other.id, "NotifyingDead")
    path = f"/staff/dead-letters/{other.id}"
    assert_refused(house, lambda: admin.post(f"{path}/discard", {"reason": ""}), 409, "reason_required")
    assert admin.post(f"{path}/discard", {"reason": "人工处理"}).json["status"]["code"] == "done"
    assert_refused(house, lambda: admin.post(f"{path}/redrive"), 409, "not_dead")


def test_consents_are_counted_and_unknown_notices_refused(house: House, member: Asker) -> None:
    for _ in range(2):
        me = member.post("/me/consents", {"notices": ["completed"]}).json
    assert me["consents"] == {"completed": 2}
    assert_refused(house, lambda: member.post("/me/consents", {"notices": ["x"]}), 409, "unknown_notice")


def test_messages_are_written_with_the_words_that_really_go_out(client: Client) -> None:
    ports = ports_in_memory(letters=LazyLetters())
    wiring.use(ports, SETTINGS)
    house = House(client, ports)
    member = house.member()
    house.completed(member)
    enterprise = member.get("/me/enterprise").json
    pair = {"name": enterprise["name"], "member_code": enterprise["member_code"]}
    assert house.member("li").post("/me/binding", pair).status == 201
    messages = member.get("/messages").json["items"]
    wiring.use(None)
    assert {each["notice"] for each in messages} == {"to_be_paid", "completed", "new_binding"}
    assert all(each["title"] and each["body"] and "{{" not in each["body"] for each in messages)
