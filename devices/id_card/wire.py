"""The wires a SAM-V reader hangs on: a serial line, and TCP through a serial server; USB is in `usb_wire`."""

import errno
import os
import select
import socket
from typing import Protocol

import serial

from devices.errors import DeviceError
from devices.id_card.faults import FAULTS


class Wire(Protocol):
    """Bytes to and from the reader; every call raises a DeviceError when the wire is lost.

    A wire keeps no copy of what it has received: the bytes lie in the caller's own memory, to be wiped there.
    """

    def send(self, data: bytes) -> None:
        """Hand over a whole frame, within two seconds at most."""

    def receive(self, into: memoryview, limit_s: float) -> int:
        """Put what has come into `into`, waiting at most that long for a first byte; returns how many."""

    def drain(self) -> None:
        """Throw away what has come and nobody has read."""

    def set_speed(self, baud: int) -> None:
        """Go on at another speed."""

    def close(self) -> None:
        """Let the wire go."""


def gone(error: object) -> DeviceError:
    """The error for a reader that is not there; an exception is named by its kind only."""
    return FAULTS.error("reader_gone", error if isinstance(error, str) else type(error).__name__)


def not_opened(error: object) -> DeviceError:
    """The error for a port that could not be opened: taken, forbidden, or not there."""
    number = getattr(error, "errno", None)
    if number in (errno.EAGAIN, errno.EBUSY):
        return FAULTS.error("reader_busy", "locked")
    return FAULTS.error("reader_forbidden", "EACCES") if number == errno.EACCES else gone(error)


class SerialWire:
    """A tty held exclusively, 8N1."""

    def __init__(self, path: str, baud: int) -> None:
        try:
            self._port = serial.Serial(path, baud, timeout=0, write_timeout=2, exclusive=True)
        except (serial.SerialException, OSError, ValueError) as error:
            raise not_opened(error) from error

    def send(self, data: bytes) -> None:
        """See Wire."""
        try:
            self._port.write(data)
        except serial.SerialTimeoutException as error:
            raise FAULTS.error("reader_silent", "write timed out") from error
        except (serial.SerialException, OSError) as error:
            raise gone(error) from error

    def receive(self, into: memoryview, limit_s: float) -> int:
        """See Wire. A line that is readable and gives nothing has lost its other end."""
        try:
            ready, _, _ = select.select([self._port.fileno()], [], [], limit_s)
            # not by pyserial, whose bytes nobody could wipe
            count = os.readv(self._port.fileno(), [into]) if ready else None
        except BlockingIOError:
            return 0
        except (serial.SerialException, OSError, ValueError, TypeError) as error:
            raise gone(error) from error
        if count == 0:
            raise gone("EOF")
        return count or 0

    def drain(self) -> None:
        """See Wire."""
        _drain(self)

    def set_speed(self, baud: int) -> None:
        """See Wire."""
        try:
            self._port.baudrate = baud
        except (serial.SerialException, OSError, ValueError) as error:
            raise gone(error) from error

    def close(self) -> None:
        """See Wire."""
        self._port.close()


class TcpWire:
    """A reader behind a serial server; the speed is the server's affair."""

    def __init__(self, host: str, port: int) -> None:
        try:
            self._socket = socket.create_connection((host, port), timeout=2)
        except OSError as error:
            raise gone(error) from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes) -> None:
        """See Wire."""
        try:
            self._socket.settimeout(2)
            self._socket.sendall(data)
        except TimeoutError as error:
            raise FAULTS.error("reader_silent", "write timed out") from error
        except OSError as error:
            raise gone(error) from error

    def receive(self, into: memoryview, limit_s: float) -> int:
        """See Wire. An empty read is the other end's goodbye."""
        try:
            ready, _, _ = select.select([self._socket], [], [], limit_s)
            count = self._socket.recv_into(into) if ready else None
        except (OSError, ValueError) as error:
            raise gone(error) from error
        if count == 0:
            raise gone("EOF")
        return count or 0

    def drain(self) -> None:
        """See Wire."""
        _drain(self)

    def set_speed(self, baud: int) -> None:
        """See Wire."""
        del baud

    def close(self) -> None:
        """See Wire."""
        self._socket.close()


def _drain(wire: Wire) -> None:
    dropped = memoryview(bytearray(4096))
    while count := wire.receive(dropped, 0):
        dropped[:count] = bytes(count)
