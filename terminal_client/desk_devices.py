"""A clerk's own reader, scanner and printer: one use at a time, each opened at its first use."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from devices.errors import DeviceError, Gone, NotReady
from devices.receipt_printer.port import PrintOutcome
from devices.receipt_printer.slip import Element
from devices.registry import open_device
from devices.scanner.port import ScannedPage, ScanSource
from terminal_client.config import DeskConfig
from terminal_client.devices_in_use import with_columns

KINDS = ("id_card", "scanner", "receipt_printer")
BUSY_SECONDS = 1.0


class DeskDevices:
    """The devices of one desk. Every method may be called from any thread."""

    def __init__(self, config: DeskConfig) -> None:
        self._config = config
        urls = config.devices
        printer = urls.receipt_printer and with_columns(urls.receipt_printer, config.columns)
        self._urls = {"id_card": urls.id_card, "scanner": urls.scanner, "receipt_printer": printer}
        self._open: dict[str, Any] = {}
        self._in_use = {kind: threading.Lock() for kind in KINDS}

    def read_card(self) -> dict[str, Any]:
        """The card that lies on the reader, without its photo: nobody needs that picture. DeviceError."""
        with self._use("id_card") as reader:
            card: Mapping[str, Any] = reader.read().to_json()
        return {name: value for name, value in card.items() if name != "photo"}

    def scan(self, source: ScanSource) -> list[ScannedPage]:
        """The page on the glass, or all pages in the feeder. DeviceError."""
        with self._use("scanner") as scanner:
            pages: list[ScannedPage] = scanner.scan(dpi=self._config.scan_dpi, colour=True, source=source)
            return pages

    def print_slip(self, slip: list[Element]) -> PrintOutcome:
        """Print; printed only on the printer's own word. DeviceError when surely nothing was printed."""
        with self._use("receipt_printer") as printer:
            outcome: PrintOutcome = printer.print_slip(slip)
            return outcome

    def list_health(self) -> dict[str, dict[str, str]]:
        """How each device is, by kind; one that is not configured is absent."""
        return {kind: self._health(kind) for kind in KINDS}

    def close(self) -> None:
        """Let the devices go."""
        for device in self._open.values():
            device.close()
        self._open.clear()

    def _health(self, kind: str) -> dict[str, str]:
        try:
            with self._use(kind) as device:
                health: dict[str, str] = device.check().to_json()
                return health
        except DeviceError as error:
            state = "busy" if error.reason == "in_use" else "absent"
            return {"state": state, "since_at": "", "reason": error.reason, "zh": error.zh, "en": error.en}

    @contextmanager
    def _use(self, kind: str) -> Iterator[Any]:
        url = self._urls[kind]
        if url is None:
            raise Gone(device=kind, reason="not_configured", zh="这台电脑没有接这个设备", en="Not configured")
        if not self._in_use[kind].acquire(timeout=BUSY_SECONDS):
            raise _in_use(kind)
        try:
            if kind not in self._open:
                self._open[kind] = open_device(url)
            yield self._open[kind]
        finally:
            self._in_use[kind].release()


def _in_use(kind: str) -> NotReady:
    return NotReady(
        device=kind,
        reason="in_use",
        retryable=True,
        mender="attendant",
        zh="设备正在使用，请稍候再试",
        en="The device is being used. Please try again in a moment.",
    )
