"""Counters, lists and printed numbers as supervision needs them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from onething.domain.tallies import Counted, SourceAnswered


class Tallies(Protocol):
    """Counters, written in the act's own transaction, last of all: nothing may wait for them."""

    def add(self, counted: Mapping[Counted, int], owner: str) -> None:
        """Add the amounts of ``domain.tallies.tallies_of``; ``owner`` is the case's id."""
        ...

    def note_answers(self, answers: Mapping[SourceAnswered, int], at: datetime, owner: str) -> None:
        """Add to what sources answered in this hour; ``owner`` is the draft's id."""
        ...
