"""What falls due on a day: renewals, and reminders of what lapses or is owed (domain §6, D).

Days are Asia/Shanghai calendar dates. Nothing here counts on which days the job runs: it may skip some, or run twice.
What to look up follows from the day of the last complete run, what to say from what was said already.
"""

from calendar import monthrange
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.rules.certificates import Deadline, is_reviewed
from chalicelib.rules.guards import held
from chalicelib.rules.records import Dossier
from chalicelib.rules.vocabulary import CertificateKind, Term

A_DAY = timedelta(days=1)


class Due(Term):
    """What one is reminded of."""

    TRAINING_EXPIRY = "training_expiry", "岗位培训合格证即将到期"
    DUES = "dues", "会费待缴纳"
    REVIEW = "review", "资质证待年审"


class Channel(Term):
    MESSAGE_LIST = "message_list", "消息列表"
    WECHAT = "wechat", "微信提醒"
    MAIL = "mail", "电子邮件"


# --- windows: when a reminder is to be said ---------------------------------------------------------------------------


@dataclass(frozen=True)
class DaysBefore:
    """So many days before the last day; 0 is the last day itself."""

    days: int

    def opens(self, last: date) -> date:
        return last - timedelta(days=self.days)


@dataclass(frozen=True)
class DayOfYear:
    """A day of the year in which the last day lies; 29 February is the 28th where there is none."""

    month: int
    day: int

    def opens(self, last: date) -> date:
        return _day_of(last.year, self.month, self.day)


@dataclass(frozen=True)
class Window:
    """One reminder: it is open from its day to the day before the next one's; the last one to the last day itself.

    ``code`` tells windows apart for good: what was said under it is never said again.
    """

    code: str
    due: Due
    opening: DaysBefore | DayOfYear

    def opens(self, last: date) -> date:
        return self.opening.opens(last)


def windows_of(training: Iterable[int], season: Iterable[DayOfYear]) -> tuple[Window, ...]:
    """``training``: days before a training certificate lapses; ``season``: days of the year for dues and review.

    A code holds the day it stands for: a day that staff add is a window of its own, one they put back is known.
    """
    return (
        *(Window(f"training-{days}", Due.TRAINING_EXPIRY, DaysBefore(days)) for days in training),
        *(
            Window(f"{due.value}-{each.month:02}{each.day:02}", due, each)
            for due in (Due.DUES, Due.REVIEW)
            for each in season
        ),
    )


# domain §6, D
TRAINING_DAYS: tuple[int, ...] = (60, 30, 7)
SEASON_DAYS: tuple[DayOfYear, ...] = (DayOfYear(1, 1), DayOfYear(3, 1), DayOfYear(3, 25))
WINDOWS: tuple[Window, ...] = windows_of(TRAINING_DAYS, SEASON_DAYS)
CHANNELS: tuple[Channel, ...] = (Channel.MESSAGE_LIST, Channel.WECHAT)


def open_window(due: Due, last: date, today: date, windows: Iterable[Window] = WINDOWS) -> Window | None:
    """The most urgent one that is open; one that has been overtaken by the next is not said late beside it."""
    if today > last:
        return None
    opened = (each for each in windows if each.due is due and each.opens(last) <= today)
    return max(opened, key=lambda each: each.opens(last), default=None)


# --- what is due: for whom, and by when -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Matter:
    """One thing of which somebody is reminded. ``last``: the last day on which it is still in time.

    ``subject`` is the certificate's root, of a training certificate its number; for dues, which one also owes without
    a certificate, the enterprise's id.
    ``unit`` and ``number`` are what the notice names; neither is personal.
    """

    due: Due
    subject: str
    last: date
    unit: str
    number: str = ""


def training_expiry(subject: str, last: date, unit: str, number: str) -> Matter:
    """A training certificate whose last day is ``last``; renewed to another last day, it is another matter."""
    return Matter(Due.TRAINING_EXPIRY, subject, last, unit, number)


def dues_owed(dossier: Dossier, today: date, deadline: Deadline) -> Matter | None:
    """This year's dues while no payment is booked; after the deadline nobody is reminded, and a review is overdue.

    A unit whose membership has ended owes none.
    """
    if dossier.enterprise.ended or any(each.year == today.year for each in dossier.years):
        return None
    enterprise = dossier.enterprise
    return Matter(Due.DUES, enterprise.id, last_day_of(deadline, today.year), enterprise.name, enterprise.member_code)


def review_owed(dossier: Dossier, today: date, deadline: Deadline) -> Matter | None:
    """This year's review of a qualification that is held, be it expired; None where it is done or none is held."""
    qualification = held(dossier, CertificateKind.QUALIFICATION)
    if qualification is None or is_reviewed(qualification, today.year):
        return None
    last, name = last_day_of(deadline, today.year), dossier.enterprise.name
    return Matter(Due.REVIEW, qualification.root, last, name, qualification.number)


def last_day_of(deadline: Deadline, year: int) -> date:
    return _day_of(year, deadline.month, deadline.day)


def _day_of(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


# --- what to say ------------------------------------------------------------------------------------------------------

NOTICES: Mapping[Due, str] = {
    Due.TRAINING_EXPIRY: "training_expiring",
    Due.DUES: "dues_due",
    Due.REVIEW: "review_due",
}


@dataclass(frozen=True)
class Reminder:
    """One thing to say by one channel. Its ``key`` is the same whatever day it is said."""

    matter: Matter
    window: Window
    channel: Channel

    @property
    def key(self) -> str:
        """Once per certificate, window and channel (domain §6, D); the last day tells one term from the next."""
        return f"{self.window.code}-{self.matter.subject}-{self.matter.last:%Y%m%d}-{self.channel.value}"

    @property
    def opened(self) -> date:
        """The day it fell due, from which a message's identity may derive."""
        return self.window.opens(self.matter.last)

    @property
    def notice(self) -> str:
        return NOTICES[self.matter.due]

    def context(self, today: date, count: int = 1) -> Mapping[str, str]:
        """What the notice says, as of the day it is said; the association's name and telephone come beside it.

        ``count``: of how many it speaks, of which this is the first to end.
        """
        last = self.matter.last
        return {
            "count": str(count),
            "unit": self.matter.unit,
            "number": self.matter.number,
            "year": str(last.year),
            "last": f"{last:%Y年%m月%d日}",
            "days": str((last - today).days),
        }


def due_reminders(
    today: date,
    matters: Iterable[Matter],
    said: Container[str],
    windows: Iterable[Window] = WINDOWS,
    channels: Iterable[Channel] = CHANNELS,
) -> tuple[Reminder, ...]:
    """What is still to be said today. ``said``: the keys of the reminders that were said before, on whatever day."""
    known, ways = tuple(windows), tuple(channels)
    found = (
        Reminder(matter, window, channel)
        for matter in dict.fromkeys(matters)
        if (window := open_window(matter.due, matter.last, today, known)) is not None
        for channel in ways
    )
    return tuple(each for each in found if each.key not in said)


# --- what to look up --------------------------------------------------------------------------------------------------


def renewals_due(since: date, today: date) -> tuple[date, ...]:
    """The last days of qualifications to look up, earliest first, one query each; none where the job has run today.

    ``since``: the day of the last run that came to its end. It has seen all that had expired by then, so the first day
    to look up is that day itself, and the last is yesterday: renewal is on the day after expiry.
    """
    return tuple(since + n * A_DAY for n in range((today - since).days))


def expiries_due(since: date | None, today: date, windows: Iterable[Window] = WINDOWS) -> tuple[date, ...]:
    """The last days of training certificates to look up: those with a window that is open and was not at ``since``.

    None looks up every open one: on the first run, and after an import or a change of the windows.
    """
    known = tuple(each for each in windows if each.due is Due.TRAINING_EXPIRY)
    furthest = max((each.opening.days for each in known if isinstance(each.opening, DaysBefore)), default=-1)
    days = (today + n * A_DAY for n in range(furthest + 1))
    return tuple(last for last in days if _has_opened(Due.TRAINING_EXPIRY, last, since, today, known))


def is_season(
    due: Due, since: date | None, today: date, deadline: Deadline, windows: Iterable[Window] = WINDOWS
) -> bool:
    """Whether enterprises are to be looked through for dues or review: a window has opened after ``since``.

    None asks whether any is open.
    """
    return _has_opened(due, last_day_of(deadline, today.year), since, today, tuple(windows))


def _has_opened(due: Due, last: date, since: date | None, today: date, windows: tuple[Window, ...]) -> bool:
    window = open_window(due, last, today, windows)
    return window is not None and (since is None or window.opens(last) > since)
