"""The same cases in both databases, written once for all tests of lists."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from onething.domain.records import Case
from onething.reads.database import DatabaseReads
from onething.storage.keyring import KeyRing
from onething.storage.migrate import migrate
from onething.storage.unit_of_work import DatabaseRecords
from tests.databases import fresh_database

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
    folder = tmp_path_factory.mktemp("reads")
    with fresh_database(request, folder) as url, _filled(url, cases) as filled:
        yield filled


@pytest.fixture(scope="session")
def reads(records: DatabaseRecords) -> DatabaseReads:
    """Lists over them."""
    return DatabaseReads(records)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DatabaseRecords]:
    """Records with nothing in them."""
    with fresh_database(request, tmp_path) as url, _filled(url, []) as filled:
        yield filled


@contextmanager
def _filled(url: str, cases: list[Case]) -> Iterator[DatabaseRecords]:
    migrate(url)
    records = DatabaseRecords(url, KeyRing.new())
    write_cases(records, cases)
    yield records
    records.close()
