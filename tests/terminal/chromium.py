"""The kiosk's page in a real Chromium, touched and looked at."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from .conftest import RunningKiosk

TOP = Path(__file__).resolve().parents[2]
AXE = TOP / "node_modules" / "axe-core"
TARGET = 76
TEXT = 26

SMALL_TARGETS = """() => [...document.querySelectorAll('button, a[href], input:not([type=hidden])')]
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, r]) => r.width > 0 && (r.width < %d || r.height < %d))
  .map(([e, r]) => `${e.textContent.trim().slice(0, 20)} ${r.width}x${r.height}`)"""

SMALL_TEXT = """() => {
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim(), e = walk.currentNode.parentElement;
    if (!text || !e.checkVisibility() || e.closest('.hidden, script, style')) continue;
    const size = parseFloat(getComputedStyle(e).fontSize);
    if (size < %d) found.add(`${size} ${text.slice(0, 20)}`);
  }
  return [...found];
}"""

CLIPPED = """() => {
  const found = new Set();
  for (const e of document.querySelectorAll('body *')) {
    if (!e.checkVisibility() || e.closest('.hidden, svg') || !e.textContent.trim()) continue;
    const r = e.getBoundingClientRect(), s = getComputedStyle(e);
    if (r.width === 0) continue;
    const name = `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 24)}`;
    if (r.left < -1 || r.right > innerWidth + 1) found.add('off the side: ' + name);
    const cut = s.overflowX !== 'visible' && !['auto', 'scroll'].includes(s.overflowX);
    if (cut && e.scrollWidth > e.clientWidth + 1) found.add('cut: ' + name);
    const tag = e.tagName, block = s.display !== 'inline' && (tag === 'BUTTON' || tag === 'SPAN');
    if (block && e.scrollWidth > e.clientWidth + 2) found.add('spills: ' + name);
    if (tag === 'BUTTON' && e.scrollHeight > e.clientHeight + 2) found.add('too high: ' + name);
  }
  return [...found];
}"""

BROKEN_WORDS = """() => {
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (!node.parentElement.checkVisibility() || node.parentElement.closest('.hidden')) continue;
    for (const word of node.textContent.matchAll(/[A-Za-z]{2,14}/g)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1) found.add(word[0]);
    }
  }
  return [...found];
}"""


class Screen:
    """The page of a running kiosk; counts what a person does."""

    def __init__(self, page: Page, running: RunningKiosk) -> None:
        self.page = page
        self.running = running
        self.touches = 0
        self.keys = 0
        self.failures: list[str] = []
        page.on("pageerror", lambda error: self.failures.append(str(error)))
        page.on("console", lambda said: self.failures.append(said.text) if said.type == "error" else None)
        page.goto(running.url)
        self.settle("idle")

    def settle(self, screen: str) -> None:
        """Wait until a screen is there and nothing is going on."""
        mode = f'#mode i[data-screen="{screen}"][data-busy=no]'
        expect(self.page.locator(mode)).to_be_attached(timeout=10_000)
        expect(self.page.locator("#bar .clock")).to_be_visible()

    def touch(self, place: Locator) -> None:
        place.click()
        self.touches += 1

    def act(self, name: str, text: str = "") -> None:
        """Touch the button of an act."""
        places = self.page.locator(f'[hx-post="/acts/{name}"]:visible')
        self.touch((places.filter(has_text=text) if text else places).last)

    def type(self, keys: str) -> None:
        """Press keys of the keyboard on the screen."""
        for key in keys:
            self.page.locator(".board").get_by_role("button", name=key, exact=True).click()
            self.keys += 1

    def done(self) -> None:
        self.page.locator(".board .done").click()
        self.keys += 1

    def field(self, fact: str) -> Locator:
        return self.page.locator(f'.asked[data-fact="{fact}"]')

    def sign(self) -> None:
        box = self.page.locator("#signature").bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + 200, box["y"] + 200)
        self.page.mouse.down()
        for step in range(12):
            self.page.mouse.move(box["x"] + 200 + step * 45, box["y"] + 200 + step % 2 * 120)
        self.page.mouse.up()
        self.touches += 1

    def look(self, name: str, *, axe: bool = True) -> list[str]:
        """What is wrong with the screen as it is."""
        page = self.page
        wrong = [f"small target: {each}" for each in page.evaluate(SMALL_TARGETS % (TARGET, TARGET))]
        wrong += [f"small text: {each}" for each in page.evaluate(SMALL_TEXT % TEXT)]
        wrong += page.evaluate(CLIPPED)
        wrong += [f"broken word: {each}" for each in page.evaluate(BROKEN_WORDS)]
        wrong += [f"no glyph: {char}" for char in sorted(missing_glyphs(page.locator("body").inner_text()))]
        wrong += self.violations() if axe else []
        return [f"{name}: {each}" for each in wrong]

    def violations(self) -> list[str]:
        """What axe has to say, in Chinese."""
        # by the protocol, because the page's own policy lets no foreign script in
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            self.page.evaluate((AXE / "axe.min.js").read_text(encoding="utf-8"))
            locale = json.loads((AXE / "locales" / "zh_CN.json").read_text(encoding="utf-8"))
            self.page.evaluate("locale => axe.configure({ locale })", locale)
        found: dict[str, Any] = self.page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
        return [
            f"axe {each['id']}: {each['help']} {each['nodes'][0]['html'][:160]}"
            for each in found["violations"]
        ]


def missing_glyphs(text: str) -> set[str]:
    """The characters no font of the kiosk's list has."""
    return {char for char in set(text) if char > " " and ord(char) not in known_characters()}


_KNOWN: set[int] = set()


def known_characters() -> set[int]:
    """Every character of the fonts the style sheet names."""
    if not _KNOWN:
        from fontTools.ttLib import TTCollection, TTFont

        fonts = Path("/usr/share/fonts")
        collection = TTCollection(fonts / "opentype/noto/NotoSansCJK-Regular.ttc", lazy=True)
        for font in collection.fonts:
            if "SC" in str(font["name"].getDebugName(1)):
                _KNOWN.update(font.getBestCmap())
        collection.close()
        with TTFont(fonts / "truetype/hanazono/HanaMinB.ttf", lazy=True) as font:
            _KNOWN.update(font.getBestCmap())
    return _KNOWN
