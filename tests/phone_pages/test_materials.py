"""Papers on a phone without a script: handed in, judged, taken back; fit to be read, and nobody else's."""

from __future__ import annotations

import io
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser
from werkzeug.test import TestResponse

from tests.console.looking import CLIPPED, violations
from tests.http.test_journey import page as scanned_page
from tests.paper.made_pages import jpeg, photographed, written_page
from tests.phone_pages.papers import (
    CORNERS,
    FRAME,
    hand_in,
    keep_picture,
    on_paper,
    pages_in,
    sheet_on_table,
    signed_paper,
)
from tests.phone_pages.street import SMALL_PHONE, Street, Walker
from tests.phone_pages.test_first_view import MOST_BYTES, weigh
from tests.phone_pages.test_form import SMALL_TARGETS, SMALL_TEXT


@pytest.fixture(scope="module")
def picture() -> bytes:
    """A sheet on a table, as a phone takes it."""
    return sheet_on_table()


def test_a_paper_is_handed_in_and_taken_back_without_a_script(street: Street, picture: bytes) -> None:
    walker = street.client("liu.mother")
    draft, paper = on_paper(walker)
    listed = walker.get(f"{draft}/materials").get_data(as_text=True)
    assert "免交的材料" in listed
    said = hand_in(walker, paper, picture, scanned_page())
    assert "已收到 2 页" in said
    files = pages_in(street, walker, paper)
    assert all(f'src="/m/files/{file}/preview"' in said for file in files)
    shown = [walker.get(f"/m/files/{file}/preview").get_data() for file in files]
    width, height = min(Image.open(io.BytesIO(data)).size for data in shown)
    assert width < 1000 < height < 1320, "the sheet was cut out of the table"
    assert walker.post(f"{paper}/pages/{files[0]}/removal", paper).status_code == 303
    assert pages_in(street, walker, paper) == files[1:]
    assert walker.get(f"/m/files/{files[0]}/preview").status_code == 404


def test_the_same_form_sent_twice_adds_a_page_once(street: Street, picture: bytes) -> None:
    walker = street.client("liu.mother")
    _, paper = on_paper(walker)
    for _ in range(2):
        fields = {"once": "the very same sending", "photograph": (io.BytesIO(picture), "1.jpg")}
        assert walker.send(f"{paper}/pages", fields).status_code == 303
    assert len(pages_in(street, walker, paper)) == 1


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda sheet: cv2.GaussianBlur(sheet, (0, 0), 5), "照片不清楚"),
        (lambda sheet: sheet // 12, "图片太暗"),
        (lambda sheet: np.full_like(sheet, 170), "没有看到文字"),
    ],
)
def test_a_picture_that_cannot_be_read_is_said_in_plain_words(street: Street, spoil: Any, words: str) -> None:
    walker = street.client("liu.mother")
    _, paper = on_paper(walker)
    sheet = photographed(written_page(1240, 1754), CORNERS, FRAME)
    said = hand_in(walker, paper, jpeg(spoil(sheet), 90))
    assert words in said
    assert pages_in(street, walker, paper) == []
    assert "请先拍照" in hand_in(walker, paper)


@pytest.mark.browser
def test_the_pages_are_fit_to_be_read(street: Street, browser: Browser, picture: bytes) -> None:
    walker = street.client("chen.mother")
    draft, paper = on_paper(walker)
    hand_in(walker, paper, picture)
    steps = ("materials", "signature", "review")
    paths = {"paper": paper, **{step: f"{draft}/{step}" for step in steps}}
    wrong: list[str] = []
    for mode, least, text, ways in (
        ("plain", 44, 17, {}),
        ("care", 60, 22, {"viewport": SMALL_PHONE, "language": "en", "color_scheme": "dark"}),
    ):
        page = street.enter(browser, "chen.mother", mode=mode, **ways)
        for name, path in paths.items():
            page.goto(f"{street.url}{path}")
            keep_picture(page, f"{name}-{mode}{len(ways)}")
            found = [*violations(page), *page.evaluate(CLIPPED), *page.evaluate(SMALL_TARGETS, least)]
            assert page.evaluate(SMALL_TEXT) >= text, path
            wrong += [f"{mode} {name}: {each}" for each in found]
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
        page.context.close()
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
def test_camera_and_signature_weigh_no_more_than_a_first_view(street: Street, browser: Browser) -> None:
    draft, paper = on_paper(street.client("sun.mother"))
    for path in (paper, f"{draft}/signature"):
        page = street.enter(browser, "sun.mother")
        assert 10_000 < weigh(page, f"{street.url}{path}") <= MOST_BYTES
        page.context.close()


def test_another_persons_papers_are_not_there(street: Street, picture: bytes) -> None:
    owner, stranger = street.client("chen.mother"), street.client("stranger.man")
    draft, paper = on_paper(owner)
    hand_in(owner, paper, picture)
    [file] = pages_in(street, owner, paper)
    material = paper.rpartition("/")[2]
    number = draft.rpartition("/")[2]
    for path in (
        *(f"{draft}/{step}" for step in ("materials", "signature", "review")),
        paper,
        f"/m/files/{file}/preview",
        "/m/receipts/XC2345678901",
        "/m/receipts/XC2345678901/form",
    ):
        assert stranger.get(path).status_code == 404, path
    for path, fields in (
        (f"{paper}/pages", {"photograph": (io.BytesIO(picture), "1.jpg")}),
        (f"{paper}/pages/{file}/removal", {}),
        (f"{draft}/signature", {"photograph": (io.BytesIO(signed_paper()), "s.jpg")}),
        (f"{draft}/submission", {"true": "yes"}),
    ):
        assert stranger.send(path, fields).status_code == 404, path
    begun = announce(owner, f"/m/uploads/material/{number}/{material}")
    assert announce(stranger, f"/m/uploads/material/{number}/{material}").status_code == 404
    place = begun.headers["Location"]
    for method, path in (("GET", place), ("PATCH", place), ("DELETE", place), ("POST", f"{place}/pages")):
        answer = script(stranger, method, path, **PIECE)
        assert (answer.status_code, answer.get_json()["reason"]) == (404, "not_found"), (method, path)
    assert script(owner, "GET", place).get_json()["offset"] == 0
    assert pages_in(street, owner, paper) == [file]


PIECE = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}


def script(walker: Walker, method: str, path: str, **headers: str) -> TestResponse:
    """As the page's own script asks."""
    ours = {"Sec-Fetch-Site": "same-origin", "Tus-Resumable": "1.0.0", "Accept": "application/json"}
    data = b"x" * 5000 if method == "PATCH" else None
    return walker.client.open(
        path, method=method, data=data, headers={**ours, **headers}, base_url="http://127.0.0.1"
    )


def announce(walker: Walker, path: str, **headers: str) -> TestResponse:
    return script(walker, "POST", path, **{"Upload-Length": "5000", **headers})


def test_no_other_site_sends_pictures_for_somebody(street: Street) -> None:
    owner = street.client("chen.mother")
    draft, paper = on_paper(owner)
    path = f"/m/uploads/material/{draft.rpartition('/')[2]}/{paper.rpartition('/')[2]}"
    assert announce(owner, path, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert announce(owner, path, **{"Tus-Resumable": "0.2.2"}).status_code == 412
    assert announce(owner, path).status_code == 201
    assert announce(street.client(), path).status_code == 401
