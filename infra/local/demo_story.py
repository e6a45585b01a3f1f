"""Who takes part in the demo, what they hold, and what becomes known as the story goes on. Everybody is made up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any, TypeVar

from chalicelib.rules.identifiers import credit_code_check
from infra.local.demo_people import Caller, Member, Staff
from infra.local.demo_report import Record, Unmet, require
from infra.local.system import System

PATIENCE = 30  # seconds for what the system does by itself
PAUSE = 0.2
# Division 449999 does not exist: no such code was ever given out.
FIRST_17 = "91449999DEMM0000{n}"
UNUSED = "certifier"  # signs in nowhere in the story, so that the checker can, with a one-time code of his own
CONSENTED = ("returned", "payment_refused", "completed")

T = TypeVar("T")


@dataclass(frozen=True)
class Unit:
    """A company that wants to join, and its first person in charge."""

    n: int
    name: str
    person: str

    @property
    def credit_code(self) -> str:
        first_17 = FIRST_17.format(n=self.n)
        return first_17 + credit_code_check(first_17)

    @property
    def mobile(self) -> str:
        return f"1990000000{self.n}"

    @property
    def form(self) -> dict[str, str]:
        """The application form as it is written in the end."""
        return {
            "name": self.name, "credit_code": self.credit_code, "kind": "企业",
            "legal_representative": self.person, "capital": "500万元人民币",
            "registered_address": f"虚构市样板区虚构路 {self.n} 号", "office_address": f"虚构市虚构路 {self.n} 号",
            "founded_on": "2015-06-01", "business_scope": "有害生物防制服务；消毒服务（虚构）",
            "contact_name": self.person, "contact_mobile": self.mobile,
            "contact_email": f"office{self.n}@unit.example", "contact_post": "总经理",
        }  # fmt: skip


FIRST = Unit(1, "虚构市洁康有害生物防制有限公司", "陈甲一")
SECOND = Unit(2, "虚构市安居消毒服务有限公司", "李乙二")


@dataclass
class Story:
    """What is empty is not known yet: a step that needs it fails by itself when an earlier one has."""

    record: Record
    visitor: Caller
    first: Member
    second: Member
    system: System
    staff: dict[str, Staff] = field(default_factory=dict)
    application: str = ""
    root: str = ""
    number: str = ""
    second_number: str = ""
    version: int = 0
    due: int = 0

    @classmethod
    def begun(cls, system: System, record: Record) -> "Story":
        chen, li = (Member(system.url, name=name, wechat=system.wechat.url) for name in ("chen", "li"))
        record.spare_desk = vars(next(each for each in system.accounts if each.name == UNUSED))
        return cls(record, Caller(system.url), chen, li, system)

    def note(self, step: str, **evidence: Any) -> None:
        self.record.evidence.setdefault(step, {}).update(evidence)

    def at_desk(self, name: str) -> Staff:
        """The member of staff, signed in: with password and one-time code at the first time."""
        if name not in self.staff:
            account = next(each for each in self.system.accounts if each.name == name)
            person = Staff(self.system.url, name=name)
            person.sign_in(account.password, account.totp_secret)
            self.staff[name], self.record.staff[name] = person, person.token or ""
        return self.staff[name]

    def mine(self) -> Any:
        """The first company's application as its applicant sees it now."""
        return self.first.get(f"/applications/{self.application}")


def state_is(shown: Any, wanted: str) -> None:
    require(shown["state"]["code"] == wanted, f"state {shown['state']['code']} instead of {wanted}")


def file_in(shown: Any, file: str) -> Any:
    """One file of an application. Raises Unmet when it is not there."""
    for slot in shown["slots"]:
        for each in slot["files"]:
            if each["id"] == file:
                return each
    raise Unmet(f"no file {file}")


def eventually(what: str, look: Callable[[], T | None]) -> T:
    """What the system brings about by itself. Raises Unmet after PATIENCE."""
    until = monotonic() + PATIENCE
    while (found := look()) is None:
        if monotonic() > until:
            raise Unmet(f"{what}: not within {PATIENCE} s")
        sleep(PAUSE)
    return found
