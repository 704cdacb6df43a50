"""A case read through the kiosk's door, values opened and the audit row committed, against bare Flask."""

import json
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import structlog
from flask import Flask, g
from werkzeug.test import EnvironBuilder

from onething.services import signing_in

from ..conftest import postgres_url
from ..http.test_journey import fill_in
from ..http.world import Sitting, World, environment, make_world, set_up, start_sandbox, write_tokens
from .rows import Row, compare

SQLITE_BOUND, POSTGRESQL_BOUND = 5.0, 6.0
AT_ONCE = 100
ROUNDS = 9


def measure() -> list[Row]:
    """One row for each database; the terminal's signature has a row of its own and is left out here."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.sqlite"
        rows = [_measure(Path(folder), url, "SQLite", SQLITE_BOUND)]
    with contextmanager(postgres_url.__wrapped__)() as url, tempfile.TemporaryDirectory() as folder:
        rows.append(_measure(Path(folder), url, "PostgreSQL", POSTGRESQL_BOUND))
    return rows


def _measure(folder: Path, database_url: str, name: str, bound: float) -> Row:
    with _world(folder, database_url) as world:
        sitting = Sitting(world.app, world.kiosks[0])
        sitting.sign_in(world.cards["chen", "mother"])
        draft = fill_in(sitting, world)
        answer = sitting.ask("POST", f"/drafts/{draft['id']}/submission", {}, key=secrets.token_hex(16))
        path = f"/kiosk/v1/cases/{answer.json['case_number']}/receipt"
        _let_in(world, sitting)
        read, bare = _caller(world.app, path), _caller(_bare_app(), "/bare")
        values = sum(len(section["fields"]) for section in draft["form"]["sections"])
        found = compare(bare, read, ROUNDS)
    each = f"{found.ours_ms / AT_ONCE * 1000:.0f} us against {found.limit_ms / AT_ONCE * 1000:.0f} us"
    note = f"{values} values, {each}; without the signature"
    return Row(f"a case read in the view, {name}, CPU", bound, round(found.ratio, 2), "x bare Flask", note)


@contextmanager
def _world(folder: Path, database_url: str) -> Iterator[World]:
    tokens = write_tokens(folder)
    sandbox = start_sandbox(tokens)
    environ = environment(folder, database_url, sandbox.url, tokens)
    try:
        set_up(environ)
        world = make_world(environ, sandbox)
        structlog.configure(processors=[_drop])
        yield world
        world.ports.close()
    finally:
        sandbox.stop()


def _let_in(world: World, sitting: Sitting) -> None:
    """In place of the gate: whose session it is, without the signature that proves the kiosk."""
    session = signing_in.get_session(world.ports, sitting.kiosk.id, sitting.token)

    def let_in() -> None:
        g.citizen = session

    world.app.before_request_funcs[None][-1] = let_in


def _caller(app: Flask, path: str) -> Callable[[], None]:
    environ = EnvironBuilder(path=path).get_environ()

    statuses: list[str] = []

    def call() -> None:
        statuses.clear()
        for _ in range(AT_ONCE):
            b"".join(app(dict(environ), lambda status, *_rest: statuses.append(status)))
        assert set(statuses) == {"200 OK"}

    return call


def _bare_app() -> Flask:
    bare = Flask("bare")
    body = json.dumps({"a": "x" * 200})
    bare.add_url_rule("/bare", "bare", lambda: body)
    return bare


def _drop(*_event: object) -> NoReturn:
    raise structlog.DropEvent
