"""Uploaded packs, the list of published revisions, and which departments still have work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, null, select, update

from onething.ports.staff import Upload
from onething.storage import tables, tables_staff
from onething.storage.statements import Prepared, RowInsert

_COLUMNS = ("id", "name", "digest", "data", "problems", "uploaded_by", "uploaded_at", "published_as")
_T = tables_staff.catalog_uploads.c
_FIND = Prepared(select(*(_T[name] for name in _COLUMNS)).where(_T.id == bindparam("wanted")))
_WITHOUT_DATA = [null().label("data") if name == "data" else _T[name] for name in _COLUMNS]
_RECENT = Prepared(select(*_WITHOUT_DATA).order_by(_T.uploaded_at.desc(), _T.id).limit(bindparam("at_most")))
_INSERT = RowInsert(tables_staff.catalog_uploads, (*_COLUMNS, "division"))
_PUBLISHED = Prepared(
    update(tables_staff.catalog_uploads)
    .values(published_as=bindparam("number"))
    .where(_T.id == bindparam("wanted"))
)
_R = tables.revisions.c
_REVISION = ("number", "digest", "published_by", "published_at")
_REVISIONS = Prepared(
    select(*(_R[name] for name in _REVISION))
    .where(_R.number < bindparam("before"))
    .order_by(_R.number.desc())
    .limit(bindparam("at_most"))
)
_ENDED = ("completed", "denied", "stopped", "withdrawn")
_OPEN_PARTS = Prepared(
    select(tables.parts.c.department, func.count().label("open_parts"))
    .where(*(tables.parts.c.state != state for state in _ENDED))
    .group_by(tables.parts.c.department)
)
_LAST = 2**31 - 1


class DatabaseCatalogDesk:
    """``CatalogDesk``."""

    def __init__(self, connection: Connection, division: str) -> None:
        self._connection = connection
        self._division = division

    def add(self, upload: Upload) -> None:
        values = [getattr(upload, name) for name in _COLUMNS]
        _INSERT(self._connection, [(*values, self._division)])

    def find(self, upload_id: str) -> Upload | None:
        row = _FIND.row(self._connection, wanted=upload_id)
        return _upload(row) if row else None

    def list_recent(self, limit: int = 20) -> Sequence[Upload]:
        """Newest first, without their data."""
        return [_upload(row) for row in _RECENT.rows(self._connection, at_most=limit)]

    def mark_published(self, upload_id: str, number: int) -> None:
        _PUBLISHED.change(self._connection, wanted=upload_id, number=number)

    def list_revisions(self, before: int | None, limit: int) -> Sequence[Mapping[str, Any]]:
        """Newest first."""
        rows = _REVISIONS.rows(self._connection, before=before or _LAST, at_most=limit)
        return [dict(zip(_REVISION, row, strict=True)) for row in rows]

    def count_open_parts(self) -> Mapping[str, int]:
        """Counted when somebody publishes, never for a page."""
        return dict(_OPEN_PARTS.rows(self._connection))


def _upload(row: Sequence[Any]) -> Upload:
    return Upload(**dict(zip(_COLUMNS, row, strict=True)))
