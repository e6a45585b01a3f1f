"""认领 before staff: what waits, the evidence beside the register, granting it or not."""

from chalicelib.handlers.calls import Call
from chalicelib.handlers.cursors import Bookmark, paged
from chalicelib.handlers.desks import STAFF
from chalicelib.handlers.schemas.applications import FileLink
from chalicelib.handlers.schemas.base import Paging
from chalicelib.handlers.schemas.binding_requests import (
    BindingRequestForStaff,
    BindingRequestLine,
    BindingRequests,
    Granting,
    Refusing,
)
from chalicelib.handlers.schemas.certificates import Reasoned
from chalicelib.operations import granting, materials
from chalicelib.rules.vocabulary import Role

ADMIN = (Role.ADMIN,)
READERS = (Role.REVIEWER, Role.ADMIN)


@STAFF.reads("/staff/binding-requests", "待核实的认领，最早的在前", BindingRequests, asks=Paging, roles=READERS)
def waiting_binding_requests(call: Call, paging: Paging) -> BindingRequests:
    mark = Bookmark(call.ports, "binding_requests", call.actor.id)
    page, following = paged(mark, paging, lambda asked: granting.waiting(call.ports, asked))
    return BindingRequests(items=[BindingRequestLine.of(each) for each in page.items], next=following)


@STAFF.reads(
    "/staff/binding-requests/{request}", "认领详情：证明材料，和按信用代码、名称找到的会员单位", BindingRequestForStaff,
    roles=READERS,
)  # fmt: skip
def binding_request_for_staff(call: Call, request: str) -> BindingRequestForStaff:
    return before_staff(call, request)


@STAFF.reads("/staff/binding-requests/{request}/evidence/{evidence}", "打开证明材料，记入审计", FileLink, roles=READERS)
def open_evidence_for_staff(call: Call, request: str, evidence: str) -> FileLink:
    url = granting.evidence_link(call.ports, call.actor, request, evidence)
    return FileLink(url=url, expires_in=materials.windows(call.ports).link_seconds)


@STAFF.writes(
    "POST", "/staff/binding-requests/{request}/reveal", "查看申请人的姓名、手机和说明，写明理由，记入审计",
    BindingRequestForStaff, takes=Reasoned, roles=READERS,
)  # fmt: skip
def reveal_binding_request(call: Call, reasoned: Reasoned, request: str) -> BindingRequestForStaff:
    opened = granting.reveal(call.ports, call.actor, request, reasoned.reason)
    return BindingRequestForStaff.whole(granting.looked_at(call.ports, request), opened)


@STAFF.writes(
    "POST", "/staff/binding-requests/{request}/grant", "核实通过：绑定到所填会员编码的单位，写明核对了什么",
    BindingRequestForStaff, takes=Granting, roles=ADMIN,
    description="通知申请人和该单位其他已绑定的人。申请人已自行绑定的，认领随之结束，回答 409。",
)  # fmt: skip
def grant_binding_request(call: Call, said: Granting, request: str) -> BindingRequestForStaff:
    granting.grant(call.ports, call.order, request, said.version, said.member_code, said.reason)
    return before_staff(call, request)


@STAFF.writes(
    "POST", "/staff/binding-requests/{request}/refuse", "不予通过，写明理由；理由原样通知申请人",
    BindingRequestForStaff, takes=Refusing, roles=ADMIN,
    description="理由中不要提及该单位是否已录入平台，也不要提及会员编码和登记的内容。",
)  # fmt: skip
def refuse_binding_request(call: Call, said: Refusing, request: str) -> BindingRequestForStaff:
    granting.refuse(call.ports, call.order, request, said.version, said.reason)
    return before_staff(call, request)


def before_staff(call: Call, request: str) -> BindingRequestForStaff:
    return BindingRequestForStaff.whole(granting.looked_at(call.ports, request))
