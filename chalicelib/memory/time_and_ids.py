"""A clock that is set by hand and ids that count: the same test always sees the same instants and names."""

import hashlib
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
A_MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
ROOT_LENGTH = 26


class FixedClock:
    def __init__(self, now: datetime = A_MORNING) -> None:
        self._now = now.astimezone(SHANGHAI)

    def now(self) -> datetime:
        return self._now

    def today(self) -> date:
        return self._now.date()

    def set(self, now: datetime) -> None:
        self._now = now.astimezone(SHANGHAI)

    def advance(self, by: timedelta) -> None:
        self._now = (self._now + by).astimezone(SHANGHAI)


class CountingIds:
    """a000001, f000002, … in the order asked for."""

    def __init__(self) -> None:
        self._counted = count(1)

    def new(self, prefix: str) -> str:
        return f"{prefix}{next(self._counted):06d}"

    def root(self) -> str:
        digest = hashlib.sha256(str(next(self._counted)).encode()).digest()
        return "".join(BASE32[byte % len(BASE32)] for byte in digest[:ROOT_LENGTH])

    def member_code(self) -> str:
        return str(10_000_000 + next(self._counted))

    def keyed(self, purpose: str, text: str) -> str:
        return hashlib.sha256(f"{purpose}\0{text}".encode()).hexdigest()
