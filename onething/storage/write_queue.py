"""Writers of one SQLite file stand in line, instead of all asking SQLite again and again.

SQLite has one writer at a time and no queue: whoever asks at the right moment is next, and the
unlucky wait for long. With a queue the slowest of many submissions came four times sooner.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onething.storage.refusals import RecordsUnavailable

_ASK_AGAIN_S = 0.0005


class WriteQueue:
    """One place in line for each process (a lock on a file beside the database), and one inside it."""

    def __init__(self, database: Path, patience_s: float) -> None:
        self._path = database.with_name(database.name + "-queue")
        self._patience_s = patience_s
        self._inside = threading.Lock()
        self._writing: int | None = None
        self._file: tuple[int, int] | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Raises ``RecordsUnavailable`` when the turn does not come in time."""
        if self._writing == threading.get_ident():
            raise RuntimeError("an act inside an act would wait for itself")
        give_up_at = time.monotonic() + self._patience_s
        if not self._inside.acquire(timeout=self._patience_s):
            raise RecordsUnavailable("too many are waiting to write")
        try:
            file = self._open()
            _lock(file, give_up_at)
            self._writing = threading.get_ident()
            try:
                yield
            finally:
                self._writing = None
                fcntl.flock(file, fcntl.LOCK_UN)
        finally:
            self._inside.release()

    def close(self) -> None:
        if self._file is not None and self._file[0] == os.getpid():
            os.close(self._file[1])
        self._file = None

    def _open(self) -> int:
        # After a fork the lock would be the parent's too: each process opens the file itself.
        if self._file is None or self._file[0] != os.getpid():
            self._file = os.getpid(), os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        return self._file[1]


def _lock(file: int, give_up_at: float) -> None:
    # Not a lock that waits: a writer that was stopped (SIGSTOP) would then stop everybody for ever.
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > give_up_at:
                raise RecordsUnavailable("another process does not end its writing") from None
            time.sleep(_ASK_AGAIN_S)
