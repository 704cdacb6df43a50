"""Files are there whole or not at all, encrypted, and known to a row or swept."""

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from onething.storage.file_store import FolderFileStore
from onething.storage.keyring import KeyRing
from onething.storage.orphan_files import sweep_orphans
from onething.storage.refusals import FileUnknown, SealBroken
from onething.storage.suites import SUITES
from onething.storage.unit_of_work import DatabaseRecords
from tests.storage.made_records import made_file

PAGE = b"\xff\xd8 a page of a marriage certificate " * 50


def _soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


@pytest.fixture
def store(tmp_path: Path, keyring: KeyRing) -> FolderFileStore:
    return FolderFileStore(tmp_path / "files", keyring)


@pytest.mark.parametrize("suite", sorted(SUITES))
def test_a_file_comes_back_and_lies_there_sealed(tmp_path: Path, suite: str) -> None:
    store = FolderFileStore(tmp_path / "files", KeyRing.new(suite))
    store.put("abcdef", PAGE)
    kept = tmp_path / "files/ab/abcdef"
    assert store.get("abcdef") == PAGE
    assert b"marriage" not in kept.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    store.remove("abcdef")
    store.remove("abcdef")
    with pytest.raises(FileUnknown):
        store.get("abcdef")


@pytest.mark.parametrize(
    "hostile", ["", "a", "../../etc/passwd", "..", "ab/cdef", "ab\0cdef", "ab.cdef", "身份证身份证", "a" * 65]
)
def test_an_id_is_never_a_path(store: FolderFileStore, tmp_path: Path, hostile: str) -> None:
    for act in (store.get, store.remove, lambda name: store.put(name, PAGE)):
        with pytest.raises(FileUnknown):
            act(hostile)
    assert not (tmp_path / "files").exists()


def test_a_file_under_another_id_does_not_open(store: FolderFileStore, tmp_path: Path) -> None:
    store.put("abcdef", PAGE)
    (tmp_path / "files/ab/abcdef").rename(tmp_path / "files/ab/abother")
    with pytest.raises(SealBroken):
        store.get("abother")


_KILLED_WRITER = """
import os, signal, sys
from pathlib import Path
from onething.storage.file_store import FolderFileStore
from onething.storage.keyring import KeyRing
def die(*_arguments):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(os, sys.argv[2], die)
FolderFileStore(Path(sys.argv[1]), KeyRing.new()).put("abcdef", b"x" * 100_000)
"""


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_killed_writer_leaves_no_half_file(store: FolderFileStore, tmp_path: Path, moment: str) -> None:
    folder = tmp_path / "files"
    (folder / "ab").mkdir(parents=True)
    died = subprocess.run([sys.executable, "-c", _KILLED_WRITER, str(folder), moment], check=False)
    assert died.returncode == -signal.SIGKILL
    with pytest.raises(FileUnknown):
        store.get("abcdef")
    assert list(store.list_older(_soon())) == []
    assert len(list(folder.glob("ab/*"))) == 1
    assert store.remove_unfinished(before=datetime.now(UTC) - timedelta(hours=1)) == 0
    assert store.remove_unfinished(before=_soon()) == 1
    assert list(folder.glob("ab/*")) == []


def test_bytes_that_no_row_knows_are_swept(records: DatabaseRecords, store: FolderFileStore) -> None:
    known = made_file(id="known-file")
    store.put(known.id, PAGE)
    store.put("orphan-file", PAGE)
    with records.act() as uow:
        uow.files.add(known)
    assert sweep_orphans(records, store, before=datetime.now(UTC) - timedelta(hours=1)) == 0
    assert sweep_orphans(records, store, before=_soon()) == 1
    assert store.get(known.id) == PAGE
    with pytest.raises(FileUnknown):
        store.get("orphan-file")
