"""Applications as they come in and as their owners see them."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from chalicelib.handlers.schemas import examples
from chalicelib.handlers.schemas.base import (
    Code,
    Incoming,
    Instant,
    Named,
    Outgoing,
    PageOf,
    ReasonShown,
    Seen,
    code_of,
)
from chalicelib.operations.ports import UploadForm
from chalicelib.rules.records import Application, MaterialFile, MaterialVerdict
from chalicelib.rules.services import OFFERED
from chalicelib.rules.uploads import Kind
from chalicelib.rules.vocabulary import Action, FileStatus, Role, Service, State

MOST_FIELDS = 60
Typed = Annotated[str, StringConstraints(max_length=4000)]
# A name is checked by the rules, which say what is wrong with it; here it is only bounded.
FileName = Annotated[str, Field(max_length=1000, description="手机上的文件名，只用于显示", examples=["营业执照.pdf"])]


def _on_offer(wanted: object) -> object:
    """Services that are not open yet are not offered to choose from, so they are refused like any other word."""
    if isinstance(wanted, str) and wanted not in OPEN:
        raise PydanticCustomError("enum", "not offered", {"expected": "、".join(OPEN)})
    return wanted


OPEN = tuple(row.service.value for row in OFFERED)
ON_OFFER = BeforeValidator(_on_offer, json_schema_input_type=Literal[OPEN])


class NewApplication(Incoming):
    service: Annotated[Service, ON_OFFER, Field(description="业务代码，见 `GET /services`", examples=["join"])]


class DraftChanges(Incoming):
    version: Seen
    form: Annotated[
        dict[Code, Typed | None],
        Field(
            max_length=MOST_FIELDS, description="字段名和内容；null 为清空，没写的不变", examples=[examples.JOIN_FORM]
        ),
    ]


class Submission(Incoming):
    version: Seen | None = None


class NewUpload(Incoming):
    application: Annotated[Code, Field(examples=[examples.APPLICATION])]
    slot: Annotated[Code, Field(description="资料代码；银行回单为 `bank_receipt`", examples=["licence"])]
    file_name: FileName
    person: Annotated[Code | None, Field(description="每人一份的资料：哪一位")] = None


class UploadShown(Outgoing):
    id: Annotated[str, Field(description="文件编号")]
    url: str
    fields: Annotated[dict[str, str], Field(description="表单字段，原样提交，文件放在最后（字段名 `file`）")]
    expires_at: Instant
    allowed: Annotated[str, Field(description="类型和大小；不符的由存储服务拒收，文件仍显示“检查中”，可删除后重传")]
    how_to: str

    @classmethod
    def of(cls, identity: str, form: UploadForm, how_to: str) -> Self:
        return cls(
            id=identity, url=form.url, fields=dict(form.fields), expires_at=form.expires_at,
            allowed=form.rule.allowed, how_to=how_to,
        )  # fmt: skip


class ApplicationLine(Outgoing):
    """One line of a list: nothing personal."""

    id: str
    service: Annotated[Named, code_of(Service)]
    state: Annotated[Named, code_of(State)]
    title: Annotated[str, Field(description="单位名称")]
    opened_at: Instant
    since: Annotated[Instant, Field(description="何时进入当前状态")]
    submitted_at: Instant | None
    reason: Annotated[str | None, Field(description="打回、拒绝等的理由")]
    version: int

    @classmethod
    def of(cls, application: Application) -> Self:
        return cls(
            id=application.id, service=Named.of(application.service), state=Named.of(application.state),
            title=application.title, opened_at=application.opened_at, since=application.since,
            submitted_at=application.submitted_at, reason=application.reason, version=application.version,
        )  # fmt: skip


class Applications(PageOf[ApplicationLine]):
    """服务记录."""


class FileShown(Outgoing):
    id: str
    name: str
    status: Annotated[Named, code_of(FileStatus)]
    reasons: Annotated[list[ReasonShown], Field(description="未通过检查的全部原因")]
    kind: Annotated[Kind | None, Field(description="检查确认的类型")]
    size: Annotated[int | None, Field(description="字节")]
    pages: int | None
    requested_at: Instant
    checked_at: Instant | None

    @classmethod
    def of(cls, file: MaterialFile, name: str) -> Self:
        return cls(
            id=file.id, name=name, status=Named.of(file.status), reasons=ReasonShown.all(file.reasons),
            kind=Kind(file.kind) if file.kind else None, size=file.size, pages=file.pages,
            requested_at=file.requested_at, checked_at=file.checked_at,
        )  # fmt: skip


class PersonShown(Outgoing):
    """One practitioner as an application names him."""

    id: Annotated[str, Field(description="人员编号，选择人员和上传每人一份的资料时用")]
    name: str
    certificate_number: str
    valid_to: Annotated[date, Field(description="岗位培训合格证有效期至")]


class ChangeShown(Outgoing):
    """One thing that is to change, old and new side by side."""

    field: str
    title: str
    old: Annotated[str, Field(description="现登记内容")]
    new: Annotated[str, Field(description="变更后的内容")]


class ChosenPersons(Incoming):
    version: Seen
    persons: Annotated[list[Code], Field(max_length=60, description="人员编号，见 `GET /practitioners`")]


class VerdictShown(Outgoing):
    """What the reviewer found of a material; who he is is not said."""

    accepted: Annotated[bool, Field(description="true 通过，无须更换；false 未通过，须更换")]
    reason: Annotated[str, Field(description="未通过的原因")]

    @classmethod
    def of(cls, verdict: MaterialVerdict | None) -> Self | None:
        return cls(accepted=verdict.accepted, reason=verdict.reason) if verdict else None


class SlotShown(Outgoing):
    slot: str
    person: Annotated[str | None, Field(description="每人一份的资料：哪一位")]
    title: str
    hint: str
    optional: bool
    stamped: bool
    most: Annotated[int, Field(description="最多几个文件")]
    open: Annotated[bool, Field(description="现在可以增减文件")]
    filled_by: Annotated[str | None, Field(description="平台已有的证书编号：不用再上传，也可以另行上传")]
    verdict: Annotated[VerdictShown | None, Field(description="对现有文件的审核结论；尚未审核或已更换的为 null")]
    files: list[FileShown]


class FieldChanged(Outgoing):
    field: str
    title: str
    before: Annotated[str, Field(description="上次审核时；对工作人员个人信息已遮蔽，遮蔽后可能与现在的写法相同")]
    now: str


class MaterialChanged(Outgoing):
    slot: str
    person: Annotated[str | None, Field(description="每人一份的资料：哪一位")]
    title: str
    files: Annotated[list[FileShown], Field(description="上次审核之后上传的文件")]
    removed: Annotated[int, Field(description="上次审核时有、现已删除的文件数")]
    verdict: Annotated[VerdictShown | None, Field(description="上次的审核结论")]


class PersonsChanged(Outgoing):
    added: list[PersonShown]
    removed: list[PersonShown]


class ChangedSinceReturn(Outgoing):
    """What is not as the reviewer saw it when he last decided; nothing before the application was ever sent back."""

    fields: list[FieldChanged]
    materials: list[MaterialChanged]
    persons: PersonsChanged


class EntryShown(Outgoing):
    """One line of the history. Members see staff by role, never by name."""

    number: int
    at: Instant
    action: Annotated[Named, code_of(Action)]
    before: Annotated[Named, code_of(State)]
    after: Annotated[Named, code_of(State)]
    role: Annotated[Named, code_of(Role)]
    reason: str | None


class ApplicationWhole(ApplicationLine):
    """One application as everybody sees it who may."""

    form: Annotated[dict[str, str], Field(description="填写的内容；对工作人员个人信息已遮蔽，除非是查看明文的回答")]
    persons: Annotated[list[PersonShown], Field(description="所选的从业人员")]
    changes: Annotated[list[ChangeShown], Field(description="变更事项：现登记内容和变更后的内容")]
    slots: list[SlotShown]
    changed_since_return: Annotated[ChangedSinceReturn, Field(description="退回后的改动：与审核人员上次所见不同之处")]
    actions: Annotated[list[Annotated[Named, code_of(Action)]], Field(description="您现在可以做的操作")]
    year: int | None
    amount_due: Annotated[int | None, Field(description="应缴金额，人民币分")]
    paid: Annotated[int, Field(description="已核账金额，人民币分")]
    payment: Annotated[str | None, Field(description="缴费编号")]
    paper_at: Annotated[Instant | None, Field(description="何时登记收到纸质资料")]
    certificate: Annotated[str | None, Field(description="已制成的证书")]
    held_by: Annotated[list[ReasonShown], Field(description="尚不能制证的原因")]


class ApplicationShown(ApplicationWhole):
    missing: Annotated[list[ReasonShown], Field(description="拟稿还缺什么、错什么")]
    history: list[EntryShown]


class FileLink(Outgoing):
    url: Annotated[str, Field(description="短时有效的下载地址")]
    expires_in: Annotated[int, Field(description="有效秒数")]
