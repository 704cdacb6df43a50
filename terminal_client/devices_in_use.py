"""The kiosk's own devices, opened by their URLs, and what they say as events of the journey."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from devices.errors import DeviceError, Gone
from devices.id_card.card import IdCard
from devices.receipt_printer.port import ReceiptPrinter
from devices.registry import open_device
from devices.scanner.port import Scanner
from devices.states import Health
from devices.watch import CardPlaced, CardRemoved, CardUnreadable, CardWatcher, ReaderState
from terminal_client import slip
from terminal_client.config import Config
from terminal_client.journey import events
from terminal_client.journey.state import Printing, Sentence

NO_READER = Sentence("这台机器没有接读卡器", "This kiosk has no card reader")


class DevicesInUse:
    """Card reader, receipt printer and scanner of one kiosk; a missing one is found out at its use."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._watcher: CardWatcher | None = None
        self._opening = threading.Lock()
        self._scanner: Scanner | None = None
        self._printer: ReceiptPrinter | None = None

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
        pages = self._get_scanner().scan(dpi=self._config.scan_dpi, colour=True, source="flatbed")
        return pages[0].image, pages[0].media_type

    def print_receipt(self, receipt: Mapping[str, Any], *, sitting: int, reprint: bool) -> events.PrintEnded:
        """Print a receipt; printed only on the printer's own word."""
        try:
            outcome = self._get_printer().print_slip(slip.lay_out(receipt, reprint=reprint))
        except DeviceError as error:
            return events.PrintEnded(Printing.FAILED, sitting, Sentence(error.zh, error.en))
        if outcome.state == "printed":
            return events.PrintEnded(Printing.PRINTED, sitting)
        return events.PrintEnded(Printing.UNKNOWN, sitting, Sentence(outcome.zh, outcome.en))

    def _get_scanner(self) -> Scanner:
        url = self._config.devices.scanner
        if url is None:
            raise Gone(
                device="scanner", reason="not_configured", zh="这台机器没有扫描仪", en="No scanner here"
            )
        with self._opening:
            self._scanner = self._scanner or open_device(url)
        return self._scanner

    def _get_printer(self) -> ReceiptPrinter:
        url = self._config.devices.receipt_printer
        if url is None:
            raise Gone(
                device="receipt_printer", reason="not_configured", zh="没有打印机", en="No printer here"
            )
        with self._opening:
            self._printer = self._printer or open_device(with_columns(url, self._config.columns))
        return self._printer

    def stop(self) -> None:
        """Stop watching and let the devices go."""
        if self._watcher is not None:
            self._watcher.stop()
        for device in (self._scanner, self._printer):
            if device is not None:
                device.close()


def with_columns(url: str, columns: int) -> str:
    """A printer's URL with the paper's width, unless the URL says it already."""
    if "columns=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}columns={columns}"


def _without_photo(card: IdCard) -> dict[str, Any]:
    return {name: value for name, value in card.to_json().items() if name != "photo"}


def _trouble(health: Health) -> Sentence | None:
    if health.is_usable:
        return None
    return Sentence(health.zh or NO_READER.zh, health.en or NO_READER.en)
