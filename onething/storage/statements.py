"""Statements written with the typed tables, compiled once for each database and handed to its driver.

SQLAlchemy would send each for four times the driver's cost, and an act sends ten of them; its
transactions, types and tables stay in use.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

import psycopg
from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    tuple_,
)
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Delete

from onething.storage.columns import Process, reader_of
from onething.storage.constraints import raise_refusal
from onething.storage.postgres_line import PostgresLine

# PostgreSQL itself knows parameters as $1, $2, ...
_DOLLARS: Dialect = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
Statement = Select[*tuple[Any, ...]] | Insert | Update | Delete
# SQLite takes 32766 parameters in one statement, PostgreSQL 65535.
_ROWS_AT_ONCE = 500


class Cursor(Protocol):
    """What a driver's cursor says of a statement it has run."""

    @property
    def rowcount(self) -> int: ...

    def fetchall(self) -> Sequence[Sequence[Any]]: ...


def send(connection: Connection, *statements: tuple[str, Sequence[Any]]) -> list[Cursor]:
    """Run statements on the driver's connection, inside the transaction that was begun there.

    On PostgreSQL all are waited for at once. Raises ``Conflict`` and ``RecordsUnavailable`` as the
    engines do, else the driver's own error.
    """
    driver: Any = connection.connection.driver_connection
    try:
        if isinstance(driver, PostgresLine):
            return list(driver.run(statements))
        return [driver.execute(text, parameters) for text, parameters in statements]
    except (sqlite3.Error, psycopg.Error) as error:
        raise_refusal(error)
        raise


def send_later(connection: Connection, text: str, parameters: Sequence[Any]) -> None:
    """Run a statement that answers nothing; on PostgreSQL with the next one, which then raises for both."""
    driver: Any = connection.connection.driver_connection
    if not isinstance(driver, PostgresLine):
        send(connection, (text, parameters))
        return
    try:
        driver.run_later(text, parameters)
    except psycopg.Error as error:
        raise_refusal(error)
        raise


def fetch_all(cursor: Cursor) -> Sequence[Sequence[Any]]:
    """Every row; SQLite looks for some of them only now, so that the same refusals may come."""
    try:
        return cursor.fetchall()
    except (sqlite3.Error, psycopg.Error) as error:
        raise_refusal(error)
        raise


def _as_sent(dialect: Dialect) -> Dialect:
    """The dialect in which statements are written for the driver of that database."""
    return _DOLLARS if dialect.name == "postgresql" else dialect


def is_after(key: ColumnElement[Any], row_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Rows of a list ordered by ``key`` and id that come after ``after_key`` and ``after_id``."""
    place = tuple_(bindparam("after_key", type_=key.type), bindparam("after_id", type_=row_id.type))
    return tuple_(key, row_id) > place


class _Compiled:
    """A statement for one database: its text, and what values go through on their way in and out."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        assert compiled.positiontup is not None
        self.text = str(compiled)
        self.names: Sequence[str] = compiled.positiontup
        self.fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        self.incoming = _processes(
            (name, bind.type.dialect_impl(dialect).bind_processor(dialect))
            for name, bind in compiled.binds.items()
        )
        self.outgoing = [
            (place, process)
            for place, column in enumerate(statement.exported_columns)
            if (process := reader_of(column.type, dialect))
        ]

    def parameters(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        sent = {**self.fixed, **values}
        for name, process in self.incoming.items():
            sent[name] = process(sent[name])
        return tuple([sent[name] for name in self.names])

    def received(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for place, process in self.outgoing:
            # NULL is None whatever the column's type: there is nothing to make of it.
            if values[place] is not None:
                values[place] = process(values[place])
        return tuple(values)


def _processes(pairs: Iterable[tuple[str, Process | None]]) -> dict[str, Process]:
    return {name: process for name, process in pairs if process is not None}


class Prepared:
    """One statement; its named parameters are the keyword arguments of each call."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, **values: Any) -> list[tuple[Any, ...]]:
        """Every row, its values as the columns' types say."""
        compiled = self.compiled_for(connection.dialect)
        (cursor,) = send(connection, (compiled.text, compiled.parameters(values)))
        return [compiled.received(row) for row in fetch_all(cursor)]

    def row(self, connection: Connection, **values: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        rows = self.rows(connection, **values)
        return rows[0] if rows else None

    def change(self, connection: Connection, **values: Any) -> int:
        """How many rows were changed."""
        return self.change_each(connection, [values])

    def change_each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """The same for each of many sets of values, all waited for at once."""
        compiled = self.compiled_for(connection.dialect)
        changed = 0
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            some = [(compiled.text, compiled.parameters(row)) for row in rows[start : start + _ROWS_AT_ONCE]]
            changed += sum(cursor.rowcount for cursor in send(connection, *some))
        return changed

    def text_for(self, dialect: Dialect) -> str:
        """The statement as that database gets it."""
        return self.compiled_for(dialect).text

    def compiled_for(self, dialect: Dialect) -> _Compiled:
        """The statement for that database, compiled when it is first asked for."""
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self._statement, _as_sent(dialect))
        return compiled


def rows_together(
    connection: Connection, *asked: tuple[Prepared, Mapping[str, Any]]
) -> list[list[tuple[Any, ...]]]:
    """The rows of each statement; all are asked for at once, none by what another found."""
    compiled = [(prepared.compiled_for(connection.dialect), values) for prepared, values in asked]
    cursors = send(connection, *((each.text, each.parameters(values)) for each, values in compiled))
    return [
        [each.received(row) for row in fetch_all(cursor)]
        for (each, _), cursor in zip(compiled, cursors, strict=True)
    ]


class RowInsert:
    """Insert rows of values in the order of ``columns``, many in one statement.

    With ``once`` a row that is there already is left alone, and not counted.
    """

    def __init__(self, table: Table, columns: Sequence[str], *, once: bool = False) -> None:
        self._table = table
        self._columns = tuple(columns)
        self._once = once
        self._incoming: dict[str, list[tuple[int, Process]]] = {}
        self._text = lru_cache(maxsize=64)(self._write_text)

    def __call__(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> int:
        """How many rows were inserted."""
        inserted = 0
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[start : start + _ROWS_AT_ONCE]
            inserted += send(connection, self._statement(connection, some))[0].rowcount
        return inserted

    def later(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        """The same for rows that meet no rival: nobody waits for them before the act goes on."""
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            send_later(connection, *self._statement(connection, rows[start : start + _ROWS_AT_ONCE]))

    def _statement(
        self, connection: Connection, rows: Sequence[Sequence[Any]]
    ) -> tuple[str, tuple[Any, ...]]:
        dialect = connection.dialect
        incoming = self._incoming.get(dialect.name)
        if incoming is None:
            incoming = self._incoming[dialect.name] = self._processes(_as_sent(dialect))
        sent: list[Any] = []
        for row in rows:
            values = list(row)
            for place, process in incoming:
                values[place] = process(values[place])
            sent += values
        return self._text(dialect.name, len(rows)), tuple(sent)

    def _processes(self, dialect: Dialect) -> list[tuple[int, Process]]:
        types = [self._table.c[name].type.dialect_impl(dialect) for name in self._columns]
        return [
            (place, process)
            for place, kind in enumerate(types)
            if (process := kind.bind_processor(dialect)) is not None
        ]

    def _write_text(self, database: str, count: int) -> str:
        # Quoted always: some columns are words of SQL, and both databases quote alike.
        names = ", ".join(f'"{name}"' for name in self._columns)
        width = len(self._columns)
        marks = ["?" if database == "sqlite" else f"${number}" for number in range(1, count * width + 1)]
        rows = (", ".join(marks[start : start + width]) for start in range(0, len(marks), width))
        rest = " ON CONFLICT DO NOTHING" if self._once else ""
        return f'INSERT INTO "{self._table.name}" ({names}) VALUES ({"), (".join(rows)}){rest}'  # noqa: S608
