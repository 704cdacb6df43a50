"""How sure we are who is acting: card; card and phone code; card and a verifier plug-in.

A person whom the province's identity has proven (``real_name``, on a phone) is as sure as one with a card.
"""

from __future__ import annotations

LEVELS = ("card", "card_and_code", "card_and_verifier")
REAL_NAME = "real_name"
_AS_SURE_AS = {REAL_NAME: "card"}


def is_enough(has: str, asked: str) -> bool:
    """Whether a session's level meets what the chosen matters ask."""
    return LEVELS.index(_AS_SURE_AS.get(has, has)) >= LEVELS.index(asked)
