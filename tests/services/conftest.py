"""The services over real things: a sandbox process, both databases, encrypted files on disk."""

from collections.abc import Iterator
from pathlib import Path

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
