"""WeChat's subscription messages: POST /cgi-bin/message/subscribe/send, under the application's own token."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests

from onething.connectors.identity.wechat import WeChatSettings
from onething.ports import DeliveryFailed
from onething.ports.messages import Letter, NotWanted

TIME_LIMIT_S = 10.0
# Where a tap on the message leads; its list leads on to what it is about.
PAGE = "pages/messages/messages"
_LANGUAGES = {"zh": "zh_CN", "en": "en_US"}
# A token is left before its end, so that none runs out under way.
_SPARE_S = 300.0
_TOKEN_REFUSED = frozenset({40001, 40014, 42001})
_NOT_WANTED = 43101
# What may pass: the system is busy, the day's or minute's number is used up.
_LATER: Mapping[int, str] = {-1: "busy", 45009: "rate_limited", 45011: "rate_limited"}
_OURS: Mapping[int, str] = {47003: "bad_argument", 40037: "bad_template", 40003: "bad_receiver"}


class WeChatTokens:
    """The application's access token, two hours long, for every thread of this process.

    It is asked of /cgi-bin/stable_token, where WeChat keeps one token for all who ask: a second worker does
    not end the first one's.
    """

    def __init__(self, settings: WeChatSettings, now: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._now = now
        self._lock = threading.Lock()
        self._token, self._until = "", 0.0

    def get(self) -> str:
        """A token that is good for a while; raises ``DeliveryFailed``."""
        with self._lock:
            if self._now() >= self._until:
                said = _post(f"{self._settings.url}/cgi-bin/stable_token", {}, self._asked())
                token, lasts = said.get("access_token"), said.get("expires_in", 0)
                if not isinstance(token, str) or not token or not isinstance(lasts, int):
                    raise DeliveryFailed(f"wechat_{said.get('errcode', 'nonsense')}", retryable=True)
                self._token, self._until = token, self._now() + max(lasts - _SPARE_S, 1.0)
            return self._token

    def forget(self, token: str) -> None:
        """WeChat does not know it: the next one asks anew, unless another has already."""
        with self._lock:
            if token == self._token:
                self._until = 0.0

    def _asked(self) -> dict[str, str]:
        return {
            "grant_type": "client_credential",
            "appid": self._settings.app_id,
            "secret": self._settings.secret,
        }


class WeChatMessages:
    """``MessageWay``. WeChat knows no key of ours: whoever does not hear its answer must not ask again."""

    def __init__(self, settings: WeChatSettings, tokens: WeChatTokens | None = None) -> None:
        self._url = f"{settings.url}/cgi-bin/message/subscribe/send"
        self._tokens = tokens or WeChatTokens(settings)

    def send(self, letter: Letter) -> str:
        """WeChat's own id, where it says one; raises ``NotWanted`` and ``DeliveryFailed``."""
        number, answer = self._sent(letter)
        if number in _TOKEN_REFUSED:
            number, answer = self._sent(letter)
        if number == 0:
            return str(answer.get("msgid", ""))
        if number == _NOT_WANTED:
            raise NotWanted
        if number in _LATER or number in _TOKEN_REFUSED:
            raise DeliveryFailed(_LATER.get(number, "token_refused"), retryable=True)
        raise DeliveryFailed(_OURS.get(number, f"wechat_{number}"), retryable=False)

    def _sent(self, letter: Letter) -> tuple[int, Mapping[str, Any]]:
        token = self._tokens.get()
        body = {
            "touser": letter.to,
            "template_id": letter.template,
            "page": PAGE,
            "data": {name: {"value": text} for name, text in letter.data.items()},
            "lang": _LANGUAGES[letter.lang],
        }
        answer = _post(self._url, {"access_token": token}, body)
        number = answer.get("errcode")
        if not isinstance(number, int):
            raise DeliveryFailed("unknown", retryable=False)
        if number in _TOKEN_REFUSED:
            self._tokens.forget(token)
        return number, answer


def _post(url: str, query: Mapping[str, str], body: Mapping[str, Any]) -> Mapping[str, Any]:
    """WeChat's answer as an object.

    A connection that never stood sent nothing and may be tried again; what broke later may have been heard.
    """
    try:
        said = requests.post(url, params=dict(query), json=body, timeout=TIME_LIMIT_S, allow_redirects=False)
    except requests.RequestException as error:
        # Without its cause: the address in it has our token.
        never_stood = "NewConnectionError" in repr(error) or isinstance(error, requests.ConnectTimeout)
        raise DeliveryFailed("down" if never_stood else "unknown", retryable=never_stood) from None
    try:
        answer = said.json()
    except ValueError:
        answer = None
    if said.status_code != 200 or not isinstance(answer, dict):
        raise DeliveryFailed("unknown", retryable=False) from None
    return answer
