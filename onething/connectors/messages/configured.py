"""By which ways an installation's messages go out, and in which texts, as the environment configures it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from onething.connectors.exchange import Exchange
from onething.connectors.identity.wechat import WeChatSettings
from onething.connectors.messages.sms import GatewayTexts
from onething.connectors.messages.wechat import WeChatMessages
from onething.domain.message_templates import Templates, read_templates
from onething.domain.messages import Way
from onething.ports.messages import MessageWay, MessageWays


def load_templates(file: Path) -> Templates:
    """The texts in a TOML file; raises ``OSError`` and, for what cannot be used, ``ValueError``."""
    return read_templates(tomllib.loads(file.read_text("utf-8")))


def find_message_ways(environ: Mapping[str, str], exchange: Exchange) -> MessageWays:
    """The ways for which texts were approved; raises ``OSError``, ``KeyError`` and ``ValueError``."""
    file = environ.get("ONETHING_MESSAGE_TEMPLATES")
    if not file:
        return MessageWays()
    templates = load_templates(Path(file))
    ways: dict[Way, MessageWay] = {}
    if templates.list_ids(Way.WECHAT) and environ.get("ONETHING_WECHAT_APP"):
        ways[Way.WECHAT] = WeChatMessages(_wechat(environ))
    if templates.list_ids(Way.SMS):
        ways[Way.SMS] = GatewayTexts(exchange)
    return MessageWays(ways, templates)


def _wechat(environ: Mapping[str, str]) -> WeChatSettings:
    secret = Path(environ["ONETHING_WECHAT_SECRET_FILE"]).read_text("utf-8").strip()
    url = environ.get("ONETHING_WECHAT_URL", WeChatSettings.url).rstrip("/")
    return WeChatSettings(environ["ONETHING_WECHAT_APP"], secret, url)
