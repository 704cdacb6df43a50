"""The last heartbeat of each terminal, written over by the next one, and the alerts it gave rise to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from onething.domain.fleet import Alert, AlertKind, Condition, TerminalReport
from onething.domain.records import Terminal
from onething.ports import Conflict
from onething.storage import tables, tables_fleet
from onething.storage.kept_rows import KeptRows
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared, RowInsert
from onething.storage.terminals import COLUMNS as TERMINAL
from onething.storage.terminals import read_terminal

REPORT = (
    "terminal", "boot_id", "left_boot_id", "counter", "signed_at", "heard_at", "body", "health",
    "health_reason", "health_since_at", "conditions", "is_silent",
)  # fmt: skip
_R, _T, _A = tables_fleet.terminal_reports.c, tables.terminals.c, tables_fleet.terminal_alerts.c
_FIND = Prepared(select(*(_R[name] for name in REPORT)).where(_R.terminal == bindparam("wanted")))
_C = tables_fleet.terminal_commands.c
_OPEN_ORDER = select(_C.id).where(
    _C.terminal == _T.id, _C.ended_at.is_(None), _C.expires_at > bindparam("now")
)
_BESIDE_ORDERS = Prepared(
    select(*(_R[name] for name in REPORT), _OPEN_ORDER.exists().label("is_told"))
    .join_from(tables.terminals, tables_fleet.terminal_reports, _R.terminal == _T.id, isouter=True)
    .where(_T.id == bindparam("wanted"))
)
_FIRST = RowInsert(tables_fleet.terminal_reports, REPORT)
_PUT = Prepared(
    update(tables_fleet.terminal_reports)
    .values({name: bindparam(f"new_{name}") for name in REPORT if name != "terminal"})
    .where(_R.terminal == bindparam("wanted"), _R.counter == bindparam("was"))
)
# Read over whole every few seconds: ten thousand small rows, and no index that each heartbeat would move.
_NEWLY_SILENT = Prepared(
    select(*(_T[name] for name in TERMINAL), _R.heard_at)
    .join_from(tables_fleet.terminal_reports, tables.terminals, _R.terminal == _T.id)
    .where(_R.heard_at < bindparam("before"), _R.is_silent.is_(False), _T.state == "active")
)
_MARK_SILENT = Prepared(
    update(tables_fleet.terminal_reports)
    .values({"is_silent": True})
    .where(_R.terminal == bindparam("wanted"), _R.heard_at == bindparam("last"), _R.is_silent.is_(False))
)

ALERTS = KeptRows(tables_fleet.terminal_alerts, Alert, reads={"kind": AlertKind})
_ALERT_COLUMNS = tuple(column.name for column in tables_fleet.terminal_alerts.columns)
_OPEN_ONCE = RowInsert(tables_fleet.terminal_alerts, _ALERT_COLUMNS, once=True)
_CLOSED = update(tables_fleet.terminal_alerts).values({"closed_at": bindparam("at")})
_CLOSE = Prepared(
    _CLOSED.where(
        _A.terminal == bindparam("wanted"),
        _A.kind == bindparam("of_kind"),
        _A.subject == bindparam("of_subject"),
        _A.closed_at.is_(None),
    )
)
_CLOSE_ALL = Prepared(_CLOSED.where(_A.terminal == bindparam("wanted"), _A.closed_at.is_(None)))
_SEE = Prepared(
    update(tables_fleet.terminal_alerts)
    .values({"seen_by": bindparam("by"), "seen_at": bindparam("at")})
    .where(_A.id == bindparam("wanted"), _A.seen_at.is_(None))
)
_ALERT = Prepared(ALERTS.select(_A.id == bindparam("wanted")))
_ALERTS_OF = Prepared(
    ALERTS.select(_A.terminal == bindparam("wanted"))
    .order_by(_A.closed_at.is_not(None), _A.opened_at.desc(), _A.id)
    .limit(bindparam("at_most"))
)


class DatabaseTerminalReports:
    """``TerminalReports``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, terminal: str) -> TerminalReport | None:
        row = _FIND.row(self._connection, wanted=terminal)
        return None if row is None else read_report(row)

    def find_beside_orders(self, terminal: str, now: datetime) -> tuple[TerminalReport | None, bool]:
        row = _BESIDE_ORDERS.row(self._connection, wanted=terminal, now=now)
        if row is None:
            return None, False
        return read_report(row[:-1]) if row[0] is not None else None, bool(row[-1])

    def put(self, report: TerminalReport, was: int | None) -> None:
        """Raises ``Conflict`` when another heartbeat of this terminal was faster."""
        row = _report_row(report)
        if was is None:
            _FIRST(self._connection, [list(row.values())])
            return
        del row["terminal"]
        values = {f"new_{name}": value for name, value in row.items()}
        if _PUT.change(self._connection, wanted=report.terminal, was=was, **values) != 1:
            raise Conflict("another heartbeat was faster")

    def list_newly_silent(self, before: datetime) -> Sequence[tuple[Terminal, datetime]]:
        rows = _NEWLY_SILENT.rows(self._connection, before=before)
        return [(read_terminal(row[:-1]), row[-1]) for row in rows]

    def mark_silent(self, terminal: str, heard_at: datetime) -> bool:
        return _MARK_SILENT.change(self._connection, wanted=terminal, last=heard_at) == 1


class DatabaseAlerts:
    """``Alerts``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def open(self, alert: Alert) -> bool:
        return _OPEN_ONCE(self._connection, [[getattr(alert, name) for name in _ALERT_COLUMNS]]) == 1

    def close(self, terminal: str, kind: str, subject: str, at: datetime) -> bool:
        values = {"wanted": terminal, "of_kind": str(kind), "of_subject": subject, "at": at}
        return _CLOSE.change(self._connection, **values) == 1

    def close_all_of(self, terminal: str, at: datetime) -> int:
        return _CLOSE_ALL.change(self._connection, wanted=terminal, at=at)

    def mark_seen(self, alert_id: str, by: str, at: datetime) -> bool:
        return _SEE.change(self._connection, wanted=alert_id, by=by, at=at) == 1

    def find(self, alert_id: str) -> Alert | None:
        return ALERTS.find(self._connection, self._sealer, _ALERT, wanted=alert_id)

    def list_of(self, terminal: str, limit: int = 50) -> Sequence[Alert]:
        return ALERTS.all(self._connection, self._sealer, _ALERTS_OF, wanted=terminal, at_most=limit)


def read_report(row: Sequence[Any]) -> TerminalReport:
    """A report from a row of the columns ``REPORT``."""
    named = dict(zip(REPORT, row, strict=True))
    conditions = tuple(Condition(AlertKind(kind), *rest) for kind, *rest in named.pop("conditions"))
    return TerminalReport(conditions=conditions, **{**named, "is_silent": bool(named["is_silent"])})


def _report_row(report: TerminalReport) -> dict[str, Any]:
    row = {name: getattr(report, name) for name in REPORT}
    row["conditions"] = [[str(each.kind), each.subject, each.reason] for each in report.conditions]
    return row
