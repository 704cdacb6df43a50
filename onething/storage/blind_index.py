"""Exact look-up without the value: a keyed digest of a number in its normal form."""

from __future__ import annotations

import re
import unicodedata

from onething.storage.keyring import KeyRing

_SEPARATORS = re.compile(r"[\s\-‐-―－]+")


class KeyedIndex:
    """``BlindIndex`` over the ring's index key: HMAC-SHA-256 or HMAC-SM3, 128 bits of it in 32 hex digits."""

    def __init__(self, keyring: KeyRing) -> None:
        self._key = keyring.index

    def of_number(self, number: str) -> str:
        """The same for every way of writing one number: full width, spaced, with a small x.

        Raises ``ValueError`` for an empty number, which would make strangers alike.
        """
        normal = _SEPARATORS.sub("", unicodedata.normalize("NFKC", number)).upper()
        if not normal:
            raise ValueError("an empty number has no index")
        return self._key.mac(b"number:" + normal.encode()).hex()[:32]

    def of_name(self, name: str) -> str:
        """Spaces and full width make no difference, nor do small letters; nothing else is forgiven."""
        normal = re.sub(r"[\s·•]+", "", unicodedata.normalize("NFKC", name)).upper()
        if not normal:
            raise ValueError("an empty name has no index")
        return self._key.mac(b"name:" + normal.encode()).hex()[:32]

    def of_paper(self, number: str) -> str:
        """80 bits of the digest of a case number, for the QR on its papers; apart from look-ups."""
        return self._key.mac(b"paper:" + number.encode()).hex()[:20]
