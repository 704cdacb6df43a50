"""Joins a text that was split over several QR codes (structured append)."""

import time
from collections.abc import Callable
from functools import reduce
from operator import xor

from devices.qr.symbol import PartHead


class PartJoiner:
    """Holds the parts of one text until all are there; a part alone is never given out.

    A part that contradicts what is held begins anew. What is not whole after `limit_s` is forgotten. At most
    16 parts of at most 2,953 bytes are held.
    """

    def __init__(self, limit_s: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit_s = limit_s
        self._clock = clock
        self._whole: tuple[int, int] | None = None
        self._parts: dict[int, bytes] = {}
        self._ends_at = 0.0

    def add(self, head: PartHead, raw: bytes) -> bytes | None:
        """The whole text's bytes when this part was the last one missing and the parity is right."""
        whole = (head.parts, head.parity)
        is_another = whole != self._whole or self._parts.get(head.place, raw) != raw
        if is_another or self._clock() > self._ends_at:
            self._whole, self._parts = whole, {}
            self._ends_at = self._clock() + self._limit_s
        if head.place < head.parts:
            self._parts[head.place] = raw
        if len(self._parts) < head.parts:
            return None
        joined = b"".join(self._parts[place] for place in range(head.parts))
        self.clear()
        return joined if reduce(xor, joined, 0) == head.parity else None

    def clear(self) -> None:
        """Forget what is held."""
        self._whole, self._parts = None, {}
