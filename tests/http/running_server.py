"""gunicorn as it runs in a hall, and requests sent byte by byte."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.http.kiosk_signing import Kiosk
from tests.http.world import TOP
from tests.patience import Patience

READY_WITHIN_SECONDS = 120


@dataclass
class Server:
    """gunicorn with the installation of ``world``."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    @property
    def authority(self) -> str:
        return urlsplit(self.url).netloc

    def stop(self) -> None:
        """As the service manager stops it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)

    def lines(self) -> list[dict[str, Any]]:
        """The request log."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines() if line.startswith("{")]


def start_server(environ: Mapping[str, str], log: Path, *before: str) -> Server:
    """Start gunicorn on a free port, itself the address that departments call back, and wait for it.

    ``before`` stands before its command, as ``nice -n 10`` does.
    """
    url = f"http://127.0.0.1:{free_port()}"
    own = {"ONETHING_BIND": urlsplit(url).netloc, "ONETHING_PUBLIC_URL": url}
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn/gunicorn.conf.py", "server.wsgi:app"]
    command = [*before, *command]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=TOP, env={**os.environ, **environ, **own}, stdout=out, stderr=out
        )
    wait_until_ready(process, url, log)
    return Server(process, url, log)


@contextmanager
def running_worker(environ: Mapping[str, str], log: Path) -> Iterator[None]:
    """``onething worker``, started for certain; in the end it is told to stop, and stops as it should."""
    command = [sys.executable, "-m", "onething.cli.main", "worker"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=TOP, env={**os.environ, **environ}, stdout=out, stderr=out)
    # Before it says so, it does not know yet what to do when it is told to stop.
    while "worker_started" not in log.read_text("utf-8"):
        assert process.poll() is None, log.read_text("utf-8")
        time.sleep(0.05)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    patience = Patience(READY_WITHIN_SECONDS)
    while patience.lasts():
        assert process.poll() is None, log.read_text("utf-8")
        with suppress(requests.RequestException):
            if requests.get(f"{url}/ready", timeout=5).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


def ask(
    server: Server, kiosk: Kiosk, method: str, target: str, body: bytes = b"", **headers: str
) -> tuple[int, dict[str, Any]]:
    """One request exactly as its target says: no client of HTTP may tidy the address up."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    signed = kiosk.sign(method, target, body, authority=server.authority, headers=named)
    return send(server, method, target, body, signed)


def send(
    server: Server, method: str, target: str, body: bytes, headers: dict[str, str]
) -> tuple[int, dict[str, Any]]:
    host, port = server.authority.split(":")
    line = http.client.HTTPConnection(host, int(port), timeout=20)
    try:
        line.putrequest(method, target, skip_accept_encoding=True, skip_host="host" in headers)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            line.putheader(name, value)
        line.endheaders(body)
        answer = line.getresponse()
        text = answer.read()
    finally:
        line.close()
    return answer.status, json.loads(text) if text else {}
