"""What a unit is like: when it pays and has itself reviewed, how careful it is, how many people it has."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

SIX = 6
OVERPAID, SHORT_BY = 20_000, 15_000


class Pays(Enum):
    """When, of the year that the dues are for."""

    IN_DECEMBER = (-31, -2)
    IN_JANUARY = (3, 28)
    IN_SPRING = (35, 88)
    LATE = (95, 170)
    NEVER = None


class Reviews(Enum):
    IN_TIME = (12, 80)
    LATE = (92, 115)
    NEVER = None


class Money(Enum):
    """How a payment arrives."""

    RIGHT = "right"
    CASH = "cash"
    SHORT = "short"
    OVER = "over"
    NEVER_SENT = "never sent"

    def came(self, amount: int) -> int:
        """Fen that truly come of so many declared."""
        if self is Money.NEVER_SENT:
            return 0
        return max(0, amount + {Money.SHORT: -SHORT_BY, Money.OVER: OVERPAID}.get(self, 0))


CARELESS = (Money.RIGHT, Money.CASH, Money.SHORT, Money.OVER, Money.NEVER_SENT, Money.NEVER_SENT)


@dataclass(frozen=True)
class Habit:
    joins: date
    pays: Pays
    reviews: Reviews
    careful: float
    people: int
    certified: int
    qualifies: bool
    changes: int
    colleague: bool
    withdraws: bool
    founder: bool = False


def habit(chance: random.Random, opens: date, last: date, *, founder: bool = False) -> Habit:
    """A founder keeps every term, so that his qualification comes to its renewal."""
    months = (last - opens).days
    joins = opens + timedelta(days=int(months * (0.12 if founder else 0.75) * chance.random() ** 2.2))
    people = max(2, min(29, round(chance.gauss(10.8, 4))))
    if founder:
        people = max(8, people)
        return Habit(joins, Pays.IN_DECEMBER, Reviews.IN_TIME, 1.0, people, people, True, 0, False, False, founder=True)
    pays = chance.choices(list(Pays), (38, 30, 14, 10, 8))[0]
    reviews = chance.choices(list(Reviews), (72, 18, 10))[0]
    short = chance.random() < 0.15
    return Habit(
        joins, pays, reviews, careful=chance.uniform(0.75, 0.99), people=people,
        certified=min(people, chance.randint(2, SIX - 1)) if short else people, qualifies=chance.random() < 0.7,
        changes=chance.choices((0, 1, 2), (70, 22, 8))[0], colleague=chance.random() < 0.2,
        withdraws=chance.random() < 0.08,
    )  # fmt: skip


def some_day(chance: random.Random, year: int, span: tuple[int, int] | None) -> date | None:
    """A day of the span, counted from 1 January of the year."""
    return None if span is None else date(year, 1, 1) + timedelta(days=chance.randint(*span))
