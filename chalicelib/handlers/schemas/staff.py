"""Staff: their sessions, the queue and the applications in it."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.handlers.schemas.applications import ApplicationLine, EntryShown, SlotShown
from chalicelib.handlers.schemas.base import Incoming, Instant, Named, Outgoing, PageOf, Paging, ReasonShown, Seen, Why
from chalicelib.rules.vocabulary import Actor, State


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


class ApplicationForStaff(QueueLine):
    applicant: Annotated[str, Field(description="申请人的用户编号")]
    form: Annotated[dict[str, str], Field(description="填写的内容；个人信息已遮蔽，除非是查看明文的回答")]
    slots: list[SlotShown]
    history: list[EntryForStaff]
    actions: Annotated[list[Named], Field(description="您现在可以做的操作")]
    year: int | None
    amount_due: Annotated[int | None, Field(description="应缴金额，人民币分")]
    payment: str | None
    certificate: str | None


class Reviewed(Incoming):
    version: Seen
    reason: Why = ""
