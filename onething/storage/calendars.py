"""Uploaded working-day calendars: the newest of a year counts, all of them are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from onething.ports.staff import UploadedYear
from onething.storage import tables_staff as tables
from onething.storage.statements import Prepared, RowInsert

_COLUMNS = ("id", "year", "off", "work", "notice", "uploaded_by", "uploaded_at")
_T = tables.calendars.c
_SELECT = select(*(_T[name] for name in _COLUMNS))
_OLDEST_FIRST = Prepared(_SELECT.order_by(_T.uploaded_at, _T.id))
_NEWEST_FIRST = Prepared(_SELECT.order_by(_T.uploaded_at.desc(), _T.id.desc()).limit(bindparam("at_most")))
_INSERT = RowInsert(tables.calendars, (*_COLUMNS, "division"))


class DatabaseCalendars:
    """``Calendars``."""

    def __init__(self, connection: Connection, division: str) -> None:
        self._connection = connection
        self._division = division

    def add(self, year: UploadedYear) -> None:
        days = {"off": [str(day) for day in year.off], "work": [str(day) for day in year.work]}
        values = [days.get(name, getattr(year, name)) for name in _COLUMNS]
        _INSERT(self._connection, [(*values, self._division)])

    def list_current(self) -> Sequence[UploadedYear]:
        """The newest upload of each year, by year: a handful of rows a year, so all are read."""
        newest = {row[1]: _year(row) for row in _OLDEST_FIRST.rows(self._connection)}
        return [newest[year] for year in sorted(newest)]

    def list_history(self, limit: int = 100) -> Sequence[UploadedYear]:
        """Newest first."""
        return [_year(row) for row in _NEWEST_FIRST.rows(self._connection, at_most=limit)]


def _year(row: Sequence[Any]) -> UploadedYear:
    named = dict(zip(_COLUMNS, row, strict=True))
    off, work = (tuple(date.fromisoformat(day) for day in named.pop(key)) for key in ("off", "work"))
    return UploadedYear(off=off, work=work, **named)
