"""Staff: their sessions, the queue and the applications in it."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.handlers.schemas.applications import ApplicationLine, ApplicationWhole, EntryShown
from chalicelib.handlers.schemas.base import (
    Code,
    Incoming,
    Instant,
    Named,
    Outgoing,
    PageOf,
    Paging,
    ReasonShown,
    Seen,
    Why,
)
from chalicelib.handlers.schemas.people import EnterpriseShown
from chalicelib.rules.records import MaterialVerdict
from chalicelib.rules.verdicts import LONGEST_VERDICT
from chalicelib.rules.vocabulary import Actor, State

MOST_JUDGED = 100  # more than any service has slots, with everyone's own


class StaffLogin(Incoming):
    name: Annotated[str, Field(min_length=1, max_length=40, description="用户名")]
    password: Annotated[str, Field(min_length=1, max_length=256)]
    code: Annotated[str, Field(min_length=1, max_length=16, description="动态口令")]


class StaffMe(Outgoing):
    name: str
    roles: list[Named]

    @classmethod
    def of(cls, actor: Actor) -> Self:
        return cls(name=actor.id, roles=Named.all(actor.roles))


class StaffSession(Outgoing):
    token: Annotated[str, Field(description="放在 Authorization: Bearer 请求头中")]
    expires_at: Instant
    me: StaffMe


# --- applications -----------------------------------------------------------------------------------------------------


class QueueAsked(Paging):
    state: Annotated[State, Field(description="默认待审核")] = State.IN_REVIEW


class QueueLine(ApplicationLine):
    held_by: Annotated[list[ReasonShown], Field(description="费用已核、尚不能制证的原因")]


class Queue(PageOf[QueueLine]):
    """The queue of a state, longest waiting first."""


class EntryForStaff(EntryShown):
    actor: Annotated[str, Field(description="经办人；申请人为其用户编号")]


class ApplicationForStaff(ApplicationWhole):
    applicant: Annotated[str, Field(description="申请人的用户编号")]
    former_member: Annotated[
        EnterpriseShown | None, Field(description="入会申请：该单位曾是会员的，会员资格终止时的登记信息和终止的理由")
    ]
    history: list[EntryForStaff]


class Reviewed(Incoming):
    version: Seen
    reason: Why = ""


class Judged(Incoming):
    """One material's verdict."""

    slot: Annotated[Code, Field(description="资料代码", examples=["licence"])]
    person: Annotated[Code | None, Field(description="每人一份的资料：哪一位")] = None
    accepted: Annotated[bool, Field(description="true 通过，无须更换；false 未通过，须更换")]
    reason: Annotated[
        str, Field(max_length=LONGEST_VERDICT, description="未通过的必须写明原因", examples=["公章不清晰"])
    ] = ""

    @property
    def verdict(self) -> MaterialVerdict:
        return MaterialVerdict(self.slot, self.accepted, self.reason, self.person)


class Returned(Reviewed):
    materials: Annotated[
        list[Judged], Field(max_length=MOST_JUDGED, description="逐项审核结论，可不写；只有未通过的须更换")
    ] = Field(default_factory=list)
