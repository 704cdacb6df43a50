"""Reads how large a picture says it is, and whether it is all there, without decoding a pixel."""

import struct
from typing import Final

from .kind import JPEG
from .refusals import PaperRefused

PNG_HEADER_BYTES: Final = 33
STAND_ALONE_MARKERS: Final = frozenset({0x01, *range(0xD0, 0xD9)})
START_OF_FRAME: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
START_OF_SCAN: Final = 0xDA


def read_size(data: bytes, media_type: str) -> tuple[int, int]:
    """Return (width, height) in pixels as the header of a JPEG (T.81) or PNG (ISO 15948) states it.

    Raises: PaperRefused `damaged` when the header is broken or the end of the picture is missing.
    """
    try:
        width, height = _read_jpeg(data) if media_type == JPEG else _read_png(data)
    except (struct.error, IndexError) as error:
        raise PaperRefused("damaged") from error
    if width < 1 or height < 1:
        raise PaperRefused("damaged")
    return width, height


def _read_png(data: bytes) -> tuple[int, int]:
    length, name, width, height = struct.unpack_from(">I4sII", data, 8)
    if name != b"IHDR" or length != 13:
        raise PaperRefused("damaged")
    _require_png_end(data)
    return width, height


def _require_png_end(data: bytes) -> None:
    position = PNG_HEADER_BYTES
    while position + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, position)
        position += 12 + length
        if name == b"IEND" and position <= len(data):
            return
    raise PaperRefused("damaged")


def _read_jpeg(data: bytes) -> tuple[int, int]:
    size = (0, 0)
    position = 2
    while True:
        marker, length = _next_segment(data, position)
        if marker in START_OF_FRAME:
            height, width = struct.unpack_from(">HH", data, position + 5)
            size = (width, height)
        position += 2 + length
        if marker == START_OF_SCAN:
            break
    # a thumbnail inside the header has an end of its own: only one after the first scan counts
    if data.find(b"\xff\xd9", position) < 0:
        raise PaperRefused("damaged")
    return size


def _next_segment(data: bytes, position: int) -> tuple[int, int]:
    """Return (marker, length without the marker) of the segment at `position`."""
    if data[position] != 0xFF:
        raise PaperRefused("damaged")
    marker = data[position + 1]
    if marker == 0xFF or marker in STAND_ALONE_MARKERS:
        return marker, 0 if marker != 0xFF else -1
    (length,) = struct.unpack_from(">H", data, position + 2)
    if length < 2:
        raise PaperRefused("damaged")
    return marker, length
