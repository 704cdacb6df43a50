"""Pages found, cut out, and set upright where their writing tells which way is up."""

import io
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont, ImageOps

from devices.pages.orientation import set_upright
from devices.pages.page import ScannedPage
from devices.pages.sheet import cut_out, find_sheet, outlined
from devices.pages.upright import find_turn

from ..paper.made_pages import FONT, PAPER, jpeg, photographed, scanned, written_page

QUARTERS = {0: None, 90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
SIZE = (1240, 1754)


def _drawn(lines: list[tuple[int, str]], *, by: int = 44) -> Any:
    """A page with each line at its indent, in pixels."""
    page = Image.new("RGB", SIZE, PAPER)
    draw, font = ImageDraw.Draw(page), ImageFont.truetype(FONT, 26)
    for number, (indent, text) in enumerate(lines):
        draw.text((130 + indent, 140 + number * by), text, font=font, fill=(30, 30, 35))
    return np.asarray(page)[:, :, ::-1].copy()


WRITTEN = written_page(*SIZE)
CHINESE = "兹证明新县虚构乡居民所述情况属实特此说明请予办理相关手续"
LETTER = _drawn(
    [(0, CHINESE + CHINESE[:9])] * 3
    + [(0, CHINESE[:11])]
    + [(0, CHINESE + CHINESE[:9])] * 3
    + [(0, CHINESE[:20])]
    + [(560, "新县虚构街道办事处"), (620, "2026年11月23日")]
)
LATIN = _drawn(
    [(0, "certificate of an invented place and of nobody at all"[: 20 + (n * 11) % 33]) for n in range(20)]
)
RIGHT = _drawn([(700 - 13 * len(number), number) for number in ["1234.00", "9.50", "120.00", "33333.10"] * 5])
TABLE = _drawn([(0, "姓名　出生日期　民族　住址　电话　备注　签名")] * 20)
for row in range(21):
    cv2.line(TABLE, (110, 132 + row * 44), (1100, 132 + row * 44), (0, 0, 0), 2)


def _turned(picture: Any, degrees: int) -> Any:
    code = QUARTERS[degrees]
    return picture if code is None else cv2.rotate(picture, code)


def _grey(picture: Any) -> Any:
    return cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)


@pytest.mark.parametrize("lies", QUARTERS)
@pytest.mark.parametrize("skew", [0.0, 2.3, -4.0])
def test_a_page_of_writing_is_set_upright(lies: int, skew: float) -> None:
    page = scanned(WRITTEN, turned=skew)
    assert find_turn(_grey(_turned(page, lies))) == (360 - lies) % 360


@pytest.mark.parametrize("lies", QUARTERS)
def test_latin_writing_too(lies: int) -> None:
    assert find_turn(_grey(_turned(LATIN, lies))) == (360 - lies) % 360


@pytest.mark.parametrize("lies", QUARTERS)
@pytest.mark.parametrize("name", ["letter", "table", "blank", "photograph", "board"])
def test_what_does_not_tell_is_never_turned_wrongly(name: str, lies: int) -> None:
    grain = np.random.default_rng(7).normal(120, 40, (450, 350, 3))
    pages = {
        "letter": LETTER,
        "table": TABLE,
        "blank": _drawn([]),
        "photograph": cv2.GaussianBlur(np.clip(grain, 0, 255).astype(np.uint8), (0, 0), 6),
        "board": np.kron(np.indices((20, 14)).sum(0) % 2, np.ones((50, 50)))[:, :, None].repeat(3, 2) * 200,
    }
    found = find_turn(_grey(_turned(pages[name].astype(np.uint8), lies)))
    assert found in (None, (360 - lies) % 360)


def test_numbers_set_to_the_right_are_the_known_trap() -> None:
    # a page of nothing but right-aligned numbers looks like writing that lies on its head
    assert find_turn(_grey(RIGHT)) in (None, 180)


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
@pytest.mark.parametrize("lies", QUARTERS)
def test_a_scanned_page_is_shown_upright(kind: str, media_type: str, lies: int) -> None:
    upright = WRITTEN
    held = io.BytesIO()
    Image.fromarray(_turned(upright, lies)[:, :, ::-1]).save(held, kind, quality=90)
    data = held.getvalue()
    size = SIZE if lies in (0, 180) else SIZE[::-1]
    page = set_upright(ScannedPage(data, media_type, *size, 150, "scan"))
    assert (page.turned, page.is_upright_sure, page.scan_id) == ((360 - lies) % 360, True, "scan")
    assert (page.width, page.height) == SIZE
    with Image.open(io.BytesIO(page.image)) as picture:
        shown = ImageOps.exif_transpose(picture)
    assert shown.size == SIZE
    assert np.abs(np.asarray(shown).astype(int) - upright[:, :, ::-1]).mean() < 3
    by_opencv = cv2.imdecode(np.frombuffer(page.image, np.uint8), cv2.IMREAD_COLOR)
    assert by_opencv.shape[:2] == SIZE[::-1], "the server's reader shows it upright too"
    if kind == "JPEG" and lies:
        assert page.image.endswith(data[2:]), "not a byte of the picture has changed"


def test_a_page_that_does_not_tell_is_left_and_said() -> None:
    page = ScannedPage(jpeg(_drawn([])), "image/jpeg", *SIZE, 150)
    assert set_upright(page) is page
    assert not page.is_upright_sure


CORNERS = [(210, 120), (1320, 190), (1400, 950), (130, 900)]


def test_a_sheet_on_a_table_is_found_and_cut_out() -> None:
    picture = photographed(written_page(1754, 1240), CORNERS, (1600, 1080))
    sheet = find_sheet(picture)
    assert sheet is not None
    assert not sheet.is_cut_off
    assert np.abs(sheet.corners - np.array(CORNERS)).max() < 6
    page = cut_out(picture, sheet.corners)
    assert page.shape[1] / page.shape[0] == pytest.approx(1754 / 1240, rel=0.15)
    assert page[4:-4, 4:-4].mean() > 200, "nothing of the table"
    assert outlined(picture, sheet).shape == picture.shape


def test_a_sheet_that_reaches_out_of_the_picture_is_said() -> None:
    outside = [(210, -80), (1320, -60), (1400, 950), (130, 900)]
    sheet = find_sheet(photographed(written_page(1754, 1240), outside, (1600, 1080)))
    assert sheet is None or sheet.is_cut_off


def test_an_empty_table_has_no_sheet() -> None:
    table = np.full((540, 800, 3), 55, np.uint8)
    assert find_sheet(table) is None
    lamp = cv2.GaussianBlur(cv2.circle(table.copy(), (400, 250), 150, (200, 200, 200), -1), (0, 0), 40)
    assert find_sheet(lamp) is None
