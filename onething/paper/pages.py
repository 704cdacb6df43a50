"""Makes a clean upright page of a picture: sheet cut out, turned straight, ground whitened, encoded anew."""

import hashlib
from typing import Any, Final

import cv2
import numpy as np

from .clean import CleanPage
from .kind import JPEG
from .limits import PaperLimits
from .refusals import PaperRefused
from .sheets import Corners, Picture, find_sheet, find_skew, halve_to, reduce_to, sheet_skew

TOO_DARK: Final = 30.0  # mean grey of 255
STRAIGHT_ENOUGH: Final = 0.1  # degrees
SMALL_SIDE: Final = 1000
GROUND_SIDE: Final = 300
WHITER: Final = 266.0  # divides the ground to a little over white, so that paper grain goes
LEAST_PAPER: Final = 0.5  # of the picture is plain ground
DEEPEST_SHADOW: Final = 0.45  # of the brightest ground
WHITE: Final = (255, 255, 255, 255)


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
    return reduce_to(decoded, limits.long_side)


def clean_page(picture: Picture, limits: PaperLimits) -> CleanPage:
    """Return the page in `picture` (BGR), whose memory is used up. Raises: PaperRefused `too_dark`."""
    small = halve_to(picture, SMALL_SIDE)
    grey: Any = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    if float(grey.mean()) < TOO_DARK:
        raise PaperRefused("too_dark")
    corners = find_sheet(grey)
    if corners is not None:
        skew = sheet_skew(corners)
        sheet = _cut_out(picture, corners * (max(picture.shape[:2]) / max(small.shape[:2])))
        return encode_page(_whiten(sheet, sheet), limits, skew)
    skew = find_skew(grey)
    # whitened before it is turned: the corners that come in are white and must meet white
    clean = _whiten(picture, small)
    return encode_page(_turn(clean, skew) if abs(skew) >= STRAIGHT_ENOUGH else clean, limits, skew)


def encode_page(picture: Picture, limits: PaperLimits, skew: float = 0.0) -> CleanPage:
    """Return `picture` as a page; the new JPEG carries nothing of the old file but its pixels."""
    done, buffer = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, limits.jpeg_quality])
    if not done:
        raise PaperRefused("damaged")
    height, width = picture.shape[:2]
    return keep(buffer.tobytes(), JPEG, (width, height), skew)


def keep(data: bytes, media_type: str, size: tuple[int, int], skew: float = 0.0) -> CleanPage:
    """Return newly encoded bytes with their hash; `size` is (width, height) in pixels."""
    return CleanPage(data, media_type, *size, hashlib.sha256(data).hexdigest(), round(skew, 2))


def _cut_out(picture: Picture, corners: Corners) -> Picture:
    top, right, bottom, left = (float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4))
    width, height = round(max(top, bottom)), round(max(left, right))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    return _warp(picture, matrix, (width, height))


def _turn(picture: Picture, degrees: float) -> Picture:
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return _warp(picture, np.vstack([turn, (0.0, 0.0, 1.0)]), (width, height))


def _warp(picture: Picture, matrix: Any, size: tuple[int, int]) -> Picture:
    # four bytes a pixel take the vector path: less than half the time of three, both conversions counted
    padded = cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA)
    if matrix[2][0] == 0.0 and matrix[2][1] == 0.0:
        warped = cv2.warpAffine(padded, matrix[:2], size, borderValue=WHITE)
    else:
        warped = cv2.warpPerspective(padded, matrix, size, borderValue=WHITE)
    return _drop_padding(warped, picture)


def _drop_padding(warped: Any, used: Picture) -> Picture:
    # a fork pays the kernel for every fresh page of memory: the picture no longer needed is written over
    fits = warped.shape[:2] == used.shape[:2]
    return np.asarray(cv2.cvtColor(warped, cv2.COLOR_BGRA2BGR, dst=used if fits else None), np.uint8)


def _whiten(picture: Picture, smaller: Picture) -> Picture:
    """Divide by the paper's own light, in place: shadow and yellowing go, stamps keep their colour."""
    small = halve_to(smaller, GROUND_SIDE)
    ground: Any = cv2.blur(cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 5), (9, 9))
    if not _is_paper(small, ground):
        return picture
    light = cv2.resize(ground, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(picture, light, dst=picture, scale=WHITER), np.uint8)


def _is_paper(small: Picture, ground: Picture) -> bool:
    """Tell writing on paper from a photograph, whose shades are its content."""
    flat: Any = cv2.divide(small, ground, scale=255.0)
    darkest, brightest = np.percentile(ground[::3, ::3], (5, 95))
    evenly_lit = darkest >= max(TOO_DARK, DEEPEST_SHADOW * brightest)
    return bool(evenly_lit and (flat.min(axis=2) > 215).mean() >= LEAST_PAPER)
