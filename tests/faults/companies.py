"""Companies that join all at once, as strangers: companies.py ADDRESS --phone ADDRESS --companies 50 < staff.json

It imports nothing of this project (a test holds it to that) and knows one address: which operations there are, what
each asks for and which take an Idempotency-Key is read from the OpenAPI document there. Staff come by standard input:
{"reviewer": {"name": …, "password": …, "totp_secret": …}, "finance": {…}}. Progress goes to standard error, a summary
as JSON to standard output. Exit status 0: every company holds its certificate; 1: not; 2: usage.
"""

import argparse
import hmac
import json
import sys
from base64 import b32decode
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from math import ceil
from threading import Event, Lock, Thread
from time import monotonic, sleep, time
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import uuid4
from zoneinfo import ZoneInfo

import requests

Json = dict[str, Any]
T = TypeVar("T")
SECONDS = 60  # of patience with one answer
TRIES = 60
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 5.0
DESK_PAUSE = 0.5
PAGE = 10
TOTP_STEP = 30
REFUSED, TOO_OFTEN, BROKEN, BUSY = 409, 429, 500, 503


class Unmet(Exception):  # noqa: N818 - what a company did not get
    """Something did not come about, or was not what it should have been."""


class Refused(Exception):  # noqa: N818 - an answer of the server
    """A refusal that only something else can turn: its reasons, each with the next step."""

    def __init__(self, operation: str, answer: requests.Response) -> None:
        self.status = answer.status_code
        try:
            self.codes = [str(reason["code"]) for reason in answer.json()["reasons"]]
        except (ValueError, KeyError, TypeError):
            self.codes = ["no problem details"]
        super().__init__(f"{operation}: HTTP {self.status} {self.codes}")


# --- the API, as its document describes it ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str
    in_query: tuple[str, ...]
    takes_key: bool
    body: Json | None  # the schema of what it takes


@dataclass(frozen=True)
class Api:
    base: str
    operations: dict[str, Operation]

    @classmethod
    def read(cls, base: str) -> "Api":
        document = direct().get(f"{base}/openapi.json", timeout=SECONDS).json()
        found = (
            cls._operation(document, method, path, said)
            for path, methods in document["paths"].items()
            for method, said in methods.items()
        )
        return cls(base, {each.name: each for each in found})

    @staticmethod
    def _operation(document: Json, method: str, path: str, said: Json) -> Operation:
        parameters = [referred(document, each) for each in said.get("parameters", ())]
        content = said.get("requestBody", {}).get("content", {}).get("application/json")
        return Operation(
            said["operationId"], method.upper(), path,
            tuple(each["name"] for each in parameters if each["in"] == "query"),
            any((each["in"], each["name"]) == ("header", "Idempotency-Key") for each in parameters),
            referred(document, content["schema"]) if content else None,
        )  # fmt: skip


def referred(document: Json, said: Json) -> Json:
    """What a $ref of the document leads to."""
    if "$ref" not in said:
        return said
    found = document
    for part in said["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found


def filled(schema: Json, known: Json) -> Json:
    """A body with everything that is asked for and known. Raises Unmet when something required is not known."""
    if missing := set(schema.get("required", ())) - set(known):
        raise Unmet(f"the document asks for {sorted(missing)}, and nobody here knows it")
    return {name: known[name] for name in schema.get("properties", {}) if name in known}


# --- whoever calls it -------------------------------------------------------------------------------------------------


@dataclass
class Meter:
    """How long the answers took, per operation, and how often there was another than the wanted one."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    others: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def took(self, operation: str, seconds: float) -> None:
        with self.lock:
            self.taken[operation].append(seconds)

    def met(self, what: str) -> None:
        with self.lock:
            self.others[what] += 1

    def operations(self) -> Json:
        return {name: timing(taken) for name, taken in sorted(self.taken.items())}


def timing(taken: list[float]) -> Json:
    """In milliseconds; a percentile is the smallest value that so many do not exceed."""
    ordered = sorted(taken)
    p50, p95 = (round(ordered[ceil(share * len(ordered)) - 1] * 1000) for share in (0.5, 0.95))
    return {"count": len(ordered), "p50_ms": p50, "p95_ms": p95}


def direct() -> requests.Session:
    """Through nobody's proxy, whatever the environment says."""
    line = requests.Session()
    line.trust_env = False
    return line


@dataclass
class Caller:
    """``until``: when to give up, by the monotonic clock."""

    api: Api
    meter: Meter
    until: float
    token: str = ""
    line: requests.Session = field(default_factory=direct)

    def do(self, operation: str, **known: Any) -> Any:
        """One operation, out of what is known. Raises Refused, Unmet.

        Who hears nothing, or that it is too busy, asks again under the same key: that may not do it twice.
        """
        wanted = self.api.operations[operation]
        told = {"json": filled(wanted.body, known)} if wanted.body else {}
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if wanted.takes_key:
            headers["Idempotency-Key"] = str(uuid4())
        query = {name: known[name] for name in wanted.in_query if known.get(name) is not None}
        address = self.api.base + wanted.path.format(**{name: quote(str(each), "") for name, each in known.items()})
        answer = self.patiently(operation, wanted.method, address, headers=headers, params=query, **told)
        return answer.json() if answer.content else None

    def patiently(self, operation: str, method: str, address: str, **more: Any) -> requests.Response:
        """Bounded by the number of tries and by the time there is. Raises Refused, Unmet."""
        for pause in pauses():
            if monotonic() > self.until:
                break
            answer = self._once(operation, method, address, **more)
            if answer is not None and answer.status_code not in (TOO_OFTEN, BUSY) and answer.status_code < BROKEN:
                if answer.ok:
                    return answer
                self.meter.met(f"{operation} {answer.status_code}")
                raise Refused(operation, answer)
            said = answer.headers.get("Retry-After", "") if answer is not None else ""
            sleep(min(float(said), LONGEST_PAUSE) if said.isdecimal() else pause)
        raise Unmet(f"{operation}: no answer that could stand, in time")

    def _once(self, operation: str, method: str, address: str, **more: Any) -> requests.Response | None:
        began = monotonic()
        try:
            answer = self.line.request(method, address, timeout=SECONDS, allow_redirects=False, **more)
        except requests.RequestException as lost:
            self.meter.met(f"{operation} {type(lost).__name__}")
            return None
        self.meter.took(operation, monotonic() - began)
        if answer.status_code in (TOO_OFTEN, BUSY) or answer.status_code >= BROKEN:
            self.meter.met(f"{operation} {answer.status_code}")
        return answer

    def eventually(self, what: str, look: Callable[[], T | None]) -> T:
        """What others, or the system by itself, bring about. Raises Unmet when time is up."""
        for pause in pauses(10**6):
            if (found := look()) is not None:
                return found
            if monotonic() > self.until:
                break
            sleep(pause)
        raise Unmet(f"{what}: not in time")

    def accepted(self, what: str, ask: Callable[[], T]) -> T:
        """Asked anew as long as the answer is 409: others were quicker, or something is not there yet."""

        def again() -> T | None:
            try:
                return ask()
            except Refused as refused:
                if refused.status != REFUSED:
                    raise
                return None

        return self.eventually(what, again)


def pauses(tries: int = TRIES) -> Iterator[float]:
    for number in range(tries):
        yield min(FIRST_PAUSE * 1.5 ** min(number, 50), LONGEST_PAUSE)


# --- a company --------------------------------------------------------------------------------------------------------

FAMILY, GIVEN = "赵钱孙李周吴郑王冯陈", "甲乙丙丁戊己庚辛壬癸"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015


@dataclass(frozen=True)
class Company:
    """Made up, each n another; their credit codes lie in a division that does not exist."""

    n: int

    @property
    def person(self) -> str:
        return FAMILY[self.n // 100 % 10] + GIVEN[self.n // 10 % 10] + GIVEN[self.n % 10]

    @property
    def mail(self) -> str:
        return f"office{self.n}@load.example"

    @property
    def mobile(self) -> str:
        return f"1990001{self.n:04}"

    @property
    def credit_code(self) -> str:
        first = f"91449999DEML{self.n:05}"
        total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(first))
        return first + ALPHABET[-total % 31]

    @property
    def facts(self) -> Json:
        """What it can write into a form, by the names of the fields."""
        return {
            "name": f"虚构市第{self.n}号有害生物防制有限公司", "credit_code": self.credit_code,
            "legal_representative": self.person, "capital": "500万元人民币",
            "registered_address": f"虚构市样板区并发路 {self.n} 号", "office_address": f"虚构市并发路 {self.n} 号",
            "founded_on": "2015-06-01", "business_scope": "有害生物防制服务；消毒服务（虚构）",
            "contact_name": self.person, "contact_mobile": self.mobile, "contact_email": self.mail,
            "contact_post": "总经理",
        }  # fmt: skip

    def paper(self, title: str) -> bytes:
        """One page as PDF, written by hand; no two are alike."""
        text = f"BT /F1 14 Tf 60 760 Td (Made up: {title}, company {self.n}) Tj ET".encode()
        parts = (
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        )
        return written(parts)


def written(parts: tuple[bytes, ...]) -> bytes:
    pdf, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(b"%010d 00000 n \n" % len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(parts) + 1, b"".join(places))
    return pdf + table + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(pdf))


@dataclass
class Joining:
    """One company on its way, from the first login to the certificate in its mail."""

    company: Company
    caller: Caller
    phone: str
    application: str = ""

    def go(self) -> Json:
        """What it holds in the end. Raises Refused, Unmet."""
        self.log_in()
        self.write_down()
        self.hand_in()
        self.caller.accepted("submitting", lambda: self.caller.do("submit", application=self.application))
        self.pay(self.wait_for("to_be_paid"))
        return self.held(self.wait_for("completed"))

    def log_in(self) -> None:
        told = {"name": f"load_{self.company.n}"}
        code = self.caller.patiently("phone", "POST", f"{self.phone}/stand-in/codes", json=told).json()["code"]
        self.caller.token = self.caller.do("log_in", code=code)["token"]
        self.caller.do("save_profile", name=self.company.person, mobile=self.company.mobile)

    def write_down(self) -> None:
        planned = self.caller.do("plan")["items"]
        if not any(each["open"] and each["service"]["code"] == "join" for each in planned):
            raise Unmet("joining is not open")
        fields = self.caller.do("service", code="join")["fields"]
        opened = self.caller.do("open_application", service="join")
        self.application = opened["id"]
        form = {each["name"]: self.answer(each) for each in fields}
        self.caller.accepted("the draft", lambda: self._saved(form))

    def _saved(self, form: Json) -> Any:
        return self.caller.do("save_draft", application=self.application, version=self.now()["version"], form=form)

    def answer(self, asked: Json) -> str:
        return str(self.company.facts.get(asked["name"]) or (asked["options"] or ["无"])[0])

    def now(self) -> Any:
        return self.caller.do("one_application", application=self.application)

    def hand_in(self) -> None:
        """A paper into every slot that wants one now; then waits until all have been checked."""
        for slot in self.now()["slots"]:
            if slot["open"] and not slot["optional"] and not slot["files"]:
                self._upload(slot["slot"])
        files = self.caller.eventually("the check of the files", self._checked)
        if wrong := [each["reasons"] for each in files if each["status"]["code"] != "accepted"]:
            raise Unmet(f"a file was refused: {wrong}")

    def _upload(self, slot: str) -> None:
        name = f"{slot}.pdf"
        room = self.caller.do("request_upload", application=self.application, slot=slot, file_name=name)
        fields = {**{key: (None, value) for key, value in room["fields"].items()}}
        files = {**fields, "file": (name, self.company.paper(slot), "application/pdf")}
        self.caller.patiently("upload to the bucket", "POST", room["url"], files=files)

    def _checked(self) -> list[Any] | None:
        files = [each for slot in self.now()["slots"] for each in slot["files"]]
        return None if any(each["status"]["code"] == "waiting" for each in files) else files

    def pay(self, seen: Json) -> None:
        self.hand_in()
        known = {
            "applications": [self.application], "method": "transfer", "amount": seen["amount_due"],
            "payer": self.company.facts["name"], "bank_serial": f"LOAD-{self.company.n}",
            "paid_on": datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat(),
        }  # fmt: skip
        self.caller.accepted("paying", lambda: self.caller.do("pay", **known))

    def wait_for(self, state: str) -> Any:
        def look() -> Any:
            seen = self.now()
            return seen if seen["state"]["code"] == state else None

        return self.caller.eventually(state, look)

    def held(self, seen: Json) -> Json:
        (line,) = self.caller.do("my_certificates")["items"]
        self.caller.do("mail_certificate", root=line["root"], to=self.company.mail)
        registered = self.caller.do("one_certificate", root=line["root"])["editions"][-1]["papers"][0]["file_sha256"]
        if sha256(self._pdf(line["root"])).hexdigest() != registered:
            raise Unmet("the file is not the one in the register")
        self._verify(line)
        return {
            "company": self.company.n, "holder": self.company.facts["name"], "application": self.application,
            "number": line["number"], "root": line["root"], "verify_path": line["verify_path"],
            "file_sha256": registered, "mail": self.company.mail, "history": len(seen["history"]),
        }  # fmt: skip

    def _pdf(self, root: str) -> bytes:
        address = f"{self.caller.api.base}{self.caller.api.operations['download'].path.format(root=root)}"
        headers = {"Authorization": f"Bearer {self.caller.token}"}
        answer = self.caller.patiently("download", "GET", address, headers=headers)
        link = answer.headers.get("Location") or answer.json()["url"]
        return self.caller.patiently("download from the bucket", "GET", link).content

    def _verify(self, line: Json) -> None:
        """As a stranger who has scanned the code."""
        address = self.caller.api.base + line["verify_path"]
        found = self.caller.patiently("verify", "GET", address, headers={"Accept": "application/json"}).json()
        if (found["number"], found["holder"], found["standing"]) != (line["number"], line["holder"], "valid"):
            raise Unmet(f"the page of {line['number']} says {found['number']}, {found['standing']}")


# --- the staff --------------------------------------------------------------------------------------------------------


@dataclass
class Desk:
    """Works its queue off, page by page, as long as somebody may still come."""

    caller: Caller
    queue: str
    asked: Json
    settle: Callable[[Caller, Json], None]

    def sit(self, over: Event) -> None:
        while not over.wait(DESK_PAUSE):
            for line in self._lines():
                try:
                    self.settle(self.caller, line)
                except Refused as refused:
                    if refused.status != REFUSED:
                        raise

    def _lines(self) -> Iterator[Json]:
        cursor = None
        while True:
            page = self.caller.do(self.queue, limit=PAGE, cursor=cursor, **self.asked)
            yield from page["items"]
            if (cursor := page.get("next")) is None:
                return


def approves(caller: Caller, line: Json) -> None:
    seen = caller.do("application_for_staff", application=line["id"])
    if seen["state"]["code"] == "in_review":  # a queue may lag behind
        caller.do("approve", application=line["id"], version=seen["version"])


def confirms(caller: Caller, line: Json) -> None:
    caller.do("confirm_payment", payment=line["id"], version=line["version"], received=line["due"])


def one_time_code(secret: str) -> str:
    """TOTP (RFC 6238) with SHA-1, six digits, 30 seconds."""
    key = b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, (int(time()) // TOTP_STEP).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0xF
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


# --- all of them ------------------------------------------------------------------------------------------------------


@dataclass
class Crowd:
    api: Api
    phone: str
    until: float
    meter: Meter = field(default_factory=Meter)
    held: list[Json] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    def join(self, companies: int, staff: Json) -> None:
        desks = (
            Desk(self.signed_in(staff["reviewer"]), "queue", {"state": "in_review"}, approves),
            Desk(self.signed_in(staff["finance"]), "payments_to_check", {}, confirms),
        )
        at_desks = [Thread(target=self._noted, args=(desk.queue, desk.sit, self.over)) for desk in desks]
        joining = [Thread(target=self._company, args=(Company(n), companies)) for n in range(1, companies + 1)]
        for thread in (*at_desks, *joining):
            thread.start()
        for thread in joining:
            thread.join()
        self.over.set()
        for thread in at_desks:
            thread.join()

    def signed_in(self, staff: Json) -> Caller:
        caller = Caller(self.api, self.meter, self.until)
        caller.token = caller.do("sign_in", **staff, code=one_time_code(staff["totp_secret"]))["token"]
        return caller

    def _company(self, company: Company, companies: int) -> None:
        way = Joining(company, Caller(self.api, self.meter, self.until), self.phone)
        self._noted(f"company {company.n}", lambda: self.held.append(way.go()))
        sys.stderr.write(f"{len(self.held)} of {companies}\n")
        sys.stderr.flush()

    def _noted(self, who: str, do: Callable[..., None], *given: Any) -> None:
        """Whatever goes wrong with one of them, the others go on."""
        try:
            do(*given)
        except Exception as trouble:  # noqa: BLE001 - it is told in the summary
            self.troubles.append(f"{who}: {type(trouble).__name__}: {trouble}")

    def summary(self, companies: int, seconds: float) -> Json:
        return {
            "companies": companies, "joined": len(self.held), "seconds": round(seconds, 1), "troubles": self.troubles,
            "held": sorted(self.held, key=lambda each: each["company"]),
            "others": dict(sorted(self.meter.others.items())), "operations": self.meter.operations(),
        }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", help="of the service")
    parser.add_argument("--phone", required=True, help="address of the stand-in for WeChat, which hands out codes")
    parser.add_argument("--companies", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=900, help="when to give up (default: %(default)s)")
    chosen = parser.parse_args()
    staff, began = json.load(sys.stdin), monotonic()
    crowd = Crowd(Api.read(chosen.address), chosen.phone, began + chosen.seconds)
    crowd.join(chosen.companies, staff)
    json.dump(crowd.summary(chosen.companies, monotonic() - began), sys.stdout, ensure_ascii=False, indent=1)
    return 0 if len(crowd.held) == chosen.companies and not crowd.troubles else 1


if __name__ == "__main__":
    sys.exit(main())
