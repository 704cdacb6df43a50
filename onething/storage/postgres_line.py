"""A line to PostgreSQL that prepares each statement once, and from then on only names it.

psycopg's cursors look up anew, for every statement, how its values are written and read: a statement
then costs this process three times what libpq needs. Connecting, reading and errors stay psycopg's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import pq
from psycopg.abc import Transformer
from psycopg.adapt import Transformer as make_transformer
from psycopg.errors import error_from_result

# Each takes memory at the server for every line; what comes after them is sent whole each time.
_MOST_PREPARED = 500
_TEXT, _BINARY = 0, 1
_DONE = (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK)


class Answer:
    """What the server answers to one statement."""

    def __init__(self, result: pq.abc.PGresult, reading: Transformer) -> None:
        self._result = result
        self._reading = reading

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._result.command_tuples or 0

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Every row, its values as psycopg reads them."""
        self._reading.set_pgresult(self._result)
        return self._reading.load_rows(0, self._result.ntuples, tuple)


class PostgresLine(psycopg.Connection[Any]):
    """A connection for one thread at a time. What is run begins no transaction by itself."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._names: dict[str, bytes] = {}
        self._reading: Transformer = make_transformer(self)

    def run(self, text: str, values: Sequence[Any]) -> Answer:
        """Run a statement with parameters $1, $2, ...: None, texts, numbers, bytes, dates, aware datetimes.

        Raises ``psycopg.Error``.
        """
        sent: list[Any] = [_written(value) for value in values]
        formats = [_BINARY if isinstance(value, bytes) else _TEXT for value in values]
        name = self._names.get(text) or self._prepare(text)
        if name is None:
            result = self.pgconn.exec_params(text.encode(), sent, param_formats=formats)
        else:
            result = self.pgconn.exec_prepared(name, sent, formats)
        return Answer(self._checked(result), self._reading)

    def _prepare(self, text: str) -> bytes | None:
        """The name of a statement from now on; None when there are too many."""
        if len(self._names) >= _MOST_PREPARED:
            return None
        name = b"onething_%d" % len(self._names)
        self._checked(self.pgconn.prepare(name, text.encode()))
        self._names[text] = name
        return name

    def _checked(self, result: pq.abc.PGresult) -> pq.abc.PGresult:
        if result.status in _DONE:
            return result
        if self.pgconn.status != pq.ConnStatus.OK:
            raise psycopg.OperationalError(result.get_error_message())
        raise error_from_result(result)


def _written(value: Any) -> bytes | None:
    """A value as the server reads it: texts as they are, bytes in the binary format."""
    if value is None or isinstance(value, bytes):
        return value
    written = str(value).encode()
    if b"\0" in written:
        # libpq would end the text there and say nothing.
        raise psycopg.DataError("a text for PostgreSQL cannot hold NUL")
    return written
