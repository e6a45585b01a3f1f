"""A return with its verdicts over HTTP: what the member is told to replace, and what the reviewer is shown of it."""

from typing import Any

import pytest

from chalicelib.operations.ports import Ports
from chalicelib.rules.vocabulary import Role
from tests import made_up
from tests.handlers.asking import Answer, Asker, House

UNCLEAR = {"slot": "licence", "accepted": False, "reason": "执照右下角被裁掉"}
FINE = {"slot": "application_form", "accepted": True}
NOTHING_CHANGED = {"fields": [], "materials": [], "persons": {"added": [], "removed": []}}


@pytest.fixture
def application(house: House, member: Asker) -> str:
    return house.submitted(member)


@pytest.fixture
def reviewer(house: House, application: str) -> Asker:
    del application
    return house.staff(Role.REVIEWER)


def returned(reviewer: Asker, application: str, *materials: dict[str, Any], reason: str = "请更换资料") -> Answer:
    seen = reviewer.get(f"/staff/applications/{application}").json["version"]
    body = {"version": seen, "reason": reason, "materials": list(materials)}
    return reviewer.post(f"/staff/applications/{application}/return", body)


def slots(shown: dict[str, Any]) -> dict[str, Any]:
    return {each["slot"]: each["verdict"] for each in shown["slots"]}


def handed_in_again(house: House, member: Asker, application: str) -> None:
    seen = member.get(f"/applications/{application}").json["version"]
    form = {"capital": "800万元人民币", "contact_mobile": "19988880001"}
    saved = member.write("PATCH", f"/applications/{application}", {"version": seen, "form": form})
    assert saved.status == 200, saved.text
    house.upload(member, application, "licence", b"%PDF-1.7 whole")
    assert member.post(f"/applications/{application}/submit", {}).status == 200


def test_the_member_is_shown_what_was_refused_and_what_was_not(
    member: Asker, reviewer: Asker, application: str
) -> None:
    assert slots(member.get(f"/applications/{application}").json) == {"application_form": None, "licence": None}
    assert returned(reviewer, application, UNCLEAR, FINE).status == 200
    shown = member.get(f"/applications/{application}").json
    assert slots(shown) == {
        "application_form": {"accepted": True, "reason": ""},
        "licence": {"accepted": False, "reason": "执照右下角被裁掉"},
    }
    assert [(each["code"], each["field"]) for each in shown["missing"]] == [("refused_by_reviewer", "licence")]
    (message, *_) = member.get("/messages").json["items"]
    assert "执照右下角被裁掉" in message["body"]


def test_the_reviewer_is_shown_what_changed_masked_and_in_clear_for_a_reason(
    house: House, member: Asker, reviewer: Asker, application: str
) -> None:
    assert reviewer.get(f"/staff/applications/{application}").json["changed_since_return"] == NOTHING_CHANGED
    returned(reviewer, application, UNCLEAR, FINE)
    handed_in_again(house, member, application)
    shown = reviewer.get(f"/staff/applications/{application}")
    changed = {each["field"]: (each["before"], each["now"]) for each in shown.json["changed_since_return"]["fields"]}
    assert changed == {
        "capital": ("500万元人民币", "800万元人民币"), "contact_mobile": ("199****0001", "199****0001"),
    }  # fmt: skip
    assert "19988880001" not in shown.text
    (material,) = shown.json["changed_since_return"]["materials"]
    assert (material["slot"], len(material["files"]), material["removed"]) == ("licence", 1, 0)
    assert material["verdict"] == {"accepted": False, "reason": "执照右下角被裁掉"}
    assert slots(shown.json)["licence"] is None
    revealed = reviewer.post(f"/staff/applications/{application}/reveal", {"reason": "核对手机号码"}).json
    (mobile,) = (each for each in revealed["changed_since_return"]["fields"] if each["field"] == "contact_mobile")
    assert (mobile["before"], mobile["now"], mobile["title"]) == (made_up.mobile(1), "19988880001", "联系人手机")


def test_the_member_sees_his_own_changes_in_clear(
    house: House, member: Asker, reviewer: Asker, application: str
) -> None:
    returned(reviewer, application, UNCLEAR)
    handed_in_again(house, member, application)
    changed = member.get(f"/applications/{application}").json["changed_since_return"]["fields"]
    assert ("contact_mobile", made_up.mobile(1), "19988880001") in {
        (each["field"], each["before"], each["now"]) for each in changed
    }


def test_verdicts_that_cannot_be_given_are_refused_with_every_reason_and_leave_no_trace(
    house: House, reviewer: Asker, application: str
) -> None:
    reviewer.get(f"/staff/applications/{application}")
    before = house.everything()
    answer = returned(
        reviewer, application, {"slot": "nothing", "accepted": True}, {"slot": "licence", "accepted": False}, reason=""
    )
    assert answer.status == 409
    assert set(answer.codes) == {"reason_required", "no_such_slot", "verdict_needs_reason"}
    assert house.everything() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {**UNCLEAR, "reason": "字" * 201},
        {"slot": "licence"},
        {**UNCLEAR, "accepted": "no"},
        {**UNCLEAR, "who": "x"},
    ],
)
def test_a_verdict_of_the_wrong_shape_is_no_verdict(reviewer: Asker, application: str, wrong: dict[str, Any]) -> None:
    assert returned(reviewer, application, wrong).status == 422


def test_a_return_sent_twice_is_one_return_and_other_verdicts_are_another(
    ports: Ports, reviewer: Asker, application: str
) -> None:
    seen = reviewer.get(f"/staff/applications/{application}").json["version"]
    path, body = f"/staff/applications/{application}/return", {"version": seen, "reason": "x", "materials": [UNCLEAR]}
    assert [reviewer.post(path, body, "one-key-for-it").status for _ in range(2)] == [200, 200]
    folder = ports.records.folder(application)
    assert folder is not None
    assert folder.application.entries == 2
    assert reviewer.post(path, {**body, "materials": [FINE]}, "one-key-for-it").status == 422
