"""The kiosk's own devices, opened by their URLs, and what they say as events of the journey."""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, cast

from devices.a4_printer.port import A4Printer, IsWanted, OnInterruption
from devices.a4_printer.port import PrintOutcome as A4Outcome
from devices.errors import DeviceError, Gone
from devices.id_card.card import IdCard
from devices.id_card.port import IdCardReader
from devices.receipt_printer.port import PrintOutcome
from devices.receipt_printer.slip import Element
from devices.registry import open_device
from devices.scanner.port import ScannedPage, ScanSource
from devices.states import DeviceState, Health, HealthRecord
from devices.url import BadDeviceUrl
from devices.watch import CardPlaced, CardRemoved, CardUnreadable, CardWatcher, ReaderState
from terminal_client import slip
from terminal_client.code_watch import CodeWatcher
from terminal_client.config import Config
from terminal_client.device_board import DeviceBoard
from terminal_client.journey import events
from terminal_client.journey.state import Printing, Sentence
from terminal_client.offline import intake_slip

NO_READER = Sentence("这台机器没有接读卡器", "This kiosk has no card reader")
MISSING = {
    "scanner": Sentence("这台机器没有扫描仪", "No scanner here"),
    "receipt_printer": Sentence("没有打印机", "No printer here"),
}
NOT_CONFIGURED = Sentence("这台机器没有接这个设备", "Not configured on this kiosk")


class DevicesInUse:
    """The devices of one kiosk; a missing one is found out at its use. For any thread."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._watcher: CardWatcher | None = None
        self._board: DeviceBoard | None = None
        self._codes: CodeWatcher | None = None
        self._is_code_wanted: Callable[[], bool] | None = None
        self._changing = threading.Lock()
        self._open: dict[str, Any] = {}
        self._clearing = threading.Lock()
        # whoever ran before us may have been killed in mid-scan
        self._may_hold_pages = True
        self._on_event: Callable[[events.Event], None] | None = None
        self.last_printed_at: datetime | None = None

    def start(self, on_event: Callable[[events.Event], None]) -> None:
        """Begin to watch the card reader; waits for nothing."""
        self._on_event = on_event
        self._watch_reader()
        self._watch_codes()

    def read_codes_while(self, is_wanted: Callable[[], bool]) -> None:
        """Sign-in codes are read while this is so; to be said before `start`."""
        self._is_code_wanted = is_wanted

    def watch_all(self) -> None:
        """Look at every device from time to time, for `list_health`."""
        kinds = [kind for kind in self._config.devices.by_kind() if kind != "id_card"]
        self._board = DeviceBoard(self._get, kinds)
        self._board.start()

    def use(self, config: Config) -> None:
        """Let the devices go and use those of other settings; nobody may be served meanwhile."""
        had_board = self._board is not None
        self._let_go()
        self._config = config
        if self._on_event is not None:
            self._watch_reader()
            self._watch_codes()
        if had_board:
            self.watch_all()

    def list_health(self) -> dict[str, Health]:
        """How each device was when last looked at, by kind."""
        board = self._board.list_health() if self._board is not None else {}
        reader = {"id_card": self._watcher.health} if self._watcher is not None else {}
        return {**reader, **board}

    def scan_page(self) -> tuple[bytes, str]:
        """One page in colour from the glass. DeviceError."""
        pages = self.scan("flatbed")
        return pages[0].image, pages[0].media_type

    def scan(self, source: ScanSource) -> list[ScannedPage]:
        """The page on the glass, or all pages in the feeder, in colour. DeviceError.

        A scanner that is not known to have forgotten the person before is made to, or gives no page.
        """
        with self._clearing:
            if self._may_hold_pages:
                self._clear_scanner()
        pages = self._get("scanner").scan(dpi=self._config.scan_dpi, colour=True, source=source)
        return cast(list[ScannedPage], pages)

    def clear(self) -> None:
        """Make scanner and code reader forget the person before; DeviceError when one has not.

        The scanner then gives no page until it has.
        """
        kinds = self._config.devices.by_kind()
        with self._clearing:
            self._may_hold_pages = True
            if "scanner" in kinds:
                self._clear_scanner()
        if "qr" in kinds:
            self._get("qr").clear()

    def _clear_scanner(self) -> None:
        self._get("scanner").clear()
        self._may_hold_pages = False

    def print_receipt(self, receipt: Mapping[str, Any], *, sitting: int, reprint: bool) -> events.PrintEnded:
        """Print a receipt, the first one of a number once; printed only on the printer's own word."""
        # a reprint is another piece of paper each time
        job = "" if reprint else str(receipt["case_number"])
        return self._print(slip.lay_out(receipt, reprint=reprint), job, sitting)

    def print_intake(self, intake: Mapping[str, Any], *, sitting: int, reprint: bool) -> events.PrintEnded:
        """Print the slip of what was taken in while the server was away, in the same way."""
        job = "" if reprint else str(intake["number"])
        return self._print(intake_slip.lay_out(intake, reprint=reprint), job, sitting)

    def _print(self, elements: Sequence[Element], job: str, sitting: int) -> events.PrintEnded:
        try:
            outcome = self.print_slip(elements, job=job)
        except DeviceError as error:
            return events.PrintEnded(Printing.FAILED, sitting, Sentence(error.zh, error.en))
        if outcome.state == "printed":
            return events.PrintEnded(Printing.PRINTED, sitting)
        return events.PrintEnded(Printing.UNKNOWN, sitting, Sentence(outcome.zh, outcome.en))

    def print_slip(self, elements: Sequence[Element], *, job: str = "") -> PrintOutcome:
        """Print any slip, one of a `job`'s name once. DeviceError when surely nothing of it was printed."""
        outcome: PrintOutcome = self._get("receipt_printer").print_slip(elements, job=job)
        if outcome.state == "printed":
            self.last_printed_at = datetime.now(UTC)
        return outcome

    def print_page(self, page: bytes) -> A4Outcome:
        """Print one page (PDF) on A4. DeviceError when surely nothing of it was printed."""
        return cast(A4Printer, self._get("a4_printer")).print_document(page)

    def can_print_documents(self) -> bool:
        """Whether there is an A4 printer that could be used when last looked at."""
        health = self._board.find_health("a4_printer") if self._board is not None else None
        return health is not None and health.is_usable

    def print_document(
        self, document: bytes, *, job: str, on_interruption: OnInterruption, is_wanted: IsWanted
    ) -> A4Outcome:
        """Print a document on A4 and follow it; a job's name once. DeviceError when nothing was printed."""
        printer = cast(A4Printer, self._get("a4_printer"))
        return printer.print_document(document, job=job, on_interruption=on_interruption, is_wanted=is_wanted)

    def read_card(self) -> IdCard:
        """The card that lies on the reader now, for a technician's test. DeviceError."""
        return cast(IdCardReader, self._get("id_card")).read()

    def read_codes(self) -> list[str]:
        """The texts of the QR codes before the reader now. DeviceError."""
        return cast(list[str], self._get("qr").read())

    def stop(self) -> None:
        """Stop watching and let the devices go."""
        self._let_go()

    def _watch_reader(self) -> None:
        if self._config.devices.id_card is None:
            self._tell(ReaderState(_absent()))
            return
        self._watcher = CardWatcher(lambda: cast(IdCardReader, self._get("id_card")), self._tell)
        self._watcher.start()

    def _watch_codes(self) -> None:
        tell, is_wanted = self._on_event, self._is_code_wanted
        if tell is None or is_wanted is None:
            return
        is_there = self._config.devices.qr is not None
        tell(events.CodesWatched(is_there))
        if is_there:
            self._codes = CodeWatcher(
                self.read_codes,
                lambda: cast(None, self._get("qr").clear()),
                is_wanted,
                lambda text: tell(events.CodeRead(text)),
            )
            self._codes.start()

    def _tell(self, event: object) -> None:
        if self._on_event is None:
            return
        match event:
            case CardPlaced(card):
                self._on_event(events.CardPlaced(_without_photo(card)))
            case CardRemoved():
                self._on_event(events.CardRemoved())
            case CardUnreadable(error):
                self._on_event(events.CardUnreadable(Sentence(error.zh, error.en)))
            case ReaderState(health):
                self._on_event(events.ReaderChanged(_trouble(health)))

    def _get(self, kind: str) -> Any:
        url = self._config.devices.by_kind().get(kind)
        if url is None:
            said = MISSING.get(kind, NOT_CONFIGURED)
            raise Gone(device=kind, reason="not_configured", zh=said.zh, en=said.en)
        with self._changing:
            if kind not in self._open:
                self._open[kind] = _open(kind, url, self._config.columns)
            return self._open[kind]

    def _let_go(self) -> None:
        if self._watcher is not None:
            self._watcher.stop()
        if self._board is not None:
            self._board.stop()
        if self._codes is not None:
            self._codes.stop()
        self._watcher = self._board = self._codes = None
        self._may_hold_pages = True
        with self._changing:
            going, self._open = self._open, {}
        for device in going.values():
            # a driver of another maker may fail at this too; the others must still be let go
            with suppress(Exception):
                device.close()


def _open(kind: str, url: str, columns: int) -> Any:
    try:
        return open_device(with_columns(url, columns) if kind == "receipt_printer" else url)
    except BadDeviceUrl as error:
        raise Gone(
            device=kind, reason=error.reason, zh="设备地址写错了", en="Its address is wrong."
        ) from error


def with_columns(url: str, columns: int) -> str:
    """A printer's URL with the paper's width, unless the URL says it already: itself, or by a profile."""
    if "columns=" in url or "profile=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}columns={columns}"


def _without_photo(card: IdCard) -> dict[str, Any]:
    return {name: value for name, value in card.to_json().items() if name != "photo"}


def _absent() -> Health:
    return HealthRecord().observe(DeviceState.ABSENT, "not_configured", NO_READER.zh, NO_READER.en)


def _trouble(health: Health) -> Sentence | None:
    if health.is_usable:
        return None
    return Sentence(health.zh or NO_READER.zh, health.en or NO_READER.en)
