"""What acting together asks of the records: invitations to authorise, and mandates to act for another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from onething.domain.invitations import Invitation
from onething.domain.mandates import Mandate


class Invitations(Protocol):
    """Invitations; who opened one and what was said is sealed."""

    def add(self, invitation: Invitation) -> None: ...

    def save(self, invitation: Invitation, was: Invitation) -> None:
        """Raises ``Conflict`` when its state is not ``was.state`` any longer, or somebody else tried it."""
        ...

    def find(self, invitation_id: str) -> Invitation | None: ...

    def find_by_token(self, digest: str) -> Invitation | None: ...

    def find_by_code(self, digest: str) -> Invitation | None:
        """The last made, should two ever share a code."""
        ...

    def list_of_draft(self, draft_id: str) -> Sequence[Invitation]:
        """The last made first."""
        ...

    def list_of_invited(self, invited: str) -> Sequence[Invitation]:
        """Those for this person, the last made first."""
        ...


class Mandates(Protocol):
    """Mandates; who the two people are is sealed."""

    def add(self, mandate: Mandate) -> None: ...

    def save(self, mandate: Mandate, was: Mandate) -> None:
        """Raises ``Conflict`` when it was revoked or taken meanwhile."""
        ...

    def find(self, mandate_id: str) -> Mandate | None: ...

    def find_by_code(self, digest: str) -> Mandate | None: ...

    def list_of_principal(self, principal: str) -> Sequence[Mandate]:
        """Given by this person, the last first."""
        ...

    def list_of_agent(self, agent: str, now: datetime) -> Sequence[Mandate]:
        """Live ones given to this person, the last first."""
        ...
