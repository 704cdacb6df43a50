"""Counters in both databases: amounts meet in one row or several, and what is gone leaves nothing behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from onething.domain.listing import Filters
from onething.domain.statistics import Period, health_of
from onething.domain.tallies import Measure, SourceAnswered, Standing, Tally
from onething.reads.database import DatabaseReads
from onething.storage.tables_supervision import standings, tallies
from onething.storage.unit_of_work import DatabaseRecords

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, 40, tzinfo=UTC)
TALLY = Tally(DAY, "411523", "GA", "P-NEWBORN", Measure.PART_DISPATCHED)
CLOCK = Standing("part", "411523", "GA", "", "", date(2026, 11, 27), None, False)
NO_CLOCK = Standing("part", "411523", "GA", "", "", None, None, True)


def _sum(records: DatabaseRecords, measure: Measure = Measure.PART_DISPATCHED) -> int:
    found = DatabaseReads(records).tallies(Period(DAY, DAY), measure=measure)
    return sum(amount for _tally, amount in found)


def _rows(records: DatabaseRecords, of_standings: bool) -> int:
    table = standings if of_standings else tallies
    with records.read() as uow:
        return uow.connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_many_acts_at_once_lose_no_count(empty: DatabaseRecords) -> None:
    def act(number: int) -> None:
        with empty.act() as uow:
            uow.tallies.add({TALLY: 1, CLOCK: 1, NO_CLOCK: 2}, f"case-{number}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(act, range(160)))
    assert _sum(empty) == 160
    assert dict(DatabaseReads(empty).standings(Filters())) == {CLOCK: 160, NO_CLOCK: 320}
    with empty.read() as uow:
        on_sqlite = uow.connection.dialect.name == "sqlite"
    assert _rows(empty, of_standings=False) == (1 if on_sqlite else 8)


def test_an_act_that_is_undone_counts_nothing(empty: DatabaseRecords) -> None:
    def act() -> None:
        with empty.act() as uow:
            uow.tallies.add({TALLY: 1}, "case-1")
            raise LookupError

    with pytest.raises(LookupError):
        act()
    assert _sum(empty) == 0


def test_what_nothing_stands_under_any_more_is_forgotten(empty: DatabaseRecords) -> None:
    for number in range(30):
        with empty.act() as uow:
            uow.tallies.add({CLOCK: 1}, f"case-{number}")
    for number in range(30):
        with empty.act() as uow:
            uow.tallies.add({CLOCK: -1, NO_CLOCK: 1}, f"case-{number}")
    assert dict(DatabaseReads(empty).standings(Filters())) == {NO_CLOCK: 30}
    before = _rows(empty, of_standings=True)
    with empty.act() as uow:
        forgotten = uow.tallies.remove_empty()
    assert forgotten > 0
    assert _rows(empty, of_standings=True) == before - forgotten
    assert dict(DatabaseReads(empty).standings(Filters())) == {NO_CLOCK: 30}


def test_sums_are_of_the_days_and_things_asked_for(empty: DatabaseRecords) -> None:
    other_thing = Tally(DAY, "411523", "GA", "E-RESTAURANT", Measure.PART_DISPATCHED)
    day_before = Tally(DAY - timedelta(days=1), "411523", "GA", "P-NEWBORN", Measure.PART_DISPATCHED)
    with empty.act() as uow:
        uow.tallies.add({TALLY: 3, other_thing: 5, day_before: 7}, "case-1")
    reads = DatabaseReads(empty)
    assert dict(reads.tallies(Period(DAY, DAY))) == {TALLY: 3, other_thing: 5}
    assert dict(reads.tallies(Period(DAY, DAY), thing="P-NEWBORN")) == {TALLY: 3}
    assert dict(reads.tallies(Period(DAY, DAY), "411524")) == {}
    assert dict(reads.tallies(Period(DAY - timedelta(days=9), DAY - timedelta(days=1)))) == {day_before: 7}


def test_a_source_s_health_is_of_the_hours_asked_for(empty: DatabaseRecords) -> None:
    found, slow = SourceAnswered("births", "found"), SourceAnswered("births", "unavailable", "slow")
    with empty.act() as uow:
        uow.tallies.note_answers({found: 9, slow: 1}, NOW, "draft-1")
        uow.tallies.note_answers({found: 4}, NOW - timedelta(hours=30), "draft-1")
    reads = DatabaseReads(empty)
    (health,) = health_of(reads.source_answers(NOW - timedelta(hours=24), NOW + timedelta(minutes=1)))
    assert (health.found, health.unavailable, health.reasons, health.share) == (9, 1, {"slow": 1}, 0.9)
    with empty.act() as uow:
        assert uow.tallies.remove_answers(NOW - timedelta(hours=26)) == 1
    assert dict(reads.source_answers(NOW - timedelta(days=9), NOW)) == {found: 9, slow: 1}
