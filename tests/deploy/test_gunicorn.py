"""gunicorn with our configuration, running."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.patience import Patience

APPLICATION = '''
def app(environ, start_response):
    """Says the path as it was sent."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["RAW_URI"].encode()]
'''


@pytest.fixture
def port(deploy: Path, tmp_path: Path) -> Iterator[int]:
    (tmp_path / "application.py").write_text(APPLICATION, "utf-8")
    log = tmp_path / "log"
    command = [sys.executable, "-m", "gunicorn", "--config", str(deploy / "gunicorn/gunicorn.conf.py")]
    environment = os.environ | {"ONETHING_BIND": "127.0.0.1:0", "ONETHING_WORKERS": "1"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "application:app"], cwd=tmp_path, env=environment, stdout=output, stderr=output
        )
    try:
        yield _listening_port(log)
    finally:
        process.terminate()
        assert process.wait(timeout=30) == 0, log.read_text("utf-8")


def _listening_port(log: Path) -> int:
    patience = Patience(20)
    while patience.lasts():
        said = log.read_text("utf-8")
        if "Booting worker" in said:
            return int(said.split("Listening at: http://127.0.0.1:")[1].split()[0])
        time.sleep(0.05)
    pytest.fail(log.read_text("utf-8"))


def test_the_path_as_sent_reaches_the_application(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/kiosk/v1/a%2Fb//c?q=%E6%96%B0")
    answer = connection.getresponse()
    assert (answer.status, answer.read().decode()) == (200, "/kiosk/v1/a%2Fb//c?q=%E6%96%B0")
    connection.close()
