"""Every page of the frame in Chromium: axe-clean, nothing cut, no script or policy fault, both languages."""

import io
import zipfile

import pytest
from playwright.sync_api import Browser, Page

from tests.console.looking import look, told
from tests.console.office import Office
from tests.services.ready_made import PACK

pytestmark = pytest.mark.browser
# Page by page: name, who looks, path.
PAGES = [
    ("overview-clerk", "clerk", "/"),
    ("overview-officer", "officer-wj", "/"),
    ("overview-supervisor", "supervisor", "/"),
    ("overview-editor", "editor", "/"),
    ("overview-auditor", "auditor", "/"),
    ("overview-admin", "admin", "/"),
    ("overview-technician", "technician", "/"),
    ("audit", "auditor", "/audit/"),
    ("audit-nothing", "auditor", "/audit/?case=XX-1"),
    ("accounts", "admin", "/staff/"),
    ("account-new", "admin", "/staff/new"),
    ("catalogue", "editor", "/catalogue/"),
    ("calendars", "editor", "/calendars/"),
    ("calendar-year", "supervisor", "/calendars/2026"),
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


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_acts_lead_to_can_be_read_and_used(office: Office, browser: Browser, language: str) -> None:
    wrong = [
        *go_through_the_desk(office, browser, language),
        *go_through_the_audit(office, browser, language),
    ]
    page = office.enter(browser, "admin", language=language)
    page.goto(office.address(f"/staff/{office.accounts['clerk'].staff.id}"))
    wrong += look(page, f"account-{language}")
    page.locator("input[name=roles][value=admin]").check()
    page.locator("main .form button.main").click()
    page.locator("[data-reason=duties_collide]").wait_for()
    wrong += look(page, f"account-refused-{language}")
    page.context.close()
    wrong = [each for each in wrong if "Failed to load resource" not in each]
    assert not wrong, told(wrong)


def go_through_the_desk(office: Office, browser: Browser, language: str) -> list[str]:
    page = office.enter(browser, "editor", language=language)
    page.goto(office.address("/calendars/"))
    bad = b'"2033":\n  off: [2033-01-01, 2033-13-01]\n  work: [2033-01-03]\n'
    page.set_input_files("#file", {"name": "days.yaml", "mimeType": "text/yaml", "buffer": bad})
    page.locator("main .form button.main").click()
    page.locator("[data-reason=calendar_refused]").wait_for()
    wrong = look(page, f"calendar-refused-{language}")
    good = (PACK / "calendar.yaml").read_text("utf-8").replace("    - 2026-10-07\n", "").encode()
    page.set_input_files("#file", {"name": "days.yaml", "mimeType": "text/yaml", "buffer": good})
    page.locator("main .form button.main").click()
    page.locator("[data-year]").first.wait_for()
    wrong += look(page, f"calendar-preview-{language}")
    for name, spoil in (("upload", "days: 5"), ("upload-refused", "dayz: 5")):
        send_pack(page, office, spoil)
        wrong += look(page, f"catalogue-{name}-{language}")
        if name == "upload":
            page.locator("main .plain-list a").first.click()
            page.locator("#chart svg").wait_for()
            wrong += look(page, f"catalogue-preview-{language}")
    page.context.close()
    return wrong


def send_pack(page: Page, office: Office, promise: str) -> None:
    """Upload the county's pack with one thing's promise written anew."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file in sorted(PACK.rglob("*.yaml")):
            text = file.read_text("utf-8")
            if file.stem == "P-NEWBORN":
                text = text.replace("promise:\n  days: 5", f"promise:\n  {promise.replace('5', '6')}")
            archive.writestr(str(file.relative_to(PACK)), text)
    page.goto(office.address("/catalogue/"))
    page.set_input_files(
        "#pack", {"name": "xinxian.zip", "mimeType": "application/zip", "buffer": out.getvalue()}
    )
    page.locator("main .form button.main").click()
    page.wait_for_url("**/uploads/**")


def go_through_the_audit(office: Office, browser: Browser, language: str) -> list[str]:
    page = office.enter(browser, "auditor", language=language)
    page.goto(office.address("/audit/"))
    page.locator("details.dialog summary").click()
    page.locator("#number").wait_for()
    wrong = look(page, f"audit-dialog-{language}")
    page.keyboard.press("Escape")
    page.locator("form[action$='/verification'] button").click()
    page.locator("[data-chain=whole]").wait_for()
    wrong += look(page, f"audit-verified-{language}")
    page.context.close()
    return wrong
