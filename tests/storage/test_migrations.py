"""The tables that migrations make are the tables that the code uses."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from onething.storage.engines import Limits, make_read_engine
from onething.storage.keyring import KeyRing
from onething.storage.migrate import migrate
from onething.storage.schema import metadata
from onething.storage.schema_version import MIGRATIONS, is_current, newest
from onething.storage.unit_of_work import DatabaseRecords


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """SQLAlchemy URL of a database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.sqlite"
    else:
        yield request.getfixturevalue("postgres_database")


def test_an_empty_database_becomes_current(empty_url: str) -> None:
    records = DatabaseRecords(empty_url, KeyRing.new())
    assert not is_current(empty_url)
    assert not records.is_ready()
    migrate(empty_url)
    assert is_current(empty_url)
    assert records.is_ready()
    migrate(empty_url)
    assert is_current(empty_url)
    records.close()


def test_the_newest_version_is_alembics_own_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [newest()]


def test_two_at_once_follow_each_other(empty_url: str) -> None:
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(migrate, [empty_url, empty_url]))
    assert is_current(empty_url)


def test_migrated_tables_are_the_code_s(database_url: str) -> None:
    engine = make_read_engine(database_url, Limits())
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrated_constraints_are_named_as_in_the_code(database_url: str) -> None:
    """The names are what tells a lost race from a mistake."""
    engine = make_read_engine(database_url, Limits())
    found = inspect(engine)
    for table in metadata.tables.values():
        assert found.get_pk_constraint(table.name)["name"] == table.primary_key.name
        indexes = {index["name"] for index in found.get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= indexes
    engine.dispose()


def test_every_record_s_county_is_indexed_and_in_no_key() -> None:
    with_division = [table for table in metadata.tables.values() if "division" in table.c]
    assert len(with_division) >= 9
    for table in with_division:
        assert table.c.division.index
        assert "division" not in table.primary_key.columns
