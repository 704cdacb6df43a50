"""One office for all tests of the console; each test makes the cases it needs."""

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import structlog

from sandbox.running import RunningSandbox, run_sandbox
from tests.console.office import Office


@pytest.fixture(autouse=True)
def _quiet_log() -> None:
    structlog.configure(processors=[_drop], cache_logger_on_first_use=False)


def _drop(*_event: object) -> NoReturn:
    raise structlog.DropEvent


@pytest.fixture(scope="package")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(scope="package")
def office(tmp_path_factory: pytest.TempPathFactory, sandbox: RunningSandbox) -> Iterator[Office]:
    """The server with a county behind it and an account for each role, on SQLite."""
    folder: Path = tmp_path_factory.mktemp("office")
    with Office(f"sqlite:///{folder}/onething.sqlite", sandbox, folder) as office:
        yield office
