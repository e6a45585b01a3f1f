"""EventBridge on one machine: calls a function when its schedule says so. Schedules are in UTC."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from chalice.app import ScheduledEventConfig

from infra.local import shapes

Json = Mapping[str, Any]
Invoke = Callable[[Json], Json]


def utc_now() -> datetime:
    return datetime.now(UTC)


def in_utc(now: Callable[[], datetime]) -> Callable[[], datetime]:
    """The same clock, read in the time zone that schedules are written in."""
    return lambda: now().astimezone(UTC)


@dataclass
class Ticker:
    """Calls a function whenever ``every`` has passed, or each day at ``at`` past midnight UTC."""

    name: str
    invoke: Invoke
    now: Callable[[], datetime]
    every: timedelta | None
    at: timedelta | None
    _last: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._last = self.now()

    def turn(self) -> bool:
        now = self.now()
        if self._next() > now:
            return False
        self._last = now
        self.invoke(shapes.of_schedule(self.name, now))
        return True

    def _next(self) -> datetime:
        if self.every is not None:
            return self._last + self.every
        midnight = self._last.replace(hour=0, minute=0, second=0, microsecond=0)
        today = midnight + (self.at or timedelta())
        return today if today > self._last else today + timedelta(days=1)


def ticker(schedule: ScheduledEventConfig, invoke: Invoke, now: Callable[[], datetime] = utc_now) -> Ticker:
    """Understands what the timetable uses: rate(n minutes), and cron at a minute and hour of every day."""
    kind, _, rest = expression(schedule).partition("(")
    parts = rest.rstrip(")").split()
    if kind == "rate" and parts[1].startswith("minute"):
        return Ticker(schedule.name, invoke, now, timedelta(minutes=int(parts[0])), None)
    if kind == "cron" and parts[2:] == ["*", "*", "?", "*"]:
        return Ticker(schedule.name, invoke, now, None, timedelta(hours=int(parts[1]), minutes=int(parts[0])))
    raise ValueError(f"no way to keep this schedule on one machine: {expression(schedule)}")


def expression(schedule: ScheduledEventConfig) -> str:
    said = schedule.schedule_expression
    return said if isinstance(said, str) else said.to_string()
