"""Departments' shares: a department's queue, and what is late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from onething.domain.cases import PartState
from onething.domain.clocks import Colour, colour, day_of
from onething.domain.listing import Filters, LateLine, Page, PartLine
from onething.domain.statistics import Period
from onething.reads.clock_colours import has_colour
from onething.reads.paging import Stretch, read_page
from onething.storage.tables import cases, parts

_C, _P = cases.c, parts.c
_COLUMNS = select(
    _P.id, _C.number, _C.thing, _P.matter, _P.department, _P.state, _P.due_on, _P.warn_on, _P.paused_on,
    _P.dispatched_at, _C.submitted_at, _P.division,
).join_from(parts, cases)  # fmt: skip
_IS_OPEN = _P.ended_at.is_(None)
_IS_HANDED_OVER = _P.state != PartState.WAITING.value
# Its clock may run before a department has it: its system can be down for days.
_HOLDS_UP = or_(_IS_HANDED_OVER, _P.due_on.is_not(None))


def read_department_queue(
    connection: Connection, today: date, department: str, filters: Filters, cursor: str | None, limit: int
) -> Page[PartLine]:
    """A department's open parts, first due first; those without a limit last, longest here first."""
    where = [_IS_OPEN, _IS_HANDED_OVER, _P.department == department, *_narrowed(filters)]
    stretches = _with_and_without_limit(where, filters.colour, today)
    return read_page(connection, _COLUMNS, stretches, cursor, limit, lambda row: _line(row, today))


def read_late(
    connection: Connection, today: date, filters: Filters, cursor: str | None, limit: int
) -> Page[PartLine]:
    """Open parts past their day, longest first."""
    where = [
        _IS_OPEN,
        *_narrowed(filters),
        has_colour(Colour.RED, _P.due_on, _P.warn_on, _P.paused_on, today),
    ]
    if filters.department is not None:
        where.append(_P.department == filters.department)
    stretch = Stretch(where, _P.due_on, _P.id)
    return read_page(connection, _COLUMNS, [stretch], cursor, limit, lambda row: _line(row, today))


def list_open_of_cases(connection: Connection, numbers: Sequence[str], today: date) -> list[PartLine]:
    """The open parts of some cases."""
    if not numbers:
        return []
    rows = connection.execute(_COLUMNS.where(_C.number.in_(numbers), _IS_OPEN, _HOLDS_UP))
    return [_line(row, today) for row in rows]


def list_late_in(
    connection: Connection, today: date, period: Period, division: str | None, limit: int
) -> list[LateLine]:
    """Parts that ended in the period after their day, and open ones that were past it at its end."""
    here = [] if division is None else [_P.division == division]
    since, until = period.moments
    ended = _COLUMNS.add_columns(_P.ended_at).where(
        _P.ended_at >= since,
        _P.ended_at < until,
        _P.due_on.is_not(None),
        _P.due_on < period.last,
        _P.state.in_([PartState.COMPLETED.value, PartState.DENIED.value]),
        *here,
    )
    late = [_late(row, day_of(row.ended_at)) for row in connection.execute(ended.order_by(_P.ended_at))]
    at_end = min(period.last, today)
    past = has_colour(Colour.RED, _P.due_on, _P.warn_on, _P.paused_on, at_end)
    standing = _COLUMNS.where(_IS_OPEN, past, *here).order_by(_P.due_on, _P.id).limit(limit)
    found = [line for line in late if line.ended_on and line.ended_on > line.due_on]
    found += [_late(row, None) for row in connection.execute(standing)]
    return sorted(found, key=lambda line: (line.due_on, line.part))[:limit]


def _with_and_without_limit(
    where: Sequence[ColumnElement[bool]], wanted: Colour | None, today: date
) -> list[Stretch]:
    if wanted is None:
        limited = [*where, _P.due_on.is_not(None)]
    else:
        limited = [
            *where,
            has_colour(wanted, _P.due_on, _P.warn_on, _P.paused_on, today),
            _P.due_on.is_not(None),
        ]
    stretches = [Stretch(limited, _P.due_on, _P.id)]
    if wanted in (None, Colour.GREY):
        stretches.append(Stretch([*where, _P.due_on.is_(None)], _P.dispatched_at, _P.id))
    return stretches


def _narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    pairs = ((_C.thing, filters.thing), (_P.state, filters.state), (_P.division, filters.division))
    return [column == wanted for column, wanted in pairs if wanted is not None]


def _line(row: Any, today: date) -> PartLine:
    return PartLine(
        part=row.id,
        case_number=row.number,
        thing=row.thing,
        matter=row.matter,
        department=row.department,
        state=row.state,
        colour=colour(row.due_on, row.warn_on, row.paused_on, None, today),
        due_on=row.due_on,
        warn_on=row.warn_on,
        paused_on=row.paused_on,
        dispatched_at=row.dispatched_at,
        submitted_at=row.submitted_at,
        division=row.division,
    )


def _late(row: Any, ended_on: date | None) -> LateLine:
    return LateLine(
        row.id, row.number, row.thing, row.matter, row.department, row.due_on, ended_on, row.division
    )
