"""Passwords and codes without the cost of real ones: never outside tests and previews."""

from datetime import datetime
from hashlib import sha256
from itertools import count

STEP_SECONDS = 30


class PlainCredentials:
    def __init__(self) -> None:
        self._secrets = count(1)

    def hashed(self, password: str) -> str:
        return "plain:" + sha256(password.encode(errors="replace")).hexdigest()

    def matches(self, password: str, hashed: str | None) -> bool:
        return hashed == self.hashed(password)

    def new_totp_secret(self) -> str:
        return f"SECRET{next(self._secrets)}"

    def totp_code(self, secret: str, at: datetime) -> str:
        """What the person's telephone would show."""
        return _code(secret, _step(at))

    def totp_step(self, secret: str, code: str, at: datetime) -> int | None:
        now = _step(at)
        return next((step for step in (now, now - 1, now + 1) if _code(secret, step) == code), None)

    def totp_uri(self, secret: str, account: str, issuer: str) -> str:
        return f"otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}"


def _step(at: datetime) -> int:
    return int(at.timestamp()) // STEP_SECONDS


def _code(secret: str, step: int) -> str:
    return f"{int(sha256(f'{secret}{step}'.encode()).hexdigest(), 16) % 1_000_000:06d}"
