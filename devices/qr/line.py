"""The serial line, or USB-CDC port, that a scanner hangs on."""

import errno
import os
import select

import serial

from devices.errors import DeviceError
from devices.qr.faults import FAULTS


def gone(error: object) -> DeviceError:
    """The error for a line that is lost."""
    return FAULTS.error("reader_gone", type(error).__name__)


class SerialLine:
    """A tty held exclusively, 8N1; every call raises a DeviceError when it is lost."""

    def __init__(self, path: str, baud: int) -> None:
        try:
            self._port = serial.Serial(path, baud, timeout=0, write_timeout=2, exclusive=True)
        except (serial.SerialException, OSError, ValueError) as error:
            is_taken = getattr(error, "errno", None) in (errno.EAGAIN, errno.EBUSY, errno.EACCES)
            raise (FAULTS.error("reader_busy", "locked") if is_taken else gone(error)) from error
        self._path = path
        self._identity = os.fstat(self._port.fileno()).st_rdev

    def send(self, data: bytes) -> None:
        """Hand over all bytes within two seconds."""
        try:
            self._port.write(data)
        except serial.SerialTimeoutException as error:
            raise FAULTS.error("reader_silent", "write timed out") from error
        except (serial.SerialException, OSError) as error:
            raise gone(error) from error

    def receive(self, limit_s: float) -> bytes:
        """What has come, waiting at most that long for a first byte; empty when nothing came."""
        try:
            ready, _, _ = select.select([self._port.fileno()], [], [], limit_s)
            return bytes(self._port.read(4096)) if ready else b""
        except (serial.SerialException, OSError, ValueError, TypeError) as error:
            raise gone(error) from error

    def is_still_there(self) -> bool:
        """Whether the path still leads to this port: a scanner plugged in anew gets another one."""
        try:
            return os.stat(self._path).st_rdev == self._identity
        except OSError:
            return False

    def close(self) -> None:
        """Let the line go."""
        self._port.close()
