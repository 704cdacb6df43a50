"""What the kiosk needs of the world around it."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from devices.a4_printer.port import IsWanted, OnInterruption, PrintOutcome
from terminal_client.journey.events import Event, PrintEnded
from terminal_client.server_client import Request


class Server(Protocol):
    """The line to the server. Both raise ServerAway or ServerRefused."""

    def ask(self, request: Request) -> Any:
        """The JSON of the answer, None when it has none."""

    def read(self, request: Request) -> tuple[bytes, str]:
        """The bytes of the answer and their media type."""


class KioskDevices(Protocol):
    """The devices of one kiosk."""

    def start(self, on_event: Callable[[Event], None]) -> None:
        """Begin to watch the card reader; waits for no device."""

    def scan_page(self) -> tuple[bytes, str]:
        """One page and its media type. DeviceError."""

    def clear(self) -> None:
        """Make the devices forget the person before. DeviceError when one has not."""

    def print_receipt(self, receipt: Mapping[str, Any], *, sitting: int, reprint: bool) -> PrintEnded:
        """Print and wait for what the printer says of it; never raises a DeviceError."""

    def print_intake(self, intake: Mapping[str, Any], *, sitting: int, reprint: bool) -> PrintEnded:
        """Print the slip of an intake, in the same way."""

    def can_print_documents(self) -> bool:
        """Whether there is an A4 printer that can be used; answers at once, as of the last look."""

    def print_document(
        self, document: bytes, *, job: str, on_interruption: OnInterruption, is_wanted: IsWanted
    ) -> PrintOutcome:
        """Print on A4 and follow it to its end, one of a job's name once. DeviceError as of A4Printer."""

    def stop(self) -> None:
        """Let the devices go."""
