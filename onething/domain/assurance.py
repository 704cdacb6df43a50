"""How sure we are who is acting: card; card and phone code; card and a verifier plug-in."""

from __future__ import annotations

LEVELS = ("card", "card_and_code", "card_and_verifier")


def is_enough(has: str, asked: str) -> bool:
    """Whether a session's level meets what the chosen matters ask."""
    return LEVELS.index(has) >= LEVELS.index(asked)
