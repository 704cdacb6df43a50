"""Every list finds its rows by an index in its order: none reads a table through or sorts what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event

from onething.domain.clocks import Colour
from onething.domain.listing import Filters
from onething.domain.statistics import Period
from onething.domain.tallies import Measure
from onething.reads.database import DatabaseReads
from onething.storage.unit_of_work import DatabaseRecords

from .made_cases import TODAY

PERIOD = Period.of_month(2026, 11)
# by name: what is read, and whether it comes in the index's order
LISTS: dict[str, tuple[Callable[[DatabaseReads], Any], bool]] = {
    "board": (lambda r: r.board(TODAY, Filters()), True),
    "board, one thing": (lambda r: r.board(TODAY, Filters(thing="P-NEWBORN", state="accepted")), True),
    "board, one lead": (lambda r: r.board(TODAY, Filters(department="GA", state="accepted")), True),
    "board, red": (lambda r: r.board(TODAY, Filters(colour=Colour.RED)), True),
    "board, closed": (lambda r: r.board(TODAY, Filters(state="closed")), True),
    "window": (lambda r: r.window_queue(TODAY, Filters()), True),
    "department": (lambda r: r.department_queue(TODAY, "GA", Filters()), True),
    "department, green": (lambda r: r.department_queue(TODAY, "GA", Filters(colour=Colour.GREEN)), True),
    "late": (lambda r: r.late(TODAY, Filters()), True),
    "late in a month": (lambda r: r.late_in(TODAY, PERIOD, None, 100), False),
    "orders": (lambda r: r.orders(TODAY, Filters()), True),
    "staff calls": (lambda r: r.staff_calls(Filters()), True),
    "disputes": (lambda r: r.disputes(TODAY, Filters()), True),
    "ratings": (lambda r: r.ratings(Filters()), True),
    "tallies": (lambda r: r.tallies(PERIOD), False),
    "waiting": (lambda r: r.tallies(PERIOD, measure=Measure.WAITED, thing="P-NEWBORN"), False),
    "source answers": (lambda r: r.source_answers(*PERIOD.moments), False),
    "ratings of a month": (lambda r: r.rated_in(TODAY, PERIOD, None), False),
    "disputes of a month": (lambda r: r.disputed_in(PERIOD, None), False),
    "calls of a month": (lambda r: r.calls_in(PERIOD, None), False),
}
PREFIX = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN (COSTS OFF) "}


@contextmanager
def _sent(records: DatabaseRecords) -> Iterator[list[tuple[str, Any]]]:
    """The statements that reads send meanwhile."""
    sent: list[tuple[str, Any]] = []
    with records.for_lists().read() as uow:
        engine = uow.connection.engine

    def note(_conn: Connection, _cursor: Any, text: str, values: Any, _context: Any, _many: bool) -> None:
        sent.append((text, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _plans(records: DatabaseRecords, sent: list[tuple[str, Any]]) -> Iterator[list[str]]:
    with records.read() as uow:
        dialect = uow.connection.dialect.name
        driver: Any = uow.connection.connection.driver_connection
        if dialect == "postgresql":
            # Some hundred rows are read through faster than by any index: the question is whether one serves.
            for way in ("seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"):
                driver.execute(f"SET enable_{way} = off")
        for text, values in sent:
            rows = driver.execute(PREFIX[dialect] + text, values).fetchall()
            yield [str(row[3] if dialect == "sqlite" else row[0]) for row in rows]
        if dialect == "postgresql":
            driver.execute("RESET ALL")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_found_by_index(records: DatabaseRecords, reads: DatabaseReads, name: str) -> None:
    read, in_order = LISTS[name]
    with _sent(records) as sent:
        read(reads)
    assert sent
    for plan in _plans(records, sent):
        told = "\n".join(plan)
        scans = [step for step in plan if "Seq Scan" in step or step.startswith("SCAN")]
        scans = [step for step in scans if "INDEX" not in step]
        assert not scans, told
        sorts = [step for step in plan if "Sort" in step or "TEMP B-TREE FOR ORDER BY" in step]
        assert not (in_order and sorts), told
