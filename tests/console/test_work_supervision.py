"""The board, late matters and supervision orders, by their pages and forms."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape

import pytest
from playwright.sync_api import Browser

from onething.services import supervising
from tests.console.looking import look, told
from tests.console.office import Desk, Office
from tests.console.watched_cases import at_work, handed_in, late_case
from tests.services.office import complete


@pytest.fixture(scope="module", autouse=True)
def _at_work(office: Office) -> Iterator[None]:
    with at_work(office):
        yield


@pytest.fixture(scope="module")
def late(office: Office) -> str:
    """A case with two matters, both past their day and ordered by themselves."""
    return late_case(office)


def text(desk: Desk, path: str, **query: str) -> str:
    answer = desk.get(path, **query)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def rows(page: str) -> list[str]:
    """The lines of a page's table, as words."""
    found = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in found]


def test_the_board_says_each_clock_in_words_and_who_holds_a_case_up(office: Office, late: str) -> None:
    fresh = handed_in(office)
    desk = office.client("supervisor")
    (line,) = [row for row in rows(text(desk, "/supervision/board")) if late in row]
    assert line.startswith("超期")
    assert "卫生健康委员会" in line
    assert "个工作日" in line
    red = rows(text(desk, "/supervision/board", colour="red"))
    assert any(late in row for row in red)
    assert not any(fresh in row for row in red)
    green = rows(text(desk, "/supervision/board", colour="green"))
    assert any(fresh in row for row in green)
    assert all(row.startswith("正常") for row in green)
    assert rows(text(desk, "/supervision/board", state="withdrawn")) == ["没有符合条件的记录"]


def test_the_board_s_numbers_are_those_of_the_filter(office: Office, late: str) -> None:
    desk = office.client("supervisor")

    def counts(**query: str) -> dict[str, int]:
        nav = text(desk, "/supervision/board", **query).partition('class="colours"')[2].partition("</nav>")[0]
        found = re.findall(r"colour=(\w+).*?<b>(\d+)</b>", nav, re.DOTALL)
        return {colour: int(count) for colour, count in found}

    assert counts()["red"] >= 1
    assert counts(thing="P-NEWBORN")["red"] == len(
        rows(text(desk, "/supervision/board", thing="P-NEWBORN", colour="red"))
    )
    assert sum(counts(thing="E-RESTAURANT").values()) == 0


def test_pages_of_the_board_follow_each_other(office: Office) -> None:
    for _ in range(31):
        handed_in(office)
    desk = office.client("supervisor")
    first = text(desk, "/supervision/board", colour="green")
    onward = re.search(r'href="([^"]+)" rel="next"', first)
    assert onward
    second = text(desk, unescape(onward[1]).removeprefix("/console"))
    assert "colour=green" in onward[1]
    assert len(rows(first)) == 30
    assert not {row.split()[1] for row in rows(first)} & {row.split()[1] for row in rows(second)}
    assert desk.get("/supervision/board", after="nonsense").status_code == 422


def test_an_officer_sees_late_matters_of_their_own_department(office: Office, late: str) -> None:
    own = rows(text(office.client("officer-wj"), "/supervision/late"))
    assert sum(late in row for row in own) == 2
    assert all("卫生健康委员会" in row for row in own)
    foreign = rows(text(office.client("officer-ga"), "/supervision/late"))
    assert not any(late in row for row in foreign)
    assert office.client("officer-wj").get("/supervision/late", department="GA").status_code == 200


def test_a_supervisor_orders_and_the_department_answers(office: Office, late: str) -> None:
    chief, wj, ga = (office.client(each) for each in ("supervisor", "officer-wj", "officer-ga"))
    page = f"/orders/new?case={late}"
    refused = chief.post("/orders/new", page, matter="VACCINE", reason="  ")
    assert refused.status_code == 422
    issued = chief.post("/orders/new", page, matter="VACCINE", reason="群众来电催办，请今日办结")
    assert issued.status_code == 303
    order = issued.location.rpartition("/")[2]
    assert "群众来电催办" in text(wj, f"/orders/{order}")
    part = f"/department/{late}/VACCINE"
    assert f'href="/console{part}"' in text(wj, f"/orders/{order}")
    assert wj.get(part).status_code == 200
    assert ga.get(f"/orders/{order}").status_code == 404
    assert "/answer" not in text(chief, f"/orders/{order}")
    assert wj.post(f"/orders/{order}/answer", f"/orders/{order}", answer="").status_code == 422
    hidden = wj.hidden(f"/orders/{order}", f"/orders/{order}/answer")
    done = wj.send(f"/orders/{order}/answer", {**hidden, "answer": "已联系村医，今日接种登记办结"})
    assert done.status_code == 303
    again = wj.send(f"/orders/{order}/answer", {**hidden, "answer": "已联系村医，今日接种登记办结"})
    assert again.status_code == 303
    assert "今日接种登记办结" in text(chief, f"/orders/{order}")
    (line,) = [row for row in rows(text(chief, "/orders/", state="answered")) if "群众来电催办" in row]
    assert "已答复" in line
    assert not any("群众来电催办" in row for row in rows(text(ga, "/orders/")))


def test_a_case_leads_to_its_orders_and_to_a_new_one(office: Office, late: str) -> None:
    page = text(office.client("supervisor"), f"/cases/{late}")
    order = re.search(r'href="/console(/orders/[0-9a-f]+)"', page)
    assert order is not None
    assert late in text(office.client("supervisor"), order[1])
    new = f"/orders/new?case={late}"
    assert f'href="/console{new}"' in page
    assert office.client("supervisor").get(new).status_code == 200
    seen = text(office.client("clerk"), f"/cases/{late}")
    assert "督办" in seen
    assert "/orders/" not in seen


def test_orders_that_issued_themselves_say_so(office: Office, late: str) -> None:
    lines = [row for row in rows(text(office.client("officer-wj"), "/orders/", state="open")) if late in row]
    assert lines
    assert all("系统自动" in row for row in lines)


def test_an_answer_from_elsewhere_is_not_lost_when_two_answer(office: Office, late: str) -> None:
    wj = office.client("officer-wj")
    issued = office.client("supervisor").post(
        "/orders/new", f"/orders/new?case={late}", matter="", reason="请牵头部门说明"
    )
    order = issued.location.rpartition("/")[2]
    hidden = wj.hidden(f"/orders/{order}", f"/orders/{order}/answer")
    supervising.answer_order(office.ports, office.actor("officer-wj"), order, answer="同事先答复")
    late_one = wj.send(f"/orders/{order}/answer", {**hidden, "answer": "我的答复"})
    assert late_one.status_code == 422
    page = late_one.get_data(as_text=True)
    assert 'data-reason="already_answered"' in page
    assert "同事先答复" in page


def test_only_those_of_the_role_come_in(office: Office) -> None:
    for login, path, status in [
        ("clerk", "/supervision/board", 200),
        ("officer-ga", "/supervision/board", 403),
        ("clerk", "/orders/", 403),
        ("officer-ga", "/orders/new?case=X", 403),
        ("supervisor", "/orders/new?case=X", 404),
        ("supervisor", "/orders/X", 404),
        ("auditor", "/supervision/late", 403),
    ]:
        assert office.client(login).get(path).status_code == status, path


def test_the_board_leaves_as_a_file_and_the_audit_knows(office: Office, late: str) -> None:
    chief = office.client("supervisor")
    board = "/supervision/board?colour=red"
    answer = chief.post("/supervision/export", board, form="csv")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert any(late in line for line in lines)
    assert all("超期" in line for line in lines[1:])
    book = chief.post("/supervision/export", board, form="xlsx").get_data()
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert late in "".join(archive.read(name).decode() for name in archive.namelist())
    audited = text(office.client("auditor"), "/audit/")
    assert "board_exported" in audited


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_can_be_read_and_used(office: Office, browser: Browser, language: str, late: str) -> None:
    complete(office.county, handed_in(office, chosen=["BIRTH-CERT", "VACCINE"]), "BIRTH-CERT")
    wrong: list[str] = []
    for name, login, path in [
        ("board", "supervisor", "/supervision/board"),
        ("board-red", "supervisor", "/supervision/board?colour=red"),
        ("late", "supervisor", "/supervision/late"),
        ("orders", "supervisor", "/orders/"),
        ("orders-officer", "officer-wj", "/orders/"),
        ("order-new", "supervisor", f"/orders/new?case={late}"),
        ("overview-supervisor", "supervisor", "/"),
    ]:
        page = office.enter(browser, login, language=language)
        page.goto(office.address(path))
        wrong += look(page, f"work-{name}-{language}")
        page.context.close()
    page = office.enter(browser, "officer-wj", language=language)
    page.goto(office.address("/orders/?state=open"))
    page.locator("tbody a").first.click()
    page.locator("#answer").wait_for()
    wrong += look(page, f"work-order-{language}")
    page.context.close()
    assert not wrong, told(wrong)
