"""A server over each database, with a technician; every test plans terminals of its own."""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
import structlog

from onething.bootstrap import build_ports
from onething.services import fleet as lives
from onething.storage.keyring import KeyRing
from onething.storage.migrate import migrate
from server.doors import DOORS
from tests.fleet.machine import TECHNICIAN, Fleet, HandClock, Machine
from web.app import create_app
from web.settings import DoorSettings


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def running_fleet(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    url = f"sqlite:///{folder}/fleet.sqlite"
    if request.param == "postgres":
        url = _beside(request.getfixturevalue("postgres_url"))
    migrate(url)
    KeyRing.make(folder / "keys.json")
    tokens = folder / "tokens.json"
    tokens.touch(mode=0o600)
    tokens.write_text(json.dumps({"onething": "our own token", "departments": {}}))
    clock = HandClock()
    ports = build_ports(
        {
            "ONETHING_DATABASE_URL": url,
            "ONETHING_FILES": str(folder / "files"),
            "ONETHING_KEYS": str(folder / "keys.json"),
            "ONETHING_GATEWAY_URL": "http://127.0.0.1:9",
            "ONETHING_GATEWAY_TOKENS": str(tokens),
        }
    )
    quick = replace(ports.settings, enrolment_answer_seconds=0.0)
    ports = replace(ports, clock=clock, wall_clock=clock, settings=quick)
    yield Fleet(ports, create_app(ports, DoorSettings(), DOORS), clock)
    ports.close()


@pytest.fixture
def fleet(running_fleet: Fleet) -> Fleet:
    """An hour later than the last test: no minute's guesses and no code are shared with it."""
    structlog.configure(processors=[_drop], cache_logger_on_first_use=False)
    running_fleet.clock.at += timedelta(hours=1)
    return running_fleet


@pytest.fixture
def planned(fleet: Fleet) -> Callable[[], str]:
    """Plans a terminal and gives its id."""
    return lambda: (
        lives.plan_terminal(
            fleet.ports, TECHNICIAN, f"K-{secrets.token_hex(4)}", "政务服务大厅", "Service hall"
        ).id
    )


@pytest.fixture
def enrolled(fleet: Fleet, planned: Callable[[], str]) -> Callable[[], Machine]:
    """Plans a terminal, enrols a machine as it and activates it."""

    def make() -> Machine:
        machine = Machine(fleet)
        terminal = planned()
        answer = machine.enrol(lives.issue_code(fleet.ports, TECHNICIAN, terminal).code)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        lives.activate(fleet.ports, TECHNICIAN, terminal, answer.json["check_words"])
        return machine

    return make


def _drop(*_event: object) -> None:
    raise structlog.DropEvent


def _beside(url: str) -> str:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE DATABASE fleet_tests")
    return f"{url.rsplit('/', 1)[0]}/fleet_tests"
