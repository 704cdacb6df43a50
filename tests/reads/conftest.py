"""The same cases in both databases, written once for all tests of lists."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from onething.domain.records import Case
from onething.reads.database import DatabaseReads
from onething.storage.keyring import KeyRing
from onething.storage.migrate import migrate
from onething.storage.unit_of_work import DatabaseRecords

from .made_cases import made_cases, write_cases


@pytest.fixture(scope="session")
def cases() -> list[Case]:
    """Some hundred cases in every state and under every clock."""
    return made_cases(480)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def records(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, cases: list[Case]
) -> Iterator[DatabaseRecords]:
    """The records with these cases and their tallies in them; nobody writes more."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('reads')}/reads.sqlite"
    else:
        url = _beside(request.getfixturevalue("postgres_url"))
    with _filled(url, cases) as filled:
        yield filled


@pytest.fixture(scope="session")
def reads(records: DatabaseRecords) -> DatabaseReads:
    """Lists over them."""
    return DatabaseReads(records)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DatabaseRecords]:
    """Records with nothing in them."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/counters.sqlite"
    else:
        url = request.getfixturevalue("postgres_database")
    migrate(url)
    records = DatabaseRecords(url, KeyRing.new())
    yield records
    records.close()


@contextmanager
def _filled(url: str, cases: list[Case]) -> Iterator[DatabaseRecords]:
    migrate(url)
    records = DatabaseRecords(url, KeyRing.new())
    write_cases(records, cases)
    yield records
    records.close()


def _beside(url: str) -> str:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE DATABASE reads_tests")
    return f"{url.rsplit('/', 1)[0]}/reads_tests"
