"""What every test may ask for: a real PostgreSQL and a real Chromium that live as long as the test run."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psycopg
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, expect, sync_playwright

from tests.databases import database_beside
from tests.patience import Patience
from tests.sharing_out import Units, is_shared

READY_WITHIN_SECONDS = 120
# A page may have to wait for a core for longer than the five seconds that are usual.
expect.set_options(timeout=15_000)
# The same examples each time, however busy the machine: what holds today holds tomorrow. To look for more:
# HYPOTHESIS_PROFILE=default.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
# Durability stays as it is in production (fsync on): tests that kill the server are worth nothing without it.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "fsync": "on",
    "timezone": "UTC",
    "lc_messages": "C",
}


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Units:
    """Who gives the processes their tests."""
    return Units(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long goes first, so that no process is left alone with it in the end."""
    if hasattr(config, "workerinput"):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: (item.path not in slow, not is_shared(item.nodeid)))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy URL of an empty database in a PostgreSQL cluster of this test run's own.

    The user is a superuser, so a test may create databases beside it. Without PostgreSQL
    the test fails; it is never skipped.
    """
    folder = Path(tempfile.mkdtemp(prefix="onething-pg-"))
    try:
        account = _find_account()
        if account:
            shutil.chown(folder, account, pwd.getpwnam(account).pw_gid)
        _make_cluster(folder, account)
        port = _find_free_port()
        with (folder / "log").open("wb") as log:
            server = _start_server(folder, account, port, log)
            try:
                _wait_until_ready(server, port, folder / "log")
                _execute(port, "CREATE DATABASE onething")
                yield _url(port, "onething")
            finally:
                # Fast shutdown: the polite signal would wait for every pooled connection.
                server.send_signal(signal.SIGINT)
                server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one Chromium of this test run: Playwright does not start twice in a process."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--lang=zh-CN"]
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
        yield browser
        browser.close()


def find_chromium() -> str:
    """Debian's Chromium, without its windows where it can be had so: a page costs a third of the time."""
    return shutil.which("chromium-headless-shell") or "/usr/bin/chromium"


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """SQLAlchemy URL of a database made for one test and dropped after it."""
    with database_beside(postgres_url) as url:
        yield url


def _find_account() -> str | None:
    """The account to run as: PostgreSQL refuses root; anyone else runs it as himself."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _find_program(name: str) -> str:
    newest_first = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = str(newest_first[0]) if newest_first else shutil.which(name)
    if found is None:
        pytest.fail(f"PostgreSQL's {name} was not found: run deploy/setup/setup.sh test", pytrace=False)
    return found


def _as_account(account: str | None, *command: str) -> list[str]:
    # The death signal stops the cluster even when the test run is killed.
    prefix = ["setpriv", "--pdeathsig", "INT"]
    if account:
        prefix += ["--reuid", account, "--regid", str(pwd.getpwnam(account).pw_gid), "--clear-groups"]
    return [*prefix, "--", *command]


def _make_cluster(folder: Path, account: str | None) -> None:
    command = _as_account(
        account, _find_program("initdb"), "--pgdata", str(folder / "data"), "--username", "onething",
        "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions",
    )  # fmt: skip
    made = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    if made.returncode != 0:
        pytest.fail(f"initdb failed: {made.stderr}", pytrace=False)


def _start_server(folder: Path, account: str | None, port: int, log: IO[bytes]) -> subprocess.Popen[bytes]:
    options = [f"--{name}={value}" for name, value in SETTINGS.items()]
    places = ["-D", str(folder / "data"), "-k", str(folder), "-p", str(port)]
    command = _as_account(account, _find_program("postgres"), *places, *options)
    return subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    patience = Patience(READY_WITHIN_SECONDS)
    while patience.lasts():
        if server.poll() is not None:
            break
        try:
            return _execute(port, "SELECT 1")
        except psycopg.OperationalError:
            time.sleep(0.05)
    pytest.fail(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}", pytrace=False)


def _execute(port: int, statement: str) -> None:
    with psycopg.connect(
        host="127.0.0.1", port=port, user="onething", dbname="postgres", autocommit=True, connect_timeout=5
    ) as connection:
        connection.execute(statement.encode())


def _url(port: int, database: str) -> str:
    return f"postgresql+psycopg://onething@127.0.0.1:{port}/{database}"
