"""The work pages in Chromium: axe-clean, nothing cut, no script or policy fault, both languages."""

import pytest
from playwright.sync_api import Browser

from onething.services import accepting, handling, issuing
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
def test_pages_of_what_waits_for_the_applicant_can_be_read(
    office: Office, browser: Browser, language: str
) -> None:
    asked, granted = submitted(office, with_page=True), sent_out(office, "WJ", "GA")
    clerk = office.actor("clerk")
    wants = [
        {"material": "marriage", "zh": "缺第二页", "en": "The second page is missing"},
        {"zh": "请补充联系电话", "en": "Another telephone number"},
    ]
    accepting.want_supplement(office.ports, clerk, asked, matter=None, wants=wants)
    made = [{"document": "birth_certificate", "of": "child", "identifier": "C410003"}]
    report = {"kind": "completed", "result": {"documents": made}}
    handling.decide(office.ports, office.actor("officer-wj"), granted, "BIRTH-CERT", report)
    page = office.enter(browser, "clerk", language=language)
    page.goto(office.address(f"/cases/{asked}"))
    wrong = look(page, f"work-case-gathered-{language}")
    accepting.ask_supplement(office.ports, clerk, asked)
    for name, path in (("asked", f"/cases/{asked}"), ("papers", f"/cases/{asked}/desk")):
        page.goto(office.address(path))
        wrong += look(page, f"work-case-{name}-{language}")
    page.goto(office.address(f"/cases/{granted}/results"))
    wrong += look(page, f"work-results-held-{language}")
    issuing.ask_partial(office.ports, clerk, granted)
    page.goto(office.address(f"/cases/{granted}/results"))
    wrong += look(page, f"work-results-ready-{language}")
    page.goto(office.address("/cases/"))
    page.fill("input[name=phone]", "19900000001")
    page.locator("form.filters button.main").click()
    page.locator("main table").wait_for()
    wrong += look(page, f"work-found-{language}")
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
