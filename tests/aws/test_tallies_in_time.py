"""Tallies when the clock that counted turns out to have been wrong, or two machines' clocks differ a little."""

from datetime import timedelta

from chalicelib.memory.time_and_ids import A_MORNING, FixedClock
from chalicelib.operations.ports import APART, Records

AN_HOUR = timedelta(hours=1)


def test_what_a_clock_two_hours_ahead_has_counted_counts_no_more_once_it_is_right(
    records: Records, moving_clock: FixedClock
) -> None:
    moving_clock.set(A_MORNING + 2 * AN_HOUR)
    assert [records.tally("time:ahead", A_MORNING + 3 * AN_HOUR) for _ in range(3)] == [1, 2, 3]
    moving_clock.set(A_MORNING)
    assert records.tallied("time:ahead") == 3
    assert records.tallied("time:ahead", A_MORNING + AN_HOUR) == 0
    assert [records.tally("time:ahead", A_MORNING + AN_HOUR) for _ in range(2)] == [1, 2]
    assert records.tallied("time:ahead", A_MORNING + AN_HOUR) == 2
    moving_clock.set(A_MORNING + AN_HOUR)
    assert records.tallied("time:ahead", A_MORNING + 2 * AN_HOUR) == 0


def test_two_machines_whose_clocks_differ_a_little_count_together(records: Records, moving_clock: FixedClock) -> None:
    ahead = A_MORNING + APART
    moving_clock.set(ahead)
    assert records.tally("time:apart", ahead + AN_HOUR) == 1
    moving_clock.set(A_MORNING)
    assert records.tallied("time:apart", A_MORNING + AN_HOUR) == 1
    assert records.tally("time:apart", A_MORNING + AN_HOUR) == 2
    moving_clock.set(ahead)
    assert records.tally("time:apart", ahead + AN_HOUR) == 3
