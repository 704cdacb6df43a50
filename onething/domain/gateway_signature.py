"""The shared-data gateway's x-tif-* signature: SHA-256 over timestamp, token, nonce and timestamp again.

It covers neither address nor body: the line itself must be private.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

SKEW = timedelta(seconds=180)
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_NONCE = re.compile(r"[\x21-\x7e]{8,64}")


class GatewaySignatureRefused(Exception):
    """The signature is missing, wrong, or too old; ``reason`` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def sign(paas_id: str, token: str, *, at: datetime, nonce: str) -> dict[str, str]:
    """The four headers of one request; timestamps are Unix seconds, the digest upper-case hex."""
    timestamp = str(int(at.timestamp()))
    return {
        "x-tif-paasid": paas_id,
        "x-tif-timestamp": timestamp,
        "x-tif-nonce": nonce,
        "x-tif-signature": _digest(timestamp, token, nonce),
    }


def check(headers: Mapping[str, str], paas_id: str, token: str, *, now: datetime) -> str:
    """The nonce of a good signature of ``paas_id``, still to be checked for having been used.

    Raises ``GatewaySignatureRefused``: signature_missing, signature_expired or signature_wrong.
    """
    timestamp, nonce = headers.get("x-tif-timestamp", ""), headers.get("x-tif-nonce", "")
    given = headers.get("x-tif-signature", "").upper()
    if not given or not _TIMESTAMP.fullmatch(timestamp) or not _NONCE.fullmatch(nonce):
        raise GatewaySignatureRefused("signature_missing")
    if abs(now.timestamp() - int(timestamp)) > SKEW.total_seconds():
        raise GatewaySignatureRefused("signature_expired")
    right = hmac.compare_digest(given.encode(), _digest(timestamp, token, nonce).encode())
    if not right or headers.get("x-tif-paasid") != paas_id:
        raise GatewaySignatureRefused("signature_wrong")
    return nonce


def _digest(timestamp: str, token: str, nonce: str) -> str:
    return hashlib.sha256(f"{timestamp}{token}{nonce}{timestamp}".encode()).hexdigest().upper()
