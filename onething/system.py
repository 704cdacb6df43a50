"""Time and chance as this machine has them."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime

from onething.domain.ids import make_case_number


class SystemClock:
    """The machine's clock, aware UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SystemChance:
    """Random ids of 128 bits, tokens of 256, and case numbers."""

    def id(self) -> str:
        return secrets.token_hex(16)

    def token(self) -> str:
        return secrets.token_urlsafe(32)

    def case_number(self, day: date) -> str:
        return make_case_number(day, secrets.choice)
