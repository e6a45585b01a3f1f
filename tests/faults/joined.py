"""What must be there once so many companies have joined at once: a list of what is not, and the counts.

Looked for from outside (staff's queues, the mail box, what a stranger scans); only whether anything still waits in a
queue or in the outbox is looked up inside, where nobody else sees it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from functools import cached_property
from hashlib import sha256
from http import HTTPStatus
from itertools import pairwise
from typing import Any, cast

from pyhanko.keys import load_cert_from_pemder as load_cert

from chalicelib import wiring
from chalicelib.operations.by_the_clock import every
from chalicelib.rules.records import OutboxStatus
from infra.local import resources
from infra.local.check_demo import seal_holds
from infra.local.demo_holding import scanned
from infra.local.demo_people import Caller, Problem, Staff
from infra.local.demo_report import Unmet
from infra.local.system import System

UNDER_WAY = ("in_review", "to_be_paid", "payment_being_checked", "being_made")  # drafts are nobody else's business
WAY = ["submit", "approve", "pay", "confirm_payment", "issue"]
BROKEN = re.compile(r" 5(?!03)\d\d$")
MOST_ON_A_PAGE = "50"


@dataclass
class Aftermath:
    """A system that has come to rest, and what the companies said at the end."""

    running: System
    companies: int
    said: dict[str, Any]
    violations: list[str] = field(default_factory=list)

    def hold(self, holds: object, otherwise: str) -> None:
        if not holds:
            self.violations.append(otherwise)

    @cached_property
    def admin(self) -> Staff:
        account = next(each for each in self.running.accounts if each.name == "admin")
        staff = Staff(self.running.url, name=account.name)
        staff.sign_in(account.password, account.totp_secret, datetime.now(UTC))
        return staff

    @cached_property
    def stranger(self) -> Caller:
        return Caller(self.running.url)

    def listed(self, path: str, **query: str) -> list[Any]:
        return list(self._pages(path, query))

    def _pages(self, path: str, query: dict[str, str]) -> Iterator[Any]:
        asked = {**query, "limit": MOST_ON_A_PAGE}
        while True:
            page = self.admin.get(path, **asked)
            yield from page["items"]
            if page.get("next") is None:
                return
            asked["cursor"] = page["next"]

    # --- what there is

    @cached_property
    def completed(self) -> list[Any]:
        lines = self.listed("/staff/applications", state="completed")
        return [self.admin.get(f"/staff/applications/{line['id']}") for line in lines]

    @cached_property
    def certificates(self) -> dict[str, Any]:
        """By the name of the holder."""
        found = (self.admin.get(f"/staff/certificates/{each['number']}") for each in self.said["held"])
        return {each["holder"]: each for each in found}

    @cached_property
    def made(self) -> int:
        """All that bear this year's numbers, whatever became of them."""
        number, made = str(self.said["held"][0]["number"]), 0
        start = number.rpartition("-")[0]
        while self._is_known(f"{start}-{made + 1:04}"):
            made += 1
        return made

    def _is_known(self, number: str) -> bool:
        try:
            self.admin.get(f"/staff/certificates/{number}")
        except Problem as problem:
            if problem.status != HTTPStatus.NOT_FOUND:
                raise
            return False
        return True

    @cached_property
    def letters(self) -> list[tuple[str, list[bytes]]]:
        """Each mail's recipients and attachments."""
        return [letter(path.read_bytes()) for path in sorted(self.running.mailbox.directory.glob("*.eml"))]

    @cached_property
    def waiting(self) -> int:
        """Applications under way, messages in queues, promises in the outbox."""
        under_way = sum(len(self.listed("/staff/applications", state=state)) for state in UNDER_WAY)
        return under_way + len(self.listed("/staff/payments")) + still_moving(self.running)

    @cached_property
    def dead_letters(self) -> int:
        return len(self.listed("/staff/dead-letters"))


def letter(raw: bytes) -> tuple[str, list[bytes]]:
    read = message_from_bytes(raw, policy=SMTP)
    attached = [cast("bytes", part.get_payload(decode=True)) for part in cast("Any", read).iter_attachments()]
    return str(read["To"]), attached


def still_moving(running: System) -> int:
    """Messages in any queue, dead ones as well, and rows of the outbox that are not done."""
    sqs = running.emulator.client("sqs")
    counts = (
        sqs.get_queue_attributes(QueueUrl=running.emulator.names[name], AttributeNames=["All"])["Attributes"]
        for name in resources.of_kind(resources.QUEUE)
    )
    in_queues = sum(int(value) for each in counts for name, value in each.items() if name.startswith("Approximate"))
    return in_queues + len(undone(OutboxStatus.PENDING)) + len(undone(OutboxStatus.DEAD))


def undone(status: OutboxStatus) -> Sequence[str]:
    records = wiring.ports().records
    return [row.id for row in every(lambda asked: records.outbox(status, asked))]


# --- what must hold ---------------------------------------------------------------------------------------------------


def judged(case: Aftermath) -> list[str]:
    """Every violation; what cannot even be looked at is one, too."""
    for check in (nobody_was_left_out, histories, numbers, mails, all_is_at_rest):
        try:
            check(case)
        except (Problem, LookupError, ValueError) as trouble:
            case.violations.append(f"{check.__name__}: {type(trouble).__name__}: {trouble}")
    return case.violations


def nobody_was_left_out(case: Aftermath) -> None:
    case.violations.extend(case.said["troubles"])
    case.violations.extend(f"somebody heard {each}" for each in case.said["others"] if BROKEN.search(each))
    case.hold(len(case.said["held"]) == case.companies, f"{len(case.said['held'])} of {case.companies} joined")
    case.hold(len(case.completed) == case.companies, f"{len(case.completed)} applications completed")


def histories(case: Aftermath) -> None:
    for each in case.completed:
        history = each["history"]
        gapless = [entry["number"] for entry in history] == list(range(1, len(history) + 1))
        states = ["draft", *(entry["after"]["code"] for entry in history)]
        followed = [(entry["before"]["code"], entry["after"]["code"]) for entry in history] == [*pairwise(states)]
        way = [entry["action"]["code"] for entry in history]
        case.hold(gapless and followed, f"{each['id']}: its history has a gap")
        case.hold(way == WAY and states[-1] == "completed", f"{each['id']}: its way was {way}")


def numbers(case: Aftermath) -> None:
    """1 to n, each once, and none beyond; each of one application, whose holder has no other."""
    found = sorted(int(each["number"].rpartition("-")[2]) for each in case.certificates.values())
    case.hold(found == list(range(1, case.companies + 1)), f"the numbers are {found}")
    case.hold(case.made == case.companies, f"{case.made} certificates are in the register")
    belongs = {each["id"]: each["title"] for each in case.completed}
    for holder, each in case.certificates.items():
        number = each["number"]
        case.hold(belongs.get(each["application"]) == holder, f"{number} comes from another's application")
        case.hold(
            (each["standing"]["code"], each["issuance"]["code"], len(each["editions"])) == ("valid", "issued", 1),
            f"{number} is {each['standing']['code']}, {each['issuance']['code']}",
        )


def mails(case: Aftermath) -> None:
    """One to each address that was typed in, with the very file of the register, sealed, and leading to its page."""
    expected = sorted(each["mail"] for each in case.said["held"])
    case.hold(sorted(to for to, _ in case.letters) == expected, f"{len(case.letters)} mails, or to others")
    root = cast("Any", load_cert)(str(case.running.state / "authority" / "root.pem"))
    by_address = {each["mail"]: each for each in case.said["held"]}
    for to, attached in case.letters:
        if (held := by_address.get(to)) is not None:
            _attached(case, case.certificates[held["holder"]], attached, root)


def _attached(case: Aftermath, certificate: Any, attached: list[bytes], root: Any) -> None:
    number = certificate["number"]
    wanted = certificate["editions"][-1]["papers"][0]["file_sha256"]
    hashes = [sha256(pdf).hexdigest() for pdf in attached]
    case.hold(hashes == [wanted], f"{number}: the mail holds something else than the certificate")
    for pdf in attached:
        case.hold(seal_holds(pdf, root), f"{number}: the seal does not hold")
        case.hold(_leads_to(case, pdf) == (number, "valid"), f"{number}: the code leads elsewhere")


def _leads_to(case: Aftermath, pdf: bytes) -> tuple[str, str]:
    try:
        page = case.stranger.page(scanned(pdf), Accept="application/json").json()
    except Unmet as trouble:
        return str(trouble), "nowhere"
    return page["number"], page["standing"]


def all_is_at_rest(case: Aftermath) -> None:
    case.hold(case.dead_letters == 0, f"{case.dead_letters} dead letters")
    case.hold(case.waiting == 0, f"{case.waiting} things still wait")
