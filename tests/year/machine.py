"""The machine itself: from day to day through the years in which the first members join, and the months shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.operations import sweeping
from tests.year.clockwork import Clockwork
from tests.year.finance import Finance
from tests.year.habits import habit
from tests.year.office import Office
from tests.year.town import Town, at
from tests.year.units import Unit

OPENS = date(2026, 11, 1)
FOUNDED = date(2023, 11, 6)  # so that the founders' three years end within the months that are shown
SETTLED = date(2025, 3, 1)  # from here on those join who are members when the first month begins
FOUNDERS, MEMBERS = 0.06, 0.5
SHOWN_DAYS_WEIGH = 7
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Size:
    """``founders`` and ``members``: how many joined in the years before, the first for the sake of their renewal."""

    enterprises: int
    months: int
    seed: int
    founders: int
    members: int

    @classmethod
    def of(cls, enterprises: int, months: int, seed: int) -> "Size":
        founders = min(enterprises, max(2, round(enterprises * FOUNDERS)))
        return cls(enterprises, months, seed, founders, round((enterprises - founders) * MEMBERS))

    @property
    def last(self) -> date:
        """The last day of the last month."""
        months = OPENS.month - 1 + self.months
        return date(OPENS.year + months // 12, months % 12 + 1, 1) - A_DAY

    @property
    def first(self) -> date:
        """The first day of all: without anybody who joined before, that of the first month."""
        return FOUNDED if self.founders else SETTLED if self.members else OPENS

    def share(self, day: date) -> float:
        """Of the whole way, how much is behind when a day is over: in the months that are shown more happens."""
        before, shown = (OPENS - self.first).days, (self.last - OPENS).days + 1
        gone, seen = min(before, (day - self.first).days + 1), max(0, (day - OPENS).days + 1)
        return (gone + SHOWN_DAYS_WEIGH * seen) / (before + SHOWN_DAYS_WEIGH * shown)


class Machine:
    def __init__(self, size: Size) -> None:
        self.size = size
        self.town = Town(size.first, date(OPENS.year + 2, 1, 1), size.seed)
        self.clockwork, self.office, self.finance = Clockwork(self.town), Office(self.town), Finance(self.town)
        self.units = [self._unit(n) for n in range(1, size.enterprises + 1)]

    def _unit(self, n: int) -> Unit:
        size, chance = self.size, self.town.chance
        if n <= size.founders:
            like = habit(chance, FOUNDED, OPENS - A_DAY, founder=True)
        elif n <= size.founders + size.members:
            like = habit(chance, SETTLED, OPENS - A_DAY)
        else:
            like = habit(chance, OPENS, size.last)
        return Unit(self.town, n, like, size.last)

    def run(self, day_over: Callable[[date], None], month_over: Callable[[date], None]) -> None:
        """``day_over`` hears of each day, ``month_over`` of each month that is shown, once all has come to rest."""
        day = self.size.first
        while day <= self.size.last:
            self.one_day(day)
            day_over(day)
            if day >= OPENS and (day + A_DAY).day == 1:
                self.rest(day)
                month_over(day)
            day += A_DAY

    def one_day(self, day: date) -> None:
        town = self.town
        town.clock.set(at(day, 0, 1))
        self.clockwork.night()
        self.clockwork.works_off()
        self.clockwork.morning()
        town.clock.set(max(town.clock.now(), at(day, 9, 30)))
        for wish in town.diary.pop(day, []):
            again = wish()
            if again is not None:
                town.later(again, wish)
        self.office.works()
        self.finance.works()
        self.clockwork.works_off()
        town.clock.set(max(town.clock.now() + timedelta(minutes=10), at(day, 18)))
        sweeping.sweep(town.ports)
        self.clockwork.collect()
        self.clockwork.staff_redrive()

    def rest(self, day: date) -> None:
        """Before anybody looks: every job in its turn, and every queue empty."""
        self.town.clock.set(max(self.town.clock.now(), at(day, 22)))
        for _ in range(2):
            self.clockwork.all_jobs()
            self.clockwork.collect()
            for _ in range(8):
                self.clockwork.works_off(all_of_it=True)
        assert self.town.today == day, "the day was too short for all its orders"
