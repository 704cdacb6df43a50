"""The shared-data gateway's x-tif-* signature: signing what we send, verifying what departments send.

Signature = UPPER(HEX(SHA256(timestamp + token + nonce + timestamp))); timestamp in unix seconds, at
most 180 seconds off. The scheme knows no replay protection: remembering nonces is ours.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

SKEW_SECONDS = 180
OWN_ID = "onething"
_NONCE_LENGTHS = range(8, 65)


class GatewaySettingsWrong(Exception):
    """The token file is missing or does not say what it must; the message says what to do."""

    reason = "gateway_settings_wrong"


class SignatureRefused(Exception):
    """A request's signature can not be accepted; ``reason`` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NonceStore(Protocol):
    """Remembers the nonces of each partner for as long as their signatures are good."""

    def use(self, partner: str, nonce: str, at: datetime) -> bool:
        """Whether the nonce was new; it is used now."""
        ...


@dataclass(frozen=True)
class GatewayTokens:
    """Our own name and token at the gateway, and each department's token by its code."""

    own_id: str
    own: str
    departments: Mapping[str, str]


def read_tokens(file: Path, own_id: str = OWN_ID) -> GatewayTokens:
    """Read ``{"onething": token, "departments": {code: token}}``; raises ``GatewaySettingsWrong``."""
    try:
        data = json.loads(file.read_text("utf-8"))
        own, departments = data[own_id], data["departments"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GatewaySettingsWrong(f"the gateway's token file {file} can not be used: {error!r}") from error
    if not isinstance(departments, dict) or not all(map(_is_token, [own, *departments.values()])):
        raise GatewaySettingsWrong(f"the gateway's token file {file} must give every token as a text")
    return GatewayTokens(own_id, own, departments)


def _is_token(token: object) -> bool:
    return isinstance(token, str) and token != ""


def signature_of(timestamp: str, token: str, nonce: str) -> str:
    """The signature: 64 capital hexadecimal digits."""
    return hashlib.sha256(f"{timestamp}{token}{nonce}{timestamp}".encode()).hexdigest().upper()


def sign(paas_id: str, token: str, *, at: datetime, nonce: str | None = None) -> dict[str, str]:
    """The four headers of one request, with a fresh nonce unless one is given."""
    timestamp, nonce = str(int(at.timestamp())), nonce or secrets.token_hex(16)
    return {
        "x-tif-paasid": paas_id,
        "x-tif-timestamp": timestamp,
        "x-tif-nonce": nonce,
        "x-tif-signature": signature_of(timestamp, token, nonce),
    }


def verify(
    headers: Mapping[str, str], tokens: Mapping[str, str], *, now: datetime, nonces: NonceStore
) -> str:
    """Who signed this request; raises ``SignatureRefused``.

    ``headers`` has lower-case names or ignores case; ``tokens`` maps each partner to its token. The
    nonce is looked at last, so that nobody without a token can fill the store.
    """
    partner, nonce = headers.get("x-tif-paasid", ""), headers.get("x-tif-nonce", "")
    timestamp, given = headers.get("x-tif-timestamp", ""), headers.get("x-tif-signature", "")
    if not (partner and given and timestamp.isascii() and timestamp.isdigit()):
        raise SignatureRefused("signature_missing")
    if len(nonce) not in _NONCE_LENGTHS or len(timestamp) > 12:
        raise SignatureRefused("signature_missing")
    if abs(now.timestamp() - int(timestamp)) > SKEW_SECONDS:
        raise SignatureRefused("signature_expired")
    expected = signature_of(timestamp, tokens.get(partner, secrets.token_hex(16)), nonce)
    if not hmac.compare_digest(given.upper().encode(), expected.encode()):
        raise SignatureRefused("signature_wrong")
    if not nonces.use(partner, nonce, now):
        raise SignatureRefused("nonce_replayed")
    return partner


def now() -> datetime:
    """The gateway's clock is the wall clock: a request's age is judged by machines that share no other."""
    return datetime.now(UTC)
