"""A clock that a story can set forward: real time, and as much more as it was told. No deployed code knows of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib import wiring

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Movable:
    """It runs as the machine's does. Nothing else is moved: what AWS and its emulator date, they date in real time."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(SHANGHAI) + self._ahead

    def today(self) -> date:
        return self.now().date()

    def set_forward(self, to: datetime) -> None:
        """Raises ValueError for a time that has passed: nothing that was done may lie in the future."""
        now = self.now()
        if to < now:
            raise ValueError(f"{to} has passed, it is {now}")
        self._ahead += to - now


@contextmanager
def in_place(clock: Movable) -> Iterator[None]:
    """While it is, whatever is wired anew goes by this clock; afterwards by the machine's again."""
    names = vars(wiring)  # the class is looked up there, and only there, when the real ports are made
    before = names["SystemClock"]
    names.update(SystemClock=lambda: clock)
    try:
        yield
    finally:
        names.update(SystemClock=before)
