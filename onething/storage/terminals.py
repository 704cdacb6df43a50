"""Enrolled kiosks and the nonces they have used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from onething.domain.records import Terminal
from onething.storage import tables
from onething.storage.statements import Prepared, RowInsert

_COLUMNS = ("id", "number", "hall", "public_key", "division", "enrolled_at", "suspended_at")
_T = tables.terminals.c
_SELECT = select(*(_T[name] for name in _COLUMNS))
_FIND = Prepared(_SELECT.where(_T.id == bindparam("wanted")))
_ALL = Prepared(_SELECT.order_by(_T.number))
_INSERT = RowInsert(tables.terminals, _COLUMNS)
_USE = RowInsert(tables.terminal_nonces, ("terminal", "nonce", "used_at"), once=True)
_PURGE = Prepared(
    delete(tables.terminal_nonces).where(tables.terminal_nonces.c.used_at < bindparam("before"))
)


class DatabaseTerminals:
    """``Terminals``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, terminal_id: str) -> Terminal | None:
        row = _FIND.row(self._connection, wanted=terminal_id)
        return _terminal(row) if row else None

    def add(self, terminal: Terminal) -> None:
        """Raises ``Conflict`` when the id or the number is taken."""
        _INSERT(self._connection, [[getattr(terminal, name) for name in _COLUMNS]])

    def list_all(self) -> Sequence[Terminal]:
        """By number."""
        return [_terminal(row) for row in _ALL.rows(self._connection)]

    def use_nonce(self, terminal_id: str, nonce: str, at: datetime) -> bool:
        return _USE(self._connection, [(terminal_id, nonce, at)]) == 1

    def purge_nonces(self, before: datetime) -> int:
        """Forget nonces too old to be replayed; how many."""
        return _PURGE.change(self._connection, before=before)


def _terminal(row: tuple[Any, ...]) -> Terminal:
    return Terminal(**dict(zip(_COLUMNS, row, strict=True)))
