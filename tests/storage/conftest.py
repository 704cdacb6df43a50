"""Each test gets an empty, migrated database; most tests run on SQLite and on PostgreSQL."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from onething.storage.keyring import KeyRing
from onething.storage.migrate import migrate
from onething.storage.schema import metadata
from onething.storage.unit_of_work import DatabaseRecords

_SHARED = "storage_tests"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied: a migration for each test would take most of the time."""
    file = tmp_path_factory.mktemp("template") / "template.sqlite"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> str:
    """SQLAlchemy URL of a migrated PostgreSQL database for all tests, one after the other."""
    _execute(postgres_url, f"CREATE DATABASE {_SHARED}")
    url = _beside(postgres_url, _SHARED)
    migrate(url)
    return url


@pytest.fixture
def postgres_records_url(migrated_postgres: str) -> Iterator[str]:
    """SQLAlchemy URL of the migrated PostgreSQL database, with nothing in it."""
    yield migrated_postgres
    with psycopg.connect(_address(migrated_postgres)) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(f'DELETE FROM "{table.name}"'.encode())


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """SQLAlchemy URL of a migrated database for one test."""
    if request.param == "sqlite":
        file = tmp_path / "onething.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    yield request.getfixturevalue("postgres_records_url")


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
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        try:
            rows = connection.execute(statement).fetchall()
            connection.commit()
        finally:
            connection.close()
        return rows
    return _execute(url, statement)


def _execute(url: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(_address(url), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def _address(url: str) -> str:
    return url.replace("+psycopg", "")


def _beside(url: str, database: str) -> str:
    return f"{url.rsplit('/', 1)[0]}/{database}"
