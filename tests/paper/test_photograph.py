"""What a phone's camera took: readable pages pass, whatever cannot be read is refused by its own word."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from onething.paper.intake import take_page, take_photograph
from onething.paper.photograph import require_readable
from onething.paper.refusals import PaperRefused
from tests.paper.made_pages import jpeg, photographed, written_page

CORNERS = [(150, 120), (1380, 160), (1420, 1850), (90, 1900)]
SIZE = (1500, 2000)


@pytest.fixture(scope="module")
def sheet() -> Any:
    return photographed(written_page(), CORNERS, SIZE)


def grainy(picture: Any, much: float) -> Any:
    grain = np.random.default_rng(5).normal(0, much, picture.shape)
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


def shaken(picture: Any, pixels: int) -> Any:
    return cv2.filter2D(picture, -1, np.ones((1, pixels), np.float32) / pixels)


def dimmed(picture: Any, share: float) -> Any:
    return (picture * share).astype(np.uint8)


def unsharp(picture: Any, pixels: float) -> Any:
    return cv2.GaussianBlur(picture, (0, 0), pixels)


READABLE: dict[str, Callable[[Any], Any]] = {
    "as it is": lambda page: page,
    "a little soft": lambda page: unsharp(page, 2.5),
    "in grain": lambda page: grainy(page, 14),
    "in dim light": lambda page: dimmed(page, 0.35),
    "turned on its side": lambda page: cv2.rotate(page, cv2.ROTATE_90_CLOCKWISE),
    "cut close": lambda page: page[250:1700, 250:1250],
    "small": lambda page: cv2.resize(page, (900, 1200), interpolation=cv2.INTER_AREA),
    "large": lambda page: cv2.resize(page, (3000, 4000), interpolation=cv2.INTER_CUBIC),
    "in a poor JPEG": lambda page: cv2.imdecode(np.frombuffer(jpeg(page, 30), np.uint8), 1),
}
UNREADABLE: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "out of focus": ("blurred", lambda page: unsharp(page, 6)),
    "out of focus, in grain": ("blurred", lambda page: grainy(unsharp(page, 6), 10)),
    "out of focus, in dim light": ("blurred", lambda page: dimmed(unsharp(page, 6), 0.4)),
    "a hand that shook": ("blurred", lambda page: shaken(page, 21)),
    "a hand that shook downwards": (
        "blurred",
        lambda page: cv2.rotate(shaken(cv2.rotate(page, 0), 25), 2),
    ),
    "in the dark": ("too_dark", lambda page: dimmed(page, 0.12)),
    "a table": ("not_a_page", lambda page: grainy(np.full_like(page, 60), 6)),
    "a bright wall": ("not_a_page", lambda page: grainy(np.full_like(page, 190), 6)),
    "an empty sheet": (
        "not_a_page",
        lambda _page: photographed(np.full((3508, 2480, 3), 250, np.uint8), CORNERS, SIZE),
    ),
}


@pytest.mark.parametrize("how", READABLE)
def test_what_can_be_read_passes(sheet: Any, how: str) -> None:
    require_readable(READABLE[how](sheet))


@pytest.mark.parametrize("how", UNREADABLE)
def test_what_cannot_be_read_is_refused_by_its_word(sheet: Any, how: str) -> None:
    reason, spoil = UNREADABLE[how]
    with pytest.raises(PaperRefused) as refused:
        require_readable(spoil(sheet))
    assert refused.value.reason == reason


def test_a_photograph_is_judged_in_confinement_and_straightened(sheet: Any) -> None:
    [page] = take_photograph(jpeg(sheet)).pages
    # the sheet was cut out of the table: its own shape is left
    assert page.width < 1400 < page.height < 1850
    with pytest.raises(PaperRefused, match="blurred"):
        take_photograph(jpeg(unsharp(sheet, 6)))


def test_a_scan_is_not_judged_as_a_photograph(sheet: Any) -> None:
    assert take_page(jpeg(unsharp(sheet, 6))).pages
