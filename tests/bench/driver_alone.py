"""What an act costs without us: its statements, everything ready, sent by the database's driver alone."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, make_url

from onething.storage import statements

Statement = tuple[str, Any]
Write = Callable[[Sequence[Statement]], None]


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """The statements that the records send to the driver meanwhile, in order."""
    sent: list[Statement] = []
    send, send_later = statements.send, statements.send_later

    def note_and_send(connection: Connection, *some: Statement) -> list[statements.Cursor]:
        sent.extend(some)
        return send(connection, *some)

    def note_and_send_later(connection: Connection, text: str, parameters: Any) -> None:
        sent.append((text, parameters))
        statements.send = send
        send_later(connection, text, parameters)
        statements.send = note_and_send

    statements.send, statements.send_later = note_and_send, note_and_send_later
    try:
        yield sent
    finally:
        statements.send, statements.send_later = send, send_later


@contextmanager
def driver_alone(url: str) -> Iterator[Write]:
    """Sends statements in one transaction over the driver, as durably as the records do; reads what comes."""
    if make_url(url).get_backend_name() == "sqlite":
        yield from _sqlite(str(make_url(url).database))
    else:
        yield from _postgresql(url.replace("+psycopg", ""))


def _sqlite(file: str) -> Iterator[Write]:
    with closing(sqlite3.connect(file, isolation_level=None)) as driver:
        driver.execute("PRAGMA synchronous=FULL")
        driver.execute("PRAGMA foreign_keys=ON")

        def write(sent: Sequence[Statement]) -> None:
            driver.execute("BEGIN IMMEDIATE")
            for text, values in sent:
                driver.execute(text, values).fetchall()
            driver.execute("COMMIT")

        yield write


def _postgresql(url: str) -> Iterator[Write]:
    # The statements are written as PostgreSQL knows them: $1, $2.
    with psycopg.connect(url, cursor_factory=psycopg.RawCursor) as driver:

        def write(sent: Sequence[Statement]) -> None:
            for text, values in sent:
                cursor = driver.execute(text.encode(), values)
                if cursor.description:
                    cursor.fetchall()
            driver.commit()

        yield write
