"""A street for each module of tests of the phone's pages, on SQLite; what is behind is tested on both."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NoReturn

import pytest
import structlog

from tests.phone_pages.street import Quarter, Street, Walker, open_quarter, open_street


@pytest.fixture(scope="package")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quarter]:
    with open_quarter(tmp_path_factory.mktemp("quarter")) as quarter:
        yield quarter


@pytest.fixture(scope="module")
def running_street(quarter: Quarter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    with open_street(quarter, tmp_path_factory.mktemp("street")) as street:
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
