"""What every simulator shares: its ready line, its control door over HTTP, and how it ends."""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class ControlReply:
    """What the control door answers with."""

    status: int = 200
    body: bytes = b"{}"
    media_type: str = "application/json"

    @classmethod
    def of(cls, value: object, status: int = 200) -> "ControlReply":
        """A value as JSON."""
        return cls(status, json.dumps(value, ensure_ascii=False).encode())


class BadControl(ValueError):
    """A control request that cannot be obeyed; its text goes back with 400."""


Route = Callable[[str, Any], ControlReply]


class ControlServer:
    """A tiny HTTP server on 127.0.0.1; routes are found by method and longest path prefix.

    A route gets the rest of the path and the request's JSON (None without a body).
    """

    def __init__(self, routes: Mapping[tuple[str, str], Route], port: int = 0) -> None:
        self._routes = routes
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Serve in a thread of its own."""
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def answer(self, method: str, path: str, body: bytes) -> ControlReply:
        """Find the route and ask it; what it cannot obey becomes 400, what nobody serves 404."""
        for prefix in sorted((p for m, p in self._routes if m == method), key=len, reverse=True):
            if path == prefix or path.startswith(prefix + "/"):
                try:
                    value = json.loads(body) if body else None
                    return self._routes[method, prefix](path[len(prefix) :], value)
                except (ValueError, KeyError, TypeError) as error:
                    return ControlReply.of({"error": str(error)}, 400)
        return ControlReply.of({"error": f"nothing answers {method} {path}"}, 404)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            """One request of the control door."""

            timeout = 5

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                reply = server.answer(self.command, self.path.partition("?")[0], body)
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.media_type)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            do_GET = do_PUT = do_DELETE = do_POST = _serve

            def log_message(self, format: str, *args: object) -> None:
                """Stay quiet: stdout carries the ready line and nothing else."""

        return Handler


def run_until_ended(addresses: Mapping[str, str], *, with_parent: bool) -> None:
    """Print the one JSON line that says the simulator is ready and where, then wait for its end.

    That is SIGTERM or SIGINT, and, with a parent, the end of stdin, which the parent's death brings.
    """
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    print(json.dumps(addresses), flush=True)  # noqa: T201 - the ready line is for the parent to read
    if with_parent:
        threading.Thread(target=_watch_parent, args=(ended,), daemon=True).start()
    ended.wait()


def _watch_parent(ended: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    ended.set()
