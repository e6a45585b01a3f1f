"""The clock that the demo sets forward: it only goes forward, it runs on, and nobody keeps it."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.time_and_ids import SystemClock
from infra.local import clock
from infra.local.clock import Movable
from infra.local.demo_chapters import CHAPTERS
from infra.local.demo_story import BEGINS, first_year
from infra.local.schedules import Json, Ticker, in_utc

A_WEEK = timedelta(days=7)
A_MOMENT = timedelta(seconds=5)


def test_it_runs_on_from_where_it_was_set() -> None:
    moved = Movable()
    to = moved.now() + A_WEEK
    moved.set_forward(to)
    assert to <= moved.now() < to + A_MOMENT
    assert moved.today() == moved.now().date()


def test_it_is_never_set_back() -> None:
    moved = Movable()
    moved.set_forward(moved.now() + A_WEEK)
    with pytest.raises(ValueError, match="has passed"):
        moved.set_forward(moved.now() - timedelta(seconds=1))


def test_what_is_wired_goes_by_it_only_while_it_is_in_place() -> None:
    moved = Movable()
    with clock.in_place(moved):
        assert wiring.SystemClock() is moved  # type: ignore[attr-defined,comparison-overlap]  # that is what is tested
    assert wiring.SystemClock is SystemClock  # type: ignore[attr-defined]  # as above


def test_a_daily_job_runs_once_however_far_the_clock_was_set() -> None:
    moved, ran = Movable(), list[Json]()

    def run(event: Json) -> Json:
        ran.append(event)
        return {}

    job = Ticker("morning", run, in_utc(moved.now), None, timedelta(hours=20))
    moved.set_forward(moved.now() + A_WEEK)
    assert (job.turn(), job.turn()) == (True, False)
    assert datetime.fromisoformat(ran[0]["time"]) > datetime.now(UTC) + A_WEEK - A_MOMENT


@pytest.mark.parametrize("month", range(1, 13))
def test_on_whatever_day_the_story_is_told_its_first_day_is_still_to_come(month: int) -> None:
    now = datetime(2026, month, 28, 12, tzinfo=clock.SHANGHAI)
    first = CHAPTERS[0].on(first_year(now))
    assert now.date() < first <= now.date() + timedelta(days=366)


def test_on_its_own_first_day_the_story_waits_for_the_next_one() -> None:
    assert first_year(datetime(2026, *BEGINS, 0, 1, tzinfo=clock.SHANGHAI)) == 2027


def test_the_days_of_the_chapters_follow_each_other() -> None:
    days = [chapter.on(2026) for chapter in CHAPTERS]
    assert days == sorted(days)
