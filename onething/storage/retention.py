"""What is forgotten when its time is over: drafts that nobody goes on with, and people's cards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from onething.storage import tables
from onething.storage.statements import Prepared

_D, _F, _S = tables.drafts.c, tables.files.c, tables.sessions.c
_LEFT = select(_D.id).where(_D.state == "open", _D.updated_at < bindparam("before"))
_FORGET_FILES = Prepared(delete(tables.files).where(_F.owner.in_(_LEFT)))
_FORGET_DRAFTS = Prepared(
    delete(tables.drafts).where(_D.state == "open", _D.updated_at < bindparam("before"))
)
_FORGET_SESSIONS = Prepared(delete(tables.sessions).where(_S.expires_at < bindparam("before")))


class DatabaseRetention:
    """Deletes by age; what a case is made of is not touched."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def forget_left_drafts(self, before: datetime) -> int:
        """Drafts last touched before that, with their values and papers; how many drafts."""
        _FORGET_FILES.change(self._connection, before=before)
        return _FORGET_DRAFTS.change(self._connection, before=before)

    def forget_sessions(self, before: datetime) -> int:
        """Sittings that were over before that, with what was on the card; how many."""
        return _FORGET_SESSIONS.change(self._connection, before=before)
