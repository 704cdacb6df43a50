"""The kiosk's own devices, opened by their URLs, and what they say as events of the journey."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from devices.watch import CardPlaced, CardRemoved, CardUnreadable, CardWatcher, ReaderState

from devices.errors import DeviceError, Gone
from devices.id_card.card import IdCard
from devices.registry import open_device
from devices.states import Health
from terminal_client import slip
from terminal_client.config import Config
from terminal_client.journey import events
from terminal_client.journey.state import Printing, Sentence

NO_READER = Sentence("这台机器没有接读卡器", "This kiosk has no card reader")
PRINTING_FAILED = Sentence("打印机没有响应", "The printer does not answer")


class DevicesInUse:
    """Card reader, receipt printer and scanner of one kiosk; a missing one is found out at its use."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._watcher: CardWatcher | None = None
        self._scanner_lock = threading.Lock()

    def start(self, on_event: Callable[[events.Event], None]) -> None:
        """Begin to watch the card reader; waits for nothing."""
        url = self._config.devices.id_card
        if url is None:
            on_event(events.ReaderChanged(NO_READER))
            return
        self._watcher = CardWatcher(lambda: open_device(url), lambda event: self._tell(event, on_event))
        self._watcher.start()

    @staticmethod
    def _tell(event: object, on_event: Callable[[events.Event], None]) -> None:
        match event:
            case CardPlaced(card):
                on_event(events.CardPlaced(_without_photo(card)))
            case CardRemoved():
                on_event(events.CardRemoved())
            case CardUnreadable(error):
                on_event(events.CardUnreadable(Sentence(error.zh, error.en)))
            case ReaderState(health):
                on_event(events.ReaderChanged(_trouble(health)))

    def scan_page(self) -> tuple[bytes, str]:
        """One page in colour from the glass. DeviceError."""
        url = self._config.devices.scanner
        if url is None:
            raise Gone(
                device="scanner", reason="not_configured", zh="这台机器没有扫描仪", en="No scanner here"
            )
        with self._scanner_lock:
            scanner = open_device(url)
            try:
                pages = scanner.scan(dpi=self._config.scan_dpi, colour=True, source="flatbed")
            finally:
                scanner.close()
        return pages[0].image, pages[0].media_type

    def print_receipt(self, receipt: Mapping[str, Any], *, sitting: int, reprint: bool) -> events.PrintEnded:
        """Print a receipt; printed only on the printer's own word."""
        try:
            state, trouble = self._print(receipt, reprint=reprint)
        except DeviceError as error:
            state, trouble = Printing.FAILED, Sentence(error.zh, error.en)
        return events.PrintEnded(state, sitting, trouble)

    def _print(self, receipt: Mapping[str, Any], *, reprint: bool) -> tuple[Printing, Sentence | None]:
        url = self._config.devices.receipt_printer
        if url is None:
            raise Gone(
                device="receipt_printer", reason="not_configured", zh="没有打印机", en="No printer here"
            )
        printer = open_device(url)
        try:
            health = printer.check()
            if not health.is_usable:
                return Printing.FAILED, Sentence(
                    health.zh or PRINTING_FAILED.zh, health.en or PRINTING_FAILED.en
                )
            outcome = printer.print_slip(slip.lay_out(receipt, reprint=reprint))
        finally:
            printer.close()
        if outcome.state == "printed":
            return Printing.PRINTED, None
        return Printing.UNKNOWN, Sentence(outcome.zh, outcome.en) if outcome.zh else None

    def stop(self) -> None:
        """Stop watching."""
        if self._watcher is not None:
            self._watcher.stop()


def _without_photo(card: IdCard) -> dict[str, Any]:
    return {name: value for name, value in card.to_json().items() if name != "photo"}


def _trouble(health: Health) -> Sentence | None:
    if health.is_usable:
        return None
    return Sentence(health.zh or NO_READER.zh, health.en or NO_READER.en)
