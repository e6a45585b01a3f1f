"""会员资格 over HTTP: ended, seen by everybody whom it concerns, restored, and taken up again by a new join."""

from typing import Any

import pytest

from chalicelib.rules.vocabulary import Role
from tests.handlers.asking import Answer, Asker, House
from tests.operations import acting

WHY = "自愿退会"


@pytest.fixture
def member(house: House) -> Asker:
    member = house.member()
    house.completed(member)
    return member


def decide(house: House, member: Asker, deed: str, reason: str = WHY) -> Answer:
    shown = member.get("/me/enterprise").json
    path = f"/staff/enterprises/{shown['member_code']}/{deed}"
    return house.staff(Role.ADMIN).post(path, {"version": shown["version"], "reason": reason})


def standing(house: House, certificate: Any) -> str:
    return str(house.visitor.get(certificate["verify_path"], Accept="application/json").json["standing"])


def test_everybody_sees_that_the_membership_has_ended_and_why(house: House, member: Asker) -> None:
    (certificate,) = member.get("/certificates").json["items"]
    ended = decide(house, member, "end-membership")
    assert ended.status == 200, ended.text
    today = house.ports.clock.today().isoformat()
    assert ended.json["ended"] == {"since": today, "on": today, "reason": WHY}
    assert member.get("/me/enterprise").json["ended"]["reason"] == WHY
    assert standing(house, certificate) == "revoked"
    assert "已注销" in house.visitor.get(certificate["verify_path"], Accept="text/html").text
    shown = house.staff(Role.CERTIFIER).get(f"/staff/certificates/{certificate['number']}").json
    assert shown["revoked_reason"] == f"会员资格终止：{WHY}"
    audit = house.staff(Role.ADMIN).get(f"/staff/audit?subject=enterprise:{ended.json['id']}").json["items"]
    assert [(each["deed"], each["reason"]) for each in audit] == [("end_membership", WHY)]
    latest = member.get("/messages").json["items"][0]
    assert (latest["notice"], WHY in latest["body"]) == ("membership_ended", True)


def test_the_plan_leads_every_service_back_through_joining(house: House, member: Asker) -> None:
    decide(house, member, "end-membership")
    plan = {each["service"]["code"]: each for each in member.get("/plan").json["items"]}
    assert [code for code, each in plan.items() if each["open"]] == ["join"]
    assert all("membership_ended" in str(each["reasons"]) for code, each in plan.items() if code != "join")
    refused = member.post("/applications", {"service": "dues"})
    assert refused.status == 409
    assert "membership_ended" in refused.codes


def test_an_error_is_undone_and_the_certificate_counts_again(house: House, member: Asker) -> None:
    (certificate,) = member.get("/certificates").json["items"]
    decide(house, member, "end-membership")
    restored = decide(house, member, "restore-membership", "认错了单位")
    assert restored.status == 200, restored.text
    assert restored.json["ended"] is None
    assert standing(house, certificate) == "valid"
    assert decide(house, member, "restore-membership").codes == ["not_ended"]


def test_what_is_open_is_named_with_what_to_do_first(house: House, member: Asker) -> None:
    application = member.post("/applications", {"service": "dues_with_changes"}).json["id"]
    form = {"changes": "注册资金", "new_capital": "800万元人民币"}
    assert member.write("PATCH", f"/applications/{application}", {"version": 0, "form": form}).status == 200
    for slot in ("licence", "change_notice"):
        house.upload(member, application, slot)
    assert member.post(f"/applications/{application}/submit", {}).status == 200
    refused = decide(house, member, "end-membership")
    assert refused.status == 409
    (reason,) = refused.json["reasons"]
    assert (reason["code"], application in reason["message"]) == ("application_open", True)
    assert "审核人员拒绝" in reason["next"]


def test_the_reviewer_of_a_new_join_sees_that_the_unit_was_a_member(house: House, member: Asker) -> None:
    code = decide(house, member, "end-membership").json["member_code"]
    stranger = house.member("li")
    application = house.submitted(stranger)
    entry = house.staff(Role.REVIEWER).get(f"/staff/applications/{application}").json
    assert entry["former_member"]["member_code"] == code
    assert entry["former_member"]["ended"]["reason"] == WHY
    assert code not in stranger.get(f"/applications/{application}").text
    reviewer = house.staff(Role.REVIEWER)
    assert reviewer.post(f"/staff/applications/{application}/approve", {"version": entry["version"]}).status == 200
    acting.work_off(house.ports)
    again = stranger.get("/me/enterprise").json
    assert (again["member_code"], again["ended"], again["representatives"]) == (code, None, 2)
    assert [each["reason"] for each in again["earlier"]] == [WHY]
    assert reviewer.get(f"/staff/applications/{application}").json["former_member"] is None
