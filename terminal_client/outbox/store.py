"""The outbox's own database: an item is acknowledged only once it would survive the power failing."""

import os
import secrets
import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from terminal_client.durable import open_database, sync_folder
from terminal_client.outbox.sealing import seal

OUTBOX_FILE = "outbox.sqlite3"
RESERVE_FILE = "outbox.reserve"
RESERVE_BYTES = 1024 * 1024
LEAST_FREE_BYTES = 2 * 1024 * 1024
MOST_ITEMS = 2000
SCHEMA = """
create table if not exists items (
    sequence integer primary key autoincrement, id text not null unique, kind text not null,
    sealed blob not null, taken_at text not null, tries integer not null default 0,
    is_parked integer not null default 0, reason text not null default ''
)
"""


class OutboxFailed(Exception):
    """Nothing was kept: the disk is full or broken, or the outbox is. The person is told so."""

    reason = "outbox_failed"


@dataclass(frozen=True)
class Item:
    """One thing on its way to the server; `sealed` can be opened there alone."""

    id: str
    kind: str
    sealed: bytes = field(repr=False)
    taken_at: datetime
    tries: int
    is_parked: bool
    reason: str


@dataclass(frozen=True)
class Depth:
    """How much waits to be sent, how old the oldest is, and how much was parked."""

    waiting: int
    oldest_age_seconds: int
    parked: int


def _now_utc() -> datetime:
    return datetime.now(UTC)


class Outbox:
    """Items in the order they were taken. Every method may be called from any thread.

    A file of `RESERVE_BYTES` holds room on the disk, so that what was sent can be struck off, and the
    program goes on, when the disk is full.
    """

    def __init__(
        self, folder: Path, server_key: bytes, terminal: str, *, clock: Callable[[], datetime] = _now_utc
    ) -> None:
        self._folder = folder
        self._server_key = server_key
        self._terminal = terminal
        self._clock = clock
        self._lock = threading.Lock()
        self._make_reserve()
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            connection = open_database(self._folder / OUTBOX_FILE)
            connection.execute(SCHEMA)
            sync_folder(self._folder)
        except (sqlite3.Error, OSError) as error:
            raise OutboxFailed(str(error)) from error
        return connection

    def put(self, kind: str, content: Mapping[str, Any]) -> str:
        """Seal and keep; the id that comes back is the acknowledgement. OutboxFailed: nothing is kept."""
        if not self.has_room():
            raise OutboxFailed("no room")
        identifier = secrets.token_hex(16)
        sealed = seal(content, server_key=self._server_key, terminal=self._terminal, item=identifier)
        sentence = "insert into items (id, kind, sealed, taken_at) values (?, ?, ?, ?)"
        with self._lock:
            self._write(sentence, identifier, kind, sealed, self._clock().isoformat())
        return identifier

    def has_room(self) -> bool:
        """Whether another item would surely find room."""
        try:
            room = os.statvfs(self._folder)
        except OSError:
            return False
        if room.f_bavail * room.f_frsize < LEAST_FREE_BYTES or not self._make_reserve():
            return False
        return self.measure().waiting < MOST_ITEMS

    def find_next(self) -> Item | None:
        """The oldest item that waits; None when nothing does."""
        found = self._list("where not is_parked order by sequence limit 1")
        return found[0] if found else None

    def list_all(self) -> list[Item]:
        """Everything that is here, oldest first, the parked ones too."""
        return self._list("order by sequence")

    def strike_off(self, identifier: str) -> None:
        """The server has it: it is taken away here, overwritten. OutboxFailed."""
        self._give_way("delete from items where id = ?", identifier)

    def note_try(self, identifier: str, reason: str) -> int:
        """Count a refusal; how many there were. OutboxFailed."""
        self._give_way("update items set tries = tries + 1, reason = ? where id = ?", reason, identifier)
        with self._lock:
            try:
                rows = self._connection.execute(
                    "select tries from items where id = ?", (identifier,)
                ).fetchall()
            except sqlite3.Error as error:
                raise OutboxFailed(str(error)) from error
        return int(rows[0][0]) if rows else 0

    def park(self, identifier: str, reason: str) -> None:
        """Set aside what the server will never take, so that the others go on. OutboxFailed."""
        self._give_way("update items set is_parked = 1, reason = ? where id = ?", reason, identifier)

    def release(self, identifier: str) -> None:
        """Send a parked item once more, in its old place. OutboxFailed."""
        self._give_way("update items set is_parked = 0, tries = 0 where id = ?", identifier)

    def measure(self) -> Depth:
        """How much there is. OutboxFailed."""
        sentence = (
            "select sum(not is_parked), min(case when is_parked then null else taken_at end), "
            "sum(is_parked) from items"
        )
        with self._lock:
            try:
                [(waiting, oldest, parked)] = self._connection.execute(sentence).fetchall()
            except sqlite3.Error as error:
                raise OutboxFailed(str(error)) from error
        age = (self._clock() - datetime.fromisoformat(oldest)).total_seconds() if oldest else 0
        return Depth(waiting or 0, max(0, int(age)), parked or 0)

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def _list(self, how: str) -> list[Item]:
        sentence = "select id, kind, sealed, taken_at, tries, is_parked, reason from items "
        with self._lock:
            try:
                rows = self._connection.execute(sentence + how).fetchall()
            except sqlite3.Error as error:
                raise OutboxFailed(str(error)) from error
        return [
            Item(row[0], row[1], row[2], datetime.fromisoformat(row[3]), row[4], bool(row[5]), row[6])
            for row in rows
        ]

    def _give_way(self, sentence: str, *values: object) -> None:
        """Write what makes room, in the reserve's place when the disk is full."""
        with self._lock:
            try:
                self._write(sentence, *values)
                return
            except OutboxFailed:
                (self._folder / RESERVE_FILE).unlink(missing_ok=True)
            self._write(sentence, *values)
        self._make_reserve()

    def _write(self, sentence: str, *values: object) -> None:
        try:
            self._connection.execute(sentence, values)
        except sqlite3.Error as error:
            # a statement that failed half-way must not be finished by the next one
            if self._connection.in_transaction:
                with suppress(sqlite3.Error):
                    self._connection.rollback()
            raise OutboxFailed(str(error)) from error

    def _make_reserve(self) -> bool:
        path = self._folder / RESERVE_FILE
        with suppress(OSError):
            if path.stat().st_size == RESERVE_BYTES:
                return True
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        except OSError:
            return False
        try:
            os.posix_fallocate(handle, 0, RESERVE_BYTES)
        except OSError:
            path.unlink(missing_ok=True)
            return False
        finally:
            os.close(handle)
        return True
