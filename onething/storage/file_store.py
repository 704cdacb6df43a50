"""The bytes of kept files in a folder, sealed before they are written and durable before they are known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from onething.storage.durable_files import UNFINISHED, sync_folder, write_whole
from onething.storage.keyring import KeyRing
from onething.storage.refusals import FileUnknown

# Letters, digits, minus and underline only: an id can never be a path.
_ID = re.compile(r"[A-Za-z0-9_-]{4,64}")


class FolderFileStore:
    """``FileStore`` in one folder, spread over sub-folders by the id's first two characters.

    Server and worker need the same folder. A file is bound to its id: under another it does not open.
    """

    def __init__(self, folder: Path, keyring: KeyRing) -> None:
        self._folder = folder
        self._keyring = keyring

    def put(self, file_id: str, data: bytes) -> None:
        """Whole and on the disk when this returns; raises ``FileUnknown`` for what is no id."""
        path = self._path(file_id)
        self._make_folder(path.parent)
        write_whole(path, self._keyring.seal(data, _place(file_id)))

    def get(self, file_id: str) -> bytes:
        """Raises ``FileUnknown``, or ``SealBroken`` when the bytes were touched."""
        try:
            sealed = self._path(file_id).read_bytes()
        except FileNotFoundError:
            raise FileUnknown(file_id) from None
        return self._keyring.open(sealed, _place(file_id))

    def remove(self, file_id: str) -> None:
        """Also when it is gone already."""
        self._path(file_id).unlink(missing_ok=True)

    def list_older(self, before: datetime) -> Iterator[str]:
        """Ids of the files last written before that time, in no order."""
        for path in self._folder.glob("??/*"):
            if not path.name.startswith(UNFINISHED) and _written_at(path) < before:
                yield path.name

    def remove_unfinished(self, before: datetime) -> int:
        """Remove what a writer that died left behind; how many."""
        left = [path for path in self._folder.glob(f"??/{UNFINISHED}*") if _written_at(path) < before]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _path(self, file_id: str) -> Path:
        if not _ID.fullmatch(file_id):
            raise FileUnknown("not the id of a file")
        return self._folder / file_id[:2] / file_id

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(folder.parent)


def _place(file_id: str) -> str:
    return f"file_store:{file_id}:bytes"


def _written_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        # Somebody removed it meanwhile: as good as new, nothing to sweep.
        return datetime.now(UTC)
