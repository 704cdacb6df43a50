"""The services over real things: a sandbox process, both databases, encrypted files on disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.running import RunningSandbox, run_sandbox
from tests.services.county import County
from tests.services.ready_made import ready_made


@pytest.fixture(scope="package")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with ready_made(request, tmp_path) as url:
        yield url


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
    with ready_made(request, folder) as url, County(url, sandbox, folder) as made:
        yield made
