"""A whole installation to measure: the real server on one database, its county outside, a birth filled in."""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask
from werkzeug.test import EnvironBuilder

from onething.domain.records import Case, Draft, Terminal
from onething.ports import UnitOfWork
from web import gates

from ..conftest import postgres_url
from ..http.test_journey import fill_in
from ..http.world import Sitting, World, environment, make_world, set_up, start_sandbox, write_tokens
from ..siblings import with_another_child

DATABASES = ("SQLite", "PostgreSQL")
VALUES = 30
MORE_FACTS = ("mobile", "bank_card", "bank_name", "household_number", "householder_name")


@dataclass
class Installation:
    """The server in this process with one citizen signed in, and a draft of hers that is ready."""

    world: World
    sitting: Sitting
    draft: Draft
    terminal: Terminal

    @property
    def database_url(self) -> str:
        return self.world.environ["ONETHING_DATABASE_URL"]

    def environ(self, method: str, path: str, body: bytes = b"", **headers: str) -> dict[str, Any]:
        """What a WSGI server hands over for one request, signed; ``body`` is JSON."""
        target = f"/kiosk/v1{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body:
            named["content-type"] = "application/json"
        signed = self.sitting.kiosk.sign(method, target, body, headers=named)
        signed["citizen-session"] = self.sitting.token
        made = EnvironBuilder(path=target, method=method, headers=signed, data=body).get_environ()
        return {**made, "RAW_URI": target, "bench.body": body}

    def ready_draft(self) -> str:
        """One more draft like the filled one, with its three papers; its id."""
        values = with_another_child(self.draft.values)
        draft = replace(self.draft, id=secrets.token_hex(16), subject=secrets.token_hex(16), values=values)
        with self.world.ports.records.act() as uow:
            files = uow.files.list_of(self.draft.id)
            uow.drafts.add(draft)
            for file in files:
                uow.files.add(replace(file, id=secrets.token_hex(16), owner=draft.id))
        return draft.id

    def submit(self) -> Case:
        """One more birth of the same family, submitted."""
        path = f"/drafts/{self.ready_draft()}/submission"
        number = self.sitting.post(path, {}, key=secrets.token_urlsafe(24))["case_number"]
        return self.acted(lambda uow: uow.cases.find_by_number(number))

    def acted(self, look: Callable[[UnitOfWork], Any]) -> Any:
        with self.world.ports.records.read() as uow:
            return look(uow)


@contextmanager
def installed(database: str) -> Iterator[Installation]:
    """An installation on ``SQLite`` or ``PostgreSQL``, gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if database == "SQLite":
            with _installed(folder, f"sqlite:///{folder}/one.sqlite") as made:
                yield made
        else:
            with contextmanager(postgres_url.__wrapped__)() as url, _installed(folder, url) as made:
                yield made


@contextmanager
def _installed(folder: Path, database_url: str) -> Iterator[Installation]:
    tokens = write_tokens(folder)
    sandbox = start_sandbox(tokens)
    environ = environment(folder, database_url, sandbox.url, tokens)
    try:
        set_up(environ)
        world = make_world(environ, sandbox)
        with (folder / "log").open("w") as log:
            structlog.configure(logger_factory=structlog.PrintLoggerFactory(log))
            yield _with_a_birth(world)
        world.ports.close()
    finally:
        sandbox.stop()


def _with_a_birth(world: World) -> Installation:
    sitting = Sitting(world.app, world.kiosks[0])
    sitting.sign_in(world.cards["chen", "mother"])
    view = fill_in(sitting, world)
    if not view["ready"]:
        raise ValueError(f"the birth is not ready: {view['missing']}")
    with world.ports.records.act() as uow:
        draft = uow.drafts.find(view["id"])
        terminal = uow.terminals.find(sitting.kiosk.id)
        assert draft is not None
        assert terminal is not None
        draft = replace(draft, values=_filled_up(draft.values))
        uow.drafts.save(draft)
    return Installation(world, sitting, draft, terminal)


def _filled_up(values: Any) -> dict[str, dict[str, Any]]:
    """The values with as many more, of the same make, as are missing."""
    filled = {role: dict(facts) for role, facts in values.items()}
    value = filled["mother"]["name"]
    more = ((role, fact) for fact in MORE_FACTS for role in ("mother", "father", "child"))
    for role, fact in more:
        if sum(map(len, filled.values())) < VALUES:
            filled[role].setdefault(fact, value)
    if sum(map(len, filled.values())) != VALUES:
        raise ValueError(f"the birth has {sum(map(len, filled.values()))} values")
    return filled


@contextmanager
def without_signatures(made: Installation) -> Iterator[None]:
    """The terminal's signature is taken for granted: it has a row of its own."""
    check = gates.check_terminal
    gates.check_terminal = lambda *_: made.terminal
    try:
        yield
    finally:
        gates.check_terminal = check


def call(app: Flask, environ: dict[str, Any]) -> bytes:
    """One WSGI call as a server makes it; ValueError unless it went well."""
    said: list[str] = []
    given = {**environ, "wsgi.input": BytesIO(environ.get("bench.body", b""))}
    answer = app(given, lambda status, _headers: said.append(status))
    try:
        body = b"".join(answer)
    finally:
        getattr(answer, "close", bool)()
    if not said[0].startswith("2"):
        raise ValueError(f"{urlsplit(environ['RAW_URI']).path}: {said[0]}")
    return body


def bare_flask() -> Callable[[], bytes]:
    """One call of a Flask application that does nothing."""
    app = Flask("bare")
    app.add_url_rule("/hello", view_func=lambda: {"hello": "world"})
    environ = {**EnvironBuilder(path="/hello").get_environ(), "RAW_URI": "/hello"}
    return lambda: call(app, environ)
