"""Approvals for supervising departments, and how far each case was reported to the province."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from onething.domain.approvals import Approval, ApprovalState, CheckResult
from onething.domain.listing import FIRST_INSTANT, Place
from onething.storage import tables_results as kept
from onething.storage.kept_rows import KeptRows
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared, RowInsert, is_after

_A, _P = kept.approvals.c, kept.province_reports.c
_APPROVALS = KeptRows(
    kept.approvals, Approval, reads={"state": ApprovalState, "result": CheckResult, "to_check": bool}
)
_FIND = Prepared(_APPROVALS.select(_A.id == bindparam("wanted")))
_OF_CASE = Prepared(_APPROVALS.select(_A.case_id == bindparam("wanted")).order_by(_A.approved_at, _A.id))
_INBOX = Prepared(
    _APPROVALS.select(
        _A.supervisor == bindparam("of_supervisor"),
        _A.state == bindparam("in_state"),
        is_after(_A.approved_at, _A.id),
    )
    .order_by(_A.approved_at, _A.id)
    .limit(bindparam("at_most"))
)

_REPORTED = Prepared(select(_P.reported, _P.refusal).where(_P.case_id == bindparam("wanted")))
_FIRST = RowInsert(kept.province_reports, ("case_id", "reported", "reported_at", "division"), once=True)
_ADVANCE = Prepared(
    update(kept.province_reports)
    .values(
        {
            "reported": bindparam("now_reported"),
            "reported_at": bindparam("at"),
            "refused_at": None,
            "refusal": None,
        }
    )
    .where(_P.case_id == bindparam("wanted"), _P.reported < bindparam("now_reported"))
)
_REFUSE = Prepared(
    update(kept.province_reports)
    .values({"refused_at": bindparam("at"), "refusal": bindparam("why")})
    .where(_P.case_id == bindparam("wanted"), _P.refused_at.is_(None))
)
_REFUSED = Prepared(
    select(_P.case_id, _P.reported, _P.refused_at, _P.refusal)
    .where(_P.refused_at.is_not(None))
    .order_by(_P.refused_at, _P.case_id)
    .limit(bindparam("at_most"))
)


class DatabaseApprovals:
    """``Approvals``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add_all(self, approvals: Sequence[Approval]) -> None:
        _APPROVALS.add(self._connection, self._sealer, approvals)

    def find(self, approval_id: str) -> Approval | None:
        return _APPROVALS.find(self._connection, self._sealer, _FIND, wanted=approval_id)

    def list_of(self, case_id: str) -> Sequence[Approval]:
        """Oldest first."""
        return _APPROVALS.all(self._connection, self._sealer, _OF_CASE, wanted=case_id)

    def list_inbox(
        self, supervisor: str, state: ApprovalState, limit: int = 100, after: Place | None = None
    ) -> Sequence[Approval]:
        """Those of one supervising department in one state, oldest first."""
        begun = after or FIRST_INSTANT
        return _APPROVALS.all(
            self._connection,
            self._sealer,
            _INBOX,
            of_supervisor=supervisor,
            in_state=state,
            at_most=limit,
            after_key=begun.key,
            after_id=begun.id,
        )

    def save(self, approval: Approval, was: ApprovalState) -> bool:
        """Whether the approval was still in that state."""
        return _APPROVALS.save(self._connection, self._sealer, approval, state=was)


class DatabaseProvinceReports:
    """``ProvinceReports``."""

    def __init__(self, connection: Connection, division: str) -> None:
        self._connection = connection
        self._division = division

    def get_reported(self, case_id: str) -> int:
        """How many of a case's steps the province has taken."""
        row = _REPORTED.row(self._connection, wanted=case_id)
        return row[0] if row else 0

    def put_reported(self, case_id: str, reported: int, at: datetime) -> None:
        """Never backward: another worker may have been faster."""
        _FIRST(self._connection, [(case_id, 0, at, self._division)])
        _ADVANCE.change(self._connection, wanted=case_id, now_reported=reported, at=at)

    def note_refusal(self, case_id: str, reason: str, at: datetime) -> bool:
        """The province will not take a step: shown until it does. Whether that is news."""
        _FIRST(self._connection, [(case_id, 0, at, self._division)])
        return _REFUSE.change(self._connection, wanted=case_id, why=reason, at=at) == 1

    def list_refused(self, limit: int = 100) -> Sequence[tuple[str, int, datetime, str]]:
        """Case, steps taken, since when and why; longest stuck first."""
        return [(row[0], row[1], row[2], row[3]) for row in _REFUSED.rows(self._connection, at_most=limit)]
