"""The driver for receipt printers behind a print queue (CUPS raw queue, or any queue that speaks IPP)."""

import threading
from collections.abc import Sequence

from devices.errors import DeviceError
from devices.ipp_job import Document, Ending, IppJob, JobEnd
from devices.ipp_queue import IppQueue, PrinterFacts, QueueAddress, QueueAway, QueueSaysNo
from devices.receipt_printer.encoding import STATUS_BACK_OFF, encode_slip
from devices.receipt_printer.faults import FAULTS
from devices.receipt_printer.jobs import JobsBegun
from devices.receipt_printer.layout import lay_out
from devices.receipt_printer.port import PrintOutcome
from devices.receipt_printer.profile import Profile, profile_of
from devices.receipt_printer.slip import Element
from devices.states import DeviceState, Health, HealthRecord, now_utc
from devices.url import BadDeviceUrl, DeviceUrl

RAW = "application/vnd.cups-raw"
_CHECK_WAITS_S = 6.0
_WORDS = ("queue", "printer")
_CAUSES = {"refused": "printer_offline", "gone": "printer_gone", "stuck": "printer_silent"}
_KEYWORDS = {
    "cover-open": "cover_open",
    "door-open": "cover_open",
    "media-empty": "paper_out",
    "media-needed": "paper_out",
    "media-jam": "printer_faulty",
    "offline": "printer_offline",
    "shutdown": "printer_offline",
    "paused": "printer_offline",
    "connecting-to-device": "printer_offline",
}


class QueuePrinter:
    """A ReceiptPrinter behind a queue.

    A queue says "completed" when it has handed the bytes on, which is no word of the printer's. So the
    outcome is `unknown` (not_confirmed) and the citizen is asked, unless `is_printer_s_word` says that what
    is behind the address is the printer itself. No byte comes back, so neither marker nor status is used.
    """

    def __init__(
        self, queue: IppQueue, profile: Profile, *, is_printer_s_word: bool, patience_s: float
    ) -> None:
        self._queue = queue
        self._profile = profile
        self._is_printer_s_word = is_printer_s_word
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._health = HealthRecord()
        self._jobs = JobsBegun()

    def check(self) -> Health:
        """See ReceiptPrinter."""
        if not self._lock.acquire(timeout=_CHECK_WAITS_S):
            return Health(DeviceState.BUSY, now_utc())
        try:
            self._refuse_unless_ready()
            return self._health.health
        except DeviceError as error:
            return self._health.observe_error(error)
        finally:
            self._lock.release()

    def print_slip(self, slip: Sequence[Element], *, job: str = "") -> PrintOutcome:
        """See ReceiptPrinter."""
        data = encode_slip(lay_out(slip, self._profile.columns), self._profile) + STATUS_BACK_OFF
        run = IppJob(self._queue, patience_s=self._patience_s, on_look=lambda _: None)
        with self._lock:
            self._jobs.refuse_if_begun(job)
            try:
                self._refuse_unless_ready()
                return self._outcome_of(run.run(Document(data, RAW, {})), job)
            except DeviceError as error:
                self._health.observe_error(error)
                raise

    def close(self) -> None:
        """See ReceiptPrinter; no connection outlives its question."""

    def _refuse_unless_ready(self) -> None:
        try:
            facts = self._queue.ask()
        except QueueAway as error:
            silent = "Timeout" in str(error)
            raise FAULTS.error("printer_silent" if silent else "printer_gone", str(error)) from error
        except QueueSaysNo as error:
            raise FAULTS.error("printer_offline", str(error)) from error
        if reason := _reason_of(facts):
            raise FAULTS.error(reason, ",".join(each.keyword for each in facts.reasons))
        self._health.observe(DeviceState.READY)

    def _outcome_of(self, end: JobEnd, job: str) -> PrintOutcome:
        if end.ending is Ending.NOTHING:
            raise FAULTS.error(_CAUSES.get(end.cause, "printer_offline"), end.raw)
        self._jobs.note_begun(job)
        if end.ending is Ending.COMPLETED and self._is_printer_s_word:
            return PrintOutcome("printed", self._health.observe(DeviceState.READY))
        is_sent = end.ending is Ending.COMPLETED
        error = FAULTS.error(
            "not_confirmed" if is_sent else _CAUSES.get(end.cause, "printer_faulty"), end.raw
        )
        health = self._health.health if is_sent else self._health.observe_error(error)
        return PrintOutcome("unknown", health, error.reason, error.raw_status, error.zh, error.en)


def _reason_of(facts: PrinterFacts) -> str:
    for keyword, reason in _KEYWORDS.items():
        for said in facts.reasons:
            if said.keyword == keyword and (said.severity == "error" or facts.is_stopped):
                return reason
    return "printer_offline" if facts.is_stopped or not facts.is_accepting else ""


def open_cups(url: DeviceUrl) -> QueuePrinter:
    """`receipt+cups://localhost:631/printers/slips?profile=80mm&word=queue&patience_s=60`."""
    word = url.options.get("word", "queue")
    if word not in _WORDS:
        raise BadDeviceUrl("word is queue or printer: whose word completed is")
    return QueuePrinter(
        IppQueue(QueueAddress.of(url, "/printers/receipt")),
        profile_of(url),
        is_printer_s_word=word == "printer",
        patience_s=url.number("patience_s", 60.0),
    )
