"""WeChat: a code that a phone was given is changed for the user's openid, in a mini-program or on pages."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import requests
import structlog
from authlib.common.security import generate_token

from onething.domain.phones import PhoneSignInRefused, ProviderAway
from onething.ports.phones import ProvenUser
from onething.ports.staff import OutwardStep

log = structlog.get_logger("onething.identity")

TIMEOUT_SECONDS = 5
AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"
# Letters and digits: WeChat takes nothing else, and 128 of them at most.
STATE_LENGTH = 48
# The code is invalid, was used, too old, or its user is kept out by WeChat; all other errors are not the
# citizen's.
_REFUSED = frozenset({40029, 40163, 40226, 42003})
_WAY = "wechat"


@dataclass(frozen=True)
class WeChatSettings:
    """One app of the county's at WeChat by its id and secret, and where WeChat's server interface is."""

    app_id: str
    secret: str = field(repr=False)
    url: str = "https://api.weixin.qq.com"


class WeChatCodes:
    """``CodeProvider`` of the mini-program, by GET /sns/jscode2session.

    The ``session_key`` that comes along opens what WeChat has encrypted for us: nothing of that is asked for,
    and it is dropped here.
    """

    def __init__(self, settings: WeChatSettings) -> None:
        self._settings = settings

    def identify(self, code: str) -> ProvenUser:
        """Raises ``PhoneSignInRefused`` and ``ProviderAway``."""
        answer = ask(self._settings, "/sns/jscode2session", js_code=code)
        return ProvenUser(_openid_in(answer), union=_union_in(answer))


class WeChatPages:
    """``WebProvider`` of the county's service account: web authorisation (网页授权), scope ``snsapi_base``.

    WeChat's own browser is sent away and comes back with a code, changed by GET /sns/oauth2/access_token for
    the openid; the person is asked nothing, nothing else is learnt, and the tokens that come too are dropped.
    """

    def __init__(self, settings: WeChatSettings, authorize: str = AUTHORIZE) -> None:
        self._settings = settings
        self._authorize = authorize

    def begin(self, return_to: str) -> OutwardStep:
        """Where to send WeChat's browser; nobody is asked yet."""
        state = generate_token(STATE_LENGTH)
        # In this order: WeChat compares the address with a pattern.
        asked = {
            "appid": self._settings.app_id,
            "redirect_uri": return_to,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        }
        address = f"{self._authorize}?{urlencode(asked)}#wechat_redirect"
        return OutwardStep(address, {"way": _WAY, "state": state})

    def finish(self, kept: Mapping[str, str], answer: Mapping[str, str]) -> ProvenUser:
        """Raises ``PhoneSignInRefused`` and ``ProviderAway``."""
        state, code = answer.get("state", ""), answer.get("code", "")
        same = secrets.compare_digest(state.encode(), kept.get("state", "").encode())
        if kept.get("way") != _WAY or not state or not same or not code:
            raise PhoneSignInRefused
        said = ask(self._settings, "/sns/oauth2/access_token", code=code)
        # A page looked at as a snapshot has a user that WeChat made up: another one the next time.
        if said.get("is_snapshotuser"):
            raise PhoneSignInRefused
        # One app's openids say nothing of another's: this one's are kept apart from the mini-program's.
        return ProvenUser(f"pages:{_openid_in(said)}", union=_union_in(said))


def ask(settings: WeChatSettings, path: str, **code: str) -> Mapping[str, Any]:
    """What WeChat says to a code; raises ``PhoneSignInRefused`` and ``ProviderAway``."""
    answer = read(settings, path, **code)
    number = answer.get("errcode", 0)
    if number in _REFUSED:
        raise PhoneSignInRefused
    if number:
        # 40013, 40125, 40164: our id, our secret, our address. The operator has to read it somewhere.
        log.warning("wechat_refuses_us", path=path, errcode=number)
        raise ProviderAway
    return answer


def read(settings: WeChatSettings, path: str, **code: str) -> Mapping[str, Any]:
    """The answer as it came, errors too; raises ``ProviderAway``."""
    asked = {
        "appid": settings.app_id,
        "secret": settings.secret,
        **code,
        "grant_type": "authorization_code",
    }
    try:
        # WeChat answers JSON as text/plain, errors with status 200.
        said = requests.get(f"{settings.url}{path}", asked, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        said.raise_for_status()
        answer = said.json()
    except (requests.RequestException, ValueError):
        # Without its cause: the address in it has our secret.
        raise ProviderAway from None
    if not isinstance(answer, dict):
        raise ProviderAway
    return answer


def _openid_in(answer: Mapping[str, Any]) -> str:
    openid = answer.get("openid")
    if not isinstance(openid, str) or not openid:
        raise ProviderAway
    return openid


def _union_in(answer: Mapping[str, Any]) -> str | None:
    """The user's name over all apps of one owner, where WeChat has been told that they belong together."""
    union = answer.get("unionid")
    return union if isinstance(union, str) and union else None
