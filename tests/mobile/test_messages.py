"""A person's messages on the phone: the inbox, what they want, and one message of WeChat for each tap."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from onething.connectors.exchange import Exchange
from onething.connectors.gateway import GatewayTokens
from onething.connectors.loop import BackgroundLoop
from onething.connectors.messages.configured import find_message_ways
from onething.domain.messages import MessageKind
from onething.domain.working_days import SHANGHAI
from onething.services import messaging
from onething.worker import Worker
from sandbox.phones_wechat import openid_of
from server.doors import DOORS
from tests.http.world import write_tokens
from tests.mobile.phone import Phone, Town, refused
from tests.mobile.test_journey import fill_in
from web.app import create_app
from web.settings import DoorSettings

TEXTS = Path(__file__).resolve().parents[2] / "catalog/messages/xinxian.toml"
NOBODY_S = "0" * 32


@pytest.fixture(scope="module")
def posted(running_town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The same town, whose messages go out: WeChat is there, the gateway of texts is away."""
    loop = BackgroundLoop()
    tokens = GatewayTokens.load(write_tokens(tmp_path_factory.mktemp("tokens")))
    exchange = Exchange("http://127.0.0.1:1", tokens, loop)
    environ = {"ONETHING_MESSAGE_TEMPLATES": str(TEXTS), **running_town.providers.environment()}
    ports = replace(running_town.ports, message_ways=find_message_ways(environ, exchange))
    yield replace(running_town, app=create_app(ports, DoorSettings(), DOORS), ports=ports)
    loop.close()


@pytest.fixture
def town(town: Town, posted: Town) -> Town:
    """At ten in the morning of the next day: messages go out, whatever the hour of the test."""
    tomorrow = town.clock.at.astimezone(SHANGHAI) + timedelta(days=1)
    town.clock.at = tomorrow.replace(hour=10, minute=0).astimezone(UTC)
    return posted


@dataclass
class WeChatPhone(Phone):
    """A phone signed in by WeChat; ``user`` is the sandbox's name for who has it."""

    user: str = ""


@pytest.fixture
def mother(town: Town) -> WeChatPhone:
    """The mother by WeChat, her name proven."""
    phone = WeChatPhone(town, user=f"mother.{secrets.token_hex(6)}")
    phone.sign_in("wechat", phone.user)
    assert phone.prove("chen.mother").status_code < 300
    phone.post("/messages/reading", {})
    return phone


def tell(town: Town, login: str = "mother", kind: MessageKind = MessageKind.PART_FINISHED) -> None:
    holder = town.ports.index.of_number(town.cards["chen", login]["id_number"])
    with town.ports.records.act() as uow:
        messaging.tell(town.ports, uow, kind, holder, about="case-1", link="/m/cases/XX-1", end="JV2Q")


def allow(phone: WeChatPhone, *templates: str, user: str | None = None) -> Any:
    """The person taps, and the mini-program says so with a fresh code."""
    user = user or phone.user
    body = {"user": user, "templates": list(templates)}
    requests.post(f"{phone.town.providers.url}/admin/taps", json=body, timeout=10).raise_for_status()
    body = {"code": phone.town.providers.draw("wechat", user), "templates": list(templates)}
    return phone.ask("POST", "/message-settings/allowances", body)


def work(town: Town) -> None:
    worker = Worker(town.ports, "messages")
    for _ in range(20):
        if not worker.work_once():
            return


def arrived(town: Town, phone: WeChatPhone) -> int:
    said = requests.get(f"{town.providers.url}/admin/wechat-messages", timeout=10).json()["messages"]
    return sum(each["touser"] == openid_of(phone.user) for each in said)


def test_the_inbox_is_read_a_page_at_a_time(town: Town, mother: WeChatPhone) -> None:
    for _ in range(3):
        tell(town)
    first = mother.get("/messages?limit=2")
    assert (first["unread"], len(first["messages"])) == (3, 2)
    assert first["messages"][0] | {"id": "", "created_at": ""} == {
        "id": "",
        "kind": "part_finished",
        "zh": "您的办件有新进展",
        "en": "Your application has moved on",
        "text_zh": "尾号JV2Q的办件有事项办结。",
        "text_en": "A part of the application ending in JV2Q is completed.",
        "link": "/m/cases/XX-1",
        "until_on": None,
        "created_at": "",
        "read": False,
    }
    second = mother.get(f"/messages?limit=2&after={first['next']}")
    assert {each["id"] for each in first["messages"]}.isdisjoint(each["id"] for each in second["messages"])
    one = first["messages"][0]["id"]
    assert mother.post(f"/messages/{one}/reading", {}) == {"unread": 2}
    assert mother.post(f"/messages/{one}/reading", {}) == {"unread": 2}
    assert mother.get("/messages/unread") == {"unread": 2}
    assert mother.post("/messages/reading", {}) == {"unread": 0}


def test_anothers_message_is_not_there(town: Town, mother: WeChatPhone) -> None:
    tell(town)
    one = mother.get("/messages?limit=1")["messages"][0]["id"]
    stranger = Phone(town)
    stranger.sign_in_by_province("stranger.man")
    for wanted in (one, NOBODY_S):
        refused(stranger.ask("POST", f"/messages/{wanted}/reading", {}), 404, "not_found")
        refused(stranger.ask("GET", f"/messages?after={wanted}"), 404, "not_found")
    assert one not in {each["id"] for each in stranger.get("/messages?limit=100")["messages"]}
    assert mother.get("/messages/unread") == {"unread": 1}


def test_a_tap_brings_one_message_to_wechat(town: Town, mother: WeChatPhone) -> None:
    shown = mother.get("/message-settings")
    template = next(each["id"] for each in shown["templates"] if each["kinds"][0]["kind"] == "submitted")
    allowed = allow(mother, template)
    assert allowed.status_code == 200
    assert {each["id"]: each["left"] for each in allowed.get_json()["templates"]}[template] == 1
    for _ in range(2):
        tell(town)
        work(town)
    assert arrived(town, mother) == 1
    shown = mother.get("/message-settings")
    assert {each["id"]: each["left"] for each in shown["templates"]}[template] == 0


def test_a_tap_counts_for_ones_own_account_only(town: Town, mother: WeChatPhone) -> None:
    template = mother.get("/message-settings")["templates"][0]["id"]
    refused(allow(mother, template, user="somebody.else"), 422, "not_your_account")
    unknown = {"code": "never drawn", "templates": [template]}
    refused(mother.ask("POST", "/message-settings/allowances", unknown), 401, "phone_sign_in_refused")
    without = Phone(town)
    without.sign_in_by_province("chen.father")
    code = {"code": town.providers.draw("wechat", "x"), "templates": [template]}
    refused(without.ask("POST", "/message-settings/allowances", code), 422, "not_your_account")
    before = mother.get("/message-settings")
    assert allow(mother, "tpl-of-nobody").get_json() == before


def test_what_is_switched_off_stays_in_the_inbox(town: Town, mother: WeChatPhone) -> None:
    template = next(
        each["id"]
        for each in mother.get("/message-settings")["templates"]
        if "part_finished" in {kind["kind"] for kind in each["kinds"]}
    )
    allow(mother, template)
    saved = mother.put("/message-settings", {"ways": ["sms"], "lang": "en"})
    assert {each["code"]: each["on"] for each in saved["ways"]} == {"wechat": False, "sms": True}
    assert saved["lang"] == "en"
    tell(town)
    work(town)
    assert arrived(town, mother) == 0
    assert mother.get("/messages/unread") == {"unread": 1}
    # A legal notice comes in any case.
    tell(town, kind=MessageKind.PART_REFUSED)
    work(town)
    assert arrived(town, mother) == 1
    mother.put("/message-settings", {"ways": ["wechat", "sms"], "lang": "zh"})


def test_a_submission_is_told_in_the_act_itself(mother: WeChatPhone) -> None:
    draft = fill_in(mother)
    key = secrets.token_urlsafe(24)
    number = mother.post(f"/drafts/{draft['id']}/submission", {}, key=key)["case_number"]
    [told] = mother.get("/messages?limit=1")["messages"]
    assert (told["kind"], told["link"]) == ("submitted", f"/m/cases/{number}")


def test_both_hear_of_a_mandate_given_and_taken_back(town: Town, mother: WeChatPhone) -> None:
    agent = Phone(town)
    agent.sign_in_by_province("stranger.man")
    card = town.cards["stranger", "man"]
    body = {"name": card["name"], "id_number": card["id_number"], "things": ["P-NEWBORN"], "days": 7}
    mandate = mother.post("/mandates", body, key=secrets.token_urlsafe(24))["id"]
    mother.post(f"/mandates/{mandate}/revocation", None)
    for phone in (mother, agent):
        told = phone.get("/messages?limit=2")["messages"]
        assert [(each["kind"], each["link"]) for each in told] == [("mandate_changed", "/m/mandates")] * 2
