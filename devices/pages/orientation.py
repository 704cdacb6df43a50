"""Sets a scanned page upright without encoding it anew, where its writing tells which way is up."""

from dataclasses import replace
from typing import Any, Final

import cv2
import numpy as np

from devices.pages.page import ScannedPage
from devices.pages.upright import SMALL_SIDE, find_turn

JPEG: Final = "image/jpeg"
_SOI = b"\xff\xd8"
# EXIF's Orientation: how the picture is to be shown, clockwise
_ORIENTATIONS: Final = {90: 6, 180: 3, 270: 8}
_ROTATIONS: Final = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}
_EXIF_WITHIN = 1 << 16


def set_upright(page: ScannedPage) -> ScannedPage:
    """The page, shown upright; the same page when it is, or when nothing tells.

    A JPEG keeps every byte of its picture and is told by EXIF how it is to be shown. `width` and `height`
    are as it is shown.
    """
    turn = find_turn(_grey(page))
    if turn is None:
        return page
    if turn == 0:
        return replace(page, is_upright_sure=True)
    size = (page.height, page.width) if turn in (90, 270) else (page.width, page.height)
    image = _turned(page, turn)
    return replace(page, image=image, width=size[0], height=size[1], turned=turn, is_upright_sure=True)


def _grey(page: ScannedPage) -> Any:
    """The page in grey, no larger than is looked at: a JPEG can be decoded at a half or a quarter."""
    times = max(page.width, page.height) // SMALL_SIDE
    flag = cv2.IMREAD_GRAYSCALE
    if times >= 2:
        flag = cv2.IMREAD_REDUCED_GRAYSCALE_4 if times >= 4 else cv2.IMREAD_REDUCED_GRAYSCALE_2
    picture: Any = cv2.imdecode(np.frombuffer(page.image, np.uint8), flag)
    return np.full((8, 8), 255, np.uint8) if picture is None else picture


def _turned(page: ScannedPage, turn: int) -> bytes:
    if page.media_type == JPEG and b"Exif\0\0" not in page.image[:_EXIF_WITHIN]:
        return _with_orientation(page.image, _ORIENTATIONS[turn])
    picture: Any = cv2.imdecode(np.frombuffer(page.image, np.uint8), cv2.IMREAD_COLOR)
    kind = ".jpg" if page.media_type == JPEG else ".png"
    return bytes(cv2.imencode(kind, cv2.rotate(picture, _ROTATIONS[turn]))[1].tobytes())


def _with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """The JPEG with an EXIF segment that holds its orientation and nothing else."""
    tag = bytes.fromhex("0112 0003 00000001") + orientation.to_bytes(2, "big") + b"\0\0"
    tiff = b"MM\0\x2a" + (8).to_bytes(4, "big") + (1).to_bytes(2, "big") + tag + bytes(4)
    body = b"Exif\0\0" + tiff
    segment = b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
    return _SOI + segment + jpeg.removeprefix(_SOI)
