"""What the agent must not forget in a power cut: which commands it has begun, and how often it has spoken."""

import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

from terminal_client.durable import open_database

JOURNAL_FILE = "agent.sqlite3"
COUNTER_BLOCK = 1000
KEPT_COMMANDS = 500
INTERRUPTED = "interrupted by a restart of the program; not repeated"
SCHEMA = """
create table if not exists commands (
    id text primary key, kind text not null, outcome text, detail text not null default '',
    attachment text, is_reported integer not null default 0
);
create table if not exists counters (name text primary key, value integer not null);
"""


class JournalFailed(Exception):
    """The journal cannot be read or written, so nothing that must be noted first is begun."""

    reason = "journal_failed"


@dataclass(frozen=True)
class Result:
    """What became of a command."""

    command: str
    outcome: str
    detail: str = ""
    attachment: str | None = None


class Journal:
    """The agent's own database. Every method may be called from any thread and raises JournalFailed."""

    def __init__(self, folder: Path) -> None:
        try:
            self._connection = open_database(folder / JOURNAL_FILE)
            self._connection.executescript(SCHEMA)
        except (sqlite3.Error, OSError) as error:
            raise JournalFailed(str(error)) from error
        self._lock = threading.Lock()
        self._counter, self._ceiling = 0, 0

    def begin(self, command: str, kind: str) -> bool:
        """Note that a command is about to be done; False when it was noted before and may not be repeated."""
        done = self._write("insert or ignore into commands (id, kind) values (?, ?)", command, kind)
        return done == 1

    def end(self, result: Result) -> None:
        """Note what became of a command that was begun."""
        self._write(
            "update commands set outcome = ?, detail = ?, attachment = ? where id = ?",
            result.outcome,
            result.detail,
            result.attachment,
            result.command,
        )

    def close_interrupted(self) -> None:
        """What was begun before the last restart and has no outcome has failed, for all anyone knows."""
        self._write("update commands set outcome = 'failed', detail = ? where outcome is null", INTERRUPTED)

    def list_unreported(self) -> list[Result]:
        """The results the server has not taken yet, in the order they were begun."""
        rows = self._read(
            "select id, outcome, detail, attachment from commands "
            "where outcome is not null and not is_reported order by rowid"
        )
        return [Result(*row) for row in rows]

    def note_reported(self, command: str) -> None:
        """The server has taken this result; what it carried is dropped, its number is kept for a while."""
        self._write("update commands set is_reported = 1, attachment = null where id = ?", command)
        self._write(
            "delete from commands where is_reported and rowid <= (select max(rowid) from commands) - ?",
            KEPT_COMMANDS,
        )

    def next_counter(self) -> int:
        """A number that only grows over the life of this folder, written once in a thousand."""
        with self._lock:
            if self._counter == self._ceiling:
                self._counter = self._reserve()
                self._ceiling = self._counter + COUNTER_BLOCK
            self._counter += 1
            return self._counter

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def _reserve(self) -> int:
        sentence = (
            "insert into counters values ('heartbeats', ?) "
            "on conflict (name) do update set value = value + ? returning value"
        )
        try:
            [(ceiling,)] = self._connection.execute(sentence, (COUNTER_BLOCK, COUNTER_BLOCK)).fetchall()
        except sqlite3.Error as error:
            raise JournalFailed(str(error)) from error
        return int(ceiling) - COUNTER_BLOCK

    def _write(self, sentence: str, *values: object) -> int:
        with self._lock:
            try:
                return self._connection.execute(sentence, values).rowcount
            except sqlite3.Error as error:
                raise JournalFailed(str(error)) from error

    def _read(self, sentence: str) -> list[tuple[str, str, str, str | None]]:
        with self._lock:
            try:
                return self._connection.execute(sentence).fetchall()
            except sqlite3.Error as error:
                raise JournalFailed(str(error)) from error
