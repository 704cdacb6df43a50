"""Alipay's gateway: ``alipay.system.oauth.token``, requests and answers signed with RSA2.

Moods: ok, busy (20000), forged (an answer that somebody else has signed), unsigned.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from sandbox.phones_wechat import LoginCode

APP_ID = "2021000000000000"
METHOD = "alipay.system.oauth.token"


class Alipay:
    """The gateway with its own key, and the application's key as it was uploaded there."""

    def __init__(
        self, folder: Path, find_code: Callable[[str], LoginCode | None], mood: Callable[[str], str]
    ) -> None:
        self._find_code = find_code
        self._mood = mood
        self._key, application = _make_key(), _make_key()
        self._application = application.public_key()
        file = folder / "alipay-key.pem"
        file.touch(mode=0o600)
        file.write_bytes(application.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        public = self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (folder / "alipay-public-key.pem").write_bytes(public)

    async def gateway(self, request: web.Request) -> web.Response:
        """One answer for each method; only the one that changes a code for a user is spoken."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        return web.Response(text=self._answer(form), content_type="text/html")

    def _answer(self, form: Mapping[str, str]) -> str:
        if self._mood("alipay") == "busy":
            return self._error("20000", "Service Currently Unavailable", "isp.unknow-error", "系统繁忙")
        if form.get("app_id") != APP_ID or not self._is_signed(form):
            return self._error("40002", "Invalid Arguments", "isv.invalid-signature", "验签出错")
        if form.get("method") != METHOD or form.get("grant_type") != "authorization_code":
            return self._error("40002", "Invalid Arguments", "isv.grant-type-invalid", "授权类型无效")
        code = self._find_code(form.get("code", ""))
        if code is None or code.used:
            return self._error("40002", "Invalid Arguments", "isv.code-invalid", "授权码code无效")
        code.used = True
        user = hashlib.sha256(f"alipay {code.user}".encode()).hexdigest()
        held = {
            "access_token": f"authusrB{secrets.token_hex(16)}",
            "expires_in": 1296000,
            "open_id": f"0{user[:40]}",
            "refresh_token": f"authusrB{secrets.token_hex(16)}",
        }
        return self._signed("alipay_system_oauth_token_response", held)

    def _is_signed(self, form: Mapping[str, str]) -> bool:
        text = "&".join(f"{name}={form[name]}" for name in sorted(form) if name != "sign" and form[name])
        try:
            sign = base64.b64decode(form.get("sign", ""), validate=True)
            self._application.verify(sign, text.encode(), PKCS1v15(), SHA256())
        except (InvalidSignature, ValueError):
            return False
        return form.get("sign_type") == "RSA2"

    def _error(self, code: str, text: str, sub_code: str, sub_text: str) -> str:
        held = {"code": code, "msg": text, "sub_code": sub_code, "sub_msg": sub_text}
        return self._signed("error_response", held)

    def _signed(self, name: str, held: Mapping[str, Any]) -> str:
        text, mood = json.dumps(held, ensure_ascii=False), self._mood("alipay")
        key = _make_key() if mood == "forged" else self._key
        sign = base64.b64encode(key.sign(text.encode(), PKCS1v15(), SHA256())).decode()
        ending = "" if mood == "unsigned" else f',"sign":"{sign}"'
        return f'{{"{name}":{text}{ending}}}'


def _make_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)
