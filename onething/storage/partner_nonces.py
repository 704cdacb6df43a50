"""Nonces of the gateway's signatures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete

from onething.storage import tables
from onething.storage.statements import Prepared, RowInsert

_USE = RowInsert(tables.partner_nonces, ("partner", "nonce", "used_at"), once=True)
_PURGE = Prepared(delete(tables.partner_nonces).where(tables.partner_nonces.c.used_at < bindparam("before")))


class DatabasePartnerNonces:
    """``PartnerNonces``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def use(self, partner: str, nonce: str, at: datetime) -> bool:
        return _USE(self._connection, [(partner, nonce, at)]) == 1

    def purge_nonces(self, before: datetime) -> int:
        """Forget nonces too old to be replayed; how many."""
        return _PURGE.change(self._connection, before=before)
