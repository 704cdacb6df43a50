"""Our side of the gateway in these tests: requests that we sign, and a listener for what is told to us."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from onething.domain.gateway_signature import GatewaySignatureRefused, check
from sandbox.running import RunningSandbox
from sandbox.signature import sign
from tests.patience import Patience

WITHIN_SECONDS = 10.0


class Caller:
    """Signed requests to one sandbox; each answers with the status and the envelope."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self._sandbox = sandbox
        self._token = json.loads(sandbox.token_file.read_text())["onething"]

    def post(self, path: str, body: Any, key: str | None = None) -> tuple[int, dict[str, Any]]:
        return self._ask("POST", path, body, {"Idempotency-Key": key} if key else {})

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        return self._ask("GET", path, None, {})

    def _ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        data = None if body is None else json.dumps(body).encode()
        signed = {**sign("onething", self._token), **headers, "Content-Type": "application/json"}
        request = urllib.request.Request(self._sandbox.url + path, data, signed, method=method)
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)


class Listener:
    """Takes what departments tell, checks who signed it, and answers ``status``."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.told: list[dict[str, Any]] = []
        self.tellers: list[str] = []
        self.status = 200
        self._tokens = json.loads(sandbox.token_file.read_text())["departments"]
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/events"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def kinds(self) -> list[str]:
        return [event["kind"] for event in self.told]

    def take(self, headers: dict[str, str], body: bytes) -> int:
        teller = headers.get("x-tif-paasid", "")
        try:
            check(headers, teller, self._tokens.get(teller, ""), now=datetime.now(UTC))
        except GatewaySignatureRefused:
            return 401
        if self.status == 200:
            self.told.append(json.loads(body))
            self.tellers.append(teller)
        return self.status

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): text for name, text in self.headers.items()}
                self.send_response(listener.take(headers, body))
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, format: str, *args: object) -> None:
                """The tests look at what was told, not at a log."""

        return Handler


def wait_until(is_so: Callable[[], bool], within_seconds: float = WITHIN_SECONDS) -> None:
    patience = Patience(within_seconds)
    while not is_so():
        assert patience.lasts(), f"it did not come to pass in {within_seconds} s"
        time.sleep(0.02)
