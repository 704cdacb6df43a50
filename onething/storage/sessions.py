"""Citizens' sessions at kiosks, windows and phones; the card is sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from onething.domain.records import Session
from onething.storage import tables
from onething.storage.rows import record_of
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared, RowInsert

_PLAIN = (
    "id", "terminal", "holder", "assurance", "started_at", "expires_at", "division", "ended_at", "end_cause",
    "clerk", "mandate",
)  # fmt: skip
_T = tables.sessions.c
_SELECT = select(*(_T[name] for name in _PLAIN), _T.sealed_card)
_FIND = Prepared(_SELECT.where(_T.token_digest == bindparam("wanted")))
_FIND_ID = Prepared(_SELECT.where(_T.id == bindparam("wanted")))
_INSERT = RowInsert(tables.sessions, (*_PLAIN, "token_digest", "sealed_card"))
_EXTEND = Prepared(
    update(tables.sessions)
    .values(expires_at=bindparam("until"))
    .where(_T.id == bindparam("wanted"), _T.ended_at.is_(None))
)
_ENDED = update(tables.sessions).values(ended_at=bindparam("now"), end_cause=bindparam("cause"))
_END = Prepared(_ENDED.where(_T.id == bindparam("wanted"), _T.ended_at.is_(None)))
_END_ALL = Prepared(_ENDED.where(_T.terminal == bindparam("wanted"), _T.ended_at.is_(None)))


class DatabaseSessions:
    """``Sessions``; one that has ended stays as it ended."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, session: Session, token_digest: str) -> None:
        sealed = self._sealer.seal("sessions", session.id, "sealed_card", session.card)
        values = [getattr(session, name) for name in _PLAIN]
        _INSERT(self._connection, [(*values, token_digest, sealed)])

    def find_by_token(self, token_digest: str) -> Session | None:
        """Ended and expired ones too: the caller tells the citizen which."""
        row = _FIND.row(self._connection, wanted=token_digest)
        return self._session(row) if row else None

    def find(self, session_id: str) -> Session | None:
        row = _FIND_ID.row(self._connection, wanted=session_id)
        return self._session(row) if row else None

    def extend(self, session_id: str, expires_at: datetime) -> None:
        _EXTEND.change(self._connection, wanted=session_id, until=expires_at)

    def end(self, session_id: str, at: datetime, cause: str) -> None:
        _END.change(self._connection, wanted=session_id, now=at, cause=cause)

    def end_all_of_terminal(self, terminal_id: str, at: datetime, cause: str) -> int:
        return _END_ALL.change(self._connection, wanted=terminal_id, now=at, cause=cause)

    def _session(self, row: tuple[Any, ...]) -> Session:
        card = self._sealer.open("sessions", row[0], "sealed_card", row[-1])
        return record_of(Session, _PLAIN, row[:-1], card=card)
