"""The services over real things: a sandbox process, both databases, encrypted files on disk."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sandbox.running import RunningSandbox, run_sandbox
from tests.services.county import County


@pytest.fixture(scope="package")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'onething.sqlite'}"
    return str(request.getfixturevalue("postgres_database"))


@pytest.fixture
def county(database_url: str, sandbox: RunningSandbox, tmp_path: Path) -> Iterator[County]:
    with County(database_url, sandbox, tmp_path) as made:
        yield made


@pytest.fixture(scope="package", params=["sqlite", "postgres"])
def furnished(
    request: pytest.FixtureRequest, sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[County]:
    """A county for many tests: to be emptied before each (``tests.services.office``)."""
    folder = tmp_path_factory.mktemp("furnished")
    url = f"sqlite:///{folder / 'onething.sqlite'}"
    if request.param == "postgres":
        url = _beside(request.getfixturevalue("postgres_url"), "furnished")
    with County(url, sandbox, folder) as made:
        yield made


def _beside(url: str, database: str) -> str:
    """The URL of a new database in the same cluster."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}".encode())
    return f"{url.rsplit('/', 1)[0]}/{database}"
