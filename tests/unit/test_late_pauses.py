"""A pause gives back the days that it takes; one that begins after the limit gives none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from onething.domain.cases import Event, EventKind, fold
from onething.domain.clocks import Rules, case_due, part_due
from onething.packs.reading import load_pack

PACK = load_pack(Path(__file__).parents[2] / "catalog" / "xinxian")
assert PACK.catalog is not None
THING = PACK.catalog.get_thing("P-NEWBORN")
MONDAY = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
MATTER = "VACCINE"


class EveryWeekday:
    """Monday to Friday, with no holidays."""

    def after(self, day: date, days: int) -> tuple[date, bool]:
        while days > 0:
            day += timedelta(days=1)
            days -= day.weekday() < 5
        return day, False

    def between(self, after: date, until: date) -> int:
        return sum((after + timedelta(days=n)).weekday() < 5 for n in range(1, (until - after).days + 1))


RULES = Rules(THING, {}, EveryWeekday())


def due_with(*pauses: tuple[int, int]) -> tuple[date, date]:
    """The promised days of one part and of its case, with pauses from and until so many days on."""
    parts = [{"id": "p", "matter": MATTER}]
    told = [
        (0, EventKind.SUBMITTED, None, {"parts": parts}),
        (0, EventKind.ACCEPTED, None, {"by": "x"}),
        (0, EventKind.PART_DISPATCHED, "p", {}),
        (0, EventKind.PART_ACCEPTED, "p", {}),
    ]
    for since, until in pauses:
        told += [
            (since, EventKind.PART_SUSPENDED, "p", {"cause": "hearing"}),
            (until, EventKind.PART_RESUMED, "p", {}),
        ]
    events = [
        Event(number, kind, MONDAY + timedelta(days=days), part, data)  # type: ignore[arg-type]
        for number, (days, kind, part, data) in enumerate(told, 1)
    ]
    view = fold(events)
    part, whole = part_due(RULES, view, view.parts["p"]), case_due(RULES, view)
    assert part.due_on is not None
    assert whole.due_on is not None
    return part.due_on, whole.due_on


def test_a_pause_within_the_limit_gives_its_days_back() -> None:
    part, whole = due_with()
    later = EveryWeekday().after
    assert due_with((0, 3)) == (later(part, 3)[0], later(whole, 3)[0])


@pytest.mark.parametrize("days", [1, 40, 400])
def test_what_is_late_stays_late_however_long_it_stands_then(days: int) -> None:
    part, whole = due_with()
    begun = (max(part, whole) - MONDAY.date()).days
    assert due_with((begun, begun + days)) == (part, whole)
    assert due_with((begun + 9, begun + 9 + days)) == (part, whole)
