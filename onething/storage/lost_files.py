"""Finds files whose row is kept and whose bytes are gone or broken, as after half a restore."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import bindparam, select

from onething.ports import Records
from onething.storage import tables
from onething.storage.file_store import FolderFileStore
from onething.storage.refusals import FileUnknown, SealBroken
from onething.storage.statements import Prepared
from onething.storage.unit_of_work import DatabaseRecords

_T = tables.files.c
_NEXT = Prepared(
    select(_T.id, _T.owner, _T.sha256)
    .where(_T.id > bindparam("after"))
    .order_by(_T.id)
    .limit(bindparam("at_most"))
)
_AT_ONCE = 500


@dataclass(frozen=True)
class LostFile:
    """A kept file that cannot be had: missing, broken or changed; ``owner`` is its draft or case."""

    id: str
    owner: str
    reason: str


def find_lost(records: DatabaseRecords, files: FolderFileStore) -> Iterator[LostFile | None]:
    """One for each row, in no order: None when its bytes are there, open, and are what was kept."""
    after = ""
    while True:
        with records.read() as uow:
            rows = _NEXT.rows(uow.connection, after=after, at_most=_AT_ONCE)
        for file_id, owner, digest in rows:
            reason = _trouble(files, file_id, digest)
            yield LostFile(file_id, owner, reason) if reason and _is_kept(records, file_id) else None
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1][0]


def _trouble(files: FolderFileStore, file_id: str, digest: str) -> str:
    try:
        return "" if sha256(files.get(file_id)).hexdigest() == digest else "changed"
    except FileUnknown:
        return "missing"
    except SealBroken:
        return "broken"


def _is_kept(records: Records, file_id: str) -> bool:
    """Its row may have been removed while we looked."""
    with records.read() as uow:
        return uow.files.find(file_id) is not None
