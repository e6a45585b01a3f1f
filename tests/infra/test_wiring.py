"""The wiring: light until used, and the real ports do what the ports promise."""

import subprocess
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pyotp
import pytest

from chalicelib import wiring
from chalicelib.credentials import StrongCredentials
from chalicelib.memory.ports import ports as in_memory
from chalicelib.messages.wechat import WeChat
from chalicelib.rules.vocabulary import Refused, Role
from chalicelib.settings import read
from chalicelib.time_and_ids import RandomIds, SystemClock
from infra.first_admin import AdminThere, make
from tests.infra.test_settings import GOOD

HEAVY = ("fpdf", "pyhanko", "uharfbuzz", "fontTools", "pypdf", "PIL", "jinja2", "segno", "openpyxl")
SECRET = "JBSWY3DPEHPK3PXP" * 2
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize("function", ["uploads", "outbox", "issuing", "mailing", "notifying", "timetable"])
def test_an_event_function_starts_without_ink_and_without_the_app(function: str) -> None:
    asked = f"import sys, chalicelib.handlers.{function}; print([m for m in sys.modules if m in {(*HEAVY, 'app')!r}])"
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_tests_put_their_ports_in_the_place_of_the_real_ones() -> None:
    given = in_memory()
    wiring.use(given)
    assert wiring.ports() is given
    wiring.use(None)


@pytest.mark.parametrize(("chosen", "edition"), [({}, "formal"), ({"WECHAT_EDITION": "trial"}, "trial")])
def test_a_tap_on_a_notice_opens_the_edition_that_the_stage_serves(chosen: dict[str, str], edition: str) -> None:
    wechat = wiring.assemble(read({**GOOD, **chosen})).wechat
    assert isinstance(wechat, WeChat)
    assert wechat.edition == edition


def test_ids_cannot_be_guessed_and_keyed_hashes_need_the_key() -> None:
    ids, others = RandomIds(b"one" * 16), RandomIds(b"two" * 16)
    assert len({ids.new("a") for _ in range(100)}) == 100
    assert len(ids.root()) == 26
    assert len(ids.member_code()) == 8
    assert ids.keyed("openid", "x") == ids.keyed("openid", "x")
    assert len({ids.keyed("openid", "x"), ids.keyed("mobile", "x"), others.keyed("openid", "x")}) == 3


def test_the_clock_is_shanghais() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(hours=8)
    assert clock.today() in (clock.now().date(), clock.now().date() - timedelta(days=1))


def test_a_password_matches_only_itself_and_an_unknown_name_nothing() -> None:
    credentials = StrongCredentials()
    hashed = credentials.hashed("correct horse battery")
    assert hashed.startswith("$argon2id$")
    assert credentials.matches("correct horse battery", hashed)
    assert not credentials.matches("correct horse", hashed)
    assert not credentials.matches("correct horse battery", None)
    assert not credentials.matches("correct horse battery", "not a hash")


@pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_one_time_code_is_good_for_its_half_minute_and_the_two_beside_it(seconds: int, fits: bool) -> None:  # noqa: FBT001 - a column of the table
    credentials, secret = StrongCredentials(), SECRET
    code = pyotp.TOTP(secret).at(NOON + timedelta(seconds=seconds))
    step = credentials.totp_step(secret, code, NOON)
    assert (step is not None) is fits
    assert step in (None, (int(NOON.timestamp()) + seconds) // 30)


@pytest.mark.parametrize("code", ["", "00000", "１２３４５６", "abcdef", "0" * 400])
def test_an_odd_code_fits_nothing(code: str) -> None:
    assert StrongCredentials().totp_step(SECRET, code, NOON) is None


def test_the_first_admin_is_made_once() -> None:
    ports = in_memory()
    made = make(ports, "head", "a long enough password")
    assert made.totp_secret in made.totp_uri
    assert ports.records.staff_accounts()[0].roles == {Role.ADMIN}
    with pytest.raises(AdminThere):
        make(ports, "second", "a long enough password")


def test_a_first_admin_with_a_short_password_is_refused() -> None:
    with pytest.raises(Refused):
        make(in_memory(), "head", "short")
