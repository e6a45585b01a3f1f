"""入会 over HTTP: from the login to the certificate that a stranger verifies, and to its revocation."""

from typing import Any
from urllib.parse import urlsplit

from chalicelib.rules.vocabulary import Role
from tests import made_up
from tests.handlers.asking import Asker, House
from tests.operations import acting


def test_a_company_joins_holds_a_certificate_and_loses_it(house: House, visitor: Asker) -> None:
    member = house.member()
    application = he_fills_in_and_submits(house, member)
    a_reviewer_approves(house, application)
    he_pays_and_finance_confirms(house, member, application)
    acting.work_off(house.ports)
    certificate = he_sees_what_has_become_of_it(member, application)
    he_downloads_and_mails_it(house, member, certificate["root"])
    anyone_verifies_it(visitor, certificate)
    a_certifier_revokes_it_and_takes_it_back(house, visitor, certificate)


def he_fills_in_and_submits(house: House, member: Asker) -> str:
    profile = {"name": made_up.person(1), "mobile": "１９９ 0000 0001"}
    assert member.write("PUT", "/me", profile).json["mobile"] == "19900000001"
    planned, *closed = member.get("/plan").json["items"]
    assert planned["open"] is True
    assert not any(each["open"] for each in closed)
    application = house.draft(member)
    seen = member.get(f"/applications/{application}").json
    assert seen["form"]["contact_mobile"] == made_up.mobile(1)
    assert [slot["slot"] for slot in seen["slots"]] == ["application_form", "licence"]
    form = house.upload(member, application, "application_form")
    house.upload(member, application, "licence")
    assert member.get(f"/applications/{application}/files/{form}").json["url"].startswith("https://")
    (shown,) = member.get(f"/applications/{application}").json["slots"][0]["files"]
    assert (shown["name"], shown["status"]["name"]) == ("application_form.pdf", "已接收")
    submitted = member.post(f"/applications/{application}/submit", {}).json
    assert submitted["state"] == {"code": "in_review", "name": "待审核"}
    assert [action["code"] for action in submitted["actions"]] == ["withdraw"]
    return application


def a_reviewer_approves(house: House, application: str) -> None:
    reviewer = house.staff(Role.REVIEWER)
    (line,) = reviewer.get("/staff/applications?state=in_review").json["items"]
    assert line["id"] == application
    entry = reviewer.get(f"/staff/applications/{application}").json
    assert made_up.mobile(1) not in str(entry)
    assert entry["form"]["contact_mobile"] == "199****0001"
    file = entry["slots"][0]["files"][0]
    assert file["name"] == "a***.pdf"
    assert reviewer.get(f"/staff/applications/{application}/files/{file['id']}").json["expires_in"] == 300
    body = {"version": entry["version"]}
    approved = reviewer.post(f"/staff/applications/{application}/approve", body).json
    assert approved["state"]["code"] == "to_be_paid"
    assert [each["actor"] for each in approved["history"]][1:] == ["reviewer"]


def he_pays_and_finance_confirms(house: House, member: Asker, application: str) -> None:
    due = member.get(f"/applications/{application}").json
    assert (due["state"]["name"], due["amount_due"]) == ("待缴费", 120_000)
    house.upload(member, application, "bank_receipt")
    payment = member.post("/payments", house.transfer(application)).json
    assert payment["status"]["code"] == "checking"
    finance = house.staff(Role.FINANCE)
    (waiting,) = finance.get("/staff/payments").json["items"]
    assert (waiting["id"], waiting["differs"]) == (payment["id"], False)
    assert waiting["receipt"]["application"] == application
    confirmed = finance.post(f"/staff/payments/{payment['id']}/confirm", {"version": 0, "received": 120_000})
    assert confirmed.json["status"]["code"] == "confirmed"


def he_sees_what_has_become_of_it(member: Asker, application: str) -> Any:
    done = member.get(f"/applications/{application}").json
    assert done["state"]["name"] == "已完成"
    assert [each["number"] for each in done["history"]] == [1, 2, 3, 4, 5]
    assert all("actor" not in each for each in done["history"])
    assert member.get("/me/enterprise").json["paid_years"] == [2026]
    (certificate,) = member.get("/certificates").json["items"]
    assert done["certificate"] == certificate["root"]
    assert len(member.get(f"/certificates/{certificate['root']}").json["editions"]) == 1
    notices = [each["notice"] for each in member.get("/messages").json["items"]]
    assert sorted(notices) == ["completed", "to_be_paid"]
    assert [each["id"] for each in member.get("/applications").json["items"]] == [application]
    return certificate


def he_downloads_and_mails_it(house: House, member: Asker, root: str) -> None:
    pdf = member.get(f"/certificates/{root}/pdf")
    assert (pdf.status, urlsplit(pdf.headers["Location"]).scheme) == (302, "https")
    assert member.get(f"/certificates/{root}/pdf", Accept="application/json").json["expires_in"] == 300
    mailed = member.post(f"/certificates/{root}/mail", {"to": "someone@example.com"})
    assert (mailed.status, mailed.json["to"]) == (202, "s***@example.com")
    acting.work_off(house.ports)
    (letter,) = house.ports.post.letters  # type: ignore[attr-defined]  # in memory
    assert letter.to == "someone@example.com"


def anyone_verifies_it(visitor: Asker, certificate: Any) -> None:
    page = visitor.get(certificate["verify_path"], Accept="text/html")
    assert page.status == 200
    assert "有效" in page.text
    assert made_up.enterprise(1) in page.text
    found = visitor.get(certificate["verify_path"], Accept="application/json").json
    assert (found["standing"], found["number"]) == ("valid", certificate["number"])
    assert not {made_up.person(1), made_up.mobile(1), "contact1@example.invalid"} & set(map(str, found.values()))
    by_number = visitor.get(f"/verify?number={certificate['number'].lower()}", Accept="application/json").json
    assert by_number["standing"] == "valid"


def a_certifier_revokes_it_and_takes_it_back(house: House, visitor: Asker, certificate: Any) -> None:
    certifier, number = house.staff(Role.CERTIFIER), certificate["number"]
    revoked = certifier.post(f"/staff/certificates/{number}/revoke", {"reason": "试验"})
    assert revoked.json["standing"]["code"] == "revoked"
    now = visitor.get(certificate["verify_path"].lower(), Accept="application/json").json
    assert now["standing"] == "revoked"
    again = certifier.post(f"/staff/certificates/{number}/reinstate", {"reason": "误操作"})
    assert again.json["standing"]["code"] == "valid"


def test_whoever_undoes_a_booking_is_told_what_follows(house: House, member: Asker) -> None:
    application, payment = house.paid(member)
    finance = house.staff(Role.FINANCE)
    assert finance.post(f"/staff/payments/{payment}/confirm", {"version": 0, "received": 120_000}).status == 200
    body = {"application": application, "arrived": True, "reason": "认错了单位"}
    undone = finance.post(f"/staff/payments/{payment}/undo", body)
    assert (undone.status, undone.json["id"], undone.json["credited"]) == (200, payment, 120_000)
    assert "待缴费" in undone.json["next"]
    assert "重新缴费" in undone.json["next"]


def test_a_receipt_of_less_than_is_due_is_taken_and_the_gap_is_told_at_once(house: House, member: Asker) -> None:
    application = house.to_be_paid(member)
    house.upload(member, application, "bank_receipt")
    body = {"applications": [application], "method": "transfer", "payer": "虚构公司", "paid_on": "2026-03-02"}
    answer = member.post("/payments", {**body, "amount": 100_000})
    assert answer.status == 201
    assert answer.json["note"].startswith("凭证已接收。申报 1,000.00 元，应缴 1,200.00 元，少 200.00 元。下一步：")
    assert member.get(f"/payments/{answer.json['id']}").json["note"] == answer.json["note"]


def test_a_receipt_of_what_is_due_has_nothing_to_note(house: House, member: Asker) -> None:
    _, payment = house.paid(member)
    assert member.get(f"/payments/{payment}").json["note"] is None
