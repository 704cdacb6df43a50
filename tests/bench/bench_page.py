"""An A4 page at 300 dots an inch, found, set straight and cleaned, against decoding and encoding it."""

import cv2
import numpy as np

from devices.pages.orientation import set_upright
from devices.pages.page import ScannedPage
from onething.paper.child import read_pages
from onething.paper.intake import take_page
from onething.paper.limits import PaperLimits

from ..paper.made_pages import jpeg, scanned, written_page
from .rows import Row, compare

BOUND = 2.5
LIMITS = PaperLimits()


def measure() -> list[Row]:
    """The ratios of processor time; the note has it for the confined process too, hand-over included."""
    data = jpeg(scanned(written_page(), turned=2.3))
    lying = ScannedPage(
        jpeg(cv2.rotate(scanned(written_page(), turned=2.3), cv2.ROTATE_180)), "image/jpeg", 2480, 3508, 300
    )
    threads = cv2.getNumThreads()
    # as in the confined process: threads would hide work from one process's clock
    cv2.setNumThreads(0)
    try:
        page = compare(lambda: _decode_and_encode(data), lambda: _read(data))
        upright = compare(lambda: _decode_and_encode(data), lambda: _set_upright(lying), rounds=7)
        confined = compare(lambda: _decode_and_encode(data), lambda: take_page(data).cpu_seconds, rounds=7)
    finally:
        cv2.setNumThreads(threads)
    note = (
        f"{page.ours_ms:.0f} ms against {page.limit_ms:.0f} ms; confined in a fork of its own "
        f"{confined.ours_ms:.0f} ms ({confined.ratio:.2f})"
    )
    at_kiosk = f"{upright.ours_ms:.0f} ms; the picture is not encoded anew"
    return [
        Row("an A4 page at 300 dpi, CPU", BOUND, round(page.ratio, 2), "x decode and encode", note),
        Row(
            "the same set upright at the kiosk",
            BOUND,
            round(upright.ratio, 2),
            "x decode and encode",
            at_kiosk,
        ),
    ]


def _decode_and_encode(data: bytes) -> None:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, LIMITS.jpeg_quality])


def _set_upright(page: ScannedPage) -> None:
    if set_upright(page).turned != 180:
        raise ValueError("the page was not set upright, its time says nothing")


def _read(data: bytes) -> None:
    (page,) = read_pages(data, "image/jpeg", LIMITS)
    if abs(page.skew_degrees - 2.3) > 0.3:
        raise ValueError("the page was not read right, its time says nothing")
