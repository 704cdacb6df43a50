"""Alipay's mini-programs: a code is changed for the user's id (``alipay.system.oauth.token``)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from onething.domain.phones import PhoneSignInRefused, ProviderAway
from onething.domain.working_days import SHANGHAI
from onething.ports.phones import ProvenUser

TIMEOUT_SECONDS = 5
METHOD = "alipay.system.oauth.token"
_ANSWER = "alipay_system_oauth_token_response"
_ERROR = "error_response"
# What is wrong with the code itself; other errors (isv.app..., isp...) are not the citizen's.
_REFUSED = frozenset({"isv.code-invalid"})


@dataclass(frozen=True)
class AlipaySettings:
    """The application by its id and key, and the key by which Alipay's answers are known."""

    app_id: str
    key: RSAPrivateKey = field(repr=False)
    alipay_key: RSAPublicKey
    url: str = "https://openapi.alipay.com/gateway.do"


class AlipayCodes:
    """``CodeProvider`` by a request signed with RSA2 (SHA-256, PKCS #1 v1.5) and an answer signed alike."""

    def __init__(self, settings: AlipaySettings, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now

    def identify(self, code: str) -> ProvenUser:
        """Raises ``PhoneSignInRefused`` and ``ProviderAway``."""
        answer = self._read(self._ask(code))
        user = answer.get("open_id") or answer.get("user_id")
        if not isinstance(user, str) or not user:
            raise ProviderAway
        return ProvenUser(user)

    def _ask(self, code: str) -> str:
        asked = {
            "app_id": self._settings.app_id,
            "charset": "utf-8",
            "code": code,
            "format": "JSON",
            "grant_type": "authorization_code",
            "method": METHOD,
            "sign_type": "RSA2",
            # The gateway wants China's time, without an offset.
            "timestamp": self._now().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
            "version": "1.0",
        }
        signed = {**asked, "sign": self._sign(asked)}
        try:
            said = requests.post(
                self._settings.url, data=signed, timeout=TIMEOUT_SECONDS, allow_redirects=False
            )
            said.raise_for_status()
            return said.content.decode()
        except (requests.RequestException, ValueError):
            raise ProviderAway from None

    def _sign(self, asked: Mapping[str, str]) -> str:
        text = "&".join(f"{name}={value}" for name, value in sorted(asked.items()))
        return base64.b64encode(self._settings.key.sign(text.encode(), PKCS1v15(), SHA256())).decode()

    def _read(self, text: str) -> Mapping[str, Any]:
        """The signed part of an answer; raises for an error, and for a part that Alipay did not sign."""
        try:
            whole = json.loads(text)
            answer = whole.get(_ANSWER) or whole[_ERROR]
            refused = answer.get("sub_code") in _REFUSED
        except (ValueError, KeyError, AttributeError, TypeError):
            raise ProviderAway from None
        if refused:
            raise PhoneSignInRefused
        if _ANSWER not in whole or not self._is_signed(text, str(whole.get("sign", ""))):
            raise ProviderAway
        signed: Mapping[str, Any] = answer
        return signed

    def _is_signed(self, text: str, sign: str) -> bool:
        """Whether the very characters of the answer's part, as they came, are what was signed."""
        start = text.index("{", text.index(f'"{_ANSWER}"'))
        _, end = json.JSONDecoder().raw_decode(text, start)
        try:
            self._settings.alipay_key.verify(
                base64.b64decode(sign, validate=True), text[start:end].encode(), PKCS1v15(), SHA256()
            )
        except (InvalidSignature, ValueError):
            return False
        return True
