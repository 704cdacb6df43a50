"""The list of data-sharing needs: filtered, and many brought to one state, by the page's form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest
from playwright.sync_api import Browser

from onething.domain.needs import NeedState
from onething.services import data_needs
from tests.console.looking import look, told
from tests.console.office import Desk, Office
from tests.console.test_work_supervision import rows, text

BIRTHS = "/needs/?source=birth_register&thing=P-NEWBORN"


@pytest.fixture(autouse=True)
def _as_agreed(office: Office) -> Iterator[None]:
    yield
    with office.ports.records.act() as uow:
        for need in uow.data_needs.list_all():
            uow.data_needs.save(replace(need, state=NeedState.AGREED), need.state)


def keys(page: str) -> list[str]:
    return [unescape(key) for key in re.findall(r'name="key" value="([^"]+)"', page)]


def send(desk: Desk, page: str, **fields: object) -> tuple[int, str]:
    """The form as the page writes it, its filters in its own address."""
    answer = desk.post(page, page, **fields)
    return answer.status_code, answer.get_data(as_text=True)


def states(office: Office, source: str, thing: str) -> set[str]:
    listed = data_needs.list_needs(office.ports, office.actor("editor"))
    return {each["state"] for each in listed if (each["source"], each["thing"]) == (source, thing)}


def test_needs_are_narrowed_and_paged(office: Office) -> None:
    editor = office.client("editor")
    births = rows(text(editor, BIRTHS))
    assert births
    assert all("出生医学证明" in row for row in births)
    assert len(rows(text(editor, BIRTHS + "&fact=医院"))) < len(births)
    whole = text(editor, "/needs/")
    onward = re.search(r'href="([^"]+)" rel="next"', whole)
    assert onward
    second = text(editor, unescape(onward[1]).removeprefix("/console"))
    assert not set(keys(whole)) & set(keys(second))
    assert rows(text(editor, "/needs/?state=refused")) == ["没有符合条件的记录"]


def test_what_is_ticked_is_revoked_with_a_reason_and_nothing_else(office: Office) -> None:
    editor = office.client("editor")
    first, second, *_ = keys(text(editor, BIRTHS))
    status, page = send(editor, BIRTHS, key=[first], to="revoked", number="", reason="")
    assert status == 422
    assert 'data-reason="words_needed"' in page
    assert re.search(re.escape(first) + r'"[^>]* checked', page)
    assert send(editor, BIRTHS, to="revoked", number="", reason="系统升级")[0] == 422
    assert send(editor, BIRTHS, key=[first], to="revoked", number="", reason="系统升级")[0] == 303
    revoked = [each for each in data_needs.list_needs(office.ports, office.actor("editor")) if each["reason"]]
    assert first in {each["key"] for each in revoked if each["state"] == "revoked"}
    assert second not in {each["key"] for each in revoked if each["state"] == "revoked"}


def test_all_that_the_filters_choose_goes_together_or_not_at_all(office: Office) -> None:
    editor = office.client("editor")
    assert send(editor, BIRTHS, all="yes", to="revoked", number="", reason="暂停共享")[0] == 303
    assert states(office, "birth_register", "P-NEWBORN") == {"revoked"}
    first = keys(text(editor, BIRTHS))[0]
    assert send(editor, BIRTHS, key=[first], to="submitted", number="", reason="")[0] == 303
    status, page = send(editor, BIRTHS, all="yes", to="agreed", number="新政数函〔2026〕12号", reason="")
    assert status == 422
    assert 'data-reason="need_move"' in page
    assert states(office, "birth_register", "P-NEWBORN") == {"revoked", "submitted"}
    asked = BIRTHS + "&state=revoked"
    assert send(editor, asked, all="yes", to="submitted", number="", reason="")[0] == 303
    agreed = {"all": "yes", "to": "agreed", "number": "新政数函〔2026〕12号", "reason": ""}
    assert send(editor, BIRTHS, **agreed)[0] == 303
    assert states(office, "birth_register", "P-NEWBORN") == {"agreed"}


def test_a_department_answers_for_its_own_records_only(office: Office) -> None:
    ga, wj = office.client("officer-ga"), office.client("officer-wj")
    assert rows(text(ga, BIRTHS)) == ["没有符合条件的记录"]
    page = text(wj, BIRTHS)
    assert 'value="revoked"' in page
    assert 'value="submitted"' not in page.partition('name="to"')[2].partition("</select>")[0]
    key = keys(page)[0]
    own = "/needs/?thing=P-NEWBORN"
    hidden = ga.hidden(own, own)
    forged = {**hidden, "key": key, "to": "revoked", "number": "", "reason": "不归我管"}
    assert ga.send("/needs/", forged).status_code == 422
    assert states(office, "birth_register", "P-NEWBORN") == {"agreed"}
    assert send(wj, BIRTHS, key=[key], to="revoked", number="", reason="系统升级")[0] == 303
    assert 'name="to"' not in text(office.client("supervisor"), BIRTHS)


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_can_be_read_and_used(office: Office, browser: Browser, language: str) -> None:
    page = office.enter(browser, "editor", language=language)
    page.goto(office.address(BIRTHS))
    wrong = look(page, f"work-needs-{language}")
    page.locator("tbody input[type=checkbox]").first.check()
    page.locator("#to").select_option("refused")
    page.locator("main button.main").click()
    page.locator("[data-reason]").wait_for()
    wrong += look(page, f"work-needs-refused-{language}")
    page.context.close()
    # A page that is refused is an error to the browser's console, and said so by it.
    wrong = [each for each in wrong if "Failed to load resource" not in each]
    assert not wrong, told(wrong)
