"""Accounts of staff: opened, reset, changed and disabled by admins, each time with an entry in the audit log."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.operations.audit import NO_REASON, noted
from chalicelib.operations.commands import Absent, Deed, Order, once, settle, unchanged_since
from chalicelib.operations.ports import Asked, Change, Insert, Page, Ports, Replace, Require
from chalicelib.rules.records import AuditEntry, StaffAccount
from chalicelib.rules.vocabulary import STAFF_ROLES, Personal, Reason, Refused, Role

SHORTEST_PASSWORD = 12
LONGEST_NAME = 40

ALREADY_IN_USE = Reason(
    "secret_in_use",
    "该账号的动态口令密钥已启用或已更换，不再显示。",
    "本人能登录的，无须处理；不能登录的，请由管理员重置该账号。",
    "name",
)
NOT_ONES_OWN = Reason(
    "own_account", "不能重置自己的账号。", "请由另一名管理员重置；只有一名管理员的，请运维人员按运维手册重置。", "name"
)


def staff_accounts(ports: Ports) -> tuple[StaffAccount, ...]:
    return ports.records.staff_accounts()


def staff_account(ports: Ports, name: str) -> StaffAccount:
    found = ports.records.get(StaffAccount, name)
    if found is None:
        raise Absent
    return found


@dataclass(frozen=True)
class NewAccount:
    """What its owner needs for the first sign-in: the address for an authenticator app holds the secret."""

    name: str
    totp_uri: str
    totp_secret: str


# --- opening ----------------------------------------------------------------------------------------------------------


def open_account(ports: Ports, by: str, name: str, roles: frozenset[Role], password: str, issuer: str) -> NewAccount:
    """A new account, made by a command, which has no key. Raises Refused with every reason."""
    return _told(ports, name, issuer, settle(ports, _opening(ports, by, name, roles, password)))


def order_account(
    ports: Ports, order: Order, name: str, roles: frozenset[Role], password: str, issuer: str
) -> NewAccount:
    """A new account; the same order again tells the same secret until the first sign-in. Raises Refused."""
    return _told(ports, name, issuer, once(ports, order, _opening(ports, order.actor.id, name, roles, password)))


def _opening(ports: Ports, by: str, name: str, roles: frozenset[Role], password: str) -> Callable[[], Deed]:
    def deed() -> Deed:
        reasons = (*_name_reasons(ports, name), *_role_reasons(roles), *_password_reasons(password))
        if reasons:
            raise Refused(*reasons)
        secret = ports.credentials.new_totp_secret()
        account = StaffAccount(
            name=name, roles=roles, password_hash=ports.credentials.hashed(password),
            totp_secret=Personal("***", secret),
        )  # fmt: skip
        return Deed((Insert(account), noted(ports, by, f"staff:{name}", "open_account")), _mark(ports, secret))

    return deed


def _mark(ports: Ports, secret: str) -> str:
    """What an order remembers of the secret it made: enough to know it again, nothing to learn it from."""
    return ports.ids.keyed("totp_secret", secret)


def _told(ports: Ports, name: str, issuer: str, mark: str | None) -> NewAccount:
    """The answer to the first asking may have been lost; it is told again as long as nobody has signed in by it."""
    account = staff_account(ports, name)
    secret = ports.records.opened(account).totp_secret.plain or ""
    if account.last_step or _mark(ports, secret) != mark:
        raise Refused(ALREADY_IN_USE)
    return NewAccount(name, ports.credentials.totp_uri(secret, name, issuer), secret)


def _name_reasons(ports: Ports, name: str) -> tuple[Reason, ...]:
    if not (name.isascii() and name.replace("-", "").replace(".", "").isalnum() and len(name) <= LONGEST_NAME):
        told = f"用户名只能用字母、数字、点和连字符，最长 {LONGEST_NAME} 位。"
        return (Reason("bad_name", told, "请换一个用户名。", "name"),)
    if ports.records.get(StaffAccount, name) is None:
        return ()
    return (Reason("name_taken", f"用户名 {name} 已存在。", "请换一个用户名。", "name"),)


def _role_reasons(roles: frozenset[Role]) -> tuple[Reason, ...]:
    if roles and roles <= set(STAFF_ROLES):
        return ()
    return (Reason("bad_roles", "至少要有一个工作人员角色。", "请从审核、财务、制证、培训、管理员中选择。", "roles"),)


def _password_reasons(password: str) -> tuple[Reason, ...]:
    if len(password) >= SHORTEST_PASSWORD:
        return ()
    told = f"密码至少 {SHORTEST_PASSWORD} 位。"
    return (Reason("password_too_short", told, "请使用更长的密码，例如几个不相关的词连在一起。", "password"),)


# --- resetting --------------------------------------------------------------------------------------------------------


def reset_account(
    ports: Ports, order: Order, name: str, seen: int, *, password: str, reason: str, issuer: str
) -> NewAccount:
    """A new password and secret for somebody who lost them; ends all his sessions. Raises Absent or Refused.

    The same order again tells the same secret until the first sign-in. Nobody resets his own account: his session
    would end with it, and an answer that is lost could not be asked for again.
    """
    own = (NOT_ONES_OWN,) if name == order.actor.id else ()
    resetting = _resetting(ports, order.actor.id, name, seen, password, reason, own)
    return _told(ports, name, issuer, once(ports, order, resetting))


def reset_by_command(ports: Ports, by: str, name: str, password: str, reason: str, issuer: str) -> NewAccount:
    """The same without a key, for operators: the only admin has nobody to ask. Raises Absent or Refused."""
    return _told(ports, name, issuer, settle(ports, _resetting(ports, by, name, None, password, reason)))


def _resetting(
    ports: Ports, by: str, name: str, seen: int | None, password: str, reason: str, more: tuple[Reason, ...] = ()
) -> Callable[[], Deed]:
    def deed() -> Deed:
        account = staff_account(ports, name)
        if reasons := (*more, *_password_reasons(password), *(() if reason.strip() else (NO_REASON,))):
            raise Refused(*reasons)
        unchanged_since(seen, account.version)
        secret = ports.credentials.new_totp_secret()
        after = account.changed(
            password_hash=ports.credentials.hashed(password), totp_secret=Personal("***", secret),
            epoch=account.epoch + 1, failures=0, locked_until=None, last_step=0,
        )  # fmt: skip
        entry = noted(ports, by, f"staff:{name}", "reset_account", reason.strip())
        return Deed((Replace(account, after), entry), _mark(ports, secret))

    return deed


# --- changing ---------------------------------------------------------------------------------------------------------


def change_account(
    ports: Ports, order: Order, name: str, seen: int, *, roles: frozenset[Role] | None, disabled: bool | None
) -> str:
    """Roles or disablement; either ends all sessions of the account at once. The last active admin must stay."""

    def deed() -> Deed:
        account = staff_account(ports, name)
        unchanged_since(seen, account.version)
        after = account.changed(
            roles=account.roles if roles is None else roles,
            disabled=account.disabled if disabled is None else disabled,
            epoch=account.epoch + 1,
        )
        if reasons := _role_reasons(after.roles):
            raise Refused(*reasons)
        entry = noted(ports, order.actor.id, f"staff:{name}", "change_account")
        return Deed((Replace(account, after), *_an_admin_stays(ports, after), entry), name)

    return once(ports, order, deed)


def _an_admin_stays(ports: Ports, after: StaffAccount) -> tuple[Change, ...]:
    """Another active admin must still be one when this commits: two admins may be disabling each other right now."""
    if is_active_admin(after):
        return ()
    others = (each for each in ports.records.staff_accounts() if each.name != after.name)
    remaining = next((each for each in others if is_active_admin(each)), None)
    if remaining is None:
        raise Refused(Reason("last_admin", "至少要保留一个可用的管理员账号。", "请先指定另一名管理员。", "roles"))
    return (Require(remaining),)


def is_active_admin(account: StaffAccount) -> bool:
    return Role.ADMIN in account.roles and not account.disabled


# --- the audit log ----------------------------------------------------------------------------------------------------


def audit(ports: Ports, subject: str, asked: Asked) -> Page[AuditEntry]:
    """What staff did to one subject besides the steps of the table, newest first."""
    return ports.records.audit_of(subject, asked)
