"""Sums of counters, and of the few rows of a period that are counted when they are read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from onething.domain.clocks import Colour
from onething.domain.listing import Filters
from onething.domain.ratings import RatingState, RectificationState
from onething.domain.statistics import Disputed, OpenClocks, Period, Rated
from onething.domain.tallies import Measure, SourceAnswered, Standing, Tally
from onething.reads.clock_colours import colour_of
from onething.storage.tables import staff_calls
from onething.storage.tables_results import disputes, ratings, rectifications
from onething.storage.tables_supervision import source_answers, standings, tallies

_T, _S, _A = tallies.c, standings.c, source_answers.c
_TALLY = (_T.day, _T.division, _T.department, _T.thing, _T.measure, _T.bucket)
_STANDING = (_S.counts, _S.division, _S.department, _S.thing, _S.state, _S.due_on, _S.warn_on, _S.paused)
_ANSWER = (_A.source, _A.outcome, _A.reason)
_ENDED = (RectificationState.SETTLED.value, RectificationState.DROPPED.value)


def sum_tallies(
    connection: Connection, period: Period, division: str | None, measure: Measure | None, thing: str | None
) -> list[tuple[Tally, int]]:
    """The counters of the period's days, slots added up."""
    pairs = ((_T.division, division), (_T.measure, measure), (_T.thing, thing))
    total = func.sum(_T.amount)
    query = (
        select(*_TALLY, total)
        .where(_T.day >= period.first, _T.day <= period.last, *_equal(pairs))
        .group_by(*_TALLY)
        .having(total != 0)
    )
    return [(_tally(row), int(row[6])) for row in connection.execute(query)]


def sum_standings(connection: Connection, filters: Filters) -> list[tuple[Standing, int]]:
    """How many open cases and parts stand under which clock."""
    total = func.sum(_S.amount)
    query = select(*_STANDING, total).where(*_narrowed(filters)).group_by(*_STANDING).having(total != 0)
    return [(Standing(*row[:8]), int(row[8])) for row in connection.execute(query)]


def sum_colours(connection: Connection, today: date, filters: Filters) -> list[tuple[OpenClocks, int]]:
    """The same by colour, added up where they are kept."""
    shown = colour_of(_S.due_on, _S.warn_on, _S.paused, today).label("colour")
    kinds = (_S.counts, _S.department, _S.state, shown)
    total = func.sum(_S.amount)
    query = select(*kinds, total).where(*_narrowed(filters)).group_by(*kinds).having(total != 0)
    return [
        (OpenClocks(of, department, state, Colour(word)), int(amount))
        for of, department, state, word, amount in connection.execute(query)
    ]


def _narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    """Parts are not kept by thing and state: a list narrowed to one has none of them."""
    return _equal(
        (
            (_S.thing, filters.thing),
            (_S.department, filters.department),
            (_S.state, filters.state),
            (_S.division, filters.division),
        )
    )


def sum_answers(connection: Connection, since: datetime, until: datetime) -> list[tuple[SourceAnswered, int]]:
    """What sources answered, by whole hours; the hour that ``since`` lies in is counted."""
    hour_at = since.replace(minute=0, second=0, microsecond=0)
    query = (
        select(*_ANSWER, func.sum(_A.amount))
        .where(_A.hour_at >= hour_at, _A.hour_at < until)
        .group_by(*_ANSWER)
    )
    return [(SourceAnswered(*row[:3]), int(row[3])) for row in connection.execute(query)]


def rated_in(connection: Connection, today: date, period: Period, division: str | None) -> dict[str, Rated]:
    """The ratings that count, by department, and what became of the low ones among them."""
    levels: dict[str, Counter[str]] = defaultdict(Counter)
    query = (
        select(ratings.c.department, ratings.c.level, func.count())
        .where(*_in(ratings.c.rated_at, period), ratings.c.state == RatingState.COUNTED.value)
        .where(*_equal(((ratings.c.division, division),)))
        .group_by(ratings.c.department, ratings.c.level)
    )
    for department, level, amount in connection.execute(query):
        levels[department][level] += amount
    put_right = _rectifications(connection, today, period, division)
    return {
        department: Rated(
            levels=dict(levels[department]),
            rectifications_open=put_right[department]["open"],
            rectifications_settled=put_right[department]["settled"],
            rectifications_overdue=put_right[department]["overdue"],
        )
        for department in sorted(levels.keys() | put_right.keys())
    }


def _rectifications(
    connection: Connection, today: date, period: Period, division: str | None
) -> defaultdict[str, Counter[str]]:
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    r = rectifications.c
    query = select(r.department, r.state, r.due_on).join_from(rectifications, ratings)
    query = query.where(*_in(ratings.c.rated_at, period), *_equal(((r.division, division),)))
    for department, state, due_on in connection.execute(query):
        if state == RectificationState.SETTLED.value:
            counted[department]["settled"] += 1
        elif state not in _ENDED:
            counted[department]["open"] += 1
            counted[department]["overdue"] += today > due_on
    return counted


def disputed_in(connection: Connection, period: Period, division: str | None) -> list[Disputed]:
    """The disputes opened in the period, by source and what became of them."""
    d = disputes.c
    states: dict[str, dict[str, int]] = defaultdict(dict)
    query = (
        select(d.source, d.state, func.count())
        .where(*_in(d.opened_at, period), *_equal(((d.division, division),)))
        .group_by(d.source, d.state)
    )
    for source, state, amount in connection.execute(query):
        states[source][state] = amount
    return [Disputed(source, counted) for source, counted in sorted(states.items())]


def calls_in(connection: Connection, period: Period, division: str | None) -> tuple[int, int]:
    """How many calls for a person came, and how many of them were answered."""
    s = staff_calls.c
    query = select(func.count(), func.count(s.answered_at)).where(
        *_in(s.called_at, period), *_equal(((s.division, division),))
    )
    called, answered = connection.execute(query).one()
    return called, answered


def _in(moment: ColumnElement[Any], period: Period) -> tuple[ColumnElement[bool], ...]:
    since, until = period.moments
    return moment >= since, moment < until


def _equal(pairs: Sequence[tuple[ColumnElement[Any], str | None]]) -> list[ColumnElement[bool]]:
    return [column == wanted for column, wanted in pairs if wanted is not None]


def _tally(row: Any) -> Tally:
    day, division, department, thing, measure, bucket = row[:6]
    return Tally(day, division, department, thing, Measure(measure), bucket)
