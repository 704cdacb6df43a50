"""Databases beside the one of the test run's PostgreSQL, each under a name of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest


@contextmanager
def fresh_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """SQLAlchemy URL of an empty database of the fixture's parameter: a SQLite file, or in PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{folder / 'onething.sqlite'}"
        return
    with database_beside(request.getfixturevalue("postgres_url")) as url:
        yield url


@contextmanager
def database_beside(url: str, template: str = "") -> Iterator[str]:
    """SQLAlchemy URL of a new database in the cluster of ``url``, dropped in the end.

    It is empty, or a copy of the database ``template``, to which nobody may be connected meanwhile.
    """
    name = f"test_{uuid4().hex}"
    made_from = f" TEMPLATE {template}" if template else ""
    execute(url, f"CREATE DATABASE {name}{made_from}")
    yield f"{url.rsplit('/', 1)[0]}/{name}"
    execute(url, f"DROP DATABASE {name} WITH (FORCE)")


def execute(url: str, statement: str) -> None:
    """One statement in a session of its own, outside a transaction."""
    with psycopg.connect(address(url), autocommit=True) as connection:
        connection.execute(statement.encode())


def address(url: str) -> str:
    """What psycopg itself calls the database."""
    return url.replace("+psycopg", "")
