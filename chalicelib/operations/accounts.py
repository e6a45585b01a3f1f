"""Who uses the platform: WeChat users with their name, mobile and consents; staff with roles, password and TOTP."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.operations.commands import Absent, Deed, Order, once, unchanged_since
from chalicelib.operations.ports import Asked, Change, Conflict, Insert, Page, Ports, Replace, Require
from chalicelib.rules.association import Association
from chalicelib.rules.identifiers import mask_mobile, mask_name, mobile, person_name
from chalicelib.rules.records import AuditEntry, StaffAccount, User
from chalicelib.rules.vocabulary import STAFF_ROLES, Actor, Personal, Reason, Refused, Role

TRIES_BEFORE_LOCK = 5
LOCK = timedelta(minutes=15)
MOST_CONSENTS = 20
SHORTEST_PASSWORD = 12

SIGN_IN_REFUSED = Reason(
    "sign_in_refused", "用户名、密码或动态口令不正确，或账号已停用。", "请核对后重试；连续五次不正确将锁定十五分钟。"
)


# --- users ------------------------------------------------------------------------------------------------------------


def log_in(ports: Ports, code: str) -> User:
    """A WeChat login code for the user it stands for, made known at his first login.

    Raises carriers.LoginRefused (401) or carriers.LoginUnavailable (503).
    """
    identity = ports.wechat.login(code)
    user_id = "u" + ports.ids.keyed("openid", identity.openid)[:32]
    known = ports.records.get(User, user_id)
    return known or _first_login(ports, User(id=user_id, openid=Personal("wx***", identity.openid)))


def _first_login(ports: Ports, user: User) -> User:
    try:
        ports.records.commit(Insert(user))
    except Conflict:
        known = ports.records.get(User, user.id)
        if known is not None:
            return known
        raise
    return user


def member_of(ports: Ports, user: str, epoch: int) -> tuple[User, Actor]:
    """The one strongly consistent read behind every member's request. Raises Absent for a session that has ended."""
    found = ports.records.get(User, user)
    if found is None or found.epoch != epoch:
        raise Absent
    return found, Actor(found.id, frozenset({Role.APPLICANT}), found.enterprise)


def log_out_everywhere(ports: Ports, order: Order) -> str:
    """Ends all sessions of the user."""

    def deed() -> Deed:
        user = _user(ports, order.actor.id)
        return Deed((Replace(user, user.changed(epoch=user.epoch + 1)),), user.id)

    return once(ports, order, deed)


def save_profile(ports: Ports, order: Order, name: str, phone: str) -> str:
    """真实姓名 and 手机号. Raises identifiers.Malformed."""
    folded_name, folded_phone = person_name(name), mobile(phone)

    def deed() -> Deed:
        user = _user(ports, order.actor.id)
        after = user.changed(
            name=Personal(mask_name(folded_name), folded_name), mobile=Personal(mask_mobile(folded_phone), folded_phone)
        )
        return Deed((Replace(user, after),), user.id)

    return once(ports, order, deed)


def give_consents(ports: Ports, order: Order, notices: Iterable[str]) -> str:
    """One tap of consent is one message per template; kept as credits, since WeChat does not tell what is left."""
    wanted = tuple(notices)
    _refuse_unknown_notices(ports, wanted)

    def deed() -> Deed:
        user = _user(ports, order.actor.id)
        more = {each: min(user.consents.get(each, 0) + 1, MOST_CONSENTS) for each in wanted}
        return Deed((Replace(user, user.changed(consents={**user.consents, **more})),), user.id)

    return once(ports, order, deed)


def templates(ports: Ports) -> Mapping[str, str]:
    """Which WeChat template to ask consent for, by notice: the mini-program hands the ids to WeChat."""
    settings = ports.records.get(Association, "association")
    return {notice: template.id for notice, template in settings.wechat_templates.items()} if settings else {}


def _refuse_unknown_notices(ports: Ports, wanted: tuple[str, ...]) -> None:
    known = templates(ports)
    if not set(wanted) <= set(known):
        told = f"可以订阅的提醒只有：{'、'.join(known)}。"
        raise Refused(Reason("unknown_notice", "没有这种微信提醒。", told, "notices"))


def own_data(ports: Ports, user: str) -> User:
    """The user's own record, opened: for nobody but himself."""
    return ports.records.opened(_user(ports, user))


def _user(ports: Ports, user: str) -> User:
    found = ports.records.get(User, user)
    if found is None:
        raise Absent
    return found


# --- staff ------------------------------------------------------------------------------------------------------------


def sign_in(ports: Ports, name: str, password: str, code: str) -> StaffAccount:
    """Name, password and one-time code; wrong, unknown, disabled and locked answer alike. Raises Refused."""
    account = ports.records.get(StaffAccount, name)
    right = ports.credentials.matches(password, account.password_hash if account else None)
    if account is None or account.disabled or _locked(ports, account):
        raise Refused(SIGN_IN_REFUSED)
    step = _step(ports, account, code) if right else None
    if step is None:
        _count_failure(ports, account)
        raise Refused(SIGN_IN_REFUSED)
    signed_in = account.changed(failures=0, locked_until=None, last_step=step)
    try:
        ports.records.commit(Replace(account, signed_in))
    except Conflict as used_at_once:
        raise Refused(SIGN_IN_REFUSED) from used_at_once
    return signed_in


def _locked(ports: Ports, account: StaffAccount) -> bool:
    return account.locked_until is not None and ports.clock.now() < account.locked_until


def _step(ports: Ports, account: StaffAccount, code: str) -> int | None:
    """A code works once: a step that is not later than the last one used is refused (RFC 6238 §5.2)."""
    secret = ports.records.opened(account).totp_secret.plain or ""
    step = ports.credentials.totp_step(secret, code, ports.clock.now())
    return step if step is not None and step > account.last_step else None


def _count_failure(ports: Ports, account: StaffAccount) -> None:
    failures = account.failures + 1
    locked = failures >= TRIES_BEFORE_LOCK
    after = account.changed(
        failures=0 if locked else failures, locked_until=ports.clock.now() + LOCK if locked else account.locked_until
    )
    try:
        ports.records.commit(Replace(account, after))
    except Conflict:
        _count_failure(ports, ports.records.get(StaffAccount, account.name) or account)


def staff_of(ports: Ports, name: str, epoch: int) -> Actor:
    """The one strongly consistent read behind every request of staff. Raises Absent for an ended session."""
    account = ports.records.get(StaffAccount, name)
    if account is None or account.disabled or account.epoch != epoch:
        raise Absent
    return Actor(account.name, account.roles)


def sign_out_everywhere(ports: Ports, order: Order) -> str:
    """Ends all sessions of the account."""

    def deed() -> Deed:
        account = staff_account(ports, order.actor.id)
        return Deed((Replace(account, account.changed(epoch=account.epoch + 1)),), account.name)

    return once(ports, order, deed)


def staff_accounts(ports: Ports) -> tuple[StaffAccount, ...]:
    return ports.records.staff_accounts()


def staff_account(ports: Ports, name: str) -> StaffAccount:
    found = ports.records.get(StaffAccount, name)
    if found is None:
        raise Absent
    return found


@dataclass(frozen=True)
class NewAccount:
    """Shown once, when the account is made: the address for an authenticator app holds the secret."""

    name: str
    totp_uri: str
    totp_secret: str


def open_account(ports: Ports, by: str, name: str, roles: frozenset[Role], password: str, issuer: str) -> NewAccount:
    """A new staff account. Raises Refused with every reason; used by admins and by the first-admin command."""
    reasons = (*_name_reasons(ports, name), *_role_reasons(roles), *_password_reasons(password))
    if reasons:
        raise Refused(*reasons)
    secret = ports.credentials.new_totp_secret()
    account = StaffAccount(
        name=name, roles=roles, password_hash=ports.credentials.hashed(password), totp_secret=Personal("***", secret)
    )
    try:
        ports.records.commit(Insert(account), Insert(_audit(ports, by, name, "open_account", "")))
    except Conflict as taken:
        raise Refused(_name_taken(name)) from taken
    return NewAccount(name, ports.credentials.totp_uri(secret, name, issuer), secret)


def _name_reasons(ports: Ports, name: str) -> tuple[Reason, ...]:
    if not (name.isascii() and name.replace("-", "").replace(".", "").isalnum() and len(name) <= 40):  # noqa: PLR2004 - a bound
        told = "用户名只能用字母、数字、点和连字符，最长 40 位。"
        return (Reason("bad_name", told, "请换一个用户名。", "name"),)
    return (_name_taken(name),) if ports.records.get(StaffAccount, name) else ()


def _name_taken(name: str) -> Reason:
    return Reason("name_taken", f"用户名 {name} 已存在。", "请换一个用户名。", "name")


def _role_reasons(roles: frozenset[Role]) -> tuple[Reason, ...]:
    if roles and roles <= set(STAFF_ROLES):
        return ()
    return (Reason("bad_roles", "至少要有一个工作人员角色。", "请从审核、财务、制证、培训、管理员中选择。", "roles"),)


def _password_reasons(password: str) -> tuple[Reason, ...]:
    if len(password) >= SHORTEST_PASSWORD:
        return ()
    told = f"密码至少 {SHORTEST_PASSWORD} 位。"
    return (Reason("password_too_short", told, "请使用更长的密码，例如几个不相关的词连在一起。", "password"),)


def change_account(
    ports: Ports, order: Order, name: str, seen: int, *, roles: frozenset[Role] | None, disabled: bool | None
) -> str:
    """Roles or disablement; either ends all sessions of the account at once. The last active admin must stay."""

    def deed() -> Deed:
        account = ports.records.get(StaffAccount, name)
        if account is None:
            raise Absent
        unchanged_since(seen, account.version)
        after = account.changed(
            roles=account.roles if roles is None else roles,
            disabled=account.disabled if disabled is None else disabled,
            epoch=account.epoch + 1,
        )
        if reasons := _role_reasons(after.roles):
            raise Refused(*reasons)
        entry = Insert(_audit(ports, order.actor.id, name, "change_account", ""))
        return Deed((Replace(account, after), *_an_admin_stays(ports, after), entry), name)

    return once(ports, order, deed)


def _an_admin_stays(ports: Ports, after: StaffAccount) -> tuple[Change, ...]:
    """Another active admin must still be one when this commits: two admins may be disabling each other right now."""
    if _is_active_admin(after):
        return ()
    others = (each for each in ports.records.staff_accounts() if each.name != after.name)
    remaining = next((each for each in others if _is_active_admin(each)), None)
    if remaining is None:
        raise Refused(Reason("last_admin", "至少要保留一个可用的管理员账号。", "请先指定另一名管理员。", "roles"))
    return (Require(remaining),)


def _is_active_admin(account: StaffAccount) -> bool:
    return Role.ADMIN in account.roles and not account.disabled


def _audit(ports: Ports, by: str, name: str, deed: str, reason: str) -> AuditEntry:
    return AuditEntry(
        id=ports.ids.new("d"), subject=f"staff:{name}", at=ports.clock.now(), actor=by, deed=deed, reason=reason
    )


def audit(ports: Ports, subject: str, asked: Asked) -> Page[AuditEntry]:
    """What staff did to one subject besides the steps of the table, newest first."""
    return ports.records.audit_of(subject, asked)


# --- what staff may set -----------------------------------------------------------------------------------------------


def save_settings(ports: Ports, order: Order, seen: int, wanted: Association) -> str:
    """Puts the association's settings in place of the ones that were looked at; audited."""

    def deed() -> Deed:
        before = ports.records.get(Association, "association")
        if before is None:
            raise Absent
        unchanged_since(seen, before.version)
        entry = AuditEntry(
            id=ports.ids.new("d"), subject="association", at=ports.clock.now(), actor=order.actor.id,
            deed="save_settings", reason="",
        )  # fmt: skip
        values = {name: getattr(wanted, name) for name in wanted.__dataclass_fields__ if name != "version"}
        return Deed((Replace(before, before.changed(**values)), Insert(entry)), "association")

    return once(ports, order, deed)
