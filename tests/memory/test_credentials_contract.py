"""Passwords and one-time codes: the plain ones of memory and the real ones keep the same promises."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pyotp
import pytest

from chalicelib.credentials import StrongCredentials
from chalicelib.memory.credentials import PlainCredentials
from chalicelib.memory.time_and_ids import A_MORNING
from chalicelib.operations.ports import Credentials

STEP = timedelta(seconds=30)


class Kept(NamedTuple):
    """Credentials, and what a person's telephone shows for a secret at an instant (in seconds)."""

    credentials: Credentials
    shown: Callable[[str, float], str]


def _plain() -> Kept:
    credentials = PlainCredentials()
    return Kept(credentials, lambda secret, at: credentials.totp_code(secret, A_MORNING + timedelta(seconds=at)))


def _strong() -> Kept:
    return Kept(StrongCredentials(), lambda secret, at: pyotp.TOTP(secret).at(A_MORNING + timedelta(seconds=at)))


@pytest.fixture(params=[_plain, _strong], ids=["memory", "strong"])
def kept(request: pytest.FixtureRequest) -> Kept:
    made: Kept = request.param()
    return made


def test_a_password_matches_its_own_hash_only(kept: Kept) -> None:
    hashed = kept.credentials.hashed("correct horse 电池")
    assert "correct" not in hashed
    assert kept.credentials.matches("correct horse 电池", hashed)
    for wrong in ("", "correct horse", "CORRECT HORSE 电池"):
        assert not kept.credentials.matches(wrong, hashed)


def test_nobody_has_no_password(kept: Kept) -> None:
    assert not kept.credentials.matches("", None)
    assert not kept.credentials.matches("anything", None)
    assert not kept.credentials.matches("anything", "no hash at all")


def test_half_a_character_is_a_wrong_password_and_nothing_worse(kept: Kept) -> None:
    assert not kept.credentials.matches("\ud800", kept.credentials.hashed("password"))


def test_a_code_is_good_in_its_step_and_one_beside_it(kept: Kept) -> None:
    secret = kept.credentials.new_totp_secret()
    now = int(A_MORNING.timestamp()) // 30
    for steps in (-2, -1, 0, 1, 2):
        code = kept.shown(secret, steps * 30)
        expected = now + steps if abs(steps) <= 1 else None
        assert kept.credentials.totp_step(secret, code, A_MORNING) == expected


@pytest.mark.parametrize("code", ["", "0", "abcdef", "１２３４５６", "１", "\0", "000000000000", "\ud800"])
def test_what_is_no_code_is_wrong_and_nothing_worse(kept: Kept, code: str) -> None:
    assert kept.credentials.totp_step(kept.credentials.new_totp_secret(), code, A_MORNING) is None


def test_secrets_are_new_every_time_and_the_address_names_them(kept: Kept) -> None:
    first, second = kept.credentials.new_totp_secret(), kept.credentials.new_totp_secret()
    assert first != second
    assert first in kept.credentials.totp_uri(first, "finance", "示例协会")
