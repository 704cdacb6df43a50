"""The records of hand-overs between a kiosk and a phone."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from onething.domain.handovers import DraftLine, Handover


class Handovers(Protocol):
    """Hand-overs by their id, by the digest of the code shown, and by who took them."""

    def add(self, handover: Handover) -> None: ...

    def find(self, handover_id: str) -> Handover | None: ...

    def find_by_token(self, digest: str) -> Handover | None: ...

    def find_by_taker(self, taken_by: str) -> Handover | None:
        """The newest that this one took."""
        ...

    def take(self, handover_id: str, at: datetime, by: str) -> bool:
        """Whether it still waited; it is taken now."""
        ...

    def end(self, handover_id: str, at: datetime, cause: str) -> bool:
        """Whether it was not over yet; it is now."""
        ...

    def end_all_of_session(self, session: str, at: datetime, cause: str) -> int: ...

    def find_draft_line(self, draft_id: str) -> DraftLine | None:
        """What may be said of the draft without opening its seals."""
        ...
