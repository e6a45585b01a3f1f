"""A company's year as `make demo` performs it; and for every step, proof that the checker notices when it is broken."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from infra.local import demo
from infra.local.demo_chapters import CHAPTERS, STEPS
from infra.local.units import made_up_practitioner, made_up_resident_id
from tests.journeys import performing
from tests.journeys.lying import Lie, in_json, proxy
from tests.journeys.performing import Evidence, Performance

KEYS = [step.key for step, _ in STEPS]
STRANGERS_TOOLS = {"requests", "pyhanko", "pyhanko_certvalidator", "pypdf", "pypdfium2", "zxingcpp"}


def numbered(cases: Sequence[tuple[str, object, str]]) -> list[str]:
    return [f"{number}-{step}" for number, (step, _, _) in enumerate(cases, 1)]


@pytest.fixture(scope="module")
def performance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Performance]:
    with performing.performed(tmp_path_factory.mktemp("demo") / "out") as performance:
        yield performance


@pytest.fixture
def evidence(performance: Performance, tmp_path: Path) -> Evidence:
    return performing.copied(performance, tmp_path / "copy")


# --- unbroken ---------------------------------------------------------------------------------------------------------


def test_a_company_lives_through_its_year_and_the_checker_agrees_with_every_step(performance: Performance) -> None:
    assert "演示成立" in performance.printed
    assert "✗" not in performance.printed


def test_the_report_has_the_parts_that_were_promised(performance: Performance) -> None:
    report = json.loads((performance.out / "report.json").read_text(encoding="utf-8"))

    assert report["ok"] is True
    assert [each["key"] for each in report["steps"]] == KEYS
    assert all({"name", "ok", "detail"} <= set(each) for each in report["steps"])
    assert [each["day"] for each in report["steps"]] == sorted(each["day"] for each in report["steps"])
    standings = {each["standing"] for each in report["certificates"]}
    assert standings == {"superseded", "valid", "not_yet_valid", "revoked"}
    assert all({"kind", "number", "pdf", "verify_url"} <= set(each) for each in report["certificates"])
    files = [*(each["pdf"] for each in report["certificates"]), *(each["file"] for each in report["mails"])]
    assert all((performance.out / each).is_file() for each in files)


def test_the_printed_text_is_laid_out_for_reading(performance: Performance) -> None:
    numbered = re.findall(r"^ *(\d+) ✓ (\S+) .* {1,}\(\d+\.\d s\)$", performance.printed, re.MULTILINE)
    assert [int(number) for number, _ in numbered] == list(range(1, len(KEYS) + 1))
    assert all(re.search("[一-鿿]", name) for _, name in numbered)
    assert len(re.findall(r"^—— \d{4}年\d+月\d+日 · .+ ——$", performance.printed, re.MULTILINE)) == len(CHAPTERS)
    assert "以下日期均为虚构" in performance.printed


def test_nothing_went_wrong_behind_the_scenes_and_the_log_names_nobody(performance: Performance) -> None:
    log = (performance.out / "system" / "log.jsonl").read_text(encoding="utf-8")
    assert not [each for each in log.splitlines() if '"level": "ERROR"' in each or '"level":"ERROR"' in each]
    people = [word for n in range(1, 8) for word in (made_up_practitioner(n), made_up_resident_id(n))]
    assert not [
        each
        for each in ("陈甲一", "孙己六", "钱庚七", "19900000001", "19900000007", "reception@unit.example", *people)
        if each in log
    ]


# --- the checker itself -----------------------------------------------------------------------------------------------


def test_the_checker_imports_nothing_of_ours() -> None:
    tree = ast.parse(performing.CHECKER.read_text(encoding="utf-8"))
    names = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 0}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
    assert {name.partition(".")[0] for name in names} - sys.stdlib_module_names <= STRANGERS_TOOLS


def test_every_step_of_the_demo_is_derived_again() -> None:
    assert [check.__name__ for check in performing.checker().CHECKS] == KEYS


@pytest.mark.parametrize("arguments", [[], ["no-such-directory"], [".", "--surprise"]])
def test_wrong_usage_is_told_apart_from_disagreement(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        performing.checker().main(arguments)
    assert end.value.code == 2


def test_without_a_report_nothing_is_agreed(tmp_path: Path) -> None:
    assert performing.checker().main([str(tmp_path)]) == 1


def test_a_system_that_is_gone_proves_nothing(evidence: Evidence) -> None:
    evidence.rewrite(lambda report: report.update(base_url="http://127.0.0.1:9"))
    assert evidence.check("catalogue") == 1


# --- broken: what the report says of its steps ------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_a_step_that_failed_fails_the_demo(evidence: Evidence, key: str) -> None:
    evidence.rewrite(lambda report: step_of(report, key).update(ok=False))
    assert evidence.check("form_of_report") == 1


@pytest.mark.parametrize("key", KEYS)
def test_a_step_left_out_of_the_report_fails_the_demo(evidence: Evidence, key: str) -> None:
    evidence.rewrite(lambda report: report["steps"].remove(step_of(report, key)))
    assert evidence.check("form_of_report") == 1


@pytest.mark.parametrize("part", ["ok", "steps", "certificates", "mails"])
def test_a_report_without_one_of_its_parts_is_none(evidence: Evidence, part: str) -> None:
    evidence.rewrite(lambda report: report.pop(part))
    assert evidence.check("form_of_report") == 1


def step_of(report: Any, key: str) -> Any:
    return next(each for each in report["steps"] if each["key"] == key)


# --- broken: what was claimed and kept --------------------------------------------------------------------------------


def claim(step: str, **other: object) -> Callable[[Evidence], None]:
    return lambda evidence: evidence.rewrite(lambda report: report["evidence"][step].update(other))


def certificate(place: int, **other: object) -> Callable[[Evidence], None]:
    return lambda evidence: evidence.rewrite(lambda report: report["certificates"][place].update(other))


def claimed_file(step: str) -> Callable[[Evidence], None]:
    """Another file in place of the one kept, and its hash in the report: a thorough forger."""

    def forge(evidence: Evidence) -> None:
        place = evidence.report["evidence"][step]["path"]
        sha = evidence.replace(place, flipped((evidence.out / place).read_bytes()))
        claim(step, sha256=sha)(evidence)

    return forge


def flipped(content: bytes, place: float = 0.5) -> bytes:
    """One byte changed."""
    at = int(len(content) * place)
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def flip_certificate(evidence: Evidence) -> None:
    place = evidence.report["certificates"][0]["pdf"]
    evidence.replace(place, flipped((evidence.out / place).read_bytes()))


def backdate_certificate(evidence: Evidence) -> None:
    """Where nobody looks: text, code and picture stay as they are."""
    place = evidence.report["certificates"][0]["pdf"]
    pdf = (evidence.out / place).read_bytes()
    evidence.replace(place, pdf.replace(b"/CreationDate (D:20", b"/CreationDate (D:19", 1))


def exchange_certificates(evidence: Evidence) -> None:
    first, second = (each["pdf"] for each in evidence.report["certificates"][:2])
    evidence.replace(first, (evidence.out / second).read_bytes())


def sealed_by_another_authority(evidence: Evidence) -> None:
    other = Path(str(evidence.out) + "-other")
    subprocess.run([sys.executable, "-m", "infra.authority", "--out", other], cwd=performing.ROOT, check=True)
    evidence.replace("root.pem", (other / "root.pem").read_bytes())


def lose_mail(evidence: Evidence) -> None:
    (evidence.out / evidence.report["mails"][0]["file"]).unlink()


def mail_again(evidence: Evidence) -> None:
    mail = evidence.out / evidence.report["mails"][0]["file"]
    mail.with_name("0003.eml").write_bytes(mail.read_bytes())


def mail_to_another(evidence: Evidence) -> None:
    place = evidence.report["mails"][0]["file"]
    raw = (evidence.out / place).read_bytes()
    evidence.replace(place, raw.replace(b"To: reception@", b"To: deception@"))


def attach_something_else(evidence: Evidence) -> None:
    place = evidence.report["mails"][0]["file"]
    raw = (evidence.out / place).read_bytes()
    start = raw.index(b"JVBERi")  # base64 of %PDF
    evidence.replace(place, raw[: start + 800] + b"A" * 8 + raw[start + 808 :])


def attach_nothing(evidence: Evidence) -> None:
    place = evidence.report["mails"][0]["file"]
    raw = (evidence.out / place).read_bytes()
    evidence.replace(place, raw.replace(b"Content-Type: application/pdf", b"Content-Type: text/plain"))


def spoil_upload(evidence: Evidence) -> None:
    evidence.replace(evidence.report["evidence"]["materials"]["files"][1]["path"], b"something else")


def spoil_receipts(evidence: Evidence) -> None:
    for receipt in evidence.report["evidence"]["receipts"].values():
        evidence.replace(receipt["path"], b"something else")


def no_trick(evidence: Evidence) -> None:
    sha = evidence.replace("uploads/disguised.jpg", b"\xff\xd8\xff an honest photograph")
    claim("trick", sha256=sha)(evidence)


def lose_blank_form(evidence: Evidence) -> None:
    (evidence.out / "forms" / "join.pdf").unlink()


def within(step: str, change: Callable[[Any], object]) -> Callable[[Evidence], None]:
    return lambda evidence: evidence.rewrite(lambda report: change(report["evidence"][step]))


def practitioner_for_longer(told: Any) -> None:
    next(iter(told["people"].values()))["valid_to"] = "2099-12-31"


def exchange_papers(evidence: Evidence) -> None:
    original, duplicate = (each["path"] for each in evidence.report["evidence"]["papers"]["papers"])
    evidence.replace(original, (evidence.out / duplicate).read_bytes())


def repaint_page(evidence: Evidence) -> None:
    evidence.replace(evidence.report["evidence"]["new_year"]["seen"][1]["page"], b"<html>another page</html>")


def spoil_evidence(evidence: Evidence) -> None:
    evidence.replace("uploads/claim-licence.pdf", b"another licence")


def spoil_invoice(evidence: Evidence) -> None:
    sha = evidence.replace("uploads/invoice.pdf", b"another invoice")
    claim("invoice_issued", sha256=sha)(evidence)


# the step, how its evidence is forged, and what the checker has to find
FORGERIES: list[tuple[str, Callable[[Evidence], None], str]] = [
    ("catalogue", claim("catalogue", fee=1), "another fee"),
    ("catalogue", lose_blank_form, "forms/join.pdf is missing"),
    ("profile", claim("profile", mobile="19900000009"), "name or mobile differ"),
    ("consents", claim("consents", templates={"returned": "another"}), "sent by WeChat: {'returned': 0}"),
    ("plan", claim("plan", open=[]), "joining is not open to a newcomer"),
    ("draft", claim("draft", name="虚构市另一家有限公司"), "another name in the form"),
    ("too_early", claim("too_early", told=[["material_missing", "licence"]]), "told now but not then"),
    ("trick", no_trick, "the trick was no web page"),
    ("trick", claim("trick", codes=["too_large"]), "other reasons"),
    ("materials", spoil_upload, "uploads/first-licence.jpg is not the file of the report"),
    ("materials", claim("materials", files=[]), "not every material"),
    ("submit", claim("submit", key="a-key-never-used"), "the same key is answered with 409"),
    ("review", claim("review", queue=[]), "the queue held something else"),
    (
        "review",
        lambda evidence: evidence.rewrite(lambda report: report["spare_desk"].update(password="wrong")),
        "nobody signs in with password and one-time code",
    ),
    ("returned", claim("returned", reason="另一个理由"), "another reason in the history"),
    (
        "resubmitted",
        claim("resubmitted", form={"name": "虚构市洁康有害生物防制有限公司"}),
        "the form is not what was typed",
    ),
    ("approved", claim("approved", due=1), "another amount is due"),
    ("short", claim("short", amount=120_000), "no difference to be seen"),
    ("short", spoil_receipts, "uploads/first-100000-bank_receipt.pdf is not the file of the report"),
    ("paid", claim("paid", amount=1), "another amount was received"),
    ("paid", spoil_receipts, "uploads/first-120000-bank_receipt.pdf is not the file of the report"),
    ("issued", flip_certificate, ""),  # what breaks depends on the byte
    ("issued", backdate_certificate, "the seal is broken"),
    ("issued", exchange_certificates, "not in the text"),
    ("issued", sealed_by_another_authority, "the seal is broken, or not the authority's"),
    ("issued", claim("issued", number="DEMO-HY-2026-0002"), "another certificate"),
    ("own", claim("own", member_code="00000000"), "another member code"),
    ("download", claimed_file("download"), "the register has another hash"),
    ("mailed", lose_mail, "mails: ['mails/0002.eml']"),
    ("mailed", mail_again, "mails: ['mails/0001.eml', 'mails/0002.eml', 'mails/0003.eml']"),
    ("mailed", mail_to_another, "it went to deception@unit.example"),
    ("mailed", attach_something_else, "the attachment is not the certificate downloaded"),
    ("mailed", attach_nothing, "no PDF, or more, is attached"),
    ("record", claim("record", steps=[["submit", "in_review"]]), "another way"),
    (
        "scanned",
        certificate(0, verify_url="HTTP://127.0.0.1/V/ABCDEFGHIJKLMNOPQRSTUVWXYZ23"),
        "another address was scanned",
    ),
    ("scanned", certificate(0, standing="revoked"), "the report says revoked instead of superseded"),
    ("second", certificate(1, number="DEMO-HY-2026-0003"), "numbers ["),
    ("second", claimed_file("second"), "the register has another hash"),
    ("guessed", claim("guessed", malformed="A" * 28), "the malformed address is none"),
    ("practitioners", within("practitioners", practitioner_for_longer), "is entered otherwise"),
    ("too_few", claim("too_few", told=[]), "told [] instead of ['fewer_than_six']"),
    ("out_of_date", within("out_of_date", lambda told: told["named"].pop()), "instead of ['fewer_than_six']"),
    ("qualifying", within("qualifying", lambda told: told["files"].pop()), "not the files of the report"),
    ("bring_paper", claim("bring_paper", due=1), "something was due"),
    ("papers", exchange_papers, "the page measures (595, 842)"),
    ("dues_refused", claim("dues_refused", reason="另一个理由"), "another reason"),
    ("dues_paid", claim("dues_paid", amount=1), "another amount"),
    (
        "not_yet",
        within("not_yet", lambda told: told["seen"][1].update(standing="valid")),
        "version 2: valid instead of not_yet_valid",
    ),
    ("new_year", repaint_page, "is not the file of the report"),
    ("partly", claim("partly", received=120_000), "another amount came in"),
    ("balance", claim("balance", received=1), "the two do not make the fee"),
    ("reviewed", claim("reviewed", year=2020), "another year"),
    ("side_by_side", within("side_by_side", lambda told: told["changes"].pop()), "not before the reviewer"),
    (
        "changed",
        within("changed", lambda told: told["new"].update(new_kind="企业")),
        "new_kind is 其他 in the register",
    ),
    ("fee_set", claim("fee_set", amount=1), "the guide says"),
    ("three_open", claim("three_open", due=[1, 1, 1]), "due by the schedule: [120000, 30000, 60000]"),
    ("one_transfer", claim("one_transfer", total=1), "another amount was received"),
    ("undone", claim("undone", credit=0), "credit of 30000 fen"),
    ("closing", within("closing", lambda told: told["closings"][0].update(received=1)), "added up"),
    ("anew", claim("anew", revoked="DEMO-ZZ-2026-0009"), "the revoked number came back"),
    ("invoice_asked", claim("invoice_asked", amount=1), "240000 fen, of [120000, 120000]"),
    ("invoice_issued", spoil_invoice, "the system gives another file"),
    ("not_found", claim("not_found", name="虚构市另一家有限公司"), "another name"),
    ("claimed", spoil_evidence, "uploads/claim-licence.pdf is not the file of the report"),
    ("claimed", claim("claimed", post="总经理"), "in other words"),
    ("granted", claim("granted", enterprise="e-another"), "another enterprise"),
    ("granted", claim("granted", reason="另一个理由"), "another reason in the log"),
    ("revoked", certificate(1, standing="valid"), "the report says valid instead of revoked"),
    ("revoked", claim("revoked", reason="另一个理由"), "another reason in the register"),
    ("rest", claim("rest", dead_letters=1), "the report tells of dead letters"),
]


@pytest.mark.parametrize(("step", "forge", "found"), FORGERIES, ids=numbered(FORGERIES))
def test_forged_evidence_is_noticed(
    evidence: Evidence, step: str, forge: Callable[[Evidence], None], found: str, capfd: pytest.CaptureFixture[str]
) -> None:
    forge(evidence)
    assert evidence.check(step) == 1
    assert re.search(rf"^ ✗ {step} +.*{re.escape(found)}", capfd.readouterr().out, re.MULTILINE)


# --- broken: the system itself ----------------------------------------------------------------------------------------


def set_to(**values: object) -> Callable[[bytes], bytes]:
    return in_json(lambda told: told.update(values))


def without_first_item(told: Any) -> None:
    told["items"] = told["items"][1:]


def without_notice(notice: str) -> Callable[[bytes], bytes]:
    return in_json(lambda told: told.update(items=[each for each in told["items"] if each["notice"] != notice]))


def history(change: Callable[[list[Any]], object]) -> Lie:
    return Lie("GET", r"^/applications/[^/?]+$", in_json(lambda told: change(told["history"])))


def submitted_once_more(entries: list[Any]) -> None:
    entries.insert(1, dict(entries[0]))


def another_role(action: str) -> Callable[[list[Any]], None]:
    def change(entries: list[Any]) -> None:
        for each in entries:
            if each["action"]["code"] == action:
                each["role"] = {"code": "admin", "name": "管理员"}

    return change


def another_receipt(told: Any) -> None:
    told["receipt"]["file"] += "x"


def accepted_all(told: Any) -> None:
    for slot in told["slots"]:
        for file in slot["files"]:
            file["status"] = {"code": "accepted", "name": "已接收"}


def open_for_all(told: Any) -> None:
    for each in told["items"]:
        each.update(open=True, reasons=[])


def one_reason_less(told: Any) -> None:
    told["reasons"] = told["reasons"][:-1]


def of_html(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda body: body if body.startswith(b"{") else body.replace(old.encode(), new.encode())


def of_json(**values: object) -> Callable[[bytes], bytes]:
    return lambda body: set_to(**values)(body) if body.startswith(b"{") else body


def joins_twice(told: Any) -> None:
    told["items"] += [each for each in told["items"] if each["service"]["code"] == "join"]


def another_file(told: Any) -> None:
    told["editions"][0]["papers"][0]["file_sha256"] = "0" * 64


def editions(ordinal: int, **values: object) -> Lie:
    """One version of every certificate told otherwise."""

    def change(told: Any) -> None:
        for each in told["editions"]:
            if each["ordinal"] == ordinal:
                each.update(values)

    return Lie("GET", r"^/certificates/[^/]+$", in_json(change))


def shows_an_id(told: Any) -> None:
    told["items"][0]["note"] = made_up_resident_id(1)


def all_certified(told: Any) -> None:
    for each in told["items"]:
        each["valid_to"] = "2099-12-31"


def one_earlier(told: Any) -> None:
    if told["kind"]["code"] == "member":
        for each in told["editions"]:
            each["issued_at"] = "2020-01-01T00:00:00+08:00"


def all_confirmed(told: Any) -> None:
    for each in told["allotments"]:
        each["status"] = {"code": "confirmed", "name": "已核账"}


def without_the_claim(told: Any) -> None:
    for each in told["reasons"]:
        each["next"] = "请联系协会工作人员。"


def tells_of_a_member(told: Any) -> None:
    """Only of a unit that there is."""
    if "没有" not in told.get("unit", ""):
        told["missing"] = []


def none_revoked(told: Any) -> None:
    for each in told["items"]:
        each["revoked_on"] = None


# the step, where the system goes wrong, and what the checker has to find
LIES: list[tuple[str, Lie, str]] = [
    ("catalogue", Lie("GET", "^/services/join$", set_to(materials=[])), "other materials"),
    ("catalogue", Lie("GET", r"^/forms/join\.pdf$", flipped), "another blank form"),
    ("login", Lie("POST", "^/login$", lambda body: body, status=200), "the used code is answered with 200"),
    ("login", Lie("GET", "^/me$", set_to(id="one-for-all")), "two people are one"),
    ("profile", Lie("GET", "^/me$", set_to(mobile="19900000009")), "name or mobile differ"),
    (
        "consents",
        Lie("GET", "^/stand-in/sent$", in_json(lambda told: [*told, told[0]])),
        "sent by WeChat: {'returned': 2, 'payment_refused': 1, 'completed': 1}",
    ),
    ("consents", Lie("GET", "^/me$", set_to(consents={"returned": 1})), "consents not used up: {'returned': 1}"),
    ("plan", Lie("GET", "^/plan$", in_json(open_for_all)), "joining is still open to a member"),
    ("draft", Lie("GET", "^/applications/[^/?]+$", lambda body: body, status=200), "others see it"),
    (
        "too_early",
        Lie("POST", "/submit$", in_json(one_reason_less)),
        "told now but not then, or then but not now: [('material_missing', 'licence')]",
    ),
    ("trick", Lie("GET", "^/applications/[^/?]+$", in_json(accepted_all)), "accepted in licence"),
    ("materials", Lie("GET", "/kept/", flipped), "application_form differs"),
    ("materials", Lie("GET", "/files/", lambda body: body, status=200), "opens without a session"),
    ("submit", history(submitted_once_more), "3 submissions instead of two"),
    ("submit", Lie("POST", "/submit$", set_to(id="another"), status=200), "the same key answers another application"),
    (
        "submit",
        Lie("GET", r"^/applications(\?.*)?$", in_json(joins_twice)),
        "2 applications instead of one",
    ),
    ("review", Lie("GET", "/kept/", flipped), "application_form: staff see other bytes"),
    ("review", Lie("GET", "^/staff/applications/[^/?]+$", lambda body: body, status=200), "a member passes for staff"),
    (
        "review",
        Lie("POST", "^/staff/login$", lambda body: body, status=401),
        "nobody signs in with password and one-time code",
    ),
    ("returned", Lie("GET", "^/messages", without_notice("returned")), "0 messages “returned” instead of one"),
    ("returned", Lie("GET", "^/stand-in/sent$", in_json(lambda told: told.clear())), "no single WeChat notice"),
    ("returned", history(another_role("return")), "not returned by a reviewer"),
    (
        "resubmitted",
        Lie("GET", "^/applications/[^/?]+$", in_json(lambda told: told["form"].pop("founded_on") and None)),
        "the form is not what was typed",
    ),
    ("approved", Lie("GET", "^/applications/[^/?]+$", set_to(amount_due=1)), "another amount is due"),
    ("approved", Lie("GET", "^/messages", without_notice("to_be_paid")), "0 messages “to_be_paid” instead of one"),
    ("short", Lie("GET", "^/staff/payments/", set_to(differs=False)), "no difference to be seen"),
    ("short", Lie("GET", "^/staff/payments/", set_to(reason="另一个理由")), "another reason on the payment"),
    ("paid", Lie("GET", "^/staff/payments/", set_to(received=100_000)), "another amount was received"),
    ("paid", Lie("GET", "^/staff/payments/", in_json(another_receipt)), "it goes by the receipt of another payment"),
    ("paid", Lie("GET", "/kept/", flipped), "finance sees another receipt"),
    ("issued", history(another_role("issue")), "not issued by the system itself"),
    ("issued", Lie("GET", "^/messages", without_notice("completed")), "0 messages “completed” instead of one"),
    (
        "issued",
        Lie("GET", "^/applications/[^/?]+$", set_to(state={"code": "being_made", "name": "制证中"})),
        "the application is not completed",
    ),
    ("own", Lie("GET", "^/me$", set_to(enterprise=None)), "not bound to it"),
    ("own", Lie("GET", "^/me/enterprise$", set_to(name="虚构市另一家有限公司")), "another enterprise"),
    (
        "download",
        Lie("GET", r"^/certificates/[^/]+$", in_json(another_file)),
        "the register has another hash",
    ),
    ("record", history(lambda entries: entries.pop(3) and None), "numbers with gaps"),
    ("record", history(lambda entries: entries[4].update(before=entries[0]["before"])), "a state that nobody left"),
    ("record", history(lambda entries: entries.pop() and None), "it does not end in the current state"),
    ("scanned", Lie("GET", "^/V/", of_json(standing="expired")), "it is expired instead of superseded"),
    ("scanned", Lie("GET", "^/V/", of_html("</main>", "19900000001</main>")), "the page shows personal data"),
    ("scanned", Lie("GET", "^/V/", of_html("已换新版", "有效")), "people are not told what programs are"),
    (
        "second",
        Lie("GET", "^/certificates$", in_json(lambda told: told["items"][0].update(number="DEMO-HY-2026-0003"))),
        "another certificate",
    ),
    ("guessed", Lie("GET", "^/V/no-such-thing$", lambda body: body + b" "), "they are told apart"),
    ("guessed", Lie("GET", "^/V/no-such-thing$", lambda body: body, status=400), "[404, 400]"),
    ("practitioners", Lie("GET", "^/practitioners", in_json(shows_an_id)), "the roll shows a resident ID"),
    ("too_few", history(submitted_once_more), "it was submitted 2 times"),
    ("out_of_date", Lie("GET", "^/practitioners", in_json(all_certified)), "instead of []"),
    (
        "qualifying",
        Lie("GET", "^/applications/[^/?]+$", in_json(lambda told: told["persons"].pop() and None)),
        "5 persons",
    ),
    ("bring_paper", history(another_role("note_paper")), "another way"),
    ("papers", editions(1, valid_to="2099-12-31"), "it runs from"),
    ("dues_refused", history(lambda entries: entries.clear()), "it did not go back to the draft once"),
    ("dues_paid", Lie("GET", "^/staff/payments/", set_to(received=1)), "another amount"),
    ("not_yet", editions(2, valid_from="2000-01-01"), "version 1: valid instead of superseded"),
    ("new_year", editions(2, valid_from="2999-01-01"), "version 1: superseded instead of valid"),
    ("partly", Lie("GET", "^/staff/closing", set_to(movements=[])), "credit moved []"),
    ("balance", Lie("GET", "^/staff/credits/", set_to(balance=5)), "credit of 5 fen is left"),
    ("reviewed", Lie("GET", "^/me/enterprise$", set_to(paid_years=[])), "the year is not paid"),
    ("side_by_side", Lie("GET", "^/services/qualification_change$", set_to(fees=[])), "another fee"),
    ("changed", Lie("GET", r"^/certificates/[^/]+$", in_json(one_earlier)), "not in one go"),
    ("fee_set", Lie("GET", "^/services/qualification$", set_to(fees=[])), "the guide says []"),
    (
        "three_open",
        Lie("GET", "^/applications/[^/?]+$", set_to(service={"code": "dues", "name": "会费缴纳"})),
        "services ['dues', 'dues', 'dues']",
    ),
    (
        "one_transfer",
        Lie("GET", "^/staff/payments/", in_json(lambda told: told["allotments"].pop() and None)),
        "it pays for",
    ),
    ("undone", Lie("GET", "^/staff/payments/", in_json(all_confirmed)), "allotments: "),
    ("closing", Lie("GET", "^/staff/closing", set_to(booked=1)), "added up: "),
    ("anew", Lie("GET", "^/certificates$", in_json(none_revoked)), "2 of kind qualification"),
    ("invoice_asked", Lie("POST", "^/invoices$", lambda body: body, status=201), "HTTP 201"),
    ("invoice_issued", Lie("GET", "^/invoices/[^/]+$", set_to(number="X")), "not issued under that number"),
    ("not_found", Lie("POST", "^/me/binding$", in_json(without_the_claim)), "not named as the next step"),
    ("claimed", Lie("POST", "^/binding-requests$", in_json(tells_of_a_member)), "can be told from the answer"),
    (
        "claimed",
        Lie("GET", "^/binding-requests/[^/]+$", in_json(lambda told: told["evidence"].pop() and None)),
        "not the evidence",
    ),
    (
        "granted",
        Lie("GET", "^/binding-requests/[^/]+$", set_to(status={"code": "refused", "name": "未通过"})),
        "it is refused",
    ),
    ("granted", Lie("GET", "^/messages", without_notice("new_binding")), "his colleague was not told once"),
    ("granted", Lie("GET", "^/staff/binding-requests/", set_to(mobile="19900000007")), "without asking for it"),
    ("revoked", Lie("GET", "^/V/", of_json(standing="valid")), "it is valid instead of superseded"),
    ("revoked", Lie("GET", "^/V/", of_html("注销", "生效")), "people are not told what programs are"),
    ("revoked", Lie("GET", r"^/verify\?", set_to(standing="valid")), "valid when searched for"),
    (
        "rest",
        Lie("GET", "^/staff/dead-letters", in_json(lambda told: told["items"].append({"id": "x"}))),
        "1 dead letters",
    ),
    (
        "rest",
        Lie("GET", "^/staff/payments$", in_json(lambda told: told["items"].append({"id": "x"}))),
        "a payment waits",
    ),
]


@pytest.mark.parametrize(("step", "lie", "found"), LIES, ids=numbered(LIES))
def test_a_system_at_fault_is_noticed(
    evidence: Evidence, step: str, lie: Lie, found: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with proxy(lie) as address:
        assert evidence.check(step, through=address) == 1
    assert re.search(rf"^ ✗ {step} +.*{re.escape(found)}", capfd.readouterr().out, re.MULTILINE)


def test_a_proxy_that_tells_no_lie_changes_nothing(evidence: Evidence) -> None:
    """Else the tests above could pass for the wrong reason. Without the review: a one-time code works once."""
    with proxy(Lie("GET", "^/nowhere$", flipped)) as address:
        assert evidence.check(*(key for key in KEYS if key != "review"), through=address) == 0


def test_every_step_is_broken_in_at_least_one_way() -> None:
    assert {step for step, _, _ in (*FORGERIES, *LIES)} == set(KEYS)


# --- the demo's own exit status ---------------------------------------------------------------------------------------


def test_the_demo_ends_as_the_checker_says(evidence: Evidence) -> None:
    lose_mail(evidence)
    assert demo.verdict(evidence.out) == 1


def test_a_step_that_breaks_while_it_runs_ends_the_demo_non_zero_and_the_rest_is_still_done(tmp_path: Path) -> None:
    """The trick is an honest photograph here, so the slot takes it: one step does not show what it has to show."""
    honest = (
        "import sys; from infra.local import demo, demo_files as f; demo.CHAPTERS = demo.CHAPTERS[:1]; "
        "f.DISGUISED = f.photograph(f.paper('执照', {})); sys.exit(demo.main(sys.argv[1:]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", honest, "--out", str(tmp_path)],
        cwd=performing.ROOT, env={**os.environ, "PYTHONPATH": str(performing.ROOT)}, capture_output=True, check=False,
        timeout=performing.LONGEST,
    )  # fmt: skip
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))

    assert ended.returncode == 1, ended.stdout.decode()
    assert report["ok"] is False
    assert [each["key"] for each in report["steps"] if not each["ok"]] == ["trick"]
    assert [each["key"] for each in report["steps"]] == [step.key for step, _ in CHAPTERS[0].steps]
