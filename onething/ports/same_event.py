"""Which case answers for which matter of which event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Claim:
    """A case answers for a matter; ``subject`` is the blind index of one way of telling its subject."""

    subject: str
    matter: str
    case_id: str


class Claims(Protocol):
    """One case for each subject and matter, whoever hands it in."""

    def list_of(self, subject: str) -> Sequence[Claim]: ...

    def add_all(self, claims: Sequence[Claim]) -> None:
        """Raises ``Conflict`` when another case has one of them."""
        ...

    def release(self, claim: Claim) -> None:
        """The case does not answer for it any longer."""
        ...
