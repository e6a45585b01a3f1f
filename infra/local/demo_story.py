"""Who takes part in the demo, what they hold, and what becomes known as the story goes on. Everybody is made up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from time import monotonic, sleep
from typing import Any, TypeVar

from infra.local.clock import SHANGHAI, Movable
from infra.local.demo_people import Caller, Member, Staff
from infra.local.demo_report import Record, Unmet, require
from infra.local.system import System
from infra.local.units import Unit

PATIENCE = 30  # seconds for what the system does by itself
PAUSE = 0.2
LEFT_ALONE = "certifier"  # signs in on no late day of the story, so that the checker can, with a code of his own
BEGINS = (11, 10)  # the story's first day, in the first year that has it still to come
MORNING = time(9, 30)
CONSENTED = ("returned", "payment_refused", "completed")

T = TypeVar("T")


FIRST = Unit(1, "虚构市洁康有害生物防制有限公司", "陈甲一")
SECOND = Unit(2, "虚构市安居消毒服务有限公司", "李乙二")


@dataclass
class Story:
    """What is empty is not known yet: a step that needs it fails by itself when an earlier one has."""

    record: Record
    visitor: Caller
    first: Member
    second: Member
    third: Member
    system: System
    clock: Movable
    year: int
    staff: dict[str, Staff] = field(default_factory=dict)
    application: str = ""
    root: str = ""
    number: str = ""
    second_number: str = ""
    version: int = 0
    due: int = 0
    people: tuple[str, ...] = ()
    out_of_date: str = ""
    qualification: str = ""
    qualification_number: str = ""
    matters: tuple[str, ...] = ()
    payment: str = ""

    @classmethod
    def begun(cls, system: System, record: Record) -> "Story":
        chen, li, qian = (Member(system.url, name=name, wechat=system.wechat.url) for name in ("chen", "li", "qian"))
        record.spare_desk = vars(next(each for each in system.accounts if each.name == LEFT_ALONE))
        return cls(record, Caller(system.url), chen, li, qian, system, system.clock, first_year(system.clock.now()))

    @property
    def today(self) -> date:
        return self.clock.today()

    def goes_on(self, day: date) -> None:
        """To the morning of a later day. What was set going comes to rest before; sessions have ended after it."""
        at = datetime.combine(day, MORNING, SHANGHAI)
        if day == self.today and self.clock.now() > at:
            return
        require(self.system.pumps.settle(), "what was set going does not come to rest")
        self.clock.set_forward(at)
        self.system.pumps.settle()  # what runs by the clock
        self.staff.clear()
        for member in (self.first, self.second, self.third):
            if member.token:
                member.log_in()

    def note(self, step: str, **evidence: Any) -> None:
        self.record.evidence.setdefault(step, {}).update(evidence)

    def at_desk(self, name: str) -> Staff:
        """The member of staff, signed in: with password and one-time code at the first time."""
        if name not in self.staff:
            account = next(each for each in self.system.accounts if each.name == name)
            person = Staff(self.system.url, name=name)
            person.sign_in(account.password, account.totp_secret, self.clock.now())
            self.staff[name], self.record.staff[name] = person, person.token or ""
        return self.staff[name]

    def mine(self) -> Any:
        """The first company's application as its applicant sees it now."""
        return self.first.get(f"/applications/{self.application}")


def first_year(now: datetime) -> int:
    return now.year if now.date() < date(now.year, *BEGINS) else now.year + 1


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
