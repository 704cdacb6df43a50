"""Departments at one appointment, and a fee that holds up only its own result, over the pages' forms."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.console.looking import look, told
from tests.console.office import Desk, Office
from tests.console.work_cases import part_of, seen
from tests.services.office import planted, work

BOTH = {"FOOD": "officer-sj", "SIGN": "officer-cg"}


def act(office: Office, login: str, number: str, matter: str, what: str, **fields: Any) -> Any:
    desk, path = office.client(login), f"/department/{number}/{matter}"
    return desk.post(f"{path}/{what}", path, **fields)


def text_of(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


@pytest.fixture
def number(office: Office) -> str:
    """A restaurant of which the food licence and the sign are in handling."""
    number = planted(office.county, "E-RESTAURANT", ["LIC-CHECK", *BOTH])
    act(office, "officer-sj", number, "LIC-CHECK", "completion")
    work(office.county)
    for matter, login in BOTH.items():
        act(office, login, number, matter, "acceptance")
        assert part_of(office, number, matter)["state"] == "in_handling"
    return number


def states(office: Office, number: str) -> dict[str, str]:
    return {matter: part_of(office, number, matter)["state"] for matter in BOTH}


def test_one_appointment_and_each_department_signs_its_part(office: Office, number: str) -> None:
    past = act(office, "officer-sj", number, "FOOD", "visits/SITE", visit_at="2020-01-01T09:00")
    assert past.status_code == 422
    act(office, "officer-sj", number, "FOOD", "visits/SITE", visit_at="2031-03-05T09:30")
    assert set(states(office, number).values()) == {"suspended"}
    sign = text_of(office.client("officer-cg").get(f"/department/{number}/SIGN"))
    assert "2031-03-05 09:30" in sign
    bare = act(office, "officer-cg", number, "SIGN", "visits/SITE/signature", finding="failed")
    assert (bare.status_code, 'data-reason="reason_needed"' in text_of(bare)) == (422, True)
    said = {"finding": "passed_with_remarks", "remark": "招牌尺寸要改小"}
    act(office, "officer-cg", number, "SIGN", "visits/SITE/signature", **said)
    assert states(office, number) == {"FOOD": "suspended", "SIGN": "in_handling"}
    assert "招牌尺寸要改小" in text_of(office.client("officer-sj").get(f"/department/{number}/FOOD"))
    act(office, "officer-sj", number, "FOOD", "visits/SITE/signature", finding="passed")
    assert set(states(office, number).values()) == {"in_handling"}
    [visit] = seen(office, number)["visits"]
    assert {matter: each["result"] for matter, each in visit["signed"].items()} == {
        "SIGN": "passed_with_remarks",
        "FOOD": "passed",
    }


def test_a_fee_is_recorded_once_by_its_receipt(office: Office) -> None:
    number = planted(office.county, "P-HOUSE-TRANSFER")
    clerk: Desk = office.client("clerk")
    owed = [part for part in seen(office, number)["parts"] if part["fee"] and part["fee"]["owed"]]
    assert owed
    path = f"/cases/{number}/fees/{owed[0]['matter']}"
    hidden = clerk.hidden(f"/cases/{number}/desk", path)
    assert clerk.send(path, {**hidden, "proof": "豫财 0012345"}).status_code == 303
    assert part_of(office, number, owed[0]["matter"])["fee"]["proof"] == "豫财 0012345"
    again = {**hidden, "once": "another-key", "proof": "豫财 0099999"}
    clerk.send(path, again)
    assert 'data-reason="no_fee"' in text_of(clerk.get(f"/cases/{number}/desk"))
    assert part_of(office, number, owed[0]["matter"])["fee"]["proof"] == "豫财 0012345"


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_of_a_visit_and_of_fees_can_be_read(
    office: Office, browser: Browser, number: str, language: str
) -> None:
    act(office, "officer-sj", number, "FOOD", "visits/SITE", visit_at="2031-03-05T09:30")
    page = office.enter(browser, "officer-cg", language=language)
    page.goto(office.address(f"/department/{number}/SIGN"))
    wrong = look(page, f"work-visit-{language}")
    page.context.close()
    fees = planted(office.county, "P-HOUSE-TRANSFER")
    page = office.enter(browser, "clerk", language=language)
    page.goto(office.address(f"/cases/{fees}/desk"))
    wrong += look(page, f"work-fees-{language}")
    page.goto(office.address(f"/cases/{fees}"))
    wrong += look(page, f"work-flow-{language}")
    page.context.close()
    assert not wrong, told(wrong)
