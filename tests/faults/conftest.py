"""Both databases, one sandbox for the folder, and a server to be treated badly."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from sandbox.running import RunningSandbox, run_sandbox
from tests.databases import database_beside
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
    url = request.getfixturevalue("postgres_url")
    with ExitStack() as made:
        yield lambda: made.enter_context(database_beside(url))


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
