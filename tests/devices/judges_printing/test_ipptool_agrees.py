"""ipptool, which nobody here wrote, prints on our simulated A4 printer and finds its answers well formed."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from devices.simulator_process import SimulatorProcess
from tests.patience import Patience


@pytest.fixture(scope="module")
def simulator() -> Iterator[SimulatorProcess]:
    simulator = SimulatorProcess("devices.a4_printer.simulator")
    yield simulator
    simulator.end()


# its own suites, by the names that ipptool knows them by
@pytest.mark.parametrize(
    ("suite", "sheets"),
    [
        ("create-job.test", 1),
        ("print-job-and-wait.test", 1),
        ("get-jobs.test", 0),
        ("get-completed-jobs.test", 0),
    ],
)
def test_its_suites_pass(simulator: SimulatorProcess, tmp_path: Path, suite: str, sheets: int) -> None:
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(595, 842)
        document.save(tmp_path / "page.pdf")
    before = len(simulator.get("/sheets"))
    uri = simulator.url.removeprefix("a4+")
    asked = ["ipptool", "-t", "-I", "-f", str(tmp_path / "page.pdf"), uri, suite]
    ended = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stdout
    assert "[FAIL]" not in ended.stdout
    assert "[PASS]" in ended.stdout
    patience = Patience(10)
    while len(simulator.get("/sheets")) < before + sheets and patience.lasts():
        time.sleep(0.02)
    assert len(simulator.get("/sheets")) == before + sheets
