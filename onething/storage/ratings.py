"""Ratings, the appeals against them, and the putting right of low ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, bindparam, or_

from onething.domain.listing import FIRST_DAY, FIRST_INSTANT, Place
from onething.domain.ratings import (
    Channel,
    Finding,
    Ground,
    Level,
    Occasion,
    Rating,
    RatingAppeal,
    RatingState,
    Rectification,
    RectificationState,
    Remedy,
)
from onething.storage import tables_results as kept
from onething.storage.kept_rows import KeptRows
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared, is_after

_R, _A, _F = kept.ratings.c, kept.rating_appeals.c, kept.rectifications.c
_RATINGS = KeptRows(
    kept.ratings,
    Rating,
    sealed=("comment",),
    reads={
        "occasion": Occasion,
        "channel": Channel,
        "level": Level,
        "state": RatingState,
        "reasons": tuple,
        "named": bool,
    },
)
_APPEALS = KeptRows(kept.rating_appeals, RatingAppeal, reads={"excluded": bool, "ground": Ground})
_RECTIFICATIONS = KeptRows(
    kept.rectifications,
    Rectification,
    sealed=("call_note", "finding_text"),
    reads={"state": RectificationState, "finding": Finding, "remedy": Remedy},
)

_RATING = Prepared(_RATINGS.select(_R.id == bindparam("wanted")))
_RATINGS_OF = Prepared(_RATINGS.select(_R.case_id == bindparam("wanted")).order_by(_R.rated_at, _R.id))
_APPEAL = Prepared(_APPEALS.select(_A.id == bindparam("wanted")))
_APPEAL_OF = Prepared(_APPEALS.select(_A.rating == bindparam("wanted")))
_OPEN_APPEALS = Prepared(
    _APPEALS.select(_A.decided_at.is_(None), is_after(_A.appealed_at, _A.id))
    .order_by(_A.appealed_at, _A.id)
    .limit(bindparam("at_most"))
)
_RECTIFICATION = Prepared(_RECTIFICATIONS.select(_F.id == bindparam("wanted")))
_RECTIFICATION_OF = Prepared(_RECTIFICATIONS.select(_F.rating == bindparam("wanted")))
_RECTIFICATIONS_OF = Prepared(
    _RECTIFICATIONS.select(_F.case_id == bindparam("wanted")).order_by(_F.opened_at, _F.id)
)
_UNSETTLED = or_(_F.state == RectificationState.OPEN.value, _F.state == RectificationState.CALLED_BACK.value)
_BY_DUE = _F.due_on, _F.id
_OPEN = Prepared(
    _RECTIFICATIONS.select(_UNSETTLED, is_after(*_BY_DUE)).order_by(*_BY_DUE).limit(bindparam("at_most"))
)
_OPEN_OF_DEPARTMENT = Prepared(
    _RECTIFICATIONS.select(_UNSETTLED, _F.department == bindparam("of_department"), is_after(*_BY_DUE))
    .order_by(*_BY_DUE)
    .limit(bindparam("at_most"))
)


_UNWARNED = Prepared(
    _RECTIFICATIONS.select(_F.settled_at.is_(None), _F.warned_at.is_(None), _F.due_on < bindparam("today"))
    .order_by(*_BY_DUE)
    .limit(bindparam("at_most"))
)


class DatabaseRatings:
    """``Ratings``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, rating: Rating) -> None:
        """Raises ``Conflict`` when the service has a rating of this number already."""
        _RATINGS.add(self._connection, self._sealer, [rating])

    def find(self, rating_id: str) -> Rating | None:
        return _RATINGS.find(self._connection, self._sealer, _RATING, wanted=rating_id)

    def list_of(self, case_id: str) -> Sequence[Rating]:
        """Oldest first."""
        return _RATINGS.all(self._connection, self._sealer, _RATINGS_OF, wanted=case_id)

    def save(self, rating: Rating, was: RatingState) -> bool:
        """Whether the rating was still in that state."""
        return _RATINGS.save(self._connection, self._sealer, rating, state=was)

    def add_appeal(self, appeal: RatingAppeal) -> None:
        """Raises ``Conflict`` when the rating was appealed before."""
        _APPEALS.add(self._connection, self._sealer, [appeal])

    def find_appeal(self, appeal_id: str) -> RatingAppeal | None:
        return _APPEALS.find(self._connection, self._sealer, _APPEAL, wanted=appeal_id)

    def find_appeal_of(self, rating_id: str) -> RatingAppeal | None:
        return _APPEALS.find(self._connection, self._sealer, _APPEAL_OF, wanted=rating_id)

    def list_open_appeals(self, limit: int = 100, after: Place | None = None) -> Sequence[RatingAppeal]:
        """Longest waiting first."""
        begun = after or FIRST_INSTANT
        return _APPEALS.all(
            self._connection,
            self._sealer,
            _OPEN_APPEALS,
            at_most=limit,
            after_key=begun.key,
            after_id=begun.id,
        )

    def save_appeal(self, appeal: RatingAppeal) -> bool:
        """Whether it was still undecided."""
        return _APPEALS.save(self._connection, self._sealer, appeal, decided_at=None)

    def add_rectification(self, rectification: Rectification) -> None:
        _RECTIFICATIONS.add(self._connection, self._sealer, [rectification])

    def find_rectification(self, rectification_id: str) -> Rectification | None:
        return _RECTIFICATIONS.find(self._connection, self._sealer, _RECTIFICATION, wanted=rectification_id)

    def find_rectification_of(self, rating_id: str) -> Rectification | None:
        return _RECTIFICATIONS.find(self._connection, self._sealer, _RECTIFICATION_OF, wanted=rating_id)

    def list_rectifications(self, case_id: str) -> Sequence[Rectification]:
        """Oldest first."""
        return _RECTIFICATIONS.all(self._connection, self._sealer, _RECTIFICATIONS_OF, wanted=case_id)

    def list_open_rectifications(
        self, department: str | None, limit: int = 100, after: Place | None = None
    ) -> Sequence[Rectification]:
        """Those of one department, or of all, by their day."""
        begun = after or FIRST_DAY
        values = {"at_most": limit, "after_key": begun.key, "after_id": begun.id}
        if department is None:
            return _RECTIFICATIONS.all(self._connection, self._sealer, _OPEN, **values)
        return _RECTIFICATIONS.all(
            self._connection, self._sealer, _OPEN_OF_DEPARTMENT, of_department=department, **values
        )

    def list_unwarned(self, today: date, limit: int) -> Sequence[Rectification]:
        """Open ones past their day that nobody was warned of."""
        return _RECTIFICATIONS.all(self._connection, self._sealer, _UNWARNED, today=today, at_most=limit)

    def save_rectification(self, rectification: Rectification, was: RectificationState) -> bool:
        """Whether it was still in that state."""
        return _RECTIFICATIONS.save(self._connection, self._sealer, rectification, state=was)
