"""Whether a database has the tables of this version; without Alembic, which every start would wait for."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from onething.storage.engines import Limits, make_read_engine

MIGRATIONS = Path(__file__).parent / "migrations"
_TABLE = "alembic_version"
_FOUND = text("SELECT version_num FROM alembic_version")


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
    if not inspect(connection).has_table(_TABLE):
        return False
    found = connection.execute(_FOUND).scalars().all()
    return list(found) == [newest()]


@lru_cache(maxsize=1)
def newest() -> str:
    """The version of this program's tables; migrations follow each other by their numbers."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
