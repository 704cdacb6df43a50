"""The oversight inbox: approvals taken on and checked by the department that supervises them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from playwright.sync_api import Browser

from onething.domain.approvals import ApprovalState
from onething.services import overseeing
from tests.console.looking import look, told
from tests.console.office import ACCOUNTS, Office
from tests.console.test_work_supervision import rows, text
from tests.console.watched_cases import at_work, handed_in
from tests.services.office import complete_all


@pytest.fixture(scope="module", autouse=True)
def _at_work(office: Office) -> Iterator[None]:
    """The fire brigade has an officer too."""
    ACCOUNTS["officer-xf"] = (("department",), "XF")
    office.accounts["officer-xf"] = office._account("officer-xf")
    with at_work(office):
        yield
    del ACCOUNTS["officer-xf"]


@pytest.fixture
def fire(office: Office) -> str:
    """The id of a restaurant's fire check on a promise, granted and not taken on."""
    number = handed_in(office, "E-RESTAURANT", ["SITE", "LIC-CHECK", "FOOD", "FIRE-PROMISE"])
    complete_all(office.county, number)
    listed = overseeing.list_inbox(office.ports, office.actor("officer-xf"), ApprovalState.SENT).rows
    (own,) = [each for each in listed if each["case_number"] == number]
    return str(own["id"])


def test_the_inbox_goes_on_over_pages_of_its_state(
    office: Office, fire: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("staff_console.work.oversight.PAGE", 1)
    number = handed_in(office, "E-RESTAURANT", ["SITE", "LIC-CHECK", "FOOD", "FIRE-PROMISE"])
    complete_all(office.county, number)
    xf, found, onward = office.client("officer-xf"), [], "/oversight/?state=sent"
    while onward:
        page = text(xf, onward)
        found += re.findall(r'href="/console/oversight/([0-9a-f]{32})"', page)
        following = re.search(r'href="/console([^"]+)" rel="next"', page)
        onward = unescape(following[1]) if following else ""
        assert not onward or "state=sent" in onward
    assert fire in found
    assert len(found) == len(set(found)) >= 2
    assert xf.get("/oversight/", after="nonsense").status_code == 422


def test_an_approval_is_taken_on_and_its_check_reported(office: Office, fire: str) -> None:
    xf, page = office.client("officer-xf"), f"/oversight/{fire}"
    listed = text(xf, "/oversight/")
    assert f"/console{page}" in listed
    assert "重点核查" in listed
    assert "项审批结果待接收" in text(xf, "/")
    taken = xf.post(f"{page}/acknowledgement", "/oversight/")
    assert taken.status_code == 303
    assert f"/console{page}" not in text(xf, "/oversight/")
    assert f"/console{page}" in text(xf, "/oversight/", state="acknowledged")
    wordless = xf.post(f"{page}/finding", page, result="rectify", zh="", en="")
    assert wordless.status_code == 422
    assert 'data-reason="words_needed"' in wordless.get_data(as_text=True)
    assert xf.post(f"{page}/finding", page, zh="无", en="").status_code == 422
    found = xf.post(f"{page}/finding", page, result="rectify", zh="疏散通道堆放杂物", en="")
    assert found.status_code == 303
    assert any("责令整改" in row for row in rows(text(xf, "/oversight/", state="found")))
    again = xf.post(f"{page}/finding", page, result="ok", zh="", en="")
    assert again.status_code == 303
    assert "符合要求" in text(xf, page)


def test_another_department_has_no_such_approval(office: Office, fire: str) -> None:
    assert office.client("officer-ga").get(f"/oversight/{fire}").status_code == 404
    assert office.client("officer-xf").get("/oversight/nothing").status_code == 404
    assert office.client("supervisor").get("/oversight/").status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_can_be_read_and_used(office: Office, browser: Browser, language: str, fire: str) -> None:
    page = office.enter(browser, "officer-xf", language=language)
    page.goto(office.address("/oversight/"))
    wrong = look(page, f"work-oversight-{language}")
    page.goto(office.address(f"/oversight/{fire}"))
    wrong += look(page, f"work-oversight-item-{language}")
    page.context.close()
    assert not wrong, told(wrong)
