"""Database engines: one that writes in transactions, one that reads in autocommit."""

from __future__ import annotations

import os
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Dialect, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import ConnectionPoolEntry

from onething.storage.constraints import refuse
from onething.storage.postgres_line import PostgresLine


@dataclass(frozen=True)
class Limits:
    """How long, in seconds, each kind of waiting for the database may last.

    ``answer`` bounds a whole unit of work on PostgreSQL, from here; ``statement`` is the server's
    own limit, for a client that is gone; ``busy`` is for the writers of a SQLite file.
    """

    connect: int = 2
    lock: float = 2.0
    answer: float = 2.5
    statement: float = 5.0
    busy: float = 30.0
    connections: int = 10


# The most that SQLite maps as it is commonly built.
_MAPPED_BYTES = 0x7FFF0000


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def sqlite_file(url: str) -> Path:
    """The file behind a SQLite URL; raises ``ValueError`` for one in memory, which nobody else can see."""
    name = make_url(url).database
    if not name or name == ":memory:":
        raise ValueError("records need a file: several processes share them")
    return Path(name)


def make_write_engine(url: str, limits: Limits) -> Engine:
    """An engine whose connections may write, see ``transactions``."""
    make = _sqlite if is_sqlite(url) else _postgresql
    engine = make(url, limits, read_only=False)
    event.listen(engine, "handle_error", refuse)
    return engine


def make_read_engine(url: str, limits: Limits, *, mapped: bool = False) -> Engine:
    """An engine in autocommit that cannot write: a read must not take SQLite's one write lock.

    ``mapped``: a SQLite file's pages are read where the system keeps them, so that a list out of two
    gigabytes costs what one out of twenty megabytes does, and no connection holds a cache of its own. The
    map is made anew whenever somebody has written: for one look-up that costs more than the look-up.
    """
    make = _sqlite if is_sqlite(url) else _postgresql
    engine = make(url, limits, read_only=True).execution_options(isolation_level="AUTOCOMMIT")
    event.listen(engine, "handle_error", refuse)
    if mapped and is_sqlite(url):
        event.listen(engine, "connect", _map)
    return engine


def _map(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA mmap_size={_MAPPED_BYTES}")
    cursor.close()


def _sqlite(url: str, limits: Limits, *, read_only: bool) -> Engine:
    file = sqlite_file(url)
    engine = create_engine(
        make_url(url),
        connect_args={"isolation_level": None, "timeout": limits.busy, "check_same_thread": False},
        pool_size=limits.connections,
        max_overflow=limits.connections,
        pool_timeout=limits.answer,
    )

    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        _write_ahead(cursor, limits.busy)
        # FULL: what was acknowledged is on the disk, also when the power goes.
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    def create_private(*_arguments: Any) -> None:
        create_private_file(file)

    event.listen(engine, "do_connect", create_private)
    event.listen(engine, "connect", prepare)
    return engine


def _write_ahead(cursor: DBAPICursor, within_s: float) -> None:
    """Two that open a new file at once: SQLite refuses the second without waiting for the first."""
    give_up_at = time.monotonic() + within_s
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.02)


def create_private_file(file: Path) -> None:
    """Make an empty file, mode 0600, where none is; SQLite gives its log files the same mode."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def _postgresql(url: str, limits: Limits, *, read_only: bool) -> Engine:
    settings = {
        "timezone": "UTC",
        "statement_timeout": round(limits.statement * 1000),
        "lock_timeout": round(limits.lock * 1000),
        "idle_in_transaction_session_timeout": round(limits.statement * 1000),
        "default_transaction_read_only": "on" if read_only else "off",
    }
    engine = create_engine(
        _with_driver(make_url(url)),
        connect_args={
            "connect_timeout": limits.connect,
            "tcp_user_timeout": round(limits.answer * 1000),
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
            "client_encoding": "utf8",
        },
        pool_size=limits.connections,
        max_overflow=limits.connections,
        pool_timeout=limits.answer,
    )
    event.listen(engine, "do_connect", _open_line)
    return engine


def _open_line(
    _dialect: Dialect, _record: ConnectionPoolEntry, arguments: tuple[Any, ...], named: dict[str, Any]
) -> Any:
    return PostgresLine.connect(*arguments, **named)


def _with_driver(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url
