"""The inbox's pages, looked at: what is told, where it leads, and by which ways it comes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from onething.domain.messages import MessageKind
from onething.services import messaging
from tests.console.looking import CLIPPED, PICTURES, violations
from tests.phone_pages.street import SMALL_PHONE, Street, Walker

INBOX, SETTINGS = "/m/messages", "/m/messages/settings"
NOBODY_S = "0" * 32


def tell(street: Street, kind: MessageKind, login: str = "mother", link: str = "/m/") -> str:
    holder = street.ports.index.of_number(street.cards["chen", login]["id_number"])
    until = street.clock.at.date()
    with street.ports.records.act() as uow:
        told = messaging.tell(
            street.ports, uow, kind, holder, about="case-1", link=link, end="JV2Q", until_on=until
        )
    return told.id


def test_a_message_leads_to_what_it_is_about_and_is_read_then(street: Street, mother: Walker) -> None:
    told = tell(street, MessageKind.SUPPLEMENT_WANTED, link="/m/account")
    page = mother.get(INBOX).get_data(as_text=True)
    assert "尾号JV2Q的办件需要补正" in page
    assert "未读" in page
    assert "未读" in mother.get(INBOX).get_data(as_text=True), "looking at the list reads nothing"
    answer = mother.post(f"{INBOX}/{told}/opening", INBOX)
    assert (answer.status_code, answer.location) == (303, "/m/account")
    tell(street, MessageKind.PART_FINISHED)
    assert mother.post(f"{INBOX}/reading", INBOX).status_code == 303
    assert "未读" not in mother.get(INBOX).get_data(as_text=True)


def test_a_link_leads_nowhere_else(street: Street, mother: Walker) -> None:
    told = tell(street, MessageKind.PART_FINISHED, link="https://elsewhere.example/m/")
    assert mother.post(f"{INBOX}/{told}/opening", INBOX).location == "/m/"


def test_anothers_message_does_not_open(street: Street, stranger: Walker) -> None:
    told = tell(street, MessageKind.PART_FINISHED)
    for wanted in (told, NOBODY_S):
        assert stranger.send(f"{INBOX}/{wanted}/opening", {}).status_code == 404
        assert stranger.get(f"{INBOX}?after={wanted}").status_code == 404


def test_older_messages_are_a_page_on(street: Street, mother: Walker) -> None:
    for _ in range(21):
        tell(street, MessageKind.PART_FINISHED)
    page = mother.get(INBOX).get_data(as_text=True)
    assert "更早的消息" in page
    after = page.partition(f"{INBOX}?after=")[2].partition('"')[0]
    assert "回到最新" in mother.get(f"{INBOX}?after={after}").get_data(as_text=True)


def test_what_one_wants_is_kept(mother: Walker) -> None:
    assert "事项未通过" in mother.get(SETTINGS).get_data(as_text=True)
    mother.post(SETTINGS, SETTINGS, lang="en")
    assert 'value="en" checked' in mother.get(SETTINGS).get_data(as_text=True)
    refused = mother.post(SETTINGS, SETTINGS, lang="fr")
    assert (refused.status_code, refused.location) == (303, SETTINGS)
    mother.post(SETTINGS, SETTINGS, lang="zh")


@pytest.mark.parametrize("mode", ["plain", "care"])
def test_the_pages_are_fit_for_worried_eyes(street: Street, browser: Browser, mode: str) -> None:
    tell(street, MessageKind.SUPPLEMENT_WANTED)
    page = street.enter(browser, "chen.mother", mode=mode)
    for path in (INBOX, SETTINGS):
        page.goto(street.url + path)
        assert violations(page) == []
        if PICTURES:
            name = f"phone-{path.rpartition('/')[2]}-{mode}.png"
            page.screenshot(path=str(Path(PICTURES) / name), full_page=True)
    page.set_viewport_size(SMALL_PHONE)
    for path in (INBOX, SETTINGS):
        page.goto(street.url + path)
        assert page.evaluate(CLIPPED) == []
    page.context.close()
