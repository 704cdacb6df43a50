"""Finds the sheet of paper in a picture and how far it is turned."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Corners = NDArray[np.float32]

SMALLEST_SHEET: Final = 0.25  # of the frame
WHOLE_FRAME: Final = 0.96
LEAST_CONTRAST: Final = 25.0
EDGE_BAND: Final = 15
LARGEST_SKEW: Final = 10.0
COARSE_STEP: Final = 0.5
FINE_STEP: Final = 0.05
CLEAR_PEAK: Final = 1.3  # writing has 1.6 and more, a chequered board 1.15
MOST_POINTS: Final = 25_000


def reduce_to(picture: Picture, long_side: int) -> Picture:
    """Return `picture`, or a copy of it whose longer side is `long_side`."""
    longest = max(picture.shape[:2])
    if longest <= long_side:
        return picture
    width = max(1, round(picture.shape[1] * long_side / longest))
    height = max(1, round(picture.shape[0] * long_side / longest))
    return _as_picture(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))


def halve_to(picture: Picture, about: int) -> Picture:
    """Return a copy whose longer side is near `about` (at most half more); cheaper than one average."""
    halved: Any = picture
    while max(halved.shape[:2]) > 1.5 * about:
        size = (max(1, halved.shape[1] // 2), max(1, halved.shape[0] // 2))
        halved = cv2.resize(halved, size, interpolation=cv2.INTER_AREA)
    return _as_picture(halved)


def find_sheet(grey: Picture) -> Corners | None:
    """Return the sheet's four corners (clockwise from top left, pixels of `grey`), or None.

    A sheet is a bright four-cornered shape on a darker ground; a scan that is all sheet has none.
    """
    blurred = cv2.GaussianBlur(grey, (5, 5), 0)
    _, bright = cv2.threshold(blurred, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    bright = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    outlines, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    corners = _four_corners(cv2.convexHull(outline))
    if corners is None or not _is_sheet(grey, corners, float(cv2.contourArea(outline))):
        return None
    return corners


def _four_corners(hull: Any) -> Corners | None:
    around = cv2.arcLength(hull, True)
    for tolerance in (0.01, 0.02, 0.04):
        shape = cv2.approxPolyDP(hull, tolerance * around, True)
        if len(shape) == 4:
            return _clockwise(shape.reshape(4, 2).astype(np.float32))
    return None


def _clockwise(points: Corners) -> Corners:
    total = points.sum(axis=1)
    difference = points[:, 1] - points[:, 0]
    order = [int(total.argmin()), int(difference.argmin()), int(total.argmax()), int(difference.argmax())]
    return points[order] if len(set(order)) == 4 else points


def _is_sheet(grey: Picture, corners: Corners, outline_area: float) -> bool:
    frame = float(grey.shape[0] * grey.shape[1])
    area = float(cv2.contourArea(corners))
    if not SMALLEST_SHEET * frame <= area <= WHOLE_FRAME * frame or outline_area < 0.9 * area:
        return False
    return _edge_contrast(grey, corners) >= LEAST_CONTRAST


def _edge_contrast(grey: Picture, corners: Corners) -> float:
    """Return how much brighter it is just inside the edge than just outside: uneven light has no edge."""
    inside = np.zeros(grey.shape[:2], np.uint8)
    cv2.fillConvexPoly(inside, corners.astype(np.int32), 255)
    band = np.ones((EDGE_BAND, EDGE_BAND), np.uint8)
    outer = cv2.subtract(cv2.dilate(inside, band), cv2.dilate(inside, np.ones((5, 5), np.uint8)))
    inner = cv2.subtract(inside, cv2.erode(inside, band))
    return float(cv2.mean(grey, inner)[0]) - float(cv2.mean(grey, outer)[0])


def sheet_skew(corners: Corners) -> float:
    """Return the sheet's turn in degrees, clockwise positive, from its top and bottom edges."""
    top, bottom = corners[1] - corners[0], corners[2] - corners[3]
    across = top + bottom
    return float(np.degrees(np.arctan2(across[1], across[0])))


def find_skew(grey: Picture) -> float:
    """Return how far lines of writing are turned, degrees, clockwise positive; 0.0 when there are none.

    The angle at which the ink, seen along the lines, falls into the sharpest rows; within ±10 degrees.
    """
    x, y = _ink_points(grey)
    if len(x) < 500:
        return 0.0
    coarse = np.arange(-LARGEST_SKEW, LARGEST_SKEW + COARSE_STEP, COARSE_STEP)
    scores = np.array([_row_sharpness(x[::3], y[::3], angle) for angle in coarse])
    best = float(coarse[int(scores.argmax())])
    if scores.max() < CLEAR_PEAK * float(np.median(scores)):
        return 0.0
    fine = np.arange(best - COARSE_STEP, best + COARSE_STEP + FINE_STEP / 2, FINE_STEP)
    sharpest = int(np.argmax([_row_sharpness(x, y, angle) for angle in fine]))
    return round(float(fine[sharpest]), 2) + 0.0


def _ink_points(grey: Picture) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 18)
    margin = max(4, min(grey.shape[:2]) // 50)
    y, x = np.nonzero(ink[margin:-margin, margin:-margin])
    every = max(1, len(x) // MOST_POINTS)
    return x[::every].astype(np.float32), y[::every].astype(np.float32)


def _row_sharpness(x: NDArray[np.float32], y: NDArray[np.float32], degrees: float) -> float:
    angle = np.radians(degrees)
    rows = y * np.float32(np.cos(angle)) - x * np.float32(np.sin(angle))
    counts = np.bincount((rows - rows.min()).astype(np.int32)).astype(np.float64)
    return float((counts * counts).sum())


def _as_picture(array: Any) -> Picture:
    return np.asarray(array, dtype=np.uint8)
