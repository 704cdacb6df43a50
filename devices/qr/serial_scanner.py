"""The driver for code scanners on a serial line or USB-CDC, with the triggers of Honeywell and Newland."""

import logging
import threading
import time
from collections.abc import Callable

from devices.errors import DeviceError, Gone
from devices.qr.dialects import DIALECTS, HONEYWELL, Dialect
from devices.qr.faults import FAULTS
from devices.qr.framing import AnswerFilter, CodeFramer
from devices.qr.line import SerialLine
from devices.qr.texts import text_of
from devices.states import DeviceState, Health, HealthRecord
from devices.url import BadDeviceUrl, DeviceUrl

_LOG = logging.getLogger(__name__)
_ANSWER_LIMIT_S = 1.0
_MOST_STALE = 1 << 20
SUFFIXES = {"cr": b"\r", "lf": b"\n", "crlf": b"\r\n"}


class SerialQrReader:
    """A QrReader over a serial line.

    `look_s` bounds one look, `idle_s` is the silence that breaks off a code. With `is_triggered` the
    scanner's light is on only while somebody looks; without, it scans by itself and `read` takes what it
    has sent since it was last cleared.
    """

    def __init__(
        self,
        open_line: Callable[[], SerialLine],
        *,
        dialect: Dialect = HONEYWELL,
        suffix: bytes = b"\r",
        look_s: float = 5.0,
        idle_s: float = 0.1,
        is_triggered: bool = True,
        answer_limit_s: float = _ANSWER_LIMIT_S,
    ) -> None:
        self._open_line = open_line
        self._dialect = dialect
        self._framer = CodeFramer(suffix)
        self._answers = AnswerFilter()
        self._look_s = look_s
        self._idle_s = idle_s
        self._is_triggered = is_triggered and bool(dialect.trigger)
        self._answer_limit_s = answer_limit_s
        self._line: SerialLine | None = None
        self._lock = threading.RLock()
        self._health = HealthRecord()

    @property
    def dropped(self) -> int:
        """Codes thrown away as torsos or for their length since the reader was opened."""
        return self._framer.dropped

    def check(self) -> Health:
        """See QrReader: a question is answered; of a scanner that knows none, only that its line is there."""
        if not self._lock.acquire(blocking=False):
            return self._health.observe(DeviceState.BUSY)
        try:
            self._ask()
        except DeviceError as error:
            return self._health.observe_error(error)
        finally:
            self._lock.release()
        return self._health.observe(DeviceState.READY)

    def read(self) -> list[str]:
        """See QrReader."""
        with self._lock:
            try:
                if not self._is_triggered:
                    return self._collect(self._opened())
                self.clear()
                return self._trigger_and_collect()
            except DeviceError as error:
                self._health.observe_error(error)
                if isinstance(error, Gone):
                    self.close()
                raise

    def clear(self) -> None:
        """See QrReader."""
        with self._lock:
            line, drained = self._opened(), 0
            while drained < _MOST_STALE and (data := line.receive(0)):
                self._framer.pass_over(self._answers.feed(data))
                drained += len(data)
            self._framer.pass_over(b"")
            self._answers.clear()

    def close(self) -> None:
        """See QrReader."""
        with self._lock:
            if self._line:
                self._line.close()
            self._line = None
            self._framer.clear()
            self._answers.clear()

    def _opened(self) -> SerialLine:
        if self._line and not self._line.is_still_there():
            self.close()
        self._line = self._line or self._open_line()
        return self._line

    def _ask(self) -> None:
        """Once more over a line opened anew before a silent scanner is called down."""
        if not self._dialect.query:
            self._opened()
            return
        for _ in range(2):
            try:
                answer = self._command(self._dialect.query)
            except Gone:
                self.close()
                raise
            if answer is not None:
                break
            self.close()
        else:
            raise FAULTS.error("reader_silent", self._dialect.name)
        if not answer:
            raise FAULTS.error("reader_refused", self._dialect.name)

    def _command(self, command: bytes) -> bool | None:
        line = self._opened()
        self.clear()
        line.send(command)
        ends_at = time.monotonic() + self._answer_limit_s
        said = b""
        while (left_s := ends_at - time.monotonic()) > 0 and len(said) < _MOST_STALE:
            said += line.receive(left_s)
            answer = self._dialect.find_answer(said)
            if answer is not None:
                return answer
        return None

    def _trigger_and_collect(self) -> list[str]:
        line = self._opened()
        line.send(self._dialect.trigger)
        texts: list[str] = []
        try:
            texts = self._collect(line, is_answer_due=self._dialect.is_answered)
        finally:
            if not texts:
                line.send(self._dialect.stop)
        return texts

    def _collect(self, line: SerialLine, *, is_answer_due: bool = False) -> list[str]:
        begun = time.monotonic()
        ends_at = begun + self._look_s
        while (left_s := ends_at - time.monotonic()) > 0:
            data = line.receive(min(left_s, self._idle_s))
            if data and (texts := _texts_of(self._framer.feed(self._answers.feed(data)))):
                return texts
            is_late = is_answer_due and time.monotonic() - begun > self._answer_limit_s
            if is_late and not self._answers.answers:
                raise FAULTS.error("reader_silent", "trigger")
            if self._answers.answers and self._dialect.find_answer(self._answers.answers[0]) is False:
                raise FAULTS.error("reader_refused", "trigger")
            if not data:
                self._after_silence(line)
        return []

    def _after_silence(self, line: SerialLine) -> None:
        self._framer.break_off()
        self._answers.break_off()
        if not line.is_still_there():
            raise FAULTS.error("reader_gone", "another port")


def _texts_of(codes: list[bytes]) -> list[str]:
    texts = [text_of(code) for code in codes]
    if None in texts:
        _LOG.info("a code that is no text was passed over")
    return list(dict.fromkeys(text for text in texts if text))


def open_serial(url: DeviceUrl) -> SerialQrReader:
    """`qr+serial:/dev/serial/by-id/...?baud=115200&dialect=honeywell&suffix=cr&trigger=yes&look_s=5&idle_ms=100`.

    `dialect` is honeywell, newland or plain; `suffix`, which must be set in the scanner
    too, is cr, lf or crlf. BadDeviceUrl otherwise.
    """
    dialect = url.options.get("dialect", HONEYWELL.name)
    suffix = url.options.get("suffix", "cr")
    if dialect not in DIALECTS:
        raise BadDeviceUrl(f"dialect={dialect!r} is not one of {', '.join(DIALECTS)}")
    if suffix not in SUFFIXES:
        raise BadDeviceUrl(f"suffix={suffix!r} is not one of {', '.join(SUFFIXES)}")
    baud = int(url.number("baud", 115200))
    return SerialQrReader(
        lambda: SerialLine(url.target, baud),
        dialect=DIALECTS[dialect],
        suffix=SUFFIXES[suffix],
        look_s=url.number("look_s", 5.0),
        idle_s=url.number("idle_ms", 100) / 1000,
        is_triggered=url.options.get("trigger", "yes") == "yes",
        answer_limit_s=url.number("answer_ms", 1000) / 1000,
    )
