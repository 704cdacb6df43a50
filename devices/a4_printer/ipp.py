"""The driver for A4 printers that speak IPP (RFC 8011), which nearly all on a network do."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from devices.a4_printer.faults import FAULTS
from devices.a4_printer.port import Interruption, IsWanted, OnInterruption, PrintOutcome, Sheets
from devices.a4_printer.pwg_raster import MEDIA_TYPE as RASTER
from devices.a4_printer.pwg_raster import NotAPdf, rasterise
from devices.a4_printer.reasons import Trouble, find_trouble, raw
from devices.errors import DeviceError
from devices.ipp_job import Cause, Document, Ending, IppJob, JobEnd
from devices.ipp_queue import IppQueue, JobFacts, PrinterFacts, QueueAddress, QueueAway, QueueSaysNo
from devices.states import DeviceState, Health, HealthRecord, now_utc
from devices.url import DeviceUrl

PDF = "application/pdf"
_RASTER_DPI = 300
_CHECK_WAITS_S = 6.0
_REMEMBERED = 1000
_CAUSES: dict[Cause, str] = {
    "busy": "printer_busy",
    "refused": "job_refused",
    "stopped": "job_stopped",
    "lost": "job_lost",
    "gone": "printer_gone",
    "stuck": "printer_silent",
    "unwanted": "job_stopped",
}


class IppPrinter:
    """An A4Printer over IPP.

    `patience_s` is how long a job may take from its sending to its end, with somebody mending the printer
    in between; then it is cancelled, so that nobody's document comes out when they have gone.
    """

    def __init__(self, queue: IppQueue, *, patience_s: float = 180.0) -> None:
        self._queue = queue
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._health = HealthRecord()
        self._begun: OrderedDict[str, None] = OrderedDict()

    def check(self) -> Health:
        """See A4Printer."""
        if not self._lock.acquire(timeout=_CHECK_WAITS_S):
            return Health(DeviceState.BUSY, now_utc())
        try:
            return self._observe(find_trouble(self._queue.ask()))
        except (QueueAway, QueueSaysNo) as error:
            return self._health.observe_error(_error_of(error))
        finally:
            self._lock.release()

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
        """See A4Printer."""
        watch = _Watch(self._queue, self._observe, on_interruption)
        wanted = is_wanted or (lambda: True)
        run = IppJob(
            self._queue,
            patience_s=self._patience_s,
            on_look=watch.look,
            is_wanted=lambda: not watch.told.reason or wanted(),
        )
        with self._lock:
            if job and job in self._begun:
                raise FAULTS.error("duplicate_job")
            try:
                ready = _as_it_takes_it(self._get_ready(), document, media_type, sheets)
                self._note_begun(job)
                end = run.run(ready)
                return self._outcome_of(end, watch)
            except DeviceError as error:
                self._begun.pop(job, None)
                self._health.observe_error(error)
                raise

    def close(self) -> None:
        """See A4Printer; no connection outlives its question."""

    def _get_ready(self) -> PrinterFacts:
        try:
            facts = self._queue.ask()
        except (QueueAway, QueueSaysNo) as error:
            raise _error_of(error) from error
        trouble = find_trouble(facts)
        self._observe(trouble)
        if trouble and trouble.is_blocking:
            raise FAULTS.error(trouble.reason, raw(facts))
        return facts

    def _outcome_of(self, end: JobEnd, watch: "_Watch") -> PrintOutcome:
        if end.ending is Ending.COMPLETED:
            watch.end()
            return PrintOutcome("printed", self._look_again())
        error = FAULTS.error(watch.told.reason or _CAUSES[end.cause], end.raw)
        if end.ending is Ending.NOTHING:
            raise error
        health = self._health.observe_error(error)
        return PrintOutcome("unknown", health, error.reason, error.raw_status, error.zh, error.en)

    def _look_again(self) -> Health:
        try:
            return self._observe(find_trouble(self._queue.ask()))
        except (QueueAway, QueueSaysNo):
            return self._health.health

    def _note_begun(self, job: str) -> None:
        if job:
            self._begun[job] = None
            if len(self._begun) > _REMEMBERED:
                self._begun.popitem(last=False)

    def _observe(self, trouble: Trouble | None) -> Health:
        if trouble is None:
            return self._health.observe(DeviceState.READY)
        if trouble.is_blocking:
            return self._health.observe_error(FAULTS.error(trouble.reason))
        return self._health.observe(DeviceState.DEGRADED, trouble.reason, trouble.zh, trouble.en)


class _Watch:
    """Tells why a job stands still when it does, and that it goes on when it does again."""

    def __init__(
        self,
        queue: IppQueue,
        observe: Callable[[Trouble | None], Health],
        on_interruption: OnInterruption | None,
    ) -> None:
        self._queue = queue
        self._observe = observe
        self._on_interruption = on_interruption
        self.told = Interruption()

    def look(self, _: JobFacts) -> None:
        """Look at the printer while its job goes on."""
        trouble = find_trouble(self._queue.ask())
        now = Interruption()
        if trouble and not trouble.is_mild:
            now = Interruption(trouble.reason, trouble.zh, trouble.en)
        if now != self.told:
            self.told = now
            self._observe(trouble)
            self._tell(now)

    def end(self) -> None:
        """The job is completed: whatever it stood still for is over."""
        if self.told.reason:
            self._tell(Interruption())

    def _tell(self, interruption: Interruption) -> None:
        if self._on_interruption:
            self._on_interruption(interruption)


def _as_it_takes_it(facts: PrinterFacts, document: bytes, media_type: str, sheets: Sheets) -> Document:
    """The document in a format that the printer takes. DeviceError when there is none."""
    attributes = _attributes(sheets)
    if media_type in facts.formats or not facts.formats:
        return Document(document, media_type, attributes)
    if media_type != PDF or RASTER not in facts.formats:
        raise FAULTS.error("job_refused", media_type)
    dpi = min(facts.raster_dpi or (_RASTER_DPI,), key=lambda each: abs(each - _RASTER_DPI))
    try:
        drawn = rasterise(document, dpi)
    except NotAPdf as error:
        raise FAULTS.error("job_refused", str(error)) from error
    attributes.pop("sides", None)  # makers turn the back of a raster sheet in four different ways
    return Document(drawn, RASTER, attributes)


def _attributes(sheets: Sheets) -> dict[str, Any]:
    wanted: dict[str, Any] = {"media": "iso_a4_210x297mm"}
    if sheets.copies != 1:
        wanted["copies"] = sheets.copies
    if sheets.two_sided:
        wanted["sides"] = "two-sided-long-edge"
    return wanted


def _error_of(error: QueueAway | QueueSaysNo) -> DeviceError:
    if isinstance(error, QueueSaysNo):
        return FAULTS.error("printer_faulty", str(error))
    return FAULTS.error("printer_silent" if "Timeout" in str(error) else "printer_gone", str(error))


def open_ipp(url: DeviceUrl) -> IppPrinter:
    """`a4+ipp://10.0.0.9:631/ipp/print?patience_s=180`; `a4+ipps://...` over TLS."""
    address = QueueAddress.of(url, "/ipp/print")
    return IppPrinter(IppQueue(address), patience_s=url.number("patience_s", 180.0))
