"""Which events of departments were taken already."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from onething.storage import tables
from onething.storage.statements import RowInsert

_TAKE = RowInsert(tables.partner_events, ("department", "event_id", "taken_at"), once=True)


class DatabasePartnerEvents:
    """``PartnerEvents``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_new(self, department: str, event_id: str, at: datetime) -> bool:
        return _TAKE(self._connection, [(department, event_id, at)]) == 1
