"""Pages come out upright, cut out and white; judged by what was put in."""

from typing import Any

import cv2
import numpy as np
import pytest

from onething.paper.limits import PaperLimits
from onething.paper.pages import clean_page
from onething.paper.refusals import PaperRefused
from onething.paper.sheets import find_skew, halve_to

from . import made_pages as made

LIMITS = PaperLimits()


def _decoded(jpeg: bytes) -> Any:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


@pytest.fixture(scope="module")
def page() -> Any:
    """An A4 page at 200 dots an inch."""
    return made.written_page(1654, 2339)


@pytest.mark.parametrize("turned", [-6.0, -4.1, -1.3, -0.4, 0.0, 0.7, 2.3, 5.2, 8.0])
def test_skew_is_found_within_three_tenths_of_a_degree(page: Any, turned: float) -> None:
    clean = clean_page(made.scanned(page, turned=turned), LIMITS)
    assert clean.skew_degrees == pytest.approx(turned, abs=0.3)


def test_the_turn_is_taken_out(page: Any) -> None:
    clean = _decoded(clean_page(made.scanned(page, turned=3.4), LIMITS).data)
    grey = halve_to(cv2.cvtColor(clean, cv2.COLOR_BGR2GRAY), 1000)
    assert abs(find_skew(grey)) <= 0.3


def test_the_ground_becomes_white_and_the_stamp_stays_red(page: Any) -> None:
    scan = made.scanned(page)
    clean = _decoded(clean_page(scan.copy(), LIMITS).data)
    corner = (slice(40, 140), slice(40, 140))
    assert scan[corner].mean() < 200
    assert clean[corner].mean() > 250
    red = (clean[:, :, 2].astype(int) - clean[:, :, 1]) > 90
    assert red.sum() > 0.5 * ((page[:, :, 2].astype(int) - page[:, :, 1]) > 90).sum()


def test_writing_is_still_there(page: Any) -> None:
    clean = _decoded(clean_page(made.scanned(page), LIMITS).data)
    ink_before = (cv2.cvtColor(page, cv2.COLOR_BGR2GRAY) < 110).mean()
    ink_after = (cv2.cvtColor(clean, cv2.COLOR_BGR2GRAY) < 110).mean()
    assert ink_after == pytest.approx(ink_before, rel=0.25)


def test_a_sheet_on_a_table_is_cut_out_and_set_square(page: Any) -> None:
    corners = [(250, 300), (1500, 364), (1440, 2130), (190, 2066)]
    photo = made.photographed(page, corners, (1800, 2400))
    clean = clean_page(photo, LIMITS)
    assert clean.width == pytest.approx(1252, rel=0.02)
    assert clean.height == pytest.approx(1767, rel=0.02)
    assert clean.skew_degrees == pytest.approx(np.degrees(np.arctan2(64, 1250)), abs=0.3)
    assert (_decoded(clean.data).max(axis=2) < 70).mean() < 0.06


def test_a_portrait_keeps_its_shades() -> None:
    picture = np.full((900, 700, 3), (190, 150, 90), np.uint8)
    cv2.ellipse(picture, (350, 330), (190, 240), 0, 0, 360, (25, 22, 20), -1)
    cv2.ellipse(picture, (350, 380), (150, 190), 0, 0, 360, (140, 165, 205), -1)
    cv2.rectangle(picture, (120, 600), (580, 899), (60, 50, 45), -1)
    picture = cv2.GaussianBlur(picture, (31, 31), 0)
    clean = _decoded(clean_page(picture.copy(), LIMITS).data)
    assert np.abs(clean.astype(int) - picture).mean() < 4


def test_a_blank_page_is_left_straight() -> None:
    clean = clean_page(np.full((1200, 900, 3), 235, np.uint8), LIMITS)
    assert clean.skew_degrees == 0.0
    assert (clean.width, clean.height) == (900, 1200)


def test_a_chequered_board_has_no_lines_to_set_straight() -> None:
    squares = (np.add.outer(np.arange(1200) // 150, np.arange(900) // 150) % 2 * 200 + 30).astype(np.uint8)
    assert find_skew(squares) == 0.0


def test_one_line_of_writing_is_enough() -> None:
    line = np.full((1200, 900), 235, np.uint8)
    cv2.putText(line, "Only one line of text", (100, 300), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 20, 3)
    turn = cv2.getRotationMatrix2D((450, 600), -3, 1)
    turned = np.asarray(cv2.warpAffine(line, turn, (900, 1200), borderValue=235), np.uint8)
    assert find_skew(turned) == pytest.approx(3.0, abs=0.3)


def test_a_page_too_dark_to_read_is_refused() -> None:
    with pytest.raises(PaperRefused) as caught:
        clean_page(np.full((1200, 900, 3), 12, np.uint8), LIMITS)
    assert caught.value.reason == "too_dark"
