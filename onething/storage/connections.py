"""Connections kept open between acts, and given up when the database does not answer."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import TimeoutError as PoolTimeout

from onething.storage.answer_watch import AnswerWatch
from onething.storage.refusals import RecordsUnavailable


class Connections:
    """Lends connections of one engine; SQLAlchemy's own pool takes as long as three queries for each."""

    def __init__(self, engine: Engine, answer_s: float) -> None:
        self._engine = engine
        self._idle: deque[Connection] = deque()
        self._is_closed = False
        self._process = os.getpid()
        self._inherited: list[object] = []
        # SQLite answers in this process; what it waits for has its own limits.
        self._watch = AnswerWatch(answer_s) if engine.dialect.name == "postgresql" else None

    @contextmanager
    def borrow(self) -> Iterator[Connection]:
        """Raises ``RecordsUnavailable``."""
        connection = self._take()
        try:
            if self._watch is None:
                yield connection
            else:
                with self._watch.over(connection):
                    yield connection
        except RecordsUnavailable:
            # The idle ones lead to the same server: they are made anew when it is back.
            _end(connection)
            self._end_idle()
            raise
        except Exception:
            # An act that was refused has been rolled back: nothing of it is left on the connection.
            self._give_back(connection)
            raise
        except BaseException:
            _end(connection)
            raise
        self._give_back(connection)

    def close(self) -> None:
        """End every connection: the lent ones as they come back."""
        self._is_closed = True
        self._end_idle()
        self._engine.dispose()

    def _give_back(self, connection: Connection) -> None:
        if self._is_closed or connection.invalidated or connection.closed:
            _end(connection)
        else:
            self._idle.append(connection)

    def _end_idle(self) -> None:
        while self._idle:
            _end(self._idle.pop())

    def _take(self) -> Connection:
        if self._process != os.getpid():
            self._leave_to_parent()
        try:
            return self._idle.pop()
        except IndexError:
            pass
        try:
            return self._engine.connect()
        except PoolTimeout:
            raise RecordsUnavailable("every connection is in use") from None

    def _leave_to_parent(self) -> None:
        # After a fork the lines are the parent's: they are neither used nor closed here, only kept
        # from being collected, which would close them.
        self._inherited.append((self._idle, self._engine.pool))
        self._idle = deque()
        self._engine.dispose(close=False)
        self._process = os.getpid()


def _end(connection: Connection) -> None:
    """Close the line itself; what the server has not answered is not waited for."""
    if not connection.closed:
        connection.invalidate()
        connection.close()
