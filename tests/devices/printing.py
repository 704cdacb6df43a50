"""What the printer's tests share: one slip of every kind of element, and a printer on each wire."""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from devices.errors import DeviceError
from devices.receipt_printer.encoding import encode_slip
from devices.receipt_printer.escpos import EscPosPrinter, open_serial, open_tcp, open_usb
from devices.receipt_printer.layout import lay_out
from devices.receipt_printer.port import PrintOutcome
from devices.receipt_printer.profile import get_profile
from devices.receipt_printer.slip import Cut, Element, Feed, Pair, Qr, Rule, Text
from devices.simulator_process import SimulatorProcess
from devices.url import DeviceUrl
from tests.patience import Patience

WIRES = ("tcp", "serial", "usb")
OPENERS: dict[str, Callable[[DeviceUrl], EscPosPrinter]] = {
    "tcp": open_tcp,
    "serial": open_serial,
    "usb": open_usb,
}
MENDED_BY_HAND = ("paper_out", "cover_open", "cutter_jam")
IS_ALL = os.environ.get("FAULTS") == "all"

CODE = "HTTPS://XINXIAN.INVALID/C/7KQ2M9XD4"
NUMBER = "7KQ2-M9XD-4"
SLIP: list[Element] = [
    Text("新县政务服务中心", bold=True, double=True, align="center"),
    Rule(),
    Pair("办件编号", NUMBER),
    Text("姓名 张𠮷"),
    Text("费用 ¥0.00"),
    Feed(1),
    Qr(CODE),
    Cut(),
]
REPRINT: list[Element] = [Text("【补打】", bold=True, align="center"), *SLIP]


def open_printer(simulator: SimulatorProcess, more: str = "") -> EscPosPrinter:
    """The driver for a simulator, on whichever wire it has."""
    url = DeviceUrl.parse(simulator.url + more)
    return OPENERS[url.scheme.partition("+")[2]](url)


def lines_on_paper(columns: int, *, reprint: bool = False) -> list[str]:
    """What the slip says on paper so wide, as the simulated paper tells it."""
    lines = [
        " " * ((columns - 32) // 2) + "新县政务服务中心",
        "-" * columns,
        "办件编号" + " " * (columns - 8 - len(NUMBER)) + NUMBER,
        f"[picture {columns * 12}x30]",
        "费用 ￥0.00",
        "",
        f"[qr {CODE}]",
    ]
    return [" " * ((columns - 8) // 2) + "【补打】", *lines] if reprint else lines


def bytes_of_a_slip(columns: int) -> int:
    """The length of the slip's print data, less the marker that ends it."""
    name = {48: "80mm", 32: "58mm"}[columns]
    return len(encode_slip(lay_out(SLIP, columns), get_profile(name)))


def spread(length: int, share: int, step: int = 1) -> list[int]:
    """Every `step`th place of 0 to length when all are asked for, else so many; both ends included."""
    if IS_ALL:
        return sorted({*range(0, length, step), length - 1, length})
    return sorted({round(number * length / (share - 1)) for number in range(share)})


@dataclass
class Bench:
    """A simulated printer and its driver; `habits` are faults that nothing mends."""

    wire: str
    columns: int
    simulator: SimulatorProcess
    printer: EscPosPrinter
    habits: dict[str, Any] = field(default_factory=dict)

    def set_fault(self, fault: dict[str, Any] | None = None) -> None:
        """Have it fail in this way and no other."""
        self.simulator.put("/faults", self.habits | (fault or {}))

    def make_well(self) -> None:
        """Mend everything, print once, so that nothing is owed, and take all paper away."""
        self.set_fault()
        assert self.print_when_back([Text("ready"), Cut()]).state == "printed"
        self.simulator.delete("/slips")

    def print_when_back(self, slip: list[Element]) -> PrintOutcome:
        """Print as soon as the printer is there again; after it died it is away or silent for a moment."""
        patience = Patience(10)
        while True:
            try:
                return self.printer.print_slip(slip)
            except DeviceError as error:
                if error.reason not in ("printer_gone", "printer_silent") or not patience.lasts():
                    raise
                time.sleep(0.02)

    def papers(self) -> list[dict[str, Any]]:
        """All slips that lie below the printer."""
        papers: list[dict[str, Any]] = self.simulator.get("/slips")
        return papers


def try_fault(bench: Bench, fault: dict[str, Any]) -> PrintOutcome | DeviceError:
    """Print a slip while the fault happens, mend it, print the reprint, and hold what must hold of both.

    Printed is said only of a slip that lies there whole and whose end the printer itself has told; an error
    only when nothing of it lies there; and nothing but the two calls makes the printer print.
    """
    bench.make_well()
    bench.set_fault(fault)
    outcome = _print(bench)
    before = _inked(bench.papers())
    bench.set_fault()
    _hold_first(bench, outcome)
    assert bench.print_when_back(REPRINT).state == "printed"
    _hold_both(bench)
    if not isinstance(outcome, DeviceError) and outcome.reason in MENDED_BY_HAND:
        kept = [paper["lines"] for paper in _inked(bench.papers())[:-1]]
        assert kept == [paper["lines"] for paper in before], "the rest came out when the printer was mended"
    return outcome


def _print(bench: Bench) -> PrintOutcome | DeviceError:
    try:
        return bench.printer.print_slip(SLIP)
    except DeviceError as error:
        return error


def _hold_first(bench: Bench, outcome: PrintOutcome | DeviceError) -> None:
    whole = lines_on_paper(bench.columns)
    if isinstance(outcome, DeviceError):
        assert not _inked(bench.papers())
    elif outcome.state == "printed":
        (paper,) = bench.papers()
        assert (paper["lines"], paper["completed"], paper["cut"]) == (whole, True, True)
    else:
        assert outcome.reason
        assert outcome.zh
        assert outcome.en


def _hold_both(bench: Bench) -> None:
    papers = _inked(bench.papers())
    assert papers[-1]["lines"] == lines_on_paper(bench.columns, reprint=True)
    assert (papers[-1]["completed"], papers[-1]["unknown"]) == (True, [])
    assert len(papers) <= 2, "something was printed that nobody asked for"
    whole = lines_on_paper(bench.columns)
    assert all(paper["lines"] == whole[: len(paper["lines"])] for paper in papers[:-1])


def _inked(papers: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [paper for paper in papers if any(line.strip() for line in paper["lines"])]
