"""receiptio, which nobody here wrote, prints on our simulated printer and reads its states as we do.

It knows one port only, 9100, so the two are on a network of their own.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.simulator_process import SimulatorProcess
from tests.devices.judges_printing.network import NetworkOfItsOwn
from tests.devices.judges_printing.node_judge import TOP

SUCCESS, ONLINE, COVER_OPEN, PAPER_EMPTY, ERROR, OFFLINE, DISCONNECTED = 0, 100, 101, 102, 103, 104, 105
RECEIPT = "^^^新县政务\n\n办件编号|7KQ2M9XD4\n\n张三\n=\n"


class Counter:
    """The printer and who uses it, out of everybody else's way."""

    def __init__(self, folder: Path) -> None:
        self.network = NetworkOfItsOwn()
        self.receipt = folder / "slip.receipt"
        self.receipt.write_text(RECEIPT)
        self.printer = self.network.run(
            lambda: SimulatorProcess("devices.receipt_printer.simulator", "--port", "9100")
        )

    def receiptio(self, *arguments: str) -> int:
        """Its exit code is its word."""
        asked = ["node", "node_modules/receiptio/bin/cli.js", "-d", "127.0.0.1", *arguments]
        ended = self.network.run(
            lambda: subprocess.run(asked, cwd=TOP, capture_output=True, timeout=60, check=False)
        )
        return ended.returncode

    def have(self, **faults: object) -> None:
        """Take the paper away and have the printer fail in this way."""
        self.network.run(lambda: self.printer.put("/faults", faults))
        self.network.run(lambda: self.printer.delete("/slips"))

    def lines(self) -> str:
        """All that is on paper."""
        slips = self.network.run(lambda: self.printer.get("/slips"))
        return "\n".join(line for slip in slips for line in slip["lines"])


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    counter = Counter(tmp_path_factory.mktemp("receiptio"))
    yield counter
    counter.printer.end()
    counter.network.end()


def test_it_prints_and_believes_the_marker(counter: Counter) -> None:
    counter.have()
    assert counter.receiptio("-q") == ONLINE
    assert counter.receiptio("-l", "zh-hans", str(counter.receipt)) == SUCCESS
    for word in ("新县政务", "办件编号", "7KQ2M9XD4", "张三"):
        assert word in counter.lines()


@pytest.mark.parametrize(
    ("fault", "word"),
    [("cover_open", COVER_OPEN), ("paper_out", PAPER_EMPTY), ("cutter_jam", ERROR), ("broken", ERROR)],
)
def test_it_reads_the_same_state(counter: Counter, fault: str, word: int) -> None:
    counter.have(**{fault: True})
    assert counter.receiptio("-q") == word


@pytest.mark.parametrize(
    ("fault", "word"), [("cover_open", COVER_OPEN), ("paper_out", PAPER_EMPTY), ("cutter_jam", ERROR)]
)
def test_it_does_not_print_either(counter: Counter, fault: str, word: int) -> None:
    counter.have(**{fault: True})
    assert counter.receiptio("-l", "zh-hans", str(counter.receipt)) == word
    assert counter.lines() == ""


@pytest.mark.parametrize(
    ("fault", "word"), [("stop_after_bytes", PAPER_EMPTY), ("open_cover_after_bytes", COVER_OPEN)]
)
def test_it_hears_of_it_in_the_middle(counter: Counter, fault: str, word: int) -> None:
    """Our automatic status reaches another program while it prints."""
    counter.have(**{fault: 150})
    assert counter.receiptio("-l", "zh-hans", str(counter.receipt)) == word


def test_nobody_there_is_nobody_there(counter: Counter) -> None:
    counter.network.run(counter.printer.end)
    assert counter.receiptio("-q") == DISCONNECTED
