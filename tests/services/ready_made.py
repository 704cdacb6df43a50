"""Installations that stand already: tables made, catalog published, copied for each test that wants one.

Migrating and publishing takes half a second of work. Here the product does it once for each pack and
database server; that it does it right is for the tests of storage and of publishing to show.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

import pytest

from onething.domain.needs import NeedState
from onething.packs.reading import LoadedPack, load_pack, read_catalog
from onething.services import publishing
from onething.storage.keyring import KeyRing
from onething.storage.migrate import migrate
from onething.storage.unit_of_work import DatabaseRecords
from onething.system import SystemClock
from tests.databases import database_beside, execute

PACK = Path(__file__).parents[2] / "catalog" / "xinxian"
KEYS = "keys.json"


@lru_cache
def pack(folder: Path = PACK) -> LoadedPack:
    return load_pack(folder)


@contextmanager
def ready_made(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """SQLAlchemy URL of the fixture's parameter's database with the county's pack published in it.

    Its keys are put into ``folder``.
    """
    if request.param == "sqlite":
        yield copy_of_sqlite(folder)
        return
    url = request.getfixturevalue("postgres_url")
    put_keys(folder)
    with database_beside(url, _postgres_template(url)) as copy:
        yield copy


def copy_of_sqlite(folder: Path, pack_folder: Path = PACK) -> str:
    """The same in a SQLite file in ``folder``."""
    file = folder / "onething.sqlite"
    put_keys(folder)
    file.write_bytes(_sqlite_template(pack_folder))
    return f"sqlite:///{file}"


def put_keys(folder: Path) -> None:
    """The one key ring of all these installations, for its owner only."""
    file = folder / KEYS
    file.touch(mode=0o600)
    file.write_bytes(_keys())


def furnish(url: str, keys: Path, pack_folder: Path = PACK) -> None:
    """Make keys, tables and the first revision by the product's own means, every data need agreed."""
    ring = KeyRing.make(keys)
    migrate(url)
    records = DatabaseRecords(url, ring)
    data = pack(pack_folder).data
    publishing.publish(records, SystemClock(), data, read_catalog, "test", needs=NeedState.AGREED)
    records.close()


@lru_cache
def _keys() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        KeyRing.make(file := Path(folder) / KEYS)
        return file.read_bytes()


@lru_cache
def _sqlite_template(pack_folder: Path) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "template.sqlite"
        furnish(f"sqlite:///{file}", Path(folder) / KEYS, pack_folder)
        return file.read_bytes()


@lru_cache
def _postgres_template(url: str) -> str:
    """The template's name; it stays for as long as the cluster."""
    name = f"template_{uuid4().hex}"
    execute(url, f"CREATE DATABASE {name}")
    with tempfile.TemporaryDirectory() as folder:
        furnish(f"{url.rsplit('/', 1)[0]}/{name}", Path(folder) / KEYS)
    return name
