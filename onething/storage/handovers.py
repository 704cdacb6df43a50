"""Hand-overs between kiosks and phones; nothing in them says who somebody is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from onething.domain.handovers import DraftLine, Handover, HandoverKind
from onething.storage import tables
from onething.storage import tables_handovers as own
from onething.storage.kept_rows import KeptRows
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared

_H = own.handovers.c
_ROWS = KeptRows(own.handovers, Handover, reads={"kind": HandoverKind})
_ONE = Prepared(_ROWS.select(_H.id == bindparam("wanted")))
_OF_TOKEN = Prepared(_ROWS.select(_H.token == bindparam("wanted")))
_OF_TAKER = Prepared(
    _ROWS.select(_H.taken_by == bindparam("wanted")).order_by(_H.shown_at.desc(), _H.id).limit(1)
)
_TAKE = Prepared(
    update(own.handovers)
    .values({"taken_at": bindparam("at"), "taken_by": bindparam("by")})
    .where(
        _H.id == bindparam("wanted"),
        _H.taken_at.is_(None),
        _H.ended_at.is_(None),
        _H.expires_at > bindparam("now"),
    )
)
_ENDED = update(own.handovers).values({"ended_at": bindparam("at"), "end_cause": bindparam("cause")})
_END = Prepared(_ENDED.where(_H.id == bindparam("wanted"), _H.ended_at.is_(None)))
_END_ALL = Prepared(_ENDED.where(_H.session == bindparam("of_session"), _H.ended_at.is_(None)))
_PURGE = Prepared(delete(own.handovers).where(_H.shown_at < bindparam("before")))

_D = tables.drafts.c
_DRAFT_LINE = Prepared(
    select(_D.thing, _D.version, _D.state, _D.updated_at).where(_D.id == bindparam("wanted"))
)


class DatabaseHandovers:
    """``Handovers``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, handover: Handover) -> None:
        _ROWS.add(self._connection, self._sealer, [handover])

    def find(self, handover_id: str) -> Handover | None:
        return _ROWS.find(self._connection, self._sealer, _ONE, wanted=handover_id)

    def find_by_token(self, digest: str) -> Handover | None:
        return _ROWS.find(self._connection, self._sealer, _OF_TOKEN, wanted=digest)

    def find_by_taker(self, taken_by: str) -> Handover | None:
        return _ROWS.find(self._connection, self._sealer, _OF_TAKER, wanted=taken_by)

    def take(self, handover_id: str, at: datetime, by: str) -> bool:
        return _TAKE.change(self._connection, wanted=handover_id, at=at, now=at, by=by) == 1

    def end(self, handover_id: str, at: datetime, cause: str) -> bool:
        return _END.change(self._connection, wanted=handover_id, at=at, cause=cause) == 1

    def end_all_of_session(self, session: str, at: datetime, cause: str) -> int:
        return _END_ALL.change(self._connection, of_session=session, at=at, cause=cause)

    def find_draft_line(self, draft_id: str) -> DraftLine | None:
        row = _DRAFT_LINE.row(self._connection, wanted=draft_id)
        return DraftLine(*row) if row else None

    def purge(self, before: datetime) -> int:
        """Forget what was shown before that time; how many."""
        return _PURGE.change(self._connection, before=before)
