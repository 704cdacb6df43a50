"""The A4 printer's contract, against the simulator's process, and every place where the line can be cut."""

import io
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pytest

from devices.a4_printer.ipp import IppPrinter, open_ipp
from devices.a4_printer.port import A4Printer, Interruption, PrintOutcome, Sheets
from devices.errors import DeviceError, Gone, NotReady, Refused
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.url import BadDeviceUrl, DeviceUrl
from tests.devices.printing import spread


def _pdf(pages: int) -> bytes:
    held = io.BytesIO()
    with pypdfium2.PdfDocument.new() as document:
        for _ in range(pages):
            document.new_page(595, 842)
        document.save(held)
    return held.getvalue()


THREE_PAGES = _pdf(3)


@pytest.fixture(scope="module")
def tray() -> Iterator[SimulatorProcess]:
    """One printer for the module's tests."""
    simulator = SimulatorProcess("devices.a4_printer.simulator")
    yield simulator
    simulator.end()


@pytest.fixture
def simulator(tray: SimulatorProcess) -> SimulatorProcess:
    tray.put("/faults", {})
    tray.delete("/sheets")
    return tray


def _open(simulator: SimulatorProcess, patience_s: float = 20) -> IppPrinter:
    return open_ipp(DeviceUrl.parse(f"{simulator.url}?patience_s={patience_s}"))


@pytest.fixture
def printer(simulator: SimulatorProcess) -> IppPrinter:
    return _open(simulator)


def _refused(printer: A4Printer, **how: Any) -> DeviceError:
    with pytest.raises(DeviceError) as caught:
        printer.print_document(THREE_PAGES, **how)
    assert caught.value.zh
    assert caught.value.en
    return caught.value


def test_a_document_is_printed_when_the_printer_says_so(
    simulator: SimulatorProcess, printer: IppPrinter
) -> None:
    assert isinstance(printer, A4Printer)
    assert printer.check().state is DeviceState.READY
    outcome = printer.print_document(THREE_PAGES)
    assert (outcome.state, outcome.reason) == ("printed", "")
    assert len(simulator.get("/sheets")) == 3
    printer.close()


def test_copies_are_asked_for(simulator: SimulatorProcess, printer: IppPrinter) -> None:
    assert printer.print_document(_pdf(1), sheets=Sheets(copies=2, two_sided=True)).state == "printed"
    assert len(simulator.get("/sheets")) == 2


def test_nobody_s_name_is_in_the_queue(simulator: SimulatorProcess, printer: IppPrinter) -> None:
    printer.print_document(THREE_PAGES, job="7KQ2-M9XD-4 form")
    (job,) = simulator.get("/jobs")
    assert job["name"].startswith("onething-")
    assert "7KQ2" not in job["name"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("media-empty-error", "paper_out"),
        ("media-jam-error", "paper_jam"),
        ("door-open-error", "cover_open"),
        ("input-tray-missing-error", "tray_missing"),
        ("output-area-full-error", "output_full"),
        ("toner-empty-error", "toner_out"),
        ("other-error", "printer_faulty"),
    ],
)
def test_nothing_is_printed_by_a_printer_that_cannot(
    simulator: SimulatorProcess, printer: IppPrinter, said: str, reason: str
) -> None:
    simulator.put("/faults", {"reasons": [said]})
    error = _refused(printer, job="F-1")
    assert error.reason == reason
    health = printer.check()
    assert (health.state, health.reason) == (DeviceState.ERROR, reason)
    assert printer.check().since_at == health.since_at
    assert simulator.get("/jobs") == []
    simulator.put("/faults", {})
    assert printer.check().state is DeviceState.READY
    assert printer.print_document(THREE_PAGES, job="F-1").state == "printed"


def test_low_paper_still_prints(simulator: SimulatorProcess, printer: IppPrinter) -> None:
    simulator.put("/faults", {"reasons": ["media-low-warning"]})
    outcome = printer.print_document(THREE_PAGES)
    assert outcome.state == "printed"
    assert (outcome.health.state, outcome.health.reason) == (DeviceState.DEGRADED, "paper_low")


def test_paper_is_loaded_in_the_middle_and_it_goes_on(
    simulator: SimulatorProcess, printer: IppPrinter
) -> None:
    simulator.put("/faults", {"at_page": 2})
    told: list[Interruption] = []

    def mend(interruption: Interruption) -> None:
        told.append(interruption)
        if interruption.reason:
            simulator.put("/faults", {})

    outcome = printer.print_document(THREE_PAGES, on_interruption=mend)
    assert outcome.state == "printed"
    assert [each.reason for each in told] == ["paper_out", ""]
    assert "纸" in told[0].zh
    assert len(simulator.get("/sheets")) == 3


@pytest.mark.parametrize(("at_page", "sheets"), [(0, 0), (2, 2)])
def test_nobody_mends_it_and_it_is_cancelled(simulator: SimulatorProcess, at_page: int, sheets: int) -> None:
    """So that nobody's document comes out when they have gone."""
    simulator.put("/faults", {"at_page": at_page, "at_page_reason": "media-jam-error"})
    outcome = _open(simulator, 0.6).print_document(THREE_PAGES)
    assert (outcome.state, outcome.reason) == ("unknown", "paper_jam")
    simulator.put("/faults", {})
    time.sleep(0.2)
    assert len(simulator.get("/sheets")) == sheets


def test_a_printer_that_restarts_has_forgotten(simulator: SimulatorProcess, printer: IppPrinter) -> None:
    simulator.put("/faults", {"restart_at_page": 1, "page_s": 0.2})
    outcome = printer.print_document(THREE_PAGES)
    assert (outcome.state, outcome.reason) == ("unknown", "job_lost")


def test_a_printer_that_gives_up_in_the_middle(simulator: SimulatorProcess, printer: IppPrinter) -> None:
    simulator.put("/faults", {"abort_at_page": 1})
    outcome = printer.print_document(THREE_PAGES)
    assert (outcome.state, outcome.reason) == ("unknown", "job_stopped")


def test_what_nobody_waits_for_any_more_is_not_printed_when_it_is_mended(
    simulator: SimulatorProcess, printer: IppPrinter
) -> None:
    simulator.put("/faults", {"at_page": 1, "at_page_reason": "media-jam-error"})
    gone = threading.Event()
    outcome = printer.print_document(
        THREE_PAGES, on_interruption=lambda _: gone.set(), is_wanted=lambda: not gone.is_set()
    )
    assert (outcome.state, outcome.reason) == ("unknown", "paper_jam")
    simulator.put("/faults", {})
    time.sleep(0.5)
    assert len(simulator.get("/sheets")) == 1, "the rest came out when the printer was mended"


def test_a_job_that_goes_on_is_let_go_on(printer: IppPrinter) -> None:
    assert printer.print_document(THREE_PAGES, is_wanted=lambda: False).state == "printed"


def test_what_is_no_document_is_refused(simulator: SimulatorProcess, printer: IppPrinter) -> None:
    with pytest.raises(Refused) as caught:
        printer.print_document(b"no PDF")
    assert caught.value.reason == "job_refused"
    assert simulator.get("/sheets") == []


def test_a_printer_that_takes_no_pdf_gets_a_raster(simulator: SimulatorProcess, printer: IppPrinter) -> None:
    simulator.put("/faults", {"formats": ["image/pwg-raster", "image/jpeg"]})
    assert printer.print_document(THREE_PAGES, sheets=Sheets(two_sided=True)).state == "printed"
    assert len(simulator.get("/sheets")) == 3
    (job,) = simulator.get("/jobs")
    assert simulator.get_bytes(f"/documents/{job['number']}").startswith(b"RaS2PwgRaster")


def test_a_printer_that_takes_neither_is_not_asked(simulator: SimulatorProcess, printer: IppPrinter) -> None:
    simulator.put("/faults", {"formats": ["application/postscript"]})
    assert _refused(printer).reason == "job_refused"
    assert simulator.get("/jobs") == []


@pytest.mark.parametrize("operation", ["create-job", "send-document", "print-job"])
def test_a_printer_that_refuses(simulator: SimulatorProcess, printer: IppPrinter, operation: str) -> None:
    faults = {"refuse": operation, "refuse_status": 0x0403, "no_create_job": operation == "print-job"}
    simulator.put("/faults", faults)
    assert _refused(printer).reason == "job_refused"
    assert simulator.get("/sheets") == []


def test_a_busy_printer_is_asked_again(simulator: SimulatorProcess, printer: IppPrinter) -> None:
    simulator.put("/faults", {"refuse": "create-job", "refuse_status": 0x0507})
    with pytest.raises(NotReady) as caught:
        _open(simulator, 0.1).print_document(THREE_PAGES)
    assert caught.value.reason == "printer_busy"
    later = threading.Timer(0.4, simulator.put, ("/faults", {}))
    later.start()
    assert printer.print_document(THREE_PAGES).state == "printed"
    later.join()


OPERATIONS = ("get-printer-attributes", "create-job", "send-document", "get-job-attributes")


@pytest.mark.parametrize("is_before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_line_is_lost_at_every_question(
    simulator: SimulatorProcess, operation: str, is_before: bool
) -> None:
    simulator.put("/faults", {"lose": operation, "lose_before": is_before})
    _hold(simulator, _try(_open(simulator, 0.6)))


@pytest.mark.parametrize("is_before", [True, False], ids=["before", "after"])
def test_the_line_is_lost_for_a_printer_of_the_old_kind(simulator: SimulatorProcess, is_before: bool) -> None:
    """It knows Print-Job only, so the job's number may be lost with the answer."""
    simulator.put("/faults", {"lose": "print-job", "lose_before": is_before, "no_create_job": True})
    outcome = _try(_open(simulator, 3))
    assert not isinstance(outcome, DeviceError)
    assert outcome.state == ("unknown" if is_before else "printed")
    assert len(simulator.get("/sheets")) == (0 if is_before else 3)


@pytest.mark.parametrize("at", spread(len(THREE_PAGES) + 220, 6, 5))
def test_the_line_is_cut_at_every_byte(simulator: SimulatorProcess, printer: IppPrinter, at: int) -> None:
    simulator.put("/faults", {"cut_after_bytes": at})
    _hold(simulator, _try(printer))


def _try(printer: IppPrinter) -> PrintOutcome | DeviceError:
    try:
        return printer.print_document(THREE_PAGES)
    except DeviceError as error:
        return error


def _hold(simulator: SimulatorProcess, outcome: PrintOutcome | DeviceError) -> None:
    """Printed is said of what lies there, an error of what does not, and nothing comes out by itself."""
    sheets = len(simulator.get("/sheets"))
    if isinstance(outcome, DeviceError):
        assert sheets == 0
    elif outcome.state == "printed":
        assert sheets == 3
    simulator.put("/faults", {})
    time.sleep(0.1)
    assert len(simulator.get("/sheets")) == sheets


def test_the_same_document_is_begun_once(simulator: SimulatorProcess, printer: IppPrinter) -> None:
    assert printer.print_document(THREE_PAGES, job="F-1").state == "printed"
    assert _refused(printer, job="F-1").reason == "duplicate_job"
    assert len(simulator.get("/sheets")) == 3
    assert printer.print_document(THREE_PAGES, job="F-1 reprint").state == "printed"


def test_while_it_prints_it_is_busy(
    simulator: SimulatorProcess, printer: IppPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.a4_printer.ipp._CHECK_WAITS_S", 0.1)
    simulator.put("/faults", {"page_s": 0.5})
    thread = threading.Thread(target=printer.print_document, args=(THREE_PAGES,))
    thread.start()
    time.sleep(0.3)
    assert printer.check().state is DeviceState.BUSY
    simulator.put("/faults", {})
    thread.join(20)
    assert printer.check().state is DeviceState.READY


def test_a_frozen_printer_is_silent(
    start_simulator: Callable[..., SimulatorProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.ipp_queue._ANSWER_LIMIT_S", 0.5)
    simulator = start_simulator("devices.a4_printer.simulator")
    printer = _open(simulator)
    simulator.process.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    health = printer.check()
    simulator.process.send_signal(signal.SIGCONT)
    assert (health.state, health.reason) == (DeviceState.ERROR, "printer_silent")
    assert time.monotonic() - begun < 5
    assert printer.check().state is DeviceState.READY


def test_no_printer_is_gone(start_simulator: Callable[..., SimulatorProcess]) -> None:
    simulator = start_simulator("devices.a4_printer.simulator")
    printer = _open(simulator)
    simulator.end()
    assert printer.check().state is DeviceState.ABSENT
    assert isinstance(_refused(printer), Gone)


@pytest.mark.parametrize("url", ["a4+ipp://h:0/ipp/print", "a4+ipp://h?patience_s=long", "a4+ipp:///x"])
def test_a_wrong_address_is_refused(url: str) -> None:
    with pytest.raises(BadDeviceUrl):
        open_ipp(DeviceUrl.parse(url))


def test_not_ready_means_somebody_can_mend_it(simulator: SimulatorProcess, printer: IppPrinter) -> None:
    simulator.put("/faults", {"reasons": ["cover-open-error", "media-empty-error"]})
    error = _refused(printer)
    assert isinstance(error, NotReady)
    assert (error.reason, error.mender) == ("cover_open", "attendant")
