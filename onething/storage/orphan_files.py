"""Sweeps bytes that no row knows: bytes come first, so an act that failed leaves its own behind."""

from __future__ import annotations

from datetime import datetime

from onething.ports import Records
from onething.storage.file_store import FolderFileStore


def sweep_orphans(records: Records, files: FolderFileStore, before: datetime) -> int:
    """Remove files written before that time and in no row; how many.

    ``before`` must leave the longest act its time: a day ago is safe.
    """
    swept = files.remove_unfinished(before)
    for file_id in files.list_older(before):
        with records.read() as uow:
            known = uow.files.find(file_id) is not None
        if not known:
            files.remove(file_id)
            swept += 1
    return swept
