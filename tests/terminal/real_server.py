"""The real server of terminals: gunicorn on SQLite, set up and steered by the commands that people use."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from onething.bootstrap import build_ports
from onething.domain.actors import Actor
from onething.domain.staff import Role
from onething.ports import Ports
from onething.services.fleet_watching import TerminalView, get_terminal
from tests.http.running_server import Server, start_server
from tests.http.world import environment, run_onething, set_up, start_sandbox, write_tokens

TECHNICIAN = Actor(id="t1", kind="staff", roles=frozenset({Role.TECHNICIAN}))


@dataclass
class RealServer:
    """The server and what it knows of its terminals."""

    server: Server
    environ: Mapping[str, str]
    ports: Ports

    @property
    def url(self) -> str:
        return self.server.url

    def onething(self, *words: str) -> str:
        """Run one of the server's commands; what it prints."""
        done: subprocess.CompletedProcess[str] = run_onething(self.environ, *words)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def look(self, terminal: str) -> TerminalView:
        """A terminal as the console shows it."""
        return get_terminal(self.ports, TECHNICIAN, terminal)


@contextmanager
def real_server(folder: Path) -> Iterator[RealServer]:
    """Set up and begin; ended with the block."""
    tokens = write_tokens(folder)
    sandbox = start_sandbox(tokens)
    environ = environment(folder, f"sqlite:///{folder}/records.sqlite3", sandbox.url, tokens)
    try:
        set_up(environ)
        server = start_server(environ, folder / "log")
        ports = build_ports(environ)
        try:
            yield RealServer(server, environ, ports)
        finally:
            ports.close()
            server.stop()
    finally:
        sandbox.stop()
