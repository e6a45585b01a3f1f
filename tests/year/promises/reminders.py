"""Promise 6 of what falls due: reminded once per certificate and window, of what is owed and of nothing else.

Windows are reckoned here anew, from the domain page: 60, 30 and 7 days before a training certificate lapses; 1 January,
1 March and 25 March for dues and review, up to 31 March.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.rules.records import Binding, Enterprise, Message
from tests.year.promises.seen import Seen

A_DAY = timedelta(days=1)
SEASON = ((1, 1), (3, 1), (3, 25))
BEFORE = (60, 30, 7)
OF_SEASON = {"dues_due": "dues", "review_due": "review"}


@dataclass(frozen=True)
class Window:
    first: date
    last: date


def windows_of(year: int) -> list[Window]:
    opens = [date(year, *each) for each in SEASON]
    return [Window(first, after - A_DAY) for first, after in zip(opens, [*opens[1:], date(year, 4, 1)], strict=True)]


def reminded_once(seen: Seen) -> Iterator[str]:
    said = _said(seen)
    for notice, owed in (("dues_due", _owes_dues), ("review_due", _owes_review)):
        yield from _season(seen, notice, said[notice], owed)
    yield from _training(seen, said["training_expiring"])


Said = dict[tuple[str, str], list[Message]]


def _said(seen: Seen) -> dict[str, Said]:
    """By notice, then by enterprise and user."""
    found: dict[str, Said] = defaultdict(lambda: defaultdict(list))
    for each in seen.all(Message):
        if each.notice in (*OF_SEASON, "training_expiring"):
            found[each.notice][each.id.rpartition("-")[2], each.user].append(each)
    return found


# --- dues and review --------------------------------------------------------------------------------------------------

Owed = Callable[[Seen, str, int, datetime], bool]


def _owes_dues(seen: Seen, enterprise: str, year: int, at: datetime) -> bool:
    return not any(each.year == year and each.at <= at for each in seen.years.get(enterprise, ()))


def _owes_review(seen: Seen, enterprise: str, year: int, at: datetime) -> bool:
    all_of_them = seen.qualifications.get(enterprise, ())
    held = [each for each in all_of_them if each.issued_on < at.date() and not seen.revoked(each.root, at)]
    reviews = [seen.reviewed.get((each.root, year)) for each in held if each.issued_on.year != year]
    return any(done is None or done > at for done in reviews)


def _season(seen: Seen, notice: str, said: Said, owed: Owed) -> Iterator[str]:
    for (enterprise, user), messages in said.items():
        windows = Counter(_window(each.at.date()) for each in messages)
        yield from (f"{notice} was told {n} times to {user} in one window" for n in windows.values() if n > 1)
        for each in messages:
            if _window(each.at.date()) is None or not owed(seen, enterprise, each.at.year, each.at - A_DAY / 1440):
                yield f"{notice} was told to {user} on {each.at}, and nothing was owed"
    for window in (each for year in range(2024, seen.today.year + 1) for each in windows_of(year)):
        last = min(window.last, seen.today)
        if last > window.first:
            yield from _missing(seen, notice, said, owed, Window(window.first, last))


def _window(day: date) -> Window | None:
    return next((each for each in windows_of(day.year) if each.first <= day <= each.last), None)


def _missing(seen: Seen, notice: str, said: Said, owed: Owed, window: Window) -> Iterator[str]:
    """Who owed from the first day of a window to its last, and represented the unit all the while, has heard of it."""
    for enterprise, user in _bound(seen, window.first):
        opened, closed = (_noon(seen, each) for each in (window.first - A_DAY, window.last + A_DAY))
        if not (
            owed(seen, enterprise, window.first.year, opened) and owed(seen, enterprise, window.first.year, closed)
        ):
            continue
        if any(opened <= each <= closed for each in _turns(seen, enterprise)):
            continue
        if not any(window.first <= each.at.date() <= window.last for each in said.get((enterprise, user), ())):
            yield f"{notice} was never told to {user} between {window.first} and {window.last}"


def _noon(seen: Seen, day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), seen.now.tzinfo) + timedelta(hours=12)


def _turns(seen: Seen, enterprise: str) -> Iterator[datetime]:
    """Moments at which a qualification was revoked or came back: then it was not owed all the while."""
    for each in seen.qualifications.get(enterprise, ()):
        yield from (deed.at for deed in seen.revocations.get(each.root, ()))


def _bound(seen: Seen, day: date) -> Iterator[tuple[str, str]]:
    since = {each.id: each.member_since for each in seen.all(Enterprise)}
    for each in seen.all(Binding):
        if each.at.date() < day and since[each.enterprise] < day:
            yield each.enterprise, each.user


# --- training certificates --------------------------------------------------------------------------------------------


def _training(seen: Seen, said: Said) -> Iterator[str]:
    """How many were spoken of altogether is at least what had to be, and at most what could be."""
    known = {(each.enterprise, each.user): each.at.date() for each in seen.all(Binding)}
    terms = _terms(seen)
    for (enterprise, user), bound in known.items():
        messages = [each for each in said.get((enterprise, user), ()) if each.at.date() >= bound]
        told = sum(int(each.context["count"]) for each in messages)
        had_to = sum(each.had_to(bound, seen.today) for each in terms.get(enterprise, ()))
        could = sum(each.could(bound, seen.today) for each in terms.get(enterprise, ()))
        if not had_to <= told <= could:
            yield f"{user} was reminded of {told} certificates, of {had_to} at least and {could} at most"


@dataclass(frozen=True)
class Term:
    """A certificate's term stood on the roll from a day to another, and one window of it was open meanwhile."""

    stood: Window
    window: Window

    def had_to(self, bound: date, today: date) -> bool:
        """All the window long, or as much of it as has been; and whoever is to be told was there before."""
        until = min(self.window.last, today)
        there = self.stood.first < self.window.first and self.stood.last > until
        return there and bound < self.window.first < today

    def could(self, bound: date, today: date) -> bool:
        """With a day to spare: a message that is worked off late speaks of what is open then."""
        begins, ends = max(self.stood.first, self.window.first, bound), min(self.stood.last, self.window.last, today)
        return begins <= ends + A_DAY


def _terms(seen: Seen) -> dict[str, list[Term]]:
    found: dict[str, list[Term]] = defaultdict(list)
    for entries in seen.town.books.people.values():
        for each, after in zip(entries, [*entries[1:], None], strict=True):
            stood = Window(each.entered, after.entered if after else date.max - A_DAY)
            opens = [each.last - timedelta(days=days) for days in BEFORE]
            closes = [*(day - A_DAY for day in opens[1:]), each.last]
            found[each.unit] += [Term(stood, Window(*w)) for w in zip(opens, closes, strict=True)]
    return found
