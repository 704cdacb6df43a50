"""Every page of the frame in Chromium: axe-clean, nothing cut, no script or policy fault, both languages."""

import pytest
from playwright.sync_api import Browser

from tests.console.looking import look, told
from tests.console.office import Office

pytestmark = pytest.mark.browser
# Page by page: name, who looks, path.
PAGES = [
    ("overview", "clerk", "/"),
    ("overview-editor", "editor", "/"),
    ("audit", "auditor", "/audit/"),
    ("accounts", "admin", "/staff/"),
    ("account-new", "admin", "/staff/new"),
    ("role-missing", "clerk", "/audit/"),
    ("not-found", "clerk", "/nowhere"),
]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_can_be_read_and_used(office: Office, browser: Browser, language: str) -> None:
    wrong: list[str] = []
    for name, login, path in PAGES:
        page = office.enter(browser, login, language=language)
        page.goto(office.address(path))
        wrong += look(page, f"{name}-{language}")
        page.context.close()
    # A page that is refused is an error to the browser's console, and said so by it.
    wrong = [each for each in wrong if "Failed to load resource" not in each]
    assert not wrong, told(wrong)
