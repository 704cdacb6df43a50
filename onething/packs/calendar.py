"""From a pack's calendar to working days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from onething.domain.working_days import WorkingCalendar, Year


def read_calendar(data: Mapping[str, Any]) -> WorkingCalendar:
    """The working-day calendar in a pack's plain data: year to ``off`` and ``work`` days."""
    return WorkingCalendar(
        {
            int(year): Year(
                off=frozenset(_day(each) for each in notice.get("off", ())),
                work=frozenset(_day(each) for each in notice.get("work", ())),
            )
            for year, notice in data.items()
        }
    )


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
