"""Applications before staff: the queue, the files, approval, return, refusal, and personal values for a reason."""

from chalicelib.handlers import showing
from chalicelib.handlers.calls import Call
from chalicelib.handlers.cursors import Bookmark, paged
from chalicelib.handlers.desks import STAFF
from chalicelib.handlers.schemas.applications import FileLink
from chalicelib.handlers.schemas.certificates import Reasoned
from chalicelib.handlers.schemas.staff import ApplicationForStaff, Queue, QueueAsked, Returned, Reviewed
from chalicelib.operations import applications, materials
from chalicelib.rules.records import MaterialVerdict
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import STAFF_ROLES, Action, Role, plain


def who_may(action: Action) -> tuple[Role, ...]:
    """The staff whom the table gives this action in any service."""
    found = {role for row in TABLE.values() for step in row.steps if step.action is action for role in step.who}
    return tuple(role for role in STAFF_ROLES if role in found)


@STAFF.reads("/staff/applications", "待办队列，等候最久的在前", Queue, asks=QueueAsked)
def queue(call: Call, asked: QueueAsked) -> Queue:
    mark = Bookmark(call.ports, f"queue#{asked.state}", call.actor.id)
    page, following = paged(mark, asked, lambda where: applications.queue(call.ports, asked.state, where))
    return Queue(items=[showing.queue_line(each) for each in page.items], next=following)


@STAFF.reads("/staff/applications/{application}", "业务详情（个人信息已遮蔽）", ApplicationForStaff)
def application_for_staff(call: Call, application: str) -> ApplicationForStaff:
    return entry(call, application)


@STAFF.reads("/staff/applications/{application}/files/{file}", "打开已接收的文件", FileLink)
def open_file_for_staff(call: Call, application: str, file: str) -> FileLink:
    folder = applications.folder_for(call.ports, call.actor, application)
    url = materials.link(call.ports, folder, file, call.actor)
    return FileLink(url=url, expires_in=materials.windows(call.ports).link_seconds)


@STAFF.writes(
    "POST", "/staff/applications/{application}/approve", "审核通过", ApplicationForStaff, takes=Reviewed,
    roles=who_may(Action.APPROVE),
)  # fmt: skip
def approve(call: Call, review: Reviewed, application: str) -> ApplicationForStaff:
    return acted(call, application, Action.APPROVE, review)


@STAFF.writes(
    "POST", "/staff/applications/{application}/return", "打回，写明理由，可逐项写明哪些资料须更换", ApplicationForStaff,
    takes=Returned, roles=who_may(Action.RETURN),
)  # fmt: skip
def send_to_draft(call: Call, returned: Returned, application: str) -> ApplicationForStaff:
    verdicts = tuple(each.verdict for each in returned.materials)
    return acted(call, application, Action.RETURN, returned, verdicts)


@STAFF.writes(
    "POST", "/staff/applications/{application}/reject", "拒绝，写明理由", ApplicationForStaff, takes=Reviewed,
    roles=who_may(Action.REJECT),
)  # fmt: skip
def reject(call: Call, review: Reviewed, application: str) -> ApplicationForStaff:
    return acted(call, application, Action.REJECT, review)


@STAFF.writes(
    "POST", "/staff/applications/{application}/send-back", "制证退回，写明理由", ApplicationForStaff, takes=Reviewed,
    roles=who_may(Action.SEND_BACK),
)  # fmt: skip
def send_back(call: Call, review: Reviewed, application: str) -> ApplicationForStaff:
    return acted(call, application, Action.SEND_BACK, review)


@STAFF.writes(
    "POST", "/staff/applications/{application}/note-paper", "登记已收纸质资料，随即制证", ApplicationForStaff,
    takes=Reviewed, roles=who_may(Action.NOTE_PAPER),
)  # fmt: skip
def note_paper(call: Call, review: Reviewed, application: str) -> ApplicationForStaff:
    return acted(call, application, Action.NOTE_PAPER, review)


def acted(
    call: Call, application: str, action: Action, review: Reviewed, verdicts: tuple[MaterialVerdict, ...] = ()
) -> ApplicationForStaff:
    seen, reason = review.version, review.reason
    return entry(call, applications.act(call.ports, call.order, application, action, seen, reason, verdicts))


def entry(call: Call, application: str) -> ApplicationForStaff:
    folder = applications.folder_for(call.ports, call.actor, application)
    return showing.for_staff(folder, applications.beside_for_staff(call.ports, folder), call.actor)


@STAFF.writes(
    "POST", "/staff/applications/{application}/reveal", "查看个人信息明文，写明理由，记入审计", ApplicationForStaff,
    takes=Reasoned,
)  # fmt: skip
def reveal(call: Call, reasoned: Reasoned, application: str) -> ApplicationForStaff:
    folder = applications.reveal(call.ports, call.actor, application, reasoned.reason)
    beside = applications.beside_for_staff(call.ports, folder).opened(call.ports)
    return showing.for_staff(folder, beside, call.actor, plain)
