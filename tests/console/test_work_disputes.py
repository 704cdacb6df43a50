"""The disputes desk: the department that keeps a record answers, by its pages and forms."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from onething.services import answering_disputes, disputing
from tests.console.looking import look, told
from tests.console.office import Office
from tests.console.test_work_supervision import rows, text
from tests.console.watched_cases import at_work
from tests.services.county import field
from tests.services.test_pages import page as evidence

FACT, OWN, RIGHT = "child.birth_hospital", "新县中医院", "新县人民医院东院区"


@pytest.fixture(scope="module", autouse=True)
def _at_work(office: Office) -> Iterator[None]:
    with at_work(office):
        yield


@pytest.fixture
def disputed(office: Office) -> Iterator[tuple[str, str]]:
    """The id of an open dispute at WJ, with a page of evidence, and what its record says."""
    county = office.county
    session = county.sign_in()
    draft = county.fetch(session, county.agree(session, county.open(session)))
    record = str(field(draft, FACT)["value"])
    disputing.dispute_in_draft(
        county.ports, session, draft["id"], fact=FACT, value=OWN, evidence=[evidence()]
    )
    (made,) = [
        each
        for each in answering_disputes.list_open(county.ports, office.actor("officer-wj"))
        if each["fact"] == FACT
    ]
    yield made["id"], record
    if open_now(office, made["id"]):
        desk = office.client("officer-wj")
        page = f"/disputes/{made['id']}"
        desk.post(f"{page}/answer", page, outcome="rejected", zh="测试结束", en="", value="")


def open_now(office: Office, dispute: str) -> bool:
    listed = answering_disputes.list_open(office.ports, office.actor("officer-wj"))
    return dispute in {each["id"] for each in listed}


def test_both_sides_and_the_evidence_are_for_who_answers(office: Office, disputed: tuple[str, str]) -> None:
    dispute, record = disputed
    wj = office.client("officer-wj")
    listed = text(wj, "/disputes/", state="open")
    assert f"/console/disputes/{dispute}" in listed
    assert OWN not in listed
    page = text(wj, f"/disputes/{dispute}")
    assert record in page
    assert OWN in page
    at = page.partition('class="sheets"')[2].partition('<img src="/console')[2].partition('"')[0]
    shown = wj.get(at)
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert office.client("officer-ga").get(at).status_code == 404
    assert office.client("officer-ga").get(f"/disputes/{dispute}").status_code == 404
    assert office.client("supervisor").get(f"/disputes/{dispute}").status_code == 403
    assert OWN not in text(office.client("supervisor"), "/disputes/")


def test_a_record_is_corrected(office: Office, disputed: tuple[str, str]) -> None:
    dispute, _ = disputed
    wj, page = office.client("officer-wj"), f"/disputes/{dispute}"
    without = wj.post(f"{page}/answer", page, outcome="corrected", value="", zh="登记时误选", en="")
    assert without.status_code == 422
    assert "登记时误选" in without.get_data(as_text=True)
    assert open_now(office, dispute)
    hidden = wj.hidden(page, f"{page}/answer")
    fields = {**hidden, "outcome": "corrected", "value": RIGHT, "zh": "登记时误选，已更正", "en": ""}
    assert wj.send(f"{page}/answer", fields).status_code == 303
    assert wj.send(f"{page}/answer", fields).status_code == 303
    after = text(wj, page)
    assert RIGHT in after
    assert "登记时误选，已更正" in after
    assert f"{page}/answer" not in after


@pytest.mark.parametrize(("outcome", "word"), [("explained", "已说明"), ("rejected", "未采纳")])
def test_a_record_is_explained_or_stood_by(
    office: Office, disputed: tuple[str, str], outcome: str, word: str
) -> None:
    dispute, _ = disputed
    wj, page = office.client("officer-wj"), f"/disputes/{dispute}"
    assert wj.post(f"{page}/answer", page, outcome=outcome, value="", zh=" ", en="").status_code == 422
    done = wj.post(f"{page}/answer", page, outcome=outcome, value="", zh="以出生医学证明存根为准", en="")
    assert done.status_code == 303
    assert word in text(wj, page)
    assert any(word in row for row in rows(text(wj, "/disputes/", state=outcome)))


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_can_be_read_and_used(
    office: Office, browser: Browser, language: str, disputed: tuple[str, str]
) -> None:
    dispute, _ = disputed
    page = office.enter(browser, "officer-wj", language=language)
    page.goto(office.address("/disputes/"))
    wrong = look(page, f"work-disputes-{language}")
    page.goto(office.address(f"/disputes/{dispute}"))
    wrong += look(page, f"work-dispute-{language}")
    page.context.close()
    assert not wrong, told(wrong)
