"""How sure we are who is acting: card; card and phone code; card and a verifier plug-in.

A person whom the province's identity has proven (``real_name``, on a phone) is as sure as one with a card.
A clerk who has held face against card has done what a verifier does, so that no plug-in is the only way.
"""

from __future__ import annotations

from collections.abc import Iterable

CARD = "card"
WITH_CODE = "card_and_code"
WITH_VERIFIER = "card_and_verifier"
LEVELS = (CARD, WITH_CODE, WITH_VERIFIER)
REAL_NAME = "real_name"
SIGNED_IN_BY = (CARD, REAL_NAME)
_AS_SURE_AS = {REAL_NAME: CARD}


def is_enough(has: str, asked: str) -> bool:
    """Whether a session's level meets what the chosen matters ask."""
    return _rank(has) >= _rank(asked)


def highest(levels: Iterable[str]) -> str:
    """The surest of some levels; ``card`` of none."""
    return max(levels, key=_rank, default=CARD)


def _rank(level: str) -> int:
    return LEVELS.index(_AS_SURE_AS.get(level, level))
