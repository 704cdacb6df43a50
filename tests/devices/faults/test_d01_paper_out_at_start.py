"""The paper is out before a receipt begins: nothing is printed, and it is said so.

On every wire; with the printer's other reasons for not beginning, which the kiosk must treat alike.
"""

import pytest

from devices.errors import DeviceError
from devices.states import DeviceState
from tests.devices.printing import SLIP, Bench, lines_on_paper, open_printer


def _refusal(bench: Bench, fault: dict[str, bool], job: str = "") -> DeviceError:
    bench.make_well()
    bench.set_fault(fault)
    with pytest.raises(DeviceError) as caught:
        bench.printer.print_slip(SLIP, job=job)
    return caught.value


@pytest.mark.parametrize("state", ["never printed", "has printed", "was unknown"])
def test_no_paper_is_said_before_the_first_byte(any_printer: Bench, state: str) -> None:
    any_printer.make_well()
    is_new = state == "never printed"
    printer = open_printer(any_printer.simulator) if is_new else any_printer.printer
    if state == "was unknown":
        any_printer.set_fault({"stop_after_bytes": 50})
        assert printer.print_slip(SLIP).state == "unknown"
        any_printer.simulator.delete("/slips")
    any_printer.set_fault({"paper_out": True})
    with pytest.raises(DeviceError) as caught:
        printer.print_slip(SLIP)
    error = caught.value
    assert (error.reason, error.mender, error.retryable) == ("paper_out", "attendant", True)
    assert "纸" in error.zh
    assert any_printer.papers() == []


def test_it_is_ready_by_itself_when_there_is_paper_again(any_printer: Bench) -> None:
    assert _refusal(any_printer, {"paper_out": True}, "R-1").reason == "paper_out"
    health = any_printer.printer.check()
    assert (health.state, health.reason) == (DeviceState.ERROR, "paper_out")
    assert any_printer.printer.check().since_at == health.since_at
    any_printer.set_fault()
    assert any_printer.printer.check().state is DeviceState.READY
    # nothing of it was printed, so the very same slip may be tried again
    assert any_printer.printer.print_slip(SLIP, job="R-1").state == "printed"
    (paper,) = any_printer.papers()
    assert paper["lines"] == lines_on_paper(any_printer.columns)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"paper_out": True, "paper_near_end": True}, "paper_out"),
        ({"cover_open": True, "paper_out": True}, "cover_open"),
        ({"offline": True}, "printer_offline"),
        ({"broken": True}, "printer_faulty"),
    ],
)
def test_other_reasons_for_not_beginning(any_printer: Bench, fault: dict[str, bool], reason: str) -> None:
    error = _refusal(any_printer, fault)
    assert error.reason == reason
    assert (error.zh[-1], error.en[-1]) == ("。", ".")
    assert any_printer.papers() == []
