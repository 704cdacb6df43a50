"""A county outside, answers of it written down, and one run of Jest over all of the mini-program's tests."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from onething.bootstrap import build_ports
from tests.http.running_server import start_server
from tests.http.world import environment, set_up, start_sandbox, write_tokens
from tests.miniprogram.desk import Desk, serve
from tests.miniprogram.finishing import finish
from tests.miniprogram.recording import record
from tests.mobile.providers import run_providers

TOP = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
JEST = TOP / "node_modules" / "jest" / "bin" / "jest.js"
PATIENCE_SECONDS = 400


@dataclass(frozen=True)
class Outside:
    """Where everything runs that a phone speaks to, and the folder of what the server answered."""

    server: str
    desk: str
    providers: str
    recorded: Path

    def environment(self) -> dict[str, str]:
        """How the scripts are told."""
        return {
            **os.environ,
            "ONETHING_TEST_SERVER": self.server,
            "ONETHING_TEST_DESK": self.desk,
            "ONETHING_TEST_PROVIDERS": self.providers,
            "ONETHING_TEST_RECORDED": str(self.recorded),
        }


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    folder = tmp_path_factory.mktemp("miniprogram")
    recorded = tmp_path_factory.mktemp("recorded")
    tokens = write_tokens(folder)
    sandbox = start_sandbox(tokens)
    try:
        with run_providers(tmp_path_factory.mktemp("providers")) as providers:
            url = f"sqlite:///{folder / 'records.sqlite'}"
            environ = {**environment(folder, url, sandbox.url, tokens), **providers.environment()}
            environ["ONETHING_WINDOW_ACCEPTS"] = "yes"
            environ["ONETHING_MESSAGE_TEMPLATES"] = str(TOP / "catalog" / "messages" / "xinxian.toml")
            set_up(environ)
            server = start_server(environ, folder / "server.log")
            try:
                record(server.url, providers, recorded)
                ports = build_ports({**environ, "ONETHING_PUBLIC_URL": server.url})
                cards = sandbox.cards()
                finished = json.dumps(finish(ports, sandbox.admin, cards), ensure_ascii=False)
                (recorded / "finished.json").write_text(finished, "utf-8")
                with serve(Desk(ports, sandbox.admin, cards)) as desk:
                    yield Outside(server.url, desk, providers.url, recorded)
                ports.close()
            finally:
                server.stop()
    finally:
        sandbox.stop()


@pytest.fixture(scope="session")
def jest(outside: Outside, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Jest says of every test, by its file's name."""
    said = tmp_path_factory.mktemp("jest") / "said.json"
    command = ["node", str(JEST), "--config", str(HERE / "jest.config.js"), "--runInBand", "--json"]
    run = subprocess.run(
        [*command, f"--outputFile={said}"],
        cwd=TOP,
        env=outside.environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert said.exists(), run.stderr[-4000:]
    results = json.loads(said.read_text("utf-8"))["testResults"]
    return {Path(result["name"]).name: result for result in results}
