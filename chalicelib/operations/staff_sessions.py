"""How staff get in and stay in: password and one-time code, tries that are counted first, sessions that end at once."""

from datetime import timedelta

from chalicelib.operations.commands import Absent, Deed, Order, once
from chalicelib.operations.ports import APART, Conflict, Ports, Replace
from chalicelib.operations.staff import staff_account
from chalicelib.rules.folding import fold
from chalicelib.rules.records import StaffAccount
from chalicelib.rules.vocabulary import Actor, Reason, Refused

TRIES_BEFORE_LOCK = 5
LOCK = timedelta(minutes=15)
MOST_TRIES = 10
WINDOW = timedelta(minutes=15)

SIGN_IN_REFUSED = Reason(
    "sign_in_refused", "用户名、密码或动态口令不正确，或账号已停用。", "请核对后重试；连续五次不正确将锁定十五分钟。"
)


def sign_in(ports: Ports, name: str, password: str, code: str) -> StaffAccount:
    """Name, password and one-time code; wrong, unknown, disabled and locked answer alike. Raises Refused."""
    _count_try(ports, name)
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


def _count_try(ports: Ports, name: str) -> None:
    """Counted before anything is compared: a thousand tries at the same moment all read an account without failures.

    The quarter of an hour is the clock's and not the last try's, so that tries do not keep the account shut for good.
    The name is hashed: strangers type what they like, and it becomes no key of ours.
    """
    now = ports.clock.now()
    window = int(now.timestamp() // WINDOW.total_seconds())
    tried = ports.records.tally(f"sign-in#{ports.ids.keyed('sign-in', name)}#{window}", now + WINDOW)
    if tried > MOST_TRIES:
        raise Refused(SIGN_IN_REFUSED)


def _locked(ports: Ports, account: StaffAccount) -> bool:
    """A lock that reaches further ahead than any can was set by a clock that has stepped back: it holds no longer."""
    now = ports.clock.now()
    return account.locked_until is not None and now < account.locked_until <= now + LOCK + APART


def _step(ports: Ports, account: StaffAccount, code: str) -> int | None:
    """A code works once: a step that is not later than the last one used is refused (RFC 6238 §5.2)."""
    secret = ports.records.opened(account).totp_secret.plain or ""
    step = ports.credentials.totp_step(secret, fold(code), ports.clock.now())
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
