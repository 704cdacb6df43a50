"""The shared-data gateway's x-tif-* signature, from the far side of the wire.

Signature = UPPER(HEX(SHA256(timestamp + token + nonce + timestamp))), timestamp in unix seconds.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping

SKEW_SECONDS = 180


class SignatureRefused(Exception):
    """The request's signature is missing, wrong, too old or was seen before."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def sign(paas_id: str, token: str, *, at: int | None = None, nonce: str | None = None) -> dict[str, str]:
    """The four headers of one request; a fresh nonce unless one is given."""
    timestamp = str(int(time.time()) if at is None else at)
    nonce = nonce or secrets.token_hex(16)
    return {
        "x-tif-paasid": paas_id,
        "x-tif-timestamp": timestamp,
        "x-tif-nonce": nonce,
        "x-tif-signature": _digest(timestamp, token, nonce),
    }


def _digest(timestamp: str, token: str, nonce: str) -> str:
    return hashlib.sha256(f"{timestamp}{token}{nonce}{timestamp}".encode()).hexdigest().upper()


class SeenNonces:
    """Nonces within the time in which their signature would still be good."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}

    def remember(self, nonce: str, now: float) -> bool:
        """False when the nonce was used before."""
        # Remembered in the order in which they expire: only the oldest need to be looked at.
        while self._seen and next(iter(self._seen.values())) < now:
            del self._seen[next(iter(self._seen))]
        if nonce in self._seen:
            return False
        self._seen[nonce] = now + 2 * SKEW_SECONDS
        return True


def verify(headers: Mapping[str, str], paas_id: str, token: str, nonces: SeenNonces) -> None:
    """Raise ``SignatureRefused`` unless ``paas_id`` signed this request just now, and for the first time."""
    timestamp, nonce = headers.get("x-tif-timestamp", ""), headers.get("x-tif-nonce", "")
    if headers.get("x-tif-paasid") != paas_id or not timestamp.isdigit() or not 8 <= len(nonce) <= 64:
        raise SignatureRefused("signature_missing")
    now = time.time()
    if abs(now - int(timestamp)) > SKEW_SECONDS:
        raise SignatureRefused("signature_expired")
    given = headers.get("x-tif-signature", "").upper()
    if not hmac.compare_digest(given.encode(), _digest(timestamp, token, nonce).encode()):
        raise SignatureRefused("signature_wrong")
    if not nonces.remember(nonce, now):
        raise SignatureRefused("nonce_replayed")
