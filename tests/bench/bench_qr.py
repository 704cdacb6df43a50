"""A frame of a camera with a QR code in it, and one without."""

import statistics
import time

import numpy as np

from devices.qr.image import decode_qr

from ..devices.test_qr import CODE, _code, _in_frame
from .rows import Row


def measure() -> list[Row]:
    """Median processor time of a noisy frame of 1920 x 1080."""
    with_code, without = _in_frame(_code(CODE)), _in_frame()
    return [
        Row("a QR in a 1080p frame, CPU", 40, _median_ms(with_code, [CODE]), "ms", ""),
        Row("a 1080p frame without a QR, CPU", 60, _median_ms(without, []), "ms", ""),
    ]


def _median_ms(frame: np.ndarray, wanted: list[str]) -> float:
    taken = []
    for _ in range(9):
        begun = time.process_time()
        if decode_qr(frame) != wanted:
            raise ValueError("the frame was not read right, its time says nothing")
        taken.append((time.process_time() - begun) * 1000)
    return round(statistics.median(taken), 1)
