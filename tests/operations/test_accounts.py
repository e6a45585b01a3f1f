"""Users by WeChat; staff by password and one-time code, locked, reset and ended at once."""

import contextlib
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.operations import accounts, staff, staff_sessions
from chalicelib.operations.commands import Absent, KeyReused, Order
from chalicelib.operations.ports import Asked, Ports
from chalicelib.rules.folding import Misfilled
from chalicelib.rules.records import User
from chalicelib.rules.vocabulary import Refused, Role
from tests import made_up
from tests.operations import acting

PASSWORD = "four unrelated words here"


def open_account(ports: Ports, name: str = "ling", roles: frozenset[Role] = frozenset({Role.ADMIN})) -> str:
    return accounts.open_account(ports, "test", name, roles, PASSWORD, "示例").totp_secret


def code(ports: Ports, secret: str) -> str:
    return str(ports.credentials.totp_code(secret, ports.clock.now()))  # type: ignore[attr-defined]  # in memory


def test_a_one_time_code_is_taken_as_a_chinese_keyboard_writes_it(ports: Ports) -> None:
    secret = open_account(ports)
    typed = code(ports, secret).translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert accounts.sign_in(ports, "ling", PASSWORD, f"{typed[:3]} {typed[3:]}").name == "ling"


def test_a_user_is_the_same_at_every_login(ports: Ports) -> None:
    first = accounts.log_in(ports, "code-for-chen")
    ports.wechat._used.clear()  # type: ignore[attr-defined]  # a new code of the same person
    assert accounts.log_in(ports, "code-for-chen").id == first.id


def test_the_profile_is_folded_and_kept_sealed(ports: Ports) -> None:
    actor = acting.user(ports)
    accounts.save_profile(ports, acting.order(actor), " 赵甲一 ", "+86 １９９ 0000 0001")
    stored = ports.records.get(User, actor.id)
    assert stored is not None
    assert stored.mobile is not None
    assert (stored.mobile.plain, stored.mobile.masked) == (None, "199****0001")
    opened = ports.records.opened(stored)
    assert opened.mobile is not None
    assert opened.mobile.plain == made_up.mobile(1)


def test_a_wrong_mobile_is_told(ports: Ports) -> None:
    with pytest.raises(Misfilled):
        accounts.save_profile(ports, acting.order(acting.user(ports)), "赵甲一", "12345")


def test_ending_all_sessions_ends_them_at_once(ports: Ports) -> None:
    actor = acting.user(ports)
    accounts.log_out_everywhere(ports, acting.order(actor))
    with pytest.raises(Absent):
        accounts.member_of(ports, actor.id, 0)


def test_staff_sign_in_with_password_and_code(ports: Ports) -> None:
    secret = open_account(ports)
    account = accounts.sign_in(ports, "ling", PASSWORD, code(ports, secret))
    assert accounts.staff_of(ports, account.name, account.epoch).roles == {Role.ADMIN}


def test_a_one_time_code_works_one_time(ports: Ports) -> None:
    secret = open_account(ports)
    used = code(ports, secret)
    accounts.sign_in(ports, "ling", PASSWORD, used)
    with pytest.raises(Refused):
        accounts.sign_in(ports, "ling", PASSWORD, used)


def test_unknown_wrong_disabled_and_locked_answer_alike(ports: Ports) -> None:
    secret = open_account(ports)
    answers = []
    for name, password in (("nobody", PASSWORD), ("ling", "wrong")):
        with pytest.raises(Refused) as refusal:
            accounts.sign_in(ports, name, password, code(ports, secret))
        answers.append(refusal.value.reasons)
    assert answers == [(staff_sessions.SIGN_IN_REFUSED,)] * 2


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(ports: Ports) -> None:
    secret = open_account(ports)
    for _ in range(5):
        with pytest.raises(Refused):
            accounts.sign_in(ports, "ling", "wrong", "000000")
    with pytest.raises(Refused):
        accounts.sign_in(ports, "ling", PASSWORD, code(ports, secret))
    ports.clock.advance(timedelta(minutes=16))  # type: ignore[attr-defined]  # the clock in memory
    accounts.sign_in(ports, "ling", PASSWORD, code(ports, secret))


def test_tries_at_the_same_moment_are_counted_before_they_are_compared(ports: Ports) -> None:
    """Each of them reads the account before any failure is written: only the count is there in time."""
    secret, compared = open_account(ports), []
    ours = ports.credentials.matches

    class Slow:
        """Compares, and while it does so the next try comes in; nothing is written until the last is compared."""

        def matches(self, password: str, hashed: str | None) -> bool:
            compared.append(password)
            with contextlib.suppress(Refused):
                accounts.sign_in(at_once, "ling", "guess", "000000")
            return ours(password, hashed)

    at_once = replace(ports, credentials=Slow())  # type: ignore[arg-type]  # as much of it as is used
    with pytest.raises(Refused):
        accounts.sign_in(at_once, "ling", "guess", "000000")
    assert len(compared) == staff_sessions.MOST_TRIES
    with pytest.raises(Refused) as refusal:
        accounts.sign_in(ports, "ling", PASSWORD, code(ports, secret))
    assert refusal.value.reasons == (staff_sessions.SIGN_IN_REFUSED,)
    ports.clock.advance(timedelta(minutes=16))  # type: ignore[attr-defined]  # the clock in memory
    accounts.sign_in(ports, "ling", PASSWORD, code(ports, secret))


def test_tries_that_go_on_do_not_keep_an_account_shut_for_good(ports: Ports) -> None:
    for _ in range(staff_sessions.MOST_TRIES + 1):
        with pytest.raises(Refused):
            accounts.sign_in(ports, "ling", "guess", "000000")
    secret = open_account(ports)
    ports.clock.advance(timedelta(minutes=14, seconds=59))  # type: ignore[attr-defined]  # the clock in memory
    with contextlib.suppress(Refused):
        accounts.sign_in(ports, "ling", "guess", "000000")
    ports.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]  # the clock in memory
    accounts.sign_in(ports, "ling", PASSWORD, code(ports, secret))


def order_account(ports: Ports, order: Order, name: str = "new") -> str:
    return staff.order_account(ports, order, name, frozenset({Role.FINANCE}), PASSWORD, "示例").totp_secret


def test_an_order_for_an_account_given_again_is_told_the_same_secret_until_the_first_sign_in(ports: Ports) -> None:
    order = acting.order(acting.ADMIN)
    secret = order_account(ports, order)
    assert order_account(ports, order) == secret
    assert len(ports.records.audit_of("staff:new", Asked()).items) == 1
    accounts.sign_in(ports, "new", PASSWORD, code(ports, secret))
    with pytest.raises(Refused) as refusal:
        order_account(ports, order)
    assert [reason.code for reason in refusal.value.reasons] == ["secret_in_use"]


def test_an_order_is_not_told_the_secret_that_a_later_reset_has_made(ports: Ports) -> None:
    order = acting.order(acting.ADMIN)
    order_account(ports, order)
    reset_account(ports, "new")
    with pytest.raises(Refused) as refusal:
        order_account(ports, order)
    assert [reason.code for reason in refusal.value.reasons] == ["secret_in_use"]


def reset_account(ports: Ports, name: str, reason: str = "手机遗失") -> str:
    seen = staff.staff_account(ports, name).version
    order = acting.order(acting.ADMIN)
    return staff.reset_account(
        ports, order, name, seen, password="another long one", reason=reason, issuer="示例"
    ).totp_secret


def test_a_reset_ends_sessions_and_locks_and_only_the_new_secret_signs_in(ports: Ports) -> None:
    old = open_account(ports)
    for _ in range(5):
        with pytest.raises(Refused):
            accounts.sign_in(ports, "ling", "wrong", "000000")
    new = reset_account(ports, "ling")
    assert new != old
    with pytest.raises(Absent):
        accounts.staff_of(ports, "ling", 0)
    with pytest.raises(Refused):
        accounts.sign_in(ports, "ling", "another long one", code(ports, old))
    accounts.sign_in(ports, "ling", "another long one", code(ports, new))


def test_disabling_an_account_ends_its_sessions(ports: Ports) -> None:
    open_account(ports)
    open_account(ports, "reviewer-2", frozenset({Role.REVIEWER}))
    staff.change_account(ports, acting.order(acting.ADMIN), "reviewer-2", 0, roles=None, disabled=True)
    with pytest.raises(Absent):
        accounts.staff_of(ports, "reviewer-2", 0)
    assert ports.records.audit_of("staff:reviewer-2", Asked()).items


def test_the_last_admin_cannot_be_disabled(ports: Ports) -> None:
    open_account(ports)
    with pytest.raises(Refused) as refusal:
        staff.change_account(ports, acting.order(acting.ADMIN), "ling", 0, roles=None, disabled=True)
    assert [reason.code for reason in refusal.value.reasons] == ["last_admin"]


def test_a_new_account_hears_everything_that_is_wrong_at_once(ports: Ports) -> None:
    with pytest.raises(Refused) as refusal:
        accounts.open_account(ports, "test", "坏 名", frozenset({Role.APPLICANT}), "short", "示例")
    assert [reason.code for reason in refusal.value.reasons] == ["bad_name", "bad_roles", "password_too_short"]


def test_another_body_under_the_key_of_a_consent_is_another_body_even_where_it_would_be_refused(ports: Ports) -> None:
    actor = acting.user(ports)
    accounts.give_consents(ports, acting.order(actor, key="the-consent", body="one"), ["completed"])
    with pytest.raises(KeyReused):
        accounts.give_consents(ports, acting.order(actor, key="the-consent", body="two"), ["no such notice"])


def test_each_tap_of_consent_is_one_credit(ports: Ports) -> None:
    actor = acting.user(ports)
    for _ in range(2):
        accounts.give_consents(ports, acting.order(actor), ["completed"])
    stored = ports.records.get(User, actor.id)
    assert stored is not None
    assert stored.consents == {"completed": 2}
