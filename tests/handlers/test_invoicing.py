"""开票 over HTTP: asked for, issued by finance, downloaded, reissued; masked for everybody."""

from chalicelib.rules.invoices import NO_SPECIAL_ONES
from chalicelib.rules.vocabulary import Role
from tests.handlers.asking import Answer, Asker, House
from tests.handlers.refusals import assert_refused
from tests.handlers.town import BUYER, put_in_invoice_file
from tests.operations import acting

NUMBER = "26440000000000000009"


def asked_for(house: House, member: Asker) -> str:
    application = house.completed(member)
    answer = member.post("/invoices", {"applications": [application], **BUYER})
    assert answer.status == 201, answer.text
    return str(answer.json["id"])


def issued(house: House, invoice: str) -> Answer:
    body = {"file": put_in_invoice_file(house, invoice), "number": NUMBER}
    return house.staff(Role.FINANCE).post(f"/staff/invoices/{invoice}/issue", body)


def test_the_answer_says_which_document_comes_and_that_it_is_no_special_one(house: House, member: Asker) -> None:
    shown = member.get(f"/invoices/{asked_for(house, member)}").json
    assert (shown["status"]["name"], shown["amount"]) == ("待开票", 120_000)
    assert shown["document"] in shown["note"]
    assert NO_SPECIAL_ONES in shown["note"]
    assert shown["email"] == "***@example.com"
    assert member.get("/invoices").json["items"] == [shown]


def test_finance_sees_what_waits_puts_in_the_file_and_issues_it(house: House, member: Asker) -> None:
    invoice, finance = asked_for(house, member), house.staff(Role.FINANCE)
    assert [each["id"] for each in finance.get("/staff/invoices").json["items"]] == [invoice]
    put_in_invoice_file(house, invoice)
    ready = finance.get(f"/staff/invoices/{invoice}").json
    assert (ready["file"]["status"]["code"], ready["file"]["kind"]) == ("accepted", "application/pdf")
    assert ready["email"] == "***@example.com"
    done = issued(house, invoice).json
    assert (done["status"]["code"], done["number"]) == ("issued", NUMBER)
    assert finance.get("/staff/invoices").json["items"] == []
    day = house.ports.clock.today().isoformat()
    assert [each["id"] for each in finance.get(f"/staff/invoices?issued_on={day}").json["items"]] == [invoice]


def test_the_file_is_there_once_it_is_issued_and_not_before(house: House, member: Asker) -> None:
    invoice = asked_for(house, member)
    assert_refused(house, lambda: member.get(f"/invoices/{invoice}/file"), 409, "not_issued_yet")
    issued(house, invoice)
    answer = member.get(f"/invoices/{invoice}/file")
    assert answer.status == 302
    assert f"kept/{invoice}/" in answer.headers["Location"]
    told = member.get(f"/invoices/{invoice}/file", Accept="application/json").json
    assert told["expires_in"] == 300


def test_finance_and_admins_open_the_issued_file_and_others_do_not(house: House, member: Asker) -> None:
    invoice, finance = asked_for(house, member), house.staff(Role.FINANCE)
    path = f"/staff/invoices/{invoice}/file"
    assert_refused(house, lambda: finance.get(path), 409, "not_issued_yet")
    issued(house, invoice)
    for role in (Role.FINANCE, Role.ADMIN):
        told = house.staff(role).get(path)
        assert (told.status, told.json["expires_in"]) == (200, 300)
        assert f"kept/{invoice}/" in told.json["url"]
    reviewer = house.staff(Role.REVIEWER)
    assert_refused(house, lambda: reviewer.get(path), 403, "not_your_role")
    assert_refused(house, lambda: finance.get("/staff/invoices/inv999999/file"), 404, "not_found")


def test_finance_sends_it_again_and_to_another_address_only_with_a_reason(house: House, member: Asker) -> None:
    invoice, finance = asked_for(house, member), house.staff(Role.FINANCE)
    issued(house, invoice)
    path = f"/staff/invoices/{invoice}/mail"
    again = finance.post(path, {})
    assert (again.status, again.json["to"]) == (202, "***@example.com")
    assert_refused(house, lambda: finance.post(path, {"to": "right@example.com"}), 409, "reason_required")
    corrected = finance.post(path, {"to": "right@example.com", "reason": "邮箱写错"})
    assert (corrected.status, corrected.json["to"]) == (202, "r***@example.com")
    assert member.get(f"/invoices/{invoice}").json["email"] == "r***@example.com"
    acting.work_off(house.ports)
    sent = [each.to for each in house.ports.post.letters]  # type: ignore[attr-defined]  # in memory
    assert sent.count("right@example.com") == 1
    admin = house.staff(Role.ADMIN)
    assert_refused(house, lambda: admin.post(path, {}), 403, "not_your_role")


def test_a_second_request_and_one_with_everything_wrong_are_told_why(house: House, member: Asker) -> None:
    invoice = asked_for(house, member)
    (application,) = member.get(f"/invoices/{invoice}").json["applications"]
    body = {"applications": [application], **BUYER, "tax_number": "1", "remarks": "请开专票"}
    answer = assert_refused(house, lambda: member.post("/invoices", body), 409)
    assert [(reason["code"], reason["field"]) for reason in answer.json["reasons"]] == [
        ("already_invoiced", application), ("tax_number_form", "tax_number"), ("no_special_invoices", "remarks"),
    ]  # fmt: skip


def test_what_is_taken_back_can_be_asked_for_anew(house: House, member: Asker) -> None:
    invoice = asked_for(house, member)
    gone = member.post(f"/invoices/{invoice}/cancel", {"reason": "抬头填错"}).json
    assert (gone["status"]["name"], gone["reason"]) == ("已取消", "抬头填错")
    assert member.post("/invoices", {"applications": gone["applications"], **BUYER}).status == 201


def test_only_finance_reissues_and_only_with_a_reason(house: House, member: Asker) -> None:
    invoice = asked_for(house, member)
    issued(house, invoice)
    path, admin, finance = f"/staff/invoices/{invoice}/reissue", house.staff(Role.ADMIN), house.staff(Role.FINANCE)
    assert_refused(house, lambda: admin.post(path, {"reason": "x"}), 403, "not_your_role")
    assert_refused(house, lambda: finance.post(path, {"reason": " "}), 409, "reason_required")
    again = finance.post(path, {"reason": "抬头有误", "buyer": {**BUYER, "title": "虚构改名公司"}})
    assert (again.status, again.json["replaces"], again.json["title"]) == (201, invoice, "虚构改名公司")
    old = member.get(f"/invoices/{invoice}").json
    assert (old["status"]["name"], old["replaced_by"]) == ("已作废重开", again.json["id"])
    assert member.get(f"/invoices/{invoice}/file").status == 302
