"""A scanner stops with a page inside, at every state: that page does not count, and it is said which."""

import os
from collections.abc import Iterator

import pytest

from devices.errors import DeviceError
from devices.scanner.escl import EsclScanner
from devices.scanner.port import ScanStopped
from devices.simulator_process import SimulatorProcess

from ..test_scanner_escl import BLUE, GREEN, RED, colour_of

IS_ALL = os.environ.get("FAULTS") == "all"
PAPER = [RED, GREEN, BLUE]
REASONS = {
    "jam": "paper_jam",
    "double_feed": "double_feed",
    "cover": "cover_open",
    "cancel": "scan_cancelled",
    "abort": "scanner_faulty",
    "drop": "page_incomplete|scanner_gone",
    "status": "scanner_faulty",
}
BEFORE = [("before_page", page, fault) for page in (1, 2, 3) for fault in REASONS]
AFTER = [("after_page", page, fault) for page in (1, 2) for fault in ("cancel", "abort")]
# a 75 dpi page has some 6,800 bytes: its head, every so many of its body, its last one
BYTES = [0, 1, 2, 20, 600, *range(1000, 6000, 97 if IS_ALL else 2500)]


@pytest.fixture(scope="module")
def escl_process() -> Iterator[SimulatorProcess]:
    simulator = SimulatorProcess("devices.scanner.simulator")
    yield simulator
    simulator.end()


@pytest.fixture
def escl(escl_process: SimulatorProcess) -> SimulatorProcess:
    escl_process.put("/faults", {})
    escl_process.put("/feeder", PAPER)
    escl_process.put("/glass", RED)
    return escl_process


@pytest.fixture
def scanner(escl: SimulatorProcess) -> Iterator[EsclScanner]:
    scanner = EsclScanner(escl.addresses["escl"], limit_s=3, retry_s=0.02)
    yield scanner
    scanner.close()


def _stop(scanner: EsclScanner, whole: int, reason: str) -> DeviceError:
    """The error of a scan that stopped after so many whole pages."""
    with pytest.raises(DeviceError, match=reason) as caught:
        scanner.scan(dpi=75, colour=True, source="feeder")
    error = caught.value
    assert isinstance(error, ScanStopped) == bool(whole)
    if isinstance(error, ScanStopped):
        assert [colour_of(page) for page in error.pages] == PAPER[:whole]
        assert error.zh.startswith(f"第{whole + 1}页没有扫好")
        assert error.en.startswith(f"Page {whole + 1} was not scanned.")
    return error


def _go_on(scanner: EsclScanner, escl: SimulatorProcess, whole: int) -> None:
    """The citizen lays in what is missing, in the same sitting."""
    escl.put("/faults", {})
    escl.put("/feeder", PAPER[whole:])
    pages = scanner.scan(dpi=75, colour=True, source="feeder")
    assert [colour_of(page) for page in pages] == PAPER[whole:]
    assert "Processing" not in escl.get("/state")["jobs"], "a job was left behind"


@pytest.mark.parametrize(("at", "page", "fault"), BEFORE + AFTER)
def test_between_pages(scanner: EsclScanner, escl: SimulatorProcess, at: str, page: int, fault: str) -> None:
    escl.put("/faults", {"at": at, "page": page, "fault": fault})
    whole = page if at == "after_page" else page - 1
    _stop(scanner, whole, REASONS[fault])
    _go_on(scanner, escl, whole)


@pytest.mark.parametrize("page", [1, 3])
@pytest.mark.parametrize("at_byte", BYTES)
def test_inside_a_page(scanner: EsclScanner, escl: SimulatorProcess, page: int, at_byte: int) -> None:
    escl.put("/faults", {"at": "inside_page", "page": page, "fault": "drop", "at_byte": at_byte})
    _stop(scanner, page - 1, "page_incomplete|scanner_gone")
    _go_on(scanner, escl, page - 1)


@pytest.mark.parametrize("at", ["capabilities", "status", "begin"])
@pytest.mark.parametrize("fault", ["drop", "status"])
def test_before_any_page(scanner: EsclScanner, escl: SimulatorProcess, at: str, fault: str) -> None:
    escl.put("/faults", {"at": at, "fault": fault})
    _stop(scanner, 0, "scanner_gone|scanner_faulty|page_incomplete")
    _go_on(scanner, escl, 0)


@pytest.mark.parametrize("fault", ["jam", "double_feed", "cover"])
def test_at_the_beginning(scanner: EsclScanner, escl: SimulatorProcess, fault: str) -> None:
    escl.put("/faults", {"at": "begin", "fault": fault})
    _stop(scanner, 0, REASONS[fault])
    _go_on(scanner, escl, 0)


@pytest.mark.parametrize("fault", ["drop", "status"])
def test_when_the_job_is_put_away_all_pages_are_there(
    scanner: EsclScanner, escl: SimulatorProcess, fault: str
) -> None:
    escl.put("/faults", {"at": "delete", "fault": fault})
    pages = scanner.scan(dpi=75, colour=True, source="feeder")
    assert [colour_of(page) for page in pages] == PAPER
    escl.put("/faults", {})
    scanner.clear()
    _go_on(scanner, escl, 0)
