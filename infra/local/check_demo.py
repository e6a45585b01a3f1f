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
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing as ended
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, cast
from urllib.parse import quote
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
A4_POINTS, A3_LANDSCAPE_POINTS = (595, 842), (1191, 842)
RED, DARK, LEAST_RED = 150, 100, 0.05  # of 255, of 255, share of the seal's square
LONGEST_LINK = 900  # seconds
FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
WAY = [
    ["submit", "in_review"], ["return", "draft"], ["submit", "in_review"], ["approve", "to_be_paid"],
    ["pay", "payment_being_checked"], ["refuse_payment", "to_be_paid"], ["pay", "payment_being_checked"],
    ["confirm_payment", "being_made"], ["issue", "completed"],
]  # fmt: skip
LAST_DAY_OF_REVIEW = (3, 31)
SIX = 6
STANDINGS = {"valid": "今日有效", "not_yet_valid": "未生效", "superseded": "已换新版", "revoked": "已注销"}
PARTS = {"original": ("正本", A3_LANDSCAPE_POINTS), "duplicate": ("副本", A4_POINTS)}
ISSUED_BY_THE_ASSOCIATION = {"member_certificate", "qualification"}  # once only: nobody uploads what it has itself
AN_ID = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9X](?![0-9A-Za-z])")  # not the digits within a hexadecimal id
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

    def every(self, path: str, who: str) -> list[Any]:
        """All of a list, page by page."""
        items, page = [], self.read(path, who)
        while page["next"]:
            items += page["items"]
            page = self.read(f"{path}?cursor={quote(page['next'])}", who)
        return [*items, *page["items"]]

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
    def third(self) -> str:
        return self.login(self.report["people"]["third"]["wechat_name"])

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

    def message(self, notice: str, application: str = "", who: str = "") -> Any:
        about = application or self.application
        told = self.every("/messages", who or self.first)
        found = [each for each in told if each["notice"] == notice and about in each["applications"]]
        agree(len(found) == 1, f"{len(found)} messages “{notice}” instead of one")
        return found[0]

    def sent(self, notice: str) -> list[Any]:
        """What the stand-in for WeChat sent the first company's man of one notice."""
        template = self.claimed("consents")["templates"].get(notice, notice)
        sent = self.line.get(f"{self.report['wechat_url']}/stand-in/sent", timeout=SECONDS).json()
        name = self.report["people"]["first"]["wechat_name"]
        return [each for each in sent if (each["name"], each["template_id"]) == (name, template)]

    def certificate(self, place: str) -> dict[str, Any]:
        """The report's line for a paper that was kept."""
        found = [each for each in self.report["certificates"] if each["pdf"] == place]
        agree(len(found) == 1, f"{len(found)} certificates {place} in the report")
        return cast("dict[str, Any]", found[0])

    def editions(self, root: str, who: str = "") -> dict[int, Any]:
        """Every version of a certificate in the register, by its ordinal, to its holder."""
        shown = self.read(f"/certificates/{root}", who or self.first)
        return {each["ordinal"]: each for each in shown["editions"]}

    def about(self, application: str, who: str = "") -> Any:
        return self.read(f"/applications/{application}", who or self.first)

    def payment(self, identity: str) -> Any:
        return self.read(f"/staff/payments/{identity}", self.staff("finance"))

    # --- the made-up calendar

    @cached_property
    def now(self) -> datetime:
        """What the system's clock shows: whoever verifies a certificate is told."""
        facts = self.ask(self.report["certificates"][0]["verify_url"], Accept="application/json").json()
        return datetime.fromisoformat(facts["checked_at"])

    def day(self, step: str) -> date:
        """The day on which the report says that a step was done."""
        (found,) = [each for each in self.report["steps"] if each["key"] == step]
        return date.fromisoformat(found["day"])


TWICE = 2  # submitted at first, and again after the return
MEMBER = "member"
HTTP_200, HTTP_201, HTTP_302, HTTP_401, HTTP_404, HTTP_409, HTTP_422 = 200, 201, 302, 401, 404, 409, 422


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
    everything = case.every("/applications", case.first)
    applications = [each for each in everything if each["service"]["code"] == "join"]
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
    desk, step = case.report["spare_desk"], int(case.now.timestamp()) // TOTP_STEP
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
    mine = held(case, case.first, MEMBER)
    agree((mine["root"], mine["number"]) == (claim["root"], claim["number"]), "another certificate")
    agree(case.mine()["state"]["code"] == "completed", "the application is not completed")
    (entry,) = case.entries("issue") or [{}]
    agree((entry.get("role") or {}).get("code") == "system", "not issued by the system itself")
    case.message("completed")
    agree(len(case.sent("completed")) == 1, "no single WeChat notice")
    found = sound_pdf(case, case.certificate(case.claimed("download")["path"]), case.mine()["form"]["name"])
    joined = case.day("issued")
    runs(case.editions(claim["root"])[1], joined, date(joined.year, 12, 31))
    return f"{claim['number']}: {found}"


def held(case: Case, who: str, kind: str) -> Any:
    """The one certificate of a kind that was not revoked."""
    found = [each for each in case.read("/certificates", who)["items"] if each["kind"]["code"] == kind]
    counting = [each for each in found if each["revoked_on"] is None]
    agree(len(counting) == 1, f"{len(counting)} of kind {kind}")
    return counting[0]


def runs(edition: Any, first: date, last: date) -> None:
    told = (edition["valid_from"], edition["valid_to"])
    agree(told == (first.isoformat(), last.isoformat()), f"it runs from {told[0]} to {told[1]}")


def own(case: Case) -> str:
    claim, enterprise = case.claimed("own"), case.read("/me/enterprise", case.first)
    name = case.claimed("changed")["new"]["new_name"]  # since then it has another
    agree((enterprise["id"], enterprise["name"]) == (claim["enterprise"], name), "another enterprise")
    agree(claim["name"] == case.mine()["form"]["name"], "another name than it joined under")
    agree(enterprise["member_code"] == claim["member_code"] != "", "another member code")
    agree(case.read("/me", case.first)["enterprise"] == enterprise["id"], "not bound to it")
    agree(case.ask("/me/enterprise", case.nobody).status_code == HTTP_404, "somebody unbound sees an enterprise")
    return f"{enterprise['name']}, bound to the applicant"


def download(case: Case) -> str:
    claim = case.claimed("download")
    kept = case.hashed_file(claim["path"], claim["sha256"])
    registered(case.editions(claim["root"])[1], kept)
    agree(case.ask(f"/certificates/{claim['root']}/pdf", case.nobody).status_code == HTTP_404, "others may have it")
    return f"{len(kept):,} bytes, hash-equal in the register"


def registered(edition: Any, *papers: bytes) -> None:
    told = [each["file_sha256"] for each in edition["papers"]]
    agree(told == [digest(each) for each in papers], "the register has another hash")


def mailed(case: Case) -> str:
    claim = case.claimed("mailed")
    files = sorted(f"mails/{path.name}" for path in (case.out / "mails").glob("*.eml"))
    agree(files == sorted(each["file"] for each in case.report["mails"]), f"mails: {files}")
    agree(files == [claim["file"], case.claimed("invoice_issued")["file"]], f"mails: {files}")
    attached = attached_to(case, claim)
    agree(attached == case.file(case.claimed("download")["path"]), "the attachment is not the certificate downloaded")
    return f"to {claim['to']}, the certificate attached"


def attached_to(case: Case, claim: dict[str, Any]) -> bytes:
    """The one PDF of a mail that went where it was to go."""
    letter = message_from_bytes(case.file(claim["file"]), policy=SMTP)
    agree(str(letter["To"]) == claim["to"], f"it went to {letter['To']}")
    agree(str(letter["Subject"]) == claim["subject"], "another subject")
    attached = [*letter.iter_attachments()]
    agree([each.get_content_type() for each in attached] == ["application/pdf"], "no PDF, or more, is attached")
    return cast("bytes", attached[0].get_payload(decode=True))


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
    line = case.certificate(case.claimed("download")["path"])
    agree((line["number"], line["verify_url"]) == (claim["number"], claim["printed"]), "another address was scanned")
    page = verified(case, line, "superseded")  # by now; while it counted: not_yet
    person, mobile = case.claimed("profile")["name"], case.claimed("profile")["mobile"]
    agree(person not in page and mobile not in page, "the page shows personal data")
    agree("<script" not in page.lower(), "the page needs a script")
    return f"{claim['printed']}: superseded by now, for people and programs"


def second(case: Case) -> str:
    claim = case.claimed("second")
    numbers = list(dict.fromkeys(each["number"] for each in case.report["certificates"] if each["kind"] == MEMBER))
    tails = [int(number.rpartition("-")[2]) for number in numbers]
    agree(tails == list(range(1, len(numbers) + 1)), f"numbers {numbers}")
    agree(len({number.rpartition("-")[0] for number in numbers}) == 1, f"numbers {numbers}")
    (mine,) = case.read("/certificates", case.second)["items"]
    agree((mine["root"], mine["number"]) == (claim["root"], claim["number"]), "another certificate")
    registered(case.editions(claim["root"], case.second)[1], case.hashed_file(claim["path"], claim["sha256"]))
    agree(case.ask(f"/certificates/{claim['root']}", case.first).status_code == HTTP_404, "the first company sees it")
    return f"{', '.join(numbers)}; {sound_pdf(case, case.certificate(claim['path']), mine['holder'])}"


def guessed(case: Case) -> str:
    claim = case.claimed("guessed")
    agree(re.fullmatch(r"[A-Z2-7]{28}", claim["unknown"]), "the unknown address is malformed itself")
    agree(not re.fullmatch(r"[A-Z2-7]{28}", claim["malformed"]), "the malformed address is none")
    for kind in ("text/html", "application/json"):
        answers = [case.ask(f"/V/{claim[which]}", Accept=kind) for which in ("unknown", "malformed")]
        agree([each.status_code for each in answers] == [HTTP_404] * 2, f"{[each.status_code for each in answers]}")
        agree(answers[0].content == answers[1].content, "they are told apart")
    return "404, word for word the same"


# --- the qualification ------------------------------------------------------------------------------------------------


def practitioners(case: Case) -> str:
    people = case.claimed("practitioners")["people"]
    roll = {each["id"]: each for each in case.every("/practitioners", case.first)}
    agree(set(roll) == set(people), "other people on the roll")
    for each, told in people.items():
        agree({name: roll[each][name] for name in told} == told, f"{told['name']} is entered otherwise")
    stale = stale_of(case, people, case.day("practitioners"))
    agree(len(people) - len(stale) == SIX, f"{len(people) - len(stale)} are certified instead of six")
    agree(not AN_ID.search(json.dumps(roll, ensure_ascii=False)), "the roll shows a resident ID")
    agree(case.ask("/practitioners", case.nobody).status_code == HTTP_404, "somebody unbound sees a roll")
    return f"{len(people)} on the roll, {len(stale)} out of date, no resident ID shown"


def stale_of(case: Case, named: Iterable[str], day: date) -> list[str]:
    roll = {each["id"]: date.fromisoformat(each["valid_to"]) for each in case.every("/practitioners", case.first)}
    return [each for each in named if roll[each] < day]


def too_few(case: Case) -> str:
    return refused_for(case, "too_few")


def out_of_date(case: Case) -> str:
    return refused_for(case, "out_of_date")


def refused_for(case: Case, step: str) -> str:
    """Who may be named, counted anew; and that nothing was submitted before all six were right."""
    claim = case.claimed(step)
    named, stale = set(claim["named"]), set(stale_of(case, claim["named"], case.day(step)))
    good = len(named - stale)
    must = {"training_certificate_expired"} if stale else set()
    must |= {"fewer_than_six"} if good < SIX else set()
    agree(must and claim["told"] == sorted(must), f"told {claim['told']} instead of {sorted(must)}")
    way = [each["action"]["code"] for each in case.about(claim["application"])["history"]]
    agree(way.count("submit") == 1, f"it was submitted {way.count('submit')} times")
    return f"{len(named)} named, {good} of them certified: {', '.join(sorted(must))}"


def qualifying(case: Case) -> str:
    claim = case.claimed("qualifying")
    shown = case.about(claim["application"])
    persons = [each["id"] for each in shown["persons"]]
    agree(len(set(persons)) == SIX, f"{len(set(persons))} persons")
    agree(set(persons) <= set(case.claimed("practitioners")["people"]), "somebody who is not on the roll")
    agree(not stale_of(case, persons, case.day("qualifying")), "somebody whose certificate was out of date")
    handed_over(case, shown, claim["files"])
    slots = {each["slot"] for each in claim["files"] if each["person"]}
    pairs = {(each["slot"], each["person"]) for each in claim["files"]}
    agree(slots and all((slot, each) in pairs for slot in slots for each in persons), "not a file of everybody")
    return f"{len(persons)} persons, {len(claim['files'])} files, hash-equal by links"


def handed_over(case: Case, shown: Any, files: list[Any], who: str = "") -> None:
    """These files, no others, are accepted, each in its place; one of each slot is fetched. No slot is empty."""
    slots = [each for each in shown["slots"] if each["slot"] != "bank_receipt"]
    there = {(slot["slot"], slot["person"], file["id"]): file for slot in slots for file in slot["files"]}
    agree({each["file"] for each in files} == {file for _, _, file in there}, "not the files of the report")
    for each in files:
        found = there.get((each["slot"], each["person"], each["file"]))
        agree(found and found["status"]["code"] == "accepted", f"{each['slot']} is not accepted")
    for each in {each["slot"]: each for each in files}.values():
        content = case.link(f"/applications/{shown['id']}/files/{each['file']}", who or case.first)
        agree(digest(content) == each["sha256"], f"{each['slot']} differs")
    empty = {each["slot"] for each in shown["slots"] if not (each["files"] or each["optional"])}
    agree(empty <= ISSUED_BY_THE_ASSOCIATION, f"nothing in {sorted(empty)}")


def bring_paper(case: Case) -> str:
    claim = case.claimed("bring_paper")
    shown = case.about(claim["application"])
    case.message("bring_paper", claim["application"])
    agree(not shown["amount_due"] and not claim["due"], "something was due")
    way = [(each["action"]["code"], each["role"]["code"]) for each in shown["history"]]
    wanted = [("submit", "applicant"), ("approve", "reviewer"), ("note_paper", "certifier"), ("issue", "system")]
    agree(way == wanted, f"another way: {way}")
    return "told to bring the paper; made only after it was noted"


def papers(case: Case) -> str:
    claim = case.claimed("papers")
    first = case.day("papers")
    edition = case.editions(claim["root"])[1]
    runs(edition, first, three_years(first))
    agree(case.about(claim["application"])["certificate"] == claim["root"], "another certificate")
    return two_papers(case, claim, edition, case.mine()["form"]["name"], claim["services"], *printed_days(edition))


def three_years(first: date) -> date:
    """To the day before the third anniversary; who begins on 29 February ends on the 28th."""
    if (first.month, first.day) == (2, 29):
        return date(first.year + 3, 2, 28)
    return first.replace(year=first.year + 3) - timedelta(days=1)


def printed_days(edition: Any) -> tuple[str, str]:
    days = (date.fromisoformat(edition[name]) for name in ("valid_from", "valid_to"))
    first, last = (f"{day.year}年{day.month}月{day.day}日" for day in days)
    return first, last


def two_papers(case: Case, claim: Any, edition: Any, *wanted: str) -> str:
    """Original and duplicate of one version: each its size, sealed, with the same code; the register's own files."""
    agree([each["part"] for each in claim["papers"]] == list(PARTS), "not original and duplicate")
    for each in claim["papers"]:
        name, size = PARTS[each["part"]]
        line = case.certificate(each["path"])
        agree((line["number"], line["version"]) == (claim["number"], edition["ordinal"]), "another version")
        sound_pdf(case, line, *wanted, name, size=size)
    pdfs = [case.hashed_file(each["path"], each["sha256"]) for each in claim["papers"]]
    agree(len({code_on_page(pdf) for pdf in pdfs}) == 1, "two papers, two addresses")
    registered(edition, *pdfs)
    return f"{claim['number']} version {edition['ordinal']}: A3 and A4, seals unbroken, until {edition['valid_to']}"


# --- dues -------------------------------------------------------------------------------------------------------------


def dues_refused(case: Case) -> str:
    claim = case.claimed("dues_refused")
    payment = case.payment(claim["payment"])
    agree(payment["status"]["code"] == "refused", f"the payment is {payment['status']['code']}")
    refusals = [
        each for each in case.about(claim["application"])["history"] if each["action"]["code"] == "refuse_payment"
    ]
    agree([each["after"]["code"] for each in refusals] == ["draft"], "it did not go back to the draft once")
    agree(refusals[0]["reason"] == payment["reason"] == claim["reason"], "another reason")
    agree(claim["reason"] in case.message("payment_refused", claim["application"])["body"], "another reason told")
    receipt_is_there(case, payment)
    return "refused with the reason, back to the draft"


def dues_paid(case: Case) -> str:
    claim, day = case.claimed("dues_paid"), case.day("dues_paid")
    agree(claim["application"] == case.claimed("dues_refused")["application"], "another application than was refused")
    payment, shown = case.payment(claim["payment"]), case.about(claim["application"])
    agree(payment["status"]["code"] == "confirmed", f"the payment is {payment['status']['code']}")
    agree(payment["received"] == shown["paid"] == claim["amount"] == case.claimed("catalogue")["fee"], "another amount")
    receipt_is_there(case, payment)
    agree((day.month, shown["year"]) == (12, day.year + 1), f"the year {shown['year']} in month {day.month}")
    return next_member_version(case, claim, day.year + 1, case.mine()["form"]["name"])


def next_member_version(case: Case, claim: Any, year: int, holder: str, who: str = "") -> str:
    """For the calendar year, under the number there was before."""
    editions = case.editions(claim["root"], who)
    edition = editions[claim["version"]]
    runs(edition, date(year, 1, 1), date(year, 12, 31))
    agree(claim["version"] > 1, "it is a first version")
    (paper,) = claim["papers"]
    sound_pdf(case, case.certificate(paper["path"]), holder, *printed_days(edition))
    registered(edition, case.hashed_file(paper["path"], paper["sha256"]))
    return f"{claim['number']} version {claim['version']}: {edition['valid_from']} to {edition['valid_to']}"


def not_yet(case: Case) -> str:
    return both_scanned(case, "not_yet", 12)


def new_year(case: Case) -> str:
    return both_scanned(case, "new_year", 1)


def both_scanned(case: Case, step: str, month: int) -> str:
    """What the two versions were worth that day, by their dates alone; the page that was seen says the same."""
    seen, day = case.claimed(step)["seen"], case.day(step)
    agree(day.month == month, f"scanned in month {day.month}")
    issued_then = {n: each for n, each in case.editions(case.claimed("issued")["root"]).items() if n <= len(seen)}
    for ordinal, each in enumerate(seen, 1):
        wanted = worth(issued_then, ordinal, day)
        agree(each["standing"] == wanted, f"version {ordinal}: {each['standing']} instead of {wanted}")
        agree(datetime.fromisoformat(each["checked_at"]).date() == day, "looked at on another day")
        agree(code_on_page(case.file(each["path"])) == each["printed"], "another address was scanned")
        page = case.hashed_file(each["page"], each["page_sha256"]).decode()
        agree(STANDINGS[wanted] in page and case.claimed("issued")["number"] in page, "the page says something else")
    return f"on {day}: {', '.join(each['standing'] for each in seen)}"


def partly(case: Case) -> str:
    claim, fee = case.claimed("partly"), case.claimed("catalogue")["fee"]
    payment, shown = case.payment(claim["payment"]), case.about(claim["application"], case.second)
    agree(payment["received"] == payment["credited"] == claim["received"] < fee, "another amount came in")
    agree(payment["due"] == fee, "another amount was due")
    refusals = [each for each in shown["history"] if each["action"]["code"] == "refuse_payment"]
    agree([each["after"]["code"] for each in refusals] == ["draft"], "it did not go back to the draft once")
    agree(yuan(fee - claim["received"]) in refusals[0]["reason"], "what is missing is not named")
    moved = moved_by(case, "partly", claim["owner"])
    agree(moved == [claim["received"]], f"credit moved {moved}")
    handed_over(case, shown, claim["files"], case.second)
    receipt_is_there(case, payment)
    return f"{claim['received']} of {fee} fen: {yuan(fee - claim['received'])} named as missing, the rest kept"


def yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02} 元"


def moved_by(case: Case, step: str, owner: str) -> list[int]:
    """What the payment of that step moved of its owner's credit, by that day's closing."""
    closing = case.read(f"/staff/closing?day={case.day(step)}", case.staff("finance"))
    mine = (each for each in closing["movements"] if each["owner"] == owner)
    return [each["amount"] for each in mine if each["payment"] == case.claimed(step)["payment"]]


def balance(case: Case) -> str:
    claim, before = case.claimed("balance"), case.claimed("partly")
    agree(claim["application"] == before["application"], "another application")
    payment, fee = case.payment(claim["payment"]), case.claimed("catalogue")["fee"]
    agree(payment["status"]["code"] == "confirmed", f"the payment is {payment['status']['code']}")
    agree(payment["received"] == claim["received"] == fee - before["received"], "the two do not make the fee")
    agree(moved_by(case, "balance", before["owner"]) == [-before["received"]], "credit not used")
    left = case.read(f"/staff/credits/{before['owner']}", case.staff("finance"))["balance"]
    agree(left == 0, f"credit of {left} fen is left")
    enterprise = case.read("/me/enterprise", case.second)
    agree(enterprise["registered_address"] == claim["changes"]["new_registered_address"], "another address registered")
    agree(case.day("balance").year in enterprise["paid_years"], "the year is not paid")
    agree(case.about(claim["application"], case.second)["paid"] == fee, "another amount is booked")
    return next_member_version(case, claim, case.day("balance").year, enterprise["name"], case.second)


# --- review and changes -----------------------------------------------------------------------------------------------


def reviewed(case: Case) -> str:
    claim, year = case.claimed("reviewed"), case.day("reviewed").year
    shown, editions = case.about(claim["application"]), case.editions(claim["root"])
    agree((shown["state"]["code"], shown["year"], claim["year"]) == ("completed", year, year), "another year")
    agree(len({each["id"] for each in shown["persons"]}) >= SIX, "fewer than six persons")
    agree(year in case.read("/me/enterprise", case.first)["paid_years"], "the year is not paid")
    handed_over(case, shown, claim["files"])
    before, after = editions[1], editions[2]
    runs(after, *(date.fromisoformat(before[name]) for name in ("valid_from", "valid_to")))
    return two_papers(case, claim, after, f"{year} 年度已年审")


def side_by_side(case: Case) -> str:
    """Old as it was joined with, new as it was typed; names of persons only masked before staff."""
    claim, joined = case.claimed("side_by_side"), case.mine()["form"]
    typed = case.about(claim["application"])["form"]
    kinds = typed["changes"].split("、")
    agree([each["title"] for each in claim["changes"]] == kinds, f"not before the reviewer: {kinds}")
    for each in claim["changes"]:
        old, new = joined[each["field"]], typed[f"new_{each['field']}"]
        agree(
            new == case.claimed("changed")["new"][f"new_{each['field']}"] != old, f"{each['title']}: another is typed"
        )
        shown = (each["old"], each["new"])
        if each["field"] == "legal_representative":
            agree(
                all("*" in told and told[0] == true[0] for told, true in zip(shown, (old, new), strict=True)),
                "unmasked",
            )
        else:
            agree(shown == (old, new), f"{each['title']}: {shown} instead of {(old, new)}")
    schedule = case.read("/services/qualification_change")["fees"]
    agree(sum(each["amount"] for each in schedule) == claim["due"] > 0, "another fee")
    return f"{len(kinds)} kinds, old and new; {claim['due']} fen due"


def changed(case: Case) -> str:
    claim, enterprise = case.claimed("changed"), case.read("/me/enterprise", case.first)
    for name, new in claim["new"].items():
        known = enterprise[name.removeprefix("new_")]
        agree(known == new or ("*" in known and known[0] == new[0]), f"{name} is {known} in the register")
    payment = case.payment(claim["payment"])
    agree(payment["received"] == payment["due"] == case.claimed("side_by_side")["due"], "another amount was received")
    of_kind, new_name = claim["certificates"], claim["new"]["new_name"]
    latest = {kind: case.editions(each["root"])[each["version"]] for kind, each in of_kind.items()}
    agree(len({each["issued_at"] for each in latest.values()}) == 1, "not in one go")
    for kind, each in of_kind.items():
        before = case.editions(each["root"])[each["version"] - 1]
        runs(latest[kind], *(date.fromisoformat(before[name]) for name in ("valid_from", "valid_to")))
    next_member_version(case, of_kind["member"], case.day("changed").year, new_name)
    printed = (new_name, claim["new"]["new_legal_representative"], claim["new"]["new_registered_address"])
    return two_papers(case, of_kind["qualification"], latest["qualification"], *printed)


# --- one transfer, closings -------------------------------------------------------------------------------------------


def fee_set(case: Case) -> str:
    schedule, claim = case.read("/services/qualification")["fees"], case.claimed("fee_set")
    told = [(each["amount"], each["valid_from"]) for each in schedule]
    agree(told == [(claim["amount"], case.day("fee_set").isoformat())], f"the guide says {told}")
    return f"{claim['amount']} fen from {case.day('fee_set')} on"


def three_open(case: Case) -> str:
    claim = case.claimed("three_open")
    shown = [case.about(each) for each in claim["applications"]]
    services = [each["service"]["code"] for each in shown]
    agree(len(set(services)) == len(shown) == 3, f"services {services}")  # noqa: PLR2004 - three matters, as it says
    schedules = [case.read(f"/services/{each}")["fees"] for each in services]
    due = [sum(each["amount"] for each in fees) for fees in schedules]
    agree(due == claim["due"], f"due by the schedule: {due}")
    return f"{', '.join(services)}: {sum(due)} fen"


def one_transfer(case: Case) -> str:
    claim, three = case.claimed("one_transfer"), case.claimed("three_open")
    payment = case.payment(claim["payment"])
    shares = [(each["application"], each["due"]) for each in payment["allotments"]]
    agree(shares == list(zip(three["applications"], three["due"], strict=True)), f"it pays for {shares}")
    agree(payment["received"] == payment["due"] == sum(three["due"]) == claim["total"], "another amount was received")
    for each in three["applications"]:
        confirmed = [h for h in case.about(each)["history"] if h["action"]["code"] == "confirm_payment"]
        agree([h["role"]["code"] for h in confirmed] == ["finance"], f"{each} was not confirmed once by finance")
    receipt_is_there(case, payment)
    return next_member_version(
        case, claim, case.day("one_transfer").year + 1, case.claimed("changed")["new"]["new_name"]
    )


def undone(case: Case) -> str:
    claim, three = case.claimed("undone"), case.claimed("three_open")
    payment = case.payment(claim["payment"])
    states = {each["application"]: each["status"]["code"] for each in payment["allotments"]}
    wanted = {**dict.fromkeys(three["applications"], "confirmed"), claim["application"]: "undone"}
    agree(states == wanted, f"allotments: {states}")
    share = dict(zip(three["applications"], three["due"], strict=True))[claim["application"]]
    left = case.read(f"/staff/credits/{claim['owner']}", case.staff("finance"))["balance"]
    agree(payment["credited"] == left == claim["credit"] == share, f"credit of {left} fen, of a share of {share}")
    shown = {each: case.about(each)["state"]["code"] for each in three["applications"]}
    ends = {**dict.fromkeys(three["applications"], "completed"), claim["application"]: "withdrawn"}
    agree(shown == ends, f"applications: {shown}")
    (entry,) = [h for h in case.about(claim["application"])["history"] if h["action"]["code"] == "undo_payment"] or [{}]
    agree(entry.get("reason") == claim["reason"], "another reason in the history")
    case.message("payment_undone", claim["application"])
    return f"{share} fen of it are credit; the other two are completed"


def closing(case: Case) -> str:
    """Each day's closing, added up once more from its payments and movements."""
    claim = case.claimed("closing")
    agree(claim["days"] == [case.day(step).isoformat() for step in ("partly", "one_transfer")], "other days")
    for told in claim["closings"]:
        shown = case.read(f"/staff/closing?day={told['day']}", case.staff("finance"))
        listed = case.read(f"/staff/payments?decided_on={told['day']}", case.staff("finance"))["items"]
        agree([each["id"] for each in shown["payments"]] == [each["id"] for each in listed], "other payments that day")
        received = sum(each["received"] or 0 for each in listed)
        booked = sum(a["due"] for each in listed for a in each["allotments"] if a["status"]["code"] == "confirmed")
        credit = sum(each["amount"] for each in shown["movements"])
        sums = {"day": told["day"], "received": received, "booked": booked, "credit": credit}
        agree({name: shown[name] for name in sums} == sums == told, f"added up: {sums}")
        agree(received == booked + credit, f"{received} fen came in, {booked} and {credit} are accounted for")
    return f"{len(claim['closings'])} days: what came in is booked or credit, to the fen"


def anew(case: Case) -> str:
    claim, first = case.claimed("anew"), case.day("anew")
    mine = held(case, case.first, "qualification")
    agree((mine["root"], mine["number"]) == (claim["root"], claim["number"]), "another certificate")
    agree(claim["revoked"] == case.claimed("papers")["number"] != claim["number"], "the revoked number came back")
    edition = case.editions(claim["root"])[1]
    runs(edition, first, three_years(first))
    return two_papers(case, claim, edition, case.claimed("changed")["new"]["new_name"], *printed_days(edition))


# --- invoices ---------------------------------------------------------------------------------------------------------


def invoice_asked(case: Case) -> str:
    claim = case.claimed("invoice_asked")
    invoice = case.read(f"/invoices/{claim['invoice']}", case.first)
    paid = [case.about(each)["paid"] for each in claim["applications"]]
    agree(invoice["applications"] == claim["applications"] and len(paid) > 1, "it is for something else")
    agree(invoice["amount"] == claim["amount"] == sum(paid) > 0, f"{invoice['amount']} fen, of {paid}")
    agree((invoice["title"], invoice["tax_number"]) == (claim["title"], claim["tax_number"]), "another buyer")
    agree(claim["tax_number"] == case.read("/me/enterprise", case.first)["credit_code"], "another tax number")
    again = asked_again(case, claim, claim["applications"])
    agree(set(again) == {"already_invoiced"}, f"asked for once more: {again}")
    apart = asked_again(case, claim, claim["apart"])
    agree("documents_differ" in apart, f"asked for with another kind: {apart}")
    agree(case.ask(f"/invoices/{claim['invoice']}", case.second).status_code == HTTP_404, "the second company sees it")
    return f"{invoice['document']} over {invoice['amount']} fen for {len(paid)} matters; not twice, not mixed"


def asked_again(case: Case, claim: dict[str, Any], applications: list[str]) -> list[str]:
    """What is said to the same wish once more."""
    body = {"title": claim["title"], "tax_number": claim["tax_number"], "email": "nobody@unit.example", "remarks": ""}
    answer = case.write("POST", "/invoices", case.first, {**body, "applications": applications})
    agree(answer.status_code == HTTP_409, f"HTTP {answer.status_code}")
    return [each["code"] for each in answer.json()["reasons"]]


def invoice_issued(case: Case) -> str:
    claim = case.claimed("invoice_issued")
    invoice = case.read(f"/invoices/{claim['invoice']}", case.first)
    agree((invoice["status"]["code"], invoice["number"]) == ("issued", claim["number"]), "not issued under that number")
    issued_on = datetime.fromisoformat(invoice["issued_at"]).date()
    agree(issued_on == case.day("invoice_issued"), f"issued on {issued_on}")
    kept = case.hashed_file(claim["path"], claim["sha256"])
    agree(case.link(f"/invoices/{claim['invoice']}/file", case.first) == kept, "the system gives another file")
    agree(attached_to(case, claim) == kept, "another file was mailed")
    waiting = case.read("/staff/invoices", case.staff("finance"))["items"]
    agree(not waiting, f"{len(waiting)} invoices wait")
    return f"{claim['number']} to {claim['to']}, hash-equal by mail and by link"


# --- a claim ----------------------------------------------------------------------------------------------------------


def not_found(case: Case) -> str:
    """Whichever half of the pair is wrong, a stranger is told the same, and what comes next."""
    claim, code = case.claimed("not_found"), case.claimed("own")["member_code"]
    agree(claim["name"] == case.read("/me/enterprise", case.first)["name"], "it was asked for under another name")
    agree(claim["wrong"] != code, "the code was the right one")
    pairs = ((claim["name"], claim["wrong"]), ("虚构市没有这家单位", code), ("虚构市没有这家单位", claim["wrong"]))
    answers = [
        case.write("POST", "/me/binding", case.nobody, {"name": name, "member_code": given}) for name, given in pairs
    ]
    agree({each.status_code for each in answers} == {HTTP_409}, f"HTTP {[each.status_code for each in answers]}")
    agree(len({each.text for each in answers}) == 1, "they are told apart")
    (reason,) = answers[0].json()["reasons"]
    agree(reason["code"] == "record_not_found" and "认领" in reason["next"], "the claim is not named as the next step")
    return "name, code or both wrong: one answer, and the claim as the next step"


def claimed(case: Case) -> str:
    """And a stranger who asks for this unit is answered as one who asks for a unit that does not exist."""
    claim, shown = case.claimed("claimed"), own_claim(case)
    said = {name: shown[name] for name in ("unit", "credit_code", "post", "remark")}
    agree(said == {name: claim[name] for name in said}, "another unit, or in other words")
    kept = {each["id"]: slot["slot"] for slot in shown["evidence"] for each in slot["files"]}
    agree(kept == {each["file"]: each["slot"] for each in claim["files"]}, "not the evidence of the report")
    agree(set(kept.values()) == {"licence", "authorisation"}, "licence or authorisation is not there")
    for each in claim["files"]:
        content = case.link(f"/binding-requests/{claim['request']}/evidence/{each['file']}", case.third)
        agree(content == case.hashed_file(each["path"], each["sha256"]), f"{each['slot']}: another file")
    agree(case.ask(f"/binding-requests/{claim['request']}", case.first).status_code == HTTP_404, "others see it")
    elsewhere = {**said, "unit": "虚构市没有这家单位"}
    real, none = (asked_by_a_stranger(case, each) for each in (said, elsewhere))
    agree(real == none, "whether there is such a unit can be told from the answer")
    return f"{len(kept)} files hash-equal; a unit that there is and one that there is not are answered alike"


def own_claim(case: Case) -> Any:
    return case.read(f"/binding-requests/{case.claimed('claimed')['request']}", case.third)


def asked_by_a_stranger(case: Case, wanted: dict[str, Any]) -> Any:
    """What he is answered, less what is his own alone; he takes it back."""
    who = case.login(f"stranger_{uuid4().hex[:16]}")
    case.write("PUT", "/me", who, {"name": "虚构某人", "mobile": "19900000009"})
    answer = case.write("POST", "/binding-requests", who, wanted)
    agree(answer.status_code == HTTP_201, f"HTTP {answer.status_code}")
    told = answer.json()
    agree(case.write("POST", f"/binding-requests/{told['id']}/withdraw", who, {}).ok, "it cannot be taken back")
    return {name: each for name, each in told.items() if name not in ("id", "unit", "opened_at")}


def granted(case: Case) -> str:
    claim, admin = case.claimed("granted"), case.staff("admin")
    request, mine = case.claimed("claimed")["request"], own_claim(case)
    agree(mine["status"]["code"] == "granted", f"it is {mine['status']['code']}")
    agree(datetime.fromisoformat(mine["closed_at"]).date() == case.day("granted"), "on another day")
    homes = {case.read("/me/enterprise", who)["id"] for who in (case.first, case.third)}
    agree(homes == {claim["enterprise"]}, "he represents another enterprise than his colleague")
    (told,) = case.every("/messages", case.third)
    agree(told["notice"] == "binding_granted", f"he was told {told['notice']}")
    colleague = [each["notice"] for each in case.every("/messages", case.first)]
    agree(colleague.count("new_binding") == 1, "his colleague was not told once")
    log = case.read(f"/staff/audit?subject=binding_request:{request}", admin)["items"]
    deeds = Counter(each["deed"] for each in log)
    agree(deeds["grant_binding_request"] == 1 and deeds["reveal"] and deeds["open_file"], f"the log says {dict(deeds)}")
    agree(claim["reason"] in {each["reason"] for each in log}, "another reason in the log")
    agree(not case.read("/staff/binding-requests", admin)["items"], "a claim waits")
    seen = case.ask(f"/staff/binding-requests/{request}", admin).text
    agree(not re.search(r"(?<!\d)1\d{10}(?!\d)", seen), "staff read a mobile number without asking for it")
    return f"bound to {claim['enterprise']}, told once each, {sum(deeds.values())} entries in the log"


# --- the end ----------------------------------------------------------------------------------------------------------


def revoked(case: Case) -> str:
    """And of every other paper that was kept, what it must be worth by now."""
    claim = case.claimed("revoked")
    register = case.read(f"/staff/certificates/{claim['number']}", case.staff("admin"))
    agree(register["revoked_reason"] == claim["reason"], "another reason in the register")
    lines = case.report["certificates"]
    mine = {each["number"] for each in lines if each["number"] == claim["number"]}
    agree(mine, "no paper of it was kept")
    counted = Counter(_worth_now(case, each) for each in lines)
    for number in dict.fromkeys(each["number"] for each in lines):
        latest = [each for each in lines if each["number"] == number][-1]
        found = case.read(f"/verify?number={quote(number)}")
        agree(found["standing"] == latest["standing"], f"{number}: {found['standing']} when searched for")
    return f"{claim['number']} revoked; {', '.join(f'{n} {standing}' for standing, n in sorted(counted.items()))}"


def _worth_now(case: Case, line: dict[str, Any]) -> str:
    who = case.second if line["number"] == case.claimed("second")["number"] else case.first
    root = next(each["root"] for each in case.read("/certificates", who)["items"] if each["number"] == line["number"])
    gone = line["number"] in (case.claimed("revoked")["number"], case.claimed("anew")["revoked"])
    wanted = (
        "revoked" if gone else worth(case.editions(root, who), line["version"], case.now.date(), reviews(case, line))
    )
    page = verified(case, line, wanted)
    agree(STANDINGS[wanted] in page, "the page does not say so")
    return wanted


def reviews(case: Case, line: dict[str, Any]) -> set[int] | None:
    """The years for which a qualification counts as reviewed: that of its issue, and those of its reviews."""
    if line["kind"] == MEMBER:
        return None
    if line["number"] == case.claimed("anew")["number"]:
        return {case.day("anew").year}
    return {case.day("papers").year, case.day("reviewed").year}


def worth(editions: Mapping[int, Any], ordinal: int, day: date, reviewed: set[int] | None = None) -> str:
    """What a version that nobody revoked is worth on a day, by the dates of all the versions there are then."""
    latest, own = editions[max(editions)], editions[ordinal]
    begun = [n for n, each in editions.items() if date.fromisoformat(each["valid_from"]) <= day]
    if day > date.fromisoformat(latest["valid_to"]):
        return "expired"
    if reviewed is not None and (day.month, day.day) > LAST_DAY_OF_REVIEW and day.year not in reviewed:
        return "review_overdue"
    if day < date.fromisoformat(own["valid_from"]):
        return "not_yet_valid"
    return "valid" if ordinal == max(begun) else "superseded"


def rest(case: Case) -> str:
    admin, finance, reviewer = (case.staff(name) for name in ("admin", "finance", "reviewer"))
    dead = case.read("/staff/dead-letters", admin)["items"]
    agree(not dead, f"{len(dead)} dead letters")
    agree(case.claimed("rest")["dead_letters"] == 0, "the report tells of dead letters")
    agree(not case.read("/staff/payments", finance)["items"], "a payment waits")
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


def sound_pdf(case: Case, line: dict[str, Any], *wanted: str, size: tuple[int, int] = A4_POINTS) -> str:
    pdf = case.file(line["pdf"])
    one_page_with_text(pdf, (line["number"], *wanted, line["verify_url"]), size)
    agree(code_on_page(pdf) == line["verify_url"], "the code on the page is not the address of the report")
    sealed_rightly(case, pdf)
    return "A4, fonts embedded, text and code readable, seal unbroken"


def one_page_with_text(pdf: bytes, wanted: Sequence[str], paper: tuple[int, int]) -> None:
    try:
        document = PdfReader(BytesIO(pdf))
        agree(len(document.pages) == 1, f"{len(document.pages)} pages")
        page = document.pages[0]
        size = (round(float(page.mediabox.width)), round(float(page.mediabox.height)))
        text, fonts = squeezed(page.extract_text()), dict(fonts_of(page))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise Wrong(f"the PDF cannot be read: {trouble}") from trouble
    agree(size == paper, f"the page measures {size}")
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
        with ended(pypdfium2.PdfDocument(pdf)) as document:
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
    issued, own, download, mailed, record, scanned, second, guessed,
    practitioners, too_few, out_of_date, qualifying, bring_paper, papers,
    dues_refused, dues_paid, not_yet, new_year, partly, balance, reviewed, side_by_side, changed,
    fee_set, three_open, one_transfer, undone, closing, anew, invoice_asked, invoice_issued,
    not_found, claimed, granted, revoked, rest,
)  # fmt: skip


def form_of_report(case: Case) -> str:
    for part, kind in REPORT_PARTS.items():
        agree(isinstance(case.report.get(part), kind), f"“{part}” is missing or no {kind.__name__}")
    agree(case.report["ok"] is True, "the demo itself says that it failed")
    failed = [each["name"] for each in case.report["steps"] if each["ok"] is not True]
    agree(not failed, f"failed: {failed}")
    agree(all(each["name"] and each["detail"] for each in case.report["steps"]), "a step without name or detail")
    days = [date.fromisoformat(each["day"]) for each in case.report["steps"]]
    agree(days == sorted(days) and days[-1] == case.now.date(), f"days out of order, or not up to {case.now:%Y-%m-%d}")
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
    with ended(case.line):
        agreeing = [told(check, case) for check in checks]
    return 0 if all(agreeing) else 1


def told(check: Callable[[Case], str], case: Case) -> bool:
    agrees, found = outcome(check, case)
    print(f" {'✓' if agrees else '✗'} {check.__name__:<15} {found}", flush=True)
    return agrees


if __name__ == "__main__":
    sys.exit(main())
