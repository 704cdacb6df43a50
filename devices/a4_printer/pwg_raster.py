"""A PDF as PWG Raster (PWG 5102.4), which every IPP Everywhere printer takes, also those that take no PDF."""

import struct
from collections.abc import Iterator
from itertools import groupby

import numpy as np
import pypdfium2
from numpy.typing import NDArray

MEDIA_TYPE = "image/pwg-raster"
_SYNC = b"RaS2"
_SGRAY, _BITS = 18, 8
_A4_POINTS = (595, 842)
_A4_INCHES = (210 / 25.4, 297 / 25.4)
_POINTS_AN_INCH = 72
_NORMAL_QUALITY = 4
_LONGEST_RUN, _MOST_EQUAL_LINES = 128, 256

Grey = NDArray[np.uint8]


class NotAPdf(ValueError):
    """The bytes are no PDF that can be drawn."""


def rasterise(document: bytes, dpi: int) -> bytes:
    """All pages of a PDF in 8-bit grey on A4, each on a sheet of its own. NotAPdf."""
    try:
        with pypdfium2.PdfDocument(document) as opened:
            return _SYNC + b"".join(_page(page, dpi, len(opened)) for page in opened)
    except pypdfium2.PdfiumError as error:
        raise NotAPdf(str(error)) from error


def _page(page: pypdfium2.PdfPage, dpi: int, pages: int) -> bytes:
    drawn = _draw(page, dpi)
    return _header(drawn, dpi, pages) + encode_lines(drawn)


def _draw(page: pypdfium2.PdfPage, dpi: int) -> Grey:
    """The page in grey, put at the top left of a white sheet of A4 and cut at its edges."""
    width, height = (round(inches * dpi) for inches in _A4_INCHES)
    sheet: Grey = np.full((height, width), 255, np.uint8)
    bitmap = page.render(scale=dpi / _POINTS_AN_INCH, grayscale=True)
    drawn = bitmap.to_numpy().reshape(bitmap.height, -1)[:height, : min(width, bitmap.width)]
    sheet[: drawn.shape[0], : drawn.shape[1]] = drawn
    return sheet


def _header(page: Grey, dpi: int, pages: int) -> bytes:
    """1796 bytes; what is not said here is 0: the printer's own habit, and copies as the job says."""
    head = bytearray(1796)
    height, width = page.shape
    head[0:9] = b"PwgRaster"
    numbers = {
        276: (dpi, dpi),
        352: _A4_POINTS,
        372: (width, height),
        384: (_BITS, _BITS, width),
        400: (_SGRAY,),
        420: (1,),
        452: (pages, 1, 1),
        484: (_NORMAL_QUALITY,),
    }
    for place, values in numbers.items():
        struct.pack_into(f">{len(values)}I", head, place, *values)
    head[1732:1749] = b"iso_a4_210x297mm\0"
    return bytes(head)


def encode_lines(page: Grey) -> bytes:
    """The pixels, top to bottom: equal lines are said once, and in a line so are runs of equal pixels."""
    return b"".join(_encode_equal_lines(page))


def _encode_equal_lines(page: Grey) -> Iterator[bytes]:
    for line, equal in groupby(row.tobytes() for row in page):
        left, encoded = sum(1 for _ in equal), _encode_line(np.frombuffer(line, np.uint8))
        while left:
            count = min(left, _MOST_EQUAL_LINES)
            yield bytes([count - 1]) + encoded
            left -= count


def _encode_line(line: Grey) -> bytes:
    starts = np.concatenate(([0], np.flatnonzero(np.diff(line)) + 1))
    lengths = np.diff(np.append(starts, line.size))
    encoded = bytearray()
    for value, length in zip(line[starts].tolist(), lengths.tolist(), strict=True):
        whole, rest = divmod(length, _LONGEST_RUN)
        encoded += bytes((_LONGEST_RUN - 1, value)) * whole
        if rest:
            encoded += bytes((rest - 1, value))
    return bytes(encoded)
