"""Which case answers for which matter of which event."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, select

from onething.ports.same_event import Claim
from onething.storage.statements import Prepared, RowInsert
from onething.storage.tables_same_event import case_claims

_C = case_claims.c
_OF = Prepared(
    select(_C.subject, _C.matter, _C.case_id).where(_C.subject == bindparam("wanted")).order_by(_C.matter)
)
_ADD = RowInsert(case_claims, ("subject", "matter", "case_id"))
_RELEASE = Prepared(
    delete(case_claims).where(
        _C.subject == bindparam("wanted"), _C.matter == bindparam("of"), _C.case_id == bindparam("case")
    )
)


class DatabaseClaims:
    """``Claims``; that there is one for each subject and matter is the primary key's word."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_of(self, subject: str) -> Sequence[Claim]:
        return [Claim(*row) for row in _OF.rows(self._connection, wanted=subject)]

    def add_all(self, claims: Sequence[Claim]) -> None:
        _ADD(self._connection, [(claim.subject, claim.matter, claim.case_id) for claim in claims])

    def release(self, claim: Claim) -> None:
        _RELEASE.change(self._connection, wanted=claim.subject, of=claim.matter, case=claim.case_id)
