"""Makes a clean upright page of a picture: sheet cut out, turned straight, ground whitened, encoded anew."""

import hashlib
from typing import Any, Final

import cv2
import numpy as np

from .clean import CleanPage
from .limits import PaperLimits
from .refusals import PaperRefused
from .sheets import Corners, Picture, find_sheet, find_skew, sheet_skew, shrink

TOO_DARK: Final = 30.0  # mean grey of 255
STRAIGHT_ENOUGH: Final = 0.1  # degrees
GROUND_SIDE: Final = 440
WHITER: Final = 266.0  # divides the ground to a little over white, so that paper grain goes
LEAST_PAPER: Final = 0.5
WHITE: Final = (255, 255, 255)


def decode_picture(data: bytes, limits: PaperLimits) -> Picture:
    """Decode a JPEG or PNG to BGR, upright by its EXIF, at most `limits.long_side` pixels long.

    Raises: PaperRefused `damaged`.
    """
    try:
        decoded: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise PaperRefused("damaged") from error
    if decoded is None:
        raise PaperRefused("damaged")
    return shrink(decoded, limits.long_side)[0]


def clean_page(picture: Picture, limits: PaperLimits) -> CleanPage:
    """Return the page in `picture` (BGR). Raises: PaperRefused `too_dark`."""
    small, factor = shrink(picture)
    grey: Any = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    if float(grey.mean()) < TOO_DARK:
        raise PaperRefused("too_dark")
    corners = find_sheet(grey)
    if corners is not None:
        skew = sheet_skew(corners)
        upright = _cut_out(picture, corners * factor)
    else:
        skew = find_skew(grey)
        upright = _turn(picture, skew) if abs(skew) >= STRAIGHT_ENOUGH else picture
    return encode_page(_whiten(upright), limits, skew)


def encode_page(picture: Picture, limits: PaperLimits, skew: float = 0.0) -> CleanPage:
    """Return `picture` as a page; the new JPEG carries nothing of the old file but its pixels."""
    done, buffer = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, limits.jpeg_quality])
    if not done:
        raise PaperRefused("damaged")
    jpeg = buffer.tobytes()
    height, width = picture.shape[:2]
    return CleanPage(jpeg, width, height, hashlib.sha256(jpeg).hexdigest(), round(skew, 2))


def _cut_out(picture: Picture, corners: Corners) -> Picture:
    top, right, bottom, left = (float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4))
    width, height = round(max(top, bottom)), round(max(left, right))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    return np.asarray(cv2.warpPerspective(picture, matrix, (width, height), borderValue=WHITE), np.uint8)


def _turn(picture: Picture, degrees: float) -> Picture:
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(picture, matrix, (width, height), borderValue=WHITE), np.uint8)


def _whiten(picture: Picture) -> Picture:
    """Divide by the paper's own light, so that shadow and yellowing go and stamps keep their colour."""
    small, _ = shrink(picture, GROUND_SIDE)
    ground: Any = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 15)
    if not _is_paper(small, ground):
        return picture
    size = (picture.shape[1], picture.shape[0])
    light = cv2.resize(ground, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(picture, light, scale=WHITER), np.uint8)


def _is_paper(small: Picture, ground: Picture) -> bool:
    """Tell writing on paper from a photograph, whose shades are its content."""
    flat: Any = cv2.divide(small, ground, scale=255.0)
    share = float((flat.min(axis=2) > 215).mean())
    return share >= LEAST_PAPER and float(ground.mean()) >= 2 * TOO_DARK
