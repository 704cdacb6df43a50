"""The two wires a SAM-V reader hangs on: a serial line, and TCP through a serial server."""

import errno
import select
import socket
from typing import Protocol

import serial

from devices.errors import DeviceError
from devices.id_card.faults import FAULTS


class Wire(Protocol):
    """Bytes to and from the reader; every call raises a DeviceError when the wire is lost."""

    def send(self, data: bytes) -> None:
        """Hand over all bytes within two seconds."""

    def receive(self, limit_s: float) -> bytes:
        """What has come, waiting at most that long for a first byte; empty when nothing came."""

    def drain(self) -> None:
        """Throw away what has come and nobody has read."""

    def set_speed(self, baud: int) -> None:
        """Go on at another speed."""

    def close(self) -> None:
        """Let the wire go."""


def _gone(error: object) -> DeviceError:
    return FAULTS.error("reader_gone", type(error).__name__)


class SerialWire:
    """A tty held exclusively, 8N1."""

    def __init__(self, path: str, baud: int) -> None:
        try:
            self._port = serial.Serial(path, baud, timeout=0, write_timeout=2, exclusive=True)
        except (serial.SerialException, OSError, ValueError) as error:
            is_taken = getattr(error, "errno", None) in (errno.EAGAIN, errno.EBUSY, errno.EACCES)
            raise (FAULTS.error("reader_busy", "locked") if is_taken else _gone(error)) from error

    def send(self, data: bytes) -> None:
        """See Wire."""
        try:
            self._port.write(data)
        except serial.SerialTimeoutException as error:
            raise FAULTS.error("reader_silent", "write timed out") from error
        except (serial.SerialException, OSError) as error:
            raise _gone(error) from error

    def receive(self, limit_s: float) -> bytes:
        """See Wire. A line that is readable and gives nothing has lost its other end."""
        try:
            ready, _, _ = select.select([self._port.fileno()], [], [], limit_s)
            return bytes(self._port.read(4096)) if ready else b""
        except (serial.SerialException, OSError, ValueError, TypeError) as error:
            raise _gone(error) from error

    def drain(self) -> None:
        """See Wire."""
        while self.receive(0):
            pass

    def set_speed(self, baud: int) -> None:
        """See Wire."""
        self._port.baudrate = baud

    def close(self) -> None:
        """See Wire."""
        self._port.close()


class TcpWire:
    """A reader behind a serial server; the speed is the server's affair."""

    def __init__(self, host: str, port: int) -> None:
        try:
            self._socket = socket.create_connection((host, port), timeout=2)
        except OSError as error:
            raise _gone(error) from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes) -> None:
        """See Wire."""
        try:
            self._socket.settimeout(2)
            self._socket.sendall(data)
        except TimeoutError as error:
            raise FAULTS.error("reader_silent", "write timed out") from error
        except OSError as error:
            raise _gone(error) from error

    def receive(self, limit_s: float) -> bytes:
        """See Wire. An empty read is the other end's goodbye."""
        try:
            ready, _, _ = select.select([self._socket], [], [], limit_s)
            data = self._socket.recv(4096) if ready else None
        except (OSError, ValueError) as error:
            raise _gone(error) from error
        if data == b"":
            raise _gone("EOF")
        return data or b""

    def drain(self) -> None:
        """See Wire."""
        while self.receive(0):
            pass

    def set_speed(self, baud: int) -> None:
        """See Wire."""
        del baud

    def close(self) -> None:
        """See Wire."""
        self._socket.close()
