"""What falls due on a day, on whatever days the job really runs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.rules.association import Windows
from chalicelib.rules.certificates import Deadline
from chalicelib.rules.records import MembershipYear
from chalicelib.rules.schedule import (
    CHANNELS,
    NOTICES,
    WINDOWS,
    Channel,
    DayOfYear,
    DaysBefore,
    Due,
    Matter,
    Reminder,
    Window,
    due_reminders,
    dues_owed,
    expiries_due,
    is_season,
    last_day_of,
    open_window,
    renewals_due,
    review_owed,
    training_expiry,
    windows_of,
)
from tests.rules import cases

A_DAY = timedelta(days=1)
DEADLINE = Deadline()
LAST = date(2027, 6, 30)
CERTIFICATE = training_expiry("T" * 26, LAST, "虚构单位", "GZ-GW-2024-0001")
LAST_DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


def matter(due: Due, last: date, subject: str = "X" * 26) -> Matter:
    """Dues and review are due by the last day of March, a training certificate on any day."""
    return Matter(due, subject, last if due is Due.TRAINING_EXPIRY else last_day_of(DEADLINE, last.year), "虚构单位")


MATTERS = st.builds(matter, st.sampled_from(Due), LAST_DAYS, st.sampled_from(("X" * 26, "Y" * 26)))


def codes(reminders: Iterable[Reminder]) -> list[str]:
    return [each.window.code for each in reminders if each.channel is Channel.MESSAGE_LIST]


def said_by(runs: Iterable[date], matters: list[Matter]) -> list[tuple[date, Reminder]]:
    """Everything that a job says that runs on these days, in this order, and remembers what it has said."""
    said: list[tuple[date, Reminder]] = []
    for day in runs:
        said += [(day, each) for each in due_reminders(day, matters, {each.key for _, each in said})]
    return said


# --- which reminder, on which day -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "code"),
    [(61, []), (60, ["training-60"]), (31, ["training-60"]), (30, ["training-30"]), (8, ["training-30"]),
     (7, ["training-7"]), (0, ["training-7"]), (-1, [])],
)  # fmt: skip
def test_a_training_certificate_is_spoken_of_60_30_and_7_days_before_it_lapses(left: int, code: list[str]) -> None:
    assert codes(due_reminders(LAST - timedelta(days=left), [CERTIFICATE], ())) == code


@pytest.mark.parametrize("due", [Due.DUES, Due.REVIEW])
@pytest.mark.parametrize(
    ("day", "opened"),
    [((1, 1), "0101"), ((2, 28), "0101"), ((3, 1), "0301"), ((3, 24), "0301"), ((3, 25), "0325"), ((3, 31), "0325"),
     ((4, 1), None), ((12, 31), None)],
)  # fmt: skip
def test_dues_and_review_are_spoken_of_from_1_january_1_march_and_25_march(
    due: Due, day: tuple[int, int], opened: str | None
) -> None:
    window = open_window(due, date(2027, 3, 31), date(2027, *day))
    assert (window and window.code) == (opened and f"{due.value}-{opened}")


def test_when_five_days_are_left_only_the_most_urgent_is_said_and_none_of_those_missed() -> None:
    assert codes(due_reminders(LAST - timedelta(days=5), [CERTIFICATE], ())) == ["training-7"]


def test_a_job_that_did_not_run_for_ten_days_says_each_thing_once() -> None:
    runs = [date(2027, 3, 20), date(2027, 3, 30), date(2027, 3, 30), date(2027, 3, 31)]
    said = said_by(runs, [matter(Due.DUES, date(2027, 3, 31))])
    assert [(day, each.window.code) for day, each in said if each.channel is Channel.WECHAT] == [
        (date(2027, 3, 20), "dues-0301"), (date(2027, 3, 30), "dues-0325"),
    ]  # fmt: skip


def test_what_was_said_by_one_channel_is_still_said_by_the_other() -> None:
    first, second = due_reminders(LAST, [CERTIFICATE], ())
    assert due_reminders(LAST, [CERTIFICATE], {first.key}) == (second,)


def test_a_renewed_certificate_is_spoken_of_again_before_its_new_last_day() -> None:
    said = {each.key for each in due_reminders(LAST, [CERTIFICATE], ())}
    renewed = replace(CERTIFICATE, last=date(2030, 6, 30))
    assert codes(due_reminders(date(2030, 6, 29), [renewed], said)) == ["training-7"]


def test_the_windows_are_settings() -> None:
    own = (Window("t-90", Due.TRAINING_EXPIRY, DaysBefore(90)), Window("r-0229", Due.REVIEW, DayOfYear(2, 29)))
    assert open_window(Due.TRAINING_EXPIRY, LAST, LAST - timedelta(days=90), own) is own[0]
    assert own[1].opens(date(2027, 3, 31)) == date(2027, 2, 28)
    assert open_window(Due.DUES, LAST, LAST, own) is None
    assert expiries_due(None, LAST, own)[-1] == LAST + timedelta(days=90)
    assert len({each.code for each in WINDOWS}) == len(WINDOWS) == 9
    assert windows_of((90,), (DayOfYear(2, 29),))[0] == Window("training-90", Due.TRAINING_EXPIRY, DaysBefore(90))
    assert Windows().reminders == WINDOWS


def test_a_reminder_says_whom_it_is_about_by_when_and_how_many_days_are_left() -> None:
    reminder = due_reminders(date(2027, 6, 25), [CERTIFICATE], ())[0]
    assert reminder.notice == "training_expiring"
    assert reminder.opened == date(2027, 6, 23)
    assert reminder.context(date(2027, 6, 25)) == {
        "unit": "虚构单位", "number": "GZ-GW-2024-0001", "year": "2027", "last": "2027年06月30日", "days": "5",
        "count": "1",
    }  # fmt: skip
    assert reminder.context(date(2027, 6, 25), 12)["count"] == "12"
    assert set(NOTICES) == set(Due)


# --- whom -------------------------------------------------------------------------------------------------------------


def test_only_who_has_not_paid_this_year_is_reminded_of_dues() -> None:
    assert dues_owed(cases.dossier(), cases.TODAY, DEADLINE) is None
    owed = dues_owed(cases.unpaid(), date(2026, 1, 1), DEADLINE)
    assert owed is not None
    assert (owed.due, owed.subject, owed.last) == (Due.DUES, "e1", date(2026, 3, 31))
    last_year = MembershipYear(enterprise="e1", year=2025, application="a0", amount=1, at=cases.NOW)
    assert dues_owed(cases.dossier(years=(last_year,)), date(2026, 1, 1), DEADLINE) == owed


def test_only_who_holds_a_qualification_not_reviewed_this_year_is_reminded_of_the_review() -> None:
    owed = review_owed(cases.dossier(), date(2026, 1, 1), DEADLINE)
    assert owed is not None
    assert (owed.due, owed.subject, owed.last) == (Due.REVIEW, "A" * 26, date(2026, 3, 31))
    assert review_owed(cases.reviewed(), date(2026, 1, 1), DEADLINE) is None
    assert review_owed(cases.unqualified(), date(2026, 1, 1), DEADLINE) is None
    assert review_owed(cases.dossier(), date(2024, 6, 1), DEADLINE) is None, "the year of issue counts as reviewed"


def test_an_expired_qualification_is_held_and_a_revoked_one_is_not() -> None:
    expired = cases.qualification(valid_to=date(2025, 4, 30))
    assert review_owed(cases.dossier(certificates=(expired,)), date(2026, 1, 1), DEADLINE) is not None
    revoked = cases.qualification(revoked_on=date(2025, 4, 30))
    assert review_owed(cases.dossier(certificates=(revoked,)), date(2026, 1, 1), DEADLINE) is None


def test_a_deadline_on_a_leap_day_is_the_end_of_february() -> None:
    assert [last_day_of(Deadline(2, 29), year) for year in (2027, 2028)] == [date(2027, 2, 28), date(2028, 2, 29)]


# --- whatever days the job runs ---------------------------------------------------------------------------------------


@st.composite
def runs(draw: st.DrawFn, last: date) -> list[date]:
    """Any days around the last one: in any order, some twice."""
    return [last - timedelta(days=n) for n in draw(st.lists(st.integers(-20, 120), max_size=30))]


@settings(deadline=None)
@given(st.lists(MATTERS, min_size=1, max_size=4), st.data())
def test_each_is_said_at_most_once_by_certificate_window_and_channel(
    matters: list[Matter], data: st.DataObject
) -> None:
    said = said_by(data.draw(runs(matters[0].last)), matters)
    told = Counter((each.matter, each.window, each.channel) for _, each in said)
    assert set(told.values()) <= {1}
    assert len({each.key for _, each in said}) == len(told)


@settings(deadline=None)
@given(MATTERS, st.data())
def test_each_is_said_if_the_job_runs_at_all_before_the_next_one_opens(one: Matter, data: st.DataObject) -> None:
    days = data.draw(runs(one.last))
    said = {(each.window.code, each.channel) for _, each in said_by(days, [one])}
    own = sorted((each.opens(one.last), each.code) for each in WINDOWS if each.due is one.due)
    for (opens, code), (ends, _) in pairwise([*own, (one.last + A_DAY, "")]):
        ran = any(opens <= day < ends for day in days)
        assert said >= {(code, each) for each in CHANNELS} if ran else not said & {(code, each) for each in CHANNELS}


@settings(deadline=None)
@given(MATTERS, st.data())
def test_of_one_matter_never_two_windows_are_spoken_of_on_one_day(one: Matter, data: st.DataObject) -> None:
    said = said_by(data.draw(runs(one.last)), [one])
    assert all(count <= 1 for count in Counter((day, each.channel) for day, each in said).values())
    assert all(each.opened <= day <= one.last for day, each in said)


@settings(deadline=None)
@given(LAST_DAYS, st.sampled_from(Due), st.data())
def test_looking_up_only_what_has_opened_since_the_last_run_loses_nothing(
    last: date, due: Due, data: st.DataObject
) -> None:
    """The runs in their order: asked to look only where something opened, the job says the same on the same days."""
    days, one = sorted(data.draw(runs(last))), matter(due, last)
    everything = said_by(days, [one])
    looked_up: list[tuple[date, Reminder]] = []
    since: date | None = None
    for day in days:
        if due is Due.TRAINING_EXPIRY:
            found = one.last in expiries_due(since, day)
        else:
            found = day.year == one.last.year and is_season(due, since, day, DEADLINE)
        said = {each.key for _, each in looked_up}
        looked_up += [(day, each) for each in due_reminders(day, [one] if found else [], said)]
        since = day
    assert looked_up == everything


# --- renewals ---------------------------------------------------------------------------------------------------------


def test_the_first_run_after_ten_days_looks_up_all_that_expired_in_between() -> None:
    assert renewals_due(date(2027, 4, 1), date(2027, 4, 2)) == (date(2027, 4, 1),)
    assert renewals_due(date(2027, 4, 1), date(2027, 4, 11)) == tuple(date(2027, 4, day) for day in range(1, 11))
    assert renewals_due(date(2027, 4, 2), date(2027, 4, 2)) == ()
    assert renewals_due(date(2027, 4, 3), date(2027, 4, 2)) == ()


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.lists(st.integers(0, 40), min_size=1, max_size=20))
def test_every_expiry_is_looked_up_exactly_once_and_never_before_the_day_after(start: date, steps: list[int]) -> None:
    since = start
    looked_up: list[date] = []
    for step in steps:
        today = since + timedelta(days=step)
        found = renewals_due(since, today)
        assert all(last < today for last in found)
        looked_up += found
        since = today
    assert looked_up == [start + n * A_DAY for n in range((since - start).days)]


def test_a_quiet_day_looks_up_three_days_of_training_certificates_and_no_enterprises() -> None:
    """What it costs: a job that runs every day asks for one day of certificates a window."""
    today = date(2027, 2, 10)
    assert expiries_due(today - A_DAY, today) == tuple(today + n * A_DAY for n in (7, 30, 60))
    assert expiries_due(today, today) == ()
    assert not is_season(Due.DUES, today - A_DAY, today, DEADLINE)
    assert is_season(Due.REVIEW, date(2026, 12, 31), date(2027, 1, 3), DEADLINE)
