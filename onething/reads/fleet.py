"""Lists of terminals with their last heartbeat and open alerts, and of alerts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from onething.domain.fleet import Alert, AlertKind
from onething.domain.listing import MOST_ROWS, BadCursor, Page
from onething.ports.fleet import FleetFilters, FleetRow, FleetStanding
from onething.reads.paging import Stretch, read_page
from onething.storage.fleet_watch import REPORT, read_report
from onething.storage.tables import terminals
from onething.storage.tables_fleet import terminal_alerts, terminal_configurations, terminal_reports
from onething.storage.terminals import COLUMNS as TERMINAL
from onething.storage.terminals import read_terminal
from onething.storage.unit_of_work import DatabaseRecords

_T, _R, _A, _G = terminals.c, terminal_reports.c, terminal_alerts.c, terminal_configurations.c
_ALERT = tuple(column.name for column in terminal_alerts.columns)
_WHOLE: Select[Any] = (
    select(*(_T[name] for name in TERMINAL), *(_R[name] for name in REPORT), _G.settings)
    .join_from(terminals, terminal_reports, _T.id == _R.terminal, isouter=True)
    .join(
        terminal_configurations,
        (_G.terminal == _T.id) & (_G.revision == _T.configuration),
        isouter=True,
    )
)
_STANDINGS: Select[Any] = select(_T.hall, _T.state, _R.health, _R.heard_at, _R.body).join_from(
    terminals, terminal_reports, _T.id == _R.terminal, isouter=True
)
_ALERTS = select(*(_A[name] for name in _ALERT), _T.number, _T.hall).join_from(terminal_alerts, terminals)


class DatabaseFleetReads:
    """``FleetReads``, each on a connection that cannot write."""

    def __init__(self, records: DatabaseRecords) -> None:
        self._records = records

    def terminals(self, filters: FleetFilters, cursor: str | None = None, limit: int = 50) -> Page[FleetRow]:
        limit = max(1, min(limit, MOST_ROWS))
        query = _WHOLE.where(*_narrowed(filters)).order_by(_T.number).limit(limit + 1)
        if cursor is not None:
            query = query.where(_T.number > _read_cursor(cursor))
        with self._records.read() as uow:
            rows = _rows(uow.connection, query)
        following = _write_cursor(rows[limit - 1].terminal.number) if len(rows) > limit else None
        return Page(tuple(rows[:limit]), following)

    def standings(self, division: str | None) -> Sequence[FleetStanding]:
        query = _STANDINGS.where(*_narrowed(FleetFilters(division=division))).order_by(_T.hall)
        with self._records.read() as uow:
            return [
                FleetStanding(row[0], row[1], row[2], row[3], (row[4] or {}).get("versions", {}))
                for row in uow.connection.execute(query)
            ]

    def count_open_alerts(self, division: str | None) -> int:
        query = select(func.count()).select_from(terminal_alerts).where(_A.closed_at.is_(None))
        if division is not None:
            query = query.where(_A.division == division)
        with self._records.read() as uow:
            return int(uow.connection.execute(query).scalar_one())

    def find(self, terminal: str) -> FleetRow | None:
        with self._records.read() as uow:
            rows = _rows(uow.connection, _WHOLE.where(_T.id == terminal))
        return rows[0] if rows else None

    def alerts(
        self, *, only_open: bool, division: str | None, cursor: str | None = None, limit: int = 50
    ) -> Page[tuple[Alert, str, str]]:
        where: list[ColumnElement[bool]] = [_A.closed_at.is_(None)] if only_open else []
        if division is not None:
            where.append(_A.division == division)
        stretch = Stretch(where, _A.opened_at, _A.id, newest_first=True)
        with self._records.read() as uow:
            return read_page(
                uow.connection, _ALERTS, [stretch], cursor, limit, lambda row: (_alert(row), row[-4], row[-3])
            )


def _narrowed(filters: FleetFilters) -> list[ColumnElement[bool]]:
    wheres: list[ColumnElement[bool]] = []
    wheres.append(_T.state == filters.state if filters.state else _T.state != "retired")
    if filters.hall is not None:
        wheres.append(_T.hall == filters.hall)
    if filters.division is not None:
        wheres.append(_T.division == filters.division)
    if filters.alert is not None:
        open_here = select(_A.id).where(
            _A.terminal == _T.id, _A.kind == filters.alert, _A.closed_at.is_(None)
        )
        wheres.append(open_here.exists())
    return wheres


def _rows(connection: Connection, query: Select[Any]) -> list[FleetRow]:
    found = [tuple(row) for row in connection.execute(query)]
    alerts = _open_alerts(connection, [row[0] for row in found])
    return [_row(row, alerts) for row in found]


def _open_alerts(connection: Connection, ids: Sequence[str]) -> Mapping[str, list[Alert]]:
    query = select(*(_A[name] for name in _ALERT)).where(_A.closed_at.is_(None), _A.terminal.in_(ids))
    query = query.order_by(_A.opened_at)
    alerts: dict[str, list[Alert]] = {}
    for row in connection.execute(query):
        alerts.setdefault(row.terminal, []).append(_alert(row))
    return alerts


def _row(row: Sequence[Any], alerts: Mapping[str, list[Alert]]) -> FleetRow:
    terminal = read_terminal(row[: len(TERMINAL)])
    report = row[len(TERMINAL) : -1]
    return FleetRow(
        terminal,
        read_report(report) if report[0] is not None else None,
        row[-1] or {},
        tuple(alerts.get(terminal.id, ())),
    )


def _alert(row: Sequence[Any]) -> Alert:
    named = dict(zip(_ALERT, row, strict=False))
    return Alert(**{**named, "kind": AlertKind(named["kind"])})


def _write_cursor(number: str) -> str:
    return base64.urlsafe_b64encode(number.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> str:
    try:
        number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError) as bad:
        raise BadCursor from bad
    if not number.isprintable():
        raise BadCursor
    return number
