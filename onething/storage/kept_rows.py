"""Records kept as rows: one dataclass to one table; sealed fields are sealed on the way in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, select, update

from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared, RowInsert

R = TypeVar("R")
Reads = Mapping[str, Callable[[Any], Any]]


class KeptRows(Generic[R]):
    """The rows of one table as records of one dataclass, whose fields are its columns.

    ``sealed`` names the fields kept in ``sealed_...`` columns; ``reads`` turns what a column gives
    into what a field holds.
    """

    def __init__(
        self, table: Table, record: type[R], *, sealed: Sequence[str] = (), reads: Reads | None = None
    ) -> None:
        self._table = table
        self._record: Callable[..., R] = record
        self._fields = tuple(each.name for each in fields(record))  # type: ignore[arg-type]
        self._sealed = frozenset(sealed)
        self._reads = dict(reads or {})
        self._columns = tuple(f"sealed_{name}" if name in sealed else name for name in self._fields)
        self._insert = RowInsert(table, self._columns)
        self._saves: dict[tuple[tuple[str, bool], ...], Prepared] = {}

    def select(self, *wheres: ColumnElement[bool]) -> Select[tuple[Any, ...]]:
        """A SELECT of whole records; to be prepared with its order and limit."""
        return select(*(self._table.c[name] for name in self._columns)).where(*wheres)

    def add(self, connection: Connection, sealer: Sealer, records: Sequence[R]) -> None:
        """Insert; raises ``Conflict`` where the table's constraints are raced for."""
        self._insert(connection, [list(self._row(sealer, record).values()) for record in records])

    def all(self, connection: Connection, sealer: Sealer, statement: Prepared, **values: Any) -> list[R]:
        """Every record that a prepared ``select`` finds; raises ``SealBroken``."""
        return [self._read(sealer, row) for row in statement.rows(connection, **values)]

    def find(self, connection: Connection, sealer: Sealer, statement: Prepared, **values: Any) -> R | None:
        """The first record, or None."""
        row = statement.row(connection, **values)
        return None if row is None else self._read(sealer, row)

    def save(self, connection: Connection, sealer: Sealer, record: R, **was: Any) -> bool:
        """Write a record over the row of its id, if the named columns still are what they were."""
        expected = tuple((name, value is None) for name, value in was.items())
        statement = self._saves.get(expected)
        if statement is None:
            statement = self._saves[expected] = self._save_statement(expected)
        row = self._row(sealer, record)
        values = {f"new_{name}": value for name, value in row.items()}
        values |= {f"was_{name}": value for name, value in was.items() if value is not None}
        return statement.change(connection, **values) == 1

    def _save_statement(self, expected: Sequence[tuple[str, bool]]) -> Prepared:
        columns = self._table.c
        wheres = [
            columns[name].is_(None) if empty else columns[name] == bindparam(f"was_{name}")
            for name, empty in expected
        ]
        changes: dict[str, Any] = {name: bindparam(f"new_{name}") for name in self._columns if name != "id"}
        return Prepared(update(self._table).values(changes).where(columns.id == bindparam("new_id"), *wheres))

    def _row(self, sealer: Sealer, record: R) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for name, column in zip(self._fields, self._columns, strict=True):
            value = getattr(record, name)
            if name in self._sealed and value is not None:
                value = sealer.seal(self._table.name, row["id"], column, value)
            row[column] = value
        return row

    def _read(self, sealer: Sealer, row: Sequence[Any]) -> R:
        kept = dict(zip(self._fields, row, strict=True))
        for name in self._sealed:
            if kept[name] is not None:
                kept[name] = sealer.open(self._table.name, kept["id"], f"sealed_{name}", bytes(kept[name]))
        for name, read in self._reads.items():
            if kept[name] is not None:
                kept[name] = read(kept[name])
        return self._record(**kept)
