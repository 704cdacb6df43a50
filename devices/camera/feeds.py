"""Where a camera's frames come from: a video device, a film, or motion JPEG over HTTP."""

import http.client
import socket
import time
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

_TIME_LIMIT_S = 2.0
_LARGEST_FRAME = 16 << 20
_LONGEST_HEAD = 4096


class CameraLost(Exception):
    """No frames come. `reason` is gone, silent or unreadable; `detail` says what was seen of it."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


class Feed(Protocol):
    """Frames one after the other; a frame is decoded only when it is wanted."""

    def grab(self) -> None:
        """Wait for the next frame, at most a few seconds. CameraLost."""

    def decode(self) -> Pixels:
        """The frame last grabbed, (height, width, 3) BGR. CameraLost when it is no picture."""

    def close(self) -> None:
        """Let the camera go."""


class VideoFeed:
    """A video device by its path (V4L2), or a film, shown at its own pace."""

    def __init__(self, path: str) -> None:
        if not Path(path).exists():
            raise CameraLost("gone", "ENOENT")
        self._is_device = Path(path).is_char_device()
        self._capture: Any = cv2.VideoCapture(path, cv2.CAP_V4L2 if self._is_device else cv2.CAP_ANY)
        if not self._capture.isOpened():
            raise CameraLost("gone", "not opened")
        self._pause_s = 0.0 if self._is_device else 1 / max(self._capture.get(cv2.CAP_PROP_FPS), 1.0)

    def grab(self) -> None:
        """See Feed."""
        time.sleep(self._pause_s)
        if not self._capture.grab():
            raise CameraLost("gone", "no frame")

    def decode(self) -> Pixels:
        """See Feed."""
        done, frame = self._capture.retrieve()
        if not done:
            raise CameraLost("unreadable", "no picture")
        return np.asarray(frame, np.uint8)

    def close(self) -> None:
        """See Feed."""
        self._capture.release()


class MjpegFeed:
    """Motion JPEG over HTTP (multipart/x-mixed-replace), as camera programs on 127.0.0.1 serve it."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(
            address.hostname or "", address.port or 80, timeout=_TIME_LIMIT_S
        )
        self._held = bytearray()
        self._frame = b""
        try:
            self._connection.request("GET", address.path or "/")
            self._answer = self._connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise _lost(error) from error
        if self._answer.status != 200:
            self.close()
            raise CameraLost("gone", f"HTTP {self._answer.status}")

    def grab(self) -> None:
        """See Feed."""
        head = self._take_until(b"\r\n\r\n", _LONGEST_HEAD).lower()
        _, _, length = head.partition(b"content-length:")
        if length:
            size = length.split(b"\r\n")[0].strip()
            if not size.isdigit() or int(size) > _LARGEST_FRAME:
                raise CameraLost("unreadable", "length of a frame")
            self._frame = self._take(int(size))
        else:
            self._frame = (
                b"\xff\xd8" + self._take_until(b"\xff\xd9", _LARGEST_FRAME).partition(b"\xff\xd8")[2]
            )
            self._frame += b"\xff\xd9"

    def decode(self) -> Pixels:
        """See Feed."""
        try:
            pixels: Any = cv2.imdecode(np.frombuffer(self._frame, np.uint8), cv2.IMREAD_COLOR)
        except cv2.error:
            pixels = None
        if pixels is None:
            raise CameraLost("unreadable", "no JPEG")
        return np.asarray(pixels, np.uint8)

    def close(self) -> None:
        """See Feed."""
        self._answer.close()  # without a length it keeps the socket, not the connection
        self._connection.close()

    def _take(self, size: int) -> bytes:
        while len(self._held) < size:
            self._receive()
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    def _take_until(self, mark: bytes, most: int) -> bytes:
        while (at := self._held.find(mark)) < 0:
            if len(self._held) > most:
                raise CameraLost("unreadable", "no end of a frame")
            self._receive()
        taken = bytes(self._held[:at])
        del self._held[: at + len(mark)]
        return taken

    def _receive(self) -> None:
        try:
            data = self._answer.read1(1 << 16)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _lost(error) from error
        if not data:
            raise CameraLost("gone", "EOF")
        self._held += data


def _lost(error: Exception) -> CameraLost:
    return CameraLost("silent" if isinstance(error, TimeoutError) else "gone", type(error).__name__)


def open_feed(target: str) -> Feed:
    """A feed by its path or http:// address. CameraLost."""
    return MjpegFeed(target) if target.startswith("http://") else VideoFeed(target)


def reach(target: str) -> None:
    """Whether a feed could be opened, without a frame of it. CameraLost."""
    if not target.startswith("http://"):
        if not Path(target).exists():
            raise CameraLost("gone", "ENOENT")
        return
    address = urlsplit(target)
    try:
        socket.create_connection((address.hostname or "", address.port or 80), _TIME_LIMIT_S).close()
    except OSError as error:
        raise _lost(error) from error
