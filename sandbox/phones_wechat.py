"""WeChat: codes changed for openids with its own error codes, for a mini-program and for pages inside WeChat.

Moods of ``wechat``: ok, busy (-1), limited (45011), blocked (40226), down, nonsense. ``wechat_pages`` has
them too, and snapshot (a user made up for a page that is looked at as a snapshot). ``wechat_union`` in the
mood linked: both apps belong together, and their users have a unionid.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Callable
from html import escape
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from aiohttp import web

APP_ID = "wx0123456789abcdef"
PAGES_APP_ID = "wxfedcba9876543210"
# The hosts that a page may be sent back to: what an operator registers as 网页授权域名.
PAGE_HOSTS = frozenset({"127.0.0.1", "localhost"})
# The parameters in the one order that WeChat takes; a state has letters and digits only.
_AUTHORIZE = re.compile(
    r"appid=(?P<appid>[^&]*)&redirect_uri=(?P<redirect_uri>[^&]+)&response_type=code"
    r"&scope=(?P<scope>snsapi_base|snsapi_userinfo)(?:&state=(?P<state>[A-Za-z0-9]{0,128}))?"
)
_TROUBLE = {"busy": (-1, "system error"), "limited": (45011, "api minute-quota reach limit  mustslower")}


class LoginCode(Protocol):
    """A code that was drawn for somebody."""

    user: str
    used: bool


class Codes(Protocol):
    """The login codes of one app."""

    def draw(self, user: str) -> str: ...

    def find(self, code: str) -> LoginCode | None: ...


class WeChat:
    """What the server of one app asks of WeChat; ``name`` is the app's, by which its mood is known."""

    name = "wechat"
    app_id = APP_ID
    code_name = "js_code"

    def __init__(self, secret: str, codes: Codes, mood: Callable[[str], str]) -> None:
        self._secret = secret
        self._codes = codes
        self._mood = mood

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/wechat/sns/jscode2session", self.change)

    async def change(self, request: web.Request) -> web.StreamResponse:
        """JSON as text/plain, and errors with status 200, as the real one sends them."""
        mood = self._mood(self.name)
        if mood == "down":
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if mood == "nonsense":
            return web.Response(text="<html>系统繁忙</html>", content_type="text/html")
        return web.Response(text=json.dumps(self._answer(dict(request.query), mood)))

    def _answer(self, asked: dict[str, str], mood: str) -> dict[str, Any]:
        if mood in _TROUBLE:
            return _error(*_TROUBLE[mood])
        if asked.get("appid") != self.app_id:
            return _error(40013, "invalid appid")
        if asked.get("secret") != self._secret:
            return _error(40125, "invalid appsecret")
        if asked.get("grant_type") != "authorization_code":
            return _error(40002, "invalid grant_type")
        if not asked.get(self.code_name):
            return _error(41008, "missing code")
        code = self._codes.find(asked[self.code_name])
        if code is None:
            return _error(40029, "invalid code")
        if mood == "blocked":
            return _error(40226, "code blocked")
        if code.used:
            return _error(40163, "code been used")
        code.used = True
        return {**self._user(code.user, mood), **self._union(code.user)}

    def _user(self, user: str, _mood: str) -> dict[str, Any]:
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        return {"openid": openid_of(user), "session_key": key}

    def _union(self, user: str) -> dict[str, str]:
        return {"unionid": _name_of("union", user)} if self._mood("wechat_union") == "linked" else {}


class WeChatPages(WeChat):
    """The same for pages inside WeChat: web authorisation with ``snsapi_base``."""

    name = "wechat_pages"
    app_id = PAGES_APP_ID
    code_name = "code"

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/wechat/sns/oauth2/access_token", self.change)
        app.router.add_get("/wechat/connect/oauth2/authorize", self.show)
        app.router.add_post("/wechat/connect/oauth2/authorize", self.come_back)

    async def show(self, request: web.Request) -> web.Response:
        """WeChat knows whose phone it is; here it is asked. What the county got wrong is said as there."""
        wrong = self._judge(request.rel_url.raw_query_string)
        if wrong:
            return web.Response(text=f"<h1>{escape(wrong)}</h1>", content_type="text/html")
        page = (
            '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>微信（模拟）</title>'
            '<form method="post"><h1>微信（模拟）</h1><label>微信用户 <input name="user" autofocus></label>'
            '<button>继续</button><button name="no" value="no">拒绝</button></form></html>'
        )
        return web.Response(text=page, content_type="text/html")

    async def come_back(self, request: web.Request) -> web.Response:
        """Back with a code that is good once; somebody who refuses comes back without."""
        query = request.rel_url.raw_query_string
        if self._judge(query):
            return web.Response(status=400)
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        form = await request.post()
        code = {} if form.get("no") else {"code": self._codes.draw(str(form.get("user", "")))}
        back = urlencode({**code, "state": asked.get("state", "")})
        return web.Response(status=302, headers={"Location": f"{asked['redirect_uri']}?{back}"})

    def _judge(self, query: str) -> str:
        found = _AUTHORIZE.fullmatch(query)
        if found is None:
            return "该链接无法访问"
        if found["appid"] != self.app_id:
            return "AppID 参数错误"
        host = urlsplit(unquote(found["redirect_uri"])).hostname
        return "" if host in PAGE_HOSTS else "redirect_uri域名与后台配置不一致，错误码:10003"

    def _user(self, user: str, mood: str) -> dict[str, Any]:
        snapshot = {"is_snapshotuser": 1} if mood == "snapshot" else {}
        openid = _name_of("pages", secrets.token_hex(8) if snapshot else user)
        tokens = {name: secrets.token_urlsafe(48) for name in ("access_token", "refresh_token")}
        return {**tokens, "expires_in": 7200, "openid": openid, "scope": "snsapi_base", **snapshot}


def openid_of(user: str) -> str:
    """28 characters, the same for the same user of the mini-program."""
    return _name_of("wechat", user)


def _name_of(app: str, user: str) -> str:
    return "o" + base64.urlsafe_b64encode(hashlib.sha256(f"{app} {user}".encode()).digest()).decode()[:27]


def _error(number: int, text: str) -> dict[str, Any]:
    return {"errcode": number, "errmsg": f"{text}, rid: {secrets.token_hex(4)}"}
