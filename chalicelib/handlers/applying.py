"""业务办理 by members: drafts, files, submission, and the payment that follows."""

from chalicelib.handlers import showing
from chalicelib.handlers.calls import Answer, Call, created
from chalicelib.handlers.cursors import Bookmark, paged
from chalicelib.handlers.desks import MEMBERS
from chalicelib.handlers.schemas.applications import (
    ApplicationLine,
    Applications,
    ApplicationShown,
    ChosenPersons,
    DraftChanges,
    FileLink,
    NewApplication,
    NewUpload,
    Submission,
    UploadShown,
)
from chalicelib.handlers.schemas.base import Paging
from chalicelib.handlers.schemas.payments import NewPayment, PaymentShown
from chalicelib.operations import applications, materials, payments
from chalicelib.rules.vocabulary import Action, State

HOW_TO_UPLOAD = (
    "用 POST 以 multipart/form-data 提交到 url：先原样写入 fields 中的每一项，最后一项为 file（文件内容）。"
    "返回 201 即已送达；随后读取业务详情，查看该资料的检查结果。"
)


@MEMBERS.writes("POST", "/applications", "新建业务办理（拟稿）", ApplicationShown, takes=NewApplication, status=201)
def open_application(call: Call, wanted: NewApplication) -> Answer:
    application = applications.open_draft(call.ports, call.order, wanted.service)
    return created(mine(call, application), f"/applications/{application}")


@MEMBERS.reads("/applications", "服务记录", Applications, asks=Paging)
def my_applications(call: Call, paging: Paging) -> Applications:
    mark = Bookmark(call.ports, "my_applications", call.actor.id)
    page, following = paged(mark, paging, lambda asked: applications.my_applications(call.ports, call.actor, asked))
    return Applications(items=[ApplicationLine.of(each) for each in page.items], next=following)


@MEMBERS.reads("/applications/{application}", "业务详情", ApplicationShown)
def one_application(call: Call, application: str) -> ApplicationShown:
    return mine(call, application)


@MEMBERS.writes("PATCH", "/applications/{application}", "保存拟稿", ApplicationShown, takes=DraftChanges)
def save_draft(call: Call, changes: DraftChanges, application: str) -> ApplicationShown:
    return mine(call, applications.save_draft(call.ports, call.order, application, changes.version, changes.form))


@MEMBERS.writes("PUT", "/applications/{application}/persons", "选择从业人员", ApplicationShown, takes=ChosenPersons)
def choose_persons(call: Call, chosen: ChosenPersons, application: str) -> ApplicationShown:
    persons = tuple(chosen.persons)
    return mine(call, applications.choose_persons(call.ports, call.order, application, chosen.version, persons))


@MEMBERS.writes("POST", "/applications/{application}/submit", "提交", ApplicationShown, takes=Submission)
def submit(call: Call, submission: Submission, application: str) -> ApplicationShown:
    return acted(call, application, Action.SUBMIT, submission.version)


@MEMBERS.writes("POST", "/applications/{application}/withdraw", "撤回", ApplicationShown, takes=Submission)
def withdraw(call: Call, submission: Submission, application: str) -> ApplicationShown:
    return acted(call, application, Action.WITHDRAW, submission.version)


def acted(call: Call, application: str, action: Action, seen: int | None) -> ApplicationShown:
    return mine(call, applications.act(call.ports, call.order, application, action, seen))


def mine(call: Call, application: str) -> ApplicationShown:
    folder = applications.own_opened(call.ports, call.actor, application)
    drafted = folder.application.state is State.DRAFT
    missing = applications.draft_reasons(call.ports, folder) if drafted else ()
    beside = applications.beside(call.ports, folder).opened(call.ports)
    return showing.for_its_owner(folder, beside, call.actor, missing)


# --- files ------------------------------------------------------------------------------------------------------------


@MEMBERS.writes("POST", "/uploads", "取得上传地址", UploadShown, takes=NewUpload, status=201)
def request_upload(call: Call, wanted: NewUpload) -> Answer:
    file = materials.request_upload(
        call.ports, call.order, wanted.application, wanted.slot, wanted.file_name, wanted.person
    )
    form = materials.upload_form(call.ports, file)
    shown = UploadShown.of(file, form, HOW_TO_UPLOAD)
    return created(shown, f"/applications/{wanted.application}/files/{file}")


@MEMBERS.reads("/applications/{application}/files/{file}", "打开已接收的文件", FileLink)
def open_file(call: Call, application: str, file: str) -> FileLink:
    folder = applications.own_folder(call.ports, call.actor, application)
    url = materials.link(call.ports, folder, file, call.actor)
    return FileLink(url=url, expires_in=materials.windows(call.ports).link_seconds)


@MEMBERS.writes("DELETE", "/applications/{application}/files/{file}", "删除文件", ApplicationShown)
def remove_file(call: Call, application: str, file: str) -> ApplicationShown:
    return mine(call, materials.remove_file(call.ports, call.order, application, file))


# --- payments ---------------------------------------------------------------------------------------------------------


@MEMBERS.writes("POST", "/payments", "提交缴费凭证", PaymentShown, takes=NewPayment, status=201)
def pay(call: Call, wanted: NewPayment) -> Answer:
    payment = payments.pay(call.ports, call.order, tuple(wanted.applications), wanted.transfer)
    return created(
        PaymentShown.for_its_owner(payments.payment_for(call.ports, call.actor, payment)), f"/payments/{payment}"
    )


@MEMBERS.reads("/payments/{payment}", "缴费详情", PaymentShown)
def one_payment(call: Call, payment: str) -> PaymentShown:
    return PaymentShown.for_its_owner(payments.payment_for(call.ports, call.actor, payment))
