"""Files and databases of the kiosk that are whole after a power cut at any instruction."""

import os
import sqlite3
from pathlib import Path

BUSY_SECONDS = 5.0


def write_durably(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Put a file in place as a whole: after a power cut it is the old one or the new one. OSError."""
    new = path.with_name(path.name + ".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        os.fchmod(handle, mode)
        _write_all(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    new.replace(path)
    sync_folder(path.parent)


def remove_durably(path: Path) -> None:
    """Take a file away so that it stays away. OSError, but not when there is none."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last. OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_database(path: Path) -> sqlite3.Connection:
    """Open a SQLite file whose commits last.

    TRUNCATE and FULL: a write-ahead log does not open again on a full disk, and NORMAL loses what was
    acknowledged. One connection serves all threads: whoever uses it holds a lock. sqlite3.Error.
    """
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=32
    )
    try:
        for setting in ("journal_mode=TRUNCATE", "synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {setting}").fetchall()
    except sqlite3.Error:
        connection.close()
        raise
    path.chmod(0o600)
    return connection


def _write_all(handle: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]
