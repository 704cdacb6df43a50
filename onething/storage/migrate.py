"""Brings a database's tables to this version, on both databases, from files that come with the package."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from onething.storage.engines import Limits, make_write_engine
from onething.storage.schema_version import MIGRATIONS
from onething.storage.statements import send

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
                send(connection, ("BEGIN IMMEDIATE", ()))
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
