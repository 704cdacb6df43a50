"""A phone in one person's hand: its browser in a real Chromium, with pictures of what it shows."""

import io
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, ViewportSize

PHONE = ViewportSize(width=390, height=844)
PATIENCE_MS = 20_000


class Handset:
    """One phone. `pictures` is where its pages are kept, numbered in the order they were seen."""

    def __init__(self, browser: Browser, pictures: Path, name: str) -> None:
        self._pictures = pictures
        self._name = name
        self._taken = 0
        self.context = browser.new_context(
            viewport=PHONE, locale="zh-CN", has_touch=True, device_scale_factor=2, reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        pictures.mkdir(parents=True, exist_ok=True)

    def close(self) -> None:
        """Put it away."""
        self.context.close()

    def sign_in(self, login: str) -> None:
        """Through the province, as a person does; the phone comes back to where it wanted to be."""
        if not self.page.locator("input[name=login]").count():
            self.page.get_by_role("link", name="省统一身份认证").or_(
                self.page.get_by_role("link", name="去登录")
            ).first.tap()
        self.page.locator("input[name=login]").fill(login)
        self.page.get_by_role("button", name="登录").tap()
        self.page.wait_for_url("**/m/**")

    def tap(self, name: str) -> None:
        """One button or link by its words."""
        self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first.tap()

    def take_picture(self, name: str) -> None:
        """Keep a picture of what is on the glass."""
        self._taken += 1
        self.page.screenshot(path=self._pictures / f"{self._name}-{self._taken:02d}-{name}.png")


def photograph_paper(lines: int = 24) -> bytes:
    """A sheet of paper on a dark table, as a phone's camera sees it; JPEG. It is nobody's document."""
    picture = Image.new("RGB", (1500, 2000), "#3a3026")
    draw = ImageDraw.Draw(picture)
    draw.polygon([(180, 210), (1330, 180), (1370, 1810), (150, 1830)], fill="#f6f4ee")
    for line in range(lines):
        draw.line((300, 360 + line * 55, 1180, 352 + line * 55), fill="#202020", width=7)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()
