"""Makes a clean signature of a picture: dark ink on nothing, cut to its strokes."""

from typing import Any, Final

import cv2
import numpy as np

from .clean import CleanPage
from .kind import PNG
from .pages import keep
from .refusals import PaperRefused
from .sheets import Picture

INK_COLOUR: Final = (40, 22, 16)  # blue, green, red: the blue-black of a fountain pen
LEAST_INK: Final = 120  # pixels; a touch by mistake is no signature
CLEARLY_INK: Final = 96
MARGIN: Final = 8
LONGEST_SIDE: Final = 1200


def clean_signature(data: bytes) -> CleanPage:
    """Return the strokes of a PNG or JPEG as PNG with a transparent ground.

    Ink is what covers a transparent ground, or what is dark on a light one.

    Raises: PaperRefused `damaged` or `no_ink`.
    """
    try:
        decoded: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise PaperRefused("damaged") from error
    if decoded is None or decoded.dtype != np.uint8:
        raise PaperRefused("damaged")
    return _encode(_cut_to_strokes(_ink_of(decoded)))


def _ink_of(picture: Any) -> Picture:
    """Return how much ink lies on each pixel, 0 to 255."""
    if picture.ndim == 2:
        return np.asarray(255 - picture, np.uint8)
    darkness = 255 - cv2.cvtColor(picture[:, :, :3], cv2.COLOR_BGR2GRAY)
    if picture.shape[2] < 4:
        return np.asarray(darkness, np.uint8)
    cover = picture[:, :, 3]
    return np.asarray(cv2.min(darkness, cover) if cover.min() == 255 else cover, np.uint8)


def _cut_to_strokes(ink: Picture) -> Picture:
    rows, columns = np.nonzero(ink >= CLEARLY_INK)
    if len(rows) < LEAST_INK or len(rows) > ink.size * 0.6:
        raise PaperRefused("no_ink")
    top, left = max(0, rows.min() - MARGIN), max(0, columns.min() - MARGIN)
    return ink[top : rows.max() + MARGIN + 1, left : columns.max() + MARGIN + 1]


def _encode(ink: Picture) -> CleanPage:
    shrink = min(1.0, LONGEST_SIDE / max(ink.shape))
    if shrink < 1.0:
        ink = np.asarray(cv2.resize(ink, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8)
    drawn = np.empty((*ink.shape, 4), np.uint8)
    drawn[:, :, :3] = INK_COLOUR
    drawn[:, :, 3] = ink
    done, buffer = cv2.imencode(".png", drawn)
    if not done:
        raise PaperRefused("damaged")
    return keep(buffer.tobytes(), PNG, (ink.shape[1], ink.shape[0]))
