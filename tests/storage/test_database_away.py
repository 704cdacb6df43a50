"""A database that is locked, restarted or frozen: refused soon, and well again by itself."""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from onething.storage.engines import Limits
from onething.storage.keyring import KeyRing
from onething.storage.refusals import RecordsUnavailable
from onething.storage.unit_of_work import DatabaseRecords
from tests.storage.made_records import made_audit_row

SOON_S = 3.0


@pytest.fixture
def on_postgres(postgres_records_url: str) -> Iterator[DatabaseRecords]:
    records = DatabaseRecords(postgres_records_url, KeyRing.new())
    yield records
    records.close()


def _refused_soon(records: DatabaseRecords) -> None:
    began = time.monotonic()
    with pytest.raises(RecordsUnavailable), records.act() as uow:
        uow.audit.add(made_audit_row())
    assert time.monotonic() - began < SOON_S


def _backend_of(records: DatabaseRecords) -> int:
    with records.act() as uow:
        return int(uow.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def test_a_frozen_postgresql_is_given_up_and_comes_back(on_postgres: DatabaseRecords) -> None:
    backend = _backend_of(on_postgres)
    os.kill(backend, signal.SIGSTOP)
    try:
        _refused_soon(on_postgres)
    finally:
        os.kill(backend, signal.SIGCONT)
    with on_postgres.act() as uow:
        uow.audit.add(made_audit_row())


def test_a_restarted_postgresql_is_found_again(on_postgres: DatabaseRecords) -> None:
    backend = _backend_of(on_postgres)
    assert on_postgres.is_ready()
    with psycopg.connect(_address(on_postgres), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [backend])
    _refused_soon(on_postgres)
    assert on_postgres.is_ready()
    with on_postgres.act() as uow:
        uow.audit.add(made_audit_row())


def test_a_locked_table_is_given_up(on_postgres: DatabaseRecords) -> None:
    with psycopg.connect(_address(on_postgres)) as other:
        other.execute("LOCK TABLE audit")
        _refused_soon(on_postgres)
    with on_postgres.act() as uow:
        uow.audit.add(made_audit_row())


def test_a_database_that_is_not_there_is_not_ready() -> None:
    records = DatabaseRecords("postgresql+psycopg://nobody@127.0.0.1:1/nothing", KeyRing.new())
    assert not records.is_ready()
    _refused_soon(records)
    records.close()


def test_more_connections_than_there_are_is_said(postgres_records_url: str) -> None:
    records = DatabaseRecords(postgres_records_url, KeyRing.new(), limits=Limits(connections=1, answer=0.3))
    with records.read(), records.read(), pytest.raises(RecordsUnavailable), records.read():
        pass
    with records.read() as uow:
        assert uow.terminals.list_all() == []
    records.close()


@pytest.fixture
def sqlite_copy(sqlite_template: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "onething.sqlite"
    copy.write_bytes(sqlite_template.read_bytes())
    return copy


def test_a_locked_sqlite_is_given_up(sqlite_copy: Path) -> None:
    records = DatabaseRecords(f"sqlite:///{sqlite_copy}", KeyRing.new(), limits=Limits(busy=0.3))
    other = sqlite3.connect(sqlite_copy, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    _refused_soon(records)
    with records.read() as uow:
        assert uow.terminals.list_all() == []
    other.execute("ROLLBACK")
    other.close()
    with records.act() as uow:
        uow.audit.add(made_audit_row())
    records.close()


def test_a_writer_that_does_not_end_is_given_up(sqlite_copy: Path) -> None:
    url = f"sqlite:///{sqlite_copy}"
    slow, other = (DatabaseRecords(url, KeyRing.new(), limits=Limits(busy=0.3)) for _ in range(2))
    began, end = threading.Event(), threading.Event()

    def write() -> None:
        with slow.act():
            began.set()
            end.wait(10)

    writer = threading.Thread(target=write)
    writer.start()
    began.wait(10)
    _refused_soon(other)
    _refused_soon(slow)
    end.set()
    writer.join()
    with other.act() as uow:
        uow.audit.add(made_audit_row())
    slow.close()
    other.close()


def test_a_full_sqlite_is_said_and_loses_nothing(sqlite_copy: Path) -> None:
    records = DatabaseRecords(f"sqlite:///{sqlite_copy}", KeyRing.new())
    with records.act() as uow:
        uow.audit.add(made_audit_row())
        pages = uow.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        uow.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(RecordsUnavailable), records.act() as uow:
        uow.audit.add_all([made_audit_row() for _ in range(200)])
    with records.act() as uow:
        assert len(uow.audit.list_of_subject("a" * 32)) == 1
    records.close()


def test_a_damaged_sqlite_is_said(sqlite_copy: Path) -> None:
    records = DatabaseRecords(f"sqlite:///{sqlite_copy}", KeyRing.new())
    with records.act() as uow:
        uow.audit.add_all([made_audit_row(purpose="x" * 500) for _ in range(500)])
        uow.connection.exec_driver_sql("DROP INDEX ix_audit_subject_at")
    records.close()
    with sqlite_copy.open("r+b") as file:
        file.seek(150_000)
        file.write(b"\xee" * 200_000)
    with pytest.raises(RecordsUnavailable), records.read() as uow:
        uow.audit.list_of_subject("a" * 32, limit=1000)
    records.close()


def test_an_act_inside_an_act_is_a_mistake_and_not_a_wait(sqlite_copy: Path) -> None:
    records = DatabaseRecords(f"sqlite:///{sqlite_copy}", KeyRing.new())
    with records.act(), pytest.raises(RuntimeError, match="inside"), records.act():
        pass
    records.close()


def _address(records: DatabaseRecords) -> str:
    with records.read() as uow:
        return uow.connection.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
