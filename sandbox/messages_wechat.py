"""WeChat's subscription messages: the application's token, templates, and what each user has allowed.

A tap allows one message; one that was not allowed is refused with 43101. Moods: ok, busy (-1), limited
(45009), down, mute (takes the message and cuts the line).
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from sandbox.phones_wechat import APP_ID, openid_of

TOKEN_LASTS_SECONDS = 7200
_LONGEST = {
    "thing": 20, "number": 32, "letter": 32, "symbol": 5, "character_string": 32, "time": 24, "date": 24,
    "amount": 11, "phone_number": 17, "car_number": 8, "name": 10, "phrase": 5,
}  # fmt: skip
_TEMPLATE = re.compile(r"tpl-[a-z0-9-]{4,60}")
_TROUBLE = {"busy": (-1, "system error"), "limited": (45009, "reach max api daily quota limit")}


class Subscriptions:
    """Tokens, what users allowed, and what was delivered to them."""

    def __init__(self, secret: str, mood: Callable[[str], str]) -> None:
        self._secret = secret
        self._mood = mood
        self._token, self._until = "", 0.0
        self._allowed: Counter[tuple[str, str]] = Counter()
        self.delivered: list[dict[str, Any]] = []
        self.tokens_given = 0

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/wechat/cgi-bin/stable_token", self.post_token)
        app.router.add_post("/wechat/cgi-bin/message/subscribe/send", self.post_message)
        app.router.add_post("/admin/taps", self.post_tap)
        app.router.add_get("/admin/wechat-messages", self.get_delivered)
        app.router.add_delete("/admin/wechat-token", self.delete_token)

    async def post_token(self, request: web.Request) -> web.Response:
        """One token for all who ask, until it is nearly over."""
        asked = await request.json()
        if asked.get("appid") != APP_ID:
            return _said(40013, "invalid appid")
        if asked.get("secret") != self._secret:
            return _said(40125, "invalid appsecret")
        if time.monotonic() >= self._until:
            self._token, self._until = secrets.token_urlsafe(96), time.monotonic() + TOKEN_LASTS_SECONDS
            self.tokens_given += 1
        left = int(self._until - time.monotonic())
        return web.Response(text=json.dumps({"access_token": self._token, "expires_in": left}))

    async def post_message(self, request: web.Request) -> web.StreamResponse:
        """JSON as text/plain, and errors with status 200, as the real one sends them."""
        mood = self._mood("wechat_messages")
        body = await request.json()
        if mood in _TROUBLE:
            return _said(*_TROUBLE[mood])
        answer = None if mood == "down" else self._answer(request.query.get("access_token", ""), body)
        if answer is None or mood == "mute":
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        return _said(*answer)

    def _answer(self, token: str, body: Mapping[str, Any]) -> tuple[int, str]:
        if token != self._token or time.monotonic() >= self._until:
            return 40001, "invalid credential, access_token is invalid or not latest"
        if not str(body.get("touser", "")).startswith("o"):
            return 40003, "invalid openid"
        template = str(body.get("template_id"))
        if not _TEMPLATE.fullmatch(template):
            return 40037, "invalid template_id"
        fault = _fault(body.get("data"))
        if fault:
            return 47003, f"argument invalid! {fault}"
        place = str(body["touser"]), template
        if self._allowed[place] < 1:
            return 43101, "user refuse to accept the msg"
        self._allowed[place] -= 1
        self.delivered.append(dict(body))
        return 0, "ok"

    async def post_tap(self, request: web.Request) -> web.Response:
        """``{"user", "templates"}``: the user taps once, and allows one message of each (three at most)."""
        body = await request.json()
        for template in body["templates"][:3]:
            self._allowed[openid_of(body["user"]), template] += 1
        return web.json_response(dict.fromkeys(body["templates"][:3], "accept"))

    async def get_delivered(self, _request: web.Request) -> web.Response:
        """What users have in their WeChat, and how many tokens were drawn."""
        return web.json_response({"messages": self.delivered, "tokens_given": self.tokens_given})

    async def delete_token(self, _request: web.Request) -> web.Response:
        """The token is worth nothing from now on, as when its secret was changed."""
        self._until = 0.0
        return web.json_response({})


def _fault(data: Any) -> str | None:
    """The first value that its kind does not allow."""
    if not isinstance(data, dict) or not data:
        return "data is empty"
    for name, each in data.items():
        kind = re.sub(r"\d+$", "", name)
        text = str(each.get("value", "")) if isinstance(each, dict) else ""
        if kind not in _LONGEST or kind == name:
            return f"data.{name} is unknown"
        if not text or len(text) > _LONGEST[kind]:
            return f"data.{name}.value invalid"
    return None


def _said(number: int, text: str) -> web.Response:
    answer = {"errcode": number, "errmsg": f"{text} rid: {secrets.token_hex(4)}"}
    return web.Response(text=json.dumps(answer))
