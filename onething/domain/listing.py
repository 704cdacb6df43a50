"""Rows of lists as officers and supervisors see them: numbers, states and clocks, no personal values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
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
