"""Working days with make-up Saturdays, from uploaded calendar data; a missing year is provisional."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Year:
    """One year's notice: weekdays that are off, and weekend days that are worked."""

    off: frozenset[date]
    work: frozenset[date]


@dataclass(frozen=True)
class WorkingCalendar:
    """Working days in Asia/Shanghai."""

    years: Mapping[int, Year]

    def is_working(self, day: date) -> bool:
        """Whether people work that day; without the year's notice only weekends are off."""
        year = self.years.get(day.year)
        if year and day in year.work:
            return True
        return day.weekday() < 5 and not (year and day in year.off)

    def after(self, day: date, days: int) -> tuple[date, bool]:
        """The day that many working days after ``day``, and whether a year's notice was missing.

        The count starts on the working day after ``day`` (Administrative Licensing Law, article 82).
        """
        provisional = False
        while days > 0:
            day += timedelta(days=1)
            provisional = provisional or day.year not in self.years
            if self.is_working(day):
                days -= 1
        return day, provisional

    def between(self, after: date, until: date) -> int:
        """How many working days lie after one day, up to and with another; 0 when it is not later."""
        days = (after + timedelta(days=step) for step in range(1, (until - after).days + 1))
        return sum(1 for day in days if self.is_working(day))
