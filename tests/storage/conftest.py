"""Each test gets an empty, migrated database of its own; most tests run on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from onething.storage.keyring import KeyRing
from onething.storage.migrate import migrate
from onething.storage.unit_of_work import DatabaseRecords

_TEMPLATE = "storage_template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied: a migration for each test would take most of the time."""
    file = tmp_path_factory.mktemp("template") / "template.sqlite"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """SQLAlchemy URL of a migrated PostgreSQL database, to be copied."""
    _execute(postgres_url, f"CREATE DATABASE {_TEMPLATE}")
    url = _beside(postgres_url, _TEMPLATE)
    migrate(url)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """SQLAlchemy URL of a migrated database for one test."""
    if request.param == "sqlite":
        file = tmp_path / "onething.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server = request.getfixturevalue("postgres_template")
    name = f"storage_{uuid4().hex}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    yield _beside(server, name)
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def keyring() -> KeyRing:
    """Fresh keys, in memory."""
    return KeyRing.new()


@pytest.fixture
def records(database_url: str, keyring: KeyRing) -> Iterator[DatabaseRecords]:
    """The records in an empty database."""
    records = DatabaseRecords(database_url, keyring)
    yield records
    records.close()


@pytest.fixture
def rivals(database_url: str, keyring: KeyRing) -> Iterator[list[DatabaseRecords]]:
    """Four processes' worth of connections to the same database."""
    several = [DatabaseRecords(database_url, keyring) for _ in range(4)]
    yield several
    for records in several:
        records.close()


@pytest.fixture
def as_superuser(database_url: str) -> Any:
    """Runs one statement past everything of ours, as somebody with the database's password could."""

    def run(statement: str) -> list[tuple[Any, ...]]:
        return _execute_raw(database_url, statement)

    return run


def _execute_raw(url: str, statement: str) -> list[tuple[Any, ...]]:
    if url.startswith("sqlite"):
        import sqlite3

        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        try:
            rows = connection.execute(statement).fetchall()
            connection.commit()
        finally:
            connection.close()
        return rows
    return _execute(url, statement)


def _execute(url: str, statement: str) -> list[tuple[Any, ...]]:
    database = url.rsplit("/", 1)[1]
    # A database that is being copied must have nobody in it.
    target = "postgres" if "DATABASE" in statement else database
    with psycopg.connect(_beside(url, target).replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def _beside(url: str, database: str) -> str:
    return f"{url.rsplit('/', 1)[0]}/{database}"
