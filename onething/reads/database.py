"""``Reads`` of one database, each on a connection in autocommit that cannot write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

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
from onething.domain.statistics import Disputed, OpenClocks, Period, Rated
from onething.domain.tallies import Measure, SourceAnswered, Standing, Tally
from onething.reads import cases, counted, parts, watched
from onething.storage.unit_of_work import DatabaseRecords


class DatabaseReads:
    """``Reads``."""

    def __init__(self, records: DatabaseRecords) -> None:
        self._records = records.for_lists()

    def window_queue(
        self, today: date, filters: Filters, cursor: str | None = None, limit: int = 50
    ) -> Page[CaseLine]:
        with self._records.read() as uow:
            return cases.read_window_queue(uow.connection, today, filters, cursor, limit)

    def department_queue(
        self, today: date, department: str, filters: Filters, cursor: str | None = None, limit: int = 50
    ) -> Page[PartLine]:
        with self._records.read() as uow:
            return parts.read_department_queue(uow.connection, today, department, filters, cursor, limit)

    def board(
        self, today: date, filters: Filters, cursor: str | None = None, limit: int = 50
    ) -> Page[CaseLine]:
        with self._records.read() as uow:
            return cases.read_board(uow.connection, today, filters, cursor, limit)

    def late(
        self, today: date, filters: Filters, cursor: str | None = None, limit: int = 50
    ) -> Page[PartLine]:
        with self._records.read() as uow:
            return parts.read_late(uow.connection, today, filters, cursor, limit)

    def late_in(self, today: date, period: Period, division: str | None, limit: int) -> Sequence[LateLine]:
        with self._records.read() as uow:
            return parts.list_late_in(uow.connection, today, period, division, limit)

    def orders(
        self, today: date, filters: Filters, cursor: str | None = None, limit: int = 50
    ) -> Page[OrderLine]:
        with self._records.read() as uow:
            return watched.read_orders(uow.connection, today, filters, cursor, limit)

    def staff_calls(self, filters: Filters, cursor: str | None = None, limit: int = 50) -> Page[CallLine]:
        with self._records.read() as uow:
            return watched.read_staff_calls(uow.connection, filters, cursor, limit)

    def disputes(
        self, today: date, filters: Filters, cursor: str | None = None, limit: int = 50
    ) -> Page[DisputeLine]:
        with self._records.read() as uow:
            return watched.read_disputes(uow.connection, today, filters, cursor, limit)

    def ratings(self, filters: Filters, cursor: str | None = None, limit: int = 50) -> Page[RatingLine]:
        with self._records.read() as uow:
            return watched.read_ratings(uow.connection, filters, cursor, limit)

    def tallies(
        self,
        period: Period,
        division: str | None = None,
        *,
        measure: Measure | None = None,
        thing: str | None = None,
    ) -> Sequence[tuple[Tally, int]]:
        with self._records.read() as uow:
            return counted.sum_tallies(uow.connection, period, division, measure, thing)

    def standings(self, filters: Filters) -> Sequence[tuple[Standing, int]]:
        with self._records.read() as uow:
            return counted.sum_standings(uow.connection, filters)

    def open_clocks(self, today: date, filters: Filters) -> Sequence[tuple[OpenClocks, int]]:
        with self._records.read() as uow:
            return counted.sum_colours(uow.connection, today, filters)

    def source_answers(self, since: datetime, until: datetime) -> Sequence[tuple[SourceAnswered, int]]:
        with self._records.read() as uow:
            return counted.sum_answers(uow.connection, since, until)

    def rated_in(self, today: date, period: Period, division: str | None) -> Mapping[str, Rated]:
        with self._records.read() as uow:
            return counted.rated_in(uow.connection, today, period, division)

    def disputed_in(self, period: Period, division: str | None) -> Sequence[Disputed]:
        with self._records.read() as uow:
            return counted.disputed_in(uow.connection, period, division)

    def calls_in(self, period: Period, division: str | None) -> tuple[int, int]:
        with self._records.read() as uow:
            return counted.calls_in(uow.connection, period, division)
