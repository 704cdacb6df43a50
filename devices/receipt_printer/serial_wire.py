"""A printer on a serial line, or on a USB cable that pretends to be one."""

import os
import select
from typing import Literal

import serial

from devices.receipt_printer.wire import WireLost

FlowControl = Literal["none", "dtr", "rts", "xonxoff"]


class SerialWire:
    """One open serial line; the path should be a stable name, /dev/serial/by-id/... or a udev link."""

    def __init__(self, path: str, baud: int, flow: FlowControl) -> None:
        """Open the line. WireLost when the path leads nowhere or somebody else holds it."""
        try:
            self._line = serial.Serial(
                path,
                baud,
                timeout=0,
                write_timeout=0,
                exclusive=True,
                dsrdtr=flow == "dtr",
                rtscts=flow == "rts",
                xonxoff=flow == "xonxoff",
            )
        except (OSError, ValueError) as error:
            raise WireLost(type(error).__name__) from error
        os.set_blocking(self._line.fileno(), False)

    def exchange(self, data: bytes, limit_s: float) -> tuple[int, bytes]:
        """See Wire."""
        try:
            descriptor = self._line.fileno()
            writers = [descriptor] if data else []
            readable, writable, _ = select.select([descriptor], writers, [], max(limit_s, 0))
            said = self._receive(descriptor) if readable else b""
            return (_write(descriptor, data) if writable else 0), said
        except (OSError, ValueError) as error:
            raise WireLost(type(error).__name__) from error

    def _receive(self, descriptor: int) -> bytes:
        said = os.read(descriptor, 4096)
        if not said:
            raise WireLost("EOF")
        return said

    def close(self) -> None:
        """See Wire; what the line has not sent is dropped: closing must not hang on a dead printer."""
        try:
            self._line.reset_output_buffer()
            self._line.close()
        except (OSError, serial.SerialException):
            return


def _write(descriptor: int, data: bytes) -> int:
    try:
        return os.write(descriptor, data)
    except BlockingIOError:
        return 0
