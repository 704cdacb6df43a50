"""Network scanners: the driver against our simulator, and our simulator against Debian's own eSCL client."""

import contextlib
import io
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from devices.errors import DeviceError
from devices.scanner.escl import EsclScanner, open_escl
from devices.scanner.escl_documents import status
from devices.scanner.escl_messages import BadMessage, parse_abilities, parse_status
from devices.scanner.port import ScannedPage, Scanner, ScanStopped
from devices.scanner.sane import SaneScanner
from devices.scanner.simulated_escl import SimulatedEscl
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.url import DeviceUrl

RED, GREEN, BLUE = [200, 30, 30], [30, 200, 30], [30, 30, 200]


def colour_of(page: ScannedPage) -> list[int]:
    """The page's colour, rounded so that JPEG does not matter."""
    with Image.open(io.BytesIO(page.image)) as picture:
        pixel = picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2))
    assert isinstance(pixel, tuple)
    return [min((30, 200), key=lambda level: abs(level - each)) for each in pixel]


@pytest.fixture(scope="module")
def escl_process() -> Iterator[SimulatorProcess]:
    simulator = SimulatorProcess("devices.scanner.simulator")
    yield simulator
    simulator.end()


@pytest.fixture
def escl(escl_process: SimulatorProcess) -> SimulatorProcess:
    escl_process.put("/faults", {})
    escl_process.put("/feeder", [])
    escl_process.put("/glass", RED)
    escl_process.delete("/log")
    return escl_process


@pytest.fixture
def scanner(escl: SimulatorProcess) -> Iterator[EsclScanner]:
    scanner = EsclScanner(escl.addresses["escl"], limit_s=3, retry_s=0.05)
    yield scanner
    scanner.close()


def test_the_driver_is_a_scanner(escl: SimulatorProcess) -> None:
    scanner = open_escl(DeviceUrl.parse(escl.url))
    assert isinstance(scanner, Scanner)
    assert scanner.check().state is DeviceState.READY
    scanner.close()


@pytest.mark.parametrize(("colour", "mode"), [(True, "RGB"), (False, "L")])
def test_a_page_on_the_glass(scanner: EsclScanner, escl: SimulatorProcess, colour: bool, mode: str) -> None:
    (page,) = scanner.scan(dpi=160, colour=colour, source="flatbed")
    assert (page.media_type, page.dpi, page.width, page.height) == ("image/jpeg", 150, 1240, 1754)
    assert Image.open(io.BytesIO(page.image)).mode == mode
    assert set(escl.get("/state")["jobs"]) == {"Canceled"}, "nothing is left with the scanner"


@pytest.mark.parametrize("source", ["feeder", "duplex"])
def test_all_pages_in_the_feeder_in_order(scanner: EsclScanner, escl: SimulatorProcess, source: str) -> None:
    escl.put("/feeder", [RED, GREEN, BLUE, GREEN])
    pages = scanner.scan(dpi=75, colour=True, source=source)  # type: ignore[arg-type]
    assert [colour_of(page) for page in pages] == [RED, GREEN, BLUE, GREEN]
    assert len({page.scan_id for page in pages}) == 1
    escl.put("/feeder", [RED])
    (other,) = scanner.scan(dpi=75, colour=True, source=source)  # type: ignore[arg-type]
    assert other.scan_id not in {page.scan_id for page in pages} | {""}


def test_an_empty_feeder_is_no_fault_of_the_scanner(scanner: EsclScanner) -> None:
    with pytest.raises(DeviceError, match="no_documents"):
        scanner.scan(dpi=75, colour=False, source="feeder")
    assert scanner.check().state is DeviceState.READY


def test_a_scanner_that_calls_itself_something_else_is_found(
    scanner: EsclScanner, escl: SimulatorProcess
) -> None:
    escl.put("/faults", {"calls_itself": "scanner-in-the-hall.invalid"})
    assert len(scanner.scan(dpi=75, colour=False, source="flatbed")) == 1


def test_a_scanner_that_scans_is_busy_and_says_so_at_once(
    scanner: EsclScanner, escl: SimulatorProcess
) -> None:
    escl.put("/faults", {"at": "before_page", "fault": "freeze", "freeze_s": 1})
    scanning = threading.Thread(target=_scan_anyway, args=(scanner,))
    scanning.start()
    begun, state = time.monotonic(), DeviceState.CONNECTING
    while state is not DeviceState.BUSY and time.monotonic() < begun + 3:
        state = scanner.check().state
    scanning.join()
    assert state is DeviceState.BUSY
    assert scanner.check().state is DeviceState.READY


def _scan_anyway(scanner: EsclScanner) -> None:
    with contextlib.suppress(DeviceError):
        scanner.scan(dpi=75, colour=False, source="flatbed")


def test_a_busy_scanner_is_waited_for(scanner: EsclScanner, escl: SimulatorProcess) -> None:
    for at in ("begin", "before_page"):
        escl.put("/faults", {"at": at, "fault": "busy", "times": 3})
        assert len(scanner.scan(dpi=75, colour=False, source="flatbed")) == 1


def test_a_scanner_that_stays_busy_is_not_waited_for_for_ever(escl: SimulatorProcess) -> None:
    escl.put("/faults", {"at": "begin", "fault": "busy", "times": 0})
    begun = time.monotonic()
    with pytest.raises(DeviceError, match="scanner_busy"):
        EsclScanner(escl.addresses["escl"], limit_s=0.4, retry_s=0.05).scan(
            dpi=75, colour=False, source="flatbed"
        )
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    ("status", "reason"),
    [(400, "setting_refused"), (401, "scanner_denied"), (403, "scanner_denied"), (500, "scanner_faulty")],
)
def test_refusals_have_their_reasons(
    scanner: EsclScanner, escl: SimulatorProcess, status: int, reason: str
) -> None:
    escl.put("/faults", {"at": "begin", "fault": "status", "status": status})
    with pytest.raises(DeviceError, match=reason):
        scanner.scan(dpi=75, colour=False, source="flatbed")


@pytest.mark.parametrize(
    ("fault", "reason"), [("jam", "paper_jam"), ("double_feed", "double_feed"), ("cover", "cover_open")]
)
def test_trouble_in_the_feeder_is_the_scanners_state(
    scanner: EsclScanner, escl: SimulatorProcess, fault: str, reason: str
) -> None:
    escl.put("/feeder", [RED, GREEN])
    escl.put("/faults", {"at": "before_page", "page": 2, "fault": fault})
    with pytest.raises(ScanStopped, match=reason) as caught:
        scanner.scan(dpi=75, colour=True, source="feeder")
    assert len(caught.value.pages) == 1
    assert caught.value.en.startswith("Page 2 was not scanned.")
    if caught.value.mender != "citizen":
        assert scanner.check().reason == reason


def test_a_scanner_that_is_not_there(tmp_path: Path) -> None:
    scanner = open_escl(DeviceUrl.parse("scanner+escl://127.0.0.1:1/eSCL"))
    assert scanner.check().state is DeviceState.ABSENT
    with pytest.raises(DeviceError, match="scanner_gone"):
        scanner.scan(dpi=75, colour=False, source="flatbed")


BOMB = (
    b'<!DOCTYPE a [<!ENTITY b "'
    + b"b" * 1000
    + b'"><!ENTITY c "'
    + b"&b;" * 1000
    + b'">]><ScannerStatus>&c;</ScannerStatus>'
)


@pytest.mark.parametrize("text", [b"", b"<html/>", b"<ScannerStatus>", BOMB, b"x" * (1 << 20 | 1)])
def test_documents_that_are_none(text: bytes) -> None:
    with pytest.raises(BadMessage):
        parse_status(text)
    with pytest.raises(BadMessage):
        parse_abilities(text)


WELL = status(SimulatedEscl())


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_any_damage_to_a_document_is_said(data: st.DataObject) -> None:
    text = bytearray(WELL)
    for _ in range(data.draw(st.integers(1, 6))):
        begin = data.draw(st.integers(0, len(text) - 1))
        text[begin : begin + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    for parse in (parse_status, parse_abilities):
        with contextlib.suppress(BadMessage):
            parse(bytes(text))


@pytest.mark.parametrize("encoding", ["no-such", "utf-16", "shift_jis", "idna"])
def test_a_document_in_an_encoding_of_its_own_is_none(encoding: str) -> None:
    with pytest.raises(BadMessage):
        parse_status(f'<?xml version="1.0" encoding="{encoding}"?><ScannerCapabilities/>'.encode())


@pytest.mark.parametrize(
    "location",
    ["//evil.invalid/eSCL/ScanJobs/1", "http://evil.invalid//other.invalid/1", "/eSCL/ScanJobs/1/"],
)
def test_a_scanner_cannot_send_us_to_another_machine(location: str) -> None:
    assert EsclScanner("http://10.0.0.8/eSCL")._own(location).startswith("http://10.0.0.8/")


@pytest.fixture(scope="module")
def airscan(escl_process: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which SANE knows our simulator only, through Debian's sane-airscan."""
    folder = tmp_path_factory.mktemp("airscan")
    (folder / "dll.conf").write_text("airscan\n")
    address = escl_process.addresses["escl"]
    settings = f"[devices]\nours = {address}, eSCL\n[options]\ndiscovery = disable\n"
    (folder / "airscan.conf").write_text(settings)
    return {"SANE_CONFIG_DIR": str(folder)}


def test_debians_client_agrees_with_our_simulator(escl: SimulatorProcess, airscan: dict[str, str]) -> None:
    judge = SaneScanner("airscan:e0:ours", environment=airscan, picture_format="png")
    (page,) = judge.scan(dpi=75, colour=True, source="flatbed")
    assert colour_of(page) == RED
    assert page.height == pytest.approx(877, abs=3)
    escl.put("/feeder", [RED, GREEN, BLUE])
    assert [colour_of(page) for page in judge.scan(dpi=75, colour=True, source="feeder")] == [
        RED,
        GREEN,
        BLUE,
    ]
    escl.put("/feeder", [GREEN, RED])
    assert [colour_of(page) for page in judge.scan(dpi=75, colour=True, source="duplex")] == [GREEN, RED]
    with pytest.raises(DeviceError, match="no_documents"):
        judge.scan(dpi=75, colour=True, source="feeder")


@pytest.mark.parametrize(("fault", "reason"), [("jam", "paper_jam"), ("cover", "cover_open")])
def test_debians_client_reads_our_simulators_trouble(
    escl: SimulatorProcess, airscan: dict[str, str], fault: str, reason: str
) -> None:
    escl.put("/feeder", [RED, GREEN])
    escl.put("/faults", {"at": "before_page", "page": 2, "fault": fault})
    judge = SaneScanner("airscan:e0:ours", environment=airscan)
    with pytest.raises(ScanStopped, match=reason) as caught:
        judge.scan(dpi=75, colour=True, source="feeder")
    assert [colour_of(page) for page in caught.value.pages] == [RED]
