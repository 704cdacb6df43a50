"""Transactions by the driver alone: SQLAlchemy's own take as long as a statement or two."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection

from onething.storage.constraints import raise_refusal
from onething.storage.postgres_line import PostgresLine
from onething.storage.statements import send


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """What the block writes is kept together, or not at all when it raises.

    Raises ``Conflict`` and ``RecordsUnavailable``.
    """
    _begin(connection)
    try:
        yield
        send(connection, ("COMMIT", ()))
    except BaseException:
        _roll_back(connection)
        raise


def _begin(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    if isinstance(driver, PostgresLine):
        driver.begin()
    else:
        # A deferred BEGIN that writes later fails at once when another has written since it read.
        send(connection, ("BEGIN IMMEDIATE", ()))


def _roll_back(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    try:
        driver.rollback()
    except (sqlite3.Error, psycopg.Error) as error:
        raise_refusal(error)
        raise
