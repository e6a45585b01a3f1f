"""What admins look after: staff accounts, bindings, the audit log, dead letters."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.handlers.schemas.base import Incoming, Instant, Named, Outgoing, PageOf, Paging, Seen, Why
from chalicelib.operations.staff import NewAccount
from chalicelib.rules.records import AuditEntry, OutboxRow, StaffAccount
from chalicelib.rules.vocabulary import STAFF_ROLES, Role

Password = Annotated[str, Field(max_length=256, description="密码，至少 12 位")]
Roles = Annotated[
    list[Role],
    Field(max_length=5, description="、".join(f"{role} {role.chinese}" for role in STAFF_ROLES)),
]


class NewStaffAccount(Incoming):
    name: Annotated[str, Field(min_length=1, max_length=40, description="用户名：字母、数字、点和连字符")]
    roles: Roles
    password: Password


class NewAccountShown(Outgoing):
    """Shown to whoever made it and under his key alone, until the first sign-in; then never again."""

    name: str
    totp_uri: Annotated[str, Field(description="用身份验证器扫描或导入；首次登录后不再显示")]
    totp_secret: Annotated[str, Field(description="手工录入用；首次登录后不再显示")]

    @classmethod
    def of(cls, account: NewAccount) -> Self:
        return cls(name=account.name, totp_uri=account.totp_uri, totp_secret=account.totp_secret)


class AccountChanges(Incoming):
    version: Seen
    roles: Roles | None = None
    disabled: bool | None = None


class AccountReset(Incoming):
    version: Seen
    password: Password
    reason: Why


class AccountShown(Outgoing):
    name: str
    roles: list[Named]
    disabled: bool
    locked_until: Instant | None
    version: int

    @classmethod
    def of(cls, account: StaffAccount) -> Self:
        return cls(
            name=account.name, roles=Named.all(account.roles), disabled=account.disabled,
            locked_until=account.locked_until, version=account.version,
        )  # fmt: skip


class Accounts(Outgoing):
    items: list[AccountShown]


class Unbound(Outgoing):
    user: str
    enterprise: str | None


# --- audit and dead letters -------------------------------------------------------------------------------------------


class AuditAsked(Paging):
    subject: Annotated[
        str, Field(min_length=1, max_length=200, description="对象，例如 `application:…`、`staff:…`、`association`")
    ]


class AuditShown(Outgoing):
    id: str
    subject: str
    at: Instant
    actor: str
    deed: str
    reason: str

    @classmethod
    def of(cls, entry: AuditEntry) -> Self:
        return cls(
            id=entry.id, subject=entry.subject, at=entry.at, actor=entry.actor, deed=entry.deed, reason=entry.reason
        )


class Audit(PageOf[AuditShown]):
    """Newest first."""


class DeadLetterShown(Outgoing):
    id: str
    work: Named
    subject: list[str]
    at: Instant
    status: Named
    trouble: Annotated[str | None, Field(description="原因，以及接下来怎么办")]
    can_be_redriven: Annotated[bool, Field(description="能否重新执行；无法识别的消息只能作废")]

    @classmethod
    def of(cls, row: OutboxRow) -> Self:
        return cls(
            id=row.id, work=Named.of(row.work), subject=list(row.subject), at=row.at, status=Named.of(row.status),
            trouble=row.trouble, can_be_redriven=row.can_be_redriven,
        )  # fmt: skip


class DeadLetters(PageOf[DeadLetterShown]):
    """Oldest first."""
