"""The board, a queue and a look-up among 10,000, 100,000 and 1,000,000 cases: how little they grow."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from onething.domain.listing import Filters
from onething.domain.statistics import count_colours
from onething.reads.database import DatabaseReads
from onething.storage.keyring import KeyRing
from onething.storage.migrate import migrate
from onething.storage.unit_of_work import DatabaseRecords

from ..conftest import postgres_url
from .many_cases import BUSIEST, THINGS, TODAY, number_of, write
from .rows import Row

BOUND = 1.3
SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 21
WARM = 4
AT_ONCE = 8
PAGE = 50
KNOWN = 60
FEW = 5  # what also the smallest has of every thing
Look = Callable[[DatabaseRecords, random.Random, int], Any]


def _board(records: DatabaseRecords, chance: random.Random, _size: int) -> None:
    page = DatabaseReads(records).board(TODAY, Filters(thing=chance.choice(THINGS)), None, FEW)
    if len(page.rows) != FEW:
        raise ValueError("pages that are not full cannot be compared")


def _next_page(records: DatabaseRecords, _chance: random.Random, _size: int) -> None:
    reads = DatabaseReads(records)
    page = reads.board(TODAY, Filters(), None, PAGE)
    if len(reads.board(TODAY, Filters(), page.next, PAGE).rows) != PAGE:
        raise ValueError("the second page is not full")


def _queue(records: DatabaseRecords, _chance: random.Random, _size: int) -> None:
    queue = DatabaseReads(records).department_queue(TODAY, BUSIEST, Filters(), None, PAGE)
    if len(queue.rows) != PAGE:
        raise ValueError("pages that are not full cannot be compared")


def _colours(records: DatabaseRecords, _chance: random.Random, _size: int) -> None:
    if not count_colours(DatabaseReads(records).open_clocks(TODAY, Filters())).open:
        raise ValueError("nothing stands open")


def _look_up(records: DatabaseRecords, chance: random.Random, size: int) -> None:
    """Cases anywhere among all, which the server has met before: a cold page is the disk's time."""
    places = random.Random(size).sample(range(size), KNOWN)
    with records.read() as uow:
        for place in chance.sample(places, 10):
            if uow.cases.find_by_number(number_of(place)) is None:
                raise ValueError("the case is not there")


def _screen(records: DatabaseRecords, chance: random.Random, size: int) -> None:
    """What a supervisor opens: the colours and the first page."""
    _colours(records, chance, size)
    if len(DatabaseReads(records).board(TODAY, Filters(), None, PAGE).rows) != PAGE:
        raise ValueError("pages that are not full cannot be compared")


LOOKS: dict[str, Look] = {
    "the board": _screen,
    "the board's second page": _next_page,
    "a one-thing's board": _board,
    "the busiest department's queue": _queue,
    "the board's colours alone": _colours,
    "a case by its number": _look_up,
}


def measure() -> list[Row]:
    """A row for each kind of look and database: the time among a million cases over that among 10,000."""
    with tempfile.TemporaryDirectory() as folder, _opened(_sqlite(Path(folder))) as records:
        rows = _rows("SQLite", records)
    with contextmanager(postgres_url.__wrapped__)() as url, _opened(_postgresql(url)) as records:
        rows += _rows("PostgreSQL", records)
    return rows


def _sqlite(folder: Path) -> list[str]:
    return [f"sqlite:///{folder}/{size}.sqlite" for size in SIZES]


def _postgresql(url: str) -> list[str]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for size in SIZES:
            connection.execute(f"CREATE DATABASE cases_{size}".encode())
    return [f"{url.rsplit('/', 1)[0]}/cases_{size}" for size in SIZES]


@contextmanager
def _opened(urls: Sequence[str]) -> Iterator[list[DatabaseRecords]]:
    """The three databases, filled."""
    for url, size in zip(urls, SIZES, strict=True):
        migrate(url)
        write(url, size)
    records = [DatabaseRecords(url, KeyRing.new()) for url in urls]
    yield records
    for each in records:
        each.close()


def _rows(database: str, records: Sequence[DatabaseRecords]) -> list[Row]:
    return [_row(database, name, look, records) for name, look in LOOKS.items()]


def _row(database: str, name: str, look: Look, records: Sequence[DatabaseRecords]) -> Row:
    """In turn among all sizes, so that a busy machine slows all alike; medians of each round's ratio."""
    times: list[list[float]] = []
    for number in range(WARM + ROUNDS):
        seconds = [_seconds(look, each, number, size) for each, size in zip(records, SIZES, strict=True)]
        times.append(seconds)
    kept = times[WARM:]
    ratio = statistics.median(seconds[-1] / seconds[0] for seconds in kept)
    told = ", ".join(f"{statistics.median(column) * 1000:.2f}" for column in zip(*kept, strict=True))
    what = f"{name}, {SIZES[-1]:,} cases on {database}"
    sizes = ", ".join(f"{size:,}" for size in SIZES)
    bound = None if look is _colours else BOUND
    return Row(what, bound, round(ratio, 2), f"x {SIZES[0]:,} cases", f"{told} ms among {sizes}")


def _seconds(look: Look, records: DatabaseRecords, number: int, size: int) -> float:
    chance = random.Random(number)
    started = time.perf_counter()
    for _ in range(AT_ONCE):
        look(records, chance, size)
    return (time.perf_counter() - started) / AT_ONCE
