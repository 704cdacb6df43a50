"""An A4 page at 300 dots an inch, found, set straight and cleaned, against decoding and encoding it."""

import cv2
import numpy as np

from onething.paper.child import read_pages
from onething.paper.intake import take_page
from onething.paper.limits import PaperLimits

from ..paper.made_pages import jpeg, scanned, written_page
from .rows import Row, compare

BOUND = 2.5
LIMITS = PaperLimits()


def measure() -> Row:
    """The ratio of processor time; the note has it for the confined process too, hand-over included."""
    data = jpeg(scanned(written_page(), turned=2.3))
    threads = cv2.getNumThreads()
    # as in the confined process: threads would hide work from one process's clock
    cv2.setNumThreads(0)
    try:
        page = compare(lambda: _decode_and_encode(data), lambda: _read(data))
        confined = compare(lambda: _decode_and_encode(data), lambda: take_page(data).cpu_seconds, rounds=7)
    finally:
        cv2.setNumThreads(threads)
    note = (
        f"{page.ours_ms:.0f} ms against {page.limit_ms:.0f} ms; confined in a fork of its own "
        f"{confined.ours_ms:.0f} ms ({confined.ratio:.2f})"
    )
    return Row("an A4 page at 300 dpi, CPU", BOUND, round(page.ratio, 2), "x decode and encode", note)


def _decode_and_encode(data: bytes) -> None:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, LIMITS.jpeg_quality])


def _read(data: bytes) -> None:
    (page,) = read_pages(data, "image/jpeg", LIMITS)
    if abs(page.skew_degrees - 2.3) > 0.3:
        raise ValueError("the page was not read right, its time says nothing")
