"""A conversation with one printer over one wire: its status, its answers, and a clean beginning."""

import contextlib
import time

from devices.receipt_printer.faults import FAULTS
from devices.receipt_printer.status import Answer, AnswerParser, PaperStatus, from_real_time
from devices.receipt_printer.wire import OpenWire, Wire, WireLost

FORGET = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
PAPER_MARKER = b"\x1dr\x01"

_ANSWER_LIMIT_S = 1.0
_GRACE_S = 0.5
# Completes the longest command that may have been cut off, a picture band of 80 mm, and is nothing by itself.
# The markers in it stand so close that a short quiet proves the last of them answered, even at 9600 baud.
_FILLER = (bytes(200) + PAPER_MARKER) * (72 * 128 // 200 + 1)
_QUIET_AFTER_FORGET_S, _QUIET_AFTER_FILLER_S = 0.05, 0.5


class Link:
    """One connection, from opening to closing; `with` closes it."""

    def __init__(self, open_wire: OpenWire) -> None:
        """Open the wire. DeviceError when nobody is at its other end."""
        try:
            self._wire: Wire = open_wire()
        except WireLost as error:
            raise FAULTS.error("printer_gone", str(error)) from error
        self._parser = AnswerParser()
        self._kept: list[Answer] = []

    def __enter__(self) -> "Link":
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.close()

    def exchange(self, data: bytes, limit_s: float) -> tuple[int, list[Answer]]:
        """Send what the printer takes and collect what it says, until one of both happens.

        Returns the count of bytes taken and the answers. WireLost when the printer hangs up.
        """
        taken, said = self._wire.exchange(data, 0 if self._kept else limit_s)
        answers, self._kept = self._kept + self._parser.feed(said), []
        return taken, answers

    def ask_status(self) -> PaperStatus:
        """Ask DLE EOT 1 to 4, one by one. DeviceError when the printer is silent or hangs up."""
        answers = b""
        try:
            for number in range(1, 5):
                answers += self._ask_one(number)
        except WireLost as error:
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

    def settle(self, limit_s: float, *, forgets: bool) -> None:
        """Bring a printer that may still hold an earlier slip to where a new one can begin.

        What an earlier slip left may be half a command, which would eat the new slip's first bytes, and a
        marker not answered yet, which would be taken for the new slip's. So: forget or fill up, then one
        marker of our own; printers answer in order, so after it and a short quiet nothing is owed.
        DeviceError when the printer is gone or stays silent for `limit_s`: nothing was printed.
        """
        try:
            has_forgotten = forgets and self._has_forgotten()
            self._send((b"" if has_forgotten else _FILLER) + PAPER_MARKER, limit_s)
            if not self._await_answer("paper", limit_s):
                raise FAULTS.error(self.ask_status().reason or "printer_silent", "GS r 1")
            while self.exchange(b"", _QUIET_AFTER_FORGET_S if has_forgotten else _QUIET_AFTER_FILLER_S)[1]:
                pass
        except WireLost as error:
            raise FAULTS.error("printer_gone", str(error)) from error

    def _has_forgotten(self) -> bool:
        """Clear the buffers; bytes sent before the printer says it has done so may be cleared too."""
        self._send(FORGET, _ANSWER_LIMIT_S)
        return self._await_answer("cleared", _ANSWER_LIMIT_S)

    def _send(self, data: bytes, limit_s: float) -> None:
        ends_at = time.monotonic() + limit_s
        while data and (left_s := ends_at - time.monotonic()) > 0:
            taken, answers = self.exchange(data, left_s)
            data = data[taken:]
            self._kept += answers if not data else []

    def _await_answer(self, kind: str, limit_s: float) -> bool:
        ends_at = time.monotonic() + limit_s
        while (left_s := ends_at - time.monotonic()) > 0:
            if any(answer.kind == kind for answer in self.exchange(b"", left_s)[1]):
                return True
        return False

    def forget_the_rest(self) -> None:
        """Have the printer drop what is not printed yet, so that it does not come out when it is mended.

        Waits for its word that it has, but not long: some do it and say nothing.
        """
        with contextlib.suppress(WireLost):
            self._send(FORGET, _GRACE_S)
            self._await_answer("cleared", _GRACE_S)
