"""Receipts through a print queue: the bytes arrive as they are, and a queue's word is not the printer's."""

from collections.abc import Iterator

import pytest

from devices.errors import DeviceError
from devices.receipt_printer.cups import QueuePrinter, open_cups
from devices.receipt_printer.encoding import STATUS_BACK_OFF, encode_slip
from devices.receipt_printer.layout import lay_out
from devices.receipt_printer.port import ReceiptPrinter
from devices.receipt_printer.profile import get_profile
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.url import BadDeviceUrl, DeviceUrl
from tests.devices.printing import SLIP


@pytest.fixture(scope="module")
def spooler() -> Iterator[SimulatorProcess]:
    """One queue for the module's tests."""
    simulator = SimulatorProcess("devices.a4_printer.simulator")
    yield simulator
    simulator.end()


@pytest.fixture
def queue(spooler: SimulatorProcess) -> SimulatorProcess:
    spooler.put("/faults", {})
    spooler.delete("/sheets")
    return spooler


def _open(queue: SimulatorProcess, more: str = "") -> QueuePrinter:
    return open_cups(DeviceUrl.parse(queue.url.replace("a4+ipp", "receipt+cups") + "?patience_s=1" + more))


def test_the_bytes_arrive_as_they_are(queue: SimulatorProcess) -> None:
    printer = _open(queue, "&profile=58mm")
    assert isinstance(printer, ReceiptPrinter)
    assert printer.check().state is DeviceState.READY
    printer.print_slip(SLIP)
    (job,) = queue.get("/jobs")
    sent = encode_slip(lay_out(SLIP, 32), get_profile("58mm")) + STATUS_BACK_OFF
    assert queue.get_bytes(f"/documents/{job['number']}") == sent


def test_handed_on_is_not_printed(queue: SimulatorProcess) -> None:
    outcome = _open(queue).print_slip(SLIP)
    assert (outcome.state, outcome.reason) == ("unknown", "not_confirmed")
    assert outcome.health.state is DeviceState.READY
    assert "是否" in outcome.zh


def test_unless_the_queue_is_the_printer_itself(queue: SimulatorProcess) -> None:
    outcome = _open(queue, "&word=printer").print_slip(SLIP)
    assert (outcome.state, outcome.reason) == ("printed", "")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("media-empty-error", "paper_out"),
        ("cover-open-error", "cover_open"),
        ("offline-error", "printer_offline"),
        ("other-error", "printer_offline"),
    ],
)
def test_nothing_is_sent_to_a_queue_that_stands(queue: SimulatorProcess, said: str, reason: str) -> None:
    queue.put("/faults", {"reasons": [said]})
    printer = _open(queue)
    with pytest.raises(DeviceError) as caught:
        printer.print_slip(SLIP)
    assert caught.value.reason == reason
    assert printer.check().reason == reason
    assert queue.get("/jobs") == []


def test_paper_that_ends_while_it_waits_is_taken_back(queue: SimulatorProcess) -> None:
    """The slip is cancelled, so that it does not come out for the next citizen."""
    queue.put("/faults", {"at_page": 0})
    outcome = _open(queue, "&word=printer").print_slip(SLIP, job="R-1")
    assert (outcome.state, outcome.reason) == ("unknown", "printer_silent")
    queue.put("/faults", {})
    assert queue.get("/sheets") == []


@pytest.mark.parametrize("operation", ["create-job", "send-document"])
@pytest.mark.parametrize("is_before", [True, False])
def test_a_lost_line(queue: SimulatorProcess, operation: str, is_before: bool) -> None:
    queue.put("/faults", {"lose": operation, "lose_before": is_before})
    printer = _open(queue, "&word=printer")
    state, reason = _try(printer)
    queue.put("/faults", {})
    assert len(queue.get("/sheets")) == (state == "printed")
    if state == "error":
        assert reason == "printer_gone"
        assert printer.print_slip(SLIP, job="R-1").state == "printed"
    else:
        assert _try(printer) == ("error", "duplicate_job")


def _try(printer: QueuePrinter) -> tuple[str, str]:
    try:
        outcome = printer.print_slip(SLIP, job="R-1")
    except DeviceError as error:
        return "error", error.reason
    return outcome.state, outcome.reason


def test_no_queue_is_gone() -> None:
    assert open_cups(DeviceUrl.parse("receipt+cups://127.0.0.1:1/printers/x")).check().state is (
        DeviceState.ABSENT
    )


@pytest.mark.parametrize("settings", ["word=mine", "profile=nobody", "patience_s=-1"])
def test_a_wrong_setting_is_refused(settings: str) -> None:
    with pytest.raises(BadDeviceUrl):
        open_cups(DeviceUrl.parse(f"receipt+cups://localhost/printers/x?{settings}"))
