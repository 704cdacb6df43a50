"""A scanner that holds the page of the person before: whoever comes next never gets it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
import requests

from devices.scanner.escl import EsclScanner, open_escl
from devices.scanner.escl_messages import parse_abilities, scan_settings
from devices.simulator_process import SimulatorProcess
from devices.url import DeviceUrl
from tests.patience import Patience

from ..test_scanner_escl import BLUE, GREEN, RED, colour_of

IS_ALL = os.environ.get("FAULTS") == "all"


@pytest.fixture(scope="module")
def escl_process() -> Iterator[SimulatorProcess]:
    simulator = SimulatorProcess("devices.scanner.simulator")
    yield simulator
    simulator.end()


@pytest.fixture
def escl(escl_process: SimulatorProcess) -> SimulatorProcess:
    escl_process.put("/faults", {})
    escl_process.put("/feeder", [RED, RED, RED])
    return escl_process


@pytest.fixture
def scanner(escl: SimulatorProcess) -> Iterator[EsclScanner]:
    scanner = EsclScanner(escl.addresses["escl"], limit_s=3, retry_s=0.02)
    yield scanner
    scanner.close()


def _begin(escl: SimulatorProcess, source: str) -> str:
    """A job of the person before, as a kiosk leaves it that dies at once."""
    root = escl.addresses["escl"]
    abilities = parse_abilities(requests.get(f"{root}/ScannerCapabilities", timeout=5).content)
    settings = scan_settings(source, abilities[source], dpi=75, colour=True)
    return requests.post(f"{root}/ScanJobs", settings, timeout=5).headers["Location"]


def _half_a_page(job: str) -> None:
    with requests.get(f"{job}/NextDocument", timeout=5, stream=True) as answer:
        assert len(next(answer.iter_content(100))) <= 100


STATES: dict[str, Callable[[str], object]] = {
    "job begun": lambda job: None,
    "half a page fetched": _half_a_page,
    "one page fetched": lambda job: requests.get(f"{job}/NextDocument", timeout=5),
    "all pages fetched": lambda job: [requests.get(f"{job}/NextDocument", timeout=5) for _ in range(3)],
    "end seen": lambda job: [requests.get(f"{job}/NextDocument", timeout=5) for _ in range(4)],
    "job deleted": lambda job: requests.delete(job, timeout=5),
}
KEEPING = [
    {"keeps_abandoned_page": True},
    {"keeps_abandoned_page": True, "gives_kept_page_from_empty_feeder": True},
]


def _abandon(escl: SimulatorProcess, state: str, keeping: dict[str, object]) -> None:
    escl.put("/faults", {**keeping, "at": "inside_page", "fault": "drop", "at_byte": 150})
    if state != "half a page fetched":
        escl.put("/faults", keeping)
    try:
        STATES[state](_begin(escl, "feeder"))
    except requests.RequestException:
        assert state == "half a page fetched"
    escl.put("/feeder", [])


@pytest.mark.parametrize("keeping", KEEPING, ids=["keeps", "keeps and gives"])
@pytest.mark.parametrize("state", STATES)
def test_the_next_person_gets_only_pages_of_the_next_person(
    scanner: EsclScanner, escl: SimulatorProcess, state: str, keeping: dict[str, object]
) -> None:
    _abandon(escl, state, keeping)
    scanner.clear()
    escl.put("/glass", BLUE)
    (on_glass,) = scanner.scan(dpi=75, colour=True, source="flatbed")
    escl.put("/feeder", [GREEN, BLUE])
    fed = scanner.scan(dpi=75, colour=True, source="feeder")
    assert [colour_of(page) for page in [on_glass, *fed]] == [BLUE, GREEN, BLUE]
    assert len({on_glass.scan_id, *(page.scan_id for page in fed)}) == 2


@pytest.mark.parametrize("state", STATES)
def test_a_scan_ends_earlier_jobs_even_if_nobody_has_cleared(
    scanner: EsclScanner, escl: SimulatorProcess, state: str
) -> None:
    _abandon(escl, state, KEEPING[0])
    escl.put("/feeder", [GREEN, BLUE])
    fed = scanner.scan(dpi=75, colour=True, source="feeder")
    assert [colour_of(page) for page in fed] == [GREEN, BLUE]


@pytest.mark.parametrize(("shared", "state"), [("yes", "Processing"), ("no", "Canceled")])
def test_a_shared_scanner_keeps_the_jobs_of_others(escl: SimulatorProcess, shared: str, state: str) -> None:
    _begin(escl, "feeder")
    scanner = open_escl(DeviceUrl.parse(f"{escl.url}?shared={shared}"))
    scanner.clear()
    assert escl.get("/state")["jobs"][-1] == state
    scanner.close()
    EsclScanner(escl.addresses["escl"]).clear()


def test_without_clearing_the_trap_would_close(scanner: EsclScanner, escl: SimulatorProcess) -> None:
    _abandon(escl, "half a page fetched", KEEPING[1])
    escl.put("/feeder", [GREEN])
    (first, *_) = scanner.scan(dpi=75, colour=True, source="feeder")
    assert colour_of(first) == RED, "the simulator holds no page, so the other tests say nothing"


SCAN = """
import sys
from devices.scanner.escl import EsclScanner, open_escl
print("begun", flush=True)
EsclScanner(sys.argv[1], limit_s=30).scan(dpi=75, colour=True, source="feeder")
"""


@pytest.mark.parametrize(
    "at", ["begin", "before_page", "inside_page", "delete"] if IS_ALL else ["inside_page"]
)
def test_a_kiosk_that_was_killed_in_mid_scan_clears_when_it_is_back(
    scanner: EsclScanner, escl: SimulatorProcess, at: str
) -> None:
    escl.put("/faults", {**KEEPING[1], "at": at, "fault": "freeze", "freeze_s": 2, "at_byte": 150})
    escl.delete("/log")
    with subprocess.Popen(
        [sys.executable, "-c", SCAN, escl.addresses["escl"]], stdout=subprocess.PIPE, text=True
    ) as kiosk:
        patience = Patience(20)
        wanted = {"begin": "POST", "delete": "DELETE"}.get(at, "NextDocument")
        while not any(wanted in each for each in escl.get("/log")) and patience.lasts():
            time.sleep(0.02)
        kiosk.send_signal(signal.SIGKILL)
    escl.put("/feeder", [])
    time.sleep(2.2)  # the frozen moment passes, and the scanner finds nobody there
    scanner.clear()
    escl.put("/faults", {})
    escl.put("/feeder", [GREEN])
    assert [colour_of(page) for page in scanner.scan(dpi=75, colour=True, source="feeder")] == [GREEN]
