"""Rows of lists as officers and supervisors see them: numbers, states and clocks, no personal values."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Generic, TypeVar

from onething.domain.clocks import Colour
from onething.domain.dictionary import Label
from onething.domain.errors import Refusal

Row = TypeVar("Row")
MOST_ROWS = 200


class BadCursor(Refusal):
    """A cursor that no page of this list has given."""

    reason = "bad_cursor"
    text = Label("翻页参数无效，请从第一页开始", "This page does not exist; please begin with the first")


class BadFilter(Refusal):
    """A filter's word that this list does not know."""

    reason = "bad_filter"
    text = Label("筛选条件无效", "There is no such filter")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list; ``next`` is the cursor of the following page, None on the last."""

    rows: tuple[Row, ...]
    next: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a page ended: the key by which its list is ordered, and the id, of its last row."""

    key: date | datetime
    id: str

    def to_cursor(self) -> str:
        """The place as it stands in an address."""
        written = json.dumps([self.key.isoformat(), self.id]).encode()
        return base64.urlsafe_b64encode(written).decode().rstrip("=")


# Before every row of a list, so that the first page is read as every other one is.
FIRST_DAY = Place(date(1900, 1, 1), "")
FIRST_INSTANT = Place(datetime(1970, 1, 1, tzinfo=UTC), "")


def place_on(cursor: str | None) -> Place | None:
    """The place of a cursor of a list that is ordered by days; raises ``BadCursor``."""
    return _place(cursor, date.fromisoformat)


def place_at(cursor: str | None) -> Place | None:
    """The place of a cursor of a list that is ordered by instants; raises ``BadCursor``."""
    return _place(cursor, _instant)


def _place(cursor: str | None, read: Callable[[str], date]) -> Place | None:
    if not cursor:
        return None
    try:
        key, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(row_id, str):
            raise BadCursor
        return Place(read(key), row_id)
    except (binascii.Error, ValueError, TypeError) as bad:
        raise BadCursor from bad


def _instant(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError("an instant has a time zone")
    return moment


def find_next(found: Sequence[Row], limit: int, place: Callable[[Row], Place]) -> str | None:
    """The cursor of the page after the first ``limit`` rows; None when there are no more."""
    return place(found[limit - 1]).to_cursor() if len(found) > limit else None


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to, by codes and never by text; None leaves all in."""

    thing: str | None = None
    department: str | None = None
    state: str | None = None
    colour: Colour | None = None
    division: str | None = None


@dataclass(frozen=True)
class PartLine:
    """One department's open share of a case, and its clock."""

    part: str
    case_number: str
    thing: str
    matter: str
    department: str
    state: str
    colour: Colour
    due_on: date | None
    warn_on: date | None
    paused_on: date | None
    dispatched_at: datetime | None
    submitted_at: datetime
    division: str


@dataclass(frozen=True)
class CaseLine:
    """One case and the clock of the whole; before acceptance the clock is that of the answer.

    ``responsible`` names the open parts that hold it up: those past their day, else the one due first.
    """

    number: str
    thing: str
    state: str
    lead: str
    channel: str
    division: str
    colour: Colour
    submitted_at: datetime
    due_on: date | None
    warn_on: date | None
    paused_on: date | None
    closed_at: datetime | None
    responsible: tuple[PartLine, ...] = ()


@dataclass(frozen=True)
class LateLine:
    """A part that ended, or still stands open, after its day."""

    part: str
    case_number: str
    thing: str
    matter: str
    department: str
    due_on: date
    ended_on: date | None
    division: str


@dataclass(frozen=True)
class OrderLine:
    """A supervision order (督办) and its answer."""

    order: str
    number: str
    case_number: str
    thing: str
    department: str
    reason: str
    issued_by: str
    issued_at: datetime
    due_on: date
    answer: str | None
    answered_at: datetime | None
    colour: Colour


@dataclass(frozen=True)
class CallLine:
    """Somebody at a kiosk asked for a person."""

    call: str
    terminal: str
    terminal_number: str
    hall: str
    screen: str
    reason: str | None
    called_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True)
class DisputeLine:
    """A value that somebody said is wrong: which fact of which source, never the value."""

    dispute: str
    thing: str
    fact: str
    source: str
    department: str
    state: str
    opened_at: datetime
    due_on: date
    settled_at: datetime | None
    case_number: str | None
    colour: Colour
    is_warned: bool = False


@dataclass(frozen=True)
class RatingLine:
    """A rating: level and reasons, never the comment."""

    rating: str
    case_number: str
    thing: str
    matter: str | None
    department: str
    level: str
    reasons: tuple[str, ...]
    channel: str
    state: str
    rated_at: datetime
    rectification: str | None
    rectification_due_on: date | None
