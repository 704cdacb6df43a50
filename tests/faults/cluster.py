"""A PostgreSQL of one's own, to be stopped, started and frozen without harm to other tests."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import psycopg

from tests.patience import Patience

READY_WITHIN_SECONDS = 120
# As in production, and as in the cluster of tests/conftest.py: what was acknowledged is on the disk.
SETTINGS = ("listen_addresses=127.0.0.1", "fsync=on", "timezone=UTC", "lc_messages=C", "shared_buffers=32MB")


class Cluster:
    """Made once in an empty folder, then started and stopped as often as wanted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        if _account():
            shutil.chown(folder, _account())
        options = ["--username", "onething", "--auth", "trust", "--encoding", "UTF8", "--no-sync"]
        command = _as_account(_program("initdb"), "--pgdata", str(folder / "data"), *options)
        subprocess.run(command, check=True, capture_output=True, cwd=folder)

    @property
    def url(self) -> str:
        """SQLAlchemy URL of the database ``postgres``."""
        return f"postgresql+psycopg://onething@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        places = ["-D", str(self._folder / "data"), "-k", str(self._folder), "-p", str(self.port)]
        options = [option for setting in SETTINGS for option in ("-c", setting)]
        with (self._folder / "log").open("ab") as log:
            command = _as_account(_program("postgres"), *places, *options)
            self._server = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder)
        patience = Patience(READY_WITHIN_SECONDS)
        while patience.lasts():
            try:
                return self.connect().close()
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise TimeoutError((self._folder / "log").read_text(errors="replace")[-2000:])

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A second session, past everything of ours."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="onething", dbname="postgres", connect_timeout=5
        )

    def stop_at_once(self) -> None:
        """What ``pg_ctl stop -m immediate`` does: no goodbye to anybody, and recovery at the next start."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(30)

    def freeze(self) -> None:
        """Every process of it stands still: lines stay open and nobody answers."""
        for process in self._processes():
            os.kill(process, signal.SIGSTOP)

    def thaw(self) -> None:
        for process in self._processes():
            os.kill(process, signal.SIGCONT)

    def _processes(self) -> list[int]:
        assert self._server is not None
        main = self._server.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        return [main, *(int(child) for child in children)]


def _account() -> str | None:
    # PostgreSQL refuses to run as root.
    if os.geteuid() != 0:
        return None
    return "postgres" if "postgres" in {entry.pw_name for entry in pwd.getpwall()} else "nobody"


def _as_account(*command: str) -> list[str]:
    identity: list[str] = []
    if account := _account():
        identity = ["--reuid", account, "--regid", str(pwd.getpwnam(account).pw_gid), "--clear-groups"]
    return ["setpriv", "--pdeathsig", "QUIT", *identity, "--", *command]


def _program(name: str) -> str:
    return str(max(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")))
