"""The same reads and submissions under gunicorn with 32 connections, signatures and nonces included."""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from ..http.running_server import free_port, start_server, wait_until_ready
from ..http.world import TOP
from .crowd import CONNECTIONS, Served, as_bytes, serve_crowd
from .installation import DATABASES, Installation, installed
from .rows import Row

READS = 800
SUBMISSIONS = 250
UNIT = "x bare Flask"


def measure() -> list[Row]:
    """For information: CPU of gunicorn's processes against a bare Flask application's; the rest in words."""
    with tempfile.TemporaryDirectory() as folder, _bare_server(Path(folder) / "log") as (url, pid):
        hello = as_bytes("GET", "/hello", {"host": urlsplit(url).netloc})
        serve_crowd(url, pid, [hello] * 200)
        bare = serve_crowd(url, pid, [hello] * 4000)
    rows = [Row(f"bare Flask, {CONNECTIONS} connections", None, bare.cpu_ms, "ms CPU", str(bare))]
    for database in DATABASES:
        with installed(database) as made:
            rows += _of_database(database, made, bare)
    return rows


def _of_database(database: str, made: Installation, bare: Served) -> list[Row]:
    case = made.submit().number
    with tempfile.TemporaryDirectory() as folder:
        server = start_server(made.world.environ, Path(folder) / "log")
        try:
            paths = [f"/cases/{case}/receipt"] * READS
            reads = [_signed(made, server.authority, "GET", path) for path in paths]
            serve_crowd(server.url, server.process.pid, reads[:100])
            read = serve_crowd(server.url, server.process.pid, reads[100:])
            submissions = [_submission(made, server.authority) for _ in range(SUBMISSIONS)]
            submitted = serve_crowd(server.url, server.process.pid, submissions)
        finally:
            server.stop()
    return [
        _row(f"a case read under gunicorn on {database}", read, bare),
        _row(f"a submission under gunicorn on {database}", submitted, bare),
    ]


def _row(name: str, served: Served, bare: Served) -> Row:
    return Row(name, None, served.cpu_ms / bare.cpu_ms, UNIT, f"{served}, {served.cpu_ms:.1f} ms CPU")


def _submission(made: Installation, authority: str) -> bytes:
    path = f"/drafts/{made.ready_draft()}/submission"
    return _signed(made, authority, "POST", path, b"{}", idempotency_key=secrets.token_urlsafe(24))


def _signed(
    made: Installation, authority: str, method: str, path: str, body: bytes = b"", **headers: str
) -> bytes:
    target = f"/kiosk/v1{path}"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if body:
        named["content-type"] = "application/json"
    signed = made.sitting.kiosk.sign(method, target, body, authority=authority, headers=named)
    sent = {"host": authority, **signed, "citizen-session": made.sitting.token}
    return as_bytes(method, target, sent, body)


@contextmanager
def _bare_server(log: Path) -> Iterator[tuple[str, int]]:
    """gunicorn with the product's own configuration and an application that does nothing."""
    url = f"http://127.0.0.1:{free_port()}"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "deploy/gunicorn/gunicorn.conf.py",
        "tests.bench.bare:app",
    ]
    environ = {**os.environ, "ONETHING_BIND": urlsplit(url).netloc}
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=TOP, env=environ, stdout=out, stderr=out)
    try:
        wait_until_ready(process, url, log)
        yield url, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
