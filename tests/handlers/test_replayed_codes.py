"""Codes that work once: WeChat's for members, an authenticator app's for staff. A second time they open nothing."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from chalice.test import Client

from chalicelib import wiring
from chalicelib.credentials import StrongCredentials
from chalicelib.memory.credentials import PlainCredentials
from chalicelib.memory.ports import ports as ports_in_memory
from chalicelib.operations import accounts, staff
from chalicelib.rules.records import StaffAccount
from chalicelib.rules.vocabulary import Role
from tests.handlers.asking import PASSWORD, Answer, Asker, House
from tests.handlers.conftest import SETTINGS
from tests.handlers.refusals import assert_problem, assert_refused

STEP = timedelta(seconds=30)
A_WHILE = timedelta(minutes=31)  # after which no try counts any more


def test_a_wechat_code_that_was_used_opens_nothing_at_any_later_time(house: House, visitor: Asker) -> None:
    house.member("chen")
    clock: Any = house.ports.clock
    for later in (0, 1, 60, 300, 86_400):
        clock.advance(timedelta(seconds=later))
        for _ in range(10):
            assert_refused(house, lambda: visitor.ask("POST", "/login", {"code": "code-for-chen"}), 401, "wechat_code")


# --- one-time codes of staff ------------------------------------------------------------------------------------------


class Telephone(StrongCredentials):
    """The real arithmetic, and what an authenticator app would show."""

    def totp_code(self, secret: str, at: Any) -> str:
        return pyotp.TOTP(secret).at(at)


@pytest.fixture(params=[PlainCredentials, Telephone], ids=["in memory", "real"])
def desk(request: pytest.FixtureRequest, client: Client) -> Iterator[House]:
    """A house with one account of staff, whose telephone shows a code for any step."""
    ports = ports_in_memory(credentials=request.param())
    accounts.open_account(ports, "test", "finance", frozenset({Role.FINANCE}), PASSWORD, "test")
    wiring.use(ports, SETTINGS)
    yield House(client, ports)
    wiring.use(None)


def code(house: House, steps: int) -> str:
    """The code of so many steps from now."""
    account = house.ports.records.get(StaffAccount, "finance")
    assert account is not None
    credentials: Any = house.ports.credentials
    secret = house.ports.records.opened(account).totp_secret.plain
    return str(credentials.totp_code(secret, house.ports.clock.now() + steps * STEP))


def sign_in(house: House, code: str) -> Answer:
    return house.visitor.ask("POST", "/staff/login", {"name": "finance", "password": PASSWORD, "code": code})


def later(house: House, by: timedelta) -> None:
    clock: Any = house.ports.clock
    clock.advance(by)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_one_time_code_works_once_whether_the_telephone_is_early_or_late(desk: House, steps: int) -> None:
    given = code(desk, steps)
    assert sign_in(desk, given).status == 200
    assert_problem(sign_in(desk, given), 401, "sign_in_refused")


@pytest.mark.parametrize("steps", [-2880, -10, -2, 2, 10, 2880])
def test_a_code_of_a_step_further_away_is_refused(desk: House, steps: int) -> None:
    assert_problem(sign_in(desk, code(desk, steps)), 401, "sign_in_refused")


def test_a_code_of_an_earlier_step_than_the_last_one_used_is_refused(desk: House) -> None:
    """Somebody who looked over a shoulder at the code before has half a minute more than its owner thinks."""
    seen = [code(desk, -1), code(desk, 0)]
    assert sign_in(desk, code(desk, 1)).status == 200
    for old in seen:
        assert_problem(sign_in(desk, old), 401, "sign_in_refused")


def test_a_clock_that_steps_back_makes_no_used_code_good_again(desk: House) -> None:
    used = code(desk, 0)
    assert sign_in(desk, used).status == 200
    later(desk, A_WHILE)
    assert sign_in(desk, code(desk, 0)).status == 200
    later(desk, -A_WHILE)
    assert_problem(sign_in(desk, used), 401, "sign_in_refused")


@pytest.mark.parametrize("typed", ["", " ", "０" * 6, "-00001", "1e5", "000000\0", "None", "٠" * 6, "1" * 100])
def test_what_is_no_code_is_refused_and_breaks_nothing(desk: House, typed: str) -> None:
    assert sign_in(desk, typed).status in (401, 422)


def test_after_a_reset_the_codes_of_the_old_secret_are_worthless(desk: House) -> None:
    assert sign_in(desk, code(desk, 0)).status == 200
    later(desk, A_WHILE)
    old = code(desk, 0)
    staff.reset_by_command(desk.ports, "test", "finance", PASSWORD, "lost", "test")
    assert_problem(sign_in(desk, old), 401, "sign_in_refused")
