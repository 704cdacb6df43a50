"""Kiosk and phone together, both in Chromium, and nothing between them but the QR and the server."""

import io
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, Page, expect

from demo.world import World
from devices.qr.image import decode_qr
from onething.bootstrap import build_ports
from onething.domain.masking import mask_name
from onething.services import phone_sign_in, showing_codes
from tests.http.test_journey import signature

from .sitting import ANSWERS, Sitting
from .test_papers import BY_HEART
from .window import Window

pytestmark = pytest.mark.browser
SEEN_WITHIN_SECONDS = 2.0
PHONE = {"width": 390, "height": 844}


class Handset:
    """A phone of its own, in one person's hand."""

    def __init__(self, browser: Browser, world: World) -> None:
        self._world = world
        self.context = browser.new_context(viewport=PHONE, locale="zh-CN", has_touch=True)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)

    def sign_in(self, login: str) -> None:
        """Through the province, as a person does; the phone comes back to where it wanted to be."""
        self.page.get_by_role("link", name="去登录").tap()
        self.page.locator("input[name=login]").fill(login)
        self.page.get_by_role("button", name="登录").tap()

    def read_token(self) -> str:
        """The access token in its cookie."""
        [cookie] = [each["value"] for each in self.context.cookies() if each["name"] == "phone"]
        return str(cookie).partition(".")[0]

    def tap(self, name: str) -> None:
        self.page.get_by_role("button", name=name).tap()


@pytest.fixture
def handset(browser: Browser, world: World) -> Iterator[Handset]:
    handset = Handset(browser, world)
    yield handset
    handset.context.close()


def photograph() -> bytes:
    """A paper lying on a dark table, as a camera sees it."""
    picture = Image.new("RGB", (1500, 2000), "#3a3026")
    draw = ImageDraw.Draw(picture)
    draw.polygon([(180, 210), (1330, 180), (1370, 1810), (150, 1830)], fill="#f6f4ee")
    for line in range(30):
        draw.line((300, 360 + line * 45, 1180, 352 + line * 45), fill="#202020", width=7)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def wait_for_state(window: Window, state: str) -> Locator:
    there = window.page.locator(f'.handing[data-state="{state}"]')
    there.wait_for()
    return there


def test_a_form_goes_to_the_phone_and_back_and_is_handed_in_there(
    world: World, window: Window, handset: Handset, browser: Browser
) -> None:
    """Given back by the phone, taken back from one that died, and handed in on it: the kiosk prints."""
    sitting = Sitting(world, window, "chen.mother", other="chen.father")
    sitting.go_to("review")
    show_code(window, handset)
    handset.sign_in("chen.mother")
    handset.tap("转到这部手机")
    wait_for_state(window, "taken")
    here = handset.page.url
    handset.page.get_by_role("link", name="接着填").tap()
    handset.page.locator("main form").first.wait_for()
    handset.page.goto(here)
    handset.tap("交还终端")
    window.wait_for("form")
    handset.page.get_by_text("申请已回到终端").wait_for()

    token = handset.read_token()
    show_code(window, handset)
    handset.tap("转到这部手机")
    wait_for_state(window, "taken")
    handset.context.close()
    window.act("take_back")
    window.wait_for("form")
    expect(window.field("child.name")).to_contain_text(ANSWERS["child.name"])

    window.act("to_phone")
    window.wait_for("handing")
    number = hand_in(world, token, read_code(window))
    window.wait_for("receipt")
    assert sitting.read_case_number() == number
    [paper] = [text for text in sitting.wait_for_slips(1)[-1]["qr"] if number in text]
    sitting.finish()
    open_case(world, browser, paper, number)


def open_case(world: World, browser: Browser, paper: str, number: str) -> None:
    """The receipt's QR, read with a phone at home: its owner signs in and sees the case."""
    handset = Handset(browser, world)
    handset.page.goto(paper)
    handset.page.get_by_role("link", name="本人登录查看进度").tap()
    handset.sign_in("chen.mother")
    handset.page.wait_for_url(f"**/m/cases/{number}")
    handset.page.get_by_text(number).first.wait_for()
    handset.context.close()


def show_code(window: Window, handset: Handset) -> None:
    window.act("to_phone")
    window.wait_for("handing")
    handset.page.goto(read_code(window))


def read_code(window: Window) -> str:
    """What a camera before the kiosk's screen reads."""
    code = window.page.locator(".qr svg")
    code.wait_for()
    [address] = decode_qr(code.screenshot())
    return address


def hand_in(world: World, token: str, address: str) -> str:
    """Take the form over, sign and hand it in as a mini-program does; returns the case's number."""
    code = address.partition("t=")[2]
    draft = ask_phone_door(world, token, "POST", "/hand-overs", {"code": code})["draft"]
    ask_phone_door(world, token, "PUT", f"/drafts/{draft}/signature", signature())
    return str(ask_phone_door(world, token, "POST", f"/drafts/{draft}/submission", {})["case_number"])


def ask_phone_door(world: World, token: str, method: str, path: str, body: object) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": secrets.token_urlsafe(24)}
    url = f"{world.server_url}/mobile/v1{path}"
    answer = requests.request(method, url, json=body, headers=headers, timeout=20)
    assert answer.status_code < 300, answer.text
    return dict(answer.json())


def test_a_paper_is_photographed_with_any_phone(
    world: World, window: Window, handset: Handset, tmp_path: Path
) -> None:
    answers = {**BY_HEART, "father.id_number": world.get_card("chen.father")["id_number"]}
    Sitting(world, window, "tao.woman", answers=answers).go_to("materials")
    row = window.page.locator(".row.tall", has_text="父亲身份证")
    before = re.findall(r"已扫 (\d+) 页", row.inner_text()) or ["0"]
    window.touch(row.locator('[hx-post="/acts/photograph"]'))
    window.wait_for("handing")
    handset.page.goto(read_code(window))
    handset.tap("开始拍")
    wait_for_state(window, "taken")
    picture = tmp_path / "paper.jpg"
    picture.write_bytes(photograph())
    handset.page.locator("#photograph").set_input_files(picture)
    handset.tap("传到终端")
    handset.page.get_by_text("页已传到终端").wait_for()
    began = time.monotonic()
    window.page.locator(".handing .paper img").wait_for()
    assert time.monotonic() - began < SEEN_WITHIN_SECONDS
    holder = world.get_card("tao.woman")
    assert holder["name"] not in handset.page.content()
    handset.tap("拍完了")
    window.wait_for("materials")
    expect(row).to_contain_text(f"已扫 {int(before[0]) + 1} 页")


def test_a_phones_code_signs_in_without_a_card(world: World, window: Window, handset: Handset) -> None:
    handset.page.goto(f"{world.server_url}/m/enter")
    handset.sign_in("chen.mother")
    handset.page.get_by_text("您好").wait_for()
    window.act("progress")
    window.wait_for("card")
    world.code_reader.put("/code", {"text": "ONETHING-SHOW:1:" + "x" * 43})
    window.says("二维码无效")
    world.code_reader.put("/code", {"text": showing_code(world, handset)})
    window.wait_for("progress")
    masked = mask_name(world.get_card("chen.mother")["name"])
    expect(window.page.locator("#bar .person")).to_have_text(masked)


def showing_code(world: World, handset: Handset) -> str:
    """What the phone in this hand shows now."""
    ports = build_ports(world.environment)
    try:
        phone = phone_sign_in.find_phone(ports, handset.read_token())
        assert phone is not None
        assert phone.session is not None
        return showing_codes.issue(ports, phone.session, "sign_in")["text"]
    finally:
        ports.close()
