"""The driver for ESC/POS printers, on the network, a serial line or USB."""

import secrets
import threading
import time
from collections.abc import Sequence
from itertools import count
from typing import cast

from devices.errors import DeviceError
from devices.receipt_printer.encoding import STATUS_BACK_OFF, encode_slip
from devices.receipt_printer.faults import FAULTS
from devices.receipt_printer.jobs import JobsBegun
from devices.receipt_printer.layout import lay_out
from devices.receipt_printer.link import PAPER_MARKER, Link
from devices.receipt_printer.port import PrintOutcome
from devices.receipt_printer.profile import Profile, profile_of
from devices.receipt_printer.serial_wire import FlowControl, SerialWire
from devices.receipt_printer.slip import Element
from devices.receipt_printer.status import Answer, PaperStatus, from_automatic
from devices.receipt_printer.tcp_wire import TcpWire
from devices.receipt_printer.usb_wire import UsbWire
from devices.receipt_printer.wire import OpenWire, WireLost
from devices.states import DeviceState, Health, HealthRecord, now_utc
from devices.url import BadDeviceUrl, DeviceUrl
from devices.usb_bus import UsbName

_QUIET_S = 0.4
_CHECK_WAITS_S = 1.5
_NEAR_END_ZH = "打印纸快用完了。"
_NEAR_END_EN = "The printer's paper is nearly used up."


class EscPosPrinter:
    """A ReceiptPrinter over any wire; the wire is opened for each slip and let go after it.

    `stall_s` is how long the printer may take without saying or taking anything.
    """

    def __init__(self, open_wire: OpenWire, profile: Profile, *, stall_s: float = 20.0) -> None:
        self._open_wire = open_wire
        self._profile = profile
        self._stall_s = stall_s
        self._lock = threading.Lock()
        self._health = HealthRecord()
        self._jobs = JobsBegun()
        self._numbers = count(secrets.randbelow(10000))
        self._is_settled = False

    def check(self) -> Health:
        """See ReceiptPrinter."""
        if not self._lock.acquire(timeout=_CHECK_WAITS_S):
            return Health(DeviceState.BUSY, now_utc())
        try:
            with Link(self._open_wire) as link:
                return self._observe(link.ask_status())
        except DeviceError as error:
            return self._health.observe_error(error)
        finally:
            self._lock.release()

    def print_slip(self, slip: Sequence[Element], *, job: str = "") -> PrintOutcome:
        """See ReceiptPrinter."""
        number = f"{next(self._numbers) % 10000:04}".encode()
        data = encode_slip(lay_out(slip, self._profile.columns), self._profile)
        data += STATUS_BACK_OFF + self._marker_request(number)
        with self._lock:
            self._jobs.refuse_if_begun(job)
            try:
                with Link(self._open_wire) as link:
                    self._make_ready(link)
                    return self._print(link, data, number, job)
            except DeviceError as error:
                self._health.observe_error(error)
                raise

    def close(self) -> None:
        """See ReceiptPrinter; a connection lives for one slip only, so there is nothing to let go."""

    def _marker_request(self, number: bytes) -> bytes:
        return PAPER_MARKER if self._profile.marker == "paper" else b"\x1d(H\x06\x0000" + number

    def _make_ready(self, link: Link) -> None:
        status = link.ask_status()
        self._observe(status)
        if status.reason:
            raise FAULTS.error(status.reason, status.raw)
        if not self._is_settled:
            link.settle(self._stall_s, forgets=self._profile.forgets)

    def _print(self, link: Link, data: bytes, number: bytes, job: str) -> PrintOutcome:
        """Send the slip and wait for its marker; from the first byte on, only the marker means printed."""
        self._is_settled = is_begun = False
        ends_at = time.monotonic() + self._stall_s
        try:
            while (left_s := ends_at - time.monotonic()) > 0:
                taken, answers = link.exchange(data, min(left_s, _QUIET_S))
                if taken and not is_begun:
                    is_begun = True
                    self._jobs.note_begun(job)
                data = data[taken:]
                if taken or answers:
                    ends_at = time.monotonic() + self._stall_s
                outcome = self._outcome_of(answers, number, is_sent=not data)
                if not (outcome or answers or data):
                    outcome = self._ask_why(link)
                if outcome:
                    return self._end_with(link, outcome)
        except WireLost as lost:
            return self._end_lost(lost, job, is_begun=is_begun)
        return self._end_with(link, self._unknown("printer_silent", "no marker"))

    def _end_lost(self, lost: WireLost, job: str, *, is_begun: bool) -> PrintOutcome:
        if not (is_begun or lost.may_have_taken):
            raise FAULTS.error("printer_gone", str(lost)) from lost
        self._jobs.note_begun(job)
        return self._unknown("printer_gone", str(lost))

    def _end_with(self, link: Link, outcome: PrintOutcome) -> PrintOutcome:
        self._is_settled = outcome.state == "printed"
        if not self._is_settled and self._profile.forgets:
            link.forget_the_rest()
        return outcome

    def _ask_why(self, link: Link) -> PrintOutcome | None:
        """Ask a printer that has been quiet with the whole slip in hand; not all report by themselves."""
        try:
            status = link.ask_status()
        except DeviceError as error:
            if error.reason == "printer_silent":
                return None
            return self._unknown(error.reason, error.raw_status)
        return self._unknown(status.reason, status.raw) if status.reason else None

    def _outcome_of(self, answers: Sequence[Answer], number: bytes, *, is_sent: bool) -> PrintOutcome | None:
        for answer in answers:
            if answer.kind == "automatic":
                status = from_automatic(answer.raw)
                if status.reason:
                    return self._unknown(status.reason, status.raw)
                self._observe(status)
            if answer.kind == "process" and is_sent and answer.raw[2:6] == number:
                return PrintOutcome("printed", self._health.health)
            if answer.kind == "paper" and is_sent and self._profile.marker == "paper":
                return self._after_marker(answer.raw[0])
        return None

    def _after_marker(self, paper: int) -> PrintOutcome:
        # cheap printers answer even when the paper has run out from under the head
        if paper & 0x0C:
            return self._unknown("paper_out", f"{paper:02x}")
        return PrintOutcome("printed", self._observe(PaperStatus(is_near_end=bool(paper & 0x03))))

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
    """`receipt+tcp://10.0.0.9:9100?profile=80mm&stall_s=20`."""
    host, port = url.host_and_port(9100)
    return _open(url, lambda: TcpWire(host, port))


def open_serial(url: DeviceUrl) -> EscPosPrinter:
    """`receipt+serial:/dev/serial/by-id/...?baud=115200&flow=none`."""
    baud, flow = int(url.number("baud", 115200)), url.options.get("flow", "none")
    if not 9600 <= baud <= 4_000_000:
        raise BadDeviceUrl("baud is 9600 to 4000000")
    if flow not in ("none", "dtr", "rts", "xonxoff"):
        raise BadDeviceUrl("flow is none, dtr, rts or xonxoff")
    return _open(url, lambda: SerialWire(url.target, baud, cast(FlowControl, flow)))


def open_usb(url: DeviceUrl) -> EscPosPrinter:
    """`receipt+usb:04b8:0e15` or, with the serial number, `receipt+usb:04b8:0e15:X3YK012345`."""
    name = UsbName.of(url)
    return _open(url, lambda: UsbWire(name))


def _open(url: DeviceUrl, open_wire: OpenWire) -> EscPosPrinter:
    return EscPosPrinter(open_wire, profile_of(url), stall_s=url.number("stall_s", 20.0))
