"""Which way up a page is, told by its lines of writing; None when they do not tell.

Lines lie level, which gives the page's axis: seen along its lines, ink falls into rows. They begin at one
margin and end where their words do, which gives the direction. A page that is justified, a table, or
nearly empty gives no direction, and is left for a person to look at.
"""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Points = NDArray[np.float32]

SMALL_SIDE: Final = 1000
LEAST_INK: Final = 600
MOST_POINTS: Final = 20_000
LONGEST_STROKE: Final = 60  # pixels of the small picture; longer ones are rules, not writing
ANGLES: Final = np.arange(-6.0, 6.1, 0.5)
CLEAR_AXIS: Final = 1.35
SWING: Final = 41  # rows; more than two lines of small writing
LEAST_LINES: Final = 5
SAME_MARGIN: Final = 0.02  # of the width
MANY_ALIGNED: Final = 0.65
FEW_ALIGNED: Final = 0.35


@dataclass(frozen=True)
class _Axis:
    sharpness: float
    points: tuple[Points, Points]


def find_turn(grey: Picture) -> int | None:
    """The degrees (0, 90, 180, 270, clockwise) to turn a grey picture by so that it is upright, or None."""
    x, y = _ink_points(_small(grey))
    if len(x) < LEAST_INK:
        return None
    level = _axis(x, y)
    # as the page would lie after a quarter turn clockwise
    turned = _axis(y.max() - y, x)
    if level.sharpness >= CLEAR_AXIS * turned.sharpness:
        return _direction(level, upright=0, reversed_=180)
    if turned.sharpness >= CLEAR_AXIS * level.sharpness:
        return _direction(turned, upright=90, reversed_=270)
    return None


def _small(grey: Picture) -> Picture:
    scale = SMALL_SIDE / max(grey.shape)
    if scale >= 1:
        return grey
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _ink_points(small: Picture) -> tuple[Points, Points]:
    ink: Any = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 18)
    for shape in ((1, LONGEST_STROKE), (LONGEST_STROKE, 1)):
        rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        ink = cv2.subtract(ink, cv2.dilate(rules, np.ones((3, 3), np.uint8)))
    margin = max(4, min(small.shape) // 40)
    y, x = np.nonzero(ink[margin:-margin, margin:-margin])
    every = max(1, len(x) // MOST_POINTS)
    return x[::every].astype(np.float32), y[::every].astype(np.float32)


def _axis(x: Points, y: Points) -> _Axis:
    """The sharpest rows over small angles, and the points turned so that those rows are level."""
    scores = [_sharpness(_rows(x, y, angle)) for angle in ANGLES]
    best = float(ANGLES[int(np.argmax(scores))])
    columns = x * np.float32(np.cos(np.radians(best))) + y * np.float32(np.sin(np.radians(best)))
    return _Axis(max(scores), (columns, _rows(x, y, best)))


def _rows(x: Points, y: Points, degrees: float) -> Points:
    angle = np.radians(degrees)
    return y * np.float32(np.cos(angle)) - x * np.float32(np.sin(angle))


def _sharpness(rows: Points) -> float:
    """How strongly ink comes and goes from row to row; slow changes, as at a ragged margin, do not count."""
    counts = np.bincount((rows - rows.min()).astype(np.int32)).astype(np.float64)
    swing = counts - np.convolve(counts, np.ones(SWING) / SWING, "same")
    return float((swing * swing).mean() / counts.mean() ** 2)


def _direction(axis: _Axis, *, upright: int, reversed_: int) -> int | None:
    starts, ends = _lines(*axis.points)
    if len(starts) < LEAST_LINES:
        return None
    width = float(ends.max() - starts.min())
    at_start, at_end = _aligned(starts, width), _aligned(ends, width)
    if at_start >= MANY_ALIGNED and at_end <= FEW_ALIGNED:
        return upright
    if at_end >= MANY_ALIGNED and at_start <= FEW_ALIGNED:
        return reversed_
    return None


def _lines(columns: Points, rows: Points) -> tuple[Points, Points]:
    """Where each line of writing begins and ends."""
    numbers = (rows - rows.min()).astype(np.int32)
    counts = np.bincount(numbers)
    is_written = counts > max(2.0, 0.15 * float(np.percentile(counts[counts > 0], 80)))
    edges = np.flatnonzero(np.diff(np.concatenate(([0], is_written.astype(np.int8), [0]))))
    starts, ends = [], []
    for top, bottom in zip(edges[::2], edges[1::2], strict=True):
        inside = columns[(numbers >= top) & (numbers < bottom)]
        if bottom - top >= 4 and len(inside) >= 20:
            starts.append(np.percentile(inside, 1))
            ends.append(np.percentile(inside, 99))
    return np.array(starts, np.float32), np.array(ends, np.float32)


def _aligned(places: Points, width: float) -> float:
    """The largest share of lines whose edge is at one place."""
    return float(max((np.abs(places - place) <= SAME_MARGIN * width).mean() for place in places))
