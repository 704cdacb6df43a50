"""Messages over real HTTP: WeChat's subscription messages with its own refusals, and the gateway's texts."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from onething.connectors.exchange import Exchange
from onething.connectors.identity.wechat import WeChatSettings
from onething.connectors.messages.check import check
from onething.connectors.messages.configured import find_message_ways, load_templates
from onething.connectors.messages.sms import GatewayTexts
from onething.connectors.messages.wechat import WeChatMessages, WeChatTokens
from onething.domain.message_templates import LONGEST, BadTemplates, read_templates
from onething.domain.messages import MessageKind, Way, wordings
from onething.ports import DeliveryFailed
from onething.ports.messages import Letter, NotWanted
from sandbox.phones_wechat import APP_ID, openid_of
from sandbox.running import RunningSandbox
from tests.mobile.providers import Providers, run_providers

FILE = Path(__file__).resolve().parents[2] / "catalog/messages/xinxian.toml"
TEMPLATES = load_templates(FILE)
PROGRESS = TEMPLATES.find(Way.WECHAT, MessageKind.SUBMITTED, "zh")
assert PROGRESS is not None
USER = "somebody"
LETTER = Letter("send-1", openid_of(USER), PROGRESS.id, PROGRESS.said(LONGEST), "zh")
TEXT = Letter("text-1", "19900001234", "SMS_000001", {"end": "JV2Q", "link": "http://127.0.0.1:9/m/"}, "zh")
Failure = Callable[[Letter], str]


@pytest.fixture(scope="module")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Providers]:
    with run_providers(tmp_path_factory.mktemp("providers")) as running:
        yield running


@pytest.fixture(scope="module")
def settings(providers: Providers) -> WeChatSettings:
    secret = (providers.folder / "wechat-secret").read_text("ascii")
    return WeChatSettings(APP_ID, secret, f"{providers.url}/wechat")


@pytest.fixture
def wechat(settings: WeChatSettings) -> WeChatMessages:
    return WeChatMessages(settings)


def tap(providers: Providers, *templates: str) -> None:
    body = {"user": USER, "templates": list(templates)}
    requests.post(f"{providers.url}/admin/taps", json=body, timeout=10).raise_for_status()


def delivered(providers: Providers) -> dict[str, Any]:
    said: dict[str, Any] = requests.get(f"{providers.url}/admin/wechat-messages", timeout=10).json()
    return said


def failing(send: Failure, letter: Letter) -> tuple[str, bool]:
    with pytest.raises(DeliveryFailed) as failed:
        send(letter)
    return failed.value.reason, failed.value.retryable


def test_one_tap_carries_one_message(providers: Providers, wechat: WeChatMessages) -> None:
    tap(providers, LETTER.template)
    wechat.send(LETTER)
    last = delivered(providers)["messages"][-1]
    assert last["touser"] == openid_of(USER)
    assert last["data"]["character_string2"] == {"value": "JV2Q"}
    assert (last["lang"], last["page"]) == ("zh_CN", "pages/messages/messages")
    with pytest.raises(NotWanted):
        wechat.send(LETTER)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"template": "none such"}, "bad_template"),
        ({"data": {"thing1": "字" * 21}}, "bad_argument"),
        ({"data": {"phrase3": "六个字太长了"}}, "bad_argument"),
        ({"to": "nobody"}, "bad_receiver"),
    ],
)
def test_what_is_wrong_is_not_tried_again(
    wechat: WeChatMessages, changed: dict[str, Any], reason: str
) -> None:
    assert failing(wechat.send, replace(LETTER, **changed)) == (reason, False)


@pytest.mark.parametrize(
    ("mood", "failure"),
    [
        ("busy", ("busy", True)),
        ("limited", ("rate_limited", True)),
        ("down", ("unknown", False)),
        ("mute", ("unknown", False)),
    ],
)
def test_trouble_says_whether_a_second_try_is_safe(
    providers: Providers, wechat: WeChatMessages, mood: str, failure: tuple[str, bool]
) -> None:
    tap(providers, LETTER.template)
    with providers.in_mood("wechat_messages", mood):
        assert failing(wechat.send, LETTER) == failure


def test_where_nobody_listens_nothing_was_sent(settings: WeChatSettings) -> None:
    away = WeChatMessages(replace(settings, url="http://127.0.0.1:1"))
    assert failing(away.send, LETTER) == ("down", True)


def test_workers_share_one_token_and_replace_one_that_died(
    providers: Providers, settings: WeChatSettings
) -> None:
    before = delivered(providers)["tokens_given"]
    tap(providers, LETTER.template)
    first, second = WeChatMessages(settings), WeChatMessages(settings)
    first.send(LETTER)
    tap(providers, LETTER.template)
    second.send(LETTER)
    assert delivered(providers)["tokens_given"] in (before, before + 1)
    given = delivered(providers)["tokens_given"]
    requests.delete(f"{providers.url}/admin/wechat-token", timeout=10).raise_for_status()
    tap(providers, LETTER.template)
    first.send(LETTER)
    assert delivered(providers)["tokens_given"] == given + 1


def test_a_token_is_kept_for_its_two_hours(providers: Providers, settings: WeChatSettings) -> None:
    now = [0.0]
    tokens = WeChatTokens(settings, lambda: now[0])
    first = tokens.get()
    with providers.in_mood("wechat", "down"):
        now[0] = 6000.0
        assert tokens.get() == first
    wrong = WeChatTokens(replace(settings, secret="not ours"))
    with pytest.raises(DeliveryFailed) as refused:
        wrong.get()
    assert (refused.value.reason, refused.value.retryable) == ("wechat_40125", True)
    assert "not ours" not in repr(settings) + str(refused.value)


def test_a_text_goes_out_once_under_its_key(sandbox: RunningSandbox, exchange: Exchange) -> None:
    texts = GatewayTexts(exchange)
    assert check(exchange).ok
    assert texts.send(TEXT) == texts.send(TEXT)
    [sent] = [each for each in sandbox.list_texts() if each["body"]["key"] == TEXT.id]
    assert (sent["deliveries"], sent["body"]["mobile"]) == (2, TEXT.to)
    assert failing(texts.send, replace(TEXT, id="text-2", to="12")) == ("refused", False)
    assert failing(texts.send, replace(TEXT, to="19900001235")) == ("refused", False)
    sandbox.put_mood("messages", "down")
    assert failing(texts.send, replace(TEXT, id="text-3")) == ("down", True)
    sandbox.put_mood("messages", "ok")


def test_the_county_s_texts_are_taken_by_whom_they_are_for(
    providers: Providers, wechat: WeChatMessages, exchange: Exchange
) -> None:
    """Every template with the longest that it can ever say, past the provider's own rules."""
    ways = {Way.WECHAT: wechat.send, Way.SMS: GatewayTexts(exchange).send}
    for place, template in enumerate(TEMPLATES.all):
        to = openid_of(USER) if template.way is Way.WECHAT else TEXT.to
        if template.way is Way.WECHAT:
            tap(providers, template.id)
        ways[template.way](Letter(f"all-{place}", to, template.id, template.said(LONGEST), template.lang))
    for kind, wording in wordings().items():
        assert all(TEMPLATES.find(way, kind, "zh") for way in wording.ways), kind


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"data": {"thing1": "您的办件已经收到并且正在由有关部门办理之中"}}, "at most 20 characters"),
        ({"data": {"phrase3": "收到{end}"}}, "at most 5 characters"),
        ({"data": {"phrase3": "ok"}}, "cannot say"),
        ({"data": {"date4": "{end}"}}, "cannot say"),
        ({"data": {"thing1": "{name}您好"}}, "no other word"),
        ({"data": {"thing1": "{end.__class__}"}}, "no other word"),
        ({"data": {"title": "您好"}}, "no value of a subscription message"),
        ({"data": {"thing1": ""}}, "at most 20 characters"),
        ({"id": " "}, "id is missing"),
        ({"way": "pigeon"}, "pigeon"),
        ({"kind": "gossip"}, "gossip"),
        ({"lang": "fr"}, "fr"),
        ({"colour": "red"}, "way, kind, lang, id and data"),
    ],
)
def test_texts_that_cannot_be_sent_are_found_before(change: dict[str, Any], said: str) -> None:
    good = {"way": "wechat", "kind": "submitted", "id": "tpl-1", "data": {"thing1": "您的办件已收到"}}
    assert read_templates({"templates": [good]}).all
    with pytest.raises(BadTemplates) as refused:
        read_templates({"templates": [{**good, **change}]})
    assert said in str(refused.value)


def test_two_texts_for_one_thing_and_stray_words_are_found() -> None:
    read = tomllib.loads(FILE.read_text("utf-8"))
    with pytest.raises(BadTemplates) as refused:
        read_templates({"templates": [*read["templates"], read["templates"][0]], "more": 1})
    assert len(refused.value.problems) == 2


def test_without_texts_there_is_the_inbox_alone(
    tmp_path: Path, providers: Providers, exchange: Exchange
) -> None:
    assert find_message_ways({}, exchange).ways == {}
    environ = {"ONETHING_MESSAGE_TEMPLATES": str(FILE)}
    assert list(find_message_ways(environ, exchange).ways) == [Way.SMS]
    assert set(find_message_ways({**environ, **providers.environment()}, exchange).ways) == set(Way)
    with pytest.raises(OSError, match="none"):
        find_message_ways({"ONETHING_MESSAGE_TEMPLATES": str(tmp_path / "none.toml")}, exchange)
