"""WeChat's ``jscode2session``: codes changed for openids, with its own error codes.

Moods: ok, busy (-1), limited (45011), blocked (40226), down, nonsense.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from typing import Any, Protocol

from aiohttp import web

APP_ID = "wx0123456789abcdef"
_TROUBLE = {"busy": (-1, "system error"), "limited": (45011, "api minute-quota reach limit  mustslower")}


class LoginCode(Protocol):
    """A code that was drawn for somebody."""

    user: str
    used: bool


class WeChat:
    """What a mini-program's server asks of WeChat."""

    def __init__(
        self, secret: str, find_code: Callable[[str], LoginCode | None], mood: Callable[[str], str]
    ) -> None:
        self._secret = secret
        self._find_code = find_code
        self._mood = mood

    async def code2session(self, request: web.Request) -> web.StreamResponse:
        """JSON as text/plain, and errors with status 200, as the real one sends them."""
        mood = self._mood("wechat")
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
        if asked.get("appid") != APP_ID:
            return _error(40013, "invalid appid")
        if asked.get("secret") != self._secret:
            return _error(40125, "invalid appsecret")
        if asked.get("grant_type") != "authorization_code":
            return _error(40002, "invalid grant_type")
        code = self._find_code(asked.get("js_code", ""))
        if code is None:
            return _error(40029, "invalid code")
        if mood == "blocked":
            return _error(40226, "code blocked")
        if code.used:
            return _error(40163, "code been used")
        code.used = True
        return {
            "openid": openid_of(code.user),
            "session_key": base64.b64encode(secrets.token_bytes(16)).decode(),
        }


def openid_of(user: str) -> str:
    """28 characters, the same for the same user."""
    return "o" + base64.urlsafe_b64encode(hashlib.sha256(f"wechat {user}".encode()).digest()).decode()[:27]


def _error(number: int, text: str) -> dict[str, Any]:
    return {"errcode": number, "errmsg": f"{text}, rid: {secrets.token_hex(4)}"}
