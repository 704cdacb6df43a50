"""The working days of a pack: days off and make-up working days of each year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from onething.domain.catalog_problems import BadPack, PackProblem
from onething.domain.working_days import WorkingCalendar, Year
from onething.packs.entries import Entry


def read_calendar(data: Mapping[str, Any]) -> WorkingCalendar:
    """The calendar in a pack's plain data; raises ``BadPack`` with every problem found."""
    problems: list[PackProblem] = []
    calendar = Entry(data, ("calendar",), problems)
    years = {}
    for name, entry in calendar.all_entries():
        if not (name.isascii() and name.isdigit() and len(name) == 4):
            entry.refuse(entry.path, "bad_date", f"“{name}”不是年份", f"'{name}' is not a year")
            continue
        entry.texts("notice")
        years[int(name)] = Year(_days(entry, "off", int(name)), _days(entry, "work", int(name)))
        entry.finish()
    if problems:
        raise BadPack(problems)
    return WorkingCalendar(years)


def _days(entry: Entry, key: str, year: int) -> frozenset[date]:
    found = set()
    for at, text in enumerate(entry.texts(key)):
        day = _find_day(text)
        if day is None or day.year != year:
            entry.refuse(
                (*entry.path, key, at),
                "bad_date",
                f"“{text}”不是{year}年的日期，要写成 {year}-05-01 的形式",
                f"'{text}' is not a day of {year}; write it like {year}-05-01",
            )
        elif day in found:
            entry.refuse(
                (*entry.path, key, at), "listed_twice", f"{text} 列了两次", f"{text} is listed twice"
            )
        else:
            found.add(day)
    return frozenset(found)


def _find_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
