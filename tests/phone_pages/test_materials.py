"""Papers, signature and handing in on a phone: without a script, by the camera, over bad lines, and once."""

from __future__ import annotations

import io
import os
import re
import signal
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from werkzeug.test import TestResponse

from onething.domain.handovers import HandedOver
from onething.domain.records import Session
from onething.domain.uploads import Upload
from onething.services import handing_over, signing_in
from tests.console.looking import CLIPPED, violations
from tests.http.test_journey import page as scanned_page
from tests.http.world import enrol_kiosk
from tests.paper.made_pages import jpeg, photographed, written_page
from tests.phone_pages.bad_line import open_bad_line
from tests.phone_pages.street import PHONE, SMALL_PHONE, Street, Walker
from tests.phone_pages.test_first_view import PATIENCE_MS
from tests.phone_pages.test_form import SMALL_TARGETS, SMALL_TEXT, view_of, walk_to_form

CORNERS = [(120, 90), (950, 110), (980, 1310), (90, 1330)]
# Slow enough to be cut in the middle: 256 kbit/s.
SLOW = {"offline": False, "latency": 100, "downloadThroughput": 32000, "uploadThroughput": 32000}
PICTURES = os.environ.get("PHONE_PICTURES")


@pytest.fixture(scope="module")
def picture() -> bytes:
    """A sheet on a table, as a phone takes it."""
    return jpeg(photographed(written_page(1240, 1754), CORNERS, (1080, 1440)), 85)


@pytest.fixture(scope="module")
def fathers_paper(picture: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The picture as a file that is chosen."""
    path = tmp_path_factory.mktemp("album") / "paper.jpg"
    path.write_bytes(picture)
    return path


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


# --- without a script


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
    sheet = photographed(written_page(1240, 1754), CORNERS, (1080, 1440))
    said = hand_in(walker, paper, jpeg(spoil(sheet), 90))
    assert words in said
    assert pages_in(street, walker, paper) == []
    assert "请先拍照" in hand_in(walker, paper)


def test_a_signature_is_drawn_or_photographed_and_never_typed(street: Street) -> None:
    walker = street.client("liu.mother")
    draft, _ = on_paper(walker)
    path = f"{draft}/signature"
    for wrong in ({"drawn": "刘某某"}, {"drawn": "data:image/png;base64,%%%"}, {}):
        answer = walker.post(path, path, **wrong)
        assert answer.location == path
        assert "请先在框里签名" in walker.get(path).get_data(as_text=True)
    assert view_of(street, walker, draft)["signature"] is False
    wall = jpeg(np.full((900, 900, 3), 180, np.uint8))
    assert walker.post(path, path, photograph=(io.BytesIO(wall), "s.jpg")).location == path
    assert "没有看到文字" in walker.get(path).get_data(as_text=True)
    answer = walker.post(path, path, photograph=(io.BytesIO(signed_paper()), "s.jpg"))
    assert answer.location == f"{draft}/review"
    assert view_of(street, walker, draft)["signature"] is True


# --- handing in


TYPED = {
    "child.name": "刘小满",
    "child.ethnicity": "01",
    "application.mobile": "19900001234",
    "mother.address": "河南省信阳市新县测试路1号",
    "mother.ethnicity": "01",
}


def make_ready(street: Street, walker: Walker, picture: bytes) -> str:
    """A draft with everything in it but the handing in."""
    draft = walk_to_form(walker)
    father = {f"father.{name}": value for name, value in street.cards["tong", "father"].items()}
    known = {**father, **TYPED}
    for _ in range(3):
        view = view_of(street, walker, draft)
        facts = [each["id"] for each in view["missing"] if each["kind"] == "fact"]
        if not facts:
            break
        walker.post(f"{draft}/form", later="yes", **{f"v:{fact}": str(known[fact]) for fact in facts})
    for each in view_of(street, walker, draft)["materials"]:
        if each["state"] == "to_submit" and each["required"]:
            hand_in(walker, f"{draft}/materials/{each['id']}", picture)
    path = f"{draft}/signature"
    walker.post(path, path, photograph=(io.BytesIO(signed_paper()), "s.jpg"))
    return draft


def test_what_is_missing_leads_to_where_it_is_said(street: Street) -> None:
    walker = street.client("tong.mother")
    draft, _ = on_paper(walker)
    page = walker.get(f"{draft}/review").get_data(as_text=True)
    assert f'href="{draft}/form#child.name"' in page
    assert 'id="hand-in"' not in page
    answer = walker.send(f"{draft}/submission", {"true": "yes", "once": "not complete at all yet"})
    assert answer.location == f"{draft}/review"


@pytest.mark.browser
def test_it_is_handed_in_once_however_often_the_form_is_sent(
    street: Street, browser: Browser, picture: bytes
) -> None:
    walker = street.client("liu.mother")
    draft = make_ready(street, walker, picture)
    review = walker.get(f"{draft}/review").get_data(as_text=True)
    assert "刘小满" in review
    assert "送到这些部门" in review
    action = f"{draft}/submission"
    assert walker.post(action, f"{draft}/review").location == f"{draft}/review", "nothing was declared"
    fields = {"once": "one sending of one form only", "true": "yes", "from": f"{draft}/review"}
    answers = send_at_once(street, walker, action, fields, 4)
    places = {answer.location for answer in answers} - {f"{draft}/review"}
    [place] = places
    number = re.fullmatch(r"/m/receipts/([^?]+)\?new=1", place)
    assert number is not None
    again = walker.send(action, {**fields, "once": "the same draft in another form"})
    assert again.location.partition("?")[0] == place.partition("?")[0]
    assert walker.get(f"{draft}/review").location.partition("?")[0] == place.partition("?")[0]
    receipt = walker.get(place).get_data(as_text=True)
    assert number[1] in receipt
    assert "<svg" in receipt
    assert walker.get(f"/m/receipts/{number[1]}/form").get_data().startswith(b"%PDF-")
    page = street.enter(browser, "liu.mother", viewport=SMALL_PHONE, mode="care")
    page.goto(f"{street.url}{place}")
    keep_picture(page, "receipt")
    assert [*violations(page), *page.evaluate(CLIPPED), *page.evaluate(SMALL_TARGETS, 60)] == []
    page.context.close()
    stranger = street.client("stranger.man")
    for path in (place, f"/m/receipts/{number[1]}/form"):
        assert stranger.get(path).status_code == 404


def send_at_once(
    street: Street, walker: Walker, action: str, fields: dict[str, str], times: int
) -> list[TestResponse]:
    """The same form from as many connections at the same moment."""
    cookie = walker.client.get_cookie("phone", domain="127.0.0.1")
    assert cookie is not None
    start, answers = threading.Barrier(times), []

    def send() -> None:
        twin = street.client()
        twin.client.set_cookie("phone", cookie.value, domain="127.0.0.1")
        start.wait(20)
        answers.append(twin.send(action, fields))

    senders = [threading.Thread(target=send) for _ in range(times)]
    for each in senders:
        each.start()
    for each in senders:
        each.join(60)
    assert {answer.status_code for answer in answers} == {303}
    return answers


# --- with a script


def sent_whole(page: Page) -> None:
    """Until nothing waits in this browser any more."""
    expect(page.locator(".sheets li").first).to_be_visible(timeout=PATIENCE_MS)
    page.wait_for_function(WAITING_NONE)


WAITING = """() => new Promise((done) => {
  const asked = indexedDB.open('pictures', 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore('waiting', { keyPath: 'key' });
  asked.onsuccess = () => {
    const all = asked.result.transaction('waiting').objectStore('waiting').getAll();
    all.onsuccess = () => { asked.result.close(); done(all.result.length); };
  };
})"""
WAITING_NONE = f"async () => await ({WAITING})() === 0"


@pytest.mark.browser
def test_a_chosen_picture_is_looked_at_and_sent_smaller(
    street: Street, browser: Browser, fathers_paper: Path
) -> None:
    walker = street.client("rare.mother")
    _, paper = on_paper(walker)
    page = street.enter(browser, "rare.mother")
    page.goto(f"{street.url}{paper}")
    page.set_input_files("#album", fathers_paper)
    expect(page.locator("dialog.camera")).to_contain_text("看得清每个字吗")
    keep_picture(page, "paper-look")
    page.click("dialog.camera .main")
    sent_whole(page)
    assert len(pages_in(street, walker, paper)) == 1
    page.context.close()


@pytest.mark.browser
def test_a_picture_that_cannot_be_read_is_offered_to_be_taken_again(
    street: Street, browser: Browser, tmp_path: Path
) -> None:
    walker = street.client("rare.mother")
    _, paper = on_paper(walker)
    sheet = photographed(written_page(1240, 1754), CORNERS, (1080, 1440))
    (tmp_path / "blurred.jpg").write_bytes(jpeg(cv2.GaussianBlur(sheet, (0, 0), 6), 90))
    page = street.enter(browser, "rare.mother")
    page.goto(f"{street.url}{paper}")
    page.set_input_files("#album", tmp_path / "blurred.jpg")
    page.click("dialog.camera .main")
    expect(page.locator("#sending p")).to_contain_text("照片不清楚")
    keep_picture(page, "paper-blurred")
    assert page.evaluate(WAITING) == 0
    assert pages_in(street, walker, paper) == []
    page.context.close()


@pytest.mark.browser
def test_a_line_that_loses_a_third_of_all_loses_no_picture(
    street: Street, browser: Browser, fathers_paper: Path
) -> None:
    walker = street.client("rare.mother")
    _, paper = on_paper(walker)
    with open_bad_line(street.url, loss=0.3, seed=11) as line:
        page = street.enter(browser, "rare.mother")
        page.set_default_timeout(PATIENCE_MS)
        come(page, f"{line.url}{paper}")
        page.set_input_files("#album", fathers_paper)
        page.click("dialog.camera .main")
        wait_for_page(street, walker, paper)
        assert line.cut > 0, "the line was good"
        assert len(pages_in(street, walker, paper)) == 1
        page.context.close()


READY = """document.querySelector('[data-native]').hidden && 'sends' in document.forms.capture.dataset"""


def come(page: Page, address: str) -> None:
    """As a person does: what does not come whole is asked for again."""
    for _ in range(30):
        with suppress(Error):
            page.goto(address, wait_until="load")
            if page.evaluate("getComputedStyle(document.querySelector('.bar')).position") != "sticky":
                continue
            if page.evaluate(
                "document.querySelector('[data-native]').hidden && 'sends' in document.forms.capture.dataset"
            ):
                return
    raise AssertionError("the page never came")


def wait_for_page(street: Street, walker: Walker, paper: str) -> None:
    ticking = threading.Event()
    for _ in range(int(PATIENCE_MS / 250)):
        if pages_in(street, walker, paper):
            return
        ticking.wait(0.25)
    raise AssertionError("no page came")


def open_phone(browser: Browser, folder: Path, *more: str) -> BrowserContext:
    """A browser with a disk of its own."""
    return browser.browser_type.launch_persistent_context(
        folder,
        executable_path="/usr/bin/chromium",
        args=["--no-sandbox", *more],
        viewport=PHONE,  # type: ignore[arg-type]
        has_touch=True,
    )


def sign_in(context: BrowserContext, street: Street, login: str) -> None:
    cookie = {"name": "phone", "value": street.cookie(login), "domain": "127.0.0.1", "path": "/"}
    context.add_cookies([{**cookie, "expires": 4_000_000_000}])  # type: ignore[typeddict-item]


def cut_power(folder: Path) -> None:
    """Kill the browser that has this disk, and all that it started, at once."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if str(folder).encode() in (process / "cmdline").read_bytes():
                os.kill(int(process.name), signal.SIGKILL)


@pytest.mark.browser
def test_a_phone_that_loses_power_goes_on_where_it_stood(
    street: Street, browser: Browser, fathers_paper: Path, tmp_path: Path
) -> None:
    walker = street.client("sun.mother")
    _, paper = on_paper(walker)
    context = open_phone(browser, tmp_path / "disk")
    sign_in(context, street, "sun.mother")
    page = context.new_page()
    page.goto(f"{street.url}{paper}")
    places: list[str] = []
    page.on("request", lambda request: places.append(request.url) if request.method == "PATCH" else None)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    page.set_input_files("#album", fathers_paper)
    page.click("dialog.camera .main")
    expect(page.locator("#sending p")).to_contain_text(re.compile(r"正在上传 [1-9]"), timeout=PATIENCE_MS)
    cut_power(tmp_path / "disk")
    with suppress(Error):
        context.close()
    begun = find_upload(street, places[0].rpartition("/")[2])
    assert 0 < begun.received < begun.length
    assert pages_in(street, walker, paper) == []
    context = open_phone(browser, tmp_path / "disk")
    sign_in(context, street, "sun.mother")
    page = context.new_page()
    page.goto(f"{street.url}{paper}")
    sent_whole(page)
    assert len(pages_in(street, walker, paper)) == 1
    assert find_upload(street, begun.id).outcome is not None, "it went on with the same upload"
    context.close()


def find_upload(street: Street, upload: str) -> Upload:
    with street.ports.records.read() as uow:
        found = uow.uploads.find(upload)
    assert found is not None
    return found


@pytest.mark.browser
def test_the_camera_takes_looks_takes_again_and_uses(
    street: Street, browser: Browser, picture: bytes, tmp_path: Path
) -> None:
    walker = street.client("sun.mother")
    _, paper = on_paper(walker)
    (tmp_path / "camera.mjpeg").write_bytes(picture * 3)
    context = open_phone(
        browser,
        tmp_path / "disk",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'camera.mjpeg'}",
    )
    sign_in(context, street, "sun.mother")
    page = context.new_page()
    page.goto(f"{street.url}{paper}")
    page.click("footer .weui-btn")
    shutter = page.locator("dialog.camera .main")
    expect(shutter).to_be_enabled()
    assert page.evaluate("document.querySelector('dialog video').videoWidth") > 600
    keep_picture(page, "paper-camera")
    shutter.click()
    page.click("text=重拍")
    expect(page.locator("dialog.camera video")).to_be_visible()
    expect(shutter).to_be_enabled()
    shutter.click()
    page.click("text=用这张")
    sent_whole(page)
    assert len(pages_in(street, walker, paper)) == 1
    context.close()


@pytest.mark.browser
def test_a_sign_in_that_ends_while_sending_loses_no_picture(
    street: Street, browser: Browser, fathers_paper: Path
) -> None:
    walker = street.client("tong.mother")
    _, paper = on_paper(walker)
    page = street.enter(browser, "tong.mother")
    page.goto(f"{street.url}{paper}")
    page.context.clear_cookies(name="phone")
    page.set_input_files("#album", fathers_paper)
    page.click("dialog.camera .main")
    expect(page.locator("#sending")).to_contain_text("登录后自动上传")
    assert page.evaluate(WAITING) == 1
    sign_in(page.context, street, "tong.mother")
    page.goto(f"{street.url}{paper}")
    sent_whole(page)
    assert len(pages_in(street, walker, paper)) == 1
    page.context.close()


@pytest.mark.browser
def test_a_form_that_went_back_to_the_kiosk_keeps_the_picture_here(
    street: Street, browser: Browser, fathers_paper: Path
) -> None:
    walker = street.client("stranger.woman")
    draft, paper = on_paper(walker)
    kiosk = sit_down(street, "stranger", "woman")
    shown = handing_over.show(street.ports, kiosk, draft.rpartition("/")[2], "form", None)
    walker.send("/m/handed/forms", {"t": shown["text"].rpartition("=")[2]})
    here = f"/m/handed/forms/{shown['id']}"
    cookie = walker.client.get_cookie("phone", domain="127.0.0.1")
    assert cookie is not None
    page = street.enter(browser)
    page.context.add_cookies([{"name": "phone", "value": cookie.value, "domain": "127.0.0.1", "path": "/"}])
    page.goto(f"{street.url}{paper}")
    walker.post(f"{here}/ending", here)
    page.set_input_files("#album", fathers_paper)
    page.click("dialog.camera .main")
    expect(page.locator("#sending")).to_contain_text(HandedOver.text.zh)
    assert page.evaluate(WAITING) == 1
    page.context.close()


def sit_down(street: Street, *card: str) -> Session:
    """Somebody at a kiosk of this street."""
    kiosk = enrol_kiosk(street.ports, f"K-{street.clock.at:%H%M%S%f}")
    with street.ports.records.read() as uow:
        terminal = uow.terminals.find(kiosk.id)
    assert terminal is not None
    started = signing_in.start_session(street.ports, terminal, street.cards[card[0], card[1]])
    return signing_in.get_session(street.ports, terminal.id, started["token"])


@pytest.mark.browser
def test_a_finger_signs(street: Street, browser: Browser) -> None:
    walker = street.client("tong.mother")
    draft, _ = on_paper(walker)
    page = street.enter(browser, "tong.mother")
    page.goto(f"{street.url}{draft}/signature")
    page.click("footer .weui-btn")
    expect(page.locator("[data-said]")).to_have_text("请先在框里签名")
    box = page.locator(".pad canvas").bounding_box()
    assert box is not None
    for at in (0.2, 0.55):
        page.mouse.move(box["x"] + box["width"] * at, box["y"] + 60)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * (at + 0.2), box["y"] + 160, steps=6)
        page.mouse.move(box["x"] + box["width"] * at, box["y"] + 220, steps=6)
        page.mouse.up()
    keep_picture(page, "signature")
    page.click("footer .weui-btn")
    page.wait_for_url(f"**{draft}/review")
    assert view_of(street, walker, draft)["signature"] is True
    page.context.close()


# --- looked at


def keep_picture(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page="dialog" not in page.content())


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


# --- nobody else's


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
