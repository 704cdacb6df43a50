"""The server's time as the kiosk knows it; the kiosk never sets its own clock."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from terminal_client.canonical import is_signed


def _now_utc() -> datetime:
    return datetime.now(UTC)


class ServerClock:
    """The machine's clock until the server has told its own signed time; from then on that time goes on.

    Counted by the monotonic clock, so that a jump of the machine's clock in the middle of a sitting moves
    nothing.
    """

    def __init__(
        self,
        server_key: bytes | None = None,
        *,
        wall: Callable[[], datetime] = _now_utc,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server_key = server_key
        self._wall = wall
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._anchor: tuple[datetime, float] | None = None

    def trust(self, server_key: bytes) -> None:
        """From now on believe times signed with this key (32 bytes, Ed25519)."""
        self._server_key = server_key

    def now(self) -> datetime:
        """The server's time as well as it is known (aware UTC)."""
        with self._lock:
            if self._anchor is None:
                return self._wall()
            at, since = self._anchor
            return at + timedelta(seconds=self._monotonic() - since)

    def learn(self, text: str, signature: str) -> bool:
        """Take over the time of a refusal; False when it is not the server's own word.

        Before enrolment there is no key to hold it against: then TLS alone vouches for it, and a wrong time
        only makes the next request be refused as well.
        """
        if self._server_key is not None and not is_signed(self._server_key, signature, text.encode()):
            return False
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return False
        if at.tzinfo is None:
            return False
        with self._lock:
            self._anchor = (at.astimezone(UTC), self._monotonic())
        return True

    def measure_offset_ms(self, server_time: str) -> int | None:
        """How far the machine's own clock is before (+) or behind (-) a time the server just told."""
        try:
            at = datetime.fromisoformat(server_time)
        except ValueError:
            return None
        return round((self._wall() - at).total_seconds() * 1000) if at.tzinfo else None
