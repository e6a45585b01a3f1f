"""Applications as they come in and as their owners see them."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints

from chalicelib.handlers.schemas.base import Code, Incoming, Instant, Named, Outgoing, PageOf, ReasonShown, Seen
from chalicelib.rules.records import Application, MaterialFile
from chalicelib.rules.vocabulary import Service

MOST_FIELDS = 60
Typed = Annotated[str, StringConstraints(max_length=4000)]
# A name is checked by the rules, which say what is wrong with it; here it is only bounded.
FileName = Annotated[str, Field(max_length=1000, description="手机上的文件名，只用于显示")]


class NewApplication(Incoming):
    service: Annotated[Service, Field(description="业务代码，见 `GET /services`")]


class DraftChanges(Incoming):
    version: Seen
    form: Annotated[
        dict[Code, Typed | None], Field(max_length=MOST_FIELDS, description="字段名和内容；null 为清空，没写的不变")
    ]


class Submission(Incoming):
    version: Seen | None = None


class NewUpload(Incoming):
    application: Code
    slot: Annotated[Code, Field(description="资料代码；银行回单为 `bank_receipt`")]
    file_name: FileName
    person: Annotated[Code | None, Field(description="每人一份的资料：哪一位")] = None


class UploadShown(Outgoing):
    id: Annotated[str, Field(description="文件编号")]
    url: str
    fields: Annotated[dict[str, str], Field(description="表单字段，原样提交，文件放在最后（字段名 `file`）")]
    expires_at: Instant
    how_to: str


class ApplicationLine(Outgoing):
    """One line of a list: nothing personal."""

    id: str
    service: Named
    state: Named
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
    status: Named
    reasons: Annotated[list[ReasonShown], Field(description="未通过检查的全部原因")]
    kind: Annotated[str | None, Field(description="检查确认的类型")]
    size: Annotated[int | None, Field(description="字节")]
    pages: int | None
    requested_at: Instant
    checked_at: Instant | None

    @classmethod
    def of(cls, file: MaterialFile, name: str) -> Self:
        return cls(
            id=file.id, name=name, status=Named.of(file.status), reasons=ReasonShown.all(file.reasons),
            kind=file.kind, size=file.size, pages=file.pages, requested_at=file.requested_at,
            checked_at=file.checked_at,
        )  # fmt: skip


class SlotShown(Outgoing):
    slot: str
    title: str
    hint: str
    optional: bool
    stamped: bool
    most: Annotated[int, Field(description="最多几个文件")]
    open: Annotated[bool, Field(description="现在可以增减文件")]
    files: list[FileShown]


class EntryShown(Outgoing):
    """One line of the history. Members see staff by role, never by name."""

    number: int
    at: Instant
    action: Named
    before: Named
    after: Named
    role: Named
    reason: str | None


class ApplicationShown(ApplicationLine):
    form: Annotated[dict[str, str], Field(description="已填写的内容")]
    missing: Annotated[list[ReasonShown], Field(description="拟稿还缺什么、错什么")]
    slots: list[SlotShown]
    history: list[EntryShown]
    actions: Annotated[list[Named], Field(description="您现在可以做的操作")]
    year: int | None
    amount_due: Annotated[int | None, Field(description="应缴金额，人民币分")]
    payment: Annotated[str | None, Field(description="缴费编号")]
    certificate: Annotated[str | None, Field(description="已制成的证书")]
    held_by: Annotated[list[ReasonShown], Field(description="费用已核、尚不能制证的原因")]


class FileLink(Outgoing):
    url: Annotated[str, Field(description="短时有效的下载地址")]
    expires_in: Annotated[int, Field(description="有效秒数")]
