"""Looks at everything that `make demo` claims, as a stranger would: usage: python infra/local/check_demo.py OUT_DIR

It imports nothing of this project (a test holds it to that) and takes no word of report.json for granted: each step is
derived again from the files, the mails and the running system. Prints a table. Exit status 0: all of it agrees; 1: not;
2: usage. One file on purpose, so that it can be read, and run elsewhere, as a whole.
"""

import argparse
import hmac
import json
import re
import shutil
import subprocess
import sys
import unicodedata
from base64 import b32decode
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from email import message_from_bytes
from email.policy import SMTP
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import time
from typing import Any, cast
from uuid import uuid4

import pypdfium2
import requests
import zxingcpp
from pyhanko.keys import load_cert_from_pemder as load_cert
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

SECONDS = 30
TOTP_STEP = 30
DPI = 150
A4_POINTS = (595, 842)
RED, DARK, LEAST_RED = 150, 100, 0.05  # of 255, of 255, share of the seal's square
LONGEST_LINK = 900  # seconds
FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
WAY = [
    ["submit", "in_review"], ["return", "draft"], ["submit", "in_review"], ["approve", "to_be_paid"],
    ["pay", "payment_being_checked"], ["refuse_payment", "to_be_paid"], ["pay", "payment_being_checked"],
    ["confirm_payment", "being_made"], ["issue", "completed"],
]  # fmt: skip
REPORT_PARTS = {"ok": bool, "steps": list, "certificates": list, "mails": list}
CERTIFICATE_PARTS = ("kind", "number", "pdf", "verify_url", "standing")


class Wrong(Exception):  # noqa: N818 - what the table shows
    """The claim does not agree with what is there."""


def agree(holds: object, otherwise: str) -> None:
    """Raises Wrong."""
    if not holds:
        raise Wrong(otherwise)


class Case:
    """The claims, and the ways to look for oneself: files, and HTTP in several people's names."""

    def __init__(self, out: Path, proxy: str | None) -> None:
        self.out = out
        self.report: dict[str, Any] = json.loads((out / "report.json").read_text(encoding="utf-8"))
        self.line = requests.Session()
        self.line.trust_env = False  # what goes to this machine goes through nobody's proxy, unless we are told
        self.line.proxies = {"http": proxy} if proxy else {}

    def claimed(self, step: str) -> dict[str, Any]:
        agree(step in self.report["evidence"], "the report has no evidence of it")
        return cast("dict[str, Any]", self.report["evidence"][step])

    def file(self, place: str) -> bytes:
        path = (self.out / place).resolve()
        agree(path.is_relative_to(self.out.resolve()), f"{place} lies outside")
        agree(path.is_file(), f"{place} is missing")
        return path.read_bytes()

    def hashed_file(self, place: str, claimed: str) -> bytes:
        content = self.file(place)
        agree(digest(content) == claimed, f"{place} is not the file of the report")
        return content

    # --- HTTP

    def ask(self, path: str, who: str = "", **headers: str) -> requests.Response:
        address = path if "://" in path else self.report["base_url"] + path
        return self.line.get(address, headers={**bearer(who), **headers}, timeout=SECONDS, allow_redirects=False)

    def read(self, path: str, who: str = "") -> Any:
        answer = self.ask(path, who, Accept="application/json")
        agree(answer.ok, f"HTTP {answer.status_code} at {path}")
        return answer.json()

    def write(self, method: str, path: str, who: str, body: Any, key: str | None = None) -> requests.Response:
        headers = {**bearer(who), "Idempotency-Key": key or str(uuid4())}
        return self.line.request(method, self.report["base_url"] + path, json=body, headers=headers, timeout=SECONDS)

    def link(self, path: str, who: str) -> bytes:
        """A file behind a link: not without a session, then by a link that is good without one, but not for long."""
        agree(self.ask(path).status_code == HTTP_401, f"{path} opens without a session")
        answer = self.ask(path, who)
        agree(answer.status_code in (HTTP_200, HTTP_302), f"HTTP {answer.status_code} at {path}")
        url = answer.headers.get("Location") or answer.json()["url"]
        expires = re.search(r"X-Amz-Expires=(\d+)", url)
        agree(expires and int(expires[1]) <= LONGEST_LINK, "the link is not short-lived")
        data = self.line.get(url, timeout=SECONDS)
        agree(data.ok, f"HTTP {data.status_code} behind the link")
        return data.content

    def staff(self, name: str) -> str:
        return str(self.report["staff_sessions"].get(name, ""))

    # --- members, each by a fresh login

    @cached_property
    def first(self) -> str:
        return self.login(self.report["people"]["first"]["wechat_name"])

    @cached_property
    def second(self) -> str:
        return self.login(self.report["people"]["second"]["wechat_name"])

    @cached_property
    def nobody(self) -> str:
        """Somebody who has never been here."""
        return self.login(f"stranger_{uuid4().hex[:16]}")

    def login(self, name: str) -> str:
        phone = self.line.post(f"{self.report['wechat_url']}/stand-in/codes", json={"name": name}, timeout=SECONDS)
        answer = self.write("POST", "/login", "", {"code": phone.json()["code"]})
        agree(answer.ok, f"{name} cannot log in: HTTP {answer.status_code}")
        return str(answer.json()["token"])

    # --- what several steps look at

    @property
    def application(self) -> str:
        return str(self.report["people"]["first"]["application"])

    def mine(self) -> Any:
        """The first company's application, read anew."""
        return self.read(f"/applications/{self.application}", self.first)

    def entries(self, action: str) -> list[Any]:
        return [each for each in self.mine()["history"] if each["action"]["code"] == action]

    def message(self, notice: str) -> Any:
        found = [each for each in self.read("/messages", self.first)["items"] if each["notice"] == notice]
        agree(len(found) == 1, f"{len(found)} messages “{notice}” instead of one")
        return found[0]

    def sent(self, notice: str) -> list[Any]:
        """What the stand-in for WeChat sent the first company's man of one notice."""
        template = self.claimed("consents")["templates"].get(notice, notice)
        sent = self.line.get(f"{self.report['wechat_url']}/stand-in/sent", timeout=SECONDS).json()
        name = self.report["people"]["first"]["wechat_name"]
        return [each for each in sent if (each["name"], each["template_id"]) == (name, template)]

    def certificate(self, number: str) -> dict[str, Any]:
        """The report's line for a number."""
        found = [each for each in self.report["certificates"] if each["number"] == number]
        agree(len(found) == 1, f"{len(found)} certificates {number} in the report")
        return cast("dict[str, Any]", found[0])


TWICE = 2  # submitted at first, and again after the return
HTTP_200, HTTP_302, HTTP_401, HTTP_404, HTTP_409, HTTP_422 = 200, 302, 401, 404, 409, 422


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


# --- applying ---------------------------------------------------------------------------------------------------------


def catalogue(case: Case) -> str:
    claim, join = case.claimed("catalogue"), case.read("/services/join")
    listed = [each["code"] for each in case.read("/services")["items"]]
    agree("join" in listed and listed == claim["services"], f"services {listed}")
    agree([each["name"] for each in join["fields"]] == claim["fields"], "other fields")
    agree([each["slot"] for each in join["materials"]] == claim["slots"], "other materials")
    agree(sum(each["amount"] for each in join["fees"]) == claim["fee"] > 0, "another fee")
    agree(case.read("/payment-instructions")["bank"]["number"], "no account to pay into")
    agree(case.read("/contact")["telephones"], "no telephone")
    blank = case.ask(case.read("/forms")["items"][0]["url"]).content
    agree(blank == case.hashed_file(claim["blank"], claim["blank_sha256"]), "another blank form")
    return f"join: {len(claim['fields'])} fields, {len(claim['slots'])} materials, {claim['fee']} fen"


def login(case: Case) -> str:
    again = case.write("POST", "/login", "", {"code": case.claimed("login")["used_code"]})
    agree(again.status_code == HTTP_401, f"the used code is answered with {again.status_code}")
    agree(case.read("/me", case.first)["id"] != case.read("/me", case.nobody)["id"], "two people are one")
    return "a fresh code logs in, the used one does not"


def profile(case: Case) -> str:
    claim, me = case.claimed("profile"), case.read("/me", case.first)
    agree((me["name"], me["mobile"]) == (claim["name"], claim["mobile"]), "name or mobile differ")
    agree(re.fullmatch(r"1[3-9]\d{9}", me["mobile"]), "no mobile number")
    return "name and mobile as typed, folded"


def consents(case: Case) -> str:
    templates = case.claimed("consents")["templates"]
    agree(templates, "no consent was given")
    counts = {notice: len(case.sent(notice)) for notice in templates}
    agree(set(counts.values()) == {1}, f"sent by WeChat: {counts}")
    left = case.read("/me", case.first)["consents"]
    agree(not any(left.get(notice) for notice in templates), f"consents not used up: {left}")
    return f"{len(counts)} taps, {len(counts)} WeChat notices"


def plan(case: Case) -> str:
    fresh, bound = joining(case, case.nobody), joining(case, case.first)
    agree(fresh["open"] and "join" in case.claimed("plan")["open"], "joining is not open to a newcomer")
    agree(not bound["open"] and bound["reasons"], "joining is still open to a member")
    agree(all(each["message"] and each["next"] for each in bound["reasons"]), "a reason without a next step")
    return f"open to a newcomer; to a member: {bound['reasons'][0]['code']}"


def joining(case: Case, who: str) -> Any:
    return next(each for each in case.read("/plan", who)["items"] if each["service"]["code"] == "join")


def draft(case: Case) -> str:
    claim, shown = case.claimed("draft"), case.mine()
    agree(claim["application"] == case.application == shown["id"], "another application")
    agree(shown["form"]["name"] == claim["name"], "another name in the form")
    agree(case.ask(f"/applications/{case.application}", case.nobody).status_code == HTTP_404, "others see it")
    return f"{shown['id']}, seen by nobody else"


def too_early(case: Case) -> str:
    """Done once more, by somebody who has never been here."""
    claim, who = case.claimed("too_early"), case.nobody
    opened = case.write("POST", "/applications", who, {"service": "join"}).json()
    path = f"/applications/{opened['id']}"
    case.write("PATCH", path, who, {"version": opened["version"], "form": claim["form"]})
    answer = case.write("POST", f"{path}/submit", who, {})
    agree(answer.status_code == HTTP_409, f"HTTP {answer.status_code}")
    reasons = answer.json()["reasons"]
    agree(all(each["message"] and each["next"] for each in reasons), "a reason without a next step")
    told = {(each["code"], each["field"]) for each in reasons}
    # The one in the demo had typed a credit code, which is good for one company only.
    told_then = {tuple(each) for each in claim["told"]} | {("not_filled_in", "credit_code")}
    agree(told == told_then, f"told now but not then, or then but not now: {sorted(told ^ told_then)}")
    agree({("material_missing", slot) for slot in case.claimed("catalogue")["slots"]} <= told, "materials not named")
    return f"{len(told)} reasons at once"


def trick(case: Case) -> str:
    claim = case.claimed("trick")
    agree(b"<html" in case.hashed_file(claim["path"], claim["sha256"]).lower(), "the trick was no web page")
    slot, found = uploaded(case, claim["file"])
    agree((slot, found["status"]["code"]) == ("licence", "refused"), f"{found['status']['code']} in {slot}")
    agree([each["code"] for each in found["reasons"]] == claim["codes"] != [], "other reasons")
    answer = case.ask(f"/applications/{case.application}/files/{claim['file']}", case.first)
    agree(answer.status_code == HTTP_404, "what was refused can be opened")
    return f"refused: {', '.join(claim['codes'])}"


def uploaded(case: Case, file: str) -> tuple[str, Any]:
    for slot in case.mine()["slots"]:
        for each in slot["files"]:
            if each["id"] == file:
                return str(slot["slot"]), each
    raise Wrong(f"no file {file} in the application")


def materials(case: Case) -> str:
    files = case.claimed("materials")["files"]
    agree({each["slot"] for each in files} == set(case.claimed("catalogue")["slots"]), "not every material")
    for each in files:
        kept = case.hashed_file(each["path"], each["sha256"])
        slot, found = uploaded(case, each["file"])
        agree((slot, found["status"]["code"]) == (each["slot"], "accepted"), f"{each['slot']} is not accepted")
        agree(found["size"] == len(kept), f"{slot} has another size")
        agree(
            case.link(f"/applications/{case.application}/files/{each['file']}", case.first) == kept, f"{slot} differs"
        )
    return f"{len(files)} files, hash-equal by the applicant's own links"


def submit(case: Case) -> str:
    before = case.mine()
    path = f"/applications/{case.application}/submit"
    again = case.write("POST", path, case.first, {}, case.claimed("submit")["key"])
    agree(again.ok, f"the same key is answered with {again.status_code}")
    agree(again.json()["id"] == case.application, "the same key answers another application")
    agree(case.mine() == before, "the same key did something")
    submissions = len(case.entries("submit"))
    agree(submissions == TWICE, f"{submissions} submissions instead of two")
    applications = case.read("/applications", case.first)["items"]
    agree(len(applications) == 1, f"{len(applications)} applications instead of one")
    other = case.write("POST", path, case.first, {"version": 0}, case.claimed("submit")["key"])
    agree(other.status_code == HTTP_422, f"another body under the key is answered with {other.status_code}")
    return "the key once more: same answer, nothing done; another body: 422"


# --- deciding ---------------------------------------------------------------------------------------------------------


def review(case: Case) -> str:
    reviewer, path = case.staff("reviewer"), f"/staff/applications/{case.application}"
    agree(case.claimed("review")["queue"] == [case.application], "the queue held something else")
    agree(case.ask(path, case.first).status_code == HTTP_401, "a member passes for staff")
    agree(case.read(path, reviewer)["id"] == case.application, "another application")
    for each in case.claimed("materials")["files"]:
        seen = digest(case.link(f"{path}/files/{each['file']}", reviewer))
        agree(seen == each["sha256"], f"{each['slot']}: staff see other bytes")
    signs_in(case)
    return "signed in with a one-time code; hash-equal by links of staff, closed to others"


def signs_in(case: Case) -> None:
    """As the one member of staff whom the demo left alone; a code that an earlier check has used works no more."""
    desk, step = case.report["spare_desk"], int(time()) // TOTP_STEP
    body = {"name": desk["name"], "password": desk["password"]}
    codes = [one_time_code(desk["totp_secret"], step + drift) for drift in (-1, 0, 1)]
    answers = (case.write("POST", "/staff/login", "", {**body, "code": code}) for code in codes)
    token = next((answer.json()["token"] for answer in answers if answer.ok), None)
    agree(token, "nobody signs in with password and one-time code (or they are used up: wait half a minute)")
    agree(case.read("/staff/me", str(token))["name"] == desk["name"], "signed in as somebody else")


def one_time_code(secret: str, step: int) -> str:
    """RFC 6238: SHA-1, six digits."""
    mac = hmac.digest(b32decode(secret), step.to_bytes(8, "big"), "sha1")
    start = mac[-1] % 16
    return str(int.from_bytes(mac[start : start + 4], "big") % 2**31 % 10**6).zfill(6)


def returned(case: Case) -> str:
    claim = case.claimed("returned")
    (entry,) = case.entries("return") or [{}]
    agree((entry.get("role") or {}).get("code") == "reviewer", "not returned by a reviewer")
    agree(entry["reason"] == claim["reason"], "another reason in the history")
    agree(claim["reason"] in case.message("returned")["body"], "another reason in the message")
    agree([each["template_id"] for each in case.sent("returned")] == [claim["wechat"]], "no single WeChat notice")
    return "in the history, the message list and WeChat, with the reason"


def resubmitted(case: Case) -> str:
    form = case.mine()["form"]
    agree(form == case.claimed("resubmitted")["form"], "the form is not what was typed")
    agree(set(form) == set(case.claimed("catalogue")["fields"]), "not every field is filled in")
    history = [each["action"]["code"] for each in case.mine()["history"]]
    agree(history[:3] == ["submit", "return", "submit"], f"history begins {history[:3]}")
    return f"{len(form)} fields as typed, submitted again after the return"


def approved(case: Case) -> str:
    due = case.claimed("approved")["due"]
    agree(due == case.mine()["amount_due"] == case.claimed("catalogue")["fee"], "another amount is due")
    (entry,) = case.entries("approve") or [{}]
    agree((entry.get("role") or {}).get("code") == "reviewer", "not approved by a reviewer")
    agree(f"{due // 100:,}.{due % 100:02}" in case.message("to_be_paid")["body"], "the message names another amount")
    agree(not case.sent("demo-template-to-be-paid"), "a WeChat notice without consent")
    return f"{due} fen due, as the catalogue says"


def short(case: Case) -> str:
    claim = case.claimed("short")
    payment = case.read(f"/staff/payments/{claim['payment']}", case.staff("finance"))
    agree(payment["status"]["code"] == "refused", f"the payment is {payment['status']['code']}")
    agree(payment["differs"] and payment["amount"] == claim["amount"] < payment["due"], "no difference to be seen")
    agree(payment["reason"] == claim["reason"], "another reason on the payment")
    (entry,) = case.entries("refuse_payment") or [{"reason": None}]
    agree(entry["reason"] == claim["reason"], "another reason in the history")
    agree(claim["reason"] in case.message("payment_refused")["body"], "another reason in the message")
    receipt_is_there(case, payment)
    return f"{payment['amount']} of {payment['due']} fen: refused with the reason"


def receipt_is_there(case: Case, payment: Any) -> None:
    """The one that was uploaded for this payment, and not one of another."""
    receipt = case.claimed("receipts")[payment["id"]]
    agree(payment["receipt"]["file"] == receipt["file"], "it goes by the receipt of another payment")
    kept = case.hashed_file(receipt["path"], receipt["sha256"])
    path = f"/staff/applications/{payment['receipt']['application']}/files/{payment['receipt']['file']}"
    agree(case.link(path, case.staff("finance")) == kept, "finance sees another receipt")


def paid(case: Case) -> str:
    claim = case.claimed("paid")
    payment = case.read(f"/staff/payments/{claim['payment']}", case.staff("finance"))
    agree(payment["status"]["code"] == "confirmed", f"the payment is {payment['status']['code']}")
    agree(payment["received"] == payment["due"] == claim["amount"], "another amount was received")
    agree(payment["applications"] == [case.application], "it pays for something else")
    agree(case.mine()["payment"] == claim["payment"], "the application was paid by something else")
    receipt_is_there(case, payment)
    return f"{payment['received']} fen confirmed"


# --- holding ----------------------------------------------------------------------------------------------------------


def issued(case: Case) -> str:
    claim = case.claimed("issued")
    (mine,) = case.read("/certificates", case.first)["items"]
    agree((mine["root"], mine["number"]) == (claim["root"], claim["number"]), "another certificate")
    agree(case.mine()["state"]["code"] == "completed", "the application is not completed")
    (entry,) = case.entries("issue") or [{}]
    agree((entry.get("role") or {}).get("code") == "system", "not issued by the system itself")
    case.message("completed")
    agree(len(case.sent("completed")) == 1, "no single WeChat notice")
    found = sound_pdf(case, case.certificate(claim["number"]), mine["holder"])
    return f"{claim['number']}: {found}"


def own(case: Case) -> str:
    claim, enterprise = case.claimed("own"), case.read("/me/enterprise", case.first)
    agree((enterprise["id"], enterprise["name"]) == (claim["enterprise"], claim["name"]), "another enterprise")
    agree(enterprise["member_code"] == claim["member_code"] != "", "another member code")
    agree(case.read("/me", case.first)["enterprise"] == enterprise["id"], "not bound to it")
    agree(case.ask("/me/enterprise", case.nobody).status_code == HTTP_404, "somebody unbound sees an enterprise")
    return f"{enterprise['name']}, bound to the applicant"


def download(case: Case) -> str:
    claim = case.claimed("download")
    kept = case.hashed_file(claim["path"], claim["sha256"])
    agree(case.link(f"/certificates/{claim['root']}/pdf", case.first) == kept, "the system gives another file")
    editions = case.read(f"/certificates/{claim['root']}", case.first)["editions"]
    agree([each["file_sha256"] for each in editions] == [digest(kept)], "the register has another hash")
    agree(case.ask(f"/certificates/{claim['root']}/pdf", case.nobody).status_code == HTTP_404, "others may have it")
    return f"{len(kept):,} bytes, hash-equal in register and bucket"


def mailed(case: Case) -> str:
    claim = case.claimed("mailed")
    files = sorted(f"mails/{path.name}" for path in (case.out / "mails").glob("*.eml"))
    agree(files == sorted(each["file"] for each in case.report["mails"]) == [claim["file"]], f"mails: {files}")
    letter = message_from_bytes(case.file(claim["file"]), policy=SMTP)
    agree(str(letter["To"]) == claim["to"], f"it went to {letter['To']}")
    agree(str(letter["Subject"]) == claim["subject"], "another subject")
    attached = [*letter.iter_attachments()]
    agree([each.get_content_type() for each in attached] == ["application/pdf"], "no PDF, or more, is attached")
    agree(
        attached[0].get_payload(decode=True) == case.file(case.claimed("download")["path"]),
        "the attachment is not the certificate downloaded",
    )
    return f"to {claim['to']}, the certificate attached"


def record(case: Case) -> str:
    history = case.mine()["history"]
    agree([each["number"] for each in history] == list(range(1, len(history) + 1)), "numbers with gaps")
    joints = pairwise(history)
    agree(all(one["after"] == following["before"] for one, following in joints), "a state that nobody left")
    agree(history[-1]["after"]["code"] == case.mine()["state"]["code"], "it does not end in the current state")
    way = [[each["action"]["code"], each["after"]["code"]] for each in history]
    agree(way == WAY == case.claimed("record")["steps"], f"another way: {way}")
    agree([each["at"] for each in history] == sorted(each["at"] for each in history), "not in order of time")
    return f"{len(history)} entries without a gap"


def scanned(case: Case) -> str:
    claim = case.claimed("scanned")
    line = case.certificate(claim["number"])
    agree(line["verify_url"] == claim["printed"], "another address was scanned")
    page = verified(case, line, "valid")
    person, mobile = case.claimed("profile")["name"], case.claimed("profile")["mobile"]
    agree(person not in page and mobile not in page, "the page shows personal data")
    agree("<script" not in page.lower(), "the page needs a script")
    return f"{claim['printed']}: valid, for people and programs"


def second(case: Case) -> str:
    claim = case.claimed("second")
    numbers = [each["number"] for each in case.report["certificates"]]
    tails = [int(number.rpartition("-")[2]) for number in numbers]
    agree(tails == list(range(1, len(numbers) + 1)), f"numbers {numbers}")
    agree(len({number.rpartition("-")[0] for number in numbers}) == 1, f"numbers {numbers}")
    (mine,) = case.read("/certificates", case.second)["items"]
    agree((mine["root"], mine["number"]) == (claim["root"], claim["number"]), "another certificate")
    kept = case.hashed_file(claim["path"], claim["sha256"])
    agree(case.link(f"/certificates/{claim['root']}/pdf", case.second) == kept, "the system gives another file")
    agree(case.ask(f"/certificates/{claim['root']}", case.first).status_code == HTTP_404, "the first company sees it")
    return f"{', '.join(numbers)}; {sound_pdf(case, case.certificate(claim['number']), mine['holder'])}"


def guessed(case: Case) -> str:
    claim = case.claimed("guessed")
    agree(re.fullmatch(r"[A-Z2-7]{28}", claim["unknown"]), "the unknown address is malformed itself")
    agree(not re.fullmatch(r"[A-Z2-7]{28}", claim["malformed"]), "the malformed address is none")
    for kind in ("text/html", "application/json"):
        answers = [case.ask(f"/V/{claim[which]}", Accept=kind) for which in ("unknown", "malformed")]
        agree([each.status_code for each in answers] == [HTTP_404] * 2, f"{[each.status_code for each in answers]}")
        agree(answers[0].content == answers[1].content, "they are told apart")
    return "404, word for word the same"


def revoked(case: Case) -> str:
    claim = case.claimed("revoked")
    page = verified(case, case.certificate(claim["number"]), "revoked")
    agree("已注销" in page, "the page does not say so")
    register = case.read(f"/staff/certificates/{claim['number']}", case.staff("admin"))
    agree(register["revoked_reason"] == claim["reason"], "another reason in the register")
    standings = {each["number"]: each["standing"] for each in case.report["certificates"]}
    agree(standings == {**dict.fromkeys(standings, "valid"), claim["number"]: "revoked"}, f"{standings}")
    for each in case.report["certificates"]:
        found = case.read(f"/verify?number={each['number']}")
        agree(found["standing"] == each["standing"], f"{each['number']}: {found['standing']} when searched for")
    return f"{claim['number']} revoked, the others valid"


def rest(case: Case) -> str:
    admin, finance, reviewer = (case.staff(name) for name in ("admin", "finance", "reviewer"))
    dead = case.read("/staff/dead-letters", admin)["items"]
    agree(not dead, f"{len(dead)} dead letters")
    agree(case.claimed("rest")["dead_letters"] == 0, "the report tells of dead letters")
    agree(not case.read("/staff/payments?status=checking", finance)["items"], "a payment waits")
    agree(not case.read("/staff/applications?state=in_review", reviewer)["items"], "an application waits")
    return "no dead letter, nothing waits"


# --- a certificate ----------------------------------------------------------------------------------------------------


def verified(case: Case, line: dict[str, Any], standing: str) -> str:
    """Fetches the address exactly as it is printed on the page; answers what people see there."""
    printed = code_on_page(case.file(line["pdf"]))
    agree(printed == line["verify_url"], f"the code says {printed}")
    page = case.ask(printed, Accept="text/html")
    agree(page.ok and "html" in page.headers["Content-Type"], f"HTTP {page.status_code} at {printed}")
    facts = case.ask(printed, Accept="application/json").json()
    agree(facts["standing"] == standing, f"it is {facts['standing']} instead of {standing}")
    agree(line["standing"] == standing, f"the report says {line['standing']} instead of {standing}")
    agree((facts["number"], facts["kind"]) == (line["number"], line["kind"]), f"it verifies {facts['number']}")
    told = (line["number"], facts["holder"], facts["standing_name"], facts["statement"])
    seen = squeezed(re.sub(r"<[^>]+>", "", page.text))
    missing = [each for each in told if squeezed(each) not in seen]
    agree(not missing, f"people are not told what programs are: {missing}")
    return page.text


def sound_pdf(case: Case, line: dict[str, Any], holder: str) -> str:
    pdf = case.file(line["pdf"])
    one_page_with_text(pdf, (line["number"], holder, line["verify_url"]))
    agree(code_on_page(pdf) == line["verify_url"], "the code on the page is not the address of the report")
    sealed_rightly(case, pdf)
    return "A4, fonts embedded, text and code readable, seal unbroken"


def one_page_with_text(pdf: bytes, wanted: Sequence[str]) -> None:
    try:
        document = PdfReader(BytesIO(pdf))
        agree(len(document.pages) == 1, f"{len(document.pages)} pages")
        page = document.pages[0]
        size = (round(float(page.mediabox.width)), round(float(page.mediabox.height)))
        text, fonts = squeezed(page.extract_text()), dict(fonts_of(page))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise Wrong(f"the PDF cannot be read: {trouble}") from trouble
    agree(size == A4_POINTS, f"the page measures {size}")
    missing = [each for each in wanted if squeezed(each) not in text]
    agree(not missing, f"not in the text: {missing}")
    agree(fonts and all(fonts.values()), f"fonts not embedded: {[name for name, there in fonts.items() if not there]}")


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def fonts_of(page: DictionaryObject) -> Iterator[tuple[str, bool]]:
    """Name and whether its file is inside, for each font of a page and of the drawings on it."""
    resources = cast("Any", page.get("/Resources", DictionaryObject())).get_object()
    for font in values(resources, "/Font"):
        inner = next(iter(values_of(font.get("/DescendantFonts"))), font)
        descriptor = cast("Any", inner.get("/FontDescriptor", DictionaryObject())).get_object()
        yield str(font["/BaseFont"]), any(name in descriptor for name in FONT_FILES)
    for drawing in values(resources, "/XObject"):
        yield from fonts_of(drawing)


def values(resources: Any, name: str) -> list[Any]:
    return [each.get_object() for each in resources[name].get_object().values()] if name in resources else []


def values_of(array: Any) -> list[Any]:
    return [each.get_object() for each in array.get_object()] if array is not None else []


def code_on_page(pdf: bytes) -> str:
    found = zxingcpp.read_barcodes(rastered(pdf))
    agree(len(found) == 1, f"{len(found)} codes on the page")
    return str(found[0].text)


def rastered(pdf: bytes) -> Any:
    """The first page as a picture, with what its form fields show."""
    try:
        with closing(pypdfium2.PdfDocument(pdf)) as document:
            document.init_forms()
            return document[0].render(scale=DPI / 72, may_draw_forms=True).to_pil()
    except pypdfium2.PdfiumError as trouble:
        raise Wrong(f"the PDF cannot be drawn: {trouble}") from trouble


def sealed_rightly(case: Case, pdf: bytes) -> None:
    """One signature over the whole file by the authority, visible; and no longer valid with one byte flipped."""
    root = cast("Any", load_cert)(str(case.out / "root.pem"))  # pyHanko gives it no types
    agree(seal_holds(pdf, root), "the seal is broken, or not the authority's")
    agree(seal_shows(pdf), "nothing red is to be seen where the seal should be")
    for place in (len(pdf) // 4, len(pdf) // 2):
        flipped = bytearray(pdf)
        flipped[place] ^= 1
        agree(not seal_holds(bytes(flipped), root), f"byte {place} can be changed under the seal")
    if shutil.which("pdfsig"):
        said = poppler_says(pdf)
        agree("Signature is Valid." in said and "Total document signed" in said, f"pdfsig: {said}")


def seal_holds(pdf: bytes, root: Any) -> bool:
    try:
        (seal,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
        visible = any(float(side) for side in seal.sig_field.get("/Rect", [0]))
        status = validate_pdf_signature(seal, ValidationContext(trust_roots=[root], allow_fetching=False))
    except (PdfError, SignatureValidationError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return False
    return bool(visible and status.bottom_line and status.coverage is SignatureCoverageLevel.ENTIRE_FILE)


def seal_shows(pdf: bytes) -> bool:
    """A page can carry a signature, and text, and still show nothing: so the picture is looked at."""
    (seal,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    left, low, right, high = (float(side) * DPI / 72 for side in seal.sig_field["/Rect"])
    picture = rastered(pdf)
    pixels = list(picture.crop((left, picture.height - high, right, picture.height - low)).convert("RGB").getdata())
    red = sum(1 for r, g, b in pixels if r > RED and max(g, b) < DARK)
    return red > len(pixels) * LEAST_RED


def poppler_says(pdf: bytes) -> str:
    """A second opinion; `-nocert`: it does not know the authority, which pyHanko was told."""
    with NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        answer = subprocess.run(["pdfsig", "-nocert", file.name], capture_output=True, check=False)
    return answer.stdout.decode(errors="replace")


# --- the table --------------------------------------------------------------------------------------------------------

CHECKS: tuple[Callable[[Case], str], ...] = (
    catalogue, login, profile, consents, plan, draft, too_early, trick, materials, submit,
    review, returned, resubmitted, approved, short, paid,
    issued, own, download, mailed, record, scanned, second, guessed, revoked, rest,
)  # fmt: skip


def form_of_report(case: Case) -> str:
    for part, kind in REPORT_PARTS.items():
        agree(isinstance(case.report.get(part), kind), f"“{part}” is missing or no {kind.__name__}")
    agree(case.report["ok"] is True, "the demo itself says that it failed")
    failed = [each["name"] for each in case.report["steps"] if each["ok"] is not True]
    agree(not failed, f"failed: {failed}")
    agree(all(each["name"] and each["detail"] for each in case.report["steps"]), "a step without name or detail")
    keys = [each.get("key") for each in case.report["steps"]]
    wanted = [check.__name__ for check in CHECKS]
    agree(keys == wanted, f"steps missing, added or out of order: {sorted(set(keys) ^ set(wanted))}")
    lines = case.report["certificates"]
    agree(lines and all(set(CERTIFICATE_PARTS) <= set(each) for each in lines), "a certificate without its parts")
    return f"{len(keys)} steps, all claimed to hold"


def outcome(check: Callable[[Case], str], case: Case) -> tuple[bool, str]:
    try:
        return True, check(case)
    except Wrong as wrong:
        return False, str(wrong)
    except requests.ConnectionError as trouble:
        return False, f"the system does not answer: {type(trouble).__name__}"
    except Exception as trouble:  # noqa: BLE001 - whatever a forged report makes of us, it is a disagreement
        return False, f"cannot be derived: {type(trouble).__name__}: {trouble}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Derives again every step that the demo claims.")
    parser.add_argument("out", type=Path, help="the demo's output directory, with report.json")
    parser.add_argument("--proxy", metavar="URL", help="look through this HTTP proxy")
    parser.add_argument("--only", nargs="+", metavar="STEP", help="these steps alone")
    chosen = parser.parse_args(arguments)
    if not chosen.out.is_dir():
        parser.error(f"{chosen.out} is no directory")
    try:
        case = Case(chosen.out, chosen.proxy)
    except (OSError, ValueError) as trouble:
        print(f"✗ report.json cannot be read: {trouble}")
        return 1
    checks = [each for each in (form_of_report, *CHECKS) if not chosen.only or each.__name__ in chosen.only]
    with closing(case.line):
        agreeing = [told(check, case) for check in checks]
    return 0 if all(agreeing) else 1


def told(check: Callable[[Case], str], case: Case) -> bool:
    agrees, found = outcome(check, case)
    print(f" {'✓' if agrees else '✗'} {check.__name__:<15} {found}", flush=True)
    return agrees


if __name__ == "__main__":
    sys.exit(main())
