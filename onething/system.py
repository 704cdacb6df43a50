"""Time and chance as this machine has them."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from onething.domain.enrolment_codes import draw_code
from onething.domain.ids import make_case_number


class SystemClock:
    """The machine's clock, aware UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovedClock:
    """The machine's clock, moved ahead by the seconds that a file holds; only the sandbox writes one.

    A missing file moves nothing; the file is looked at again each second.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ahead = timedelta()
        self._looked_at = float("-inf")

    def now(self) -> datetime:
        if time.monotonic() - self._looked_at > 1.0:
            self._looked_at = time.monotonic()
            try:
                self._ahead = timedelta(seconds=float(self._file.read_text("ascii")))
            except FileNotFoundError:
                self._ahead = timedelta()
            except ValueError:
                pass  # half written: what it said before holds
        return datetime.now(UTC) + self._ahead


class SystemChance:
    """Random ids of 128 bits, tokens of 256, case numbers and codes."""

    def id(self) -> str:
        return secrets.token_hex(16)

    def token(self) -> str:
        return secrets.token_urlsafe(32)

    def case_number(self, day: date) -> str:
        return make_case_number(day, secrets.choice)

    def enrolment_code(self) -> str:
        return draw_code(secrets.choice)
