"""Ends connections whose server does not answer: a frozen PostgreSQL keeps its lines open and says nothing.

No time limit of the server helps then, and none of the driver covers an answer that does not come.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection

_LOOK_EVERY_S = 0.25


class AnswerWatch:
    """Shuts the socket of a unit of work that is not over after ``limit_s``; its waiting then fails."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._running: dict[int, tuple[float, Any]] = {}
        self._guard = threading.Lock()
        self._thread: tuple[int, threading.Thread] | None = None

    @contextmanager
    def over(self, connection: Connection) -> Iterator[None]:
        """Watch while the block runs."""
        driver: Any = connection.connection.driver_connection
        with self._guard:
            self._running[id(driver)] = (time.monotonic() + self._limit_s, driver)
            self._start()
        try:
            yield
        finally:
            with self._guard:
                del self._running[id(driver)]

    def _start(self) -> None:
        if self._thread is not None and self._thread[0] == os.getpid():
            return
        thread = threading.Thread(target=self._look, name="answer-watch", daemon=True)
        self._thread = os.getpid(), thread
        thread.start()

    def _look(self) -> None:
        while True:
            time.sleep(_LOOK_EVERY_S)
            with self._guard:
                for end_at, driver in self._running.values():
                    if time.monotonic() > end_at:
                        _shut(driver)


def _shut(driver: Any) -> None:
    # On a copy of its descriptor: closing the copy leaves the driver's own to the driver.
    with suppress(OSError, ValueError), socket.socket(fileno=os.dup(driver.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
