"""What the kiosk needs of a receipt printer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from devices.receipt_printer.slip import Element
from devices.states import Health


@dataclass(frozen=True)
class PrintOutcome:
    """How a print ended that had begun.

    `printed` is the printer's own word, given after the last line. `unknown` means that nobody can say how
    much is on the paper: ask the citizen, never repeat by itself. `reason` is stable ("paper_out",
    "printer_gone", ...) and `zh`, `en` are the sentence for the citizen; all three are empty when printed.
    """

    state: Literal["printed", "unknown"]
    health: Health
    reason: str = ""
    raw_status: str = ""
    zh: str = ""
    en: str = ""


@runtime_checkable
class ReceiptPrinter(Protocol):
    """A printer of slips. One slip at a time; drivers hold their own lock."""

    def check(self) -> Health:
        """Ask the printer how it is, never raising a DeviceError; near the paper's end is `degraded`.

        While a slip is being printed the answer is `busy`.
        """

    def print_slip(self, slip: Sequence[Element], *, job: str = "") -> PrintOutcome:
        """Print one slip and wait for its end. DeviceError when surely nothing of it was printed.

        `job` names this very piece of paper: a name of which something was begun before is refused
        ("duplicate_job"). A reprint is another piece of paper, and has another name.
        """

    def close(self) -> None:
        """Let the wire go; the next use opens it again."""
