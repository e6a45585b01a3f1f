"""What admins look after: staff accounts, bindings, settings, the audit log, dead letters."""

from chalicelib.handlers.calls import Answer, Call, created
from chalicelib.handlers.cursors import Bookmark, paged
from chalicelib.handlers.desks import STAFF
from chalicelib.handlers.schemas.administration import (
    AccountChanges,
    AccountReset,
    Accounts,
    AccountShown,
    Audit,
    AuditAsked,
    AuditShown,
    DeadLetters,
    DeadLetterShown,
    NewAccountShown,
    NewStaffAccount,
    Unbound,
)
from chalicelib.handlers.schemas.base import Paging
from chalicelib.handlers.schemas.certificates import Reasoned
from chalicelib.handlers.schemas.settings import NewSettings, SettingsShown
from chalicelib.operations import dead_letters as letters
from chalicelib.operations import enterprises, staff
from chalicelib.operations import settings as association_settings
from chalicelib.operations.applications import association
from chalicelib.rules.vocabulary import Role

ADMIN = (Role.ADMIN,)
LOST = "没有收到回答的，用同一个 Idempotency-Key 重试即可再次看到，直到本人首次登录为止。"


@STAFF.reads("/staff/accounts", "工作人员账号", Accounts, roles=ADMIN)
def staff_accounts(call: Call) -> Accounts:
    return Accounts(items=[AccountShown.of(each) for each in staff.staff_accounts(call.ports)])


@STAFF.writes(
    "POST", "/staff/accounts", "新建工作人员账号", NewAccountShown, takes=NewStaffAccount, roles=ADMIN, status=201,
    description=f"回答中有动态口令的密钥。{LOST}",
)  # fmt: skip
def open_account(call: Call, wanted: NewStaffAccount) -> Answer:
    issuer = association(call.ports).name
    made = staff.order_account(call.ports, call.order, wanted.name, frozenset(wanted.roles), wanted.password, issuer)
    return created(NewAccountShown.of(made), f"/staff/accounts/{made.name}")


@STAFF.writes("PATCH", "/staff/accounts/{name}", "更改角色或停用", AccountShown, takes=AccountChanges, roles=ADMIN)
def change_account(call: Call, changes: AccountChanges, name: str) -> AccountShown:
    roles = None if changes.roles is None else frozenset(changes.roles)
    staff.change_account(call.ports, call.order, name, changes.version, roles=roles, disabled=changes.disabled)
    return AccountShown.of(staff.staff_account(call.ports, name))


@STAFF.writes(
    "POST", "/staff/accounts/{name}/reset", "重置密码和动态口令，写明理由", NewAccountShown, takes=AccountReset,
    roles=ADMIN,
    description=f"账号的所有登录随即失效，回答中有新的密钥。{LOST}不能重置自己的账号。",
)  # fmt: skip
def reset_account(call: Call, wanted: AccountReset, name: str) -> NewAccountShown:
    reset = staff.reset_account(
        call.ports, call.order, name, wanted.version,
        password=wanted.password, reason=wanted.reason, issuer=association(call.ports).name,
    )  # fmt: skip
    return NewAccountShown.of(reset)


@STAFF.writes("POST", "/staff/users/{user}/unbind", "解除某人的绑定，写明理由", Unbound, takes=Reasoned, roles=ADMIN)
def unbind_user(call: Call, reasoned: Reasoned, user: str) -> Unbound:
    enterprises.unbind_user(call.ports, call.order, user, reasoned.reason)
    return Unbound(user=user, enterprise=None)


@STAFF.reads("/staff/settings", "协会设置", SettingsShown, roles=ADMIN)
def settings(call: Call) -> SettingsShown:
    return SettingsShown.of(association(call.ports))


@STAFF.writes("PUT", "/staff/settings", "更改协会设置", SettingsShown, takes=NewSettings, roles=ADMIN)
def save_settings(call: Call, wanted: NewSettings) -> SettingsShown:
    association_settings.save_settings(call.ports, call.order, wanted.version, wanted.wanted)
    return SettingsShown.of(association(call.ports))


@STAFF.reads("/staff/audit", "审计记录，最新的在前", Audit, asks=AuditAsked, roles=ADMIN)
def audit(call: Call, asked: AuditAsked) -> Audit:
    mark = Bookmark(call.ports, f"audit#{asked.subject}", call.actor.id)
    page, following = paged(mark, asked, lambda where: staff.audit(call.ports, asked.subject, where))
    return Audit(items=[AuditShown.of(each) for each in page.items], next=following)


@STAFF.reads(
    "/staff/dead-letters",
    "未能完成的后台任务和无法识别的消息，各有原因和处理办法",
    DeadLetters,
    asks=Paging,
    roles=ADMIN,
)
def dead_letters(call: Call, paging: Paging) -> DeadLetters:
    mark = Bookmark(call.ports, "dead_letters", call.actor.id)
    page, following = paged(mark, paging, lambda where: letters.listed(call.ports, where))
    return DeadLetters(items=[DeadLetterShown.of(each) for each in page.items], next=following)


@STAFF.writes("POST", "/staff/dead-letters/{row}/redrive", "重新执行", DeadLetterShown, roles=ADMIN)
def redrive(call: Call, row: str) -> DeadLetterShown:
    return DeadLetterShown.of(letters.row(call.ports, letters.redrive(call.ports, call.order, row)))


@STAFF.writes(
    "POST", "/staff/dead-letters/{row}/discard", "作废，写明理由", DeadLetterShown, takes=Reasoned, roles=ADMIN
)
def discard(call: Call, reasoned: Reasoned, row: str) -> DeadLetterShown:
    return DeadLetterShown.of(letters.row(call.ports, letters.discard(call.ports, call.order, row, reasoned.reason)))
