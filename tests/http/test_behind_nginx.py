"""Signatures through nginx as it is deployed: the address reaches the server as the kiosk signed it."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.http.running_server import Server, ask, free_port, send
from tests.http.world import TOP, World
from tests.patience import Patience

# On one database only: nginx stands before the server, and what is behind it is the same to it.
pytestmark = pytest.mark.parametrize("world", ["sqlite"], indirect=True, scope="session")
CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream onething_server {{ server {server}; }}
    map $uri $onething_upstream {{ default onething_server; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{ include {proxy}; }}
    }}
}}
"""


@pytest.fixture(scope="session")
def behind_nginx(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The running server as it is reached through deploy/nginx/proxy.conf."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    proxy = TOP / "deploy" / "nginx" / "proxy.conf"
    written = CONFIGURATION.format(folder=folder, server=server.authority, port=port, proxy=proxy)
    (folder / "nginx.conf").write_text(written)
    command = [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(process, port, folder / "error.log")
        yield replace(server, url=f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=10)


def wait_for_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    patience = Patience(20)
    while patience.lasts():
        assert process.poll() is None, log.read_text("utf-8")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text("utf-8"))


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/kiosk/v1/things", 200),
        ("/kiosk/v1/%74hings?name=%E5%BC%A0&x=%2F", 200),
        ("/kiosk/v1/things/%E6%96%B0%E5%8E%BF/guide", 404),
        ("/kiosk/v1/things/P-NEWBORN/guide?a=b&&c", 200),
    ],
)
def test_an_address_passes_untouched(behind_nginx: Server, world: World, target: str, status: int) -> None:
    answered, problem = ask(behind_nginx, world.kiosks[0], "GET", target)
    assert answered == status, problem


def test_what_nginx_would_tidy_up_is_still_verified(behind_nginx: Server, world: World) -> None:
    for target in ("/kiosk/v1/things/./P-NEWBORN/guide", "/kiosk/v1//things", "/kiosk/v1/things/P%2FX/guide"):
        _, problem = ask(behind_nginx, world.kiosks[0], "GET", target)
        assert not str(problem.get("reason", "")).startswith("signature_"), (target, problem)


def test_nginx_names_the_request_in_the_log(behind_nginx: Server, world: World) -> None:
    signed = world.kiosks[0].sign("GET", "/kiosk/v1/nothing", authority=behind_nginx.authority)
    _, problem = send(behind_nginx, "GET", "/kiosk/v1/nothing", b"", signed)
    assert any(line["request_id"] == problem["request_id"] for line in behind_nginx.lines())
