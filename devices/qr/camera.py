"""Reading QR codes before a camera, over and over, without keeping a processor busy."""

import threading
import time

from devices.camera.camera import Camera
from devices.camera.feeds import CameraLost, Pixels
from devices.qr.faults import FAULTS
from devices.qr.image import decode_frame
from devices.qr.parts import PartJoiner
from devices.states import DeviceState, Health, HealthRecord
from devices.url import DeviceUrl

_REASONS = {"gone": "reader_gone", "silent": "reader_silent", "unreadable": "reader_silent"}


class CameraQrReader:
    """A QrReader over a camera.

    `look_s` bounds one look, `rate` the frames looked at in a second. After each frame the reader rests for
    at least as long as the frame has cost, so that it never takes more than half of one processor.
    """

    def __init__(self, camera: Camera, *, look_s: float = 5.0, rate: float = 8.0) -> None:
        self._camera = camera
        self._look_s = look_s
        self._interval_s = 1 / max(rate, 0.1)
        self._joiner = PartJoiner()
        self._lock = threading.Lock()
        self._health = HealthRecord()

    def check(self) -> Health:
        """See QrReader: whether the camera is there and has given a frame of late."""
        if not self._lock.acquire(blocking=False):
            return self._health.observe(DeviceState.BUSY)
        try:
            self._camera.check()
        except CameraLost as lost:
            return self._health.observe_error(FAULTS.error(_REASONS[lost.reason], lost.detail))
        finally:
            self._lock.release()
        return self._health.observe(DeviceState.READY)

    def read(self) -> list[str]:
        """See QrReader."""
        with self._lock:
            ends_at = time.monotonic() + self._look_s
            while True:
                frame = self._next_frame()
                begun = time.monotonic()
                if texts := decode_frame(frame, self._joiner):
                    return texts
                spent_s = time.monotonic() - begun
                rest_s = max(self._interval_s - spent_s, spent_s)
                if time.monotonic() + rest_s >= ends_at:
                    return []
                time.sleep(rest_s)

    def clear(self) -> None:
        """See QrReader; frames of before are never looked at, so only parts of codes are to be forgotten."""
        with self._lock:
            self._joiner.clear()

    def close(self) -> None:
        """See QrReader."""
        self._camera.close()

    def _next_frame(self) -> Pixels:
        try:
            return self._camera.next_frame()
        except CameraLost as lost:
            error = FAULTS.error(_REASONS[lost.reason], lost.detail)
            self._health.observe_error(error)
            raise error from lost


def open_camera(url: DeviceUrl) -> CameraQrReader:
    """`qr+camera:/dev/v4l/by-id/...?rate=8&look_s=5`, also a film's path or `qr+camera:http://127.0.0.1:8080/`."""
    return CameraQrReader(Camera(url.target), look_s=url.number("look_s", 5.0), rate=url.number("rate", 8.0))
