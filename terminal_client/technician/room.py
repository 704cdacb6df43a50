"""The technician's room: who may enter, what is seen there and what may be done."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Protocol

from devices.states import Health
from terminal_client.agent.codes import EnrolmentCode, parse_scanned
from terminal_client.opening import TECHNICIAN, Opening
from terminal_client.technician import advice
from terminal_client.technician.offline_code import OfflineCodes
from terminal_client.technician.trials import TRIALS, Trial, TriedDevices, try_device

OPEN_SECONDS = 600.0
SCAN_SECONDS = 20.0
CHINA = timezone(timedelta(hours=8))
GOOD = ("ready", "busy")


class RoomDevices(TriedDevices, Protocol):
    """The devices as the room shows and tries them."""

    def list_health(self) -> dict[str, Health]:
        """How each device was when last looked at."""


@dataclass(frozen=True)
class Tile:
    """One device, as the console shows it too: its state in the same word, since when, why, what to do."""

    kind: str
    zh: str
    en: str
    state: str
    state_zh: str
    state_en: str
    since: str
    reason: str
    said_zh: str
    said_en: str
    advice: advice.Advice
    can_be_tried: bool

    @property
    def is_well(self) -> bool:
        """Whether nothing is to be done about it."""
        return self.state in GOOD


@dataclass(frozen=True)
class Line:
    """One fact about the terminal: its name in both languages and its value."""

    zh: str
    en: str
    value: str
    is_well: bool = True


@dataclass
class TechnicianRoom:
    """One room for one kiosk; one technician at a time, and the kiosk serves nobody meanwhile.

    Without `codes` (a kiosk that is not enrolled yet) the room is open to whoever stands there: there is
    nothing in it to be protected.
    """

    devices: RoomDevices
    opening: Opening
    list_lines: Callable[[], list[Line]]
    codes: OfflineCodes | None = None
    enrol: Callable[[EnrolmentCode], str] | None = None
    write_report: Callable[[list[Trial]], str] | None = None
    monotonic: Callable[[], float] = time.monotonic
    last_trials: dict[str, Trial] = field(default_factory=dict)
    _pass: str | None = field(default=None, repr=False)
    _seen_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def enter(self, code: str) -> str | None:
        """A pass for the browser when the code is good; None when it is not. CodesLocked, OSError."""
        if self.codes is not None and not self.codes.take(code):
            return None
        self._pass, self._seen_at = secrets.token_urlsafe(32), self.monotonic()
        self.opening.close("technician", TECHNICIAN)
        return self._pass

    def is_open_for(self, given: str | None) -> bool:
        """Whether this browser may be here; a visit ends by itself when nothing is touched."""
        if self.codes is None:
            return True
        if self._pass is None or given is None or not secrets.compare_digest(given, self._pass):
            return False
        if self.monotonic() - self._seen_at > OPEN_SECONDS:
            self.leave()
            return False
        self._seen_at = self.monotonic()
        return True

    def step(self) -> None:
        """Close a room that was left without saying so."""
        if self._pass is not None and self.monotonic() - self._seen_at > OPEN_SECONDS:
            self.leave()

    def leave(self) -> None:
        """The technician goes; the kiosk serves again."""
        self._pass = None
        self.last_trials.clear()
        self.opening.lift("technician")

    def list_tiles(self) -> list[Tile]:
        """Every device, in the order of `advice.NAMES`."""
        health = self.devices.list_health()
        return [make_tile(kind, health[kind]) for kind in advice.NAMES if kind in health]

    def try_device(self, kind: str) -> Trial:
        """Try a device; one trial at a time. KeyError for a kind that cannot be tried."""
        with self._lock:
            trial = try_device(kind, self.devices)
            self.last_trials[kind] = trial
        return trial

    def scan_code(self, seconds: float = SCAN_SECONDS) -> EnrolmentCode | None:
        """The enrolment code shown to the kiosk's own QR reader; None when none was. BadCode, DeviceError."""
        until = self.monotonic() + seconds
        while self.monotonic() < until:
            texts = self.devices.read_codes()
            if texts:
                return parse_scanned(texts[0])
            time.sleep(0.3)
        return None


def make_tile(kind: str, health: Health) -> Tile:
    """How a device is shown, on the kiosk and in reports."""
    zh, en = advice.NAMES[kind]
    return Tile(
        kind=kind,
        zh=zh,
        en=en,
        state=health.state.value,
        state_zh=advice.STATES[health.state.value][0],
        state_en=advice.STATES[health.state.value][1],
        since=health.since_at.astimezone(CHINA).strftime("%m-%d %H:%M:%S"),
        reason=health.reason,
        said_zh=health.zh,
        said_en=health.en,
        advice=advice.advise(kind, health.state.value, health.reason),
        can_be_tried=kind in TRIALS,
    )


def at_text(at: datetime | None) -> str:
    """A moment on the county's wall clock; a dash when it never was."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S") if at is not None else "—"
