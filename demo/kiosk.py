"""The kiosk's screen in a real Chromium, touched as by a person; touches and keys are counted."""

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from playwright.sync_api import Error as PageGone
from playwright.sync_api import Locator, Page, ViewportSize, sync_playwright

CHROMIUM = "/usr/bin/chromium"
SCREEN = ViewportSize(width=1080, height=1920)
# A person waits this long before giving up; fetching from the registers is the longest.
PATIENCE_SECONDS = 25.0
MOST_LOOKS = 20
LOOK_EVERY_MS = 40
LOOK_WITHIN_MS = 2000
_MODE = """() => {
    const mode = document.querySelector("#mode i");
    return mode ? [mode.dataset.screen || "", mode.dataset.busy || ""] : ["", ""];
}"""


class ScreenStuck(RuntimeError):
    """The screen did not change as it should; the text says which and what was on it."""

    reason = "screen_stuck"


class Kiosk:
    """One browser window on the kiosk's pages. `pictures` is where every screen is kept, numbered."""

    def __init__(self, url: str, pictures: Path) -> None:
        self.touches = 0
        self.keys = 0
        self.pictures: list[Path] = []
        self._url = url
        self._folder = pictures

    def __enter__(self) -> "Kiosk":
        self._playwright = sync_playwright().start()
        self.browser = self._playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--lang=zh-CN"]
        )
        self.page: Page = self.browser.new_page(viewport=SCREEN, locale="zh-CN")
        self.page.set_default_timeout(PATIENCE_SECONDS * 1000)
        self.page.goto(self._url)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.browser.contexts[0].pages[0].screenshot(path=self._folder / "stuck.png")
        self.browser.close()
        self._playwright.stop()

    @property
    def screen(self) -> str:
        """The name of the screen that is shown; empty before the first."""
        return self._read_mode()[0]

    def wait_for(self, *screens: str) -> str:
        """Wait until one of the screens is there and at rest; returns its name."""
        return self._wait(lambda screen: screen in screens, " or ".join(screens))

    def wait_after(self, *screens: str) -> str:
        """Wait until another screen than these is there and at rest; returns its name."""
        return self._wait(lambda screen: screen not in screens, "something after " + " or ".join(screens))

    def act(self, name: str, holding: str = "") -> None:
        """Touch the button of an act; `holding` is a text in what it sends, e.g. a thing's code.

        Where two buttons do the same act in two ways, it is the screen's main one.
        """
        held = f'[hx-vals*="{holding}"]' if holding else ""
        buttons = self.page.locator(f'[hx-post="/acts/{name}"]{held}:visible')
        main = buttons.and_(self.page.locator(".first"))
        self.touch((main if main.count() else buttons).first)

    def touch(self, place: Locator) -> None:
        """One touch of a finger, after bringing the place into view."""
        for _ in range(MOST_LOOKS):
            try:
                place.scroll_into_view_if_needed(timeout=LOOK_WITHIN_MS)
                break
            except PageGone:  # drawn anew while it was looked at
                self.page.wait_for_timeout(50)
        place.click()
        self.touches += 1
        self.wait_until_at_rest()

    def draw(self, place: Locator, strokes: list[list[tuple[float, float]]]) -> None:
        """Draw with a finger inside a place; points are shares of its width and height. One touch in all."""
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        if box is None:
            raise ScreenStuck("there is nothing to sign on")
        mouse = self.page.mouse
        for stroke in strokes:
            points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
            mouse.move(*points[0])
            mouse.down()
            for point in points[1:]:
                mouse.move(*point, steps=6)
            mouse.up()
        self.touches += 1

    def take_picture(self, name: str) -> None:
        """Keep a picture of the screen as it is."""
        path = self._folder / f"{len(self.pictures) + 1:02d}-{name}.png"
        self.page.screenshot(path=path)
        self.pictures.append(path)

    def wait_until_uncovered(self) -> None:
        """Wait until nothing lies over the screen."""
        self._wait(lambda _: self.page.locator("#over > *").count() == 0, "nothing over the screen")

    def wait_until_at_rest(self) -> None:
        """Wait until the kiosk is not busy with anything."""
        self._wait(lambda _: True, "rest")

    def _wait(self, is_there: Callable[[str], bool], wanted: str) -> str:
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            screen, busy = self._read_mode()
            if screen and busy == "no" and is_there(screen):
                return screen
            self.page.wait_for_timeout(LOOK_EVERY_MS)
        raise ScreenStuck(f"waited for {wanted}; {self.screen} says: {self._seen()}")

    def _read_mode(self) -> tuple[str, str]:
        """The screen's name, and whether the kiosk is busy; both at once, so that they belong together."""
        # At a sitting's end the page is loaded anew, and for a moment there is nothing to read.
        try:
            screen, busy = self.page.evaluate(_MODE)
        except PageGone:
            return "", ""
        return screen, busy

    def _seen(self) -> str:
        return self.page.locator("body").inner_text()[:600]
