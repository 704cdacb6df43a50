"""An application around ports in memory, with a kiosk that may knock."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import NoReturn

import pytest
import structlog
from flask import Blueprint, Flask, request
from flask.testing import FlaskClient

from onething.storage.unit_of_work import DatabaseRecords
from tests.databases import fresh_database
from tests.http.fakes import enrolled, memory_ports
from tests.http.kiosk_signing import Kiosk
from tests.http.running_server import Server, start_server
from tests.http.world import World, environment, make_world, set_up, start_sandbox, write_tokens
from web import gates
from web.app import create_app
from web.current import current_terminal
from web.settings import DoorSettings

PARTNER_TOKENS = {"WJ": "token of WJ", "GA": "token of GA"}
probe = Blueprint("probe", __name__)


@probe.route("/probe/<path:anything>", methods=["GET", "POST", "PUT"])
@gates.terminal
def knock(anything: str) -> dict[str, object]:
    """Says who came and with how much."""
    return {"terminal": current_terminal().id, "path": anything, "bytes": len(request.get_data())}


@pytest.fixture(autouse=True)
def _quiet_log() -> None:
    structlog.configure(processors=[_drop], cache_logger_on_first_use=False)


def _drop(*_event: object) -> NoReturn:
    raise structlog.DropEvent


@pytest.fixture
def ports() -> SimpleNamespace:
    return memory_ports()


@pytest.fixture
def kiosk(ports: SimpleNamespace) -> Kiosk:
    """An enrolled kiosk in service."""
    kiosk = Kiosk("terminal-1")
    ports.records.terminals.add(enrolled(kiosk))
    return kiosk


@pytest.fixture
def probe_app(ports: SimpleNamespace) -> Flask:
    app = create_app(ports, DoorSettings(partner_tokens=PARTNER_TOKENS), doors=())
    app.register_blueprint(probe)
    return app


@pytest.fixture
def probe_client(probe_app: Flask) -> FlaskClient:
    return probe_app.test_client()


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The real server on SQLite and on PostgreSQL, set up by the commands people use."""
    folder = tmp_path_factory.mktemp(request.param)
    tokens = write_tokens(folder)
    sandbox = start_sandbox(tokens)
    try:
        with fresh_database(request, folder) as database_url:
            environ = environment(folder, database_url, sandbox.url, tokens)
            set_up(environ)
            world = make_world(environ, sandbox)
            yield world
            world.ports.close()
    finally:
        sandbox.stop()


@pytest.fixture(autouse=True)
def no_child_yet(request: pytest.FixtureRequest) -> None:
    """A birth is handed in once: what the tests before have handed in bars no other."""
    if "world" in request.fixturenames:
        world: World = request.getfixturevalue("world")
        records = world.ports.records
        assert isinstance(records, DatabaseRecords)
        with records.act() as uow:
            uow.connection.exec_driver_sql("DELETE FROM case_claims")


@pytest.fixture(scope="session")
def server(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """gunicorn over the world's installation."""
    running = start_server(world.environ, tmp_path_factory.mktemp("gunicorn") / "log")
    yield running
    running.stop()
