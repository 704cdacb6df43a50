"""Papers of a draft as the tests hand them in, and pictures of paper: made here, nobody's."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from playwright.sync_api import Page

from tests.paper.made_pages import jpeg, photographed, written_page
from tests.phone_pages.street import Street, Walker
from tests.phone_pages.test_form import view_of, walk_to_form

CORNERS = [(120, 90), (950, 110), (980, 1310), (90, 1330)]
FRAME = (1080, 1440)
# Where a person wants the pictures of this run; without it none are kept.
PICTURES = os.environ.get("PHONE_PICTURES")


def sheet_on_table() -> bytes:
    """A sheet on a table, as a phone takes it: JPEG."""
    return jpeg(photographed(written_page(1240, 1754), CORNERS, FRAME), 85)


def on_paper(walker: Walker) -> tuple[str, str]:
    """The address of a draft, and of its first paper, without pages."""
    draft = walk_to_form(walker)
    listed = walker.get(f"{draft}/materials").get_data(as_text=True)
    paper = re.findall(rf'href="({draft}/materials/[^"]+)"', listed)[0]
    for file in re.findall(r'/pages/([^"/]+)/removal"', walker.get(paper).get_data(as_text=True)):
        assert walker.post(f"{paper}/pages/{file}/removal", paper).status_code == 303
    return draft, paper


def hand_in(walker: Walker, paper: str, *files: bytes) -> str:
    """Send files by the page's own form; what the page then says."""
    given = [(io.BytesIO(data), f"{at}.jpg") for at, data in enumerate(files)]
    answer = walker.post(f"{paper}/pages", paper, photograph=given)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return walker.get(answer.location).get_data(as_text=True)


def pages_in(street: Street, walker: Walker, paper: str) -> list[str]:
    draft, _, material = paper.rpartition("/materials/")
    found = view_of(street, walker, draft)["materials"]
    return [each["file"] for one in found if one["id"] == material for each in one["pages"]]


def signed_paper() -> bytes:
    """A signature on white paper on a table, photographed."""
    paper = Image.new("RGB", (1200, 800), (235, 233, 228))
    draw = ImageDraw.Draw(paper)
    for shift in (0, 260):
        strokes = [(300 + shift, 300), (500 + shift, 320), (360 + shift, 520), (520 + shift, 500)]
        draw.line(strokes, fill=(30, 30, 50), width=14, joint="curve")
    corners = [(140, 200), (960, 190), (970, 760), (130, 770)]
    return jpeg(photographed(np.asarray(paper)[:, :, ::-1].copy(), corners, (1080, 960)), 90)


def keep_picture(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page="dialog" not in page.content())
