"""libcups, which nobody here wrote, reads the raster that we make of a PDF: the same dots, page by page."""

import ctypes
import io
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from devices.a4_printer.pwg_raster import Grey, NotAPdf, encode_lines, rasterise

_HEADER_BYTES = 1796
_READ = 0


def _cups() -> ctypes.CDLL:
    cups = ctypes.CDLL("libcups.so.2")
    cups.cupsRasterOpen.restype = ctypes.c_void_p
    cups.cupsRasterOpen.argtypes = [ctypes.c_int, ctypes.c_int]
    cups.cupsRasterReadHeader2.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    cups.cupsRasterReadPixels.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint]
    cups.cupsRasterClose.argtypes = [ctypes.c_void_p]
    return cups


def _read(path: Path) -> Iterator[tuple[bytes, Grey]]:
    """Each page's header, and its dots as libcups unpacks them."""
    cups = _cups()
    with path.open("rb") as file:
        raster = cups.cupsRasterOpen(file.fileno(), _READ)
        head = ctypes.create_string_buffer(_HEADER_BYTES)
        while cups.cupsRasterReadHeader2(raster, head):
            width, height = struct.unpack_from("=II", head.raw, 372)
            dots = ctypes.create_string_buffer(width * height)
            assert cups.cupsRasterReadPixels(raster, dots, len(dots)) == len(dots)
            yield head.raw, np.frombuffer(dots.raw, np.uint8)[: width * height].reshape(height, width)
        cups.cupsRasterClose(raster)


def _pdf(*words: str) -> bytes:
    """Pages with a picture each, drawn across the whole of A4."""
    held = io.BytesIO()
    pages = []
    for word in words:
        page = Image.new("L", (1240, 1754), 255)
        ImageDraw.Draw(page).text((100, 100), word * 40, fill=0)
        ImageDraw.Draw(page).rectangle((200, 400, 1100, 1700), outline=0, width=9)
        pages.append(page)
    pages[0].save(held, "PDF", resolution=150, save_all=True, append_images=pages[1:])
    return held.getvalue()


@pytest.mark.parametrize("dpi", [150, 300])
def test_every_dot_is_where_it_should_be(tmp_path: Path, dpi: int) -> None:
    document = _pdf("one", "two")
    (tmp_path / "raster").write_bytes(rasterise(document, dpi))
    read = list(_read(tmp_path / "raster"))
    assert len(read) == 2
    with pypdfium2.PdfDocument(document) as opened:
        for (head, dots), page in zip(read, opened, strict=True):
            assert head.startswith(b"PwgRaster\0")
            assert dots.shape == (round(297 / 25.4 * dpi), round(210 / 25.4 * dpi))
            drawn = page.render(scale=dpi / 72, grayscale=True).to_numpy().squeeze()
            high, wide = min(drawn.shape[0], dots.shape[0]), min(drawn.shape[1], dots.shape[1])
            assert np.array_equal(dots[:high, :wide], drawn[:high, :wide])
            assert (dots == 0).sum() > dpi


def test_the_header_says_what_paper_and_how_many_pages(tmp_path: Path) -> None:
    (tmp_path / "raster").write_bytes(rasterise(_pdf("one", "two", "three"), 150))
    heads = [head for head, _ in _read(tmp_path / "raster")]
    assert len(heads) == 3
    for head in heads:
        assert struct.unpack_from("=II", head, 276) == (150, 150)
        assert struct.unpack_from("=II", head, 352) == (595, 842)
        assert struct.unpack_from("=III", head, 384) == (8, 8, 1240)
        assert struct.unpack_from("=I", head, 452) == (3,)
        assert head[1732:].startswith(b"iso_a4_210x297mm\0")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.sampled_from([0, 1, 255]), min_size=5, max_size=5), min_size=1, max_size=6))
def test_any_dots_come_back(rows: list[list[int]]) -> None:
    """Runs and equal lines of every length around the limits of one byte."""
    page = np.repeat(np.repeat(np.array(rows, np.uint8), 129, axis=0), 43, axis=1)
    assert _unpack(encode_lines(page), page.shape[1]) == page.tobytes()


def _unpack(encoded: bytes, width: int) -> bytes:
    """PWG 5102.4, 5.2: a count of lines, then runs until the line is full."""
    lines, at = bytearray(), 0
    while at < len(encoded):
        repeats, at, line = encoded[at] + 1, at + 1, bytearray()
        while len(line) < width:
            line += bytes([encoded[at + 1]]) * (encoded[at] + 1)
            at += 2
        lines += line * repeats
    return bytes(lines)


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(NotAPdf):
        rasterise(b"no PDF", 300)
