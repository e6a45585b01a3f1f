"""认领 by members: asking for it, bringing evidence, handing it in, taking it back."""

from chalicelib.handlers.applying import HOW_TO_UPLOAD
from chalicelib.handlers.calls import Answer, Call, created
from chalicelib.handlers.cursors import Bookmark, paged
from chalicelib.handlers.desks import MEMBERS
from chalicelib.handlers.schemas.applications import FileLink, UploadShown
from chalicelib.handlers.schemas.base import Paging
from chalicelib.handlers.schemas.binding_requests import (
    BindingRequestLine,
    BindingRequests,
    BindingRequestShown,
    HandedIn,
    NewBindingRequest,
    NewEvidence,
)
from chalicelib.operations import binding_requests, materials
from chalicelib.rules.binding_requests import missing
from chalicelib.rules.records import RequestStatus

HOW_TO_BRING = HOW_TO_UPLOAD.replace("读取业务详情", "读取认领详情")


@MEMBERS.writes(
    "POST", "/binding-requests", "认领：找不到数据时，凭证明材料申请绑定", BindingRequestShown, takes=NewBindingRequest,
    status=201,
    description="无论单位是否已录入平台，回答都相同。同一时间只能有一项认领；随后上传证明材料，再提交。",
)  # fmt: skip
def ask_for_binding(call: Call, wanted: NewBindingRequest) -> Answer:
    request = binding_requests.ask(call.ports, call.order, wanted.asked)
    return created(own_request(call, request), f"/binding-requests/{request}")


@MEMBERS.reads("/binding-requests", "我的认领，最新的在前", BindingRequests, asks=Paging)
def my_binding_requests(call: Call, paging: Paging) -> BindingRequests:
    mark = Bookmark(call.ports, "my_binding_requests", call.actor.id)
    page, following = paged(mark, paging, lambda asked: binding_requests.mine(call.ports, call.actor, asked))
    return BindingRequests(items=[BindingRequestLine.of(each) for each in page.items], next=following)


@MEMBERS.reads("/binding-requests/{request}", "认领详情", BindingRequestShown)
def one_binding_request(call: Call, request: str) -> BindingRequestShown:
    return own_request(call, request)


@MEMBERS.writes(
    "POST", "/binding-requests/{request}/evidence", "取得证明材料的上传地址（提交之前）", UploadShown,
    takes=NewEvidence, status=201,
)  # fmt: skip
def upload_evidence(call: Call, wanted: NewEvidence, request: str) -> Answer:
    file = binding_requests.request_upload(call.ports, call.order, request, wanted.slot, wanted.file_name)
    shown = UploadShown.of(file, materials.upload_form(call.ports, file), HOW_TO_BRING)
    return created(shown, f"/binding-requests/{request}/evidence/{file}")


@MEMBERS.reads("/binding-requests/{request}/evidence/{evidence}", "打开已接收的证明材料", FileLink)
def open_evidence(call: Call, request: str, evidence: str) -> FileLink:
    found = binding_requests.evidence_of(binding_requests.own(call.ports, call.actor, request), evidence)
    return FileLink(
        url=materials.link_to(call.ports, found), expires_in=materials.windows(call.ports).link_seconds
    )  # fmt: skip


@MEMBERS.writes(
    "DELETE", "/binding-requests/{request}/evidence/{evidence}", "删除证明材料（提交之前）", BindingRequestShown
)
def remove_evidence(call: Call, request: str, evidence: str) -> BindingRequestShown:
    return own_request(call, binding_requests.remove_evidence(call.ports, call.order, request, evidence))


@MEMBERS.writes(
    "POST", "/binding-requests/{request}/submit", "提交认领，由工作人员核实", BindingRequestShown, takes=HandedIn
)
def submit_binding_request(call: Call, said: HandedIn, request: str) -> BindingRequestShown:
    return own_request(call, binding_requests.submit(call.ports, call.order, request, said.version))


@MEMBERS.writes("POST", "/binding-requests/{request}/withdraw", "撤回认领，证明材料随之删除", BindingRequestShown)
def withdraw_binding_request(call: Call, request: str) -> BindingRequestShown:
    return own_request(call, binding_requests.withdraw(call.ports, call.order, request))


def own_request(call: Call, request: str) -> BindingRequestShown:
    folder = binding_requests.opened(call.ports, binding_requests.own(call.ports, call.actor, request))
    collecting = folder.request.status is RequestStatus.COLLECTING
    return BindingRequestShown.own(folder, missing(folder.files) if collecting else ())
