"""Published catalogs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, select

from onething.domain.records import Revision
from onething.storage import tables
from onething.storage.statements import Prepared, RowInsert

_COLUMNS = ("number", "digest", "data", "published_by", "published_at")
_SELECT = select(*(tables.revisions.c[name] for name in _COLUMNS))
_CURRENT = Prepared(_SELECT.order_by(tables.revisions.c.number.desc()).limit(1))
_GET = Prepared(_SELECT.where(tables.revisions.c.number == bindparam("wanted")))
_INSERT = RowInsert(tables.revisions, (*_COLUMNS, "division"))


class DatabaseRevisions:
    """``Revisions``."""

    def __init__(self, connection: Connection, division: str) -> None:
        self._connection = connection
        self._division = division

    def find_current(self) -> Revision | None:
        row = _CURRENT.row(self._connection)
        return _revision(row) if row else None

    def get(self, number: int) -> Revision:
        """Raises ``LookupError``."""
        row = _GET.row(self._connection, wanted=number)
        if row is None:
            raise LookupError(f"there is no revision {number}")
        return _revision(row)

    def add(self, revision: Revision) -> None:
        """Raises ``Conflict`` when the number is taken."""
        values = [getattr(revision, name) for name in _COLUMNS]
        _INSERT(self._connection, [(*values, self._division)])


def _revision(row: tuple[Any, ...]) -> Revision:
    return Revision(**dict(zip(_COLUMNS, row, strict=True)))
