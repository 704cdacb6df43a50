"""The key ring: versioned data keys, the index key, the audit key, in one file that only its owner reads."""

from __future__ import annotations

import base64
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag

from onething.storage.durable_files import write_whole
from onething.storage.refusals import KeyRingUnsafe, SealBroken
from onething.storage.suites import AES, NONCE_BYTES, SUITES, TAG_BYTES, Aead, Suite

_VERSION = b"\x01"
_KEY_ID_BYTES = 4
_HEAD_BYTES = 1 + _KEY_ID_BYTES + NONCE_BYTES


@dataclass(frozen=True)
class DataKey:
    """A key that seals; ``id`` counts from 1 and is written before everything it has sealed."""

    id: int
    suite: Suite
    secret: bytes = field(repr=False)
    made_at: str = ""
    _aead: Aead = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_aead", self.suite.aead(self.secret))

    @property
    def aead(self) -> Aead:
        return self._aead


@dataclass(frozen=True)
class MacKey:
    """A key for keyed digests. It stays when data keys rotate: what it made must be found again."""

    suite: Suite
    secret: bytes = field(repr=False)

    def mac(self, message: bytes) -> bytes:
        return self.suite.mac(self.secret, message)


@dataclass(frozen=True)
class KeyRing:
    """Seals with the newest data key and opens with the one that sealed.

    Sealed bytes: version (1 byte), key id (4, big endian), nonce (12), ciphertext, tag (16). Nonces
    are random: a data key is to be rotated before it has sealed 2**32 times (NIST SP 800-38D, 8.3).
    """

    keys: Mapping[int, DataKey]
    index: MacKey
    audit: MacKey

    @classmethod
    def new(cls, suite: str = AES.name) -> KeyRing:
        """A ring of fresh keys, in memory only; ``suite`` is a name in ``suites.SUITES``."""
        chosen = SUITES[suite]
        return cls(
            {1: _new_key(1, chosen)},
            MacKey(chosen, secrets.token_bytes(32)),
            MacKey(chosen, secrets.token_bytes(32)),
        )

    @classmethod
    def make(cls, path: Path, *, suite: str = AES.name) -> KeyRing:
        """Make the file, mode 0600; raises ``FileExistsError`` rather than lose keys."""
        if path.exists():
            raise FileExistsError(path)
        ring = cls.new(suite)
        write_whole(path, ring.as_text())
        return ring

    @classmethod
    def load(cls, path: Path) -> KeyRing:
        """Raises ``KeyRingUnsafe``: missing, open to others, somebody else's, or not a key ring."""
        _refuse_unsafe(path)
        try:
            return _from_text(path.read_bytes())
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise KeyRingUnsafe(f"{path}: not a key ring ({type(error).__name__})") from None

    @classmethod
    def rotate(cls, path: Path, *, suite: str | None = None) -> KeyRing:
        """Add a data key to the file; every process that seals has then to be started again.

        All of them must read the new ring before one seals with it, or the others cannot open it:
        stop the workers, rotate, start them.
        """
        ring = cls.load(path).rotated(suite)
        write_whole(path, ring.as_text())
        return ring

    def rotated(self, suite: str | None = None) -> KeyRing:
        """The ring with one more data key, of the same suite or another; the old ones go on opening."""
        key = _new_key(self.newest.id + 1, SUITES[suite] if suite else self.newest.suite)
        return replace(self, keys={**self.keys, key.id: key})

    def as_text(self) -> bytes:
        """The file's content: JSON with every secret in base64."""
        data = {
            "format": 1,
            "keys": {
                str(key.id): {**_secret(key.suite, key.secret), "made_at": key.made_at}
                for key in self.keys.values()
            },
            "index": _secret(self.index.suite, self.index.secret),
            "audit": _secret(self.audit.suite, self.audit.secret),
        }
        return json.dumps(data, indent=2).encode()

    @property
    def newest(self) -> DataKey:
        return self.keys[max(self.keys)]

    def seal(self, plain: bytes, place: str) -> bytes:
        """Seal for one place (``table:row:column``); at another place it does not open."""
        key = self.newest
        nonce = secrets.token_bytes(NONCE_BYTES)
        head = _VERSION + key.id.to_bytes(_KEY_ID_BYTES, "big") + nonce
        return head + key.aead.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Raises ``SealBroken``: changed, moved, cut, or sealed with a key that is not here."""
        key = self.keys.get(key_id_of(sealed))
        if key is None:
            raise SealBroken(f"{place}: its key is not on the ring")
        nonce = sealed[1 + _KEY_ID_BYTES : _HEAD_BYTES]
        try:
            return key.aead.decrypt(nonce, sealed[_HEAD_BYTES:], place.encode())
        except InvalidTag:
            raise SealBroken(f"{place}: changed, or moved from another place") from None


def key_id_of(sealed: bytes) -> int:
    """Which data key sealed these bytes; raises ``SealBroken`` when they are not sealed bytes."""
    if len(sealed) < _HEAD_BYTES + TAG_BYTES or sealed[:1] != _VERSION:
        raise SealBroken("not sealed bytes")
    return int.from_bytes(sealed[1 : 1 + _KEY_ID_BYTES], "big")


def _new_key(number: int, suite: Suite) -> DataKey:
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    return DataKey(number, suite, secrets.token_bytes(suite.key_bytes), made_at)


def _refuse_unsafe(path: Path) -> None:
    try:
        status = path.stat()
    except FileNotFoundError:
        raise KeyRingUnsafe(f"{path}: there is no key ring; make one with `onething keys make`") from None
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise KeyRingUnsafe(f"{path}: others may read it; chmod 0600 it")
    if status.st_uid not in (os.geteuid(), 0):
        raise KeyRingUnsafe(f"{path}: it belongs to somebody else")


def _secret(suite: Suite, secret: bytes) -> dict[str, str]:
    return {"suite": suite.name, "secret": base64.b64encode(secret).decode()}


def _from_text(text: bytes) -> KeyRing:
    data = json.loads(text)
    if data["format"] != 1 or not data["keys"]:
        raise ValueError("unknown format")
    keys = {
        int(number): DataKey(int(number), *_read_secret(entry), made_at=entry["made_at"])
        for number, entry in data["keys"].items()
    }
    return KeyRing(keys, MacKey(*_read_secret(data["index"])), MacKey(*_read_secret(data["audit"])))


def _read_secret(entry: Mapping[str, Any]) -> tuple[Suite, bytes]:
    return SUITES[entry["suite"]], base64.b64decode(entry["secret"], validate=True)
