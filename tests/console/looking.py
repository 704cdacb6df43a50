"""What is wrong with a page as it is shown, and its picture."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.console.office import faults_of

TOP = Path(__file__).resolve().parents[2]
AXE = TOP / "node_modules" / "axe-core"
# Where a person wants the pictures of this run; without it none are kept.
PICTURES = os.environ.get("CONSOLE_PICTURES")

CLIPPED = """() => {
  const found = new Set();
  for (const e of document.querySelectorAll('body *')) {
    if (!e.checkVisibility() || e.closest('svg, .unseen, .skip, .wide') || !e.textContent.trim()) continue;
    const r = e.getBoundingClientRect(), s = getComputedStyle(e);
    if (r.width === 0) continue;
    const name = `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 24)}`;
    if (r.left < -1 || r.right > innerWidth + 1) found.add('off the side: ' + name);
    const cut = s.overflowX !== 'visible' && !['auto', 'scroll'].includes(s.overflowX);
    if (cut && e.scrollWidth > e.clientWidth + 1) found.add('cut: ' + name);
    if (e.tagName === 'BUTTON' && e.scrollWidth > e.clientWidth + 2) found.add('spills: ' + name);
  }
  return [...found];
}"""


def look(page: Page, name: str) -> list[str]:
    """What axe, the layout and the browser have to say of the page; takes its picture when wanted."""
    wrong = [*violations(page), *page.evaluate(CLIPPED), *faults_of(page)]
    if PICTURES:
        folder = Path(PICTURES)
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png")
    return [f"{name}: {each}" for each in wrong]


def violations(page: Page) -> list[str]:
    """What axe has to say."""
    # By the protocol, because the page's own policy lets no foreign script in.
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate((AXE / "axe.min.js").read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"axe {each['id']}: {each['help']} {each['nodes'][0]['html'][:160]}" for each in found["violations"]
    ]


def told(wrong: list[str]) -> str:
    """Findings as lines, for an assertion's message."""
    return json.dumps(wrong, ensure_ascii=False, indent=1)
