"""The receipt printer's contract, against the simulator's process and its own reading of the bytes."""

import io
import signal
import socket
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from devices.errors import DeviceError, Failed, Gone, NotReady, TimedOut
from devices.receipt_printer.escpos import EscPosPrinter, open_tcp
from devices.receipt_printer.layout import Line
from devices.receipt_printer.picture import draw_line
from devices.receipt_printer.port import ReceiptPrinter
from devices.receipt_printer.slip import Cut, Element, Text
from devices.receipt_printer.status import AnswerParser, from_automatic, from_real_time
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from devices.url import DeviceUrl
from tests.devices.printing import CODE, SLIP, lines_on_paper

LINES = lines_on_paper(48)


def _open(simulator: SimulatorProcess, more: str = "") -> EscPosPrinter:
    """A printer that has printed before and owes nothing."""
    printer = open_tcp(DeviceUrl.parse(simulator.url + "&stall_s=1.5" + more))
    assert printer.print_slip([Text("ready"), Cut()]).state == "printed"
    simulator.delete("/slips")
    return printer


@pytest.fixture
def printer(printer_simulator: SimulatorProcess) -> EscPosPrinter:
    return _open(printer_simulator)


def _refused(printer: ReceiptPrinter) -> DeviceError:
    with pytest.raises(DeviceError) as caught:
        printer.print_slip(SLIP)
    assert caught.value.zh
    assert caught.value.en
    return caught.value


def test_the_driver_is_a_printer(printer: EscPosPrinter) -> None:
    assert isinstance(printer, ReceiptPrinter)
    assert printer.check().state is DeviceState.READY
    printer.close()


@pytest.mark.parametrize("marker", ["paper", "process"])
def test_a_slip_is_printed_when_the_printer_says_so(printer_simulator: SimulatorProcess, marker: str) -> None:
    outcome = _open(printer_simulator, f"&marker={marker}").print_slip(SLIP)
    assert (outcome.state, outcome.reason) == ("printed", "")
    (slip,) = printer_simulator.get("/slips")
    assert slip["lines"] == LINES
    assert (slip["cut"], slip["completed"], slip["unknown"]) == (True, True, [])
    assert slip["qr"] == [CODE]


def test_a_gbk_printer_prints_the_same(printer_simulator: SimulatorProcess, printer: EscPosPrinter) -> None:
    printer_simulator.put("/faults", {"gbk_only": True})
    assert printer.print_slip(SLIP).state == "printed"
    (slip,) = printer_simulator.get("/slips")
    assert (slip["lines"], slip["unknown"]) == (LINES, [])


@pytest.mark.parametrize("qr_mode", ["native", "picture"])
def test_the_code_on_the_paper_can_be_read(printer_simulator: SimulatorProcess, qr_mode: str) -> None:
    assert _open(printer_simulator, f"&qr={qr_mode}").print_slip(SLIP).state == "printed"
    paper = _paper(printer_simulator)
    assert [code.text for code in zxingcpp.read_barcodes(paper)] == [CODE]


def _paper(simulator: SimulatorProcess) -> np.ndarray:
    return np.array(Image.open(io.BytesIO(simulator.get_bytes("/slips/1.png")), formats=["PNG"]).convert("L"))


def test_rare_names_are_on_the_paper_stroke_by_stroke(
    printer_simulator: SimulatorProcess, printer: EscPosPrinter
) -> None:
    assert printer.print_slip([Text("𠮷䶮㛃"), Cut()]).state == "printed"
    paper = _paper(printer_simulator)
    wanted = np.array(draw_line(Line("𠮷䶮㛃"), 48).convert("L"))
    assert np.array_equal(paper[24 : 24 + wanted.shape[0], 24 : 24 + 576], wanted)
    for place in range(3):
        assert (paper[24:54, 24 + 24 * place : 48 + 24 * place] == 0).sum() > 30


def test_narrow_paper(start_simulator: Callable[..., SimulatorProcess]) -> None:
    simulator = start_simulator("devices.receipt_printer.simulator", "--columns", "32")
    assert _open(simulator).print_slip(SLIP).state == "printed"
    (slip,) = simulator.get("/slips")
    assert slip["lines"][1] == "-" * 32
    assert _paper(simulator).shape[1] == 384 + 48


def test_near_the_end_of_the_paper_it_still_prints(
    printer_simulator: SimulatorProcess, printer: EscPosPrinter
) -> None:
    printer_simulator.put("/faults", {"paper_near_end": True})
    health = printer.check()
    assert (health.state, health.reason) == (DeviceState.DEGRADED, "paper_near_end")
    outcome = printer.print_slip(SLIP)
    assert outcome.state == "printed"
    assert outcome.health == health


@pytest.mark.parametrize(
    ("fault", "reason", "kind"),
    [
        ({"paper_out": True}, "paper_out", NotReady),
        ({"cover_open": True}, "cover_open", NotReady),
        ({"cover_open": True, "paper_out": True}, "cover_open", NotReady),
        ({"cutter_jam": True}, "cutter_jam", Failed),
        ({"broken": True}, "printer_faulty", Failed),
        ({"offline": True}, "printer_offline", NotReady),
        ({"is_silent": True}, "printer_silent", TimedOut),
    ],
)
def test_nothing_is_printed_by_a_printer_that_cannot(
    printer_simulator: SimulatorProcess,
    printer: EscPosPrinter,
    fault: dict[str, bool],
    reason: str,
    kind: type[DeviceError],
) -> None:
    printer_simulator.put("/faults", fault)
    error = _refused(printer)
    assert error.reason == reason
    assert isinstance(error, kind)
    health = printer.check()
    assert (health.state, health.reason) == (DeviceState.ERROR, reason)
    printer_simulator.put("/faults", {})
    assert printer_simulator.get("/slips") == []
    assert printer.check().state is DeviceState.READY
    assert printer.print_slip(SLIP).state == "printed"
    assert len(printer_simulator.get("/slips")) == 1


def test_health_keeps_its_since(printer_simulator: SimulatorProcess, printer: EscPosPrinter) -> None:
    printer_simulator.put("/faults", {"cover_open": True})
    first = printer.check()
    time.sleep(0.01)
    assert printer.check().since_at == first.since_at
    printer_simulator.put("/faults", {"paper_out": True})
    assert printer.check().since_at > first.since_at


def test_a_cutter_that_jams_at_the_cut_is_unknown(
    printer_simulator: SimulatorProcess, printer: EscPosPrinter
) -> None:
    printer_simulator.put("/faults", {"jam_at_cut": True})
    outcome = printer.print_slip(SLIP)
    assert (outcome.state, outcome.reason) == ("unknown", "cutter_jam")


@pytest.mark.parametrize("marker", ["paper", "process"])
def test_a_printer_that_never_says_it_is_done_is_unknown(
    printer_simulator: SimulatorProcess, marker: str
) -> None:
    printer = _open(printer_simulator, f"&marker={marker}")
    printer_simulator.put("/faults", {"no_marker": True})
    begun = time.monotonic()
    outcome = printer.print_slip(SLIP)
    assert (outcome.state, outcome.reason) == ("unknown", "printer_silent")
    assert time.monotonic() - begun < 5


def test_a_frozen_printer_is_silent_and_comes_back(start_simulator: Callable[..., SimulatorProcess]) -> None:
    simulator = start_simulator("devices.receipt_printer.simulator")
    printer = _open(simulator)
    simulator.process.send_signal(signal.SIGSTOP)
    assert _refused(printer).reason == "printer_silent"
    simulator.process.send_signal(signal.SIGCONT)
    assert printer.print_slip(SLIP).state == "printed"


def test_no_printer_is_gone() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    printer = open_tcp(DeviceUrl.parse(f"receipt+tcp://127.0.0.1:{port}"))
    assert isinstance(_refused(printer), Gone)
    assert printer.check().state is DeviceState.ABSENT


def test_a_slow_printer_with_a_small_buffer_is_waited_for(
    printer_simulator: SimulatorProcess, printer: EscPosPrinter
) -> None:
    printer_simulator.put("/faults", {"slow": 4000, "buffer_bytes": 64})
    outcome = printer.print_slip(SLIP)
    assert outcome.state == "printed"
    assert printer_simulator.get("/slips")[0]["lines"] == LINES


def test_slips_of_two_threads_never_mix(printer_simulator: SimulatorProcess, printer: EscPosPrinter) -> None:
    slips: list[list[Element]] = [
        [Text(f"{number}" * 10), Text(f"{number}" * 20), Cut()] for number in range(4)
    ]
    threads = [threading.Thread(target=printer.print_slip, args=(slip,)) for slip in slips]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    seen = sorted(slip["lines"] for slip in printer_simulator.get("/slips"))
    assert seen == [[f"{number}" * 10, f"{number}" * 20] for number in range(4)]


# the published status bytes (a fake printer judged by another program, and Epson's fixed bits)
def test_published_automatic_status_of_paper_out() -> None:
    status = from_automatic(bytes.fromhex("1C000C0F"))
    assert (status.is_offline, status.is_paper_out, status.reason) == (True, True, "paper_out")


@pytest.mark.parametrize(
    ("offline", "reason"),
    [(0x12 | 0x04, "cover_open"), (0x12 | 0x20, "paper_out"), (0x12 | 0x40, "printer_faulty")],
)
def test_published_causes_of_being_off_line(offline: int, reason: str) -> None:
    assert from_real_time(bytes([0x1A, offline, 0x12, 0x12])).reason == reason


def test_answers_are_told_apart_however_they_are_split() -> None:
    stream = bytes.fromhex("121400000F00372230303031003725001A1C000C0F03")
    wanted = ["real_time", "automatic", "paper", "process", "cleared", "real_time", "automatic", "paper"]
    for cut in range(len(stream) + 1):
        parser = AnswerParser()
        answers = parser.feed(stream[:cut]) + parser.feed(stream[cut:])
        assert [answer.kind for answer in answers] == wanted
