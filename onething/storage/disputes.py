"""Disputes over shared data; what both sides say is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, bindparam, update

from onething.domain.disputes import Dispute, DisputeState
from onething.storage import tables_results as kept
from onething.storage.kept_rows import KeptRows
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared

_D = kept.disputes.c
_DISPUTES = KeptRows(
    kept.disputes, Dispute, sealed=("claim",), reads={"state": DisputeState, "evidence": tuple}
)
_FIND = Prepared(_DISPUTES.select(_D.id == bindparam("wanted")))
_OF_OWNER = Prepared(_DISPUTES.select(_D.owner == bindparam("wanted")).order_by(_D.opened_at, _D.id))
_OF_CASE = Prepared(_DISPUTES.select(_D.case_id == bindparam("wanted")).order_by(_D.opened_at, _D.id))
_OPEN_OF_DEPARTMENT = Prepared(
    _DISPUTES.select(_D.department == bindparam("of_department"), _D.state == DisputeState.OPEN.value)
    .order_by(_D.due_on, _D.id)
    .limit(bindparam("at_most"))
)
_UNWARNED = Prepared(
    _DISPUTES.select(_D.settled_at.is_(None), _D.warned_at.is_(None), _D.due_on < bindparam("today"))
    .order_by(_D.due_on, _D.id)
    .limit(bindparam("at_most"))
)
_BECAME = Prepared(
    update(kept.disputes).values({"case_id": bindparam("new_case")}).where(_D.owner == bindparam("of_draft"))
)


class DatabaseDisputes:
    """``Disputes``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, dispute: Dispute) -> None:
        """Raises ``Conflict`` when this value has an open dispute already."""
        _DISPUTES.add(self._connection, self._sealer, [dispute])

    def find(self, dispute_id: str) -> Dispute | None:
        return _DISPUTES.find(self._connection, self._sealer, _FIND, wanted=dispute_id)

    def list_of_owner(self, owner: str) -> Sequence[Dispute]:
        """Oldest first."""
        return _DISPUTES.all(self._connection, self._sealer, _OF_OWNER, wanted=owner)

    def list_of_case(self, case_id: str) -> Sequence[Dispute]:
        """Oldest first."""
        return _DISPUTES.all(self._connection, self._sealer, _OF_CASE, wanted=case_id)

    def list_open(self, department: str, limit: int = 100) -> Sequence[Dispute]:
        """Those of one department by their day."""
        return _DISPUTES.all(
            self._connection, self._sealer, _OPEN_OF_DEPARTMENT, of_department=department, at_most=limit
        )

    def list_unwarned(self, today: date, limit: int) -> Sequence[Dispute]:
        """Open ones past their day that nobody was warned of."""
        return _DISPUTES.all(self._connection, self._sealer, _UNWARNED, today=today, at_most=limit)

    def save(self, dispute: Dispute, was: DisputeState) -> bool:
        """Whether the dispute was still in that state."""
        return _DISPUTES.save(self._connection, self._sealer, dispute, state=was)

    def draft_became(self, draft_id: str, case_id: str) -> int:
        """A draft's disputes go with its case; how many they are."""
        return _BECAME.change(self._connection, of_draft=draft_id, new_case=case_id)
