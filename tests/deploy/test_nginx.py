"""nginx with our configuration, running, in front of a server that says what reached it."""

import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.patience import Patience

WRAPPER = """
{account}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 64; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include onething.conf;
}}
"""


class Echo(BaseHTTPRequestHandler):
    """Says what reached it: method, path as sent, headers and the body's length."""

    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = {"method": self.command, "path": self.path, "headers": dict(self.headers), "length": len(body)}
        answer = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_TRACE = do_PATCH = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test reads the answer."""


@dataclass(frozen=True)
class Front:
    """nginx as the public reaches it."""

    port: int
    folder: Path
    context: ssl.SSLContext

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=self.context)
        try:
            connection.request(method, path, body=body, headers={"Host": "hall.example:8443"})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write_certificate(folder: Path) -> None:
    folder.mkdir(parents=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hall.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "server.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.key").write_bytes(pem)


def _lay_out(deploy: Path, upstream: Path, folder: Path, ports: tuple[int, int], server: int) -> None:
    """The deployed files in a folder of the test's own; only ports and log places are changed."""
    text = (deploy / "nginx/onething.conf").read_text("utf-8")
    text = re.sub(r"^\s*listen \[::\].*$", "", text, flags=re.MULTILINE)
    text = text.replace("listen 80 ", f"listen 127.0.0.1:{ports[0]} ")
    text = text.replace("listen 443 ", f"listen 127.0.0.1:{ports[1]} ")
    text = text.replace("/var/log/nginx/", f"{folder}/")
    (folder / "onething.conf").write_text(text, "utf-8")
    # nginx started by root gives its work to another account, which cannot reach a test's folder.
    account = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(WRAPPER.format(folder=folder, account=account), "utf-8")
    _write_certificate(folder / "onething/tls")
    shutil.copy(deploy / "nginx/proxy.conf", folder / "onething/proxy.conf")
    where = re.sub(
        r"server [\w.]+:8080( backup)?;", rf"server 127.0.0.1:{server}\1;", upstream.read_text("utf-8")
    )
    (folder / "onething/upstream.conf").write_text(where, "utf-8")


def _nginx(folder: Path, *options: str) -> list[str]:
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    return [
        program,
        "-p",
        str(folder),
        "-e",
        str(folder / "error.log"),
        "-c",
        str(folder / "nginx.conf"),
        *options,
    ]


@pytest.fixture(scope="module")
def backend() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def _run(folder: Path, port: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(_nginx(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    patience = Patience(10)
    while patience.lasts():
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.02)
    process.kill()
    process.wait()
    pytest.fail((folder / "error.log").read_text("utf-8"))


def _front(deploy: Path, folder: Path, server: int) -> Iterator[Front]:
    ports = (_free_port(), _free_port())
    _lay_out(deploy, deploy / "nginx/upstream.conf", folder, ports, server)
    process = _run(folder, ports[1])
    context = ssl.create_default_context(cafile=str(folder / "onething/tls/server.crt"))
    context.check_hostname = False
    yield Front(ports[1], folder, context)
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture(scope="module")
def front(deploy: Path, backend: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    yield from _front(deploy, tmp_path_factory.mktemp("nginx"), backend)


@pytest.fixture
def front_alone(deploy: Path, tmp_path: Path) -> Iterator[Front]:
    yield from _front(deploy, tmp_path, _free_port())


@pytest.mark.parametrize("upstream", ["nginx/upstream.conf", "compose/upstream.conf"])
def test_nginx_accepts_it(deploy: Path, tool, tmp_path: Path, upstream: str) -> None:
    _lay_out(deploy, deploy / upstream, tmp_path, (_free_port(), _free_port()), 9)
    code, said = tool.run(*_nginx(tmp_path, "-t"))
    assert code == 0, said
    assert "warn" not in said, said


@pytest.mark.parametrize(
    "path",
    [
        "/kiosk/v1/things",
        "/kiosk/v1/things/P%2FNEW%20BORN/guide?lang=zh",
        "/kiosk/v1//things//x/",
        "/kiosk/v1/things?q=%E6%96%B0%E7%94%9F&x=a+b",
        "/partner/v1/departments/WJ/events",
    ],
)
def test_a_signed_path_arrives_as_it_was_sent(front: Front, path: str) -> None:
    status, _, body = front.ask("GET", path)
    reached = json.loads(body)
    assert (status, reached["path"]) == (200, path)
    assert reached["headers"]["Host"] == "hall.example:8443"
    assert reached["headers"]["X-Forwarded-Proto"] == "https"


def test_a_stranger_s_word_on_where_he_is_from_is_not_passed_on(front: Front) -> None:
    _, _, body = front.ask("GET", "/kiosk/v1/time")
    assert json.loads(body)["headers"]["X-Forwarded-For"] == "127.0.0.1"


@pytest.mark.parametrize("path", ["/live", "/ready", "/metrics", "/", "/docs", "/kiosk", "/kiosk/../ready"])
def test_only_the_doors_are_reached(front: Front, path: str) -> None:
    assert front.ask("GET", path)[0] == 404


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
def test_other_methods_are_refused(front: Front, method: str) -> None:
    assert front.ask(method, "/kiosk/v1/things")[0] == 405


def test_a_page_may_be_large_and_nothing_else(front: Front) -> None:
    page = bytes(3 * 1024 * 1024)
    status, _, body = front.ask("POST", "/kiosk/v1/drafts/d1/materials/marriage/pages", page)
    assert (status, json.loads(body)["length"]) == (200, len(page))
    assert front.ask("POST", "/console/catalogue/uploads", page)[0] == 200
    status, headers, body = front.ask("POST", "/kiosk/v1/drafts", page)
    problem = json.loads(body)
    assert (status, problem["reason"], problem["status"]) == (413, "too_large", 413)
    assert headers["Content-Type"] == "application/problem+json"


def test_a_server_that_is_away_is_told_in_both_languages(front_alone: Front) -> None:
    status, headers, body = front_alone.ask("GET", "/kiosk/v1/things")
    problem = json.loads(body)
    assert (status, problem["reason"], headers["Retry-After"]) == (503, "server_away", "10")
    assert problem["title_zh"]
    assert problem["title_en"]
    assert problem["request_id"]


def test_a_phone_is_told_by_a_page(front_alone: Front) -> None:
    status, headers, body = front_alone.ask("GET", "/m/drafts/1/form")
    assert (status, headers["Retry-After"]) == (503, "10")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert "您填的内容没有丢" in body.decode()
    status, headers, body = front_alone.ask("POST", "/m/drafts/1/form", bytes(22 * 1024 * 1024))
    assert (status, headers["Content-Type"]) == (413, "text/html; charset=utf-8")


def test_logs_keep_nothing_of_a_phone_s_page_but_its_room(front: Front) -> None:
    assert front.ask("GET", "/m/invited/secret-of-somebody")[0] == 200
    log = (front.folder / "onething.log").read_text("utf-8")
    assert "/m/invited 200" in log
    assert "secret" not in log


def test_nginx_does_not_say_what_it_is(front: Front) -> None:
    _, headers, _ = front.ask("GET", "/kiosk/v1/things")
    assert not re.search(r"\d", headers["Server"])


def test_logs_keep_no_query(front: Front) -> None:
    front.ask("GET", "/kiosk/v1/things?seen=never")
    log = (front.folder / "onething.log").read_text("utf-8")
    assert "/kiosk/v1/things" in log
    assert "never" not in log


def test_heartbeats_are_taken_by_the_server_while_their_own_is_away(front: Front) -> None:
    assert front.ask("POST", "/kiosk/v1/terminal/heartbeats")[0] == 200


def test_no_proxy_pass_has_a_path(deploy: Path) -> None:
    texts = [file.read_text("utf-8") for file in sorted(deploy.glob("**/*.conf"))]
    passes = [
        target for text in texts for target in re.findall(r"^\s*proxy_pass\s+(\S+);", text, re.MULTILINE)
    ]
    assert passes
    assert all(re.fullmatch(r"http://\$?\w+", target) for target in passes)
