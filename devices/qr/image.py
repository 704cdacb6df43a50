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
from devices.qr.parts import PartJoiner
from devices.qr.symbol import UnknownHead, read_head
from devices.qr.texts import checked, text_of
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
    picture_unreadable when the bytes are no picture. A text that was split over several codes is given when
    the picture shows them all, and never in part.
    """
    return decode_frame(image if isinstance(image, np.ndarray) else _frame_of(image))


def decode_frame(frame: npt.NDArray[np.uint8], joiner: PartJoiner | None = None) -> list[str]:
    """`decode_qr` for a frame; with a joiner of one's own, parts are joined over many frames."""
    joiner = joiner or PartJoiner()
    grey: Grey = frame if frame.ndim == 2 else np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)
    has_found = False
    for attempt in _attempts(np.ascontiguousarray(grey)):
        codes = [code for code in zxingcpp.read_barcodes(attempt, formats=_QR_ONLY) if code.valid]
        if texts := _texts_of(codes, joiner):
            return texts
        has_found = has_found or bool(codes)
    # what zxing-cpp has read and cannot call a text, zbar would only guess at
    return [] if has_found else _read_zbar(_shrunk(grey, _ZBAR_SIDE))


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
    yield np.asarray(cv2.blur(first, (3, 3)), np.uint8)  # grain, which costs more codes than anything else
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


def _texts_of(codes: list[Any], joiner: PartJoiner) -> list[str]:
    found = [(_place(code.position.top_left), _text_of(code, joiner)) for code in codes]
    return _each_once([(place, text) for place, text in found if text])


def _place(point: Any) -> tuple[int, int]:
    return (int(point.y), int(point.x))


def _text_of(code: Any, joiner: PartJoiner) -> str | None:
    try:
        head = read_head(code)
    except UnknownHead as error:
        _LOG.info("a QR code was passed over: %s", error)
        return None
    if head is not None:
        joined = joiner.add(head, bytes(code.bytes))
        return None if joined is None else text_of(joined)
    if code.symbology_identifier == _OWN_CHARACTER_SET:
        return checked(str(code.text))
    return text_of(bytes(code.bytes))


def _read_zbar(grey: Grey) -> list[str]:
    try:
        codes = pyzbar.decode(grey, symbols=[pyzbar.ZBarSymbol.QRCODE])
    except ValueError:
        # pyzbar's own table lacks what zbar says of codes split over several
        return []
    found = [((code.rect.top, code.rect.left), code.data) for code in codes]
    return _each_once([(place, text) for place, raw in found if raw.isascii() and (text := text_of(raw))])


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

    def clear(self) -> None:
        """See QrReader; the picture is whoever's program writes it."""

    def close(self) -> None:
        """See QrReader; the file is open only while it is read."""


def open_image(url: DeviceUrl) -> ImageQrReader:
    """`qr+image:/run/kiosk/frame.png`."""
    return ImageQrReader(Path(url.target))
