"""Counters, lists and printed numbers as supervision needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from onething.domain.bulletin import Bulletin
from onething.domain.listing import (
    CallLine,
    CaseLine,
    DisputeLine,
    Filters,
    LateLine,
    OrderLine,
    Page,
    PartLine,
    RatingLine,
)
from onething.domain.spreadsheet import Sheet
from onething.domain.statistics import Disputed, OpenClocks, Period, Rated
from onething.domain.tallies import Counted, Measure, SourceAnswered, Standing, Tally


class Tallies(Protocol):
    """Counters, written in the act's own transaction, last of all: nothing may wait for them."""

    def add(self, counted: Mapping[Counted, int], owner: str) -> None:
        """Add the amounts of ``domain.tallies.tallies_of``; ``owner`` is the case's id."""
        ...

    def note_answers(self, answers: Mapping[SourceAnswered, int], at: datetime, owner: str) -> None:
        """Add to what sources answered in this hour; ``owner`` is the draft's id."""
        ...


class Reads(Protocol):
    """Lists a page at a time, and sums of counters. None of them shows a personal value.

    Colours are those of the ``today`` given. Every list takes an opaque cursor and raises ``BadCursor``
    for one it has not given.
    """

    def window_queue(
        self, today: date, filters: Filters, cursor: str | None = None, limit: int = 50
    ) -> Page[CaseLine]:
        """Cases that wait for acceptance, then those that wait for a supplement; first due first."""
        ...

    def department_queue(
        self, today: date, department: str, filters: Filters, cursor: str | None = None, limit: int = 50
    ) -> Page[PartLine]:
        """A department's open parts, first due first, those without a limit last."""
        ...

    def board(
        self, today: date, filters: Filters, cursor: str | None = None, limit: int = 50
    ) -> Page[CaseLine]:
        """Open cases, first due first; with a final state in the filters, those cases, newest first."""
        ...

    def late(
        self, today: date, filters: Filters, cursor: str | None = None, limit: int = 50
    ) -> Page[PartLine]:
        """Open parts past their day, longest first."""
        ...

    def late_in(self, today: date, period: Period, division: str | None, limit: int) -> Sequence[LateLine]:
        """Parts that ended in the period after their day, and those past it that are still open."""
        ...

    def orders(
        self, today: date, filters: Filters, cursor: str | None = None, limit: int = 50
    ) -> Page[OrderLine]:
        """Supervision orders, newest first; states: open, answered."""
        ...

    def staff_calls(self, filters: Filters, cursor: str | None = None, limit: int = 50) -> Page[CallLine]:
        """Calls for a person at kiosks, newest first; states: open, answered."""
        ...

    def disputes(
        self, today: date, filters: Filters, cursor: str | None = None, limit: int = 50
    ) -> Page[DisputeLine]:
        """Disputes over shared data, newest first."""
        ...

    def ratings(self, filters: Filters, cursor: str | None = None, limit: int = 50) -> Page[RatingLine]:
        """Ratings, newest first; states are the ratings' own."""
        ...

    def tallies(
        self,
        period: Period,
        division: str | None = None,
        *,
        measure: Measure | None = None,
        thing: str | None = None,
    ) -> Sequence[tuple[Tally, int]]:
        """The counters of the period's days, slots added up."""
        ...

    def standings(self, filters: Filters) -> Sequence[tuple[Standing, int]]:
        """How many open cases and parts stand under which clock."""
        ...

    def open_clocks(self, today: date, filters: Filters) -> Sequence[tuple[OpenClocks, int]]:
        """The same by colour; narrowed to a thing or a state, cases only."""
        ...

    def source_answers(self, since: datetime, until: datetime) -> Sequence[tuple[SourceAnswered, int]]:
        """What sources answered between two moments, by whole hours."""
        ...

    def rated_in(self, today: date, period: Period, division: str | None) -> Mapping[str, Rated]:
        """The ratings that count and their rectifications, by department."""
        ...

    def disputed_in(self, period: Period, division: str | None) -> Sequence[Disputed]:
        """The disputes opened in the period, by source."""
        ...

    def calls_in(self, period: Period, division: str | None) -> tuple[int, int]:
        """How many calls for a person came in the period, and how many of them were answered."""
        ...


class BulletinPrinter(Protocol):
    """The periodic bulletin (通报) as PDF."""

    def render(self, bulletin: Bulletin) -> bytes: ...


class Spreadsheets(Protocol):
    """Tables as files that a spreadsheet opens."""

    def to_csv(self, sheet: Sheet) -> bytes: ...

    def to_xlsx(self, sheets: Sequence[Sheet]) -> bytes: ...
