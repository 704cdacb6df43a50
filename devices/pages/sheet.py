"""Finds a sheet of paper in a camera's picture and cuts it out."""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Corners = NDArray[np.float32]

SMALL_SIDE: Final = 800
LEAST_SHARE: Final = 0.12  # of the picture
LEAST_FILLED: Final = 0.9  # of the four-cornered shape
LEAST_CONTRAST: Final = 20.0
EDGE_SHARE: Final = 0.006  # of the longer side


@dataclass(frozen=True)
class Sheet:
    """Four corners, clockwise from top left, in pixels; `is_cut_off` when it reaches out of the picture."""

    corners: Corners
    is_cut_off: bool


def find_sheet(picture: Picture) -> Sheet | None:
    """The largest bright four-cornered sheet on a darker ground in a BGR picture; None when there is none."""
    scale = min(1.0, SMALL_SIDE / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey: Any = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (5, 5), 0)
    corners = _largest(grey)
    if corners is None:
        return None
    height, width = grey.shape
    edge = EDGE_SHARE * max(grey.shape)
    is_cut_off = bool(
        corners.min() <= edge
        or corners[:, 0].max() >= width - 1 - edge
        or corners[:, 1].max() >= height - 1 - edge
    )
    return Sheet((corners / np.float32(scale)).astype(np.float32), is_cut_off)


def cut_out(picture: Picture, corners: Corners) -> Picture:
    """The sheet as seen straight from above."""
    sides = [float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4)]
    width, height = round(max(sides[0], sides[2])), round(max(sides[1], sides[3]))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    return np.asarray(cv2.warpPerspective(picture, matrix, (width, height), flags=cv2.INTER_CUBIC), np.uint8)


def outlined(picture: Picture, sheet: Sheet) -> Picture:
    """The picture with the sheet's edge drawn into it: green when it may be taken, amber when cut off."""
    colour = (0, 160, 255) if sheet.is_cut_off else (80, 200, 60)
    around = [sheet.corners.round().astype(np.int32)]
    width = max(2, max(picture.shape) // 300)
    return np.asarray(cv2.polylines(picture.copy(), around, True, colour, width), np.uint8)


def _largest(grey: Any) -> Corners | None:
    _, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    bright = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    outlines, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for outline in sorted(outlines, key=cv2.contourArea, reverse=True)[:3]:
        area = float(cv2.contourArea(outline))
        if area < LEAST_SHARE * grey.size:
            return None
        corners = _four_corners(cv2.convexHull(outline))
        if (
            corners is not None
            and area >= LEAST_FILLED * cv2.contourArea(corners)
            and _stands_out(grey, corners)
        ):
            return corners
    return None


def _four_corners(hull: Any) -> Corners | None:
    around = cv2.arcLength(hull, True)
    for tolerance in (0.01, 0.02, 0.04):
        shape = cv2.approxPolyDP(hull, tolerance * around, True)
        if len(shape) == 4:
            return _clockwise(shape.reshape(4, 2).astype(np.float32))
    return None


def _clockwise(points: Corners) -> Corners:
    """From the corner nearest to the top left, around the middle."""
    middle = points.mean(axis=0)
    around = points[np.argsort(np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0]))]
    first = int(around.sum(axis=1).argmin())
    return np.asarray(np.roll(around, -first, axis=0), np.float32)


def _stands_out(grey: Any, corners: Corners) -> bool:
    """Whether it is brighter inside the edge than outside; a lamp's light on a table has no edge."""
    inside = np.zeros(grey.shape, np.uint8)
    cv2.fillConvexPoly(inside, corners.astype(np.int32), 255)
    near, far = np.ones((5, 5), np.uint8), np.ones((15, 15), np.uint8)
    outer = cv2.subtract(cv2.dilate(inside, far), cv2.dilate(inside, near))
    inner = cv2.subtract(inside, cv2.erode(inside, far))
    if not outer.any():
        return False
    return float(cv2.mean(grey, inner)[0]) - float(cv2.mean(grey, outer)[0]) >= LEAST_CONTRAST
