"""Passwords by argon2id (RFC 9106) and one-time codes by TOTP (RFC 6238), for the accounts of staff."""

import hmac
from datetime import datetime
from functools import cached_property

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

STEP_SECONDS = 30
DRIFT = (0, -1, 1)


class StrongCredentials:
    def __init__(self) -> None:
        self._hasher = PasswordHasher()

    def hashed(self, password: str) -> str:
        return self._hasher.hash(password)

    def matches(self, password: str, hashed: str | None) -> bool:
        """An unknown name costs the time of a known one, so that time does not tell which names there are."""
        try:
            return self._hasher.verify(hashed or self._nobodys, password) and hashed is not None
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(pyotp.random_base32())

    def new_totp_secret(self) -> str:
        return pyotp.random_base32()

    def totp_step(self, secret: str, code: str, at: datetime) -> int | None:
        now = int(at.timestamp()) // STEP_SECONDS
        totp, given = pyotp.TOTP(secret), code.strip().encode(errors="replace")
        steps = (now + drift for drift in DRIFT)
        return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), given)), None)

    def totp_uri(self, secret: str, account: str, issuer: str) -> str:
        return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)
