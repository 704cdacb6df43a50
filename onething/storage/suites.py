"""Cipher suites: what seals, and what makes keyed digests. A key names the suite it is for."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

NONCE_BYTES = 12
TAG_BYTES = 16


class Aead(Protocol):
    """Authenticated encryption under one key; the tag is at the end of the ciphertext."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Raises ``cryptography.exceptions.InvalidTag``."""
        ...


class Sm4Gcm:
    """SM4 in Galois/Counter Mode (GB/T 32907-2016, RFC 8998) under one key of 16 bytes."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        body, tag = data[:-TAG_BYTES], data[-TAG_BYTES:]
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(body) + decryptor.finalize()


@dataclass(frozen=True)
class Suite:
    """One choice of cipher and digest; ``key_bytes`` is the length of its data keys (AES-256: 32)."""

    name: str
    key_bytes: int
    aead: Callable[[bytes], Aead]
    digest: str

    def mac(self, key: bytes, message: bytes) -> bytes:
        """HMAC of the message (RFC 2104), 32 bytes."""
        return hmac.digest(key, message, self.digest)


AES = Suite("aes-gcm", 32, AESGCM, "sha256")
SM = Suite("sm4-gcm", 16, Sm4Gcm, "sm3")
SUITES: Mapping[str, Suite] = MappingProxyType({suite.name: suite for suite in (AES, SM)})
