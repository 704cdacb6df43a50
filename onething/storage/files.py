"""The rows of kept files; their bytes are in the file store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from onething.domain.records import StoredFile
from onething.storage import tables
from onething.storage.rows import record_of
from onething.storage.statements import Prepared, RowInsert

_COLUMNS = (
    "id", "owner", "material", "sha256", "media_type", "size", "width", "height", "created_at",
)  # fmt: skip
_T = tables.files.c
_SELECT = select(*(_T[name] for name in _COLUMNS))
_FIND = Prepared(_SELECT.where(_T.id == bindparam("wanted")))
_OF_OWNER = Prepared(_SELECT.where(_T.owner == bindparam("wanted")).order_by(_T.created_at, _T.id))
_INSERT = RowInsert(tables.files, (*_COLUMNS, "division"))
_REMOVE = Prepared(delete(tables.files).where(_T.id == bindparam("wanted")))


class DatabaseFiles:
    """``Files``."""

    def __init__(self, connection: Connection, division: str) -> None:
        self._connection = connection
        self._division = division

    def add(self, file: StoredFile) -> None:
        values = [getattr(file, name) for name in _COLUMNS]
        _INSERT(self._connection, [(*values, self._division)])

    def find(self, file_id: str) -> StoredFile | None:
        row = _FIND.row(self._connection, wanted=file_id)
        return _file(row) if row else None

    def list_of(self, owner: str) -> Sequence[StoredFile]:
        """Oldest first."""
        return [_file(row) for row in _OF_OWNER.rows(self._connection, wanted=owner)]

    def remove(self, file_id: str) -> None:
        _REMOVE.change(self._connection, wanted=file_id)


def _file(row: tuple[Any, ...]) -> StoredFile:
    return record_of(StoredFile, _COLUMNS, row)
