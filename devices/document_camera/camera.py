"""The driver for document cameras: any camera that looks down on a table."""

import secrets
import threading
import time
from typing import Any

import cv2
import numpy as np

from devices.camera.camera import Camera
from devices.camera.feeds import CameraLost, Pixels
from devices.document_camera.faults import FAULTS
from devices.errors import DeviceError
from devices.pages.page import ScannedPage
from devices.pages.sheet import Sheet, cut_out, find_sheet, outlined
from devices.pages.upright import find_turn
from devices.states import DeviceState, Health, HealthRecord
from devices.url import DeviceUrl

_REASONS = {"gone": "camera_gone", "silent": "camera_silent", "unreadable": "camera_silent"}
_ROTATIONS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_LONG_SIDE_INCH = 11.69  # of A4: the camera does not know how far the table is
_PREVIEW_SIDE = 960
_SMALL_SIDE = 160
_DARK = 25.0
_STILL = 32.0  # the largest difference of grey between two small frames; grain is below, a hand above
_STILL_FOR_S = 0.25
_JPEG_QUALITY = 92


class CameraDocumentScanner:
    """A DocumentCamera over a camera.

    `still_s` bounds the wait for a sheet that lies still, `least_dpi` is the resolution below which writing
    of the usual size is not legible.
    """

    def __init__(self, camera: Camera, *, still_s: float = 4.0, least_dpi: int = 100) -> None:
        self._camera = camera
        self._still_s = still_s
        self._least_dpi = least_dpi
        self._lock = threading.Lock()
        self._health = HealthRecord()

    def check(self) -> Health:
        """See DocumentCamera: whether the camera is there and has given a frame of late."""
        if not self._lock.acquire(blocking=False):
            return self._health.observe(DeviceState.BUSY)
        try:
            self._camera.check()
        except CameraLost as lost:
            return self._health.observe_error(FAULTS.error(_REASONS[lost.reason], lost.detail))
        finally:
            self._lock.release()
        return self._health.observe(DeviceState.READY)

    def scan(self, *, dpi: int, colour: bool, source: str = "flatbed") -> list[ScannedPage]:
        """See DocumentCamera."""
        if source != "flatbed":
            raise FAULTS.error("setting_refused", source)
        with self._lock:
            try:
                page = self._take(dpi, colour=colour)
            except DeviceError as error:
                self._health.observe_error(error)
                raise
            self._health.observe(DeviceState.READY)
            return [page]

    def preview(self) -> bytes:
        """See DocumentCamera."""
        with self._lock:
            frame = _reduced(self._next_frame(), _PREVIEW_SIDE)
        sheet = find_sheet(frame)
        return _jpeg(outlined(frame, sheet) if sheet else frame, 80)

    def clear(self) -> None:
        """See DocumentCamera; the frames that a driver still holds are passed over when it is opened anew."""
        self._camera.close()

    def close(self) -> None:
        """See DocumentCamera."""
        self._camera.close()

    def _take(self, dpi: int, *, colour: bool) -> ScannedPage:
        frame = self._still_frame()
        sheet = _whole_sheet(frame)
        page = cut_out(frame, sheet.corners)
        turn = find_turn(np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), np.uint8))
        if turn:
            page = np.asarray(cv2.rotate(page, _ROTATIONS[turn]), np.uint8)
        seen_dpi = round(max(page.shape[:2]) / _LONG_SIDE_INCH)
        if seen_dpi < self._least_dpi:
            raise FAULTS.error("page_too_small", f"{seen_dpi} dpi")
        if seen_dpi > dpi > 0:
            page, seen_dpi = _reduced(page, round(dpi * _LONG_SIDE_INCH)), dpi
        if not colour:
            page = np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), np.uint8)
        height, width = page.shape[:2]
        return ScannedPage(
            _jpeg(page, _JPEG_QUALITY),
            "image/jpeg",
            width,
            height,
            seen_dpi,
            scan_id=secrets.token_hex(8),
            turned=turn or 0,
            is_upright_sure=turn is not None,
        )

    def _still_frame(self) -> Pixels:
        """A frame that shows the same as those before it, for long enough."""
        ends_at = time.monotonic() + self._still_s
        first, still_from = self._next_frame(), time.monotonic()
        while time.monotonic() < ends_at:
            frame = self._next_frame()
            if float(cv2.absdiff(_small_grey(frame), _small_grey(first)).max()) > _STILL:
                first, still_from = frame, time.monotonic()
            elif time.monotonic() - still_from >= _STILL_FOR_S:
                return frame
        raise FAULTS.error("page_moving", f"{self._still_s:g} s")

    def _next_frame(self) -> Pixels:
        try:
            return self._camera.next_frame()
        except CameraLost as lost:
            raise FAULTS.error(_REASONS[lost.reason], lost.detail) from lost


def _whole_sheet(frame: Pixels) -> Sheet:
    if float(_small_grey(frame).mean()) < _DARK:
        raise FAULTS.error("picture_dark")
    sheet = find_sheet(frame)
    if sheet is None:
        raise FAULTS.error("no_documents")
    if sheet.is_cut_off:
        raise FAULTS.error("sheet_cut_off")
    return sheet


def _small_grey(frame: Pixels) -> Any:
    return cv2.cvtColor(_reduced(frame, _SMALL_SIDE), cv2.COLOR_BGR2GRAY)


def _reduced(picture: Pixels, side: int) -> Pixels:
    scale = side / max(picture.shape[:2])
    if scale >= 1:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _jpeg(picture: Pixels, quality: int) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())


def open_camera(url: DeviceUrl) -> CameraDocumentScanner:
    """`documentcamera+camera:/dev/v4l/by-id/...?still_s=4&least_dpi=100`, also an http:// address."""
    least_dpi = int(url.number("least_dpi", 100))
    return CameraDocumentScanner(Camera(url.target), still_s=url.number("still_s", 4.0), least_dpi=least_dpi)
