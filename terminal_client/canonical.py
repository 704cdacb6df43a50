"""The one way in which kiosk and server write JSON that is signed, and the check of such a signature."""

import base64
import binascii
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def to_canonical(value: Any) -> bytes:
    """Sorted names, no blanks, UTF-8: the same bytes on both sides."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def is_signed(key: bytes, signature: str, message: bytes) -> bool:
    """Whether a signature (base64, Ed25519) is this key's (32 bytes) over the message."""
    try:
        raw = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(key).verify(raw, message)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True
