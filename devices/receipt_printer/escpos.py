"""The driver for ESC/POS printers on the network (port 9100)."""

import select
import socket
import threading
import time
from collections.abc import Sequence
from itertools import count
from typing import Literal, cast

from devices.errors import DeviceError
from devices.receipt_printer.encoding import STATUS_BACK_OFF, QrMode, encode_slip
from devices.receipt_printer.faults import FAULTS
from devices.receipt_printer.layout import lay_out
from devices.receipt_printer.port import PrintOutcome
from devices.receipt_printer.slip import Element
from devices.receipt_printer.status import Answer, AnswerParser, PaperStatus, from_automatic, from_real_time
from devices.states import DeviceState, Health, HealthRecord
from devices.url import BadDeviceUrl, DeviceUrl

Marker = Literal["paper", "process"]

_CLEAR_BUFFERS = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
_ANSWER_LIMIT_S = 1.0
_GRACE_S = 0.5
_QUIET_S = 0.4
_NEAR_END_ZH = "打印纸快用完了。"
_NEAR_END_EN = "The printer's paper is nearly used up."


class _Lost(Exception):
    """The connection ended."""


class _Link:
    """One connection to the printer."""

    def __init__(self, host: str, port: int) -> None:
        try:
            self._socket = socket.create_connection((host, port), timeout=2)
        except OSError as error:
            raise FAULTS.error("printer_gone", type(error).__name__) from error
        self._socket.setblocking(False)
        self._parser = AnswerParser()
        self._kept: list[Answer] = []

    def __enter__(self) -> "_Link":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def exchange(self, data: bytes, limit_s: float) -> tuple[int, list[Answer]]:
        """Send what the printer takes and collect what it says, until one of both happens.

        Returns the count of bytes taken and the answers. _Lost when the printer hangs up.
        """
        try:
            writers = [self._socket] if data else []
            limit_s = 0 if self._kept else max(limit_s, 0)
            readable, writable, _ = select.select([self._socket], writers, [], limit_s)
            answers, self._kept = self._kept + (self._receive() if readable else []), []
            return (self._socket.send(data) if writable else 0), answers
        except OSError as error:
            raise _Lost(type(error).__name__) from error

    def _receive(self) -> list[Answer]:
        data = self._socket.recv(4096)
        if not data:
            raise _Lost("EOF")
        return self._parser.feed(data)

    def ask_status(self) -> PaperStatus:
        """Ask DLE EOT 1 to 4, one by one. DeviceError when the printer is silent or hangs up."""
        answers = b""
        try:
            for number in range(1, 5):
                answers += self._ask_one(number)
        except _Lost as error:
            raise FAULTS.error("printer_gone", str(error)) from error
        return from_real_time(answers)

    def _ask_one(self, number: int) -> bytes:
        ends_at = time.monotonic() + _ANSWER_LIMIT_S
        question = b"\x10\x04" + bytes([number])
        others: list[Answer] = []
        try:
            while (left_s := ends_at - time.monotonic()) > 0:
                taken, answers = self.exchange(question, left_s)
                question = question[taken:]
                others += [answer for answer in answers if answer.kind != "real_time"]
                for answer in answers:
                    if answer.kind == "real_time":
                        return answer.raw
        finally:
            # a marker may come between question and answer, and must not be lost
            self._kept = others
        raise FAULTS.error("printer_silent", f"DLE EOT {number}")


class EscPosPrinter:
    """A ReceiptPrinter over TCP.

    `marker` is what proves completion: GS r 1, which nearly every printer answers in order ("paper"), or
    GS ( H, which carries the slip's own number ("process"). `stall_s` is how long the printer may take
    without saying or taking anything.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        columns: int = 48,
        marker: Marker = "paper",
        qr_mode: QrMode = "native",
        stall_s: float = 20.0,
    ) -> None:
        self._address = (host, port)
        self._columns = columns
        self._marker = marker
        self._qr_mode = qr_mode
        self._stall_s = stall_s
        self._lock = threading.Lock()
        self._health = HealthRecord()
        self._numbers = count(1)

    def check(self) -> Health:
        """See ReceiptPrinter."""
        try:
            with self._lock, _Link(*self._address) as link:
                return self._observe(link.ask_status())
        except DeviceError as error:
            return self._health.observe_error(error)

    def print_slip(self, slip: Sequence[Element]) -> PrintOutcome:
        """See ReceiptPrinter."""
        number = f"{next(self._numbers) % 10000:04}".encode()
        job = encode_slip(lay_out(slip, self._columns), self._columns, self._qr_mode)
        job += STATUS_BACK_OFF + self._marker_request(number)
        with self._lock:
            try:
                with _Link(*self._address) as link:
                    self._refuse_unless_ready(link.ask_status())
                    return self._print(link, job, number)
            except DeviceError as error:
                self._health.observe_error(error)
                raise

    def close(self) -> None:
        """See ReceiptPrinter; a connection lives for one slip only, so there is nothing to let go."""

    def _marker_request(self, number: bytes) -> bytes:
        return b"\x1dr\x01" if self._marker == "paper" else b"\x1d(H\x06\x0000" + number

    def _refuse_unless_ready(self, status: PaperStatus) -> None:
        self._observe(status)
        if status.reason:
            raise FAULTS.error(status.reason, status.raw)

    def _print(self, link: _Link, job: bytes, number: bytes) -> PrintOutcome:
        """Send the job and wait for its marker; from the first byte on, only the marker means printed."""
        is_begun = False
        ends_at = time.monotonic() + self._stall_s
        try:
            while (left_s := ends_at - time.monotonic()) > 0:
                taken, answers = link.exchange(job, min(left_s, _QUIET_S))
                job, is_begun = job[taken:], is_begun or taken > 0
                if taken or answers:
                    ends_at = time.monotonic() + self._stall_s
                outcome = self._outcome_of(answers, number, is_sent=not job)
                if not (outcome or answers or job):
                    outcome = self._ask_why(link)
                if outcome:
                    return outcome if outcome.state == "printed" else self._give_up(link, outcome)
        except _Lost as error:
            if not is_begun:
                raise FAULTS.error("printer_gone", str(error)) from error
            return self._unknown("printer_gone", str(error))
        return self._give_up(link, self._unknown("printer_silent", "no marker"))

    def _ask_why(self, link: _Link) -> PrintOutcome | None:
        """Ask a printer that has been quiet with the whole job in hand; not all report by themselves."""
        try:
            status = link.ask_status()
        except DeviceError as error:
            if error.reason == "printer_silent":
                return None
            return self._unknown(error.reason, error.raw_status)
        return self._unknown(status.reason, status.raw) if status.reason else None

    def _outcome_of(self, answers: Sequence[Answer], number: bytes, *, is_sent: bool) -> PrintOutcome | None:
        for answer in answers:
            if answer.kind == "automatic" and (status := from_automatic(answer.raw)).reason:
                return self._unknown(status.reason, status.raw)
            if answer.kind == "process" and is_sent and answer.raw[2:6] == number:
                return PrintOutcome("printed", self._health.observe(DeviceState.READY))
            if answer.kind == "paper" and is_sent and self._marker == "paper":
                return self._after_marker(answer.raw[0])
        return None

    def _after_marker(self, paper: int) -> PrintOutcome:
        # cheap printers answer even when the paper has run out from under the head
        if paper & 0x0C:
            return self._unknown("paper_out", f"{paper:02x}")
        return PrintOutcome("printed", self._observe(PaperStatus(is_near_end=bool(paper & 0x03))))

    def _give_up(self, link: _Link, outcome: PrintOutcome) -> PrintOutcome:
        """Have the printer forget the rest, so that new paper does not begin with this slip's tail."""
        rest = _CLEAR_BUFFERS
        ends_at = time.monotonic() + _GRACE_S
        try:
            while rest and (left_s := ends_at - time.monotonic()) > 0:
                taken, _ = link.exchange(rest, left_s)
                rest = rest[taken:]
        except _Lost:
            return outcome
        return outcome

    def _unknown(self, reason: str, raw_status: str) -> PrintOutcome:
        error = FAULTS.error(reason, raw_status)
        health = self._health.observe_error(error)
        return PrintOutcome("unknown", health, reason, raw_status, error.zh, error.en)

    def _observe(self, status: PaperStatus) -> Health:
        if status.reason:
            return self._health.observe_error(FAULTS.error(status.reason, status.raw))
        if status.is_near_end:
            return self._health.observe(DeviceState.DEGRADED, "paper_near_end", _NEAR_END_ZH, _NEAR_END_EN)
        return self._health.observe(DeviceState.READY)


def open_tcp(url: DeviceUrl) -> EscPosPrinter:
    """`receipt+tcp://10.0.0.9:9100?columns=48&marker=paper&qr=native&stall_s=20`."""
    host, port = url.host_and_port(9100)
    columns = int(url.number("columns", 48))
    marker, qr_mode = url.options.get("marker", "paper"), url.options.get("qr", "native")
    if columns not in (32, 42, 48):
        raise BadDeviceUrl("columns is 32, 42 or 48")
    if marker not in ("paper", "process") or qr_mode not in ("native", "picture"):
        raise BadDeviceUrl("marker is paper or process, qr is native or picture")
    return EscPosPrinter(
        host,
        port,
        columns=columns,
        marker=cast(Marker, marker),
        qr_mode=cast(QrMode, qr_mode),
        stall_s=url.number("stall_s", 20.0),
    )
