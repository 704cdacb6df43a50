"""The driver for scanners that pose as a keyboard: their keys are taken before any window sees them."""

import contextlib
import errno
import fcntl
import os
import select
import stat
import threading
import time

from devices.errors import DeviceError, Gone
from devices.qr.faults import FAULTS
from devices.qr.keys import KeyReader
from devices.states import DeviceState, Health, HealthRecord
from devices.url import DeviceUrl

# EVIOCGRAB: no other program gets the keys, so that no input method eats them and no page is typed into
_GRAB = 0x40044590
_INPUT_MAJOR = 13
_MOST_STALE = 1 << 20


class WedgeQrReader:
    """A QrReader over a Linux input device. `look_s` bounds one look, `idle_s` the pause between two keys."""

    def __init__(self, path: str, *, look_s: float = 5.0, idle_s: float = 0.3) -> None:
        self._path = path
        self._look_s = look_s
        self._idle_s = idle_s
        self._keys = KeyReader()
        self._descriptor: int | None = None
        self._lock = threading.RLock()
        self._health = HealthRecord()

    @property
    def dropped(self) -> int:
        """Texts thrown away because they were not known in full."""
        return self._keys.dropped

    def check(self) -> Health:
        """See QrReader: whether the device is there and is ours alone."""
        if not self._lock.acquire(blocking=False):
            return self._health.observe(DeviceState.BUSY)
        try:
            self._opened()
        except DeviceError as error:
            return self._health.observe_error(error)
        finally:
            self._lock.release()
        return self._health.observe(DeviceState.READY)

    def read(self) -> list[str]:
        """See QrReader."""
        with self._lock:
            try:
                return self._collect()
            except DeviceError as error:
                self._health.observe_error(error)
                if isinstance(error, Gone):
                    self.close()
                raise

    def clear(self) -> None:
        """See QrReader."""
        with self._lock:
            drained = 0
            while drained < _MOST_STALE and (data := self._receive(0)):
                self._keys.feed(data)  # shift may have gone down or up in what is forgotten
                drained += len(data)
            self._keys.clear()

    def close(self) -> None:
        """See QrReader."""
        with self._lock:
            if self._descriptor is not None:
                os.close(self._descriptor)
            self._descriptor = None
            self._keys = KeyReader(dropped=self._keys.dropped)

    def _collect(self) -> list[str]:
        ends_at = time.monotonic() + self._look_s
        while (left_s := ends_at - time.monotonic()) > 0:
            data = self._receive(min(left_s, self._idle_s))
            if not data:
                self._keys.break_off()
            elif texts := self._keys.feed(data):
                return list(dict.fromkeys(texts))
        return []

    def _receive(self, limit_s: float) -> bytes:
        descriptor = self._opened()
        try:
            ready, _, _ = select.select([descriptor], [], [], limit_s)
            data = os.read(descriptor, 4096) if ready else None
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise FAULTS.error("reader_gone", type(error).__name__) from error
        if data == b"":
            raise FAULTS.error("reader_gone", "EOF")
        return data or b""

    def _opened(self) -> int:
        if self._descriptor is not None and not self._is_still_there(self._descriptor):
            self.close()
        if self._descriptor is None:
            self._descriptor = self._open()
        return self._descriptor

    def _is_still_there(self, descriptor: int) -> bool:
        try:
            now, held = os.stat(self._path), os.fstat(descriptor)
        except OSError:
            return False
        return (now.st_dev, now.st_ino, now.st_rdev) == (held.st_dev, held.st_ino, held.st_rdev)

    def _open(self) -> int:
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise FAULTS.error("reader_gone", errno.errorcode.get(error.errno or 0, "")) from error
        try:
            self._grab(descriptor)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.close(descriptor)
            raise FAULTS.error("reader_busy", "grabbed") from error
        return descriptor

    @staticmethod
    def _grab(descriptor: int) -> None:
        status = os.fstat(descriptor)
        if stat.S_ISCHR(status.st_mode) and os.major(status.st_rdev) == _INPUT_MAJOR:
            fcntl.ioctl(descriptor, _GRAB, 1)


def open_evdev(url: DeviceUrl) -> WedgeQrReader:
    """`qr+evdev:/dev/input/by-id/...-event-kbd?look_s=5&idle_ms=300`."""
    idle_s = url.number("idle_ms", 300) / 1000
    return WedgeQrReader(url.target, look_s=url.number("look_s", 5.0), idle_s=idle_s)
