"""Judges what a phone's camera took: whether it is bright, sharp, and shows anything to be read at all."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from .refusals import PaperRefused
from .sheets import Picture, find_sheet, reduce_to

SIDE: Final = 1000
BRIGHTEST_IS_DARK: Final = 50.0  # of 255: paper itself is hardly grey
AROUND: Final = 13  # pixels of SIDE: about a letter of a page that fills the frame
CLEAR_SHARE: Final = 0.16  # of the brightest: what differs by less is shade, not ink
LEAST_INK: Final = 300  # pixels of SIDE
# Of the step from paper to ink, how much lies between two pixels. Writing in focus has 0.3, also in JPEG of
# quality 30 and in grain; at 0.17 letters of ten points can no longer be told apart. A hand that moved
# blurs one direction: there 0.2 is too little where the other has much more.
SHARP: Final = 0.17
SHARP_ONE_WAY: Final = 0.2
LIKE: Final = 0.7
EDGE: Final = 25  # pixels of SIDE: the sheet's own edge says nothing of its writing


def require_readable(picture: Picture) -> None:
    """Look at a picture (BGR, left as it is) of a page.

    Raises: PaperRefused `too_dark`, `not_a_page` when nothing is written anywhere, or `blurred`.
    """
    grey: Any = cv2.cvtColor(reduce_to(picture, SIDE), cv2.COLOR_BGR2GRAY)
    brightest = float(np.percentile(grey, 95))
    if brightest < BRIGHTEST_IS_DARK:
        raise PaperRefused("too_dark")
    inside = _inside(grey)
    found = [_sharpness(grey, inside, CLEAR_SHARE * brightest, across) for across in (True, False)]
    sharpness = [each for each in found if each is not None]
    if not sharpness:
        raise PaperRefused("not_a_page")
    least, most = min(sharpness), max(sharpness)
    if least < SHARP or (least < SHARP_ONE_WAY and least < LIKE * most):
        raise PaperRefused("blurred")


def _sharpness(grey: Picture, inside: NDArray[np.bool_], clear: float, across: bool) -> float | None:
    """How steep the edges of ink are in one direction, or None when there is hardly any ink."""
    smooth = cv2.GaussianBlur(np.asarray(grey, np.float32), (0, 0), 0.8)
    around = np.ones((1, AROUND) if across else (AROUND, 1), np.uint8)
    step = np.asarray(cv2.dilate(smooth, around) - cv2.erode(smooth, around), np.float32)
    ink = (step > clear) & inside
    if int(ink.sum()) < LEAST_INK:
        return None
    slope = np.array([[-0.5, 0.0, 0.5]], np.float32)
    steep: Any = np.abs(cv2.filter2D(smooth, -1, slope if across else slope.T))
    return float(np.percentile(steep[ink] / step[ink], 90))


def _inside(grey: Picture) -> NDArray[np.bool_]:
    """Where to look: within the sheet, or within the frame where no sheet is seen."""
    mask = np.zeros(grey.shape[:2], np.uint8)
    corners = find_sheet(grey)
    if corners is None:
        mask[:] = 255
    else:
        cv2.fillConvexPoly(mask, corners.astype(np.int32), 255)
    # the frame's own edge is none of the page's either
    mask[0], mask[-1], mask[:, 0], mask[:, -1] = 0, 0, 0, 0
    return np.asarray(cv2.erode(mask, np.ones((EDGE, EDGE), np.uint8)) > 0)
