"""Lists give exactly the rows that a plain look through all cases gives, in order, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest

from onething.domain.cases import CaseState, PartState
from onething.domain.clocks import Colour, colour, day_of
from onething.domain.listing import BadCursor, BadFilter, CaseLine, Filters, Page, PartLine
from onething.domain.records import Case, Part
from onething.domain.statistics import Period, count_colours
from onething.reads.database import DatabaseReads

from .made_cases import DEPARTMENTS, THINGS, TODAY

FILTERS = [
    Filters(thing=thing, colour=shown, division=division)
    for thing, shown, division in product((None, THINGS[0]), (None, *Colour), (None, "411523"))
]
PAGE = 7


def _all(read: Callable[[str | None, int], Page[Any]], limit: int = PAGE) -> list[Any]:
    """Every row, page after page; each page but the last is full."""
    rows: list[Any] = []
    cursor: str | None = None
    while True:
        page = read(cursor, limit)
        rows += page.rows
        if page.next is None:
            return rows
        assert len(page.rows) == limit
        cursor = page.next


def _colour_of_case(case: Case) -> Colour:
    if case.state == CaseState.SUPPLEMENT:
        return Colour.GREY
    return colour(case.due_on or case.answered_by, case.warn_on, case.paused_on, None, TODAY)


def _fits(case: Case, filters: Filters) -> bool:
    return (
        filters.thing in (None, case.thing)
        and filters.division in (None, case.division)
        and filters.department in (None, case.lead)
    )


def _open_cases(cases: Iterable[Case], filters: Filters, states: Iterable[CaseState]) -> list[str]:
    """Numbers in the order of the board: state by state, each by its day and id."""
    found = []
    for state in states:
        here = [case for case in cases if case.state == state and _fits(case, filters)]
        here = [case for case in here if filters.colour in (None, _colour_of_case(case))]
        here.sort(key=lambda case: (case.due_on or case.answered_by, case.id))
        found += [case.number for case in here]
    return found


@pytest.mark.parametrize("filters", FILTERS)
def test_the_board_is_every_open_case_by_its_day(
    reads: DatabaseReads, cases: list[Case], filters: Filters
) -> None:
    lines = _all(lambda cursor, limit: reads.board(TODAY, filters, cursor, limit))
    states = (CaseState.ACCEPTED, CaseState.RECEIVED, CaseState.SUPPLEMENT)
    assert [line.number for line in lines] == _open_cases(cases, filters, states)
    by_number = {case.number: case for case in cases}
    for line in lines:
        assert line.colour is _colour_of_case(by_number[line.number])


@pytest.mark.parametrize("department", DEPARTMENTS)
def test_the_board_of_one_lead_department(reads: DatabaseReads, cases: list[Case], department: str) -> None:
    filters = Filters(department=department, state="accepted")
    lines = _all(lambda cursor, limit: reads.board(TODAY, filters, cursor, limit))
    assert [line.number for line in lines] == _open_cases(cases, filters, [CaseState.ACCEPTED])


def test_ended_cases_are_newest_first_and_keep_their_colour(reads: DatabaseReads, cases: list[Case]) -> None:
    lines = _all(lambda cursor, limit: reads.board(TODAY, Filters(state="closed"), cursor, limit))
    ended = [case for case in cases if case.state == CaseState.CLOSED]
    ended.sort(key=lambda case: (case.closed_at, case.id), reverse=True)
    assert [line.number for line in lines] == [case.number for case in ended]
    late = {
        case.number for case in ended if case.results_at and day_of(case.results_at) > (case.due_on or TODAY)
    }
    assert {line.number for line in lines if line.colour is Colour.RED} == late


def test_a_board_s_line_names_who_holds_the_case_up(reads: DatabaseReads, cases: list[Case]) -> None:
    lines: list[CaseLine] = _all(lambda cursor, limit: reads.board(TODAY, Filters(), cursor, limit))
    by_number = {case.number: case for case in cases}
    named = 0
    for line in lines:
        late = {part.id for part in by_number[line.number].parts if _is_late(part)}
        said = {part.part for part in line.responsible}
        assert said == late if late else len(said) <= 1
        named += bool(late)
    assert named > 5


def _is_late(part: Part) -> bool:
    if part.state.is_final:
        return False
    return colour(part.due_on, part.warn_on, part.paused_on, None, TODAY) is Colour.RED


def test_the_window_s_queue_begins_with_what_waits_for_acceptance(
    reads: DatabaseReads, cases: list[Case]
) -> None:
    lines = _all(lambda cursor, limit: reads.window_queue(TODAY, Filters(), cursor, limit))
    states = (CaseState.RECEIVED, CaseState.SUPPLEMENT)
    assert [line.number for line in lines] == _open_cases(cases, Filters(), states)


@pytest.mark.parametrize(("department", "shown"), list(product(DEPARTMENTS, (None, *Colour))))
def test_a_department_s_queue_is_its_open_parts_by_their_day(
    reads: DatabaseReads, cases: list[Case], department: str, shown: Colour | None
) -> None:
    lines: list[PartLine] = _all(
        lambda cursor, limit: reads.department_queue(TODAY, department, Filters(colour=shown), cursor, limit)
    )
    own = [
        (part, case)
        for case in cases
        for part in case.parts
        if part.department == department and not part.state.is_final and part.state is not PartState.WAITING
    ]
    shows = [(part, case) for part, case in own if _shows(part, shown)]
    limited = sorted((part.due_on, part.id) for part, _case in shows if part.due_on)
    other = sorted((case.submitted_at, part.id) for part, case in shows if not part.due_on)
    assert [line.part for line in lines] == [part for _day, part in [*limited, *other]]


def _shows(part: Part, shown: Colour | None) -> bool:
    return shown in (None, colour(part.due_on, part.warn_on, part.paused_on, None, TODAY))


def test_what_is_late_is_named_with_its_department(reads: DatabaseReads, cases: list[Case]) -> None:
    lines: list[PartLine] = _all(lambda cursor, limit: reads.late(TODAY, Filters(), cursor, limit))
    late = sorted((p.due_on, p.id, p.department) for case in cases for p in case.parts if _is_late(p))
    assert [(line.due_on, line.part, line.department) for line in lines] == late


def test_a_bulletin_s_late_list_has_what_ended_late_too(reads: DatabaseReads, cases: list[Case]) -> None:
    period = Period.of_month(2026, 11)
    lines = reads.late_in(TODAY, period, None, 1000)
    parts = [part for case in cases for part in case.parts]
    decided = (PartState.COMPLETED, PartState.DENIED)
    ended = {
        part.id
        for part in parts
        if part.state in decided and part.ended_at and part.due_on and day_of(part.ended_at) > part.due_on
    }
    assert {line.part for line in lines if line.ended_on} == ended
    assert {line.part for line in lines if not line.ended_on} == {part.id for part in parts if _is_late(part)}
    assert not reads.late_in(TODAY, Period.of_month(2026, 9), None, 1000)


@pytest.mark.parametrize("filters", [Filters(), Filters(thing=THINGS[1]), Filters(department="YB")])
def test_the_counts_of_colours_are_those_of_the_lists(reads: DatabaseReads, filters: Filters) -> None:
    clocks = reads.open_clocks(TODAY, filters)
    counted = count_colours(each for each in clocks if each[0].of == "case")
    for shown in Colour:
        of_colour = replace(filters, colour=shown)
        lines = _all(partial(_read_board, reads, of_colour), 50)
        assert getattr(counted, shown.value) == len(lines), shown


@pytest.mark.parametrize("later", [0, 1, 3, 9])
def test_the_counts_of_parts_are_those_of_their_clocks_on_any_day(
    reads: DatabaseReads, cases: list[Case], later: int
) -> None:
    today = TODAY + timedelta(days=later)
    clocks = reads.open_clocks(today, Filters())
    counted = {(clock.department, clock.colour): n for clock, n in clocks if clock.of == "part"}
    running = [part for case in cases for part in case.parts if not part.state.is_final]
    running = [part for part in running if part.due_on or part.state is not PartState.WAITING]
    assert counted == Counter(
        (p.department, colour(p.due_on, p.warn_on, p.paused_on, None, today)) for p in running
    )


def _read_board(reads: DatabaseReads, filters: Filters, cursor: str | None, limit: int) -> Page[CaseLine]:
    return reads.board(TODAY, filters, cursor, limit)


BAD_CURSORS = (
    "x",
    "é",
    "bnVsbA",  # null
    "W10",  # []
    "WzAsMCwwXQ",  # [0,0,0]
    "WzksIjIwMjYtMTEtMjAiLCJhIl0",  # a ninth stretch
    "WzAsIjIwMjYtMTMtMjAiLCJhIl0",  # a thirteenth month
)


@pytest.mark.parametrize("cursor", BAD_CURSORS)
def test_a_cursor_that_no_page_gave_is_refused(reads: DatabaseReads, cursor: str) -> None:
    with pytest.raises(BadCursor):
        reads.board(TODAY, Filters(), cursor)


def test_a_state_that_there_is_not_is_refused(reads: DatabaseReads) -> None:
    with pytest.raises(BadFilter):
        reads.board(TODAY, Filters(state="lost"))
    with pytest.raises(BadFilter):
        reads.orders(TODAY, Filters(state="lost"))


def test_a_page_is_never_longer_than_its_limit(reads: DatabaseReads) -> None:
    assert len(reads.board(TODAY, Filters(), None, 3).rows) == 3
    assert len(reads.board(TODAY, Filters(), None, 0).rows) == 1
    assert len(reads.board(TODAY, Filters(), None, 10_000).rows) <= 200
