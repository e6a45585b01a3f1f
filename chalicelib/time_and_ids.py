"""The real clock, and ids that nobody can guess. Their stand-ins for tests are in memory/time_and_ids."""

import hmac
import secrets
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
ID_LENGTH = 16  # 80 random bits
ROOT_LENGTH = 26  # 130 random bits
MEMBER_CODES = range(10_000_000, 100_000_000)


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(SHANGHAI)

    def today(self) -> date:
        return self.now().date()


class RandomIds:
    def __init__(self, hash_key: bytes) -> None:
        self._hash_key = hash_key

    def new(self, prefix: str) -> str:
        return prefix + _random(ID_LENGTH).lower()

    def root(self) -> str:
        return _random(ROOT_LENGTH)

    def member_code(self) -> str:
        return str(secrets.choice(MEMBER_CODES))

    def keyed(self, purpose: str, text: str) -> str:
        return hmac.new(self._hash_key, f"{purpose}\0{text}".encode(), sha256).hexdigest()


def _random(length: int) -> str:
    return "".join(secrets.choice(BASE32) for _ in range(length))
