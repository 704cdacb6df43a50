"""Databases with many cases, written past the services as the services would leave them; nobody is in them.

Of every hundred cases two are open, each with two open parts of departments whose clocks run out within
some weeks; the others have ended over the years. Plans and values, which no list reads, are left small.
"""

from __future__ import annotations

import random
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import make_url

from onething.domain.tallies import Standing
from onething.storage.tallies import STANDING_SLOTS

TODAY = date(2026, 11, 20)
THINGS = tuple(f"P-THING-{number:02d}" for number in range(13))
DEPARTMENTS = tuple(f"D{number:02d}" for number in range(17))
BUSIEST = DEPARTMENTS[0]
OPEN_OF_HUNDRED = 2
PARTS = 2
_MOMENT = datetime(2026, 11, 20, 1, tzinfo=UTC)
CASE_COLUMNS = (
    "id", "number", "thing", "holder", "draft", "revision", "plan", "division", "submitted_at", "answered_by",
    "state", "sequence", "due_on", "lead", "channel", "warn_on", "accepted_at", "results_at", "closed_at",
)  # fmt: skip
PART_COLUMNS = (
    "id", "case_id", "place", "matter", "department", "state", "due_on", "warn_on", "dispatched_at",
    "accepted_at", "ended_at", "division",
)  # fmt: skip
STANDING_COLUMNS = (
    "key", "counts", "division", "department", "thing", "state", "due_on", "warn_on", "paused", "amount",
)  # fmt: skip
# Those that hold no constraint: made after the rows, as they would take most of the time before.
_SQLITE_INDEXES = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL AND sql NOT LIKE '%UNIQUE%' "
    "AND tbl_name IN ('cases', 'parts')"
)
_POSTGRESQL_INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes "
    "WHERE tablename IN ('cases', 'parts') AND indexdef NOT LIKE '%UNIQUE%'"
)
Made = tuple[Any, ...]


@dataclass(frozen=True)
class Many:
    """Everything of one database; made one after the other, the same each time."""

    total: int

    def cases(self) -> Iterator[tuple[Made, list[Made], list[Standing]]]:
        """A case's row, its parts' rows, and the clocks they stand under."""
        chance = random.Random(self.total)
        for number in range(self.total):
            yield _case(chance, number, is_open=number % 100 < OPEN_OF_HUNDRED)


def write(url: str, total: int) -> None:
    """Fill an empty, migrated database."""
    if make_url(url).get_backend_name() == "sqlite":
        _write_sqlite(str(make_url(url).database), Many(total))
    else:
        _write_postgresql(url.replace("+psycopg", ""), Many(total))


def number_of(place: int) -> str:
    """The number of a case by its place."""
    return f"XJ{place * 7919 % 10_000_019:08d}"


def _case(chance: random.Random, number: int, *, is_open: bool) -> tuple[Made, list[Made], list[Standing]]:
    # Ids are random in life too: neighbours in time are nowhere near each other in an index of ids.
    case_id = f"{chance.getrandbits(128):032x}"
    chosen = chance.randrange(len(THINGS))
    thing, lead = THINGS[chosen], DEPARTMENTS[chosen]
    ago = timedelta(days=chance.randrange(1, 9) if is_open else chance.randrange(10, 1800))
    at = _MOMENT - ago
    due_on = (TODAY + timedelta(days=chance.randrange(-2, 20))) if is_open else at.date() + timedelta(days=7)
    warn_on = due_on - timedelta(days=2)
    state = "accepted" if is_open else "closed"
    ended_at = None if is_open else at + timedelta(days=chance.randrange(1, 9))
    case = (
        case_id, number_of(number), thing, f"{chance.getrandbits(128):032x}", f"draft-{number}", 1, "{}",
        "411523", at, at.date() + timedelta(days=5), state, 9, due_on, lead, "kiosk", warn_on, at, ended_at,
        ended_at,
    )  # fmt: skip
    parts = [_part(chance, case_id, place, at, due_on, ended_at) for place in range(PARTS)]
    if not is_open:
        return case, parts, []
    standings = [Standing("case", "411523", lead, thing, state, due_on, warn_on, False)]
    for part in parts:
        standings.append(Standing("part", "411523", part[4], "", "", due_on, warn_on, False))
    return case, parts, standings


def _part(
    chance: random.Random, case_id: str, place: int, at: datetime, due_on: date, ended_at: datetime | None
) -> Made:
    # One department, as public security does, has a share in nearly everything.
    department = BUSIEST if chance.random() < 0.4 else chance.choice(DEPARTMENTS)
    state, warn_on = "completed" if ended_at else "in_handling", due_on - timedelta(days=2)
    return (
        f"{chance.getrandbits(128):032x}", case_id, place, f"MATTER-{place}", department, state, due_on,
        warn_on, at, at, ended_at, "411523",
    )  # fmt: skip


def _standing_rows(counted: Counter[tuple[Standing, int]]) -> Iterator[Made]:
    for (standing, slot), amount in counted.items():
        yield "|".join(map(str, (*astuple(standing), slot))), *astuple(standing), amount


def _write_sqlite(file: str, many: Many) -> None:
    counted: Counter[tuple[Standing, int]] = Counter()
    with closing(sqlite3.connect(file, isolation_level=None)) as driver:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-800000"):
            driver.execute(f"PRAGMA {pragma}")
        indexes = driver.execute(_SQLITE_INDEXES).fetchall()
        driver.execute("BEGIN")
        for name, _made in indexes:
            driver.execute(f"DROP INDEX {name}")
        for case, parts, standings in many.cases():
            driver.execute(_insert("cases", CASE_COLUMNS), _as_text(case))
            driver.executemany(_insert("parts", PART_COLUMNS), map(_as_text, parts))
            counted.update((standing, 0) for standing in standings)
        rows = map(_as_text, _standing_rows(counted))
        driver.executemany(_insert("standings", STANDING_COLUMNS), rows)
        for _name, made in indexes:
            driver.execute(made)
        driver.execute("COMMIT")


def _insert(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def _as_text(row: Made) -> Made:
    """Instants and days as the records keep them in SQLite."""
    return tuple(_text(value) if isinstance(value, date) else value for value in row)


def _text(value: date) -> str:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value.isoformat()


def _write_postgresql(address: str, many: Many) -> None:
    counted: Counter[tuple[Standing, int]] = Counter()
    all_parts: list[Made] = []
    with psycopg.connect(address) as connection:
        indexes = connection.execute(_POSTGRESQL_INDEXES).fetchall()
        for name, _made in indexes:
            connection.execute(f"DROP INDEX {name}".encode())
        with connection.cursor().copy(_copy("cases", CASE_COLUMNS)) as copying:
            for case, parts, standings in many.cases():
                copying.write_row(case)
                all_parts += parts
                slot = zlib.crc32(case[0].encode()) % STANDING_SLOTS["postgresql"]
                counted.update((standing, slot) for standing in standings)
        with connection.cursor().copy(_copy("parts", PART_COLUMNS)) as copying:
            for part in all_parts:
                copying.write_row(part)
        with connection.cursor().copy(_copy("standings", STANDING_COLUMNS)) as copying:
            for row in _standing_rows(counted):
                copying.write_row(row)
        for _name, made in indexes:
            connection.execute(made.encode())
        connection.commit()
        connection.autocommit = True
        # In life this happens by itself.
        connection.execute("VACUUM ANALYZE")


def _copy(table: str, columns: tuple[str, ...]) -> bytes:
    return f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()
