"""Reading QR codes in a picture or a camera's frame: zxing-cpp first, zbar on what it misses.

Wrong text is worse than none. A code's bytes are given as text only when they are UTF-8 or the code names
its own character set; zbar, which guesses silently, is believed only about ASCII.
"""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image
from pyzbar import pyzbar

from devices.errors import DeviceError
from devices.qr.faults import FAULTS
from devices.states import DeviceState, Health, HealthRecord
from devices.url import DeviceUrl

Grey = npt.NDArray[np.uint8]

_LOG = logging.getLogger(__name__)
_MOST_PIXELS = 40_000_000
_FIRST_SIDE = 2000
_ZBAR_SIDE = 960
_OWN_CHARACTER_SET = "]Q2"
_QR_ONLY = zxingcpp.barcode_formats_from_str("QRCode")


def decode_qr(image: bytes | npt.NDArray[np.uint8]) -> list[str]:
    """The texts of all QR codes in a picture, in reading order, each once; empty when there is none.

    Takes an encoded JPEG or PNG, or a frame as (height, width) grey or (height, width, 3) BGR. DeviceError
    picture_unreadable when the bytes are no picture. A part of a code that was split over several is
    returned as it stands: what it means is for the caller to check, as with every code.
    """
    return decode_frame(image if isinstance(image, np.ndarray) else _frame_of(image))


def decode_frame(frame: npt.NDArray[np.uint8]) -> list[str]:
    """`decode_qr` for a frame."""
    grey: Grey = frame if frame.ndim == 2 else np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)
    for attempt in _attempts(np.ascontiguousarray(grey)):
        if texts := _read_zxing(attempt):
            return texts
    return _read_zbar(_shrunk(grey, _ZBAR_SIDE))


def _frame_of(data: bytes) -> Grey:
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise FAULTS.error("picture_unreadable", f"{picture.width}x{picture.height}")
            return np.asarray(picture.convert("L"), np.uint8)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise FAULTS.error("picture_unreadable", type(error).__name__) from error


def _attempts(grey: Grey) -> Iterator[Grey]:
    """The picture as it is first tried, then what helps on hard photographs, cheapest first."""
    first = _shrunk(grey, _FIRST_SIDE)
    yield first
    half = _shrunk(first, max(first.shape) // 2)
    yield half
    yield np.asarray(cv2.medianBlur(half, 5), np.uint8)
    if first.shape != grey.shape:  # a page from a scanner: a small code may have been lost in shrinking
        yield grey
    if max(grey.shape) <= _ZBAR_SIDE // 2:
        yield np.asarray(cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)


def _shrunk(grey: Grey, longest: int) -> Grey:
    scale = longest / max(grey.shape)
    if scale >= 1 or min(grey.shape) * scale < 1:
        return grey
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _read_zxing(grey: Grey) -> list[str]:
    codes = zxingcpp.read_barcodes(grey, formats=_QR_ONLY)
    found = [(_place(code.position.top_left), _text_of(code)) for code in codes if code.valid]
    return _each_once([(place, text) for place, text in found if text])


def _place(point: Any) -> tuple[int, int]:
    return (int(point.y), int(point.x))


def _text_of(code: Any) -> str:
    if code.symbology_identifier == _OWN_CHARACTER_SET:
        return str(code.text)
    try:
        return bytes(code.bytes).decode("utf-8")
    except UnicodeDecodeError:
        _LOG.info("a QR code without a known character set was passed over")
        return ""


def _read_zbar(grey: Grey) -> list[str]:
    try:
        codes = pyzbar.decode(grey, symbols=[pyzbar.ZBarSymbol.QRCODE])
    except ValueError:
        # pyzbar's own table lacks what zbar says of codes split over several
        return []
    found = [((code.rect.top, code.rect.left), code.data) for code in codes]
    return _each_once([(place, raw.decode("ascii")) for place, raw in found if raw and raw.isascii()])


def _each_once(found: list[tuple[tuple[int, int], str]]) -> list[str]:
    return list(dict.fromkeys(text for _, text in sorted(found)))


class ImageQrReader:
    """A QrReader over a picture file, such as the last frame a camera program has written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._health = HealthRecord()

    def check(self) -> Health:
        """See QrReader: whether the file is there."""
        if self._path.is_file():
            return self._health.observe(DeviceState.READY)
        return self._health.observe_error(FAULTS.error("reader_gone"))

    def read(self) -> list[str]:
        """See QrReader."""
        try:
            return decode_qr(self._path.read_bytes())
        except OSError as error:
            raise FAULTS.error("reader_gone", type(error).__name__) from error
        except DeviceError as error:
            self._health.observe_error(error)
            raise

    def close(self) -> None:
        """See QrReader; the file is open only while it is read."""


def open_image(url: DeviceUrl) -> ImageQrReader:
    """`qr+image:/run/kiosk/frame.png`."""
    return ImageQrReader(Path(url.target))
