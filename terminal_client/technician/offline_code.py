"""The code that opens the technician's screen: good for an hour or so, once, and with no server in reach."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from terminal_client.durable import write_durably

DIGITS = 8
AHEAD = 20
HOURS_ROUND = (0, -1, 1)
MOST_WRONG = 5
LOCKED = timedelta(minutes=15)
STATE_FILE = "offline-codes.json"


class CodesLocked(Exception):
    """Too many wrong codes; `until_at` says when the next may be tried."""

    reason = "codes_locked"

    def __init__(self, until_at: datetime) -> None:
        super().__init__(f"locked until {until_at.isoformat()}")
        self.until_at = until_at


def make_code(secret: bytes, counter: int, hour: int) -> str:
    """Eight digits for one counter and one hour since 1970 UTC (HOTP's truncation, RFC 4226 section 5.3)."""
    message = counter.to_bytes(8) + hour.to_bytes(8)
    digest = hmac.new(secret, message, hashlib.sha256).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def hour_of(at: datetime) -> int:
    """Whole hours since 1970 UTC."""
    return int(at.timestamp()) // 3600


class OfflineCodes:
    """Takes each code once; counts the wrong ones on the disk, so that a restart gives no new tries."""

    def __init__(self, folder: Path, secret: bytes, now: Callable[[], datetime]) -> None:
        self._path = folder / STATE_FILE
        self._secret = secret
        self._now = now
        self._lock = threading.Lock()

    def take(self, typed: str) -> bool:
        """Whether the code is good; then it is used up. CodesLocked, OSError."""
        code = "".join(letter for letter in typed if letter.isdigit())
        with self._lock:
            held = self._read()
            self._refuse_if_locked(held)
            counter = self._find_counter(code, int(held["used"]))
            if counter is not None:
                self._write({"used": counter, "wrong": 0, "locked_until": None})
                return True
            wrong = int(held["wrong"]) + 1
            until = (self._now() + LOCKED).isoformat() if wrong >= MOST_WRONG else None
            self._write({**held, "wrong": 0 if until else wrong, "locked_until": until})
            return False

    def issue(self) -> str:
        """A code for whoever already has this machine's command line. OSError."""
        with self._lock:
            return make_code(self._secret, int(self._read()["used"]) + 1, hour_of(self._now()))

    def _refuse_if_locked(self, held: dict[str, Any]) -> None:
        if held["locked_until"] is None:
            return
        until = datetime.fromisoformat(held["locked_until"])
        # a clock that was put back must not lock the room for years
        if self._now() < until <= self._now() + LOCKED:
            raise CodesLocked(until.astimezone(UTC))

    def _find_counter(self, code: str, used: int) -> int | None:
        hour = hour_of(self._now())
        found = None
        for counter in range(used + 1, used + 1 + AHEAD):
            for away in HOURS_ROUND:
                if hmac.compare_digest(make_code(self._secret, counter, hour + away), code):
                    found = counter
        return found

    def _read(self) -> dict[str, Any]:
        try:
            held = json.loads(self._path.read_text(encoding="ascii"))
        except FileNotFoundError:
            return {"used": 0, "wrong": 0, "locked_until": None}
        return {name: held[name] for name in ("used", "wrong", "locked_until")}

    def _write(self, held: dict[str, Any]) -> None:
        write_durably(self._path, json.dumps(held).encode())
