"""The real server over a real database, with the sandbox's county in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from werkzeug.test import TestResponse

from onething.ports import Ports
from onething.services.enrolling import enrol
from server.wsgi import create_app
from tests.command_line import run_onething
from tests.http.contract import hold_to_contract
from tests.http.kiosk_signing import Kiosk
from web.current import PORTS

TOKENS = {"onething": "our own token", "departments": {"WJ": "token of WJ", "GA": "token of GA"}}
DEPARTMENTS = ["GA", "MZ", "SF", "RS", "ZR", "GJJ", "CG", "WJ", "XF", "SW", "SJ", "YB", "CL", "XZSP", "RH"]
KIOSKS = ("K-01", "K-02")
TOP = Path(__file__).resolve().parents[2]
CATALOG = TOP / "catalog" / "xinxian"


@dataclass
class Sandbox:
    """The county's outside world, running."""

    process: subprocess.Popen[str]
    url: str
    admin: str

    def cards(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Every invented person's card by family and role, without its photo."""
        people = requests.get(f"{self.admin}/people", timeout=5).json()
        people = people.get("people", people) if isinstance(people, dict) else people
        return {
            (person["family"], person["role"]): {k: v for k, v in person["card"].items() if k != "photo"}
            for person in people
            if person.get("card")
        }

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()


def write_tokens(folder: Path) -> Path:
    """The gateway's tokens for us and for every department."""
    file = folder / "gateway-tokens.json"
    file.touch(mode=0o600)
    departments = {code: f"token of {code}" for code in DEPARTMENTS}
    file.write_text(json.dumps({**TOKENS, "departments": departments}))
    return file


def start_sandbox(tokens: Path) -> Sandbox:
    """Start the sandbox on a free port and wait until it says where."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--with-parent", "--token-file", str(tokens)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=TOP)
    assert process.stdout is not None
    said = json.loads(process.stdout.readline())
    return Sandbox(process, said["url"], said["admin"])


def environment(folder: Path, database_url: str, gateway_url: str, tokens: Path) -> dict[str, str]:
    """What the server is configured by."""
    return {
        "ONETHING_DATABASE_URL": database_url,
        "ONETHING_FILES": str(folder / "files"),
        "ONETHING_KEYS": str(folder / "keys.json"),
        "ONETHING_CATALOG": str(CATALOG),
        "ONETHING_GATEWAY_URL": gateway_url,
        "ONETHING_GATEWAY_TOKENS": str(tokens),
        "ONETHING_PUBLIC_URL": "http://127.0.0.1:8080",
        "ONETHING_WINDOW_ACCEPTS": "no",
        "ONETHING_NEEDS_DEFAULT": "agreed",
    }


def set_up(environ: Mapping[str, str]) -> None:
    """What an installation does once, by the commands people use."""
    for command in (["keys", "make"], ["migrate"], ["catalog", "publish", str(CATALOG)]):
        done = run_onething(environ, *command)
        assert done.returncode == 0, done.stderr


def enrol_kiosk(ports: Ports, number: str) -> Kiosk:
    """A kiosk with a key of its own, enrolled as a technician does it."""
    kiosk = Kiosk("")
    public = kiosk.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    kiosk.id = enrol(ports, number, "政务服务大厅", public).id
    return kiosk


@dataclass
class World:
    """A server in this process, its county outside, and two kiosks."""

    app: Any
    ports: Ports
    environ: Mapping[str, str]
    sandbox: Sandbox
    kiosks: list[Kiosk]
    cards: dict[tuple[str, str], dict[str, Any]]


@dataclass
class Sitting:
    """One citizen at one kiosk; every request signed by hand."""

    app: Any
    kiosk: Kiosk
    token: str = field(default="", repr=False)

    def ask(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **more: str
    ) -> TestResponse:
        """One signed request below /kiosk/v1; ``body`` is sent as JSON unless it is bytes."""
        headers = dict(more)
        data = b""
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
            headers.setdefault("content-type", "application/json")
        if key:
            headers["idempotency-key"] = key
        target = f"/kiosk/v1{path}"
        signed = self.kiosk.sign(method, target, data, headers=headers)
        if self.token:
            signed["Citizen-Session"] = self.token
        answer: TestResponse = self.app.test_client().open(target, method=method, data=data, headers=signed)
        hold_to_contract("kiosk", method, target, answer)
        return answer

    def get(self, path: str, **more: str) -> Any:
        """The JSON of an answer that must be good."""
        return _good(self.ask("GET", path, **more))

    def put(self, path: str, body: Any) -> Any:
        return _good(self.ask("PUT", path, body))

    def post(self, path: str, body: Any, **more: str) -> Any:
        return _good(self.ask("POST", path, body, **more))

    def sign_in(self, card: Mapping[str, Any]) -> Any:
        """Begin a session with a card."""
        session = self.post("/sessions", {"card": dict(card)})
        self.token = session["token"]
        return session


def _good(answer: TestResponse) -> Any:
    assert answer.status_code < 300, answer.get_data(as_text=True)
    return answer.get_json()


def make_world(environ: Mapping[str, str], sandbox: Sandbox) -> World:
    """A server over an installation that was set up, with two kiosks."""
    app = create_app(environ)
    ports = app.extensions[PORTS]
    return World(app, ports, environ, sandbox, [enrol_kiosk(ports, n) for n in KIOSKS], sandbox.cards())
