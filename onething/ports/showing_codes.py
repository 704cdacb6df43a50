"""The records of showing codes."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from onething.domain.showing_codes import ShowingCode


class ShowingCodes(Protocol):
    """Codes by the digest of their token."""

    def add(self, code: ShowingCode) -> None: ...

    def find(self, digest: str) -> ShowingCode | None: ...

    def use(self, digest: str, at: datetime, by: str) -> ShowingCode | None:
        """The code if it was live and unread; it is read now, by the kiosk or page ``by``."""
        ...

    def forget_old(self, session: str, now: datetime) -> int:
        """Forget what this sitting showed before and nobody can read any more; how many."""
        ...
