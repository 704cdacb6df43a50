"""Points before and after every write and commit at which a process can be told to kill itself.

They are put under SQLAlchemy as the drivers' own connections, so that nothing in the product knows of
them. A point is named by the process's role, the table its transaction wrote first (which says what act
it is), the place in the transaction, and the statement: ``server.idempotency_keys.02.INSERT-cases.before``.
"""

import os
import re
import signal
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from onething.storage.postgres_line import Answer, PostgresLine, Statement

_WRITE = re.compile(r'\b(INSERT INTO|UPDATE|DELETE FROM) "?(\w+)"?')


class Failpoints:
    """The points of some processes, shared by files: a rename is done by exactly one of them."""

    def __init__(self, folder: Path) -> None:
        self._seen, self._armed, self._fired = (folder / name for name in ("seen", "armed", "fired"))
        for each in (self._seen, self._armed, self._fired):
            each.mkdir(parents=True, exist_ok=True)
        self._known: set[str] = set()

    def list_seen(self) -> list[str]:
        """Every point that any process has passed since ``forget``."""
        return sorted(os.listdir(self._seen))

    def list_armed(self) -> list[str]:
        """The points at which nobody has died yet."""
        return sorted(os.listdir(self._armed))

    def list_fired(self) -> list[str]:
        """The points at which somebody died, once for each death."""
        return sorted(name.rsplit("@", 1)[0] for name in os.listdir(self._fired))

    def arm(self, points: Iterable[str]) -> None:
        """The next process to come to one of these points kills itself there, once."""
        for point in points:
            (self._armed / point).touch()

    def pass_by(self, point: str) -> None:
        """For the processes themselves: note the point, and die here if it is armed."""
        if point not in self._known:
            self._known.add(point)
            (self._seen / point).touch()
        try:
            os.rename(self._armed / point, self._fired / f"{point}@{time.monotonic_ns()}")
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGKILL)


class _Act:
    """The transaction that one connection is in: what it wrote first, and how many writes there were."""

    def __init__(self, role: str, failpoints: Failpoints) -> None:
        self._role = role
        self._failpoints = failpoints
        self._begun_with = ""
        self._writes = 0
        self._last = ""

    def write(self, text: Any, run: Callable[[], Any], count_rows: Callable[[Any], int]) -> Any:
        """Run a statement between its two points; one that changes nothing has no second point."""
        text = str(text).strip()
        if text in ("COMMIT", "ROLLBACK"):
            return self.end(run, commit=text == "COMMIT")
        found = None if text.startswith("SELECT") else _WRITE.search(text)
        if found is None:
            return run()
        write = f"{found[1].split()[0]}-{found[2]}"
        # The same write for each of many rows is one place, however many there are today.
        place = self._writes + (write != self._last)
        name = f"{self._begun_with or found[2]}.{place:02}.{write}"
        self._pass_by(name, "before")
        result = run()
        if count_rows(result) != 0:
            self._begun_with = self._begun_with or found[2]
            self._writes, self._last = place, write
            self._pass_by(name, "after")
        return result

    def end(self, run: Callable[[], Any], *, commit: bool) -> Any:
        """Commit between its two points, if anything was written; or roll back."""
        begun_with, writes = self._begun_with, self._writes
        self._begun_with, self._writes, self._last = "", 0, ""
        if commit and writes:
            self._pass_by(f"{begun_with}.{writes + 1:02}.commit", "before")
        result = run()
        if commit and writes:
            self._pass_by(f"{begun_with}.{writes + 1:02}.commit", "after")
        return result

    def _pass_by(self, name: str, when: str) -> None:
        self._failpoints.pass_by(f"{self._role}.{name}.{when}")


class _SqliteConnection(sqlite3.Connection):
    act: _Act

    def write(self, text: str, run: Callable[[], Any]) -> Any:
        # A cursor's own row count is not known yet while RETURNING still gives rows.
        before = self.total_changes
        return self.act.write(text, run, lambda _result: self.total_changes - before)

    def execute(self, text: str, parameters: Any = (), /) -> sqlite3.Cursor:
        run = super().execute
        return self.write(text, lambda: run(text, parameters))

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(factory or _SqliteCursor)

    def commit(self) -> None:
        self.act.end(super().commit, commit=True)

    def rollback(self) -> None:
        self.act.end(super().rollback, commit=False)


class _SqliteCursor(sqlite3.Cursor):
    connection: _SqliteConnection

    def execute(self, text: str, parameters: Any = (), /) -> sqlite3.Cursor:
        run = super().execute
        return self.connection.write(text, lambda: run(text, parameters))

    def executemany(self, text: str, parameters: Any, /) -> sqlite3.Cursor:
        run = super().executemany
        return self.connection.write(text, lambda: run(text, parameters))


class _PostgresLine(PostgresLine):
    """One statement after the other, so that there is a point between any two."""

    act: _Act

    def run(self, statements: Sequence[Statement]) -> list[Answer]:
        sent = [*self._waiting, *statements]
        self._waiting.clear()
        return [self._run_alone(text, values) for text, values in sent][-len(statements) :]

    def _run_alone(self, text: str, values: Sequence[Any]) -> Answer:
        run = super().run
        answer: Answer = self.act.write(text, lambda: run([(text, values)])[0], lambda said: said.rowcount)
        return answer


def install(role: str, folder: Path) -> None:
    """Every connection this process opens from now on has failpoints; ``role`` begins their names."""
    failpoints = Failpoints(folder)

    def connect(dialect: Any, _entry: Any, arguments: Sequence[Any], options: dict[str, Any]) -> Any:
        if dialect.name == "sqlite":
            connection: Any = sqlite3.connect(*arguments, factory=_SqliteConnection, **options)
        else:
            connection = _PostgresLine.connect(*arguments, **options)
        connection.act = _Act(role, failpoints)
        return connection

    # Last in line: the product's own listener makes SQLite's file first.
    event.listen(Engine, "do_connect", connect)
