"""Both databases, one sandbox for the folder, and an installation that may be killed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.running import RunningSandbox, run_sandbox


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'onething.sqlite'}"
    return str(request.getfixturevalue("postgres_database"))
