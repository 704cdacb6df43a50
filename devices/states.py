"""How a device is, in seven words, always with a reason and since when."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from devices.errors import DeviceError, Gone, TimedOut


class DeviceState(StrEnum):
    """The states every kind of device shares."""

    ABSENT = "absent"
    CONNECTING = "connecting"
    READY = "ready"
    BUSY = "busy"
    DEGRADED = "degraded"
    STALE = "stale"
    ERROR = "error"


@dataclass(frozen=True)
class Health:
    """A state, since when (aware UTC), why, and the sentence a screen may show."""

    state: DeviceState
    since_at: datetime
    reason: str = ""
    zh: str = ""
    en: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether a citizen can be served with it."""
        return self.state in (DeviceState.READY, DeviceState.BUSY, DeviceState.DEGRADED)

    def to_json(self) -> dict[str, str]:
        """The fields as text; `since_at` in ISO 8601."""
        return {
            "state": self.state.value,
            "since_at": self.since_at.isoformat(),
            "reason": self.reason,
            "zh": self.zh,
            "en": self.en,
        }


def now_utc() -> datetime:
    """The clock used where no other is given."""
    return datetime.now(UTC)


class HealthRecord:
    """The present health of one device; `since_at` moves only when state or reason does."""

    def __init__(self, clock: Callable[[], datetime] = now_utc) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._health = Health(DeviceState.CONNECTING, clock())

    @property
    def health(self) -> Health:
        """The health last observed."""
        return self._health

    def observe(self, state: DeviceState, reason: str = "", zh: str = "", en: str = "") -> Health:
        """Note what was seen and return the health that follows."""
        with self._lock:
            last = self._health
            if (last.state, last.reason) != (state, reason):
                self._health = Health(state, self._clock(), reason, zh, en)
            return self._health

    def observe_error(self, error: DeviceError) -> Health:
        """Note an error: gone is absent, everything else is error.

        What the citizen can mend (no card, no paper in the feeder) says that the device itself is well.
        """
        if error.mender == "citizen" and not isinstance(error, TimedOut):
            return self.observe(DeviceState.READY)
        state = DeviceState.ABSENT if isinstance(error, Gone) else DeviceState.ERROR
        return self.observe(state, error.reason, error.zh, error.en)
