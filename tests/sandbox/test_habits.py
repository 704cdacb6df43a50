"""What a department does next, by its habit and what it told: every life of a part ends as it should."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.habits import ENDS, Habit, next_step, read_habit
from sandbox.pace import Pace

HEARING = {"cause": "hearing", "lasting": {"working_days": 5}}
LONGER = {"days": 10, "reason": {"code": "complex", "zh": "情况复杂"}}
WANTS = [{"material": "photo", "zh": "请重新拍照", "en": "A new photo, please"}]

habits = st.fixed_dictionaries(
    {},
    optional={
        "decide": st.sampled_from(["complete", "deny"]),
        "suspend": st.just(HEARING),
        "extend": st.just(LONGER),
        "supplement": st.sampled_from(
            [{"when": "before_acceptance"}, {"when": "in_handling", "wants": WANTS}, {}]
        ),
    },
).map(lambda data: read_habit(Habit(), data))


def live(habit: Habit, told: list[str], *, gives: bool = True) -> list[str]:
    """The whole life of a part from ``told`` on; the citizen gives what is asked for, or never does."""
    for _ in range(20):
        step = next_step(habit, told, is_supplemented=gives and "supplement" in told)
        if step is None:
            return told
        told = [*told, step.kind]
    raise AssertionError(f"it has no end: {told}")


@given(habits)
def test_every_life_is_legal_and_ends(habit: Habit) -> None:
    told = live(habit, [])
    assert told[-1] in ENDS
    assert sum(kind in ENDS for kind in told) == 1
    assert told.count("accepted") == 1
    assert told.count("supplement") == (habit.supplement is not None)
    assert told.count("suspended") == told.count("resumed") == (habit.suspend is not None)
    assert told.count("extended") == (habit.extend is not None)
    before_acceptance = told[: told.index("accepted")]
    assert set(before_acceptance) <= {"supplement"}


@given(habits)
def test_without_what_was_asked_for_nothing_is_decided(habit: Habit) -> None:
    told = live(habit, [], gives=False)
    assert (told[-1] in ENDS) == (habit.supplement is None)


@given(habits, habits, st.integers(0, 8))
def test_a_change_of_habit_in_mid_life_leaves_no_part_suspended(one: Habit, other: Habit, after: int) -> None:
    told = live(other, live(one, [])[:after])
    assert told[-1] in ENDS
    assert told.count("suspended") == told.count("resumed")
    assert told.count("supplement") <= 1


def test_a_part_held_back_is_accepted_and_no_more() -> None:
    habit = read_habit(Habit(), {"decide": "hold"})
    assert live(habit, []) == ["accepted"]
    assert live(read_habit(habit, {"decide": "deny"}), ["accepted"]) == ["accepted", "denied"]


def test_each_step_has_its_own_pace() -> None:
    paces = {"accept_after": {"working_minutes": 30}, "decide_after": {"working_days": [2, 4]}}
    habit = read_habit(Habit(), {**paces, "suspend": HEARING})
    steps = [next_step(habit, told, is_supplemented=False) for told in ([], ["accepted"])]
    assert [step.pace for step in steps if step] == [
        Pace("working_minutes", 30, 30),
        Pace("working_days", 2, 4),
    ]
    resumed = next_step(habit, ["accepted", "suspended"], is_supplemented=False)
    assert resumed is not None
    assert (resumed.kind, resumed.pace) == ("resumed", Pace("working_days", 5, 5))


def test_null_takes_a_habit_away_again() -> None:
    habit = read_habit(Habit(), {"suspend": HEARING, "after_seconds": 9})
    assert read_habit(habit, {"suspend": None, "after_seconds": None}) == Habit()


def test_a_habit_reads_back() -> None:
    data = {"suspend": HEARING, "extend": LONGER, "supplement": {"when": "in_handling", "wants": WANTS}}
    habit = read_habit(Habit(), {**data, "tricks": ["forge"], "accept_after": {"seconds": [1, 2]}})
    assert read_habit(Habit(), habit.to_json()) == habit


@pytest.mark.parametrize(
    "wrong",
    [
        {"mood": "good"},
        {"decide": "maybe"},
        {"after_seconds": -1},
        {"after_seconds": "1"},
        {"tricks": ["steal"]},
        {"calls_back": "no"},
        {"reason": {"zh": "没有代码"}},
        {"reason": "no"},
        {"suspend": {"cause": "lunch", "lasting": {"seconds": 1}}},
        {"suspend": {"cause": "hearing"}},
        {"extend": {"days": 0, "reason": {"code": "c", "zh": "z"}}},
        {"extend": {"days": 3}},
        {"supplement": {"when": "afterwards"}},
        {"supplement": {"wants": [{"material": "a", "fact": "b", "zh": "z"}]}},
        {"supplement": {"wants": [{"material": "a"}]}},
    ],
)
def test_a_habit_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_habit(Habit(), wrong)
