"""Sealing to the server: X25519, HKDF-SHA256 and AES-256-GCM; the kiosk cannot open what it has sealed."""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

INFO = b"onething-outbox-1"
KEY_BYTES = 32
NONCE_BYTES = 12


def seal(content: Mapping[str, Any], *, server_key: bytes, terminal: str, item: str) -> bytes:
    """The content so that only the holder of the server's X25519 key (32 bytes) can read it.

    Ephemeral public key (32 bytes), nonce (12), ciphertext with tag; bound to the terminal and the item.
    """
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(server_key))
    key = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=public + server_key, info=INFO).derive(shared)
    nonce = secrets.token_bytes(NONCE_BYTES)
    plain = json.dumps(content, ensure_ascii=False).encode()
    return public + nonce + AESGCM(key).encrypt(nonce, plain, f"{terminal}:{item}".encode())
