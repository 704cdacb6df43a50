"""Judges a screen as a person with weak eyes and large fingers would, and as axe does."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

TOP = Path(__file__).resolve().parents[2]
AXE = TOP / "node_modules" / "axe-core"
JUDGE = (Path(__file__).parent / "judge.js").read_text("utf-8")
# 17 mm on a 21.5 inch screen of 1080x1920, and the smallest text that reads at arm's length.
SMALLEST_TARGET_PX = 76
SMALLEST_TEXT_PX = 26


def list_faults(page: Page, *, with_axe: bool = True) -> list[str]:
    """What is wrong with the screen: targets, text, what is cut off or covered, glyphs, axe's rules."""
    faults: list[str] = page.evaluate(JUDGE, {"target": SMALLEST_TARGET_PX, "text": SMALLEST_TEXT_PX})
    return faults + (list_violations(page) if with_axe else [])


def list_violations(page: Page) -> list[str]:
    """What axe has to say, in Chinese."""
    # through the protocol: the page's own policy lets no foreign script in
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate((AXE / "axe.min.js").read_text("utf-8"))
        locale = json.loads((AXE / "locales" / "zh_CN.json").read_text("utf-8"))
        page.evaluate("locale => axe.configure({ locale })", locale)
    found: dict[str, Any] = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"axe {each['id']}: {each['help']} {node['html'][:120]}"
        for each in found["violations"]
        for node in each["nodes"][:2]
    ]
