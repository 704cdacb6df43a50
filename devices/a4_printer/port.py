"""What the kiosk needs of an A4 printer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from devices.states import Health


@dataclass(frozen=True)
class PrintOutcome:
    """How a print ended that had begun.

    `printed` is the printer's own word that the job is completed. `unknown` means that nobody can say which
    pages lie in the tray: ask the citizen, never repeat by itself. `reason` is stable ("paper_jam",
    "printer_gone", ...) and `zh`, `en` are the sentence for the citizen; all three are empty when printed.
    """

    state: Literal["printed", "unknown"]
    health: Health
    reason: str = ""
    raw_status: str = ""
    zh: str = ""
    en: str = ""


@dataclass(frozen=True)
class Interruption:
    """Why a job stands still for now; it goes on by itself when that is mended. No reason: it goes on."""

    reason: str = ""
    zh: str = ""
    en: str = ""


OnInterruption = Callable[[Interruption], None]
IsWanted = Callable[[], bool]


@dataclass(frozen=True)
class Sheets:
    """How a document goes on paper; a printer that takes no PDF prints on one side only."""

    copies: int = 1
    two_sided: bool = False


@runtime_checkable
class A4Printer(Protocol):
    """A printer of documents. One document at a time; drivers hold their own lock."""

    def check(self) -> Health:
        """Ask the printer how it is, never raising a DeviceError; low paper or toner is `degraded`.

        While a document is being printed the answer is `busy`.
        """

    def print_document(
        self,
        document: bytes,
        *,
        media_type: str = "application/pdf",
        sheets: Sheets = Sheets(),
        job: str = "",
        on_interruption: OnInterruption | None = None,
        is_wanted: IsWanted | None = None,
    ) -> PrintOutcome:
        """Print one document and follow it to its end. DeviceError when surely nothing of it was printed.

        `job` names this very print: a name of which something was begun before is refused
        ("duplicate_job"). `on_interruption` is told, in this thread, when the job stands still and when it
        goes on. `is_wanted` is asked while it stands still: when nobody waits for the paper any more, the job
        is cancelled, so that it does not come out for the next person.
        """

    def close(self) -> None:
        """Let the wire go; the next use opens it again."""
