"""The camera and the sending of its pictures: looked at first, over bad lines, through a cut of the power."""

from __future__ import annotations

import os
import re
import signal
import threading
from contextlib import suppress
from pathlib import Path

import cv2
import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from onething.domain.handovers import HandedOver
from onething.domain.records import Session
from onething.domain.uploads import Upload
from onething.services import handing_over, signing_in
from tests.console.looking import CLIPPED, violations
from tests.http.world import enrol_kiosk
from tests.paper.made_pages import jpeg, photographed, written_page
from tests.phone_pages.bad_line import open_bad_line
from tests.phone_pages.papers import CORNERS, FRAME, keep_picture, on_paper, pages_in, sheet_on_table
from tests.phone_pages.street import PHONE, Street, Walker
from tests.phone_pages.test_first_view import PATIENCE_MS
from tests.phone_pages.test_form import SMALL_TARGETS

# Slow enough to be cut in the middle: 256 kbit/s.
SLOW = {"offline": False, "latency": 100, "downloadThroughput": 32000, "uploadThroughput": 32000}
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def picture() -> bytes:
    """A sheet on a table, as a phone takes it."""
    return sheet_on_table()


@pytest.fixture(scope="module")
def fathers_paper(picture: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The picture as a file that is chosen."""
    path = tmp_path_factory.mktemp("album") / "paper.jpg"
    path.write_bytes(picture)
    return path


WAITING = """() => new Promise((done) => {
  const asked = indexedDB.open('pictures', 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore('waiting', { keyPath: 'key' });
  asked.onsuccess = () => {
    const all = asked.result.transaction('waiting').objectStore('waiting').getAll();
    all.onsuccess = () => { asked.result.close(); done(all.result.length); };
  };
})"""
WAITING_NONE = f"async () => await ({WAITING})() === 0"


def sent_whole(page: Page) -> None:
    """Until nothing waits in this browser any more."""
    expect(page.locator(".sheets li").first).to_be_visible(timeout=PATIENCE_MS)
    page.wait_for_function(WAITING_NONE)


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
    assert [*violations(page), *page.evaluate(CLIPPED), *page.evaluate(SMALL_TARGETS, 44)] == []
    page.click("dialog.camera .main")
    sent_whole(page)
    assert len(pages_in(street, walker, paper)) == 1
    page.context.close()


def test_a_picture_that_cannot_be_read_is_offered_to_be_taken_again(
    street: Street, browser: Browser, tmp_path: Path
) -> None:
    walker = street.client("rare.mother")
    _, paper = on_paper(walker)
    sheet = photographed(written_page(1240, 1754), CORNERS, FRAME)
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
    page.click("footer .weui-btn")
    wait_for_page(street, walker, paper)
    page.wait_for_timeout(700)
    expect(shutter).to_be_enabled()
    shutter.click()
    page.click("text=用这张")
    sent_whole(page)
    expect(page.locator(".sheets li")).to_have_count(2)
    context.close()


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
