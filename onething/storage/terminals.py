"""Terminals, the nonces they have used, and the secrets behind their offline codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from onething.domain.records import Terminal
from onething.domain.terminals import TerminalState
from onething.storage import tables
from onething.storage.rows import record_of
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared, RowInsert
from onething.storage.tables_fleet import terminal_offline

COLUMNS = (
    "id", "number", "hall", "public_key", "division", "enrolled_at", "state", "state_since_at", "hall_en",
    "key_made_at", "next_key", "configuration", "expected_devices", "replaces", "replaced_by", "stolen_at",
)  # fmt: skip
_CHANGING = tuple(name for name in COLUMNS if name not in ("id", "number", "division"))
_STATE, _EXPECTED = COLUMNS.index("state"), COLUMNS.index("expected_devices")
_T, _O = tables.terminals.c, terminal_offline.c
_SELECT = select(*(_T[name] for name in COLUMNS))
_FIND = Prepared(_SELECT.where(_T.id == bindparam("wanted")))
_FIND_LOCKED = Prepared(_SELECT.where(_T.id == bindparam("wanted")).with_for_update())
_FIND_KEY = Prepared(_SELECT.where(_T.public_key == bindparam("wanted")))
_ALL = Prepared(_SELECT.order_by(_T.number))
_INSERT = RowInsert(tables.terminals, COLUMNS)
_SAVE = Prepared(
    update(tables.terminals)
    .where(_T.id == bindparam("wanted"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
)
_USE = RowInsert(tables.terminal_nonces, ("terminal", "nonce", "used_at"), once=True)
_PURGE = Prepared(
    delete(tables.terminal_nonces).where(tables.terminal_nonces.c.used_at < bindparam("before"))
)
_OLD_KEYS = Prepared(
    _SELECT.where(_T.state == "active", _T.key_made_at < bindparam("before")).order_by(_T.number)
)
_INSERT_OFFLINE = RowInsert(terminal_offline, ("terminal", "sealed_secret", "counter"))
_DROP_OFFLINE = Prepared(delete(terminal_offline).where(_O.terminal == bindparam("wanted")))
_COUNT_OFFLINE = Prepared(
    update(terminal_offline)
    .values({"counter": _O.counter + 1})
    .where(_O.terminal == bindparam("wanted"))
    .returning(_O.sealed_secret, _O.counter)
)


class DatabaseTerminals:
    """``Terminals``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def find(self, terminal_id: str) -> Terminal | None:
        row = _FIND.row(self._connection, wanted=terminal_id)
        return read_terminal(row) if row else None

    def find_to_change(self, terminal_id: str) -> Terminal | None:
        """The same, and nobody else changes it until this act is over."""
        row = _FIND_LOCKED.row(self._connection, wanted=terminal_id)
        return read_terminal(row) if row else None

    def find_by_key(self, public_key: bytes) -> Terminal | None:
        """The terminal whose present key this is."""
        row = _FIND_KEY.row(self._connection, wanted=public_key)
        return read_terminal(row) if row else None

    def add(self, terminal: Terminal) -> None:
        """Raises ``Conflict`` when the id, the number or the key is taken."""
        _INSERT(self._connection, [[_column(terminal, name) for name in COLUMNS]])

    def save(self, terminal: Terminal) -> None:
        """All but id, number and division; raises ``Conflict`` when the key is another's."""
        values = {f"new_{name}": _column(terminal, name) for name in _CHANGING}
        _SAVE.change(self._connection, wanted=terminal.id, **values)

    def list_all(self) -> Sequence[Terminal]:
        """By number."""
        return [read_terminal(row) for row in _ALL.rows(self._connection)]

    def list_with_keys_before(self, before: datetime) -> Sequence[Terminal]:
        """Those in service whose key was made before that time."""
        return [read_terminal(row) for row in _OLD_KEYS.rows(self._connection, before=before)]

    def use_nonce(self, terminal_id: str, nonce: str, at: datetime) -> bool:
        return _USE(self._connection, [(terminal_id, nonce, at)]) == 1

    def purge_nonces(self, before: datetime) -> int:
        """Forget nonces too old to be replayed; how many."""
        return _PURGE.change(self._connection, before=before)

    def put_offline_secret(self, terminal_id: str, secret: str) -> None:
        """The secret (base64) of a terminal just enrolled; its codes are counted from 0 again."""
        sealed = self._sealer.seal("terminal_offline", terminal_id, "sealed_secret", secret)
        _DROP_OFFLINE.change(self._connection, wanted=terminal_id)
        _INSERT_OFFLINE(self._connection, [(terminal_id, sealed, 0)])

    def count_offline_code(self, terminal_id: str) -> tuple[str, int] | None:
        """The secret and the number of the code to be given now, from 1; None without a secret."""
        row = _COUNT_OFFLINE.row(self._connection, wanted=terminal_id)
        if row is None:
            return None
        secret = self._sealer.open("terminal_offline", terminal_id, "sealed_secret", bytes(row[0]))
        return str(secret), int(row[1])


def _column(terminal: Terminal, name: str) -> Any:
    value = getattr(terminal, name)
    return str(value) if isinstance(value, TerminalState) else value


def read_terminal(row: Sequence[Any]) -> Terminal:
    """A terminal from a row of the columns ``COLUMNS``."""
    state, expected = TerminalState(row[_STATE]), tuple(row[_EXPECTED])
    return record_of(Terminal, COLUMNS, row, state=state, expected_devices=expected)
