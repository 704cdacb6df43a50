"""A breaker for one source: after some failures in a row it is left alone for a while.

It belongs to the one background loop and never waits, so it needs no lock.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

FAILURES_TO_OPEN = 3
OPEN_SECONDS = 5.0


class Breaker:
    """Closed: calls pass. Open: none do. Half open: one goes ahead to see how things stand."""

    def __init__(
        self,
        source: str,
        *,
        failures_to_open: int = FAILURES_TO_OPEN,
        open_seconds: float = OPEN_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._failures_to_open = failures_to_open
        self._open_seconds = open_seconds
        self._monotonic = monotonic
        self._failures = 0
        self._open_until: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        return self._open_until is not None

    def admit(self) -> bool:
        """Whether a call may go out now; the one admitted while half open must be settled."""
        if self._open_until is None:
            return True
        if self._probing or self._monotonic() < self._open_until:
            return False
        self._probing = True
        return True

    def succeeded(self) -> None:
        """The source gave a usable answer."""
        if self._open_until is not None:
            log.warning("source %s answers again", self._source)
        self._failures, self._open_until, self._probing = 0, None, False

    def failed(self, reason: str) -> None:
        """The source gave none; its trouble is logged once when it is lost."""
        self._failures += 1
        self._probing = False
        if self._failures < self._failures_to_open:
            return
        if self._open_until is None:
            log.warning("source %s is left alone after %d failures: %s", self._source, self._failures, reason)
        self._open_until = self._monotonic() + self._open_seconds

    def abandoned(self) -> None:
        """The call was given up for reasons of our own and says nothing about the source."""
        self._probing = False
