"""Both databases, one sandbox for the folder, and a server to be treated badly."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import psycopg
import pytest

from sandbox.running import RunningSandbox, run_sandbox
from tests.faults.installation import Clones, Installation, running


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def make_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], str]]:
    """Makes an empty database and gives its SQLAlchemy URL."""
    if request.param == "sqlite":
        yield lambda: f"sqlite:///{tmp_path_factory.mktemp('database')}/onething.sqlite"
        return
    url, names = request.getfixturevalue("postgres_url"), list[str]()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as session:

        def make() -> str:
            names.append(f"faults_{uuid4().hex}")
            session.execute(f"CREATE DATABASE {names[-1]}".encode())
            return f"{url.rsplit('/', 1)[0]}/{names[-1]}"

        yield make
        for name in names:
            session.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="session")
def served(
    make_database: Callable[[], str], sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """An installation that nobody kills, without workers: what it hands out waits until a test does it."""
    with running(make_database(), sandbox, tmp_path_factory.mktemp("served"), workers=0) as made:
        yield made


@pytest.fixture(scope="session")
def clones(served: Installation) -> Clones:
    """Ready births in the installation ``served``."""
    return Clones(served.county)
