"""The board and the window's queue: whole cases with the parts that hold them up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from onething.domain.cases import CaseState
from onething.domain.clocks import Colour, colour, day_of
from onething.domain.listing import BadFilter, CaseLine, Filters, Page, PartLine
from onething.reads.clock_colours import has_colour
from onething.reads.paging import Stretch, read_page
from onething.reads.parts import list_open_of_cases
from onething.storage.tables import cases

_C = cases.c
_COLUMNS = select(
    _C.number, _C.thing, _C.state, _C.lead, _C.channel, _C.division, _C.submitted_at, _C.due_on,
    _C.answered_by, _C.warn_on, _C.paused_on, _C.closed_at, _C.results_at,
)  # fmt: skip
_UNACCEPTED = (CaseState.RECEIVED, CaseState.SUPPLEMENT)
_OPEN = (CaseState.ACCEPTED, *_UNACCEPTED)


def read_board(
    connection: Connection, today: date, filters: Filters, cursor: str | None, limit: int
) -> Page[CaseLine]:
    """Open cases, first due first, the unaccepted after them; or those of a final state, newest first."""
    states = _OPEN if filters.state is None else (_state(filters.state),)
    stretches = [stretch for state in states for stretch in _stretches(state, filters, today)]
    page = read_page(connection, _COLUMNS, stretches, cursor, limit, lambda row: _line(row, today))
    return replace(page, rows=_with_responsible(connection, page.rows, today))


def read_window_queue(
    connection: Connection, today: date, filters: Filters, cursor: str | None, limit: int
) -> Page[CaseLine]:
    """Cases that wait for acceptance by the day of their answer, then those that wait for a supplement."""
    states = _UNACCEPTED if filters.state is None else (_state(filters.state),)
    stretches = [stretch for state in states for stretch in _stretches(state, filters, today)]
    return read_page(connection, _COLUMNS, stretches, cursor, limit, lambda row: _line(row, today))


def _state(word: str) -> CaseState:
    try:
        return CaseState(word)
    except ValueError:
        raise BadFilter from None


def _stretches(state: CaseState, filters: Filters, today: date) -> Iterable[Stretch]:
    where: list[ColumnElement[bool]] = [_C.state == state.value, *_narrowed(filters)]
    if state.is_final:
        # An ended clock's colour would need the end's day in the county's time: not narrowed by it.
        yield Stretch([*where, _C.closed_at.is_not(None)], _C.closed_at, _C.id, newest_first=True)
        return
    if state is CaseState.ACCEPTED:
        if filters.colour is not None:
            where.append(has_colour(filters.colour, _C.due_on, _C.warn_on, _C.paused_on, today))
        yield Stretch([*where, _C.due_on.is_not(None)], _C.due_on, _C.id)
        return
    if filters.colour is not None:
        if (filters.colour is Colour.GREY) != (state is CaseState.SUPPLEMENT):
            return
        if state is CaseState.RECEIVED:
            where.append(has_colour(filters.colour, _C.answered_by, _C.warn_on, _C.paused_on, today))
    yield Stretch(where, _C.answered_by, _C.id)


def _narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    pairs = ((_C.thing, filters.thing), (_C.lead, filters.department), (_C.division, filters.division))
    return [column == wanted for column, wanted in pairs if wanted is not None]


def _line(row: Any, today: date) -> CaseLine:
    state = CaseState(row.state)
    accepted = row.due_on is not None
    due_on = row.due_on if accepted or state.is_final else row.answered_by
    paused_on = row.paused_on
    ended = row.results_at or row.closed_at if state.is_final else None
    if state is CaseState.SUPPLEMENT:
        shown = Colour.GREY
    else:
        shown = colour(due_on, row.warn_on, paused_on, day_of(ended) if ended else None, today)
    return CaseLine(
        number=row.number,
        thing=row.thing,
        state=row.state,
        lead=row.lead,
        channel=row.channel,
        division=row.division,
        colour=shown,
        submitted_at=row.submitted_at,
        due_on=due_on,
        warn_on=row.warn_on,
        paused_on=paused_on,
        closed_at=row.closed_at,
    )


def _with_responsible(connection: Connection, lines: Sequence[CaseLine], today: date) -> tuple[CaseLine, ...]:
    by_case: Mapping[str, list[PartLine]] = defaultdict(list)
    for part in list_open_of_cases(connection, [line.number for line in lines], today):
        by_case[part.case_number].append(part)
    return tuple(replace(line, responsible=_responsible(by_case.get(line.number, []))) for line in lines)


def _responsible(open_parts: list[PartLine]) -> tuple[PartLine, ...]:
    """Those past their day, else the one due first."""
    late = tuple(part for part in open_parts if part.colour is Colour.RED)
    by_day = sorted(open_parts, key=lambda part: (part.due_on is None, part.due_on, part.part))
    return late or tuple(by_day[:1])
