"""A server over each database with its county and the providers outside; every test has users of its own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

import pytest
import structlog

from onething.bootstrap import build_ports
from onething.storage.unit_of_work import DatabaseRecords
from server.doors import DOORS
from tests.databases import fresh_database
from tests.fleet.machine import HandClock
from tests.http.world import enrol_kiosk, environment, set_up, start_sandbox, write_tokens
from tests.mobile.phone import Phone, Town
from tests.mobile.providers import Providers, run_providers
from web.app import create_app
from web.settings import DoorSettings


@pytest.fixture(scope="session")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Providers]:
    with run_providers(tmp_path_factory.mktemp("providers")) as running:
        yield running


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def running_town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, providers: Providers
) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp(request.param)
    tokens = write_tokens(folder)
    sandbox = start_sandbox(tokens)
    try:
        with fresh_database(request, folder) as url:
            environ = {**environment(folder, url, sandbox.url, tokens), **providers.environment()}
            set_up(environ)
            clock = HandClock()
            ports = replace(build_ports(environ), clock=clock, wall_clock=clock)
            app = create_app(ports, DoorSettings(), DOORS)
            yield Town(app, ports, clock, providers, enrol_kiosk(ports, "K-01"), sandbox.cards())
            ports.close()
    finally:
        sandbox.stop()


@pytest.fixture
def town(running_town: Town) -> Town:
    """Two minutes after the last test, nothing begun and no child born: nothing is shared with it."""
    structlog.configure(processors=[_drop], cache_logger_on_first_use=False)
    running_town.clock.at += timedelta(minutes=2)
    records = running_town.ports.records
    assert isinstance(records, DatabaseRecords)
    with records.act() as uow:
        uow.connection.exec_driver_sql("UPDATE drafts SET state = 'left' WHERE state = 'open'")
        uow.connection.exec_driver_sql("DELETE FROM case_claims")
    return running_town


@pytest.fixture
def phone(town: Town) -> Phone:
    return Phone(town)


def _drop(*_event: object) -> NoReturn:
    raise structlog.DropEvent
