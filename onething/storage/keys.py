"""Idempotency keys; the kept answer is sealed, for it speaks of a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from onething.ports import Conflict, KeyReused
from onething.storage import tables
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared, RowInsert

_T = tables.idempotency_keys.c
_INSERT = RowInsert(tables.idempotency_keys, ("actor", "key", "body_digest", "begun_at"), once=True)
_MINE = _T.actor == bindparam("of_actor"), _T.key == bindparam("wanted")
_FIND = Prepared(select(_T.body_digest, _T.sealed_answer).where(*_MINE))
_FINISH = Prepared(update(tables.idempotency_keys).values(sealed_answer=bindparam("sealed")).where(*_MINE))
_PURGE = Prepared(delete(tables.idempotency_keys).where(_T.begun_at < bindparam("before")))


class DatabaseKeys:
    """``Keys``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def begin(self, actor: str, key: str, body_digest: str, at: datetime) -> Mapping[str, Any] | None:
        """A rival with the same key waits here until the first one has committed or gone."""
        if _INSERT(self._connection, [(actor, key, body_digest, at)]) == 1:
            return None
        row = _FIND.row(self._connection, of_actor=actor, wanted=key)
        if row is None or row[1] is None:
            raise Conflict("the key was begun and not finished")
        if row[0] != body_digest:
            raise KeyReused(key)
        answer: Mapping[str, Any] = self._sealer.open(*_place(actor, key), row[1])
        return answer

    def finish(self, actor: str, key: str, answer: Mapping[str, Any]) -> None:
        """Raises ``LookupError`` for a key that was not begun."""
        sealed = self._sealer.seal(*_place(actor, key), answer)
        if _FINISH.change(self._connection, of_actor=actor, wanted=key, sealed=sealed) != 1:
            raise LookupError("the key was not begun")

    def purge(self, before: datetime) -> int:
        """Forget keys that nobody will repeat any more; how many."""
        return _PURGE.change(self._connection, before=before)


def _place(actor: str, key: str) -> tuple[str, str, str]:
    return "idempotency_keys", f"{actor}/{key}", "sealed_answer"
