"""The receipt printer on each wire: found by its stable name, lost, found again, never credited wrongly."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.errors import DeviceError
from devices.receipt_printer.port import PrintOutcome, ReceiptPrinter
from devices.receipt_printer.serial_wire import SerialWire
from devices.receipt_printer.slip import Cut, Text
from devices.simulator_process import SimulatorProcess
from devices.states import DeviceState
from tests.devices.printing import CODE, IS_ALL, SLIP, WIRES, Bench, lines_on_paper, open_printer

Start = Callable[..., SimulatorProcess]


def _start(wire: str, folder: Path) -> SimulatorProcess:
    link = ["--link", str(folder / "receipt_printer")] if wire == "serial" else []
    return SimulatorProcess("devices.receipt_printer.simulator", "--wire", wire, *link)


@pytest.fixture(scope="module", params=WIRES)
def wired(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A printer of 80 mm on each wire in turn."""
    simulator = _start(request.param, tmp_path_factory.mktemp(request.param))
    yield Bench(request.param, 48, simulator, open_printer(simulator, "&stall_s=5"))
    simulator.end()


@pytest.mark.parametrize("marker", ["paper", "process"])
def test_a_slip_on_every_wire(wired: Bench, marker: str) -> None:
    wired.make_well()
    printer = open_printer(wired.simulator, f"&marker={marker}")
    assert isinstance(printer, ReceiptPrinter)
    assert printer.check().state is DeviceState.READY
    assert printer.print_slip(SLIP).state == "printed"
    papers = wired.papers()
    assert [paper["lines"] for paper in papers if paper["qr"]] == [lines_on_paper(48)]
    assert papers[-1]["qr"] == [CODE]
    assert (papers[-1]["completed"], papers[-1]["unknown"]) == (True, [])


@pytest.mark.parametrize("marker", ["paper", "process"])
def test_the_paper_s_end_is_known_on_every_wire(wired: Bench, marker: str) -> None:
    wired.make_well()
    wired.set_fault({"paper_near_end": True})
    printer = open_printer(wired.simulator, f"&marker={marker}")
    outcome = printer.print_slip(SLIP)
    assert outcome.state == "printed"
    assert (outcome.health.state, outcome.health.reason) == (DeviceState.DEGRADED, "paper_near_end")


@pytest.mark.parametrize("wired", WIRES if IS_ALL else WIRES[:1], indirect=True)
def test_a_late_word_is_never_credited_to_the_next_slip(wired: Bench) -> None:
    """The first slip is given up while the printer still prints it, and the printer cannot forget."""
    wired.make_well()
    impatient = open_printer(wired.simulator, "&stall_s=0.6&forgets=no")
    assert impatient.print_slip([Text("quick"), Cut()]).state == "printed"
    wired.set_fault({"slow": 2500, "never_forgets": True})
    assert impatient.print_slip(SLIP).reason == "printer_silent"
    wired.set_fault({"slow": 12000, "never_forgets": True})
    patient = open_printer(wired.simulator, "&stall_s=5&forgets=no")
    assert patient.print_slip([Text(f"line {number}") for number in range(150)]).state == "printed"
    assert "line 149" in wired.papers()[-1]["lines"], "it was said to be printed before it was"


def test_the_same_slip_is_begun_once(wired: Bench) -> None:
    wired.make_well()
    assert wired.printer.print_slip(SLIP, job=f"R-{wired.wire}").state == "printed"
    with pytest.raises(DeviceError) as caught:
        wired.printer.print_slip(SLIP, job=f"R-{wired.wire}")
    assert caught.value.reason == "duplicate_job"
    assert len(wired.papers()) == 1
    assert wired.printer.print_slip(SLIP, job=f"R-{wired.wire} reprint 1").state == "printed"
    assert wired.printer.check().state is DeviceState.READY


@pytest.mark.parametrize("wired", WIRES[:1], indirect=True)
def test_while_it_prints_it_is_busy(wired: Bench) -> None:
    wired.make_well()
    wired.set_fault({"slow": 700})
    outcomes: list[PrintOutcome] = []
    thread = threading.Thread(target=lambda: outcomes.append(wired.printer.print_slip(SLIP)))
    thread.start()
    time.sleep(0.2)
    assert wired.printer.check().state is DeviceState.BUSY
    wired.set_fault({})
    thread.join(20)
    assert [outcome.state for outcome in outcomes] == ["printed"]
    assert wired.printer.check().state is DeviceState.READY


@pytest.mark.parametrize("wired", ["serial", "usb"], indirect=True)
def test_it_is_unplugged_and_comes_back(wired: Bench) -> None:
    wired.make_well()
    wired.simulator.put("/plug", {"is_in": False})
    assert wired.printer.check().state is DeviceState.ABSENT
    with pytest.raises(DeviceError) as caught:
        wired.printer.print_slip(SLIP)
    assert caught.value.reason == "printer_gone"
    wired.simulator.put("/plug", {"is_in": True})  # another ttyUSB, another number on the bus
    assert wired.printer.check().state is DeviceState.READY
    assert wired.printer.print_slip(SLIP).state == "printed"


def test_another_serial_number_is_another_printer(start_simulator: Start) -> None:
    simulator = start_simulator("devices.receipt_printer.simulator", "--wire", "usb")
    known = simulator.url
    simulator.addresses["url"] = known.replace("SIMULATED1", "SIMULATED2")
    assert open_printer(simulator).check().reason == "printer_gone"
    simulator.addresses["url"] = known.replace(":SIMULATED1", "")
    assert open_printer(simulator).check().state is DeviceState.READY


def test_a_line_that_somebody_holds_is_not_taken(start_simulator: Start, tmp_path: Path) -> None:
    simulator = start_simulator(
        "devices.receipt_printer.simulator", "--wire", "serial", "--link", str(tmp_path / "p")
    )
    held = SerialWire(str(tmp_path / "p"), 115200, "none")
    assert open_printer(simulator).check().reason == "printer_gone"
    held.close()
    assert open_printer(simulator).check().state is DeviceState.READY
