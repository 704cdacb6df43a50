"""A console for tests: the whole server over a county, with one account for each role."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
from playwright.sync_api import Browser, BrowserContext, Page
from waitress.server import create_server
from werkzeug.test import Client, TestResponse

from onething.domain.actors import Actor
from onething.domain.staff import Role, Staff
from onething.services import staff_sign_in, staffing
from sandbox.running import RunningSandbox
from server.doors import DOORS
from staff_console.console import register_console
from tests.services.county import County
from web.app import create_app
from web.settings import DoorSettings

PASSWORD = "right horse 7 battery"
# Login of each account: its role, and for officers the department.
ACCOUNTS: dict[str, tuple[tuple[str, ...], str | None]] = {
    "clerk": (("clerk",), None),
    "officer-ga": (("department",), "GA"),
    "officer-wj": (("department",), "WJ"),
    "officer-sj": (("department",), "SJ"),
    "officer-cg": (("department",), "CG"),
    "supervisor": (("supervisor",), None),
    "auditor": (("auditor",), None),
    "technician": (("technician",), None),
    "editor": (("editor",), None),
    "admin": (("admin",), None),
}


@dataclass
class Account:
    """One account and the secret of its authenticator."""

    staff: Staff
    secret: str = field(repr=False)
    used: int = 0

    def code(self) -> str:
        """The next good code: each time step is good once."""
        step = max(self.used + 1, int(time.time()) // 30)
        self.used = step
        return pyotp.TOTP(self.secret).generate_otp(step)


class Office:
    """The server on a port of its own, its county, and who works there."""

    def __init__(self, database_url: str, sandbox: RunningSandbox, folder: Path) -> None:
        self.county = County(database_url, sandbox, folder)
        self.ports = self.county.ports
        self.app = create_app(self.ports, DoorSettings(largest_body_bytes=4_000_000), DOORS)
        register_console(self.app)
        self.accounts = {login: self._account(login) for login in ACCOUNTS}
        self._tokens: dict[str, str] = {}
        self.server: Any = create_server(self.app, host="127.0.0.1", port=0, threads=8)
        self.url = f"http://127.0.0.1:{self.server.effective_port}"
        self._thread = threading.Thread(target=self.server.run, daemon=True)
        self._thread.start()

    def __enter__(self) -> Office:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.task_dispatcher.shutdown()
        with suppress(OSError):
            self.server.trigger.pull_trigger(self.server.close)
        self._thread.join(timeout=2)
        self.county.__exit__(kind, error, trace)

    def actor(self, login: str) -> Actor:
        """Who that account is, for services called by a test itself."""
        staff = self.accounts[login].staff
        return Actor(
            id=staff.id,
            kind="staff",
            department=staff.department,
            roles=frozenset(map(str, staff.roles)),
            hall=staff.hall,
            division=staff.division,
        )

    def token(self, login: str) -> str:
        """A session's token, signed in with both factors; the same again while it lives."""
        if login not in self._tokens:
            begun = staff_sign_in.sign_in(self.ports, login, PASSWORD)
            opened = staff_sign_in.give_code(self.ports, begun.token, self.accounts[login].code())
            self._tokens[login] = opened.token
        return self._tokens[login]

    def enter(self, browser: Browser, login: str, *, language: str = "zh") -> Page:
        """A page of Chromium, 1366 by 768, where that account is signed in; faults are kept on it."""
        context = browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce")
        self._cookie(context, "console", self.token(login), "/")
        self._cookie(context, "console-language", language, "/console")
        page = context.new_page()
        page.on("pageerror", lambda error: _fail(page, str(error)))
        page.on("console", lambda said: _fail(page, said.text) if said.type == "error" else None)
        page.set_default_timeout(10_000)
        return page

    def address(self, path: str) -> str:
        """``/console`` and what is below it, on this server."""
        return f"{self.url}/console{path}"

    def client(self, login: str | None = None) -> Desk:
        """The same without a browser: forms are sent as the pages write them."""
        return Desk(self, login)

    def _account(self, login: str) -> Account:
        roles, department = ACCOUNTS[login]
        staff = staffing.add_staff(
            self.ports,
            staffing.COMMAND_LINE,
            login=login,
            name=f"测试{login}",
            roles=[Role(role) for role in roles],
            department=department,
            hall="县政务服务中心",
            password=PASSWORD,
            given=False,
        )
        uri = staffing.enrol_second_factor(self.ports, staffing.COMMAND_LINE, staff.id)
        return Account(staff, parse_qs(urlsplit(uri).query)["secret"][0])

    def _cookie(self, context: BrowserContext, name: str, value: str, path: str) -> None:
        # Strict, as the server sets it.
        context.add_cookies(
            [
                {
                    "name": name,
                    "value": value,
                    "domain": "127.0.0.1",
                    "path": path,
                    "httpOnly": True,
                    "sameSite": "Strict",
                }
            ]
        )


class Desk:
    """A client of the application that keeps cookies and fills in forms."""

    def __init__(self, office: Office, login: str | None) -> None:
        self.client: Client = office.app.test_client()
        if login:
            self.client.set_cookie("console", office.token(login), domain="127.0.0.1")

    def get(self, path: str, **query: str) -> TestResponse:
        return self.client.get(f"/console{path}", query_string=query or None, base_url="http://127.0.0.1")

    def post(self, path: str, page: str, **fields: Any) -> TestResponse:
        """Send a form to ``path`` with the hidden fields of the one on ``page``."""
        hidden = self.hidden(page, path)
        return self.send(path, {**hidden, **fields})

    def send(self, path: str, fields: dict[str, Any], **headers: str) -> TestResponse:
        """Send exactly these fields."""
        return self.client.post(
            f"/console{path}",
            data=fields,
            base_url="http://127.0.0.1",
            headers=headers,
            content_type="multipart/form-data",
        )

    def hidden(self, page: str, path: str) -> dict[str, str]:
        """The hidden fields of the form on a page that goes to ``path``."""
        html = self.get(page).get_data(as_text=True)
        return hidden_fields(html, f"/console{path}")


def hidden_fields(html: str, action: str) -> dict[str, str]:
    """Name to value of the hidden inputs of a page's form with this action."""
    import re
    from html import unescape

    for form in re.findall(r"<form\b.*?</form>", html, re.DOTALL):
        found = re.search(r'action="([^"]*)"', form)
        if found and unescape(found[1]) == action:
            inputs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
            return {name: unescape(value) for name, value in inputs}
    raise AssertionError(f"no form on the page goes to {action}")


def _fail(page: Page, text: str) -> None:
    faults: list[str] = page.__dict__.setdefault("faults", [])
    faults.append(text)


def faults_of(page: Page) -> list[str]:
    """What the browser complained about on this page: script errors, and what the policy refused."""
    return list(page.__dict__.get("faults", []))
