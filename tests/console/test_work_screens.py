"""The work pages in Chromium: axe-clean, nothing cut, no script or policy fault, both languages."""

import pytest
from playwright.sync_api import Browser

from tests.console.looking import look, told
from tests.console.office import Office
from tests.console.work_cases import sent_out, submitted

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def cases(office: Office) -> dict[str, str]:
    return {
        "waiting": submitted(office),
        "paper": submitted(office, with_page=True),
        "handled": sent_out(office, "WJ", "GA"),
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_clerks_pages_can_be_read_and_used(
    office: Office, browser: Browser, cases: dict[str, str], language: str
) -> None:
    pages = [
        ("window", "/window/"),
        ("finding", "/cases/"),
        ("case-to-accept", f"/cases/{cases['paper']}"),
        ("case-handled", f"/cases/{cases['handled']}"),
        ("case-desk", f"/cases/{cases['handled']}/desk"),
        ("case-results", f"/cases/{cases['handled']}/results"),
        ("case-course", f"/cases/{cases['handled']}/timeline"),
    ]
    wrong: list[str] = []
    page = office.enter(browser, "clerk", language=language)
    for name, path in pages:
        page.goto(office.address(path))
        wrong += look(page, f"work-{name}-{language}")
    page.goto(office.address(f"/cases/{cases['paper']}"))
    page.locator("details.dialog summary.grave").click()
    page.locator("#reason").wait_for()
    wrong += look(page, f"work-case-refusal-{language}")
    page.context.close()
    assert not wrong, told(wrong)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_officers_pages_can_be_read_and_used(
    office: Office, browser: Browser, cases: dict[str, str], language: str
) -> None:
    page = office.enter(browser, "officer-wj", language=language)
    page.goto(office.address("/department/"))
    wrong = look(page, f"work-department-{language}")
    page.goto(office.address(f"/department/{cases['handled']}/BIRTH-CERT"))
    wrong += look(page, f"work-part-{language}")
    page.locator("details.dialog summary.main, details.dialog summary").first.click()
    wrong += look(page, f"work-part-complete-{language}")
    page.context.close()
    assert not wrong, told(wrong)
