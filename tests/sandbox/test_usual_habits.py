"""The departments' usual paces: of the catalog's departments and matters, and inside its promises."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from onething.domain.catalog import Matter
from sandbox.habits import EVERY_DEPARTMENT, Habit, read_usual_habits
from sandbox.pace import Pace
from sandbox.running import RunningSandbox
from tests.sandbox.far_side import Caller, Listener
from tests.sandbox.test_agreement import CATALOG

HABITS = read_usual_habits()
MATTERS = [
    pytest.param(code, matter, id=f"{code}/{matter.code}")
    for code, thing in CATALOG.things.items()
    for matter in thing.matters.values()
    if matter.promised is not None
]
MONDAY = datetime.fromisoformat("2026-11-23T09:00:00+08:00")


def _names(thing: str, matter: Matter) -> tuple[str, str]:
    """What a habit may call this matter: in this thing only, or wherever it is."""
    return f"{thing}/{matter.code}", matter.code


def habit_of(thing: str, matter: Matter) -> Habit:
    names = ((matter.department, name) for name in _names(thing, matter))
    return next((HABITS[name] for name in names if name in HABITS), HABITS[EVERY_DEPARTMENT, None])


def slowest(pace: Pace) -> Pace:
    return Pace(pace.unit, pace.most, pace.most)


def test_each_is_of_a_matter_that_the_department_handles() -> None:
    things = CATALOG.things.items()
    each = [(code, matter) for code, thing in things for matter in thing.matters.values()]
    handled = {(matter.department, name) for code, matter in each for name in _names(code, matter)}
    assert set(HABITS) - {(EVERY_DEPARTMENT, None)} <= handled


@pytest.mark.parametrize(("thing", "matter"), MATTERS)
def test_the_slowest_day_is_inside_the_promise(thing: str, matter: Matter) -> None:
    habit = habit_of(thing, matter)
    accepted = slowest(habit.accepting).due_at(MONDAY, "any")
    decided = slowest(habit.deciding).due_at(accepted, "any")
    if habit.suspend:
        # A special procedure's own time does not count, the step into it does.
        decided = slowest(habit.deciding).due_at(decided, "any")
    assert matter.promised is not None
    amount = matter.promised.amount
    limit = Pace("working_minutes", float(amount * 480), float(amount * 480))
    if matter.promised.unit == "cd":
        assert decided - MONDAY < timedelta(days=float(amount))
    else:
        assert amount >= Decimal("0.5")
        assert decided <= limit.due_at(MONDAY, "any")


def test_everybody_works_at_that_pace_when_told_to(
    own: RunningSandbox, caller: Caller, listener: Listener
) -> None:
    own.put_usual_habits()
    own.move_clock(at="2027-03-01T09:00:00+08:00")
    for matter in ("SS-CARD", "PENSION", "SURVIVOR", "JOB-REG"):
        body = {"part": f"part-{matter}", "case_number": "XX-1", "thing": "P-RETIRE", "matter": matter}
        caller.post("/departments/RS/parts", {**body, "callback": listener.url, "facts": {}}, body["part"])
    own.wait_until_quiet()
    assert listener.kinds == []
    ended = []
    for _ in range(35):
        own.move_clock(forward_days=1)
        own.wait_until_quiet()
        ended.append(listener.kinds.count("completed"))
    assert ended[0] == 1
    assert ended[-1] == 4
    assert len(set(ended)) > 2
