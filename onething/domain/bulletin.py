"""What the periodic bulletin (通报) says: a month's statistics with names, and the late cases one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from onething.domain.catalog import Label
from onething.domain.listing import LateLine
from onething.domain.statistics import Statistics


@dataclass(frozen=True)
class Bulletin:
    """The content of a bulletin; ``departments``, ``things``, ``matters`` and ``sources`` name the codes.

    ``matters`` are named by (thing, matter). ``number`` counts the bulletins of a year, one a month.
    """

    county_zh: str
    issued_by_zh: str
    year: int
    number: int
    made_at: datetime
    statistics: Statistics
    previous: Statistics
    late: tuple[LateLine, ...]
    late_not_listed: int
    departments: Mapping[str, Label]
    things: Mapping[str, Label]
    matters: Mapping[tuple[str, str], Label]
    sources: Mapping[str, Label]
