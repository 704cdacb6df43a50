"""What government holds of me, on the page: asked after, agreed to, shown once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page

from tests.console.looking import CLIPPED, violations
from tests.phone_pages.street import SMALL_PHONE, Street
from tests.phone_pages.test_form import SMALL_TARGETS

PICTURES = os.environ.get("PHONE_PICTURES")
HELD = "/m/licences/held"


def test_a_page_without_a_script_asks_first(street: Street) -> None:
    walker = street.client("chen.mother")
    assert HELD in walker.get("/m/licences").get_data(as_text=True)
    before = asked(street)
    page = walker.get(HELD).get_data(as_text=True)
    assert "同意向电子证照共享服务查询" in page
    assert asked(street) == before, "to look at the page asks nobody"
    nothing = walker.send(HELD, {})
    assert nothing.status_code == 422
    assert "请至少选一种证照" in nothing.get_data(as_text=True)
    answer = walker.send(HELD, {"document": ["id_card", "marriage_certificate", "disability_certificate"]})
    said = answer.get_data(as_text=True)
    held, _, not_held = said.partition("没有查到的")
    assert "居民身份证" in held
    assert "结婚证" in held
    assert "残疾人证" in not_held
    assert "no-store" in answer.headers["Cache-Control"]
    assert asked(street) == before + 3


def asked(street: Street) -> int:
    """How often the e-licence service was asked by now."""
    calls = requests.get(f"{street.sandbox.admin}/calls", timeout=5).json()
    return sum(call["target"] == "e_licences" for call in calls)


@pytest.mark.browser
@pytest.mark.parametrize("mode", ["plain", "care"])
def test_the_pages_can_be_read_and_touched_by_anybody(street: Street, browser: Browser, mode: str) -> None:
    page = street.enter(browser, "chen.mother", mode=mode)
    page.goto(f"{street.url}{HELD}")
    look(page, "ask", mode)
    page.get_by_role("button", name="同意并查询").tap()
    page.get_by_role("heading", name="有电子证照").wait_for()
    page.locator("main summary").tap()
    look(page, "held", mode)
    page.context.close()


def look(page: Page, name: str, mode: str) -> None:
    wrong = violations(page)
    viewport = page.viewport_size
    page.set_viewport_size(SMALL_PHONE)
    wrong += page.evaluate(CLIPPED)
    wrong += page.evaluate(SMALL_TARGETS, 60 if mode == "care" else 44)
    assert viewport is not None
    page.set_viewport_size(viewport)
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"licences-{name}-{mode}.png", full_page=True)
    assert wrong == [], (name, mode)
