"""How long something takes at a department: seconds, working minutes or working days of sandbox time.

Offices are open from nine to five, Monday to Friday; these ones know no holidays.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

OPENS, CLOSES = time(9), time(17)
SATURDAY = 5
# The longest wait that is understood, of each unit: about four years.
_LONGEST = {"seconds": 126e6, "working_minutes": 480_000.0, "working_days": 1000.0}


@dataclass(frozen=True)
class Pace:
    """A wait between ``least`` and ``most`` of one unit; the same key always waits the same."""

    unit: str = "seconds"
    least: float = 0.0
    most: float = 0.0

    def amount_for(self, key: str) -> float:
        """Where between the two this key lies: whole days for working days."""
        share = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) / 2**64
        if self.unit == "working_days":
            return int(self.least) + int(share * (int(self.most) - int(self.least) + 1))
        return self.least + share * (self.most - self.least)

    def due_at(self, start: datetime, key: str) -> datetime:
        """The moment (with the start's own offset) at which what began at ``start`` is done."""
        amount = self.amount_for(key)
        match self.unit:
            case "working_days":
                return _after_working_days(start, int(amount))
            case "working_minutes":
                return _after_working_time(start, timedelta(minutes=amount))
            case _:
                return start + timedelta(seconds=amount)

    def to_json(self) -> dict[str, Any]:
        return {self.unit: self.least if self.least == self.most else [self.least, self.most]}


def read_pace(data: Any) -> Pace:
    """``{"working_days": 3}`` or ``{"working_days": [1, 4]}``; raises ValueError for anything else."""
    if not isinstance(data, dict) or len(data) != 1:
        raise ValueError(f"a pace has one of {', '.join(_LONGEST)}: {data!r}")
    [(unit, amount)] = data.items()
    pair = amount if isinstance(amount, list) else [amount, amount]
    if unit not in _LONGEST or len(pair) != 2 or not all(_is_number(each) for each in pair):
        raise ValueError(f"a pace has one of {', '.join(_LONGEST)}: {data!r}")
    if not 0 <= pair[0] <= pair[1] <= _LONGEST[unit]:
        raise ValueError(f"a pace goes from the least to the most, and not beyond four years: {data!r}")
    return Pace(unit, float(pair[0]), float(pair[1]))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_open_day(at: datetime) -> bool:
    return at.weekday() < SATURDAY


def _opening(at: datetime) -> datetime:
    return datetime.combine(at.date(), OPENS, at.tzinfo)


def _closing(at: datetime) -> datetime:
    return datetime.combine(at.date(), CLOSES, at.tzinfo)


def _next_open(at: datetime) -> datetime:
    """``at`` itself in working time, or the next opening."""
    if _is_open_day(at) and at < _closing(at):
        return max(at, _opening(at))
    return _next_open_day(_opening(at))


def _next_open_day(at: datetime) -> datetime:
    """The same time of the next day on which offices open."""
    at += timedelta(days=1)
    while not _is_open_day(at):
        at += timedelta(days=1)
    return at


def _after_working_days(start: datetime, days: int) -> datetime:
    """The same time of day that many working days later; what comes after hours counts from the morning."""
    at = _next_open(start) if days else start
    for _ in range(days):
        at = _next_open_day(at)
    return at


def _after_working_time(start: datetime, left: timedelta) -> datetime:
    if not left:
        return start
    at = _next_open(start)
    while left > (today := _closing(at) - at):
        left -= today
        at = _next_open(_closing(at))
    return at + left
