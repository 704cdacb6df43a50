"""One more check on a phone: the code is asked for, typed, and stands between signing and handing in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from onething.connectors.messages.configured import load_templates
from onething.domain.messages import Way
from onething.ports.messages import Letter, MessageWays
from onething.worker import Worker
from tests.console.looking import CLIPPED, violations
from tests.phone_pages.street import SMALL_PHONE, Street, Walker
from tests.phone_pages.test_form import LEAST, SMALL_TARGETS, SMALL_TEXT, TEXT
from web.current import PORTS

TEMPLATES = load_templates(Path(__file__).resolve().parents[2] / "catalog/messages/xinxian.toml")
CHOSEN = ["DEATH-CERT", "HUKOU-CANCEL", "DEPOSIT"]


@dataclass
class Gateway:
    """Where texts go."""

    letters: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> str:
        self.letters.append(letter)
        return f"taken-{len(self.letters)}"


@dataclass
class Check:
    """The widow's draft on her phone, and the texts that reach it."""

    street: Street
    walker: Walker
    draft: str
    texts: Gateway

    @property
    def page(self) -> str:
        return f"{self.draft}/step-up"

    def shown(self) -> str:
        return self.walker.get(self.page).get_data(as_text=True)

    def send(self) -> Any:
        return self.walker.post(f"{self.page}/codes", self.page)

    def read_text(self) -> str:
        """The code in the last text."""
        worker = Worker(self.street.app.extensions[PORTS], "texts")
        while worker.work_once():
            pass
        return self.texts.letters[-1].data["code"]


@pytest.fixture
def check(street: Street) -> Iterator[Check]:
    before, texts = street.app.extensions[PORTS], Gateway()
    street.app.extensions[PORTS] = replace(before, message_ways=MessageWays({Way.SMS: texts}, TEMPLATES))
    street.clock.at += timedelta(days=1)  # of each day its own codes
    walker = street.client("huang.widow")
    begun = walker.send("/m/drafts", {"thing": "P-AFTER-DEATH"}).location
    draft = "/".join(begun.split("/")[:4])
    walker.send(f"{draft}/matters", {"chosen": CHOSEN})
    walker.send(f"{draft}/form", {"v:application.mobile": "19900000010"})
    yield Check(street, walker, draft, texts)
    street.app.extensions[PORTS] = before


def test_the_code_stands_between_signing_and_handing_in(check: Check) -> None:
    assert "再核实一次是您本人" in check.walker.get(f"{check.draft}/review").get_data(as_text=True)
    said = check.shown()
    assert "199****0010" in said
    assert 'name="code"' not in said
    check.send()
    code = check.read_text()
    assert 'autocomplete="one-time-code"' in check.shown()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    refused = check.walker.post(f"{check.page}/answers", check.page, code=wrong)
    assert refused.location.endswith("/step-up")
    assert "验证码不对或已过期" in check.shown()
    right = check.walker.post(f"{check.page}/answers", check.page, code=code)
    assert right.location.endswith("/review")
    assert "再核实一次是您本人" not in check.walker.get(f"{check.draft}/review").get_data(as_text=True)
    assert "已经核实" in check.shown()


def test_sent_again_within_a_minute_nothing_more_goes_out(check: Check) -> None:
    check.send()
    check.send()
    check.read_text()
    assert len(check.texts.letters) == 1
    assert "请等1分钟再发" in check.shown()


def test_where_no_text_can_be_sent_the_window_is_named(check: Check) -> None:
    app = check.street.app
    app.extensions[PORTS] = replace(app.extensions[PORTS], message_ways=MessageWays())
    said = check.shown()
    assert "综合窗口" in said
    assert "/codes" not in said


def test_without_such_a_matter_there_is_no_such_step(check: Check) -> None:
    check.walker.send(f"{check.draft}/matters", {"chosen": CHOSEN[:2]})
    assert check.walker.get(check.page).location.endswith("/review")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("mode", "ways"),
    [("plain", {}), ("care", {"viewport": SMALL_PHONE, "language": "en", "color_scheme": "dark"})],
)
def test_the_page_is_fit_to_be_read(check: Check, browser: Browser, mode: str, ways: Any) -> None:
    page = check.street.enter(browser, "huang.widow", mode=mode, **ways)
    page.goto(f"{check.street.url}{check.page}")
    for step in ("asked", "sent"):
        found = [*violations(page), *page.evaluate(CLIPPED), *page.evaluate(SMALL_TARGETS, LEAST[mode])]
        assert found == [], step
        assert page.evaluate(SMALL_TEXT) >= TEXT[mode]
        if step == "asked":
            page.locator("footer button").first.click()
            page.locator("#code").wait_for()
    page.context.close()
