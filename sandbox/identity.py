"""``python -m sandbox.identity``: the county's identity provider (OpenID Connect), with invented staff.

Whoever comes is asked for nothing but a login: this is a stand-in for one machine. It keeps the rules
that a client must meet, PKCE and one-time codes among them, and can be told to break its own tokens.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import json
import secrets
import signal
import sys
import time
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

LASTS_SECONDS = 120
# How a token can be wrong: told by the request's own ``mood`` in the login form.
MOODS = ("good", "nonce", "audience", "issuer", "expired", "key", "unsigned", "unnamed")


class Identity:
    """Codes given out, and the key the ID tokens are signed with."""

    def __init__(self, client_id: str, client_secret: str) -> None:
        self._client = (client_id, client_secret)
        self._key = generate_private_key(SECP256R1())
        self._codes: dict[str, dict[str, str]] = {}
        self.issuer = ""

    def make_app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self.discovery)
        app.router.add_get("/keys", self.keys)
        app.router.add_get("/authorize", self.ask)
        app.router.add_post("/authorize", self.answer)
        app.router.add_post("/token", self.token)
        return app

    async def discovery(self, _request: web.Request) -> web.Response:
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        found = {name: f"{self.issuer}/{path}" for name, path in ends.items()}
        return web.json_response({"issuer": self.issuer, **found})

    async def keys(self, _request: web.Request) -> web.Response:
        numbers = self._key.public_key().public_numbers()
        point = {"x": _base64(numbers.x.to_bytes(32, "big")), "y": _base64(numbers.y.to_bytes(32, "big"))}
        return web.json_response(
            {"keys": [{"kty": "EC", "crv": "P-256", "kid": "1", "use": "sig", "alg": "ES256", **point}]}
        )

    async def ask(self, request: web.Request) -> web.Response:
        """A login to be typed; everything else goes through as it came."""
        hidden = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in request.query.items()
        )
        page = (
            '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>统一身份认证（模拟）</title>'
            '<form method="post" action="authorize"><h1>统一身份认证（模拟）</h1>'
            f'{hidden}<label>账号名 <input name="login" autofocus></label><button>登录</button></form></html>'
        )
        return web.Response(text=page, content_type="text/html")

    async def answer(self, request: web.Request) -> web.Response:
        """Back to the client with a code that is good once."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        if form.get("client_id") != self._client[0] or form.get("code_challenge_method") != "S256":
            return web.Response(status=400, text="not this client, or without PKCE")
        code = secrets.token_urlsafe(24)
        self._codes[code] = form
        back = {"code": code, "state": form.get("state", ""), "iss": self.issuer}
        return web.Response(status=303, headers={"Location": f"{form['redirect_uri']}?{urlencode(back)}"})

    async def token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        given = self._codes.pop(form.get("code", ""), None)
        proof = _base64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if not self._is_client(request, form):
            return web.json_response({"error": "invalid_client"}, status=401)
        if given is None or given["code_challenge"] != proof or given["redirect_uri"] != form["redirect_uri"]:
            return web.json_response({"error": "invalid_grant"}, status=400)
        token = self._id_token(given)
        return web.json_response(
            {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "id_token": token}
        )

    def _is_client(self, request: web.Request, form: Mapping[str, str]) -> bool:
        head = request.headers.get("Authorization", "").removeprefix("Basic ")
        if head:
            name, _, secret = base64.b64decode(head).decode().partition(":")
            return (name, secret) == self._client
        return (form.get("client_id"), form.get("client_secret")) == self._client

    def _id_token(self, given: Mapping[str, str]) -> str:
        mood, now = given.get("mood", "good"), int(time.time())
        claims: dict[str, Any] = {
            "iss": "https://elsewhere.invalid" if mood == "issuer" else self.issuer,
            "aud": "another" if mood == "audience" else self._client[0],
            "sub": hashlib.sha256(given["login"].encode()).hexdigest()[:16],
            "iat": now - 3600 if mood == "expired" else now,
            "exp": now - 1800 if mood == "expired" else now + LASTS_SECONDS,
            "nonce": "another" if mood == "nonce" else given.get("nonce", ""),
        }
        if mood != "unnamed":
            claims |= self.name_claims(given["login"])
        return self._sign(claims, mood)

    def name_claims(self, login: str) -> Mapping[str, str]:
        """What the ID token says of whoever typed this login."""
        return {"preferred_username": login}

    def _sign(self, claims: Mapping[str, Any], mood: str) -> str:
        head = {"alg": "none"} if mood == "unsigned" else {"alg": "ES256", "kid": "1"}
        text = ".".join(_base64(json.dumps(part).encode()) for part in (head, claims))
        if mood == "unsigned":
            return f"{text}."
        key = generate_private_key(SECP256R1()) if mood == "key" else self._key
        r, s = decode_dss_signature(key.sign(text.encode(), ECDSA(SHA256())))
        return f"{text}.{_base64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def main() -> int:
    """Serve until told to end; says its address on the first line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.identity", description="An identity provider.")
    parser.add_argument("--port", type=int, default=8071, help="0 takes any free port")
    parser.add_argument("--client-id", default="console")
    parser.add_argument("--client-secret", default="secret of the console")
    options = parser.parse_args()
    asyncio.run(_serve(Identity(options.client_id, options.client_secret), options.port))
    return 0


async def _serve(identity: Identity, port: int) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    runner = web.AppRunner(identity.make_app(), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    host, taken = runner.addresses[0][:2]
    identity.issuer = f"http://{host}:{taken}"
    print(json.dumps({"url": identity.issuer}), flush=True)
    try:
        await ended.wait()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    sys.exit(main())
