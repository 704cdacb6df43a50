"""Requests for a person at a kiosk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from onething.domain.records import StaffCall
from onething.storage import tables
from onething.storage.statements import Prepared, RowInsert

_COLUMNS = ("id", "terminal", "screen", "reason", "called_at")
_T = tables.staff_calls.c
_INSERT = RowInsert(tables.staff_calls, (*_COLUMNS, "division"))
_OPEN = Prepared(
    select(*(_T[name] for name in _COLUMNS)).where(_T.answered_at.is_(None)).order_by(_T.called_at, _T.id)
)
_ANSWER = Prepared(
    update(tables.staff_calls)
    .values({"answered_at": bindparam("at")})
    .where(_T.id == bindparam("wanted"), _T.answered_at.is_(None))
)


class DatabaseStaffCalls:
    """``StaffCalls``."""

    def __init__(self, connection: Connection, division: str) -> None:
        self._connection = connection
        self._division = division

    def add(self, call: StaffCall) -> None:
        values = [getattr(call, name) for name in _COLUMNS]
        _INSERT(self._connection, [(*values, self._division)])

    def list_open(self) -> Sequence[StaffCall]:
        """Longest waiting first."""
        return [StaffCall(*row) for row in _OPEN.rows(self._connection)]

    def answer(self, call_id: str, at: datetime) -> bool:
        """Whether the call was open."""
        return _ANSWER.change(self._connection, wanted=call_id, at=at) == 1
