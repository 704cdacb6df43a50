"""Ratings put right and appealed against at the console, by their pages and forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from playwright.sync_api import Browser

from onething.domain.clocks import day_of
from onething.services import rating
from tests.console.looking import look, told
from tests.console.office import Desk, Office
from tests.console.test_work_supervision import rows, text
from tests.console.watched_cases import at_work, handed_in
from tests.services.office import citizen, complete

COMMENT = "跑了三趟才办好"


@pytest.fixture(scope="module", autouse=True)
def _at_work(office: Office) -> Iterator[None]:
    with at_work(office):
        yield


def rated(office: Office, level: str = "dissatisfied", *, named: bool = False) -> tuple[str, str]:
    """The id of a rating of a case that WJ led, and the case's number."""
    county = office.county
    number = handed_in(office, chosen=["BIRTH-CERT", "VACCINE"])
    complete(county, number, "BIRTH-CERT", "VACCINE")
    actor = citizen(county)
    reasons = ["visits"] if level == "dissatisfied" else []
    made = rating.rate(
        county.ports,
        replace(actor),
        number,
        level=level,
        channel="kiosk",
        reasons=reasons,
        comment=COMMENT,
        named=named,
    )
    return made["id"], number


def test_the_lists_of_low_ratings_and_of_appeals_go_on_over_pages(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("staff_console.work.ratings.PAGE", 2)
    wj, chief = office.client("officer-wj"), office.client("supervisor")
    made = {rated(office)[0] for _ in range(3)}
    for each in made:
        wj.post(f"/ratings/{each}/appeal", f"/ratings/{each}", ground="mistaken", reason="不是本局的事项")
    assert made <= set(over_pages(wj, "/ratings/rectifications"))
    assert made <= set(over_pages(chief, "/ratings/appeals"))
    for at in ("/ratings/rectifications", "/ratings/appeals"):
        assert chief.get(at, after="nonsense").status_code == 422


def over_pages(desk: Desk, at: str) -> list[str]:
    """The ratings on every page of a list, each once."""
    found: list[str] = []
    onward: str | None = at
    while onward:
        page = text(desk, onward)
        here = re.findall(r'href="/console/ratings/([0-9a-f]{32})"', page)
        assert len(here) <= 2
        found += here
        following = re.search(r'href="/console([^"]+)" rel="next"', page)
        onward = unescape(following[1]) if following else None
    assert len(found) == len(set(found))
    return found


def test_a_low_rating_is_called_back_and_put_right(office: Office) -> None:
    made, number = rated(office, named=True)
    wj = office.client("officer-wj")
    (line,) = [row for row in rows(text(wj, "/ratings/rectifications")) if number in row]
    assert "待回访" in line
    assert COMMENT in line
    assert "条差评待整改" in text(wj, "/")
    page = f"/ratings/{made}"
    assert f"{page}/settlement" not in text(wj, page)
    assert wj.post(f"{page}/call", page, reached="yes", note=" ").status_code == 422
    assert wj.post(f"{page}/call", page, reached="yes", note="已电话致歉").status_code == 303
    said = {"finding": "justified", "zh": "已增开窗口", "en": ""}
    refused = wj.post(f"{page}/settlement", page, remedy="promised", remedy_on="", **said)
    assert refused.status_code == 422
    body = refused.get_data(as_text=True)
    assert 'data-reason="words_needed"' in body
    assert "已增开窗口" in body
    tomorrow = day_of(office.ports.clock.now()) + timedelta(days=1)
    settled = wj.post(f"{page}/settlement", page, remedy="promised", remedy_on=str(tomorrow), **said)
    assert settled.status_code == 303
    assert "限期整改" in text(wj, page)
    assert not any(number in row for row in rows(text(wj, "/ratings/rectifications")))
    with office.ports.records.read() as uow:
        rectified = uow.ratings.find_rectification_of(made)
    assert rectified is not None
    assert (rectified.finding_text, rectified.remedy_on) == ({"zh": "已增开窗口", "en": ""}, tomorrow)


def test_an_anonymous_rating_is_never_beside_its_case(office: Office) -> None:
    made, number = rated(office)
    for login in ("officer-wj", "supervisor"):
        desk = office.client(login)
        for path in ("/ratings/", "/ratings/rectifications", f"/ratings/{made}"):
            page = text(desk, path)
            assert number not in page
        assert COMMENT in text(desk, f"/ratings/{made}")


def test_an_anonymous_rating_is_put_right_without_a_call(office: Office) -> None:
    made, _ = rated(office)
    page, wj = f"/ratings/{made}", office.client("officer-wj")
    assert f"{page}/call" not in text(wj, page)
    settled = wj.post(
        f"{page}/settlement", page, finding="not_justified", remedy="explained", zh="经核实只需一趟", en=""
    )
    assert settled.status_code == 303
    with office.ports.records.read() as uow:
        rectified = uow.ratings.find_rectification_of(made)
    assert rectified is not None
    assert rectified.state == "settled"


def test_another_department_has_no_such_rating(office: Office) -> None:
    made, _ = rated(office)
    ga = office.client("officer-ga")
    assert ga.get(f"/ratings/{made}").status_code == 404
    assert ga.get("/ratings/nothing").status_code == 404
    assert not any("卫生健康" in row for row in rows(text(ga, "/ratings/")))
    assert office.client("clerk").get("/ratings/").status_code == 403
    assert ga.get("/ratings/appeals").status_code == 403


def test_an_appeal_is_decided_by_a_supervisor_and_the_trace_stays(office: Office) -> None:
    made, _ = rated(office)
    page = f"/ratings/{made}"
    wj, chief = office.client("officer-wj"), office.client("supervisor")
    assert f"{page}/appeal" not in text(chief, page)
    assert wj.post(f"{page}/appeal", page, ground="malicious", reason="").status_code == 422
    assert wj.post(f"{page}/appeal", page, ground="mistaken", reason="评的是别的窗口").status_code == 303
    assert f"{page}/appeal/decision" not in text(wj, page)
    assert any("评的是别的窗口" in row for row in rows(text(chief, "/ratings/appeals")))
    decided = chief.post(f"{page}/appeal/decision", page, excluded="yes", decision="核对取号记录，属误评")
    assert decided.status_code == 303
    after = text(wj, page)
    assert "已剔除" in after
    assert COMMENT in after
    assert "属误评" in after
    assert any("已剔除" in row for row in rows(text(wj, "/ratings/", state="excluded")))
    assert not any("评的是别的窗口" in row for row in rows(text(chief, "/ratings/appeals")))


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_can_be_read_and_used(office: Office, browser: Browser, language: str) -> None:
    low, _ = rated(office, named=True)
    other, _ = rated(office)
    rated(office, "very_satisfied")
    page, wj = f"/ratings/{other}", office.client("officer-wj")
    wj.post(f"{page}/appeal", page, ground="malicious", reason="同一人当日连续评价多次，附取号记录")
    wrong: list[str] = []
    for name, login, path in [
        ("ratings", "supervisor", "/ratings/"),
        ("rating-ledger", "officer-wj", "/ratings/rectifications"),
        ("rating-appeals", "supervisor", "/ratings/appeals"),
        ("rating-low", "officer-wj", f"/ratings/{low}"),
        ("rating-appealed", "supervisor", page),
    ]:
        shown = office.enter(browser, login, language=language)
        shown.goto(office.address(path))
        wrong += look(shown, f"work-{name}-{language}")
        shown.context.close()
    assert not wrong, told(wrong)
