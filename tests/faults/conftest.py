"""Both databases, one sandbox for the folder, and installations to be treated badly."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from sandbox.running import RunningSandbox, run_sandbox


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """SQLAlchemy URL of an empty database for the tests of one file."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database')}/onething.sqlite"
        return
    url, name = request.getfixturevalue("postgres_url"), f"faults_{uuid4().hex}"
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name}".encode())
        yield f"{url.rsplit('/', 1)[0]}/{name}"
        session.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
