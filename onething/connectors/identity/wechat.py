"""WeChat's mini-programs: a login code is changed for the user's openid (``jscode2session``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from onething.domain.phones import PhoneSignInRefused, ProviderAway
from onething.ports.phones import ProvenUser

TIMEOUT_SECONDS = 5
# The code is invalid, was used, or its user is kept out by WeChat; all other errors are not the citizen's.
_REFUSED = frozenset({40029, 40163, 40226})


@dataclass(frozen=True)
class WeChatSettings:
    """The mini-program by its id and secret, and where its server interface is."""

    app_id: str
    secret: str = field(repr=False)
    url: str = "https://api.weixin.qq.com"


class WeChatCodes:
    """``CodeProvider`` by GET /sns/jscode2session.

    The ``session_key`` that comes along opens what WeChat has encrypted for us: nothing of that is asked for,
    and it is dropped here.
    """

    def __init__(self, settings: WeChatSettings) -> None:
        self._settings = settings

    def identify(self, code: str) -> ProvenUser:
        """Raises ``PhoneSignInRefused`` and ``ProviderAway``."""
        answer = self._ask(code)
        number = answer.get("errcode", 0)
        if number in _REFUSED:
            raise PhoneSignInRefused
        openid = answer.get("openid")
        if number or not isinstance(openid, str) or not openid:
            raise ProviderAway
        return ProvenUser(openid)

    def _ask(self, code: str) -> Mapping[str, Any]:
        asked = {
            "appid": self._settings.app_id,
            "secret": self._settings.secret,
            "js_code": code,
            "grant_type": "authorization_code",
        }
        address = f"{self._settings.url}/sns/jscode2session"
        try:
            # WeChat answers JSON as text/plain, errors with status 200.
            said = requests.get(address, asked, timeout=TIMEOUT_SECONDS, allow_redirects=False)
            said.raise_for_status()
            answer = said.json()
        except (requests.RequestException, ValueError):
            # Without its cause: the address in it has our secret.
            raise ProviderAway from None
        if not isinstance(answer, dict):
            raise ProviderAway
        return answer
