"""Drafts; their values are sealed for each role."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from onething.domain.records import Draft
from onething.ports import Conflict
from onething.storage import tables
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared, RowInsert

_COLUMNS = (
    "id", "thing", "holder", "subject", "revision", "division", "created_at", "updated_at", "version",
    "state", "progress",
)  # fmt: skip
_T = tables.drafts.c
_V = tables.draft_values.c
_SELECT = select(*(_T[name] for name in _COLUMNS))
_FIND = Prepared(_SELECT.where(_T.id == bindparam("wanted")))
_FIND_OPEN = Prepared(
    _SELECT.where(
        _T.thing == bindparam("of_thing"),
        _T.holder == bindparam("of_holder"),
        _T.subject == bindparam("of_subject"),
        _T.state == "open",
    )
)
_OPEN_OF = Prepared(
    _SELECT.where(_T.holder == bindparam("of_holder"), _T.state == "open").order_by(_T.updated_at.desc())
)
_LEFT = Prepared(
    select(_T.id)
    .where(_T.state == "open", _T.updated_at >= bindparam("after"), _T.updated_at < bindparam("before"))
    .order_by(_T.updated_at, _T.id)
)
_INSERT = RowInsert(tables.drafts, _COLUMNS)
_SAVE = Prepared(
    update(tables.drafts)
    .values(
        {
            "subject": bindparam("new_subject"),
            "revision": bindparam("new_revision"),
            "updated_at": bindparam("new_updated_at"),
            "version": bindparam("new_version"),
            "state": bindparam("new_state"),
            "progress": bindparam("new_progress"),
        }
    )
    .where(_T.id == bindparam("wanted"), _T.version == bindparam("old_version"))
)
_VALUES = Prepared(select(_V.role, _V.retention, _V.sealed_values).where(_V.draft_id == bindparam("wanted")))
_CLEAR_VALUES = Prepared(delete(tables.draft_values).where(_V.draft_id == bindparam("wanted")))
_INSERT_VALUES = RowInsert(tables.draft_values, ("draft_id", "role", "retention", "sealed_values"))


class DatabaseDrafts:
    """``Drafts``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def find(self, draft_id: str) -> Draft | None:
        row = _FIND.row(self._connection, wanted=draft_id)
        return self._draft(row) if row else None

    def find_open(self, thing: str, holder: str, subject: str) -> Draft | None:
        row = _FIND_OPEN.row(self._connection, of_thing=thing, of_holder=holder, of_subject=subject)
        return self._draft(row) if row else None

    def list_open_of(self, holder: str) -> Sequence[Draft]:
        """The last touched first."""
        return [self._draft(row) for row in _OPEN_OF.rows(self._connection, of_holder=holder)]

    def list_left(self, after: datetime, before: datetime) -> Sequence[str]:
        """Ids of open drafts last touched in that time, the first left first."""
        return [row[0] for row in _LEFT.rows(self._connection, after=after, before=before)]

    def add(self, draft: Draft) -> None:
        _INSERT(self._connection, [[getattr(draft, name) for name in _COLUMNS]])
        self._write_values(draft)

    def save(self, draft: Draft) -> None:
        """Holder, thing, division and creation stay what they were."""
        saved = _SAVE.change(
            self._connection,
            wanted=draft.id,
            old_version=draft.version,
            new_subject=draft.subject,
            new_revision=draft.revision,
            new_updated_at=draft.updated_at,
            new_version=draft.version + 1,
            new_state=draft.state,
            new_progress=draft.progress,
        )
        if saved != 1:
            raise Conflict("the draft has moved on")
        _CLEAR_VALUES.change(self._connection, wanted=draft.id)
        self._write_values(draft)

    def _write_values(self, draft: Draft) -> None:
        _INSERT_VALUES(self._connection, self._sealer.seal_roles("draft_values", draft.id, draft.values))

    def _draft(self, row: tuple[Any, ...]) -> Draft:
        plain = dict(zip(_COLUMNS, row, strict=True))
        rows = _VALUES.rows(self._connection, wanted=plain["id"])
        return Draft(values=self._sealer.open_roles("draft_values", plain["id"], rows), **plain)
