"""Every statement finds its rows by an index, whatever the tables have grown to."""

import importlib
import pkgutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Dialect
from sqlalchemy.dialects import sqlite

import onething.storage
from onething.storage.statements import Prepared

# Reads of a whole table that stays small, or of one end of it; each with why.
WHOLE_TABLES = {
    "fleet._LAPSED_CODES": "a terminal is given a few codes in its life",
    "fleet._LAPSED_COMMANDS": "a terminal is given a few commands in its life",
    "fleet._PURGE_TRIES": "tries are counted by the minute and forgotten within the day",
    "fleet._TO_SETTLE": "offline intakes are few, and gone when settled",
    "fleet._WITH_ATTACHMENTS": "a terminal is given a few commands in its life",
    "fleet_watch._NEWLY_SILENT": "terminals are ten thousand at most: a sweep takes 11 ms then",
    "phones._PURGE_REFUSALS": "refusals are counted by the minute and forgotten within the hour",
    "drafts._LEFT": "open drafts are some thousands, looked through once an hour",
    "retention._FORGET_DRAFTS": "open drafts are some thousands, looked through once a day",
    "retention._FORGET_FILES": "open drafts are some thousands, looked through once a day",
    "retention._FORGET_SESSIONS": "sittings of thirty days, looked through once a day",
    "terminals._OLD_KEYS": "terminals are ten thousand at most: a sweep takes 11 ms then",
    "terminals._ALL": "kiosks are some hundreds",
    "jobs._UNFINISHED": "what is finished is gone",
    "jobs._QUEUES": "what is finished is gone",
    "staff_calls._OPEN": "calls are few",
    "revisions._CURRENT": "by primary key, one row",
    "calendars._NEWEST_FIRST": "a year's notice is uploaded once or twice",
    "calendars._OLDEST_FIRST": "a year's notice is uploaded once or twice",
    "catalog_desk._RECENT": "packs are uploaded by hand",
    "data_needs._ALL": "some hundreds, made from the catalog",
    "staff._ALL": "an office's staff",
    "staff._PURGE_FAILURES": "failures of a quarter of an hour",
    "staff._PURGE_SESSIONS": "sessions of a day",
    "tallies._EMPTY": "clocks that are open, some thousands",
}


def _statements() -> Iterator[tuple[str, Prepared]]:
    for module in pkgutil.iter_modules(onething.storage.__path__):
        if module.ispkg:
            continue
        loaded = importlib.import_module(f"onething.storage.{module.name}")
        for name, value in vars(loaded).items():
            if isinstance(value, Prepared):
                yield f"{module.name}.{name}", value


STATEMENTS = dict(_statements())


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_no_statement_reads_a_whole_table(sqlite_template: Path, name: str) -> None:
    dialect: Dialect = sqlite.dialect()
    text = STATEMENTS[name].text_for(dialect)
    with sqlite3.connect(sqlite_template) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {text}", [None] * text.count("?")).fetchall()
    connection.close()
    scans = [step[3] for step in plan if step[3].startswith("SCAN") and "due" not in step[3]]
    assert bool(scans) == (name in WHOLE_TABLES), scans


def test_the_exceptions_are_statements() -> None:
    assert set(WHOLE_TABLES) <= set(STATEMENTS)
    assert len(STATEMENTS) >= 35
