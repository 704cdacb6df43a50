"""A server over each database, with a technician; every test plans terminals of its own."""

import json
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from onething.services import fleet as lives
from onething.storage.keyring import KeyRing
from onething.storage.migrate import migrate
from tests.databases import fresh_database
from tests.fleet.machine import TECHNICIAN, Fleet, HandClock, Machine, make_fleet


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def running_fleet(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    with fresh_database(request, folder) as url:
        migrate(url)
        fleet = make_fleet(environment(folder, url), HandClock())
        yield fleet
        fleet.ports.close()


def environment(folder: Path, database_url: str) -> dict[str, str]:
    """What the server is configured by; the outside world is not there."""
    KeyRing.make(folder / "keys.json")
    tokens = folder / "tokens.json"
    tokens.touch(mode=0o600)
    tokens.write_text(json.dumps({"onething": "our own token", "departments": {}}))
    return {
        "ONETHING_DATABASE_URL": database_url,
        "ONETHING_FILES": str(folder / "files"),
        "ONETHING_KEYS": str(folder / "keys.json"),
        "ONETHING_GATEWAY_URL": "http://127.0.0.1:9",
        "ONETHING_GATEWAY_TOKENS": str(tokens),
    }


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
