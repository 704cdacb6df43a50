"""The server's keys towards terminals, drawn from the key ring, so that its one backup keeps them too."""

from __future__ import annotations

import base64

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from onething.ports.fleet import ItemUnreadable
from onething.storage.keyring import KeyRing

_KEY_BYTES, _NONCE_BYTES = 32, 12
_PURPOSE = b"onething-outbox-1"


class RingFleetKeys:
    """``FleetKeys`` out of the ring's index key, which stays when data keys rotate."""

    def __init__(self, keyring: KeyRing) -> None:
        self._signing = Ed25519PrivateKey.from_private_bytes(keyring.index.mac(b"fleet: signing key"))
        self._outbox = X25519PrivateKey.from_private_bytes(keyring.index.mac(b"fleet: outbox key"))

    @property
    def public_key(self) -> bytes:
        return self._signing.public_key().public_bytes_raw()

    @property
    def outbox_key(self) -> bytes:
        return self._outbox.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> str:
        return base64.b64encode(self._signing.sign(message)).decode()

    def is_signed(self, message: bytes, signature: bytes, public_key: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def open_item(self, sealed: bytes, terminal: str, item: str) -> bytes:
        """Raises ``ItemUnreadable``; another terminal's or another item's bytes do not open."""
        sender, rest = sealed[:_KEY_BYTES], sealed[_KEY_BYTES:]
        nonce, body = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        try:
            shared = self._outbox.exchange(X25519PublicKey.from_public_bytes(sender))
            salt = sender + self.outbox_key
            key = HKDF(algorithm=SHA256(), length=32, salt=salt, info=_PURPOSE).derive(shared)
            return AESGCM(key).decrypt(nonce, body, f"{terminal}:{item}".encode())
        except (ValueError, InvalidTag) as error:
            raise ItemUnreadable(type(error).__name__) from None
