"""Brings a database's tables to this version, on both databases, from files that come with the package."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from onething.storage.engines import Limits, make_read_engine, make_write_engine
from onething.storage.statements import send

_FOLDER = Path(__file__).parent / "migrations"
# A change of tables may wait for running acts, and may itself take long on a large database.
_PATIENT = Limits(connect=10, lock=60, answer=3600, statement=3600)
# Any number will do, as long as every version of this program uses the same.
_MIGRATION_LOCK = 4115230001


def migrate(url: str) -> None:
    """Up to the newest version; two at once follow each other. Empty databases are filled."""
    engine = make_write_engine(url, _PATIENT)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                lock = text("SELECT pg_advisory_xact_lock(:number)")
                connection.execute(lock, {"number": _MIGRATION_LOCK})
            else:
                send(connection, "BEGIN IMMEDIATE", ())
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def is_current(url: str) -> bool:
    """Whether the database has the tables of this version."""
    engine = make_read_engine(url, Limits())
    try:
        with engine.connect() as connection:
            return is_current_on(connection)
    finally:
        engine.dispose()


def is_current_on(connection: Connection) -> bool:
    """The same, over a connection that is open already."""
    return MigrationContext.configure(connection).get_current_heads() == (_head(),)


@lru_cache(maxsize=1)
def _head() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config
