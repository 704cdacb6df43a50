"""The cover is opened or the cutter jams: the state is named with since-when, and ends by itself.

At every byte on the network, and spread over the receipt on the other wires.
"""

import time

import pytest

from devices.errors import DeviceError
from devices.states import DeviceState
from tests.devices.printing import SLIP, Bench, bytes_of_a_slip, spread, try_fault

LENGTH = bytes_of_a_slip(32)
COVER = ("open_cover_after_bytes", "cover_open")
CUTTER = ("jam_after_bytes", "cutter_jam")


def _hold(bench: Bench, fault: tuple[str, str], at: int) -> None:
    name, reason = fault
    outcome = try_fault(bench, {name: at})
    assert not isinstance(outcome, DeviceError)
    assert (outcome.state, outcome.reason) == ("unknown", reason)
    assert (outcome.health.state, outcome.health.reason) == (DeviceState.ERROR, reason)


@pytest.mark.parametrize("fault", [COVER, CUTTER], ids=lambda fault: fault[1])
@pytest.mark.parametrize("at", spread(LENGTH, 6))
def test_at_every_byte(network_printer: Bench, fault: tuple[str, str], at: int) -> None:
    _hold(network_printer, fault, at)


@pytest.mark.parametrize("fault", [COVER, CUTTER], ids=lambda fault: fault[1])
@pytest.mark.parametrize("at", spread(LENGTH, 2, 29))
def test_on_every_wire(any_printer: Bench, fault: tuple[str, str], at: int) -> None:
    _hold(any_printer, fault, at)


@pytest.mark.parametrize(
    ("fault", "reason", "mender"),
    [("cover_open", "cover_open", "attendant"), ("cutter_jam", "cutter_jam", "technician")],
)
def test_before_the_receipt(any_printer: Bench, fault: str, reason: str, mender: str) -> None:
    any_printer.make_well()
    any_printer.set_fault({fault: True})
    with pytest.raises(DeviceError) as caught:
        any_printer.printer.print_slip(SLIP)
    assert (caught.value.reason, caught.value.mender) == (reason, mender)
    assert any_printer.papers() == []
    first = any_printer.printer.check()
    time.sleep(0.01)
    again = any_printer.printer.check()
    assert (again.reason, again.since_at) == (reason, first.since_at)
    any_printer.set_fault()
    well = any_printer.printer.check()
    assert well.state is DeviceState.READY
    assert well.since_at > first.since_at
