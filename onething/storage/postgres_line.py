"""A line to PostgreSQL that prepares each statement once, names it from then on, and waits seldom.

psycopg's cursors look up anew, for every statement, how its values are written and read: a statement
then costs this process three times what libpq needs. Connecting, waiting, reading and errors stay
psycopg's. Each wait for the server costs about as much again, so what can go together goes together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import generators, pq
from psycopg.abc import Transformer
from psycopg.adapt import Transformer as make_transformer
from psycopg.errors import error_from_result

# Each takes memory at the server for every line; what comes after them is sent whole each time.
_MOST_PREPARED = 500
_TEXT, _BINARY = 0, 1
Statement = tuple[str, Sequence[Any]]
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
        self._waiting: list[Statement] = []

    def run(self, statements: Sequence[Statement]) -> list[Answer]:
        """Run statements with parameters $1, $2, ...: None, texts, numbers, bytes, dates, aware datetimes.

        Raises the first ``psycopg.Error``; what comes after it was not run.
        """
        sent = [*self._waiting, *statements]
        self._waiting.clear()
        named = [(self._names.get(text) or self._prepare(text), text, values) for text, values in sent]
        results = self._run_one(*named[0]) if len(named) == 1 else self._run_together(named)
        answers = [Answer(self._checked(result), self._reading) for result in results]
        return answers[-len(statements) :]

    def begin(self) -> None:
        """Begin a transaction, together with its first statement."""
        self._waiting.append(("BEGIN", ()))

    def run_later(self, text: str, values: Sequence[Any]) -> None:
        """Within a transaction run it together with what is run next; never, if that is a rollback."""
        if self._waiting or self.pgconn.transaction_status != pq.TransactionStatus.IDLE:
            self._waiting.append((text, values))
        else:
            self.run([(text, values)])

    def rollback(self) -> None:
        """As psycopg's, which would have the server forget every statement that is prepared here too."""
        self._waiting.clear()
        if self.pgconn.pipeline_status != pq.PipelineStatus.OFF:
            raise psycopg.OperationalError("the line was cut short between its statements")
        if self.pgconn.transaction_status != pq.TransactionStatus.IDLE:
            self.run([("ROLLBACK", ())])

    def _run_one(self, name: bytes | None, text: str, values: Sequence[Any]) -> list[pq.abc.PGresult]:
        sent, formats = _written(values)
        if name is None:
            return [self.pgconn.exec_params(text.encode(), sent, param_formats=formats)]
        return [self.pgconn.exec_prepared(name, sent, formats)]

    def _run_together(
        self, named: Sequence[tuple[bytes | None, str, Sequence[Any]]]
    ) -> list[pq.abc.PGresult]:
        """In libpq's pipeline: the answers come after one wait."""
        line, written = self.pgconn, [_written(values) for _, _, values in named]
        line.enter_pipeline_mode()
        for (name, text, _), (sent, formats) in zip(named, written, strict=True):
            if name is None:
                line.send_query_params(text.encode(), sent, param_formats=formats)
            else:
                line.send_query_prepared(name, sent, formats)
        line.pipeline_sync()
        self.wait(generators.send(line))
        results = [self.wait(generators.fetch_many(line))[0] for _ in named]
        self.wait(generators.fetch_many(line))
        line.exit_pipeline_mode()
        return results

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


def _written(values: Sequence[Any]) -> tuple[list[Any], list[int]]:
    """Values as the server reads them, and in which format."""
    formats = [_BINARY if isinstance(value, bytes) else _TEXT for value in values]
    return [_text(value) for value in values], formats


def _text(value: Any) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    written = str(value).encode()
    if b"\0" in written:
        # libpq would end the text there and say nothing.
        raise psycopg.DataError("a text for PostgreSQL cannot hold NUL")
    return written
