"""One street for all tests of the phone's pages, on SQLite; what is behind them is tested on both."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NoReturn

import pytest
import structlog

from tests.mobile.providers import run_providers
from tests.phone_pages.street import Street, Walker, open_street


@pytest.fixture(scope="package")
def running_street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    folder = tmp_path_factory.mktemp("street")
    with (
        run_providers(tmp_path_factory.mktemp("providers")) as providers,
        open_street(folder, f"sqlite:///{folder}/onething.sqlite", providers) as street,
    ):
        yield street


@pytest.fixture
def street(running_street: Street) -> Street:
    """Two minutes after the last test: no minute's refusals are shared with it."""
    structlog.configure(processors=[_drop], cache_logger_on_first_use=False)
    running_street.clock.at += timedelta(minutes=2)
    return running_street


@pytest.fixture
def mother(street: Street) -> Walker:
    return street.client("chen.mother")


@pytest.fixture
def stranger(street: Street) -> Walker:
    return street.client("stranger.man")


def _drop(*_event: object) -> NoReturn:
    raise structlog.DropEvent
