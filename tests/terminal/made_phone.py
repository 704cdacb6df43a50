"""A phone beside the small door, moved by the test."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class StandInPhone:
    """One hand-over as the small door tells of it; the test moves it."""

    said: dict[str, Any] = field(default_factory=dict)

    def show(self, draft: str, kind: str, material: str | None) -> dict[str, Any]:
        """A new code."""
        self.said = {
            "id": "h1",
            "kind": kind,
            "draft": draft,
            "material": material,
            "state": "waiting",
            "cause": None,
            "expires_at": "2026-11-23T10:33:00+08:00",
        }
        return {**self.said, "text": "https://xinxian.invalid/m/handed?t=" + "k" * 43}

    def look(self) -> dict[str, Any]:
        """How far it is."""
        more = {"version": 1, "saved_at": "2026-11-23T10:31:00+08:00", "pages": [], "case_number": None}
        return {**more, **self.said}
