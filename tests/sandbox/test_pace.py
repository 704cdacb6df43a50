"""How long things take: working time, working days, and the same spread for the same key."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.pace import Pace, read_pace
from sandbox.people import CHINA_TIME

START = datetime(2024, 1, 1, tzinfo=CHINA_TIME)
MOMENTS = st.integers(0, 6 * 365 * 86400).map(lambda seconds: START + timedelta(seconds=seconds))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("pace", "start", "due"),
    [
        ({"seconds": 90}, "2026-11-21T23:59:00", "2026-11-22T00:00:30"),
        ({"working_minutes": 60}, "2026-11-23T10:00:00", "2026-11-23T11:00:00"),
        ({"working_minutes": 60}, "2026-11-23T16:30:00", "2026-11-24T09:30:00"),
        ({"working_minutes": 60}, "2026-11-27T16:30:00", "2026-11-30T09:30:00"),
        ({"working_minutes": 1200}, "2026-11-23T09:00:00", "2026-11-25T13:00:00"),
        ({"working_minutes": 30}, "2026-11-23T06:00:00", "2026-11-23T09:30:00"),
        ({"working_days": 0}, "2026-11-22T03:00:00", "2026-11-22T03:00:00"),
        ({"working_days": 1}, "2026-11-23T10:20:00", "2026-11-24T10:20:00"),
        ({"working_days": 1}, "2026-11-27T10:20:00", "2026-11-30T10:20:00"),
        ({"working_days": 1}, "2026-11-28T10:20:00", "2026-12-01T09:00:00"),
        ({"working_days": 5}, "2026-11-23T18:00:00", "2026-12-01T09:00:00"),
    ],
)
def test_offices_work_from_nine_to_five_on_weekdays(pace: Any, start: str, due: str) -> None:
    assert read_pace(pace).due_at(moment(start), "any") == moment(due)


@given(MOMENTS, st.integers(0, 40), st.text())
def test_working_days_end_in_working_time_and_are_counted(start: datetime, days: int, key: str) -> None:
    due = Pace("working_days", days, days).due_at(start, key)
    passed = [start + timedelta(days=n) for n in range(1, (due.date() - start.date()).days + 1)]
    assert due >= start
    if days:
        assert due.weekday() < 5
        assert 9 <= due.hour < 17
        # What came in time on a working day counts from that day, all else from the next opening.
        counted_from_next = start.weekday() >= 5 or start.hour >= 17
        assert sum(day.weekday() < 5 for day in passed) == days + counted_from_next


@given(MOMENTS, st.integers(0, 5000), st.integers(0, 5000))
def test_working_time_adds_up(start: datetime, first: int, second: int) -> None:
    def after(at: datetime, minutes: int) -> datetime:
        return Pace("working_minutes", minutes, minutes).due_at(at, "any")

    both = after(start, first + second)
    step_by_step = after(after(start, first), second)
    # Five in the afternoon and nine the next morning are the same moment of working time.
    assert after(both, 1) == after(step_by_step, 1)


@given(st.text(), st.integers(0, 10), st.integers(0, 10))
def test_a_spread_stays_inside_and_is_the_same_for_the_same_key(key: str, least: int, more: int) -> None:
    for unit in ("seconds", "working_minutes", "working_days"):
        pace = Pace(unit, least, least + more)
        assert least <= pace.amount_for(key) <= least + more
        assert pace.amount_for(key) == pace.amount_for(key)


def test_a_spread_of_days_reaches_both_ends_and_all_between() -> None:
    amounts = {Pace("working_days", 1, 4).amount_for(str(key)) for key in range(200)}
    assert amounts == {1, 2, 3, 4}


@pytest.mark.parametrize(
    "wrong",
    [None, 3, {}, {"weeks": 1}, {"seconds": -1}, {"seconds": True}, {"seconds": [2, 1]}, {"seconds": [1]}]
    + [
        {"seconds": 1, "working_days": 1},
        {"seconds": "1"},
        {"seconds": float("nan")},
        {"working_days": 1001},
    ],
)
def test_a_pace_that_makes_no_sense_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match="a pace"):
        read_pace(wrong)


@given(st.sampled_from(["seconds", "working_days"]), st.integers(0, 9), st.integers(0, 9))
def test_a_pace_reads_back(unit: str, least: int, more: int) -> None:
    pace = Pace(unit, float(least), float(least + more))
    assert read_pace(pace.to_json()) == pace
