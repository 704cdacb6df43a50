"""The printer dies, or its line is cut, before it says that it is done: unknown, ask, never repeat.

At every byte that it has printed, at every byte that came over the wire, and between the last line and the
printer's word.
"""

import signal
import time
from dataclasses import replace

import pytest

from devices.errors import DeviceError
from devices.receipt_printer.escpos import open_tcp
from devices.url import DeviceUrl
from tests.devices.printing import (
    IS_ALL,
    NUMBER,
    REPRINT,
    SLIP,
    Bench,
    bytes_of_a_slip,
    lines_on_paper,
    spread,
    try_fault,
)

LENGTH = bytes_of_a_slip(32)
STATUS_QUESTIONS = 12  # DLE EOT 1 to 4 go over the wire first
GONE = {"tcp": "printer_gone", "usb": "printer_gone", "serial": "printer_silent"}


def _hold_unknown(bench: Bench, fault: dict[str, object]) -> None:
    outcome = try_fault(bench, fault)
    assert not isinstance(outcome, DeviceError)
    assert (outcome.state, outcome.reason) == ("unknown", GONE[bench.wire])


@pytest.mark.parametrize("at", spread(LENGTH, 7))
def test_it_loses_its_power_at_every_byte(network_printer: Bench, at: int) -> None:
    _hold_unknown(network_printer, {"die_after_bytes": at})


# on a serial line nobody hangs up: the whole time limit is waited, so fewer of them
@pytest.mark.parametrize("at", spread(LENGTH, 2, 101) if IS_ALL else [LENGTH // 2])
def test_it_loses_its_power_on_every_wire(any_printer: Bench, at: int) -> None:
    _hold_unknown(any_printer, {"die_after_bytes": at})


def test_it_dies_between_the_last_line_and_its_word(any_printer: Bench) -> None:
    any_printer.make_well()
    any_printer.set_fault({"die_before_status": True})
    outcome = any_printer.printer.print_slip(SLIP, job="R-7")
    assert (outcome.state, outcome.reason) == ("unknown", GONE[any_printer.wire])
    (paper,) = any_printer.papers()
    assert paper["lines"] == lines_on_paper(any_printer.columns)
    assert (paper["cut"], paper["completed"]) == (True, False)
    # whole it lies there, and nobody knows: the same slip is refused until somebody was asked
    any_printer.make_well()
    with pytest.raises(DeviceError) as caught:
        any_printer.printer.print_slip(SLIP, job="R-7")
    assert caught.value.reason == "duplicate_job"
    assert any_printer.papers() == []


@pytest.mark.parametrize("at", spread(LENGTH, 7))
def test_the_line_is_cut_at_every_byte(network_printer: Bench, at: int) -> None:
    """The printer itself is well, prints what it has, and may hold half a command afterwards."""
    _hold_unknown(network_printer, {"cut_line_after_bytes": at + STATUS_QUESTIONS})


@pytest.mark.parametrize("at", spread(LENGTH, 4, 11))
def test_a_printer_that_cannot_forget(network_printer: Bench, at: int) -> None:
    """What it was sent before the cut comes out later; the reprint is whole all the same, and proven."""
    url = network_printer.simulator.url + "&stall_s=3&forgets=no"
    printer = open_tcp(DeviceUrl.parse(url))
    bench = replace(network_printer, printer=printer, habits={"never_forgets": True})
    bench.make_well()
    bench.set_fault({"cut_line_after_bytes": at + STATUS_QUESTIONS})
    outcome = printer.print_slip(SLIP)
    assert (outcome.state, outcome.reason) == ("unknown", "printer_gone")
    assert printer.print_slip(REPRINT).state == "printed"
    papers = bench.papers()
    assert papers[-1]["lines"] == lines_on_paper(32, reprint=True)
    assert papers[-1]["completed"]
    assert sum(NUMBER in line for paper in papers for line in paper["lines"]) <= 2


def test_a_frozen_printer_is_waited_for_and_comes_back(network_printer: Bench) -> None:
    bench = network_printer
    bench.make_well()
    bench.simulator.process.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    try:
        with pytest.raises(DeviceError) as caught:
            bench.printer.print_slip(SLIP)
    finally:
        bench.simulator.process.send_signal(signal.SIGCONT)
    assert caught.value.reason == "printer_silent"
    assert time.monotonic() - begun < 5
    assert bench.papers() == []
    assert bench.printer.print_slip(SLIP).state == "printed"
