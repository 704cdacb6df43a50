"""The first view on a slow line: what it weighs, and that a line which loses a third loses nothing typed."""

from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Error, Page, expect

from tests.phone_pages.bad_line import open_bad_line
from tests.phone_pages.street import Street
from tests.phone_pages.test_form import field_of, view_of, walk_to_form

MOST_BYTES = 60_000
# 64 kbit/s both ways, and a round trip as a village's mast gives it.
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 8000, "uploadThroughput": 8000}
PATIENCE_MS = 60_000
TYPED = {"child.name": "罗山川", "application.mobile": "19900005678", "child.ethnicity": "01"}


def slowed(page: Page) -> CDPSession:
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    return session


def weigh(page: Page, address: str) -> int:
    """Every byte that comes over the line for a page that nobody has seen before, headers and all."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    came: list[float] = []
    session.on("Network.loadingFinished", lambda said: came.append(said["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    return int(sum(came))


@pytest.mark.browser
def test_a_first_view_weighs_little(street: Street, browser: Browser) -> None:
    draft = walk_to_form(street.client("rare.mother"))
    for login, path in (("", "/m/"), ("rare.mother", "/m/"), ("rare.mother", f"{draft}/form")):
        page = street.enter(browser, login)
        weight = weigh(page, f"{street.url}{path}")
        assert 10_000 < weight <= MOST_BYTES, (path, weight)
        page.context.close()


@pytest.mark.browser
def test_a_slow_line_that_loses_a_third_loses_nothing_typed(street: Street, browser: Browser) -> None:
    walker = street.client("rare.mother")
    draft = walk_to_form(walker)
    with open_bad_line(street.url, loss=0.3, seed=7) as line:
        page = street.enter(browser, "rare.mother")
        page.set_default_timeout(PATIENCE_MS)
        slowed(page)
        come(page, f"{line.url}{draft}/form")
        for fact, value in TYPED.items():
            field = page.locator(f"[id='{fact}']")
            if fact.endswith("ethnicity"):
                field.select_option(value)
            else:
                field.clear()
                field.press_sequentially(value, delay=40)
        expect(page.locator("#kept")).to_have_text("已保存", timeout=PATIENCE_MS)
        view = view_of(street, walker, draft)
        assert {fact: field_of(view, fact)["value"] for fact in TYPED} == TYPED
        assert page.evaluate("localStorage.length") == 0
        assert line.cut > 0, "the line was good"
        page.context.close()


# The page, its style, and its scripts: one that was lost on the way leaves a page that works by its buttons.
WHOLE = """Boolean(document.styleSheets.length && document.querySelector('#kept'))
    && [...document.scripts].every((script) =>
        performance.getEntriesByName(script.src).some((each) => each.responseStatus === 200))"""


def come(page: Page, address: str) -> Any:
    """As a person does: what does not come is asked for again."""
    for _ in range(20):
        try:
            page.goto(address, wait_until="load")
        except Error:
            continue
        if page.evaluate(WHOLE):
            return
    raise AssertionError("the page never came")
