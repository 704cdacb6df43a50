"""The server on a port of its own, with phones before it: as browsers, and as clients that fill in forms."""

from __future__ import annotations

import secrets
import shutil
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page
from waitress.server import create_server
from werkzeug.test import Client, TestResponse

from mobile_api.pages.door import register_pages
from mobile_api.verifying import verified_pages
from onething.bootstrap import build_ports
from onething.ports import Ports
from onething.services import phone_binding
from server.doors import DOORS
from tests.fleet.machine import HandClock
from tests.http.world import Sandbox, environment, set_up, start_sandbox, write_tokens
from tests.mobile.providers import Providers, run_providers
from tests.phone_pages.forms_on_page import read_form
from web.app import create_app
from web.settings import DoorSettings

_RECORDS = "onething.sqlite"
PHONE = {"width": 390, "height": 844}
SMALL_PHONE = {"width": 320, "height": 640}


@dataclass
class Street:
    """A server whose clock stands until a test moves it, its people, and their providers."""

    app: Flask
    ports: Ports
    clock: HandClock
    providers: Providers
    sandbox: Sandbox
    url: str
    cards: dict[tuple[str, str], dict[str, Any]]

    def tokens(self, login: str) -> dict[str, Any]:
        """A phone signed in through the province as ``family.role``."""
        step = phone_binding.begin_step(self.ports, None)
        answer = self.providers.log_in(step["address"], login)
        where = f"10.{secrets.randbelow(250)}.{secrets.randbelow(250)}.8"
        return phone_binding.sign_in(self.ports, step["step"], answer, "测试手机", where)

    def cookie(self, login: str) -> str:
        pair = self.tokens(login)
        return f"{pair['access_token']}.{pair['refresh_token']}"

    def client(self, login: str = "") -> Walker:
        """A phone without a script; signed in when a login is given."""
        walker = Walker(self.app.test_client())
        if login:
            walker.client.set_cookie("phone", self.cookie(login), domain="127.0.0.1")
        return walker

    def enter(self, browser: Browser, login: str = "", **ways: Any) -> Page:
        """A page of Chromium as a phone shows it; ``language``, ``mode`` and context options may be given."""
        cookies = {"phone-language": ways.pop("language", "zh"), "phone-mode": ways.pop("mode", "plain")}
        if login:
            cookies["phone"] = self.cookie(login)
        options = {"viewport": PHONE, "reduced_motion": "reduce", "has_touch": True, **ways}
        context = browser.new_context(**options)
        context.add_cookies(
            [
                {"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}
                for name, value in cookies.items()
            ]
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page


@dataclass
class Walker:
    """One phone that keeps cookies and sends forms as the pages write them."""

    client: Client = field(repr=False)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, base_url="http://127.0.0.1", **more)

    def post(self, path: str, page: str = "", **fields: Any) -> TestResponse:
        """Send the form of ``page`` that goes to ``path`` as it stands there, with ``fields`` changed."""
        html = self.get(page or path).get_data(as_text=True)
        return self.send(path, {**read_form(html, path), **fields})

    def send(self, path: str, fields: Mapping[str, Any], **headers: str) -> TestResponse:
        """Send exactly these fields."""
        return self.client.post(
            path,
            data=dict(fields),
            base_url="http://127.0.0.1",
            headers={"Sec-Fetch-Site": "same-origin", **headers},
        )


@dataclass
class Quarter:
    """What all streets share: the outside world, and records in which nobody has done anything yet."""

    folder: Path
    environ: Mapping[str, str] = field(repr=False)
    providers: Providers
    sandbox: Sandbox
    cards: dict[tuple[str, str], dict[str, Any]] = field(repr=False)


@contextmanager
def open_quarter(folder: Path) -> Iterator[Quarter]:
    """The quarter; ``folder`` holds its keys and untouched records."""
    tokens = write_tokens(folder)
    sandbox = start_sandbox(tokens)
    try:
        with run_providers(folder / "providers") as providers:
            environ = {
                **environment(folder, f"sqlite:///{folder}/{_RECORDS}", sandbox.url, tokens),
                **providers.environment(),
            }
            set_up(environ)
            yield Quarter(folder, environ, providers, sandbox, sandbox.cards())
    finally:
        sandbox.stop()


@contextmanager
def open_street(quarter: Quarter, folder: Path) -> Iterator[Street]:
    """A street of the quarter with records of its own in ``folder``: nobody has been there yet."""
    for file in quarter.folder.glob(f"{_RECORDS}*"):
        shutil.copy(file, folder)
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    environ = {
        **quarter.environ,
        "ONETHING_DATABASE_URL": f"sqlite:///{folder}/{_RECORDS}",
        "ONETHING_FILES": str(folder / "files"),
        "ONETHING_PUBLIC_URL": address,
    }
    clock = HandClock()
    ports = replace(build_ports(environ), clock=clock, wall_clock=clock)
    app = create_app(ports, DoorSettings(), DOORS)
    app.register_blueprint(verified_pages)
    register_pages(app)
    with _serving(app, listening):
        yield Street(app, ports, clock, quarter.providers, quarter.sandbox, address, quarter.cards)
    ports.close()


@contextmanager
def _serving(app: Flask, listening: socket.socket) -> Iterator[None]:
    server: Any = create_server(app, sockets=[listening], threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.task_dispatcher.shutdown()
        with suppress(OSError):
            server.trigger.pull_trigger(server.close)
        thread.join(timeout=2)
