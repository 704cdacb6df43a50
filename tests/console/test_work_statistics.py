"""Statistics, the bulletin, sources and calls, by their pages and forms."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import pypdfium2
import pytest
from playwright.sync_api import Browser

from onething.domain.clocks import day_of
from onething.services import calling_staff
from tests.console.looking import look, told
from tests.console.office import Office
from tests.console.test_work_supervision import rows, text
from tests.console.watched_cases import at_work, handed_in
from tests.services.office import complete


@pytest.fixture(scope="module", autouse=True)
def _at_work(office: Office) -> Iterator[None]:
    with at_work(office):
        number = handed_in(office, chosen=["BIRTH-CERT", "VACCINE"])
        complete(office.county, number, "BIRTH-CERT", "VACCINE")
        yield


def test_numbers_are_those_of_the_days_asked_for(office: Office) -> None:
    chief = office.client("supervisor")
    today = str(day_of(office.ports.clock.now()))
    page = text(chief, "/statistics/", first=today, last=today)
    (line,) = [row for row in rows(page) if row.startswith("卫生健康委员会")]
    before = int(line.split()[1])
    assert before >= 2
    number = handed_in(office, chosen=["BIRTH-CERT", "VACCINE"])
    complete(office.county, number, "BIRTH-CERT", "VACCINE")
    (line,) = [
        row
        for row in rows(text(chief, "/statistics/", first=today, last=today))
        if row.startswith("卫生健康委员会")
    ]
    assert int(line.split()[1]) == before + 2
    empty = text(chief, "/statistics/", first="2020-01-01", last="2020-01-31")
    assert "2020-01-01 – 2020-01-31" in empty
    assert '<span class="number">0</span><span>件收件' in empty
    assert chief.get("/statistics/", first="x", last="2099-99-99").status_code == 200
    assert office.client("officer-wj").get("/statistics/").status_code == 403


def test_statistics_leave_as_files(office: Office) -> None:
    chief = office.client("supervisor")
    book = chief.post("/statistics/export", "/statistics/", form="xlsx")
    with zipfile.ZipFile(io.BytesIO(book.get_data())) as archive:
        assert archive.testzip() is None
    lines = chief.post("/statistics/export", "/statistics/", form="csv").get_data().decode("utf-8-sig")
    assert "卫生健康委员会" in lines


def test_a_bulletin_is_a_pdf_of_its_month(office: Office) -> None:
    chief, today = office.client("supervisor"), day_of(office.ports.clock.now())
    made = chief.post("/statistics/bulletin", "/statistics/", month=f"{today:%Y-%m}")
    assert (made.status_code, made.mimetype) == (200, "application/pdf")
    first = pypdfium2.PdfDocument(made.get_data())[0].get_textpage().get_text_range()
    assert f"{today.year}年{today.month}月" in first.replace(" ", "")
    for wrong in ("2026-13", "x", "2999-01"):
        refused = chief.post("/statistics/bulletin", "/statistics/", month=wrong)
        assert refused.status_code == 303
    assert "该期间尚未开始" in text(chief, "/statistics/")


def test_a_source_that_does_not_answer_is_named(office: Office) -> None:
    county = office.county
    county.sandbox.put_mood("marriage_register", "down")
    session = county.sign_in("chen", "father")
    county.fetch(session, county.agree(session, county.open(session)))
    county.sandbox.put_mood("marriage_register", "ok")
    lines = rows(text(office.client("technician"), "/sources/"))
    (weak,) = [row for row in lines if "marriage_register" in row]
    assert "正常" not in weak
    (well,) = [row for row in lines if "e_licences" in row]
    assert "正常" in well
    assert lines.index(weak) < lines.index(well)
    assert office.client("clerk").get("/sources/").status_code == 403


def test_a_call_is_answered_once(office: Office) -> None:
    calling_staff.call(office.ports, office.county.terminal, "progress", "result_left")
    clerk = office.client("clerk")
    page = "/calls/?state=open"
    (line,) = rows(text(clerk, page))
    assert "等人去" in line
    assert "结果还在打印，请收好" in line
    assert "一楼大厅" in line
    found = re.search(r'action="/console(/calls/[^"]+/answer)"', text(clerk, page))
    assert found
    assert clerk.post(found[1], page).status_code == 303
    assert rows(text(clerk, page)) == ["没有符合条件的记录"]
    assert office.client("auditor").get("/calls/").status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_can_be_read_and_used(office: Office, browser: Browser, language: str) -> None:
    calling_staff.call(office.ports, office.county.terminal, "form", None)
    wrong: list[str] = []
    for name, login, path in [
        ("statistics", "supervisor", "/statistics/"),
        ("sources", "technician", "/sources/"),
        ("calls", "clerk", "/calls/"),
    ]:
        page = office.enter(browser, login, language=language)
        page.goto(office.address(path))
        wrong += look(page, f"work-{name}-{language}")
        page.context.close()
    page = office.enter(browser, "supervisor", language=language)
    page.goto(office.address("/statistics/"))
    page.locator("details.dialog summary").click()
    page.locator("#month").wait_for()
    wrong += look(page, f"work-bulletin-{language}")
    page.context.close()
    assert not wrong, told(wrong)
