"""The paper ends in the middle of a receipt: unknown, then a new whole one marked 补打, same number.

At every byte on the network, and spread over the receipt on the other wires.
"""

import pytest

from devices.errors import DeviceError
from tests.devices.printing import NUMBER, Bench, bytes_of_a_slip, spread, try_fault

LENGTH = bytes_of_a_slip(32)


def _hold(bench: Bench, at: int) -> None:
    outcome = try_fault(bench, {"stop_after_bytes": at})
    assert not isinstance(outcome, DeviceError)
    assert (outcome.state, outcome.reason) == ("unknown", "paper_out")
    papers = bench.papers()
    numbers = {line.split()[-1] for paper in papers for line in paper["lines"] if "办件编号" in line}
    assert numbers == {NUMBER}, "two different numbers for one case"


@pytest.mark.parametrize("at", spread(LENGTH, 9))
def test_at_every_byte(network_printer: Bench, at: int) -> None:
    _hold(network_printer, at)


@pytest.mark.parametrize("at", spread(LENGTH, 3, 29))
def test_on_every_wire(any_printer: Bench, at: int) -> None:
    _hold(any_printer, at)


@pytest.mark.parametrize("at", spread(LENGTH, 4, 7))
def test_a_printer_that_tells_nothing_by_itself(network_printer: Bench, at: int) -> None:
    """Its automatic status is switched off by another program: the driver must ask."""
    outcome = try_fault(network_printer, {"stop_after_bytes": at, "never_tells": True})
    assert not isinstance(outcome, DeviceError)
    assert (outcome.state, outcome.reason) == ("unknown", "paper_out")
