"""What uploads in pieces ask of the records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from onething.domain.uploads import Piece, Upload


class Uploads(Protocol):
    """Files on their way, and the pieces of them that are here."""

    def add(self, upload: Upload) -> None: ...

    def find(self, upload_id: str) -> Upload | None: ...

    def count_open(self, holder: str, now: datetime) -> int:
        """How many of this person are not finished and not over."""
        ...

    def add_piece(self, piece: Piece) -> None:
        """Append; raises ``Conflict`` when the upload does not stand at ``piece.at`` any more."""
        ...

    def list_pieces(self, upload_id: str) -> Sequence[Piece]:
        """In their order."""
        ...

    def settle(self, upload: Upload) -> None:
        """Keep the outcome and forget the pieces."""
        ...

    def remove(self, upload_id: str) -> None:
        """Also when it is gone already."""
        ...

    def purge(self, before: datetime) -> int:
        """Forget uploads whose time was over before that; how many."""
        ...
