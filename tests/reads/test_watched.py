"""Orders, disputes, ratings and calls as their own rows make them: newest first, narrowed, counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from onething.domain.clocks import Colour
from onething.domain.listing import Filters
from onething.domain.statistics import Period
from onething.reads.database import DatabaseReads
from onething.storage import tables, tables_handling, tables_results
from onething.storage.unit_of_work import DatabaseRecords

from .made_cases import made_cases, write_cases

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
MONTH = Period.of_month(2026, 11)


@pytest.fixture
def reads(empty: DatabaseRecords) -> DatabaseReads:
    """Three cases and what is watched beside them, a day apart each."""
    cases = made_cases(3)
    write_cases(empty, cases)
    with empty.act() as uow:
        for at, case in enumerate(cases):
            common = {"case_id": case.id, "division": "411523"}
            moment = NOW - timedelta(days=at)
            for table, row in _rows(at, case.thing, moment):
                uow.connection.execute(insert(table).values({**row, **(common if table in _OF_CASE else {})}))
    return DatabaseReads(empty)


_OF_CASE = (
    tables_handling.orders,
    tables_results.disputes,
    tables_results.ratings,
    tables_results.rectifications,
)


def _rows(at: int, thing: str, moment: datetime) -> list[tuple[Any, dict[str, Any]]]:
    department = "GA" if at % 2 else "WJ"
    day = moment.date()
    level = "dissatisfied" if at < 2 else "satisfied"
    reasons = ["slow", "twice"] if at < 2 else []
    rows: list[tuple[Any, dict[str, Any]]] = [
        (
            tables_handling.orders,
            {
                "id": f"order-{at}", "number": f"督办{at}", "department": department, "reason": "超期",
                "issued_by": "chief", "issued_at": moment, "due_on": day + timedelta(days=1),
                "answer": "已办" if at == 2 else None, "answered_at": moment if at == 2 else None,
            },
        ),
        (
            tables_results.disputes,
            {
                "id": f"dispute-{at}", "owner": f"draft-{at}", "thing": thing, "fact": "child.name",
                "source": "births", "department": department, "holder": "0" * 32, "opened_at": moment,
                "due_on": day + timedelta(days=1), "sealed_claim": b"", "evidence": [],
                "state": "corrected" if at == 2 else "open",
            },
        ),
        (
            tables_results.ratings,
            {
                "id": f"rating-{at}", "service": f"service-{at}", "number": 1, "thing": thing, "matter": None,
                "department": department, "occasion": "result", "channel": "kiosk", "named": False,
                "rated_at": moment, "state": "counted", "level": level, "reasons": reasons,
            },
        ),
    ]  # fmt: skip
    if at < 2:
        row = {"id": f"mend-{at}", "rating": f"rating-{at}", "department": department, "opened_at": moment}
        settled = {"state": "settled", "settled_at": moment} if at else {"state": "open"}
        day = TODAY - timedelta(days=1)
        rows.append((tables_results.rectifications, {**row, **settled, "due_on": day}))
    return rows


def test_orders_show_their_answers_and_how_they_stand(reads: DatabaseReads) -> None:
    rows = reads.orders(TODAY, Filters()).rows
    assert [row.number for row in rows] == ["督办0", "督办1", "督办2"]
    assert [row.colour for row in rows] == [Colour.GREEN, Colour.GREEN, Colour.GREEN]
    assert [row.colour for row in reads.orders(TODAY + timedelta(days=2), Filters()).rows][:2] == [
        Colour.RED
    ] * 2
    assert [row.number for row in reads.orders(TODAY, Filters(state="answered")).rows] == ["督办2"]
    assert [row.number for row in reads.orders(TODAY, Filters(department="GA")).rows] == ["督办1"]
    assert rows[2].answer == "已办"


def test_disputes_page_through_by_their_day(reads: DatabaseReads) -> None:
    first = reads.disputes(TODAY, Filters(), None, 2)
    second = reads.disputes(TODAY, Filters(), first.next, 2)
    assert [row.dispute for row in (*first.rows, *second.rows)] == ["dispute-0", "dispute-1", "dispute-2"]
    assert second.next is None
    assert [row.dispute for row in reads.disputes(TODAY, Filters(state="corrected")).rows] == ["dispute-2"]
    assert all(row.case_number for row in first.rows)


def test_ratings_tell_what_became_of_low_ones(reads: DatabaseReads) -> None:
    rows = reads.ratings(Filters()).rows
    assert [(row.rating, row.rectification) for row in rows] == [
        ("rating-0", "open"),
        ("rating-1", "settled"),
        ("rating-2", None),
    ]
    assert rows[0].reasons == ("slow", "twice")
    assert [row.rating for row in reads.ratings(Filters(state="open")).rows] == ["rating-0"]
    assert len(reads.ratings(Filters(state="counted")).rows) == 3


def test_a_month_s_ratings_and_disputes_are_counted(reads: DatabaseReads) -> None:
    rated = reads.rated_in(TODAY, MONTH, None)
    assert rated["WJ"].levels == {"dissatisfied": 1, "satisfied": 1}
    assert (rated["WJ"].rectifications_open, rated["WJ"].rectifications_overdue) == (1, 1)
    assert (rated["GA"].rectifications_open, rated["GA"].rectifications_settled) == (0, 1)
    (disputed,) = reads.disputed_in(MONTH, None)
    assert (disputed.source, disputed.states) == ("births", {"open": 2, "corrected": 1})
    nothing = Period.of_month(2026, 10)
    assert not reads.rated_in(TODAY, nothing, None)
    assert not reads.disputed_in(nothing, None)
    assert not reads.rated_in(TODAY, MONTH, "411524")


def test_an_excluded_rating_is_shown_and_not_counted(reads: DatabaseReads, empty: DatabaseRecords) -> None:
    with empty.act() as uow:
        uow.connection.execute(
            tables_results.ratings.update()
            .where(tables_results.ratings.c.id == "rating-0")
            .values({"state": "excluded"})
        )
    assert reads.rated_in(TODAY, MONTH, None)["WJ"].levels == {"satisfied": 1}
    assert [row.rating for row in reads.ratings(Filters(state="excluded")).rows] == ["rating-0"]


def test_calls_are_counted_and_listed_with_their_hall(reads: DatabaseReads, empty: DatabaseRecords) -> None:
    with empty.act() as uow:
        kiosk = {
            "id": "kiosk-1", "number": "1", "hall": "一楼大厅", "public_key": b"0" * 32, "enrolled_at": NOW,
            "division": "411523",
        }  # fmt: skip
        uow.connection.execute(insert(tables.terminals).values(kiosk))
        for at in range(3):
            call = {"id": f"call-{at}", "terminal": "kiosk-1", "screen": "form", "division": "411523"}
            moment = NOW - timedelta(hours=at)
            answered = moment if at == 1 else None
            row = {**call, "called_at": moment, "answered_at": answered}
            uow.connection.execute(insert(tables.staff_calls).values(row))
    assert reads.calls_in(MONTH, None) == (3, 1)
    open_calls = reads.staff_calls(Filters(state="open")).rows
    assert [(row.call, row.hall) for row in open_calls] == [("call-0", "一楼大厅"), ("call-2", "一楼大厅")]
